"""What a bot sends reaches the page, in Telegram's shape and within Telegram's limits."""

import re
import struct

import aiohttp
import pytest

from bot.webchat.base.protocol import JsonObject
from tests.bot.webchat.bot_api import Api
from tests.person import Person

GIF = b"GIF89a" + struct.pack("<HH", 3, 2) + b"\0" * 10
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 30, 20) + b"\0" * 8


async def test_a_message_comes_back_in_telegrams_shape_and_is_on_the_page(
    api: Api, person: Person, chat_id: int
) -> None:
    sent = await api.ok("sendMessage", chat_id=chat_id, text=" Hi you /help ", entities=[bold(4, 3)])
    assert sent["text"] == "Hi you /help"
    assert sent["entities"] == [
        {"type": "bold", "offset": 3, "length": 3},
        {"type": "bot_command", "offset": 7, "length": 5},
    ]
    assert sent["chat"] == {"id": chat_id, "first_name": "Guest", "type": "private"}
    assert sent["from"]["is_bot"] is True
    shown = await person.wait_to_see("Hi you")
    assert shown.marked("bold") == ["you"]


async def test_explicit_entities_count_in_utf16(api: Api, person: Person, chat_id: int) -> None:
    entities = [{"type": "code", "offset": 3, "length": 4}]
    await api.ok("sendMessage", chat_id=chat_id, text="🙂 word!", entities=entities)
    assert (await person.wait_to_see("word!")).codes == ["word"]


def bold(offset: int, length: int) -> JsonObject:
    return {"type": "bold", "offset": offset, "length": length}


@pytest.mark.parametrize("mode", ["HTML", "MarkdownV2", "markdown", "Wiki"])
async def test_every_parse_mode_is_refused_and_changes_nothing(
    api: Api, person: Person, chat_id: int, mode: str
) -> None:
    sent = await api.ok("sendMessage", chat_id=chat_id, text="*a*", parse_mode="None")
    assert "entities" not in sent
    place = {"chat_id": chat_id, "message_id": sent["message_id"]}
    refusal = "400 Bad Request: unsupported parse_mode"
    markup = {"text": "<b>b</b>", "parse_mode": mode}
    assert await api.refused("sendMessage", chat_id=chat_id, **markup) == refusal
    assert await api.refused("editMessageText", **place, **markup) == refusal
    captioned = {"chat_id": chat_id, "caption": "<b>b</b>", "parse_mode": mode}
    status, answer = await multipart(api, "sendDocument", "document", "a.txt", b"text", **captioned)
    assert f"{status} {answer['description']}" == refusal
    await person.settled()
    assert person.sees("*a*")
    assert not person.sees("<b>")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "  \n"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🙂" * 2049}, "message is too long"),
        ({"text": "é" * 16_385}, "text is too long"),
        ({"text": "abc", "entities": [bold(4, 1)]}, "entity begins after the end of the text at UTF-16 offset 4"),
        (
            {"text": "abc", "entities": [bold(1, 3)]},
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 4",
        ),
        ({"text": "é🙂", "entities": [bold(2, 1)]}, "entity begins in a middle of a UTF-16 symbol at byte offset 6"),
        (
            {"text": "é🙂", "entities": [bold(0, 2)]},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 6",
        ),
        (
            {"text": "abc", "entities": [{**bold(0, 1), "type": "text_link"}]},
            "can't parse MessageEntity: Can't find field \"url\"",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 7}}, "message to be replied not found"),
    ],
)
async def test_texts_that_telegram_refuses(api: Api, chat_id: int, said: JsonObject, why: str) -> None:
    assert await api.refused("sendMessage", chat_id=chat_id, **said) == f"400 Bad Request: {why}"


async def test_white_space_at_the_ends_of_a_text_does_not_count(api: Api, chat_id: int) -> None:
    sent = await api.ok("sendMessage", chat_id=chat_id, text=" \n" + "x" * 4096 + " ")
    assert len(sent["text"]) == 4096


def keyboard(**button: object) -> JsonObject:
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"url": "tel:999"}, "inline keyboard button URL 'tel:999' is invalid: Unsupported URL protocol"),
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"web_app": {"url": "http://hark.example/"}}, "BUTTON_URL_INVALID"),
        ({"web_app": {}}, "BUTTON_URL_INVALID"),
        ({}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ],
)
async def test_buttons_that_telegram_refuses(api: Api, chat_id: int, button: JsonObject, why: str) -> None:
    refusal = await api.refused("sendMessage", chat_id=chat_id, text="x", reply_markup=keyboard(**button))
    assert refusal == f"400 Bad Request: {why}"


async def test_a_keyboard_has_at_most_a_hundred_buttons(api: Api, chat_id: int) -> None:
    rows = [[{"text": "Go", "callback_data": "go"}]] * 101
    refusal = await api.refused("sendMessage", chat_id=chat_id, text="x", reply_markup={"inline_keyboard": rows})
    assert refusal == "400 Bad Request: reply markup is too long"


async def test_buttons_links_and_copies_reach_the_page_row_by_row(api: Api, person: Person, chat_id: int) -> None:
    rows = [[{"text": "A", "callback_data": "é" * 32}, {"text": "B", "url": "https://example.org/"}]]
    rows.append([{"text": "C", "copy_text": {"text": "words"}}, {"text": "D", "web_app": {"url": "https://e.org/"}}])
    sent = await api.ok("sendMessage", chat_id=chat_id, text="pick", reply_markup={"inline_keyboard": rows})
    assert sent["reply_markup"] == {"inline_keyboard": rows}
    shown = await person.wait_to_see("pick")
    assert [[key.text for key in row] for row in shown.rows] == [["A", "B"], ["C", "D"]]
    assert (shown.buttons[2].copy, shown.buttons[3].url) == ("words", "https://e.org/")


async def test_markups_that_mean_nothing_here_are_accepted(api: Api, chat_id: int) -> None:
    sent = await api.ok(
        "sendMessage",
        chat_id=chat_id,
        text="x",
        reply_markup={"remove_keyboard": True},
        link_preview_options={"is_disabled": True},
        protect_content=True,
    )
    assert "reply_markup" not in sent
    assert sent["has_protected_content"] is True


async def test_a_forced_reply_asks_the_page_for_real_fields(api: Api, person: Person, chat_id: int) -> None:
    markup = {"force_reply": True, "input_field_placeholder": "password+one-time-code: Passphrase and code"}
    await api.ok("sendMessage", chat_id=chat_id, text="Unlock", reply_markup=markup)
    shown = await person.wait_to_see("Unlock")
    assert shown.field == {"parts": ["password", "one-time-code"], "label": "Passphrase and code"}
    await person.type("correct horse\n123456", secret=True, reply_to=shown.id)
    message = (await api.next_update())["message"]
    assert message["text"] == "correct horse\n123456"
    assert message["reply_to_message"]["message_id"] == shown.id
    await person.settled()
    assert not person.sees("horse")
    async with await person.arrive(person._url, start=None, token=person.token) as reloaded:
        await reloaded.wait_to_see("Unlock")
        assert not reloaded.sees("horse")


async def test_an_ordinary_placeholder_is_no_secret(api: Api, person: Person, chat_id: int) -> None:
    markup = {"force_reply": True, "input_field_placeholder": "Your words"}
    await api.ok("sendMessage", chat_id=chat_id, text="Tell", reply_markup=markup)
    assert (await person.wait_to_see("Tell")).field is None


async def multipart(
    api: Api, method: str, field: str, name: str, content: bytes, **said: object
) -> tuple[int, JsonObject]:
    form = aiohttp.FormData({key: str(value) for key, value in said.items()}, quote_fields=False)
    form.add_field(field, content, filename=name)
    async with api.http.post(api.url(method), data=form) as answer:
        return answer.status, await answer.json()


async def test_a_picture_and_a_file_are_kept_and_shown(api: Api, person: Person, chat_id: int) -> None:
    status, answer = await multipart(api, "sendPhoto", "photo", "code.png", PNG, chat_id=chat_id, caption="Scan me")
    assert status == 200
    photo = answer["result"]["photo"][-1]
    assert (photo["width"], photo["height"], photo["file_size"]) == (30, 20, len(PNG))
    assert await person.download(await person.wait_to_see("Scan me")) == PNG
    status, answer = await multipart(api, "sendDocument", "document", "../a.txt", b"text", chat_id=chat_id)
    assert answer["result"]["document"]["file_name"] == "a.txt"
    again = await api.ok("sendDocument", chat_id=chat_id, document=answer["result"]["document"]["file_id"])
    assert again["document"]["file_unique_id"] == answer["result"]["document"]["file_unique_id"]


async def test_files_that_are_refused(api: Api, chat_id: int) -> None:
    assert (await multipart(api, "sendPhoto", "photo", "a.png", b"no picture", chat_id=chat_id))[1]["description"] == (
        "Bad Request: IMAGE_PROCESS_FAILED"
    )
    long = {"chat_id": chat_id, "caption": "x" * 1025}
    assert (await multipart(api, "sendPhoto", "photo", "a.gif", GIF, **long))[1]["description"] == (
        "Bad Request: message caption is too long"
    )
    assert re.match(
        "400 .*wrong file identifier", await api.refused("sendDocument", chat_id=chat_id, document="nothing")
    )
    assert re.match("400 .*there is no photo", await api.refused("sendPhoto", chat_id=chat_id))


async def test_an_action_makes_the_page_say_that_an_answer_is_coming(api: Api, person: Person, chat_id: int) -> None:
    await api.ok("sendChatAction", chat_id=chat_id, action="typing")
    await person.wait_for(lambda: person.typing)
    await api.ok("sendMessage", chat_id=chat_id, text="here")
    await person.wait_for(lambda: person.sees("here") and not person.typing)


async def test_a_chat_that_never_was_is_not_found(api: Api) -> None:
    for chat_id in (5, -5, 0, 1 << 52, -(1 << 70), 1 << 70):
        assert await api.refused("sendMessage", chat_id=chat_id, text="x") == "400 Bad Request: chat not found"
    assert await api.refused("sendMessage", text="x") == "400 Bad Request: chat_id is empty"
