"""What is known of a chat for as long as the process runs: where it stands, and nothing that it said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from flows.draft import Draft
from flows.ids import SiteId
from flows.known import Known
from flows.to_find import findable
from storage.bounded import Bounded
from storage.values import Address, UnspokenId

#: How many chats are remembered; who was silent longest is forgotten first, but for who is asked for words just now.
_MOST: Final = 20_000
#: How many of a chat's messages are remembered for the case that one is edited.
_WORDS: Final = 50


@dataclass
class Mood:
    """Where a chat stands.

    `met` is false before the first update of the process, `present` until it was greeted since then or since it left
    quickly. `live` is the message that waits for an answer. `words_in` are the messages that show the words: they stay
    as they are. `asked_words` is true while the next text is a receipt, `talked` once a concern was open here.
    `doubted`: the adult to find may be whom something is about that was said here; it outlives leaving quickly.
    `forgotten`: something was said here before a restart.
    `written` tells which words of the draft a message holds: (question, place). `unanswered` is what was added to the
    open concern and was not answered yet.
    """

    language: str | None = None
    site: SiteId | None = None
    met: bool = False
    present: bool = False
    live: int | None = None
    words_in: frozenset[int] = frozenset()
    asked_words: bool = False
    talked: bool = False
    doubted: bool = False
    forgotten: bool = False
    written: dict[int, tuple[str, int]] = field(default_factory=dict)
    unanswered: list[UnspokenId] = field(default_factory=list)

    @property
    def out_of_sight(self) -> bool:
        """Whether there may be a concern of this chat of which nothing is known here."""
        return self.asked_words or self.forgotten or not self.met

    def doubt(self, known: Known, draft: Draft) -> None:
        """Remember whether the adult to find may be whom `draft` is about, for when it is not open any more."""
        self.doubted = self.doubted or findable(known, draft).site.contact is None

    def note_written(self, message: int, step: str, place: int) -> None:
        """Remember which words of the draft `message` holds."""
        self.written[message] = (step, place)
        if len(self.written) > _WORDS:
            del self.written[next(iter(self.written))]


class Moods:
    """The moods of all chats, bounded."""

    def __init__(self) -> None:
        self._moods: Bounded[Address, Mood] = Bounded(_MOST, held=lambda mood: mood.asked_words)

    def of(self, address: Address) -> Mood:
        """The mood of the chat, new if it was never met or was forgotten."""
        mood = self._moods.get(address) or Mood()
        self._moods.put(address, mood)
        return mood

    def reset(self, address: Address) -> None:
        """Forget where the chat stands, but not its language and site."""
        old = self.of(address)
        self._moods.put(address, Mood(old.language, old.site, met=True, doubted=old.doubted or old.out_of_sight))
