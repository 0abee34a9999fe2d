"""What people do reaches the bot as updates: once, in order, until they are confirmed."""

import asyncio

import pytest

from bot.webchat.base.protocol import Bounds, JsonObject
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.kinds import Started
from tests.person import Person


async def test_a_text_is_an_update_with_ids_from_the_clock(api: Api, person: Person) -> None:
    update_id, message_id = await person.type("Hi, see /case_K7 🙂")
    (update,) = await api.updates()
    message = update["message"]
    assert (update["update_id"], message["message_id"]) == (update_id, message_id)
    assert update_id > 1_700_000_000_000
    assert message["entities"] == [{"type": "bot_command", "offset": 8, "length": 8}]
    chat_id = message["chat"]["id"]
    assert message["chat"] == {"id": chat_id, "first_name": "Guest", "type": "private"}
    assert message["from"] == {"id": chat_id, "is_bot": False, "first_name": "Guest", "language_code": "en"}
    assert 0 < chat_id < 1 << 52


@pytest.mark.parametrize("letter", ["🇬🇧", "👨🏽\u200d👩🏿\u200d👧", "e\u0301\u0323", "\u1112\u1161\u11ab", "क्षि"])
async def test_a_text_longer_than_a_message_arrives_in_several_and_tears_no_letter(
    api: Api, person: Person, letter: str
) -> None:
    text = "x" + letter * (8000 // len(letter.encode("utf-16-le")))
    await person.type(text * 2)
    parts = [update["message"]["text"] for update in await api.updates()]
    assert len(parts) > 1
    assert "".join(parts) == text * 2
    assert {left for part in parts for left in part.replace(letter, "")} == {"x"}


async def test_an_update_comes_again_until_an_offset_confirms_it_and_only_then_is_it_settled(
    api: Api, person: Person
) -> None:
    await person.type("one")
    await person.type("two")
    first, second = await api.updates()
    assert [first, second] == await api.updates()
    assert person.unsettled == 2
    assert await api.updates(offset=second["update_id"]) == [second]
    await api.ok("getUpdates", offset=second["update_id"] + 1)
    await person.settled()


async def test_a_long_poll_answers_at_the_first_update(api: Api, person: Person) -> None:
    polling = asyncio.create_task(api.ok("getUpdates", timeout=50))
    await asyncio.sleep(0)
    await person.type("now")
    assert (await asyncio.wait_for(polling, 5))[0]["message"]["text"] == "now"
    assert await api.ok("getUpdates", offset=-1, limit=1)


async def test_a_negative_offset_forgets_all_but_the_last(api: Api, person: Person) -> None:
    for word in ("one", "two", "three"):
        await person.type(word)
    assert [one["message"]["text"] for one in await api.updates(offset=-1)] == ["three"]


async def test_the_older_of_two_pollers_is_ended_with_409(api: Api, person: Person) -> None:
    older = asyncio.create_task(api.raw("getUpdates", timeout=50))
    await until(lambda: api.chat._door.updates._poller)
    newer = asyncio.create_task(api.raw("getUpdates", timeout=50))
    status, answer = await asyncio.wait_for(older, 5)
    assert status == answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await person.type("for the newer")
    assert (await newer)[1]["result"][0]["message"]["text"] == "for the newer"


async def test_kinds_that_are_not_allowed_are_not_delivered(api: Api, person: Person) -> None:
    await api.ok("getUpdates", allowed_updates=["callback_query"])
    await person.type("unheard")
    await person.settled()
    await api.ok("getUpdates", allowed_updates=[])
    await person.type("heard")
    assert [one["message"]["text"] for one in await api.updates()] == ["heard"]


async def test_delete_webhook_may_drop_what_is_pending(api: Api, person: Person) -> None:
    await person.type("dropped")
    assert (await api.ok("getWebhookInfo")) == {"url": "", "has_custom_certificate": False, "pending_update_count": 1}
    await api.ok("deleteWebhook", drop_pending_updates=True)
    assert (await api.ok("getWebhookInfo"))["pending_update_count"] == 0
    assert await api.ok("setWebhook", url="") is True


async def test_the_same_input_sent_again_is_applied_once(api: Api, person: Person) -> None:
    act = {"id": "one-and-only", "text": "hello"}
    first = await person.post("/api/send", act)
    assert first == await person.post("/api/send", act)
    assert len(await api.updates()) == 1


async def test_a_text_over_the_limit_arrives_as_several_messages(api: Api, person: Person) -> None:
    ids = await person.type("word " * 1000 + "🙂" * 3000)
    parts = [one["message"]["text"] for one in await api.updates()]
    assert len(parts) == len(ids) / 2 == 3
    assert all(len(part.encode("utf-16-le")) / 2 <= 4096 for part in parts)
    assert "".join(parts).count("🙂") == 3000
    assert "".join(parts).count("word") == 1000


async def test_a_tap_is_answered_once_and_its_query_then_is_too_old(api: Api, person: Person, chat_id: int) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await api.ok("sendMessage", chat_id=chat_id, text="Sure?", reply_markup=markup)
    await person.tap("Yes")
    query = (await api.next_update())["callback_query"]
    assert query["data"] == "y"
    assert query["message"] == sent
    assert query["from"]["id"] == chat_id
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="Fine", show_alert=True)
    await person.wait_for(lambda: person.notices)
    assert (person.notices[0]["text"], person.notices[0]["alert"]) == ("Fine", True)
    too_old = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await api.refused("answerCallbackQuery", callback_query_id=query["id"]) == too_old
    assert await api.refused("answerCallbackQuery", callback_query_id="1") == too_old


async def test_a_query_grows_too_old_with_the_clock(started: Started) -> None:
    now = [1_800_000_000.0]
    async with started(clock=lambda: now[0]) as api, await Person.arrive(api.chat.page_url) as person:
        chat_id = (await api.next_update())["message"]["chat"]["id"]
        markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
        await api.ok("sendMessage", chat_id=chat_id, text="Sure?", reply_markup=markup)
        await person.tap("Yes")
        query = (await api.next_update())["callback_query"]
        now[0] += 16 * 60
        assert "query is too old" in await api.refused("answerCallbackQuery", callback_query_id=query["id"])


async def test_a_button_of_a_deleted_message_arrives_as_inaccessible(api: Api, person: Person, chat_id: int) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await api.ok("sendMessage", chat_id=chat_id, text="Sure?", reply_markup=markup)
    shown = await person.wait_to_see("Sure?")
    await api.ok("deleteMessage", chat_id=chat_id, message_id=sent["message_id"])
    await person.tap("Yes", on=shown)
    message = (await api.next_update())["callback_query"]["message"]
    assert message == {"chat": message["chat"], "message_id": sent["message_id"], "date": 0}


async def test_leaving_for_good_is_told_like_a_block_and_then_refuses(api: Api, person: Person, chat_id: int) -> None:
    await person.leave()
    change = (await api.next_update())["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    assert change["chat"]["id"] == chat_id
    for method in ("sendMessage", "sendChatAction", "deleteMessage"):
        refusal = await api.refused(method, chat_id=chat_id, text="x", action="typing", message_id=1)
        assert refusal == "403 Forbidden: bot was blocked by the user"
    async with await Person.arrive(api.chat.page_url, token=person.token) as other:
        assert (await api.next_update())["message"]["chat"]["id"] != chat_id
        assert other.token != person.token


async def test_a_file_of_a_person_can_be_fetched_by_the_bot(api: Api, person: Person) -> None:
    await person.upload("note.pdf", b"%PDF-", mime="application/pdf", caption="my note")
    message = (await api.next_update())["message"]
    assert message["caption"] == "my note"
    assert message["document"]["file_name"] == "note.pdf"
    file = await api.ok("getFile", file_id=message["document"]["file_id"])
    assert file["file_size"] == 5
    async with api.http.get(f"{api.chat.api_url}/file/bot{api.chat.token}/{file['file_path']}") as answer:
        assert await answer.read() == b"%PDF-"
    async with api.http.get(f"{api.chat.api_url}/file/bot1:x/{file['file_path']}") as answer:
        assert answer.status == 401
    assert await api.refused("getFile", file_id="other") == "400 Bad Request: invalid file_id"


async def test_a_file_over_twenty_megabytes_is_refused_and_not_kept(api: Api, person: Person) -> None:
    with pytest.raises(PermissionError, match="413 large"):
        await person.upload("big", b"x" * (20 * 1024 * 1024 + 1))
    assert api.chat.pending == 0


async def test_a_restart_keeps_the_chat_and_delivers_the_unconfirmed_under_its_old_ids(started: Started) -> None:
    secret = b"k" * 16
    async with started(secret=secret) as api:
        port = int(api.chat.page_url.rstrip("/").rsplit(":", 1)[1])
        person = await Person.arrive(api.chat.page_url)
        chat_id = (await api.next_update())["message"]["chat"]["id"]
        markup = {"inline_keyboard": [[{"text": "Old", "callback_data": "o"}]]}
        await api.ok("sendMessage", chat_id=chat_id, text="Before", reply_markup=markup)
        old = await person.wait_to_see("Before")
        await person.settled()
        ids = await person.type("not yet confirmed")
    async with started(secret=secret, page_port=port) as api:
        await api.ok("sendMessage", chat_id=chat_id, text="Spoken before the tab came back")
        await person.wait_for(lambda: person.restarts)
        update = await api.next_update()
        assert [update["update_id"], update["message"]["message_id"]] == ids
        assert update["message"]["chat"]["id"] == chat_id
        assert await api.ok("getUpdates") == []
        await person.settled()
        assert person.sees("Before")
        assert person.sees("Spoken before")
        await person.tap("Old", on=old)
        assert (await api.next_update())["callback_query"]["message"]["date"] == 0
        assert await api.refused("deleteMessage", chat_id=chat_id, message_id=old.id) == (
            "400 Bad Request: message to delete not found"
        )
        await person.wait_for(lambda: not person.sees("Before"))
        await person.close()


async def test_without_the_secret_a_restart_gives_a_new_chat(started: Started) -> None:
    async with started() as api, await Person.arrive(api.chat.page_url) as person:
        chat_id = (await api.next_update())["message"]["chat"]["id"]
        token = person.token
    async with started() as api, await Person.arrive(api.chat.page_url, token=token):
        assert (await api.next_update())["message"]["chat"]["id"] != chat_id


async def test_too_many_updates_are_refused_and_a_tab_that_hurries_is_slowed_down(started: Started) -> None:
    bounds = Bounds(held_seconds=0, pending_updates=3, pace_burst=4, pace_per_second=0.5, messages_per_chat=2)
    async with started(bounds=bounds) as api, await Person.arrive(api.chat.page_url, start=None) as person:
        sent = [(await person.post("/api/send", {"id": str(one), "text": "x"}))[0] for one in range(4)]
        assert sent == [200, 200, 200, 503]
        status, answer = await person.post("/api/send", {"id": "5", "text": "x"})
        assert (status, answer["error"]) == (429, "pace")
        assert 0 < answer["retry_after"] <= 2
        assert (await person.post("/api/send", {"id": "0", "text": "x"}))[0] == 200  # a repetition costs nothing
        chat_id = (await api.updates())[0]["message"]["chat"]["id"]
        assert len(api.chat._door.chats.open(chat_id).messages) == 2


async def test_the_chat_nobody_watches_makes_room_and_when_all_are_watched_none_is_opened(started: Started) -> None:
    async with started(bounds=Bounds(held_seconds=0, chats=2)) as api:
        first, second = [await Person.arrive(api.chat.page_url, start=None) for _ in range(2)]
        await first.close()
        third = await Person.arrive(api.chat.page_url, start=None)
        await until(lambda: sum(one.watchers for one in api.chat._door.chats._chats.values()) == 2)
        assert (await second.post("/api/open", {"token": ""}))[0] == 503
        await second.close()
        await third.close()


async def test_idle_chats_are_forgotten(started: Started) -> None:
    now = [1_800_000_000.0]
    async with started(clock=lambda: now[0]) as api, await Person.arrive(api.chat.page_url) as person:
        await api.next_update()
        await person.settled()
        now[0] += 24 * 3600 + 1
        api.chat._door.chats.drop_idle()
        await person.wait_for(lambda: person.restarts)
        await person.type("still here")
        assert (await api.next_update())["message"]["text"] == "still here"


@pytest.mark.parametrize(
    ("path", "said", "refusal"),
    [
        ("/api/send", {"id": "1", "text": " "}, (400, "bad")),
        ("/api/send", {"id": "1", "text": "\0\r\u202e"}, (400, "bad")),
        ("/api/send", {"text": "x"}, (400, "bad")),
        ("/api/send", {"id": "1", "text": 5}, (400, "bad")),
        ("/api/send", {"id": "1", "text": "x" * 40_000}, (413, "large")),
        ("/api/send", {"id": "1", "text": "x", "token": "AAAA"}, (401, "session")),
        ("/api/tap", {"id": "1", "message": 1, "data": "é" * 33}, (400, "bad")),
        ("/api/file", {"message": 1}, (404, "gone")),
    ],
)
async def test_what_the_page_may_not_say(person: Person, path: str, said: JsonObject, refusal: tuple[int, str]) -> None:
    status, answer = await person.post(path, said)
    assert (status, answer["error"]) == refusal


async def test_a_token_of_one_letter_more_or_less_is_not_ours(person: Person) -> None:
    other = "B" if person.token[20] == "A" else "A"
    for wrong in ("", person.token + "A", person.token[:-1], "é", person.token[:20] + other + person.token[21:]):
        assert (await person.post("/api/events", {"token": wrong}))[0] == 401


async def test_a_body_nested_beyond_all_sense_is_refused_like_any_other_that_is_none(person: Person) -> None:
    url, kind = f"{person._url}/api/open", {"Content-Type": "application/json"}
    async with person._http.post(url, data=b'{"a":' * 20_000, headers=kind) as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "bad")


async def test_half_an_emoji_which_nothing_can_keep_arrives_as_a_mark(api: Api, person: Person) -> None:
    await person.type("half \ud83d and whole \U0001f600")
    assert (await api.next_update())["message"]["text"] == "half \ufffd and whole \U0001f600"
    await person.tap_data(1, "\udc00")
    assert (await api.next_update())["callback_query"]["data"] == "\ufffd"


async def test_what_only_a_program_can_have_put_into_a_text_is_taken_out(api: Api, person: Person) -> None:
    await person.type("one\r\n\ttwo\0three \u202egpj.exe \u200fم\u200f")
    assert (await api.next_update())["message"]["text"] == "one\n\ttwo three gpj.exe \u200fم\u200f"


async def test_what_a_page_says_first_is_answered_with_the_session(api: Api) -> None:
    async def arrives(**first: JsonObject | str | bool) -> JsonObject:
        said = {"language": "es", "token": "", "first": {"id": "a" * 8, "text": "/start", **first}}
        async with api.http.post(f"{api.chat.page_url}api/open", json=said) as answer:
            return {"status": answer.status, **await answer.json()}

    arriving = asyncio.create_task(arrives())
    update = await api.next_update()
    assert (update["message"]["text"], update["message"]["from"]["language_code"]) == ("/start", "es")
    await api.ok("sendMessage", chat_id=update["message"]["chat"]["id"], text="Who are you?")
    answered = await arriving
    assert [one["text"] for one in answered["changes"]["messages"]] == ["/start", "Who are you?"]
    assert (answered["blank"], answered["changes"]["settled"]) == (True, ["a" * 8])
    assert update["update_id"] in answered["ids"]
    assert answered["ticket"]
    assert (await arrives(id=""))["status"] == 400
    silent = await arrives()  # the bot says nothing: the page goes on without its words
    assert [one["text"] for one in silent["changes"]["messages"]] == ["/start"]


async def test_what_a_page_says_first_is_not_said_again_by_who_comes_back(api: Api, person: Person) -> None:
    await person.type("hello")
    said = {"token": person.token, "first": {"id": "b" * 8, "text": "/start"}}
    async with api.http.post(f"{api.chat.page_url}api/open", json=said) as answer:
        assert {"changes", "ids"} & (await answer.json()).keys() == set()
    said["first"]["always"] = True
    async with api.http.post(f"{api.chat.page_url}api/open", json=said) as answer:
        assert [one["text"] for one in (await answer.json())["changes"]["messages"]] == ["hello", "/start"]
    assert [one["message"]["text"] for one in await api.updates()] == ["hello", "/start"]
