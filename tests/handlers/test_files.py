"""A reporter sends a file after sending: asked first, fetched only after a "No", and never where it may not come."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from PIL import Image

from flows.danger.files import MOST_BYTES, MOST_FILES
from handlers.telegram import received_files
from tests.bot.drawing.test_photos import bomb, with_everything
from tests.handlers.messenger import Person
from tests.handlers.paths import to_the_words
from tests.handlers.test_what_people_send import PHOTO
from tests.handlers.world import World
from tests.raw_database import all_bytes

PDF = b"%PDF-1.7 CANARY-document"
VOICE = b"OggS CANARY-voice"
BARE = "Is anybody in it without clothes?"


@pytest.fixture
async def taking(world: World) -> World:
    """A school that takes files."""
    world.takes_files = True
    await world.restart()
    return world


async def about(ann: Person, category: str = "Bullying", group: str = "People being unkind") -> str:
    """Sent, and what it is about is answered; gives the words."""
    words = await to_the_words(ann)
    await ann.taps("Go on")
    await ann.taps("Skip")
    await ann.taps(group)
    await ann.taps(category)
    await ann.taps("Next")
    await ann.taps("That is enough")
    return words


async def comes_back(ann: Person, words: str) -> None:
    await ann.types("/return")
    await ann.types(words)


def offers(ann: Person) -> bool:
    return any("Send a file" in button["text"] for button in ann.screen.buttons)


async def asks(ann: Person) -> None:
    """As far as the file itself."""
    await ann.taps("Send a file")
    assert ann.screen.text == BARE
    await ann.presses(ann.screen, "x:bare_no")
    assert "A voice can show who you are. You can type instead." in ann.screen.text


def fetched(world: World) -> int:
    return len(world.messenger.named("getFile"))


async def kept(world: World) -> list[tuple[str, bytes]]:
    """What a lead finds in the only case: of each file its kind, and its bytes."""
    view = await world.opened_by_lead()
    session = await world.lead()
    return [
        (
            one.file.media,
            await world.store.desk.files.show(session, view.row.id, one.number, blurred=False),
        )
        for one in view.entries
        if one.file is not None
    ]


async def test_a_photo_is_asked_about_fetched_copied_and_kept_without_what_else_was_in_it(
    taking: World, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await about(ann)
    assert offers(ann)
    await asks(ann)
    assert fetched(taking) == 0
    await ann.sends_file(with_everything(), "photo")
    assert "We added your file. The people who read this can see it." in ann.screen.text
    [(media, content)] = await kept(taking)
    assert (media, Image.open(io.BytesIO(content)).format) == ("photo", "JPEG")
    assert b"CANARY" not in content
    everything = await all_bytes(taking.where, taking.url)
    assert b"CANARY" not in everything
    assert content not in everything
    assert "CANARY" not in caplog.text


@pytest.mark.usefixtures("taking")
async def test_what_was_sent_is_taken_out_of_the_chat(ann: Person) -> None:
    await about(ann)
    await asks(ann)
    before = {shown.number for shown in ann.messages if shown.mine}
    await ann.sends_file(PDF)
    assert "We took it off this screen." in ann.screen.text
    assert {shown.number for shown in ann.messages if shown.mine} == before


async def test_a_pdf_and_a_voice_message_are_kept_as_they_came_and_unnamed(
    taking: World, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    words = await about(ann)
    for content, kind in ((PDF, "document"), (VOICE, "voice")):
        await comes_back(ann, words)
        await asks(ann)
        await ann.sends_file(content, kind)
    assert await kept(taking) == [("pdf", PDF), ("voice", VOICE)]
    everything = await all_bytes(taking.where, taking.url)
    assert b"CANARY" not in everything
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize("answer", ["Yes", "Not sure"])
async def test_yes_and_not_sure_fetch_nothing_and_say_where_to_report_it_and_where_help_is(
    taking: World, ann: Person, answer: str
) -> None:
    await about(ann)
    await ann.taps("Send a file")
    await ann.taps(answer)
    said = ann.screen.text
    assert "Please do not send it to anybody, not to us either." in said
    assert "It is not your fault." in said
    assert "Report Remove" in said
    assert "Childline: 0800 1111" in said
    assert "999" in said
    await ann.sends_file(with_everything(), "photo")
    assert "We did not open what you sent." in ann.screen.text
    assert fetched(taking) == 0
    assert await kept(taking) == []


async def test_a_file_that_nobody_asked_about_is_not_fetched_and_the_way_is_told(taking: World, ann: Person) -> None:
    words = await about(ann)
    await ann.sends_file(PDF)
    assert "To send a file, first tap: Send a file." in ann.screen.text
    await comes_back(ann, words)
    await asks(ann)
    await ann.types("/help")
    await ann.sends_file(PDF)
    assert fetched(taking) == 0
    assert await kept(taking) == []


async def test_one_question_is_for_one_file(taking: World, ann: Person) -> None:
    await about(ann)
    await asks(ann)
    await ann.sends_file(PDF)
    await ann.sends_file(PDF + b"2")
    assert fetched(taking) == 1
    assert [content for _, content in await kept(taking)] == [PDF]


async def never(world: World, ann: Person) -> None:
    """No offer stands anywhere, and neither old buttons nor files that come have anything fetched."""
    assert not offers(ann)
    for name in ("file", "bare_no"):
        await ann.presses(ann.screen, f"x:{name}")
        assert BARE not in ann.screen.text
        await ann.sends_file(with_everything(), "photo")
    assert fetched(world) == 0


async def test_a_site_that_takes_none_offers_none_and_fetches_none(world: World, ann: Person) -> None:
    await about(ann)
    await never(world, ann)


async def test_while_it_is_not_known_what_it_is_about_none_is_offered(taking: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await never(taking, ann)
    await comes_back(ann, words)
    await never(taking, ann)


@pytest.mark.parametrize(
    ("group", "category"),
    [("hurt or touched", "Sexual abuse"), ("Online", "Nudes shared or threatened"), ("Online", "Upsetting content")],
)
async def test_where_it_is_sexual_or_about_pictures_none_is_offered(
    taking: World, ann: Person, group: str, category: str
) -> None:
    words = await about(ann, category, group)
    await never(taking, ann)
    await comes_back(ann, words)
    await never(taking, ann)


@pytest.mark.parametrize("when", ["before", "after", "while it was asked for"])
async def test_words_of_sexual_harm_end_the_offer_at_once_and_for_good(taking: World, ann: Person, when: str) -> None:
    nasty = "my uncle touched my private parts"
    words = await about(ann)
    if when == "while it was asked for":
        await asks(ann)
    await ann.types(nasty)
    await never(taking, ann)
    if when == "after":
        await ann.types("thank you")
        await never(taking, ann)
    await comes_back(ann, words)
    await never(taking, ann)


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        pytest.param(bomb(30_000), "document", "could not read that photo", id="a bomb of pixels"),
        pytest.param(b"\xff\xd8\xff nothing", "photo", "could not read that photo", id="no picture"),
        pytest.param(b"PK\x03\x04 zip", "document", "a photo, a PDF or a voice message", id="a zip"),
        pytest.param(b"GIF89a" + bytes(99), "document", "a photo, a PDF or a voice message", id="a GIF"),
        pytest.param(b"<svg/>", "document", "a photo, a PDF or a voice message", id="an SVG"),
        pytest.param(b"", "document", "did not arrive", id="nothing"),
    ],
)
async def test_hostile_files_are_not_kept_and_that_is_said_kindly(
    taking: World, ann: Person, content: bytes, kind: str, said: str
) -> None:
    await about(ann)
    await asks(ann)
    await ann.sends_file(content, kind)
    assert said in ann.screen.text
    assert await kept(taking) == []


async def test_of_one_that_is_too_large_not_a_byte_is_fetched_or_no_more_than_may_come(
    taking: World, ann: Person
) -> None:
    words = await about(ann)
    await asks(ann)
    await ann.sends_file(PDF, file_size=MOST_BYTES + 1)
    assert "too big" in ann.screen.text
    assert fetched(taking) == 0
    await comes_back(ann, words)
    await asks(ann)
    await ann.sends_file(b"%PDF-" + bytes(MOST_BYTES), file_size=9)  # it says that it is small
    assert "too big" in ann.screen.text
    assert await kept(taking) == []


async def test_one_that_does_not_come_can_be_sent_again(
    taking: World, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    taking.messenger.refuse["getFile", 0] = [(400, "Bad Request: CANARY file is temporarily unavailable", {})]
    await about(ann)
    await asks(ann)
    await ann.sends_file(PDF)
    assert "did not arrive" in ann.screen.text
    assert "CANARY" not in caplog.text
    await asks(ann)
    await ann.sends_file(PDF)
    assert await kept(taking) == [("pdf", PDF)]


@pytest.mark.usefixtures("taking")
async def test_after_twenty_no_more_are_offered(ann: Person) -> None:
    words = await about(ann)
    for _ in range(MOST_FILES):
        await ann.taps("Send a file")
        await ann.presses(ann.screen, "x:bare_no")
        await ann.sends_file(PDF)
    assert not offers(ann)
    await comes_back(ann, words)
    assert not offers(ann)


async def test_a_film_a_sticker_and_an_animation_are_met_as_ever(taking: World, ann: Person) -> None:
    await about(ann)
    await asks(ann)
    film = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "duration": 1}
    await ann.sends({"animation": film, "document": {"file_id": "f", "file_unique_id": "u"}})
    assert fetched(taking) == 0
    await ann.sends({"video": film})
    assert "do not look at pictures or films" in ann.screen.text
    assert fetched(taking) == 0


async def test_before_sending_a_picture_gets_the_answer_of_before(taking: World, ann: Person) -> None:
    await ann.types("/start")
    await ann.taps("12 to 17")
    await ann.sends(PHOTO)
    assert "do not look at pictures" in ann.screen.text
    assert fetched(taking) == 0


def test_no_file_is_opened_outside_the_child() -> None:
    """Nothing of Hark itself imports what parses pictures, PDFs or sounds to look into a file that came."""
    source = Path(received_files.__file__).read_text("utf-8")
    assert "PIL" not in source
    assert "open(" not in source
