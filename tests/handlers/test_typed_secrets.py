"""Words to come back, typed in every way and at every place: they open, or are set aside; none stays or is kept."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sealing.receipts.receipt import Receipt
from tests.handlers.desk.test_leaks import logged
from tests.handlers.messenger import BAD_GATEWAY
from tests.handlers.messenger import Person as TelegramPerson
from tests.handlers.paths import to_the_story as to_the_story_on_telegram
from tests.handlers.paths import to_the_words
from tests.handlers.test_leaks import held
from tests.handlers.web import WebWorld, web_world
from tests.handlers.world import World
from tests.person import Person
from tests.storage.sealing.ways_of_writing import WAYS

#: Reads as one of ours, and opens nothing.
A_RECEIPT = Receipt(bytes(range(10))).words
THEIRS = "Those were your words to come back."
ALMOST = "That looked like your words to come back."
OPENED = "You sent this"
#: Beside which the words are commanded, with the white space of every kind between.
BEHIND = (
    "/return ",
    "/return\n",
    "/RETURN:\t",
    "\u200e/return\u200f ",
    "\ufeff /return@a_bot\r\n",
    "\uff0freturn\u3000",
)
BEHIND = (*BEHIND, "/start\u00a0", "/new\u2003")


@pytest.fixture
async def web(staffed: Path, tmp_path: Path) -> AsyncIterator[WebWorld]:
    async with web_world(Path(shutil.copytree(staffed, tmp_path / "hark"))) as made:
        yield made


async def does(web: WebWorld, person: Person, *acts: str) -> None:
    """Type, or tap what stands in brackets, and have it answered."""
    for act in acts:
        await (person.tap(act[1:-1]) if act.startswith("[") else person.type(act))
        await web.take()
        await person.settled()


async def to_the_story(web: WebWorld, person: Person) -> None:
    await does(web, person, "/start", "[I am 12 to 17]", "[No]", "[OK]", "[Yes]")


async def sent(web: WebWorld, person: Person) -> str:
    """A concern that is open in this tab; gives its words."""
    await to_the_story(web, person)
    await does(web, person, "Ben laughs at me every day.", "[Done]", "[No]", "[Send]")
    [words] = [code for one in person.heard for code in one.codes]
    return words


def typed(person: Person) -> list[str]:
    """What this person wrote and what still stands in the chat."""
    return [one.text for one in person.messages if one.mine]


async def messages_of(world: World) -> list[str]:
    """What the only case holds besides what was sent."""
    view = await world.opened_by_lead()
    return [repr(entry) for entry in view.entries if entry.kind != "concern"]


async def gone(person: Person, text: str) -> None:
    """Wait until the page shows that `text`, which this person wrote, was deleted."""
    await person.wait_for(lambda: text not in typed(person))


async def test_in_an_open_talk_they_are_nowhere_afterwards_however_they_were_written(
    web: WebWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the chat's history, nor in the case, nor in a file or its write-ahead log, nor in a log."""
    caplog.set_level(logging.DEBUG)
    async with await web.arrive() as ann:
        words = (await sent(web, ann)).split()
        written = [way(words) for name, way in WAYS.items() if name != "a command"][::2]
        for text in written:
            await does(web, ann, text)
            assert THEIRS in ann.last.text
            await gone(ann, text)
        assert await messages_of(web.world) == []
        await does(web, ann, "And my coat.")
        [kept] = await messages_of(web.world)
        assert "And my coat." in kept
    everything, logs = (await held(web.world)).lower(), logged(caplog)
    for text in (*written, " ".join(words), " ".join(words[:2])):
        assert not any(text.lower().encode(code) in everything for code in ("utf-8", "utf-16-le"))
        assert text.lower().encode() not in logs


async def test_what_is_said_beside_them_in_a_talk_is_passed_on_without_them(web: WebWorld) -> None:
    async with await web.arrive() as ann:
        words = await sent(web, ann)
        await does(web, ann, f"Please hurry, he said {words}\nI want to kill myself")
        assert any("Childline" in one.text for one in ann.heard), "danger is heard beside them"
        await gone(ann, f"Please hurry, he said {words}\nI want to kill myself")
        assert any(THEIRS in one.text for one in ann.heard)
        [kept] = await messages_of(web.world)
        assert "Please hurry, he said" in kept
        assert "I want to kill myself" in kept
        assert words.split()[0] not in re.findall(r"\w+", kept)  # "elf" is in "myself"


async def test_in_a_draft_they_are_set_aside_and_the_question_stands(web: WebWorld) -> None:
    joined = "".join(word.title() for word in A_RECEIPT.split())
    async with await web.arrive() as ann:
        await does(web, ann, "/start", "[I am 12 to 17]", A_RECEIPT.upper())
        assert THEIRS in ann.last.text
        assert "/return" in ann.last.text
        assert ann.last.buttons, "beside a question with buttons, which stands again"
        await does(web, ann, "[No]", "[OK]", "[Yes]", joined)
        assert THEIRS in ann.last.text
        await does(web, ann, "Ben laughs at me.", f"my words are {A_RECEIPT} thanks", "[Done]", "[No]", "[Send]")
        for text in (A_RECEIPT.upper(), joined, f"my words are {A_RECEIPT} thanks"):
            await gone(ann, text)
        kept = repr((await web.world.opened_by_lead()).entries).lower()
        assert "ben laughs at me." in kept
        assert not any(word in kept for word in A_RECEIPT.split())


@pytest.mark.parametrize("slip", ["one wrong", "one missing", "one too many", "in another order"])
async def test_with_a_slip_they_are_set_aside_too_and_it_is_said_how_to_say_something_else(
    web: WebWorld, slip: str
) -> None:
    words = A_RECEIPT.split()
    text = {
        "one wrong": ["qwerty", *words[1:]],
        "one missing": words[1:],
        "one too many": [*words[:4], "qwerty", *words[4:]],
        "in another order": words[::-1],
    }[slip]
    async with await web.arrive() as ann:
        await sent(web, ann)
        await does(web, ann, ", ".join(text))
        assert ALMOST in ann.last.text
        assert "write it again" in ann.last.text
        await gone(ann, ", ".join(text))
        assert await messages_of(web.world) == []


async def test_behind_a_command_they_open_whatever_white_space_ends_it(web: WebWorld) -> None:
    async with await web.arrive() as ann:
        words = await sent(web, ann)
    for behind in BEHIND:
        async with await web.arrive() as ben:
            await does(web, ben, behind + words)
            await ben.wait_to_see(OPENED)
            await gone(ben, behind + words)


async def test_behind_a_command_that_has_no_use_for_them_they_are_deleted(web: WebWorld) -> None:
    async with await web.arrive() as ann:
        words = await sent(web, ann)
        for behind in ("/help ", "/privacy\n", "/language\t", "/start ", "/new\u00a0", "/tidy\n", "/stop\u2028"):
            await does(web, ann, behind + words)
            await gone(ann, behind + words)
        assert await messages_of(web.world) == []


async def test_where_nothing_is_open_they_open_and_what_was_said_beside_them_is_told_of(web: WebWorld) -> None:
    async with await web.arrive() as ann:
        words = await sent(web, ann)
    for text in (f"my words: {words}", words.title().replace(" ", ""), f"{words}. he hit me again"):
        async with await web.arrive() as ben:
            await does(web, ben, text)
            opened = await ben.wait_to_see(OPENED)
            await gone(ben, text)
            assert ("You wrote more than your words." in opened.text) == ("again" in text)
    assert await messages_of(web.world) == []


@pytest.mark.parametrize("ended", ["\n", "\t", "\u00a0", "\u3000", "\u200f", ".", "!", "\r\n", "\u2028", ""])
async def test_a_command_is_ended_by_whatever_is_no_letter(web: WebWorld, ended: str) -> None:
    async with await web.arrive() as ann:
        await does(web, ann, f"/help{ended}")
        assert "Childline" in ann.last.text


async def test_words_in_an_edited_message_are_neither_kept_nor_left(world: World, ann: TelegramPerson) -> None:
    await to_the_story_on_telegram(ann)
    wrote = await ann.types("Ben laughs at me every day.")
    await ann.edits(wrote, A_RECEIPT)
    assert THEIRS in ann.screen.text
    assert wrote not in ann.messages
    again = await ann.types("He took my phone.")
    await ann.edits(again, f"He took my phone and my coat. {A_RECEIPT}")
    assert again not in ann.messages
    await ann.taps("Done")
    await ann.taps("No")
    await ann.taps("Send")
    kept = repr((await world.opened_by_lead()).entries)
    assert "Ben laughs at me every day." in kept
    assert "He took my phone and my coat." in kept
    assert A_RECEIPT.split()[0] not in kept
    added = await ann.types("And my shoes.")
    await ann.edits(added, f"/return {A_RECEIPT}")
    assert added not in ann.messages
    assert A_RECEIPT.split()[0] not in repr((await world.opened_by_lead()).entries)


async def test_a_kill_between_taking_and_deleting_them_leaves_them_to_be_deleted(
    world: World, ann: TelegramPerson
) -> None:
    words = await to_the_words(ann)
    await world.restart()
    ann.messenger.refuse[("deleteMessages", ann.chat)] = [BAD_GATEWAY]
    wrote = await ann.types(words)
    assert wrote in ann.messages
    await world.crash()
    await ann.take({"update_id": next(ann.messenger.updates) - 1, "message": ann._message(wrote.number, words)})
    assert wrote not in ann.messages


async def test_words_under_a_picture_are_deleted_with_it(ann: TelegramPerson) -> None:
    await to_the_story_on_telegram(ann)
    picture = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]}
    await ann.sends(picture | {"caption": "Ben laughs at me"})
    assert len([shown for shown in ann.messages if shown.mine and not shown.text]) == 1
    await ann.sends(picture | {"caption": f"My words: {A_RECEIPT}"})
    assert len([shown for shown in ann.messages if shown.mine and not shown.text]) == 1
    assert "We do not look at pictures" in ann.screen.text
