"""Where a lead's chat stands, in memory only: what is asked, which case is shown, and who opened which case when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeAlias

from flows.cases.decisions import Decision
from flows.cases.redaction import Redaction
from flows.values.bounds import Bounded
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.openers import Openers
from handlers.desk.chat.page_links import PageLinks
from handlers.desk.chat.unsent import UnsavedEntry, UnsavedGoal, UnsentAgreement, UnsentShare
from storage.database.clock_guard import is_within
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.transfer_key import TransferKey
from storage.values import Address, CaseId, CaseView, Cursor
from storage.values.errors import Crowded

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
class AskOwnPassphrase:
    """The next text is the passphrase of a lead who lost the phone and sets up another authenticator with `code`."""

    code: str = field(repr=False)


@dataclass(frozen=True)
class AskFirstCode:
    """The next text is the first one-time code of somebody who joins; `uri` is the secret as a link.

    `resets`: it is of a lead who has joined before.
    """

    uri: str = field(default="", repr=False)
    resets: bool = False


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
class AskNumber:
    """The next text is the number that the page shows on which both factors were typed."""


@dataclass(frozen=True)
class AskPin:
    """A PIN may be typed now; whatever is not one is taken as if it had not been asked for."""


@dataclass(frozen=True)
class AskText:
    """The next text goes with `verb` on the case as shown: a note, a reply, a label, a reason."""

    verb: str
    ask: Ask


@dataclass(frozen=True)
class AskSaid:
    """The next text is what somebody says, who sits in front of the lead: an answer to the question on the screen."""


@dataclass(frozen=True)
class AskFile:
    """The next thing sent is a file, for `verb` on the case as shown; the lead said that nobody is bare in it."""

    verb: str
    ask: Ask


@dataclass(frozen=True)
class AskFreshCode:
    """The next text is a code, and then `verb` is done as it was prepared: to the case as shown, with the words typed.

    It lapses at `until` (aware), and with whatever else is done in the chat.
    """

    verb: str
    ask: Ask
    until: datetime
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class AskProof:
    """The next text is the lead's passphrase, her code, or both on two lines; then she may change `what`, once."""

    what: str
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True)
class AskChanged:
    """The next text is the new passphrase, or the first code of the new authenticator; `uri` is that one as a link."""

    what: str
    uri: str = field(default="", repr=False)


_Joining: TypeAlias = AskCode | AskNewPassphrase | AskOwnPassphrase | AskFirstCode
_SigningIn: TypeAlias = _Joining | AskName | AskFactors | AskNumber | AskPin
Asking: TypeAlias = _SigningIn | AskText | AskSaid | AskFile | AskFreshCode | AskProof | AskChanged


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
class DeskState:
    """Where one chat stands.

    `tag` binds buttons to this session. `live` are the messages on the screen, `said` every desk message that is still
    in the chat. `beside` is the one that holds the queue beside the screen, which begins after `listed` and goes on
    after `listed_next`; `progress` the one that tells how far something long is. `cursors` are where the pages of the
    queue begin that were turned so far. `walked` are the
    cases shown since she began at the brief, by reference, and whether unread words were left there; `turned` is how
    many pages of the words were shown, by reference, of cases whose last page was not. `news` are notices that
    something is new in a case. `session` is the one whose messages are in the chat; looking at it here does not count
    as using it. `guarded`: a desk was here, so that a text typed now may be a lead's, and is deleted. `used` is when
    something was last done here. `handing` are the cases that are being handed out, each as it was opened, and what is
    blacked out of it; `decisions` is what was written of decisions that are not signed, by case; `sharing` is what is
    being put together to share, `agreeing` what is being agreed on with a partner, and `goal` what is as a new goal.
    `thanked` are the thanks that the brief shows; `board` is what is drafted for the board; `transfer` the case that is
    to be handed over, and the key that was compared for it; `steps` what is answered of the term; `files` are the
    messages that show files of cases: of which case, and which entry.
    """

    tag: str
    asking: Asking | None = None
    shown: Shown | None = None
    loose: Loose | None = None
    live: tuple[int, ...] = ()
    said: set[int] = field(default_factory=set)
    beside: int | None = None
    progress: int | None = None
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
    handing: Mapping[CaseId, tuple[Shown, Redaction]] = field(default_factory=dict)
    decisions: dict[CaseId, Decision] = field(default_factory=dict)
    sharing: UnsentShare | None = None
    agreeing: UnsentAgreement | None = None
    goal: UnsavedGoal | None = None
    thanked: tuple[str, ...] = ()
    board: UnsavedEntry | None = None
    transfer: tuple[CaseId, TransferKey] | None = None
    steps: tuple[int, ...] = ()
    files: dict[int, tuple[CaseId, int]] = field(default_factory=dict)

    def begin(self, tag: str, session: LeadSession | None) -> None:
        """A new session, or none: nothing is asked, shown or typed, and buttons of the earlier one do nothing.

        Messages of the earlier one stay in `live` and `said`, so that they can be deleted.
        """
        self.tag, self.session = tag, session
        self.asking = self.shown = self.loose = None
        self.sharing = self.agreeing = self.goal = self.board = self.transfer = None
        self.cursors, self.walked, self.turned = [None], {}, {}
        self.filtered, self.handing, self.decisions, self.files = "", {}, {}, {}
        self.listed = self.listed_next = None


class DeskStates:
    """The places of all chats at the desk, bounded; who opened which case when; and the links to sign in by.

    Anybody makes a place by a command of the desk. None that is a lead's, was a desk, or is asked something just now is
    pushed out by that: whoever finds no room is told so. `by_address` is for looking: `of` and `of_lead` add to it.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.by_address: Bounded[Address, DeskState] = Bounded(MOST, held=self._is_held)
        self.openers = Openers()
        self.links = PageLinks(now)

    def of(self, address: Address, tag: str) -> DeskState:
        """The chat's place, new and with `tag` if there was none; it counts as used now.

        Raises:
            Crowded: 20,000 chats are remembered, and none that is looked at may be forgotten; nothing changed.
        """
        place = self.by_address.get(address) or DeskState(tag)
        if not self.by_address.admit(address, place):
            raise Crowded
        place.used = self._now()
        return place

    def of_lead(self, address: Address, tag: str) -> DeskState:
        """The place of a chat that is known to be a lead's: there is always room for it."""
        place = self.by_address.get(address) or DeskState(tag)
        self.by_address.put(address, place)
        return place

    def ended(self) -> tuple[Address, ...]:
        """The chats that still show messages of a session that is over, or behind its curtain."""
        places = self.by_address.items()
        return tuple(address for address, place in places if place.session is not None and not place.session.is_open)

    def _is_held(self, place: DeskState) -> bool:
        since = self._now() - place.used if place.used is not None and place.asking is not None else None
        asked = since is not None and is_within(since, _ASKED)
        return place.session is not None or place.guarded or asked
