"""What the page asks of the desk about passkeys: to sign in with one, and to add one (decision 29)."""

from __future__ import annotations

import base64
import binascii

from handlers.desk.chat.page_links import PageLink, ToAddPasskey, ToUnlock
from handlers.desk.chat.visit import Visit
from handlers.desk.sign_in.page_answers import GONE, Answer, Open, again, hold
from handlers.desk.sign_in.passkeys import ADDED, NOT_ADDED
from storage.leads.sign_in.passkeys.passkeys import PasskeyAnswer
from storage.sealing.passkeys.ceremonies import CHALLENGE_BYTES
from storage.sealing.passkeys.wraps import PRF_INPUT
from storage.values.errors import Conflict, NotOffered, NotUnlocked, SessionOver


async def ask(link: PageLink, visit: Visit) -> Answer:
    """Draw a challenge, which serves for one answer, and say for whom a passkey is asked."""
    party = visit.deps.relying_party
    if party is None:
        return GONE
    link.challenge = visit.deps.random(CHALLENGE_BYTES)
    lead = link.wanted.session.lead if isinstance(link.wanted, ToAddPasskey) else None
    return Answer(
        "passkey",
        challenge=_text(link.challenge),
        prf_input=_text(PRF_INPUT),
        party=party.id,
        user=_text(lead.id.encode()) if lead else "",
        user_name=lead.name if lead else "",
    )


async def sign_in(open_desk: Open, answered: str, prf: str, link: PageLink, visit: Visit) -> Answer:
    """Judge a passkey in the place of both factors; what is right opens the desk as these do.

    Raises:
        NotUnlocked: It does not serve, whatever the reason; or an invite is to be taken up, which takes both factors.
        Throttled: Too many wrong tries from the chat that asked.
        Tampered, Unavailable, AlreadySeen: As `Passkeys.judge`.
    """
    answer = _answer(answered, prf, link, visit)
    if answer is None or not isinstance(link.wanted, ToUnlock) or link.wanted.invite is not None:
        raise NotUnlocked
    proved = await visit.store.leads.passkeys.judge(visit.arrival, answer)
    return await hold(link, visit, proved, open_desk)


async def add(answered: str, prf: str, link: PageLink, visit: Visit) -> Answer:
    """Check a new passkey; it is kept at once in a Mini App, elsewhere once the chat has said the page's number.

    Raises:
        NotOffered, SessionOver: Its session is not open any more, or the full unlock was too long ago.
        Tampered, Unavailable, AlreadySeen, Conflict: As `Passkeys.add`.
    """
    answer, passkeys = _answer(answered, prf, link, visit), visit.store.leads.passkeys
    if answer is None or not isinstance(link.wanted, ToAddPasskey):
        return again(visit, NOT_ADDED)
    session = link.wanted.session
    try:
        new = await passkeys.check(session, answer)
        if not link.in_app:
            return await hold(link, visit, new, None)
        await passkeys.add(session, visit.arrival, new)
    except NotUnlocked:
        return again(visit, NOT_ADDED)
    except (NotOffered, SessionOver, Conflict):
        visit.places.links.withdraw(visit.address)
        return GONE
    visit.places.links.settle(link)
    await visit.add(ADDED)
    return Answer("added")


def _answer(answered: str, prf: str, link: PageLink, visit: Visit) -> PasskeyAnswer | None:
    """Take the challenge, whatever the answer is: it serves no second time."""
    challenge, party = link.take_challenge(), visit.deps.relying_party
    try:
        given = bytearray(base64.b64decode(prf, validate=True))
    except (binascii.Error, ValueError):
        return None
    return PasskeyAnswer(answered, given, challenge, party) if challenge and party is not None else None


def _text(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).decode().rstrip("=")
