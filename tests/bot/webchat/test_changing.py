"""Editing, deleting, commands, names, tokens, faults: the rest of the Bot API, and its refusals."""

import asyncio

import aiohttp
import pytest

from bot.webchat.base.protocol import JsonObject
from tests.bot.webchat.bot_api import Api
from tests.bot.webchat.kinds import Arrive, Started
from tests.person import Person

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
ITALIC = [{"type": "italic", "offset": 0, "length": 3}]


async def test_an_edit_reaches_the_page_and_says_when_it_was(api: Api, person: Person, chat_id: int) -> None:
    sent = await api.ok("sendMessage", chat_id=chat_id, text="One", reply_markup=YES)
    place = {"chat_id": chat_id, "message_id": sent["message_id"]}
    edited = await api.ok("editMessageText", **place, text="Two", entities=ITALIC)
    assert edited["edit_date"] >= sent["date"]
    assert "reply_markup" not in edited
    await person.wait_for(lambda: person.sees("Two") and not person.sees("One"))
    edited = await api.ok("editMessageReplyMarkup", **place, reply_markup=YES)
    assert edited["text"] == "Two"
    await person.wait_for(lambda: person.buttons == ["Yes"])
    again = await api.refused("editMessageReplyMarkup", **place, reply_markup=YES)
    assert again.startswith("400 Bad Request: message is not modified: specified new message content")
    again = await api.refused("editMessageText", **place, text="Two", entities=ITALIC, reply_markup=YES)
    assert again.startswith("400 Bad Request: message is not modified")


async def test_edits_that_telegram_refuses(api: Api, person: Person, chat_id: int) -> None:
    _, own = await person.type("mine")
    sent = await api.ok("sendMessage", chat_id=chat_id, text="One")
    edit = {"chat_id": chat_id, "text": "x"}
    assert await api.refused("editMessageText", **edit, message_id=own) == "400 Bad Request: message can't be edited"
    assert await api.refused("editMessageText", **edit, message_id=1) == "400 Bad Request: message to edit not found"
    empty = {**edit, "text": "", "message_id": sent["message_id"]}
    assert await api.refused("editMessageText", **empty) == "400 Bad Request: message text is empty"
    long = {**edit, "text": "x" * 4097, "message_id": sent["message_id"]}
    assert await api.refused("editMessageText", **long) == "400 Bad Request: MESSAGE_TOO_LONG"
    caption = {"chat_id": chat_id, "caption": "x", "message_id": sent["message_id"]}
    assert "no caption" in await api.refused("editMessageCaption", **caption)


async def test_both_sides_messages_are_deleted(api: Api, person: Person, chat_id: int) -> None:
    _, own = await person.type("mine")
    sent = await api.ok("sendMessage", chat_id=chat_id, text="One")
    await person.wait_for(lambda: person.sees("One"))
    await api.ok("deleteMessages", chat_id=chat_id, message_ids=[own, sent["message_id"], 77])
    await person.wait_for(lambda: not person.sees("One") and not person.sees("mine"))
    gone = await api.refused("deleteMessage", chat_id=chat_id, message_id=own)
    assert gone == "400 Bad Request: message to delete not found"


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        (["x"], "can't parse message identifier as a Number"),
        ([[1]], "message identifier must be a Number"),
        ([0], "invalid message identifier specified"),
        ("5", "expected an Array of message identifiers"),
    ],
)
async def test_one_to_a_hundred_messages_go_at_once(api: Api, chat_id: int, ids: list[object], why: str) -> None:
    assert await api.refused("deleteMessages", chat_id=chat_id, message_ids=ids) == f"400 Bad Request: {why}"


async def test_identifiers_may_be_written_as_text(api: Api, person: Person, chat_id: int) -> None:
    sent = await api.ok("sendMessage", chat_id=chat_id, text="not for long")
    assert await api.ok("deleteMessages", chat_id=chat_id, message_ids=[str(sent["message_id"])]) is True
    await person.wait_for(lambda: not person.sees("not for long"))


async def test_after_48_hours_a_message_cannot_be_deleted(started: Started) -> None:
    now = [1_800_000_000.0]
    async with started(clock=lambda: now[0]) as api, await Person.arrive(api.chat.page_url):
        message = (await api.next_update())["message"]
        place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        now[0] += 48 * 3600 + 1
        assert await api.refused("deleteMessage", **place) == "400 Bad Request: message can't be deleted"


async def test_a_chat_sees_the_commands_of_its_nearest_scope_and_its_language(api: Api, arrive: Arrive) -> None:
    def listed(name: str) -> list[JsonObject]:
        return [{"command": name, "description": name.title()}]

    english, spanish = await arrive(), await arrive(language="es")
    ids = {one["message"]["from"]["language_code"]: one["message"]["chat"]["id"] for one in await api.updates()}
    await api.ok("setMyCommands", commands=listed("everybody"))
    await api.ok("setMyCommands", commands=listed("ayuda"), language_code="es", scope={"type": "all_private_chats"})
    await spanish.wait_for(lambda: spanish.commands == listed("ayuda"))
    await english.wait_for(lambda: english.commands == listed("everybody"))
    desk = {"type": "chat", "chat_id": ids["en"]}
    await api.ok("setMyCommands", commands=listed("queue"), scope=desk)
    await english.wait_for(lambda: english.commands == listed("queue"))
    assert await api.ok("getMyCommands", scope=desk) == listed("queue")
    assert await api.ok("getMyCommands", scope=desk, language_code="es") == []
    await api.ok("deleteMyCommands", scope=desk)
    await english.wait_for(lambda: english.commands == listed("everybody"))
    assert spanish.commands == listed("ayuda")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"commands": [{"command": "No Way", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "ok", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "ok", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "scope": {"type": "moon"}}, "can't parse BotCommandScope: unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat"}}, "can't parse BotCommandScope: empty chat_id specified"),
    ],
)
async def test_commands_that_telegram_refuses(api: Api, said: JsonObject, why: str) -> None:
    assert await api.refused("setMyCommands", **said) == f"400 Bad Request: {why}"


async def test_names_are_accepted_and_change_nothing(api: Api) -> None:
    for method in ("setMyName", "setMyDescription", "setMyShortDescription"):
        assert await api.ok(method, name="X", description="X", short_description="X") is True
    assert (await api.ok("getMe"))["first_name"] == "Bot"


async def test_a_wrong_token_and_an_unknown_method(api: Api) -> None:
    async with api.http.get(api.url("getMe", token="1:wrong")) as answer:
        assert answer.status == 401
        assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    async with api.http.get(api.url("getMe", token="no-token")) as answer:
        assert await answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert await api.refused("makeCoffee") == "404 Not Found: method not found"
    async with api.http.get(api.chat.api_url + "/") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("how", ["query", "urlencoded", "multipart", "json"])
async def test_every_way_of_passing_parameters_is_read(api: Api, person: Person, chat_id: int, how: str) -> None:
    said = {
        "chat_id": str(chat_id),
        "text": how,
        "reply_markup": '{"inline_keyboard":[[{"text":"T","callback_data":"t"}]]}',
    }
    url = api.url("SENDMESSAGE")
    form = aiohttp.FormData(said)
    form._is_multipart = how == "multipart"
    request = {
        "query": lambda: api.http.get(url, params=said),
        "urlencoded": lambda: api.http.post(url, data=form),
        "multipart": lambda: api.http.post(url, data=form),
        "json": lambda: api.http.post(url, json=said),
    }[how]
    async with request() as answer:
        assert (await answer.json())["ok"] is True
    assert (await person.wait_to_see(how)).buttons[0].data == "t"


PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b'{"text": ' + b"[" * 50_000),
        ("application/json", b"\xff"),
        ("application/x-www-form-urlencoded", b"text=\xff"),
        ("multipart/form-data; boundary=x", b"nothing"),
        ("multipart/form-data; boundary=x", PART + b"\r\n\xff\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", PART + b"X: y\r\n" * 200 + b"\r\n--x--\r\n"),
    ],
)
async def test_a_body_that_is_not_what_it_says_is_refused(api: Api, kind: str, body: bytes) -> None:
    async with api.http.post(api.url("getMe"), data=body, headers={"Content-Type": kind}) as answer:
        assert (await answer.json())["description"] == "Bad Request: can't parse request body"


async def test_a_body_of_very_many_parts_is_too_large_however_small_they_are(api: Api) -> None:
    kind = "multipart/form-data; boundary=x"
    async with api.http.post(
        api.url("getMe"), data=65 * (PART + b"\r\n\r\n"), headers={"Content-Type": kind}
    ) as answer:
        assert (answer.status, (await answer.json())["error_code"]) == (413, 413)


@pytest.mark.parametrize("number", ['"x"', "1e999", "NaN", "[]", "{}"])
async def test_a_number_that_is_none_is_refused(api: Api, number: str) -> None:
    body, kind = f'{{"offset": {number}}}', {"Content-Type": "application/json"}
    async with api.http.post(api.url("getUpdates"), data=body, headers=kind) as answer:
        assert (await answer.json())["description"] == "Bad Request: invalid offset specified"


async def test_faults_spoil_an_answer_before_or_after_it_took_effect(api: Api, person: Person, chat_id: int) -> None:
    faults = api.chat.faults
    faults.flood("sendMessage", 7)
    async with api.http.post(api.url("sendMessage"), json={"chat_id": chat_id, "text": "one"}) as flooded:
        assert (flooded.status, flooded.headers["Retry-After"]) == (429, "7")
        assert (await flooded.json())["parameters"] == {"retry_after": 7}
    faults.next_answer("sendMessage", 502, "<html>bad gateway</html>", after=True)
    async with api.http.post(api.url("sendMessage"), json={"chat_id": chat_id, "text": "two"}) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
    faults.drop("sendMessage", after=True)
    with pytest.raises(aiohttp.ClientError):
        await api.raw("sendMessage", chat_id=chat_id, text="three")
    held = faults.hang("sendMessage")
    sending = asyncio.create_task(api.ok("sendMessage", chat_id=chat_id, text="four"))
    await held.reached.wait()
    assert not person.sees("four")
    held.release.set()
    await sending
    await person.wait_for(lambda: person.sees("four"))
    assert [one.text for one in person.heard] == ["two", "three", "four"]
