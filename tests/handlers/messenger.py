"""A messenger in memory for one bot: it keeps chats as Telegram does, and can refuse as Telegram does.

One honest simulator instead of doubles: the bot talks to it through aiogram's own session interface, and a `Person`
writes to it and presses the buttons that are really there.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMessages,
    EditMessageText,
    GetFile,
    SendMessage,
    SetMyCommands,
    TelegramMethod,
)

from storage.values import Address

TOKEN = "42:TEST"
Update = dict[str, Any]
Refusal = tuple[int, str, dict[str, int]]

FORBIDDEN: Refusal = (403, "Forbidden: bot was blocked by the user", {})
NOT_MODIFIED: Refusal = (400, "Bad Request: message is not modified", {})
NOT_FOUND: Refusal = (400, "Bad Request: message to edit not found", {})
TOO_OLD: Refusal = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", {})
BAD_GATEWAY: Refusal = (502, "<html>Bad Gateway</html>", {})


def wait(seconds: int) -> Refusal:
    """A 429 that asks for a pause of `seconds`."""
    return (429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


@dataclass
class Shown:
    """A message in a chat, of either side."""

    number: int
    text: str
    mine: bool
    markup: dict[str, Any] = field(default_factory=dict)
    entities: list[dict[str, Any]] = field(default_factory=list)
    protected: bool = False

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons, row by row."""
        return [button for row in self.markup.get("inline_keyboard", []) for button in row]

    @property
    def code(self) -> str:
        """The text of its only code entity."""
        [entity] = [entity for entity in self.entities if entity["type"] == "code"]
        data = self.text.encode("utf-16-le")
        start = entity["offset"] * 2
        return data[start : start + entity["length"] * 2].decode("utf-16-le")


class Messenger(BaseSession):
    """All chats of one bot.

    `refuse` lists refusals to give, by method and chat, each once; while `hears` is not set, no press is acknowledged.
    """

    def __init__(self) -> None:
        super().__init__()
        self.chats: dict[int, list[Shown]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        #: What was sent, by its id: of each the bytes.
        self.files: dict[str, bytes] = {}
        self.refuse: dict[tuple[str, int], list[Refusal]] = {}
        self.hears = asyncio.Event()
        self.hears.set()
        self.numbers = itertools.count(1000)
        self.updates = itertools.count(500_000)
        self.bot = Bot(TOKEN, session=self)

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, url: str, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """The bytes of a file that somebody sent, in pieces."""
        content = self.files[url.rsplit("/", 1)[-1]]
        for begin in range(0, len(content), 1 << 16):
            yield content[begin : begin + (1 << 16)]

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109 - aiogram's signature
    ) -> Any:
        """Answer one Bot API call, over JSON as Telegram would."""
        dumped = {
            key: self.prepare_value(value, bot, {}, _dumps_json=False)
            for key, value in method.model_dump(warnings=False).items()
        }
        values = json.loads(json.dumps({key: value for key, value in dumped.items() if value is not None}))
        name = type(method).__api_method__
        self.calls.append((name, values))
        if isinstance(method, AnswerCallbackQuery):
            await self.hears.wait()
        refusals = self.refuse.get((name, int(values.get("chat_id", 0))), [])
        status, body = self._refused(refusals.pop(0)) if refusals else self._answered(method, values)
        return self.check_response(bot, method, status, body).result

    def named(self, name: str) -> list[dict[str, Any]]:
        """The arguments of every call of that method so far."""
        return [values for called, values in self.calls if called == name]

    def _refused(self, refusal: Refusal) -> tuple[int, str]:
        status, text, parameters = refusal
        if text.startswith("<"):
            return status, text
        answer = {"ok": False, "error_code": status, "description": text, "parameters": parameters or None}
        return status, json.dumps(answer)

    def _answered(self, method: TelegramMethod[Any], values: dict[str, Any]) -> tuple[int, str]:
        match method:
            case SendMessage():
                result: object = self._message(values["chat_id"], self._send(values))
            case EditMessageText():
                shown = self._find(values["chat_id"], values["message_id"])
                if shown is None:
                    return self._refused(NOT_FOUND)
                markup = values.get("reply_markup", {})
                if (shown.text, shown.markup) == (values["text"], markup):
                    return self._refused(NOT_MODIFIED)
                shown.text, shown.markup, shown.entities = values["text"], markup, values.get("entities", [])
                result = self._message(values["chat_id"], shown)
            case DeleteMessages() | DeleteMessage():
                gone = set(values.get("message_ids", [values.get("message_id")]))
                chat = self.chats.setdefault(values["chat_id"], [])
                chat[:] = [shown for shown in chat if shown.number not in gone]
                result = True
            case GetFile(file_id=name) if name in self.files:
                result = {"file_id": name, "file_unique_id": name, "file_path": f"documents/{name}"}
            case AnswerCallbackQuery() | SetMyCommands():
                result = True
            case _:
                raise AssertionError(f"nobody expected {type(method).__name__}")
        return 200, json.dumps({"ok": True, "result": result})

    def _send(self, values: dict[str, Any]) -> Shown:
        assert len(values["text"].encode("utf-16-le")) <= 2 * 4096
        shown = Shown(
            next(self.numbers),
            values["text"],
            mine=False,
            markup=values.get("reply_markup", {}),
            entities=values.get("entities", []),
            protected=bool(values.get("protect_content")),
        )
        self.chats.setdefault(values["chat_id"], []).append(shown)
        return shown

    def _find(self, chat: int, number: int) -> Shown | None:
        return next((shown for shown in self.chats.get(chat, []) if shown.number == number), None)

    def _message(self, chat: int, shown: Shown) -> dict[str, Any]:
        markup = shown.markup if "inline_keyboard" in shown.markup else None
        return _plain_message(chat, shown.number, shown.text) | {"entities": shown.entities, "reply_markup": markup}


@dataclass
class Person:
    """Somebody with a chat; what they do goes to `take`, as the update that Telegram would send."""

    messenger: Messenger
    take: Callable[[Update], Awaitable[None]]
    chat: int = 7_000_001
    language: str | None = "en"
    name: str = "Canary Nightingale"

    @property
    def address(self) -> Address:
        """The chat, as storage knows it."""
        return Address("telegram", self.chat)

    @property
    def messages(self) -> list[Shown]:
        """The whole chat as it stands now, both sides."""
        return self.messenger.chats.setdefault(self.chat, [])

    @property
    def screen(self) -> Shown:
        """The last message of the bot's."""
        return [shown for shown in self.messages if not shown.mine][-1]

    async def types(self, text: str) -> Shown:
        """Write a message."""
        shown = Shown(next(self.messenger.numbers), text, mine=True)
        self.messages.append(shown)
        await self.take({"update_id": self._next(), "message": self._message(shown.number, text)})
        return shown

    async def edits(self, shown: Shown, text: str) -> None:
        """Change a message written before."""
        shown.text = text
        await self.take({"update_id": self._next(), "edited_message": self._message(shown.number, text)})

    async def sends(self, content: dict[str, Any]) -> None:
        """Send something that is not text, by the Bot API's fields."""
        shown = Shown(next(self.messenger.numbers), "", mine=True)
        self.messages.append(shown)
        body = self._message(shown.number, "") | content
        del body["text"]
        await self.take({"update_id": self._next(), "message": body})

    async def sends_file(self, content: bytes, kind: str = "document", **told: Any) -> None:
        """Send a document, a photo or a voice message that has bytes."""
        file = f"file{next(self.messenger.numbers)}"
        self.messenger.files[file] = content
        one = {"file_id": file, "file_unique_id": file, "file_size": len(content), **told}
        match kind:
            case "photo":
                await self.sends({"photo": [{**one, "width": 9, "height": 9}]})
            case "voice":
                await self.sends({"voice": {**one, "duration": 3}})
            case _:
                await self.sends({"document": {**one, "file_name": "Ann-CANARY-file.bin"}})

    async def taps(self, label: str, on: Shown | None = None) -> None:
        """Press the button with `label`: on the message given, else the newest that has it."""
        shown = on or self._with(label)
        [data] = [button["callback_data"] for button in shown.buttons if label in button["text"]][:1]
        await self.presses(shown, data)

    async def presses(self, shown: Shown, data: str, *, gone: bool = False) -> None:
        """Press a button by its data; `gone`: the messenger cannot show its message any more."""
        message: Update = self.messenger._message(self.chat, shown)
        if gone:
            message = {"message_id": shown.number, "date": 0, "chat": self._chat()}
        query = {"id": str(self._next()), "from": self._user(), "chat_instance": "1", "data": data, "message": message}
        await self.take({"update_id": self._next(), "callback_query": query})

    async def blocks(self, *, gone: bool = True) -> None:
        """Block the bot, or let it speak again."""
        old, new = ("member", "kicked") if gone else ("kicked", "member")
        until = {"until_date": 0}
        body = {
            "chat": self._chat(),
            "from": self._user(),
            "date": 1,
            "old_chat_member": {"status": old, "user": self._user()} | (until if old == "kicked" else {}),
            "new_chat_member": {"status": new, "user": self._user()} | (until if new == "kicked" else {}),
        }
        await self.take({"update_id": self._next(), "my_chat_member": body})

    def _with(self, label: str) -> Shown:
        having = [shown for shown in self.messages if any(label in button["text"] for button in shown.buttons)]
        assert having, f"no button {label!r} among {[b['text'] for m in self.messages for b in m.buttons]}"
        return having[-1]

    def _next(self) -> int:
        return next(self.messenger.updates)

    def _chat(self) -> Update:
        return {"id": self.chat, "type": "private", "first_name": self.name}

    def _user(self) -> Update:
        user: Update = {"id": self.chat, "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language} if self.language else {})

    def _message(self, number: int, text: str) -> Update:
        body = _plain_message(self.chat, number, text)
        return body | {"chat": self._chat(), "from": self._user()}


def _plain_message(chat: int, number: int, text: str) -> Update:
    return {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}, "text": text}
