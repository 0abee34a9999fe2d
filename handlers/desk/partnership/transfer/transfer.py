"""`/transfer`: a whole case for another Hark, sealed to its transfer key, once two leads say the same.

The other side's key is pasted, and its eight words are compared aloud before anything is said. See decision 40.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from flows.cases.triage import is_open
from flows.duty.working_days import reminders, today, working_day_after
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.files import FILE_STAYS, send_file
from handlers.desk.chat.visit import Visit, about, desk
from storage.deeds.leaving.transfer import LONGEST, Transfer, transferring
from storage.desk.partnership.transfer.leaving import Container
from storage.sealing.keys.transfer_key import TransferKey, read_aloud, read_transfer_key

#: Working days within which the receipt has to have come.
RECEIPT_WITHIN: Final = 5


async def transfer(visit: Visit, ask: Ask) -> None:
    """Show where a transfer of the case stands; a colleague's word, to be completed; else ask for the other's key."""
    shown = await prompts.case_for(visit, "transfer", ask)
    if shown is None:
        return
    visit.place.transfer = None
    shown = await case_card.look(visit, shown.reference)
    if not is_open(shown.view.row.status):
        await visit.show(Screen((desk("It is closed. Open it again first."),), (prompts.back(visit, shown),)))
        return
    if await prompts.words_first(visit, shown):
        return
    container = await _container(visit, shown)
    if container.told is not None and container.told.number and container.told.received is None:
        await _underway(visit, shown, container)
    elif _is_second(visit, shown, container):
        await _show_second(visit, shown, container)
    else:
        await _ask_key(visit, shown)


async def _container(visit: Visit, shown: Shown) -> Container:
    return await visit.store.desk.leaving.container(visit.session(), shown.case, _school(visit, shown))


def _school(visit: Visit, shown: Shown) -> str:
    site = visit.deps.sites.get(shown.view.row.site)
    return site.name if site else shown.view.row.site


def _is_second(visit: Visit, shown: Shown, container: Container) -> bool:
    """Whether a colleague's word for this very file stands, and this lead can complete it."""
    word = shown.view.row.glance.proposed.get(transferring(container.digest))
    return word is not None and word.by != visit.session().lead.id


async def _ask_key(visit: Visit, shown: Shown, *first: Text) -> None:
    said = (
        desk("{reference}, whole, to another school that has Hark. Paste its transfer key.", reference=shown.reference),
        desk("Its leads see that key with /receive. It is some 2,000 letters long and begins with age1pq1."),
    )
    await prompts.for_text(visit, "transfer", shown, *first, *said)


async def key_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the key, and have its words compared aloud."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    try:
        key = read_transfer_key(text)
    except ValueError:
        await _ask_key(visit, shown, desk("That is no whole transfer key. Copy all of it, and paste it once more."))
        return
    visit.place.transfer, visit.place.loose = (shown.case, key), None
    said = (
        desk("Ring the other school, by a number that you know from elsewhere. Let them read out the eight words."),
        desk("Are they these?"),
    )
    rows = (
        (visit.press(desk("Yes, these eight words"), "transferto", about(shown)),),
        (visit.press(desk("No: another key"), "transfer", about(shown)),),
        prompts.back(visit, shown),
    )
    await visit.show(Screen(said, rows, verbatim=key.words))


async def ask_to_whom(visit: Visit, ask: Ask) -> None:
    """Ask to whom it goes, and why."""
    found = await _begun(visit, ask)
    if found is not None:
        said = desk("Type to whom it goes, and why. It stands in the case and in what its receipt is waited for.")
        await prompts.for_text(visit, "transferto", found[0], said)


async def to_whom_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Ask for a code, before the first word."""
    found = await _begun(visit, ask)
    if found is None:
        return
    shown, key = found
    words = await prompts.short_enough(visit, "transferto", shown, text, LONGEST)
    if words is None:
        return
    said = (
        desk("{reference} goes over whole: {words}", reference=shown.reference, words=words),
        desk("Its key is read aloud as: {key}", key=key.words),
        desk("It stays open here until their receipt has come."),
    )
    await second_word.ask(visit, "transferto", about(shown), words, Screen(said, (prompts.back(visit, shown),)))


async def _begun(visit: Visit, ask: Ask) -> tuple[Shown, TransferKey] | None:
    """The case on the screen, and the key that was compared for it; None, and the key is asked for, without one."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    held = visit.place.transfer
    if held is None or held[0] != shown.case:
        await _ask_key(visit, shown)
        return None
    return shown, held[1]


async def first_confirmed(visit: Visit, ask: Ask, words: str) -> None:
    """Say the first word, after a fresh code: the others are told, and nothing is handed over yet."""
    found = await _begun(visit, ask)
    if found is None:
        return
    shown, key = found
    school = _school(visit, shown)
    container = await visit.store.desk.leaving.new_container(visit.session(), shown.case, school)
    done = await visit.act(shown, _deed(visit, shown, container, words, key.text))
    visit.place.transfer = None
    await case_card.changed(visit, done, desk("Yours is noted. A second lead has to say so too, with /transfer."))


def _deed(visit: Visit, shown: Shown, container: Container, words: str, key: str, *, second: bool = False) -> Transfer:
    hours, now = visit.deps.hours.get(shown.view.row.site), visit.now()
    due = working_day_after(hours, today(hours, now), RECEIPT_WITHIN)
    made = (container.upto, container.urgency, container.digest)
    return Transfer(words, key, *made, due, reminders(hours, due, now), second)


async def _show_second(visit: Visit, shown: Shown, container: Container) -> None:
    told = container.told
    if told is None:
        return
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    said = (
        desk("{name} would hand this case over whole: {words}", name=names.get(told.by, "?"), words=told.to),
        desk("The other school's key is read aloud as: {key}", key=read_transfer_key(told.key).words),
        desk("Ring them too, by a number that you know from elsewhere, before you say so."),
        desk("Everything in it goes, also what colleagues wrote, but for what tells of other cases."),
    )
    screen = Screen(said, (prompts.back(visit, shown),))
    await second_word.ask(visit, "transfer", about(shown), container.digest, screen)


async def confirmed(visit: Visit, ask: Ask, digest: str) -> None:
    """Say the second word, after a fresh code, and give the file, for five minutes."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    container = await _container(visit, shown)
    told = container.told
    if told is None or container.digest != digest:
        await visit.show(Screen((desk("Nothing was done: please begin again."),), (prompts.back(visit, shown),)))
        return
    done = await visit.act(shown, _deed(visit, shown, container, told.to, told.key, second=True))
    said = desk("It is handed over below. Their receipt is due in {count} working days.", count=RECEIPT_WITHIN)
    await case_card.changed(visit, done, said)
    await _give(visit, shown, container)


async def again(visit: Visit, ask: Ask) -> None:
    """Give the same file once more: it opens for the same key alone, and comes over there once."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    container = await _container(visit, shown)
    if container.told is None or not container.told.number:
        await transfer(visit, ask)
        return
    if container.digest != container.told.digest:
        said = desk("The file is not the one of before, since names or keys have changed. Begin anew, both of you.")
        await visit.show(Screen((said,), (prompts.back(visit, shown),)))
        return
    await _give(visit, shown, container)


async def _give(visit: Visit, shown: Shown, container: Container) -> None:
    if container.told is None:
        return
    sealed = await visit.store.desk.leaving.sealed(container, read_transfer_key(container.told.key))
    # Six letters and digits, and nothing that anybody wrote.
    if not await send_file(visit, f"transfer-{shown.reference}.age", sealed):
        await visit.add(Screen((desk("The file could not be sent. /transfer gives it again."),)))
        return
    said = (
        desk("Send this file to the other school in any way: it opens with their key alone."),
        desk("By phone, read them these eight words, which their screen shows for it too:"),
    )
    await visit.send_copyable(Screen(said, verbatim=read_aloud(bytes.fromhex(container.digest))), FILE_STAYS)


async def _underway(visit: Visit, shown: Shown, container: Container) -> None:
    if container.told is None:
        return
    said = (
        desk("It was handed over: {words}", words=container.told.to),
        desk("It is open here until the other school's receipt has come."),
    )
    rows = (
        (visit.press(desk("Type their receipt"), "received", about(shown)),),
        (visit.press(desk("Give the file again"), "transferagain", about(shown)),),
        (visit.press(desk("To another key"), "transferkey", about(shown)),),
        prompts.back(visit, shown),
    )
    await visit.show(Screen(said, rows))


async def another_key(visit: Visit, ask: Ask) -> None:
    """Begin anew, with another key."""
    shown = await case_card.on_screen(visit, ask)
    if shown is not None:
        await _ask_key(visit, shown)
