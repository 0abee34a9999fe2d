"""`/files`: the files of a case, blurred first; adding one; and the word that one should not be there.

Before anything is fetched it is asked whether anybody is in it without clothes: only a "No" has it fetched.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flows.danger.files import may_come
from flows.screens import copy as say
from flows.screens.files import BARE, BARE_NO
from flows.screens.help import where_to_report
from flows.values.deeds import Media
from flows.values.draft import Wrote
from flows.values.screen import Press, Row, Screen
from flows.values.text import Moment, Text, Value
from handlers.desk.case import case_card, reader
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskFile, Shown
from handlers.desk.chat.files import show_file, take_back
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording.labels import file_label
from handlers.telegram.received_files import NotTaken, Why
from handlers.telegram.updates import Button
from storage.deeds.record.files import LOCKED, KeepFile, LockFile
from storage.values import CaseView, Entry

_BUTTONS: Final = 8  # the newest files
_NAMES: Final[Mapping[Media, str]] = {"photo": "photo.jpg", "pdf": "document.pdf", "voice": "voice.ogg"}
#: Why a file was not taken.
WHY: Final[Mapping[Why, Text]] = {
    "large": desk("It is larger than 10 MB. It was not kept."),
    "kind": desk("It is no photo, PDF or voice message. It was not kept."),
    "broken": desk("The photo could not be read. It was not kept."),
    "lost": desk("It could not be fetched. Please send it once more."),
}


async def files(visit: Visit, ask: Ask) -> None:
    """List the files of a case, newest last, with the way to each that is not locked; it is opened anew for that."""
    await visit.forget_typed()
    if not ask.reference and not isinstance(visit.incoming.what, Button):
        ask = Ask(ask.argument.strip())
    shown = await reader.anew(visit, ask, "files")
    if shown is not None:
        await _show(visit, shown)


async def _show(visit: Visit, shown: Shown, *first: Text) -> None:
    there, gone = _files(shown.view), locked(shown.view)
    lines = [_line(one, locked=one.number in gone) for one in there]
    none = () if there else (desk("No file is in this case."),)
    way, add = _adding(visit, shown)
    heading = desk("{reference}: files", reference=shown.reference)
    rows = tuple((_open(visit, shown, one),) for one in there[-_BUTTONS:] if one.number not in gone)
    await visit.show(Screen((*first, heading, *none, *lines, *way), (*rows, *add, prompts.back(visit, shown))))


def _files(view: CaseView) -> list[Entry]:
    return [one for one in view.entries if one.file is not None]


def locked(view: CaseView) -> frozenset[int]:
    """Give the numbers of the entries whose files nobody is shown any more, as the case was opened."""
    done = (one.action for one in view.entries if one.action is not None and one.action.what == LOCKED)
    return frozenset(int(one.detail["entry"]) for one in done)


def _line(entry: Entry, *, locked: bool) -> Text:
    who = entry.by.name if entry.by else desk("the reporter")
    args: dict[str, Value] = {"number": entry.number, "file": _label(entry), "name": who, "time": Moment(entry.at)}
    if locked:
        return desk("{number}. {file}, from {name}, {time}: locked, since it should not be here", **args)
    return desk("{number}. {file}, from {name}, {time}", **args)


def _label(entry: Entry) -> Text:
    return file_label(entry.file) if entry.file else desk("something")


def _open(visit: Visit, shown: Shown, entry: Entry) -> Press:
    label = desk("{number}. {file}", number=entry.number, file=_label(entry))
    return visit.press(label, "file", about(shown, str(entry.number)))


def _adding(visit: Visit, shown: Shown) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    """The button that adds one, or why there is none."""
    if _may_add(visit, shown):
        return (), ((visit.press(desk("Add a file"), "addfile", about(shown)),),)
    site = visit.deps.sites.get(shown.view.row.site)
    if site is None or not site.files:
        return (desk("This site takes no files."),), ()
    why = desk(
        "No file is taken in a case that is sexual, about pictures, or of which it is not known what it is about."
    )
    return (why,), ()


def _may_add(visit: Visit, shown: Shown) -> bool:
    row, flows = shown.view.row, visit.deps.flows
    site = visit.deps.sites.get(row.site)
    if site is None or not site.files:
        return False
    return may_come(flows.categories, flows.phrases, row.glance.categories, _words(shown.view))


def _words(view: CaseView) -> Iterator[str]:
    for entry in view.entries:
        yield entry.text
        for one in entry.answers:
            if isinstance(one.answer, Wrote):
                yield from one.answer.words


async def open_one(visit: Visit, ask: Ask) -> None:
    """Ask how a file is to be shown: a photo blurred first."""
    found = await _found(visit, ask)
    if found is None:
        return
    shown, entry = found
    on = about(shown, str(entry.number))
    if entry.file is not None and entry.file.media == "photo":
        first = visit.press(desk("Show blurred"), "fileblur", on, rank="main")
    else:
        first = visit.press(desk("Show"), "fileshow", on, rank="main")
    await visit.show(Screen(_about_one(entry), ((first,), _wrong(visit, shown, entry), _back(visit, shown))))


def _about_one(entry: Entry) -> tuple[Text, ...]:
    said = [_line(entry, locked=False)]
    if entry.file is not None and entry.file.media == "pdf":
        said.append(desk("Nobody has looked into it. Open it with the care that a stranger's attachment needs."))
    if entry.file is not None and entry.file.media == "voice":
        said.append(desk("Others near you hear it too."))
    return tuple(said)


def _wrong(visit: Visit, shown: Shown, entry: Entry) -> Row:
    return (visit.press(desk("This should not be here"), "filewrong", about(shown, str(entry.number))),)


def _back(visit: Visit, shown: Shown) -> Row:
    return (
        visit.press(desk("Files"), "files", about(shown)),
        visit.press(desk("Back to the case"), "open", about(shown)),
    )


async def _found(visit: Visit, ask: Ask) -> tuple[Shown, Entry] | None:
    """The case, opened anew, and the file that is meant; None, and the list is shown, where it is locked or none."""
    shown = await case_card.look(visit, ask.reference)
    gone = locked(shown.view)
    entry = next((one for one in _files(shown.view) if one.number == _number(ask) and one.number not in gone), None)
    if entry is None:
        await _show(visit, shown)
        return None
    return shown, entry


def _number(ask: Ask) -> int:
    return int(ask.argument) if ask.argument.isascii() and ask.argument.isdigit() else 0


async def show_blur(visit: Visit, ask: Ask) -> None:
    """Send the blur of a photo, and below it the way to the photo itself."""
    found = await _found(visit, ask)
    if found is None:
        return
    shown, entry = found
    content = await visit.store.desk.files.show(visit.session(), shown.case, entry.number, blurred=True)
    on = about(shown, str(entry.number))
    row = (visit.press(desk("Show"), "fileshow", on),)
    said = desk("Blurred: only what is light and dark. Look at it only if you have to.")
    await visit.show(
        Screen((_line(entry, locked=False), said), (row, _wrong(visit, shown, entry), _back(visit, shown)))
    )
    if not await show_file(visit, shown, entry.number, _NAMES["photo"], content):
        await visit.add(Screen((desk("It could not be sent. Please try again."),)))


async def show_whole(visit: Visit, ask: Ask) -> None:
    """Send a file, protected, until the desk is left or curtained; what was looked at stands in the audit log."""
    found = await _found(visit, ask)
    if found is None or (file := found[1].file) is None:
        return
    shown, entry = found
    content = await visit.store.desk.files.show(visit.session(), shown.case, entry.number, blurred=False)
    await visit.show(Screen(_about_one(entry), (_wrong(visit, shown, entry), _back(visit, shown))))
    if not await show_file(visit, shown, entry.number, _NAMES[file.media], content):
        await visit.add(Screen((desk("It could not be sent. Please try again."),)))


async def lock(visit: Visit, ask: Ask) -> None:
    """Lock a file for everybody, at once and without a question; what any chat at a desk shows of it is deleted."""
    shown = await case_card.look(visit, ask.reference)
    # Whatever others did since it was shown: this waits for nothing.
    row = await visit.store.desk.act(visit.session(), None, shown.case, None, LockFile(_number(ask)))
    await take_back(visit, shown.case, _number(ask))
    site = visit.deps.sites.get(row.site) or visit.deps.sites[visit.deps.home]
    said = (
        desk("It is locked: nobody is shown it any more. Nothing of it is destroyed."),
        *_police(site.emergency),
        desk("Tell them that it is kept here, sealed. Tell your head too."),
        *where_to_report(site),
    )
    await case_card.changed(visit, row, *said)


def _police(emergency: str) -> tuple[Text, ...]:
    """What a lead does next: the police decide what becomes of it, and nobody looks again."""
    return (
        desk("Ring the police now: they say what becomes of it. In danger: {emergency}.", emergency=emergency),
        desk("Do not look at it again. Do not copy it, pass it on or delete it anywhere."),
    )


async def ask_first(visit: Visit, ask: Ask) -> None:
    """Ask whether anybody is in it without clothes, before a file is sent; the case is opened anew for that."""
    shown = await case_card.look(visit, ask.reference)
    if not _may_add(visit, shown):
        await _show(visit, shown)
        return
    choices = tuple((label, "bare", answer) for answer, label in BARE.items())
    await prompts.by_buttons(visit, shown, choices, say.IS_ANYBODY_BARE)


async def answered(visit: Visit, ask: Ask) -> None:
    """After *No* ask for the file; after *Yes* or *Not sure* say where to report it, and take none."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    if ask.argument != BARE_NO:
        site = visit.deps.sites.get(shown.view.row.site) or visit.deps.sites[visit.deps.home]
        said = (desk("Then it does not come here, and nothing is fetched."), *_police(site.emergency))
        await visit.show(Screen((*said, *where_to_report(site)), (prompts.back(visit, shown),)))
        return
    if not _may_add(visit, shown):
        await _show(visit, shown)
        return
    visit.place.asking = AskFile("addfile", about(shown))
    said = (
        desk("Send one photo, PDF or voice message now: 10 MB at most."),
        desk("Of a photo only what is seen is kept, without place, time and names."),
        say.A_VOICE_SHOWS,
    )
    await visit.show(Screen(said, (prompts.back(visit, shown),), file=True))


async def came(visit: Visit, ask: Ask) -> None:
    """Fetch the file that was asked for, and keep it in the case, which is opened anew for that."""
    shown = await case_card.look(visit, ask.reference)
    file = visit.incoming.file
    if file is None or not _may_add(visit, shown):
        await _show(visit, shown, WHY["kind"])
        return
    try:
        taken = await visit.deps.received.take(visit.deps.bots[visit.address.door], visit.deps.draw, file)
    except NotTaken as refused:
        await _show(visit, shown, WHY[refused.why])
        return
    row = await visit.store.desk.act(visit.session(), None, shown.case, None, KeepFile(taken))
    await case_card.changed(visit, row, desk("The file is kept. Those who read this case can see it."))
