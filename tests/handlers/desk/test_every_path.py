"""By every path to a case: one that is not hers, one she is kept from, one that is over, and none, are one answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import event

from flows.cases.roles import RULES
from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.commands import BUTTONS, COMMANDS
from storage.deeds.ownership import Claim
from storage.deeds.readers.exclude import Exclude
from storage.deeds.status import CloseCase
from storage.values import Address, Arrival
from tests.handlers.desk.house import House, Lead
from tests.thoroughness import every

NONE = "ZZZZZZ"
COMMANDS_OF_CASES = [name for name, one in COMMANDS.items() if RULES[one.deed].case != "none"]
#: The next case is the next one of the queue, whatever the button holds.
#: Those that go from one case to another, or are about a colleague and all cases.
ABOUT_NONE = {"next", "past", "scope", "halt"}
BUTTONS_OF_CASES = [verb for verb, one in BUTTONS.items() if RULES[one.deed].case != "none" and verb not in ABOUT_NONE]
#: What is asked about all cases of a lead, whatever the button holds; `/case` by itself is too.
LISTS = [[verb] for verb in ("handover", "hand", "handed", "recall", "take", "leave", "ending", "actions")]
OLD = "abcdef"


@pytest.fixture
async def stone(house: House) -> tuple[Lead, dict[str, str]]:
    """A lead who has a case of his own, and the references of cases that are not for him, by why they are not."""
    khan, stone = await house.lead("Ms Khan"), await house.lead("Mr Stone", "head")
    him = await house.id_of("Mr Stone")
    seen: set[str] = set()
    found = {"none": NONE}
    kinds: dict[str, dict[str, Any]] = {
        "of another lead": {},
        "kept from": {"excluded": (him,), "urgency": "immediate"},
        "over": {},
    }
    session = next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == "Ms Khan")
    for kind, how in kinds.items():
        await house.concern(f"These are the words of {kind}.", "Ms Khan", **how)
        rows = (await house.store.desk.queues.page(session)).rows
        row = next(one for one in rows if one.reference not in seen)
        seen.add(row.reference)
        found[kind] = row.reference
    await closes(house, session, row)
    await house.concern("His own case.", "Ms Khan", "Mr Stone")
    await stone.says("/brief")
    assert "1 open case." in stone.words
    khan.tab = await house.tab()
    return stone, found


async def closes(house: House, session: Any, row: Any) -> None:
    """Read a case, take it, and close it."""
    desk, address = house.store.desk, session.address
    view = await desk.open_case(session, Arrival(address, 1), row.id)
    await desk.words_shown(session, view.row, whole=True)
    taken = await desk.act(session, None, row.id, None, Claim())
    await desk.act(session, None, row.id, taken.version, CloseCase("early_help", "It is done."))


def texts(reference: str) -> Iterator[str]:
    """What can be typed that names a case."""
    for name in COMMANDS_OF_CASES:
        yield f"/{name} {reference}"
    for name in ("note", "reply", "label", "copy", "close"):
        yield f"/{name} {reference} some words of hers"
    yield f"/case_{reference}"
    yield f"/case_{reference.lower()}"
    yield f"/start case_{reference}"
    yield f"close {reference}"
    yield f"/clsoe {reference}"
    yield reference


def buttons(tag: str, reference: str) -> Iterator[str]:
    """The data of what can be pressed that names a case: of this session, of an earlier one, and of none."""
    for verb in BUTTONS_OF_CASES:
        yield callback_data.data(tag, verb, Ask(reference, 1, "0"))
    for verb in ("end", "let", "handed"):
        yield callback_data.data(tag, verb, Ask(reference, None, "malicious"))
    for verb in ("open", "words"):
        yield callback_data.data(OLD, verb, Ask(reference, 1, "0"))
        yield callback_data.data(callback_data.OPEN, verb, Ask(reference, 1, "0"))


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """What the databases were asked inside the block, in order."""
    asked: list[str] = []
    engines = [house.store._core.reader.engine.sync_engine, house.store._core.writer._connections.engine.sync_engine]

    def note(*given: Any) -> None:
        asked.append(given[2])

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def answer(lead: Lead, reference: str) -> list[str]:
    """What stands in the chat and beside it, with the reference that was asked for taken out."""
    shown = [one for message in lead.tab.messages for one in (message.text, *(str(b) for b in message.buttons))]
    return [one.replace(reference, NONE).replace(reference.lower(), NONE.lower()) for one in (*shown, *lead.listed)]


async def edited(house: House, lead: Lead, text: str, number: int) -> None:
    """A message of hers that she has changed into this."""
    chat = address_of(house, lead).chat_id
    who = {"id": chat, "is_bot": False, "first_name": "A"}
    message = {"message_id": 7, "date": 1, "edit_date": 2, "chat": {"id": chat, "type": "private"}, "from": who}
    await house.handlers.handle("web", {"update_id": number, "edited_message": {**message, "text": text}})
    await house.dealt_with(lead.tab)


def address_of(house: House, lead: Lead) -> Address:
    return next(one.address for one in house.store.leads.sessions.by_address.values() if one.lead.name == lead.name)


@pytest.mark.slow
async def test_by_every_path_a_case_that_is_not_hers_is_the_same_as_none(
    house: House, stone: tuple[Lead, dict[str, str]]
) -> None:
    lead, found = stone
    await lead.says("/queue")
    tag = lead.tag
    paths = {kind: [*texts(one), *buttons(tag, one)] for kind, one in found.items()}
    for path, typed in islice(enumerate(paths["none"]), 0, None, every(5)):
        said, work = {}, {}
        await lead.says("/queue")
        for kind, reference in (("none", NONE), *found.items()):  # none twice: each begins where the one before ended
            with counted(house) as asked:
                data = paths[kind][path]
                await (house.pressed(lead.tab, data) if data.startswith("d:") else lead.says(data))
                said[kind], work[kind] = answer(lead, reference), list(asked)
        assert {kind for kind in found if said[kind] != said["none"]} == set(), typed
        assert {kind for kind in found if work[kind] != work["none"]} == set(), typed
        assert "These are the words" not in lead.words, typed


async def test_a_case_on_her_screen_that_she_was_kept_out_of_since_is_the_same_as_none_by_every_path(
    house: House,
) -> None:
    await house.lead("Ms Khan")
    await house.lead("Mr Bell", "deputy")
    stone = await house.lead("Mr Stone", "head")
    await house.concern("These are the words of the case.", "Ms Khan", "Mr Bell", "Mr Stone")
    await stone.says("/queue")
    await stone.taps_first()
    place = house.desk.places.by_address.get(address_of(house, stone))
    assert place is not None
    shown = place.shown
    assert shown is not None
    sessions = {one.lead.name: one for one in house.store.leads.sessions.by_address.values()}
    out = Exclude(to=await house.id_of("Mr Stone"), reason="It is about him.")
    await house.store.desk.act(sessions["Ms Khan"], None, shown.case, None, out)
    await stone.says(f"/case {NONE}")
    expected = answer(stone, NONE)
    typed = ["/claim", "/note", "/note some words", "/reply", "/close", "/copy", "/case", "loose words", "clsoe"]
    tag, ask = stone.tag, Ask(shown.reference, shown.view.row.version, "0")
    for path in (*typed, *(callback_data.data(tag, verb, ask) for verb in BUTTONS_OF_CASES)):
        place.shown = shown
        await (house.pressed(stone.tab, path) if path.startswith("d:") else stone.says(path))
        if path == "/case" or path.split(":")[2:3] in LISTS:
            assert shown.reference not in stone.words
            continue
        assert answer(stone, shown.reference) == expected, path
    for verb in ("note", "reply", "label", "copy", "let"):
        place.shown, place.asking = shown, AskText(verb, ask)
        await stone.says("the words that were asked for")
        assert answer(stone, shown.reference) == expected, verb


async def test_an_edited_message_that_names_a_case_opens_none(house: House, stone: tuple[Lead, dict[str, str]]) -> None:
    lead, found = stone
    await lead.says("/queue")
    own = lead.card.buttons[0].text.split()[-1]
    naming = [form.format(one) for one in (*found.values(), own) for form in ("/case {}", "/case_{}", "close {}")]
    await lead.says("/brief")
    for number, typed in enumerate(naming, start=90_000):
        before = len(lead.tab.messages)
        await edited(house, lead, typed, number)
        await lead.tab.wait_for(lambda before=before: len(lead.tab.messages) > before)
        assert "Only new messages in words are taken here" in lead.tab.last.text
        assert house.desk.places.by_address.get(address_of(house, lead)).shown is None
