"""`/pager`: notices by e-mail too, to an address that the lead has proved to be hers; a closed page gets no push.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from flows.values.email_address import is_mail_address
from flows.values.normalise import digits
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.duty import notices

#: Digits of the code in the letter.
_CODE: Final = 6


async def pager(visit: Visit, ask: Ask) -> None:
    """Show how it stands; take an address, then the code that was sent there; or `off`.

    Whatever is typed behind the command is deleted at once. Without a mail server it only says so, but for `off`.
    """
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    given = ask.argument.strip()
    if given.lower() == "off":
        await end(visit, ask)
    elif visit.deps.post is None:
        await _show(visit)
    elif len(code := digits(given)) == _CODE:
        await _confirm(visit, code)
    elif is_mail_address(given):
        await _ask(visit, given)
    elif given:
        await _show(visit, desk("That is not an e-mail address that Hark can use. Nothing was changed."))
    else:
        await _show(visit)


async def end(visit: Visit, _: Ask) -> None:
    """Destroy the address."""
    await visit.store.pagers.end(visit.session(), visit.arrival)
    await _show(visit, desk("The address is deleted. Notices come to your chat only."))


async def _ask(visit: Visit, address: str) -> None:
    code = await visit.store.pagers.ask(visit.session(), visit.arrival, address)
    say = visit.translator.say
    text = say(desk("Your code is {code}. Type /pager {code} at your desk.", code=code))
    post = visit.deps.post
    sent = post is not None and await post(address, say(notices.SUBJECT), text)
    if sent:
        await _show(visit, desk("A code was sent there. Type /pager and the six digits. They are good for 30 minutes."))
    else:
        await _show(visit, desk("The mail server did not take the letter. Tell whoever runs this Hark."))


async def _confirm(visit: Visit, code: str) -> None:
    if await visit.store.pagers.confirm(visit.session(), visit.arrival, code):
        await _show(visit, desk("Done. Notices come to that address too. They never say what a case is about."))
    else:
        await _show(visit, desk("That is not the code, or it is too old. Type /pager and your address for a new one."))


async def _show(visit: Visit, *first: Text) -> None:
    address = await visit.store.pagers.address(visit.session().lead.id)
    rows: list[Row] = [(visit.press(desk("Back to the brief"), "brief"),)]
    if visit.deps.post is None:
        said = desk("No e-mail can be sent: whoever runs Hark has not set up a mail server. It is not for you to do.")
    elif address is None:
        said = desk("Notices by e-mail are off. To switch them on, type /pager and your address.")
    else:
        said = desk("Notices go to {address} too.", address=address)
    if address is not None:
        rows.insert(0, (visit.press(desk("Switch e-mail off"), "unpage"),))
    await visit.show(Screen((*first, said), tuple(rows)))
