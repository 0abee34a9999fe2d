"""Where a lead's chat stands, in memory only: what is asked, which case is shown, which messages are on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeAlias

from handlers.desk.buttons import Ask
from handlers.desk.openers import Openers
from storage.bounded import Bounded
from storage.people.session import LeadSession
from storage.steady import is_within
from storage.values import Address, CaseId, CaseView, Cursor

#: How many chats are remembered: as many as the web chat has, so that its tabs cannot fill this for long.
MOST: Final = 20_000
#: How long a chat that is asked something is not pushed out by others.
_ASKED: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class AskCode:
    """The next text is an invite's code."""


@dataclass(frozen=True)
class AskNewPassphrase:
    """The next text is the passphrase of somebody who joins with `code`."""

    code: str = field(repr=False)


@dataclass(frozen=True)
class AskFirstCode:
    """The next text is the first one-time code of somebody who joins; `uri` is the secret as a link."""

    uri: str = field(default="", repr=False)


@dataclass(frozen=True)
class AskName:
    """The next text is the name of somebody who unlocks."""


@dataclass(frozen=True)
class AskFactors:
    """The next text is the passphrase, the code, or both on two lines; `invite` binds an existing name anew."""

    name: str = field(repr=False)
    invite: str | None = field(default=None, repr=False)
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True)
class AskPin:
    """A PIN may be typed now; whatever is not one is taken as if it had not been asked for."""


@dataclass(frozen=True)
class AskText:
    """The next text goes with `verb` on the case as shown: a note, a reply, a label, a reason."""

    verb: str
    ask: Ask


Asking: TypeAlias = AskCode | AskNewPassphrase | AskFirstCode | AskName | AskFactors | AskPin | AskText


@dataclass(frozen=True, repr=False)
class Shown:
    """The case on the screen, as it was opened at `at`."""

    view: CaseView
    at: datetime

    @property
    def case(self) -> CaseId:
        """Its id."""
        return self.view.row.id

    @property
    def reference(self) -> str:
        """What leads call it."""
        return self.view.row.reference


@dataclass(frozen=True, repr=False)
class Loose:
    """What was typed, or the ready reply that was picked, while a case was shown; sent to nobody."""

    text: str = ""
    ready: str = ""

    @property
    def mark(self) -> str:
        """Eight hexadecimal digits that bind a button to exactly this."""
        return sha256(f"{self.ready}\n{self.text}".encode()).hexdigest()[:8]


@dataclass
class Place:
    """Where one chat stands.

    `tag` binds buttons to this session. `live` are the messages on the screen, `said` every desk message that is still
    in the chat. `beside` is the one that holds the queue beside the screen, which begins after `listed` and goes on
    after `listed_next`. `cursors` are where the pages of the queue begin that were turned so far. `walked` are the
    cases shown since she began at the brief, by reference, and whether unread words were left there; `turned` is how
    many pages of the words were shown, by reference, of cases whose last page was not. `news` are notices that
    something is new in a case. `session` is the one whose messages are in the chat; looking at it here does not count
    as using it. `guarded`: a desk was here, so that a text typed now may be a lead's, and is deleted. `used` is when
    something was last done here.
    """

    tag: str
    asking: Asking | None = None
    shown: Shown | None = None
    loose: Loose | None = None
    live: tuple[int, ...] = ()
    said: set[int] = field(default_factory=set)
    beside: int | None = None
    listed: Cursor | None = None
    listed_next: Cursor | None = None
    cursors: list[Cursor | None] = field(default_factory=lambda: [None])
    filtered: str = ""
    walked: dict[str, bool] = field(default_factory=dict)
    turned: dict[str, int] = field(default_factory=dict)
    news: set[int] = field(default_factory=set)
    language: str | None = None
    session: LeadSession | None = None
    guarded: bool = False
    used: datetime | None = None

    def begin(self, tag: str, session: LeadSession | None) -> None:
        """A new session, or none: nothing is asked, shown or typed, and buttons of the earlier one do nothing."""
        self.tag, self.session = tag, session
        self.asking = self.shown = self.loose = None
        self.cursors, self.walked, self.turned = [None], {}, {}
        self.filtered = ""
        self.listed = self.listed_next = None


class Places:
    """The places of all chats at the desk, bounded; and who opened which case when.

    Anybody makes a place by a command of the desk. None that is a lead's, was a desk, or is asked something just now is
    pushed out by that: whoever finds no room is told so.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._places: Bounded[Address, Place] = Bounded(MOST, held=self._is_held)
        self.openers = Openers()

    def of(self, address: Address, tag: str) -> Place:
        """The chat's place, new and with `tag` if there was none. Raises `Crowded` where there is no room for one."""
        place = self._places.get(address) or Place(tag)
        self._places.admit(address, place)
        place.used = self._now()
        return place

    def of_lead(self, address: Address, tag: str) -> Place:
        """The place of a chat that is known to be a lead's: there is always room for it."""
        place = self._places.get(address) or Place(tag)
        self._places.put(address, place)
        return place

    def ended(self) -> tuple[Address, ...]:
        """The chats that still show messages of a session that is over, or behind its curtain."""
        places = self._places.items()
        return tuple(address for address, place in places if place.session is not None and not place.session.is_open)

    def find(self, address: Address) -> Place | None:
        """The chat's place, or None if it has none."""
        return self._places.get(address)

    def _is_held(self, place: Place) -> bool:
        since = self._now() - place.used if place.used is not None and place.asking is not None else None
        asked = since is not None and is_within(since, _ASKED)
        return place.session is not None or place.guarded or asked
