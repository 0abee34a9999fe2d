"""`/passkey`: a lead's own passkeys, with a way to add one on the sign-in page, and to remove one.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.page_links import ToAddPasskey
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.sign_in import page_offer
from storage.leads.sign_in.passkeys.passkey_rows import Passkey

#: Hexadecimal digits of a passkey's id in its button: two of one lead's share them with a chance of 1 in 2^60.
_DIGITS: Final = 16
ADDED: Final = Screen((desk("Your passkey is added. It opens your desk without passphrase and code."),))
NOT_ADDED: Final = desk("That passkey could not be added. This browser or device may not have what it takes (PRF).")
_WHAT: Final = desk(
    "A passkey is kept by your phone, computer or security key. It opens your desk with a finger, your face or a PIN, "
    "in the place of passphrase and code."
)


async def passkey(visit: Visit, _: Ask) -> None:
    """Show the lead's passkeys; one may be added for ten minutes after a full unlock."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    await visit.show(await _screen(visit))


async def remove(visit: Visit, ask: Ask) -> None:
    """Remove the passkey of the button; it opens nothing from then on."""
    await visit.store.leads.passkeys.remove(visit.session(), visit.arrival, ask.argument)
    await visit.show(await _screen(visit, desk("That passkey is removed. Delete it on your device too.")))


async def _screen(visit: Visit, *first: Text) -> Screen:
    session, passkeys = visit.session(), visit.store.leads.passkeys
    own = await passkeys.of(session)
    back: Row = (visit.press(desk("Back to the brief"), "brief"),)
    rows = tuple(_removing(visit, one) for one in own)
    if visit.deps.relying_party is None:
        said = desk("Passkeys need the web page's own address with HTTPS. Whoever runs Hark can set it up.")
        return Screen((*first, said), (*rows, back))
    listed = Text("You have {count} passkey.", "desk", plural="You have {count} passkeys.", count=len(own))
    if not passkeys.may_add(session):
        fresh = desk("To add one, unlock with passphrase and code first: /lock, then /unlock.")
        return Screen((*first, _WHAT, listed, fresh), (*rows, back))
    return Screen((*first, _WHAT, listed), (*page_offer.passkey_rows(visit, ToAddPasskey(session)), *rows, back))


def _removing(visit: Visit, one: Passkey) -> Row:
    day = datetime.fromisoformat(one.day).replace(tzinfo=UTC)
    label = desk("Remove the one of {day}", day=Moment(day, "day"))
    return (visit.press(label, "unkey", Ask(argument=one.credential.hex()[:_DIGITS])),)
