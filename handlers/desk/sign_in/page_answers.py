"""What the sign-in page is answered, and what is held until the chat that asked says the page's number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.chat.chat_state import AskNumber
from handlers.desk.chat.page_links import Held, PageLink, ToAddPasskey, ToUnlock
from handlers.desk.chat.visit import Visit, asking, desk
from storage.leads.sign_in.passkeys.passkey_rows import Passkey
from storage.leads.sign_in.session import LeadSession

#: What the page shows next: its fields to `unlock`, to `join` or for the first `code`; the way to `add` a passkey, or
#: that it is `added`; the `number`; that the desk is `open`; that the link is `gone`; or, with a sentence, the same
#: `again`. `passkey` is what a browser is to be asked.
Next: TypeAlias = Literal["unlock", "join", "code", "add", "added", "number", "open", "gone", "again", "passkey"]
#: Opens the desk of a session in the chat that asked, and says so on the page.
Open: TypeAlias = Callable[[PageLink, Visit, LeadSession], Awaitable["Answer"]]

_NUMBER: Final = desk("Please type the number that the sign-in page shows.")


@dataclass(frozen=True)
class Answer:
    """What the page shows `next`, and what it says of it.

    `asks_name`: the link has none; `passkeys`: one may be used. `uri`, `secret` and `picture` (PNG in base64) are the
    second factor to set up. The others are for the browser: `challenge`, `prf_input` and `user` in base64url, the RP id
    (`party`) and the name under which a device lists a new passkey.
    """

    next: Next
    said: str = ""
    asks_name: bool = False
    passkeys: bool = False
    number: str = field(default="", repr=False)
    uri: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    picture: str = field(default="", repr=False)
    challenge: str = field(default="", repr=False)
    prf_input: str = ""
    party: str = ""
    user: str = field(default="", repr=False)
    user_name: str = field(default="", repr=False)


GONE: Final = Answer("gone")


def first(link: PageLink, *, passkeys: bool) -> Answer:
    """What the page shows of a link when it is opened; nothing while a number is awaited, which one page knows."""
    if link.stage == "number":
        return GONE
    match link.wanted:
        case ToUnlock(name=name, invite=invite):
            return Answer("unlock", asks_name=not name, passkeys=passkeys and invite is None)
        case ToAddPasskey():
            return Answer("add")
    return Answer("join")


def again(visit: Visit, *said: Text) -> Answer:
    """The same fields once more, with what was wrong."""
    return Answer("again", " ".join(map(visit.translator.say, said)))


async def hold(link: PageLink, visit: Visit, held: Held, open_desk: Open | None) -> Answer:
    """Open the desk of who was proved, where Telegram says who is there; else hold it until the chat says the number.

    A passkey is always held. What is held for a link that was withdrawn meanwhile is given up.

    Raises:
        NotUnlocked: The lead was changed or shut out meanwhile, or the code was used.
        Tampered, Unavailable: As `Leads.open_proved`.
    """
    if link.stage == "done":
        link.held = held
        link.give_up()
        return GONE
    if link.in_app and open_desk is not None and not isinstance(held, Passkey):
        return await open_desk(link, visit, await visit.store.leads.open_proved(visit.arrival, held))
    visit.places.links.await_number(link, held, visit.deps.random)
    visit.place.asking = AskNumber()
    await visit.show(asks_number())
    return Answer("number", number=link.number)


def asks_number(*before: Text) -> Screen:
    """Asks in the chat for the number on the page."""
    return asking("one-time-code", *before, _NUMBER, desk("Number on the page"))
