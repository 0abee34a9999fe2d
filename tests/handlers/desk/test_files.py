"""Leads see files blurred first, add their own after one question, and lock what should not be there for everybody."""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from flows.values.deeds import AddFile, AddMessage
from handlers.desk.case import words
from handlers.desk.chat.wording.urgency_reasons import Reasons
from storage.values.errors import NotOffered
from tests.bot.drawing.test_photos import bomb, photo, with_everything
from tests.handlers.desk.house import House, Lead, chosen, our_flows
from tests.handlers.desk.test_people import sent
from tests.raw_database import all_bytes, read_tables

WHOLE, BLUR = photo((320, 240)), photo((48, 36))
PHOTO = AddFile("photo", WHOLE, BLUR)
BARE = "Is anybody in it without clothes?"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A running house that takes files."""
    made = House(tmp_path, takes_files=True)
    await made.start()
    yield made
    await made.close()


async def two(house: House) -> tuple[Lead, Lead]:
    return await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")


async def with_file(house: House, file: AddFile = PHOTO) -> None:
    """A concern for both, and a file that its reporter adds."""
    receipt = await house.concern("He takes my bag.", "Ms Khan", "Mr Bell")
    await house.adds(receipt, file)


async def files_of(lead: Lead) -> None:
    """Open the only case, and its files."""
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("More")
    await lead.taps("Files")


def shown(lead: Lead) -> list[str]:
    """The files in the chat."""
    return [one.file["name"] if one.file else "" for one in lead.tab.messages if one.file is not None]


async def adds(lead: Lead, content: bytes, name: str = "Ayo-CANARY.jpg") -> None:
    """Add a file to the case on the screen, after the question."""
    await lead.taps("Add a file")
    assert BARE in lead.words
    await lead.house.pressed(lead.tab, next(str(one.data) for one in lead.card.buttons if one.text == "No"))
    assert "A voice can show who you are. You can type instead." in lead.words
    await lead.tab.upload(name, content, mime="image/jpeg")
    await lead.house.dealt_with(lead.tab)


async def test_a_photo_stands_in_the_case_and_is_shown_blurred_before_it_is_shown(house: House) -> None:
    khan, _ = await two(house)
    await with_file(house)
    await files_of(khan)
    assert "2. a photo, " in khan.words
    assert "from the reporter" in khan.words
    assert shown(khan) == []
    await khan.taps("2. a photo")
    assert "Show" not in [key.text for key in khan.card.buttons]
    await khan.taps("Show blurred")
    [blur] = [one for one in khan.tab.messages if one.file is not None]
    assert await khan.tab.download(blur) == BLUR
    await khan.taps("Show")
    *_, whole = [one for one in khan.tab.messages if one.file is not None]
    assert await khan.tab.download(whole) == WHOLE


async def test_what_was_shown_is_protected_and_goes_with_the_curtain(house: House) -> None:
    khan, _ = await two(house)
    await with_file(house)
    await files_of(khan)
    await khan.taps("2. a photo")
    await khan.taps("Show blurred")
    await khan.taps("Show")
    wires = [one.wire for chat in house.chat._door.chats._chats.values() for one in chat.messages.values()]
    assert [one.get("has_protected_content") for one in wires if "photo" in one] == [True, True]
    await khan.says("/lock")
    assert shown(khan) == []


async def test_it_stands_among_the_words_and_counts_as_read_with_them(house: House) -> None:
    khan, _ = await two(house)
    await with_file(house)
    await khan.says("/queue")
    await khan.taps_first()
    assert "unread words" in khan.words
    await khan.taps("Read the words")
    await khan.taps("Next page")
    assert "📎 a photo, " in khan.words
    await khan.taps("Back to the case")
    assert "unread words" not in khan.words


async def test_this_should_not_be_here_locks_it_for_everybody_and_says_to_ring_the_police(house: House) -> None:
    khan, bell = await two(house)
    await with_file(house)
    await files_of(khan)
    await khan.taps("2. a photo")
    await files_of(bell)
    await bell.taps("2. a photo")
    await bell.taps("Show blurred")
    old = {key.text: str(key.data) for key in bell.card.buttons}
    before = await all_bytes(house.where, house.url)
    await khan.taps("This should not be here")
    assert "It is locked: nobody is shown it any more. Nothing of it is destroyed." in khan.words
    assert "Ring the police now" in khan.words
    assert "999" in khan.words
    assert "Report Remove" in khan.words
    for label in ("Show", "This should not be here"):
        await house.pressed(bell.tab, old[label])
        assert shown(bell) == []
    await files_of(bell)
    assert "locked, since it should not be here" in bell.words
    assert not [key for key in bell.card.buttons if key.text.startswith("2.")]
    tag, reference, version = bell.tag, *old["Show"].split(":")[3:5]
    for verb in ("file", "fileblur", "fileshow"):
        await house.pressed(bell.tab, f"d:{tag}:{verb}:{reference}:{version}:2")
        assert shown(bell) == []
    session = house.store.leads.sessions.at(house.address_of(house.chat._door.signer.chat_of(bell.tab.token) or 0))
    assert session is not None
    [row] = (await house.store.desk.queues.page(session)).rows
    for blurred in (True, False):
        with pytest.raises(NotOffered):
            await house.store.desk.files.show(session, row.id, 2, blurred=blurred)
    assert len(await all_bytes(house.where, house.url)) >= len(before)


async def test_what_any_desk_shows_of_it_goes_at_once_when_it_is_locked(house: House) -> None:
    khan, bell = await two(house)
    await with_file(house)
    for lead in (khan, bell):
        await files_of(lead)
        await lead.taps("2. a photo")
        await lead.taps("Show blurred")
        await lead.taps("Show")
        assert len(shown(lead)) == 2
    await khan.taps("This should not be here")
    await bell.tab.wait_for(lambda: shown(bell) == [])
    assert shown(khan) == []


async def test_a_lead_adds_a_photo_after_one_question_of_which_the_pixels_alone_are_kept(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    content = with_everything()
    caplog.set_level(logging.INFO)
    khan, bell = await two(house)
    reference = await sent(house, "Ms Khan", "Mr Bell")
    await khan.says(f"/files {reference}")
    await adds(khan, content)
    assert "The file is kept. Those who read this case can see it." in khan.words
    assert shown(khan) == []
    await bell.says(f"/files {reference}")
    await bell.taps("2. a photo")
    assert "from Ms Khan" in bell.words
    await bell.taps("Show blurred")
    await bell.taps("Show")
    for one in bell.tab.messages:
        if one.file is not None:
            seen = await bell.tab.download(one)
            assert Image.open(io.BytesIO(seen)).format == "JPEG"
            assert b"CANARY" not in seen
    assert b"CANARY" not in await all_bytes(house.where, house.url)
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize(("content", "what"), [(b"%PDF-1.7 words", "a PDF"), (b"OggS words", "a voice message")])
async def test_a_pdf_and_a_voice_message_stay_as_they_came_and_have_no_blur(
    house: House, content: bytes, what: str
) -> None:
    khan, _ = await two(house)
    reference = await sent(house, "Ms Khan", "Mr Bell")
    await khan.says(f"/files {reference}")
    await adds(khan, content)
    await khan.says(f"/files {reference}")
    await khan.taps(f"2. {what}")
    assert "Show blurred" not in khan.tab.buttons
    await khan.taps("Show")
    [came] = [one for one in khan.tab.messages if one.file is not None]
    assert await khan.tab.download(came) == content


@pytest.mark.parametrize("answer", ["Yes", "Not sure"])
async def test_yes_and_not_sure_take_none_and_say_whom_to_ring(house: House, answer: str) -> None:
    khan, _ = await two(house)
    reference = await sent(house, "Ms Khan", "Mr Bell")
    await khan.says(f"/files {reference}")
    await khan.taps("Add a file")
    await khan.taps(answer)
    assert "Then it does not come here, and nothing is fetched." in khan.words
    assert "Ring the police now" in khan.words
    assert "Report Remove" in khan.words
    with pytest.raises(PermissionError, match="415"):
        await khan.tab.upload("a.jpg", WHOLE, mime="image/jpeg")
    await khan.tab.drop_file("photo")
    await house.dealt_with(khan.tab)
    assert "That was not opened, and is deleted." in khan.words
    await khan.says(f"/files {reference}")
    assert "No file is in this case." in khan.words


@pytest.mark.parametrize("categories", [(), ("other",), ("abuse.sexual",), ("bullying.online", "online.image_sharing")])
async def test_where_it_is_sexual_about_pictures_or_not_known_none_can_be_added(
    house: House, categories: tuple[str, ...]
) -> None:
    khan, _ = await two(house)
    await house.concern("He takes my bag.", "Ms Khan", "Mr Bell", categories=categories)
    await files_of(khan)
    assert "No file is taken in a case that is sexual" in khan.words
    assert "Add a file" not in khan.tab.buttons
    tag, reference = khan.tag, str(khan.card.buttons[-1].data).split(":")[3]
    for verb, argument in (("addfile", ""), ("bare", "no")):
        await house.pressed(khan.tab, f"d:{tag}:{verb}:{reference}:0:{argument}")
        assert "Send one photo" not in khan.words


async def test_words_of_sexual_harm_in_it_rule_it_out_too(house: House) -> None:
    khan, _ = await two(house)
    receipt = await house.concern("He takes my bag.", "Ms Khan", "Mr Bell")
    await files_of(khan)
    assert "Add a file" in khan.tab.buttons
    await house.adds(receipt, AddMessage("my uncle touched my private parts", None, ()))
    await files_of(khan)
    assert "Add a file" not in [key.text for key in khan.card.buttons]


@pytest.mark.parametrize(
    ("content", "said"),
    [(bomb(30_000), "could not be read"), (b"PK\x03\x04", "no photo, PDF or voice message"), (b"MZ", "no photo, PDF")],
)
async def test_hostile_files_are_not_kept(house: House, content: bytes, said: str) -> None:
    khan, _ = await two(house)
    reference = await sent(house, "Ms Khan", "Mr Bell")
    await khan.says(f"/files {reference}")
    await adds(khan, content)
    assert said in khan.words
    assert "No file is in this case." in khan.words


async def test_a_reporter_on_the_page_sends_one_after_the_words_to_come_back(house: House) -> None:
    khan, _ = await two(house)
    what = chosen("C10", "bullying.online", "Bullying online")
    receipt = await house.concern("He laughs at me.", "Ms Khan", "Mr Bell", answers=(what,))
    ann = await house.tab()
    await ann.type("/return")
    await ann.type(receipt)
    await ann.tap("Send a file")
    await ann.wait_to_see(BARE)
    with pytest.raises(PermissionError, match="415"):
        await ann.upload("Ann-CANARY.jpg", with_everything(), mime="image/jpeg")
    await ann.tap("No")
    await ann.wait_to_see("A voice can show who you are. You can type instead.")
    await ann.upload("Ann-CANARY.jpg", with_everything(), mime="image/jpeg")
    await ann.wait_to_see("We added your file.")
    await house.dealt_with(ann)
    assert house.chat._door.files._files == {}
    assert not [one for one in ann.messages if one.file is not None]
    await files_of(khan)
    assert "from the reporter" in khan.words


async def test_of_a_file_only_that_there_is_one_goes_along_with_a_copy_a_share_or_an_export(house: House) -> None:
    khan, _ = await two(house)
    await with_file(house)
    await khan.says("/queue")
    await khan.taps_first()
    await khan.reads()
    await khan.says("/copy")
    await khan.says("for a meeting")
    copied = "\n".join(one.text for one in khan.tab.messages)
    assert "📎 a photo" in copied
    assert shown(khan) == []
    place = house.desk.places.by_address.get(house.address_of(house.chat._door.signer.chat_of(khan.tab.token) or 0))
    assert place is not None
    assert place.shown is not None
    view, english = place.shown.view, house.handlers.deps.translators["en"]
    for parts in (words.record_parts, words.shareable_parts):
        told = [one for one in parts(view, 99, Reasons(our_flows()), english) if "📎" in one.heading]
        assert [one.words for one in told] == [""]


async def test_a_whole_file_for_another_school_holds_the_entry_and_not_a_part_of_the_photo(house: House) -> None:
    khan, _ = await two(house)
    await with_file(house)
    rows = await read_tables(house.url)
    await khan.says("/queue")
    await khan.taps_first()
    session = house.store.leads.sessions.at(house.address_of(house.chat._door.signer.chat_of(khan.tab.token) or 0))
    assert session is not None
    [row] = (await house.store.desk.queues.page(session)).rows
    written = (await house.store.desk.leaving.new_container(session, row.id, "Elmfield School")).content
    assert all(base64.b64encode(one["sealed"]) in written for one in rows["entries"])
    assert not any(base64.b64encode(one["sealed"])[:99] in written for one in rows["files"])
