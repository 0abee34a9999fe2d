"""One-time links to the page on which passphrase and code are typed outside of any chat, in memory only (decision 29).

Unknown, old, used and foreign links are the same answer, and are counted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from flows.values.bounds import Bounded
from storage.database.clock_guard import is_within
from storage.leads.sign_in.passkeys.passkey_rows import Passkey
from storage.leads.sign_in.proved import Proved
from storage.leads.sign_in.session import LeadSession
from storage.values import Address

#: How long a link is good, and how long what was proved with it waits for the number that the page shows.
LASTS: Final = timedelta(minutes=10)
NUMBER_LASTS: Final = timedelta(minutes=3)
#: Links that are remembered: one for each chat that the web page has room for.
_MOST: Final = 20_000
_TOKEN: Final = 24  # random bytes
_TRIES: Final = 3  # numbers that are typed wrong before what was proved is given up
_NUMBER: Final = 6  # digits


@dataclass(frozen=True)
class ToUnlock:
    """Both factors are asked for; and a name, where none is given. `invite` binds an existing name anew."""

    name: str = field(default="", repr=False)
    invite: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ToJoin:
    """A new passphrase is asked for, and a first code, of whoever joins with the invite `code`."""

    code: str = field(repr=False)


@dataclass(frozen=True, repr=False)
class ToAddPasskey:
    """A passkey is to be added for the lead of this session, which is open in the chat that asked."""

    session: LeadSession


#: What a link is good for.
Wanted: TypeAlias = ToUnlock | ToJoin | ToAddPasskey
#: What waits for the number that the page shows: a lead who was proved, or a passkey that was checked.
Held: TypeAlias = Proved | Passkey
#: `fresh`: nothing was proved; `busy`: it is judged just now; `number`: the chat has to say the number; `done`: used.
Stage: TypeAlias = Literal["fresh", "busy", "number", "done"]


@dataclass(frozen=True, repr=False)
class Launch:
    """What Telegram says of whoever opened the page as its Mini App, checked: whose account, and a mark of it."""

    user: int
    mark: str


@dataclass(repr=False)
class PageLink:
    """A link of the chat `address`; `in_app`: only Telegram's Mini App in the hands of that chat's person opens it.

    `held` waits for the number. `opened`: it has served, which is all that its page is told from then on.
    """

    address: Address
    wanted: Wanted
    at: datetime
    in_app: bool
    stage: Stage = "fresh"
    held: Held | None = None
    challenge: bytes = b""
    number: str = ""
    tries: int = _TRIES
    opened: bool = False
    held_at: datetime | None = None

    def is_over(self, used: bool) -> bool:  # noqa: FBT001 - of one caller
        """Whether it serves nothing any more; `used`: to be told that it opened a desk is something."""
        return self.stage == "done" and not (used and self.opened)

    def give_up(self) -> None:
        """End it: what was proved with it opens nothing, and its seed is wiped."""
        if isinstance(self.held, Proved):
            self.held.wipe()
        self.held, self.stage = None, "done"

    def take_challenge(self) -> bytes:
        """Give the challenge that was drawn last, once; without one, what no answer holds."""
        drawn, self.challenge = self.challenge, b""
        return drawn


class PageLinks:
    """The links of all chats: the newest of each. None that is good is pushed out by what strangers ask for."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` gives aware times."""
        self._now = now
        self._links: Bounded[bytes, PageLink] = Bounded(_MOST, held=self._is_good)
        self._of_chat: Bounded[Address, bytes] = Bounded(_MOST)
        self._launches: Bounded[str, bytes] = Bounded(_MOST)
        self._awaiting: dict[Address, PageLink] = {}
        #: How often a page was asked for by what is no good link.
        self.refused = 0

    def issue(
        self, address: Address, wanted: Wanted, random: Callable[[int], bytes], *, in_app: bool = False
    ) -> str | None:
        """Give the token of a new link, 192 random bits in base64url; earlier ones of the chat are good no more.

        Returns:
            None where 20,000 are good already: then the chat alone is offered.
        """
        self.withdraw(address)
        token = base64.urlsafe_b64encode(random(_TOKEN)).decode()
        if not self._links.admit(_digest(token), PageLink(address, wanted, self._now(), in_app)):
            return None
        self._of_chat.put(address, _digest(token))
        return token

    def find(self, token: str, launch: Launch | None, *, used: bool = False) -> PageLink | None:
        """Give the link of a token, as it came; None, and it is counted, for whatever is not good here.

        A Mini App's data serves for the link that it came with first, and for no other. A link that was used is given
        only where it is asked for as one.
        """
        digest = _digest(token)
        link = self._links.get(digest)
        if link is None or not self._is_good(link) or not self._may_open(link, digest, launch) or link.is_over(used):
            self.refused += 1
            return None
        if launch is not None:
            self._launches.put(launch.mark, digest)
        return link

    def withdraw(self, address: Address) -> None:
        """Make the link of a chat good no more, if there is one; one that was used stays, so that its page is told."""
        digest = self._of_chat.pop(address)
        link = self._links.pop(digest) if digest is not None else None
        if link is not None:
            link.give_up()

    def await_number(self, link: PageLink, held: Held, random: Callable[[int], bytes]) -> None:
        """Hold what was proved or checked until the chat that asked says the number that the page shows."""
        link.number = f"{int.from_bytes(random(8)) % 10**_NUMBER:0{_NUMBER}}"
        link.held, link.held_at, link.tries, link.stage = held, self._now(), _TRIES, "number"
        self._awaiting[link.address] = link

    def take(self, address: Address, number: str) -> Held | None:
        """Give what was held to the chat that says the right number, once; the third wrong one gives it up."""
        link = self.awaiting(address)
        if link is None or link.held is None:
            return None
        if hmac.compare_digest(link.number.encode(), number.encode()):
            held, link.held = link.held, None
            return held
        link.tries -= 1
        if not link.tries:
            link.give_up()
        return None

    def awaiting(self, address: Address) -> PageLink | None:
        """Give the link of a chat whose number is awaited, if there is one."""
        link = self._awaiting.get(address)
        return link if link is not None and link.stage == "number" and self._is_good(link) else None

    def settle(self, link: PageLink) -> None:
        """Note that a link has served: it does no more, and its page is told so until its time is over."""
        link.give_up()
        link.opened = True
        self._of_chat.pop(link.address)

    def drop_old(self) -> None:
        """Wipe what was proved and waited too long; for the watch loop."""
        for address, link in list(self._awaiting.items()):
            if link.stage != "number" or not self._is_good(link):
                del self._awaiting[address]
                link.give_up()

    def _is_good(self, link: PageLink) -> bool:
        now = self._now()
        waits = link.held_at is None or link.stage == "done" or is_within(now - link.held_at, NUMBER_LASTS)
        return waits and is_within(now - link.at, LASTS)

    def _may_open(self, link: PageLink, digest: bytes, launch: Launch | None) -> bool:
        if not link.in_app:
            return launch is None
        return (
            launch is not None
            and launch.user == link.address.chat_id
            and self._launches.get(launch.mark) in {None, digest}
        )


def _digest(token: str) -> bytes:
    """What stands for a token in memory: so no search for one takes longer the more of it is right."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
