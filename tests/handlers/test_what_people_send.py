"""What people send: edited words, albums, media of every kind, and words that look like markup."""

from __future__ import annotations

import pytest

from tests.handlers.messenger import Person, Update
from tests.handlers.paths import STORY, to_the_story, to_the_words
from tests.handlers.world import World

PHOTO = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]}
STICKER = {
    "sticker": {
        "file_id": "f",
        "file_unique_id": "u",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    }
}


async def test_11_words_that_are_edited_before_sending_replace_the_old_ones(world: World, ann: Person) -> None:
    await to_the_story(ann)
    wrote = await ann.types(STORY)
    await ann.types("And more.")
    await ann.edits(wrote, "Ben pushed me once.")
    kept = await world.store.drafts.get(ann.address)
    assert kept is not None
    assert "Ben pushed me once." in str(kept.draft.answers["C8"])
    assert STORY not in str(kept.draft.answers["C8"])
    assert "And more." in str(kept.draft.answers["C8"])


async def test_11_an_edit_that_nobody_can_place_any_more_asks_to_write_anew(world: World, ann: Person) -> None:
    await to_the_story(ann)
    wrote = await ann.types(STORY)
    await world.restart()
    await ann.edits(wrote, "Ben pushed me once.")
    assert "write it again" in ann.screen.text


async def test_11_words_that_are_edited_after_sending_are_a_new_version(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await ann.types("/return")
    await ann.types(words)
    wrote = await ann.types("He is there on Mondays")
    await ann.edits(wrote, "He is there on Tuesdays")
    view = await world.opened_by_lead()
    said = [entry.text for entry in view.entries if entry.kind == "message"]
    assert said == ["He is there on Mondays", "He is there on Tuesdays"]


async def test_12_an_album_is_several_pictures_and_each_gets_an_answer(ann: Person) -> None:
    await to_the_story(ann)
    for _ in range(3):
        await ann.sends({**PHOTO, "media_group_id": "1"})
    said = [shown for shown in ann.messages if "do not look at pictures" in shown.text]
    assert len(said) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PHOTO, "do not look at pictures"),
        (STICKER, "can only read words"),
        ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, "cannot listen"),
        ({"document": {"file_id": "f", "file_unique_id": "u", "file_size": 30_000_000}}, "cannot open files"),
        ({"location": {"latitude": 1.5, "longitude": 2.5}}, "can only read words"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "can only read words"),
    ],
)
async def test_13_14_27_what_is_not_text_gets_a_kind_word_and_the_question_again_and_is_never_fetched(
    ann: Person, content: Update, said: str
) -> None:
    await ann.sends(content)
    assert said in ann.screen.text
    await ann.types("/start")
    await ann.taps("12 to 17")
    await ann.sends(content)
    assert said in ann.screen.text
    assert "Could someone else see this" in ann.screen.text
    assert ann.messenger.named("getFile") == []


async def test_16_what_a_person_writes_is_never_markup(world: World, ann: Person) -> None:
    await to_the_story(ann)
    nasty = "<b>x</b> *y* _z_ [a](http://b) {contact} %s \u202e"
    await ann.types(nasty)
    await ann.taps("Done")
    await ann.taps("No")
    await ann.taps("Read through")
    assert "<b>x</b> *y* _z_ [a](http://b) {contact} %s" in ann.screen.text
    await ann.taps("Go on")
    await ann.taps("Send")
    view = await world.opened_by_lead()
    assert nasty in str(view.entries[0].answers[-2].answer) or any(
        nasty in getattr(one.answer, "words", ()) for one in view.entries[0].answers
    )
