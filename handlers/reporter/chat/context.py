"""What an update of a reporter finds: chat state in memory, the flows of its draft or concern, the world around it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from flows.drafts.rulebook import Flows
from flows.drafts.trusted_adult import findable
from flows.loading.loader import load
from flows.values.bounds import Bounded, backoff
from flows.values.draft import Draft
from flows.values.ids import SiteId
from flows.values.situation import Situation
from handlers.telegram.languages import Translator
from handlers.telegram.updates import Button, IncomingUpdate
from storage.reporters.session import TalkSession
from storage.values import Address, Arrival, Kept, PendingId

_FIRST, _LONGEST = 60.0, 3600.0  # seconds until what was in vain is tried again


class ReceiptsInFlight:
    """Which receipts are being spoken, and when one that was spoken in vain may be tried again.

    In memory: a restart speaks everything that is left at once.
    """

    def __init__(self) -> None:
        self._in_flight: set[PendingId] = set()
        self._failed: dict[PendingId, tuple[datetime, int]] = {}

    def begin(self, one: PendingId) -> None:
        """It is being spoken now."""
        self._in_flight.add(one)

    def may(self, one: PendingId, now: datetime) -> bool:
        """Whether it may be spoken now: not while it is being spoken, nor too soon after it was in vain."""
        until, _ = self._failed.get(one, (now, 0))
        return one not in self._in_flight and now >= until

    def ended(self, one: PendingId, now: datetime, *, delivered: bool) -> None:
        """It was spoken, or in vain: then it waits twice as long each time, from a minute to an hour."""
        self._in_flight.discard(one)
        if delivered:
            self._failed.pop(one, None)
            return
        failures = self._failed.get(one, (now, 0))[1] + 1
        self._failed[one] = (now + timedelta(seconds=backoff(failures, _FIRST, _LONGEST)), failures)


#: How many chats are remembered; who was silent longest is forgotten first, but for who is asked for words just now.
_MOST: Final = 20_000
#: How many of a chat's messages are remembered for the case that one is edited.
_WORDS: Final = 50


@dataclass
class ChatState:
    """Where a chat stands.

    `loaded` is false before the first update of the process, `present` until it was greeted since then or since it left
    quickly. `live` is the message that waits for an answer. `words_in` are the messages that show the words: they stay
    as they are. `asked_words` is true while the next text is a receipt, `asked_file` while the next file is one that
    was asked for, `talked` once a concern was open here.
    `doubted`: the adult to find may be whom something is about that was said here; it outlives leaving quickly.
    `forgotten`: something was said here before a restart.
    `written` tells which words of the draft a message holds: (question, place). `unanswered` is what was added to the
    open concern and was not answered yet.
    """

    language: str | None = None
    site: SiteId | None = None
    loaded: bool = False
    present: bool = False
    live: int | None = None
    words_in: frozenset[int] = frozenset()
    asked_words: bool = False
    asked_file: bool = False
    talked: bool = False
    doubted: bool = False
    forgotten: bool = False
    written: dict[int, tuple[str, int]] = field(default_factory=dict)
    unanswered: list[PendingId] = field(default_factory=list)

    @property
    def out_of_sight(self) -> bool:
        """Whether there may be a concern of this chat of which nothing is known here."""
        return self.asked_words or self.forgotten or not self.loaded

    def doubt(self, situation: Situation, draft: Draft) -> None:
        """Remember whether the adult to find may be whom `draft` is about, for when it is not open any more.

        Once it is so it stays so, whatever is told later: the adult to find is not named here again before a restart.
        """
        self.doubted = self.doubted or findable(situation, draft).site.contact is None

    def note_written(self, message: int, step: str, place: int) -> None:
        """Remember which words of the draft `message` holds."""
        self.written[message] = (step, place)
        if len(self.written) > _WORDS:
            del self.written[next(iter(self.written))]


class ChatStates:
    """The moods of all chats, bounded."""

    def __init__(self) -> None:
        self._moods: Bounded[Address, ChatState] = Bounded(_MOST, held=lambda state: state.asked_words)

    def of(self, address: Address) -> ChatState:
        """The state of the chat, new if it was never met or was forgotten; it counts as used by this."""
        state = self._moods.get(address) or ChatState()
        self._moods.put(address, state)
        return state

    def reset(self, address: Address) -> None:
        """Forget where the chat stands, but not its language and site.

        Where the adult to find may have been whom something was about, or nobody can tell, that adult is not named
        afterwards.
        """
        old = self.of(address)
        self._moods.put(
            address, ChatState(old.language, old.site, loaded=True, doubted=old.doubted or old.out_of_sight)
        )


class DefinitionVersions:
    """Today's flows, and those of drafts that were begun before an upgrade."""

    def __init__(self, flows: Flows, texts: Mapping[str, str], overlays: Mapping[str, str]) -> None:
        """Take the flows and the texts that `assemble` made them of, by the same paths."""
        self.flows = flows
        paths = {name: f"{name}.toml" for name in flows.definitions}
        sets = texts.get("sets.toml")
        self._texts = {
            name: json.dumps([name, texts[path], overlays.get(path), sets if flows.definitions[name].sets else None])
            for name, path in paths.items()
        }
        self._old: dict[str, Flows] = {}
        # By text, of which there is a handful; every turn asks for both.
        self._names: dict[str, str] = {}
        self._hashes: dict[str, str] = {"": ""}

    def text(self, name: str) -> str:
        """What is kept beside a draft of the conversation `name`, so that it can be told to its end."""
        return self._texts[name]

    def bound(self, draft: Draft, text: str) -> Draft:
        """The draft as it is stored: its definition is the SHA-256 of the text beside it, not a name that stays."""
        if text not in self._hashes:
            self._hashes[text] = sha256(text.encode()).hexdigest()
        return replace(draft, definition=self._hashes[text])

    def opened(self, kept: Kept) -> tuple[Flows, Draft]:
        """The flows that a kept draft was begun with, and the draft as these flows know it.

        Raises `DefinitionError` where an old text can no longer be read.
        """
        if not kept.definition:
            return self.flows, kept.draft
        name = self._names.get(kept.definition)
        if name is None:
            name = self._names[kept.definition] = str(json.loads(kept.definition)[0])
        return self._flows(kept.definition, name), replace(kept.draft, definition=name)

    def _flows(self, text: str, name: str) -> Flows:
        if text == self._texts.get(name):
            return self.flows
        if text not in self._old:
            _, ours, overlay, sets = json.loads(text)
            definitions = {**self.flows.definitions, name: load(ours, name, overlay, base=sets, begun=True)}
            self._old[text] = replace(self.flows, definitions=definitions)
        return self._old[text]


@dataclass(frozen=True)
class ChatScene:
    """Read once, before anything is decided.

    `kept` is what is stored of a draft that is not sent, `talk` the concern that is open here. `draft` is the one
    whose question is on the screen, unsent or with the questions after sending, as `flows` know it; one without a
    register only holds a site and a language.
    """

    incoming: IncomingUpdate
    state: ChatState
    kept: Kept | None
    talk: TalkSession | None
    flows: Flows
    draft: Draft | None
    situation: Situation
    translator: Translator

    @property
    def arrival(self) -> Arrival:
        """What storage knows the update by."""
        return self.incoming.arrival

    @property
    def address(self) -> Address:
        """The chat."""
        return self.incoming.address

    @property
    def begun(self) -> bool:
        """Whether something is open here that a new start would lose."""
        return self.talk is not None or (self.draft is not None and self.draft.register is not None)

    @property
    def live(self) -> int | None:
        """The message that may be replaced: the one whose button was pressed, if it waits for an answer."""
        what = self.incoming.what
        if not isinstance(what, Button) or what.kept or not what.reachable:
            return None
        under = self.incoming.under
        if under in self.state.words_in:  # an old copy of the pressed message may not show yet what it became
            return None
        return under if self.state.live in {None, under} else None
