"""`/receive`: what another school's Hark handed over: proved, taken in once for the readers here, and receipted.

Whoever takes it in sees nothing of it by that: who reads it here is decided as for any concern, and whom its words
name, or who was left out there by that name, does not.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import io
from typing import Final

import segno

from flows.values.screen import Press, Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.casework.actions.status import clocks_of
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskFile
from handlers.desk.chat.files import send_picture
from handlers.desk.chat.visit import STAYS, Visit, desk
from handlers.desk.partnership.transfer import arrived_case
from handlers.telegram import failures
from handlers.telegram.received_files import NotTaken
from storage.cases.transfer_file import MOST
from storage.desk.partnership.transfer.arriving import ArrivedFile
from storage.desk.partnership.transfer.waiting_files import MOST_FILES, WaitingFile
from storage.sealing.keys.transfer_key import read_aloud
from storage.values.errors import NoReaders, NoTransferFile, NoTransferKey

_NO_FILE: Final = desk("That is no file that another Hark sealed, or it is larger than 20 MB. It was not kept.")
_SHOWN: Final = 4  # files with a button on one screen
_QR_SCALE: Final = 6
_KILOBYTE: Final = 1024


async def receive(visit: Visit, _: Ask) -> None:
    """Show the key to which others seal, with its words, and what has come."""
    await visit.forget_typed()
    await _show(visit)


async def _show(visit: Visit, *first: Text) -> None:
    key = await visit.store.desk.arriving.key(visit.session())
    if key is None:
        none = desk("There is no transfer key yet. Whoever runs Hark makes one: hark transfer key")
        await visit.show(Screen((*first, none), (_out(visit),)))
        return
    waiting = visit.deps.waiting_files.all() if visit.deps.waiting_files else ()
    said = (
        *first,
        desk("Another school seals a whole file to this Hark's transfer key. Its eight words, to be read aloud:"),
        Text("{words}", "desk", {"words": key.words}),
        _how_many(waiting),
    )
    rows = tuple((_file(visit, one),) for one in waiting[:_SHOWN])
    copy = (visit.press(desk("Copy the key"), "receivekey"),)
    visit.place.asking = AskFile("receive", Ask())
    await visit.show(Screen(said, (*rows, copy, _out(visit)), file=True))


async def came(visit: Visit, _: Ask) -> None:
    """Put the file that a lead sends among those that wait, sealed as it is, and open it as any of them.

    Nothing of it is kept where it is none, or where as many wait as are looked at.
    """
    visit.session()
    files, file = visit.deps.waiting_files, visit.incoming.file
    if files is None or file is None:
        await _show(visit, _NO_FILE)
        return
    if len(files.all()) >= MOST_FILES:
        await _show(visit, desk("{count} files wait. Take some in, or throw them away, first.", count=MOST_FILES))
        return
    try:
        name = files.put(await visit.deps.received.fetch(visit.deps.bots[visit.address.door], file, MOST))
    except (NotTaken, NoTransferFile):
        await _show(visit, _NO_FILE)
        return
    except OSError as error:
        failures.log_error(error)
        await _show(visit, desk("It could not be kept. Tell whoever runs Hark."))
        return
    await look(visit, Ask(argument=name))


def _how_many(waiting: tuple[WaitingFile, ...]) -> Text:
    if not waiting:
        return desk("No file waits. Send the one that you were given here, or have it put here: hark transfer put FILE")
    return Text("{count} file waits.", "desk", {}, plural="{count} files wait.", count=len(waiting))


def _file(visit: Visit, one: WaitingFile) -> Press:
    size = max(1, one.size // _KILOBYTE)
    return visit.press(
        desk("{time} · {size} KB", time=Moment(one.came), size=size), "receivefile", Ask(argument=one.name)
    )


def _out(visit: Visit) -> Row:
    return (visit.press(desk("Brief"), "brief"),)


async def show_key(visit: Visit, _: Ask) -> None:
    """Give the key as text, to be sent to the other school."""
    key = await visit.store.desk.arriving.key(visit.session())
    if key is None:
        await _show(visit)
        return
    said = desk("Send this to the other school; it is no secret. Read them its eight words by phone.")
    await visit.send_copyable(Screen((said,), verbatim=key.text), STAYS)


async def look(visit: Visit, ask: Ask) -> None:
    """Open a file, and have its words compared aloud; one that was taken in gives its receipt again."""
    found = await _found(visit, ask)
    if found is None:
        return
    if found.here:
        await _give_receipt(visit, found, ask.argument, desk("It was taken in before. This is its receipt."))
        return
    copy = found.copy
    said = (
        desk("From {school}, where it is {reference}. It is whole.", school=copy.school, reference=copy.reference),
        desk("Ring them, by a number that you know from elsewhere. Does their screen show these eight words?"),
        desk("It then opens for those who read concerns here. You see it only if you are one of them."),
    )
    rows = (
        (visit.press(desk("Yes, take it in"), "receiveyes", ask),),
        (visit.press(desk("No: throw it away"), "receivedrop", ask),),
        (visit.press(desk("Back"), "receive"),),
    )
    await visit.show(Screen(said, rows, verbatim=read_aloud(found.digest)))


async def _found(visit: Visit, ask: Ask) -> ArrivedFile | None:
    """The file of that name, opened and proved; None, and why is said, where it is none for here."""
    files = visit.deps.waiting_files
    if files is None:
        await _show(visit)
        return None
    try:
        return await visit.store.desk.arriving.look(visit.session(), files.read(ask.argument))
    except NoTransferKey:
        await _show(visit, desk("The transfer key was made before you could read here. A new one is needed for you."))
    except NoTransferFile:
        said = (
            desk("This cannot be taken in: it was cut or changed, or is for another school. Nothing was done."),
            desk("Ask them to give the file again, and tell them your key's eight words."),
        )
        rows = ((visit.press(desk("Throw it away"), "receivedrop", ask),), (visit.press(desk("Back"), "receive"),))
        await visit.show(Screen(said, rows))
    return None


async def take_in(visit: Visit, ask: Ask) -> None:
    """Make it a case for the readers here, once, and give the receipt."""
    found = await _found(visit, ask)
    if found is None:
        return
    site = visit.session().lead.site
    try:
        deed = arrived_case.concern(found, site, await visit.store.leads.readers(site))
    except NoReaders:
        said = desk("Nobody can read it here: it names everybody who would, or there is nobody. Nothing was taken in.")
        await visit.show(Screen((said,), (_out(visit),)))
        return
    notes, clocks = arrived_case.notes(visit, found), clocks_of(visit, site, deed.urgency)
    await visit.store.desk.arriving.receive(visit.session(), visit.arrival, found, deed, notes, clocks)
    await _give_receipt(visit, found, ask.argument, desk("It is taken in, and those who read it are told."))


async def _give_receipt(visit: Visit, found: ArrivedFile, name: str, said: Text) -> None:
    """Show it as text and as a picture; the file itself is needed no more."""
    receipt = await visit.store.desk.arriving.receipt(visit.session(), found)
    await visit.show(Screen((said,), ((visit.press(desk("Back"), "receive"),),)))
    await _send_picture(visit, receipt)
    how = desk("Send this receipt to {school}: it ends the case there, with /received.", school=found.copy.school)
    await visit.send_copyable(Screen((how,), verbatim=receipt), STAYS)
    if visit.deps.waiting_files:
        visit.deps.waiting_files.remove(name)


async def _send_picture(visit: Visit, receipt: str) -> None:
    """Send it as a QR picture; without it the text still does."""
    made = io.BytesIO()
    segno.make(receipt, error="m").save(made, kind="png", scale=_QR_SCALE, border=4)
    caption = desk("The receipt as a picture, for a phone's camera.")
    await send_picture(visit, "receipt.png", made.getvalue(), caption)


async def throw_away(visit: Visit, ask: Ask) -> None:
    """Remove a file that waits; the other school still has it."""
    if visit.deps.waiting_files:
        visit.deps.waiting_files.remove(ask.argument)
    await _show(visit, desk("It is thrown away here. The other school still has it."))
