"""What one update of a reporter finds: the chat's draft or open concern, the world around it, and its language."""

from __future__ import annotations

from dataclasses import dataclass

from flows.bundle import Flows
from flows.draft import Draft
from flows.known import Known
from handlers.chat import Arrived, Button
from handlers.languages import Tongue
from handlers.reporter.mood import Mood
from storage.talking.session import TalkSession
from storage.values import Address, Arrival, Kept


@dataclass(frozen=True)
class Scene:
    """Read once, before anything is decided.

    `kept` is what is stored of a draft that is not sent, `talk` the concern that is open here. `draft` is the one
    whose question is on the screen, unsent or with the questions after sending, as `flows` know it; one without a
    register only holds a site and a language.
    """

    arrived: Arrived
    mood: Mood
    kept: Kept | None
    talk: TalkSession | None
    flows: Flows
    draft: Draft | None
    known: Known
    tongue: Tongue

    @property
    def arrival(self) -> Arrival:
        """What storage knows the update by."""
        return self.arrived.arrival

    @property
    def address(self) -> Address:
        """The chat."""
        return self.arrived.address

    @property
    def begun(self) -> bool:
        """Whether something is open here that a new start would lose."""
        return self.talk is not None or (self.draft is not None and self.draft.register is not None)

    @property
    def live(self) -> int | None:
        """The message that may be replaced: the one whose button was pressed, if it waits for an answer."""
        what = self.arrived.what
        if not isinstance(what, Button) or what.kept or not what.reachable:
            return None
        under = self.arrived.under
        if under in self.mood.words_in:  # an old copy of the pressed message may not show yet what it became
            return None
        return under if self.mood.live in {None, under} else None
