"""What an update is, to the handlers: private chats only, nothing of a person's name, nothing quoted in an error."""

from __future__ import annotations

import traceback

import pytest

from flows.values.inputs import Sent
from handlers.telegram.updates import (
    Blocked,
    Button,
    Command,
    IncomingUpdate,
    Unreadable,
    Wrote,
    incoming_update,
    parse,
)
from tests.handlers.messenger import Messenger, Person, Update

CANARY = "a canary sings here"


async def heard(do: str, *args: object, **kwargs: object) -> IncomingUpdate:
    """What arrives when a person does something."""
    messenger = Messenger()
    came: list[IncomingUpdate] = []

    async def take(update: Update) -> None:
        found = incoming_update("telegram", parse(update, messenger.bot))
        assert found is not None
        came.append(found)

    await getattr(Person(messenger, take), do)(*args, **kwargs)
    return came[0]


async def test_a_text_is_what_was_written_and_its_message_joins_the_tidy_list() -> None:
    came = await heard("types", "He took my phone")
    assert came.what == Wrote("He took my phone")
    assert came.arrival.message_id is not None


async def test_a_command_has_a_lower_case_name_without_the_bots_and_what_follows_it() -> None:
    came = await heard("types", "/Start@a_bot s-elmfield ")
    assert came.what == Command("start", "s-elmfield", "/Start@a_bot s-elmfield ")


async def test_words_that_only_begin_with_a_slash_are_words() -> None:
    assert (await heard("types", "/ what is this")).what == Wrote("/ what is this")


async def test_a_sticker_is_a_sticker_and_an_unknown_thing_is_other() -> None:
    sticker = {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1}
    came = await heard("sends", {"sticker": sticker | {"is_animated": False, "is_video": False}})
    assert came.what == Sent("sticker")
    assert (await heard("sends", {"dice": {"emoji": "🎲", "value": 3}})).what == Sent("other")


async def test_blocking_is_not_a_message() -> None:
    assert (await heard("blocks")).what == Blocked(is_blocked=True)
    assert (await heard("blocks", gone=False)).what == Blocked(is_blocked=False)


async def test_a_button_of_a_message_that_cannot_be_shown_any_more_still_says_its_data() -> None:
    messenger = Messenger()
    shown = messenger._send({"chat_id": 7_000_001, "text": "old"})
    came = await heard("presses", shown, "q:C5:no", gone=True)
    assert isinstance(came.what, Button)
    assert (came.what.data, came.what.reachable, came.under) == ("q:C5:no", False, shown.number)


async def test_groups_are_not_heard() -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group", "title": "g"}, "text": "hello"}
    assert incoming_update("telegram", parse({"update_id": 1, "message": message}, Messenger().bot)) is None


async def test_an_update_that_cannot_be_read_says_nothing_of_what_it_held() -> None:
    with pytest.raises(Unreadable) as caught:
        parse({"update_id": 1, "message": {"text": CANARY, "chat": {"id": "not a number"}}}, Messenger().bot)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


async def test_no_repr_holds_what_a_person_wrote_or_who_they_are() -> None:
    came = await heard("types", CANARY)
    assert CANARY not in repr(came)
    assert "7000001" not in repr(came)
