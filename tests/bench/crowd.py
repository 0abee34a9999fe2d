"""A Bot API server in a process of its own, with a crowd of scripted people who answer as fast as a bot asks.

Each person plays the same script of moves over and over, under a new chat id each round, and sends the next move as
soon as the bot has spoken with buttons. A turn is one move and everything that the bot said to it. `GET /stats` tells
the turns so far, how long each took, and the calls by method. With the script "think" each takes two seconds on average
before the next move, and somebody else tries to unlock a desk, a second after the last: a key is derived. Run as
`python -m tests.bench.crowd PORT PEOPLE [SCRIPT]`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from aiohttp import web

#: What a person does in a round: a text as it is, or None for the first button of the last screen.
_WORDS = tuple(f"Words number {n}, told one by one." for n in range(6))
SCRIPTS: dict[str, tuple[str | None, ...]] = {
    "tell": ("/start", None, None, None, None, *_WORDS),  # who writes, who can see, the limits, safe; then the words
    "begin": ("/start", None),  # leaves a draft open
}
SCRIPTS["think"] = SCRIPTS["tell"]
_THINKING = 2.0  # seconds on average before a move
_BETWEEN = 1.0  # seconds between two who unlock, faster than any school's leads
#: Unknown names are judged as slowly as known ones; each is a new one from a new chat, so that nobody is throttled.
_KNOCKS = ("/unlock Nobody {}", "seven otters paddle upstream", "123456")


@dataclass
class Crowd:
    """Everybody who talks to the bot, and what was measured."""

    people: int
    script: tuple[str | None, ...]
    thinking: float = 0.0
    knocks: int = 0
    updates: asyncio.Queue[dict[str, object]] = field(default_factory=asyncio.Queue)
    calls: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    persons: dict[int, Person] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(time.time_ns() // 1_000_000))
    chats: itertools.count[int] = field(default_factory=lambda: itertools.count(time.time_ns() // 1_000_000))

    def gather(self) -> None:
        """Let everybody make the first move."""
        for _ in range(self.people):
            self.join()
        if self.thinking:
            self.knock()

    def join(self) -> None:
        """One more person comes, under a chat id of her own."""
        person = Person(self, next(self.chats))
        self.persons[person.chat] = person
        person.think()

    def knock(self) -> None:
        """Somebody tries to unlock a desk, from a chat of her own."""
        knocker = Knocker(self, next(self.chats))
        self.persons[knocker.chat] = knocker
        knocker.move()

    def spoken(self, chat: int, message: int, markup: dict[str, object] | None) -> None:
        """The bot said something to `chat`; a screen with buttons ends the turn."""
        person = self.persons.get(chat)
        buttons = (markup or {}).get("inline_keyboard")
        if isinstance(person, Knocker):
            person.answered()
        elif person is not None and isinstance(buttons, list) and buttons:
            person.heard(message, buttons[0][0].get("callback_data", ""))


@dataclass
class Person:
    """One person in the middle of her script."""

    crowd: Crowd
    chat: int
    at: int = 0
    began: float = 0.0
    waiting: bool = False

    def heard(self, message: int, first: str) -> None:
        """Take the end of a turn and make the next move, or send a successor."""
        if not self.waiting:
            return
        self.waiting = False
        self.crowd.took.append(time.perf_counter() - self.began)
        self.at += 1
        if self.at < len(self.crowd.script):
            self.think(message, first)
        else:
            del self.crowd.persons[self.chat]
            self.crowd.join()

    def think(self, message: int = 0, first: str = "") -> None:
        """Make the next move, now or after a while."""
        if not self.crowd.thinking:
            self.move(message, first)
            return
        pause = random.expovariate(1 / self.crowd.thinking)
        asyncio.get_running_loop().call_later(pause, self.move, message, first)

    def move(self, message: int = 0, first: str = "") -> None:
        """Send the move that the script has next."""
        text = self.crowd.script[self.at]
        self.began, self.waiting = time.perf_counter(), True
        self.crowd.updates.put_nowait(self.tap(message, first) if text is None else self.text(text))

    def text(self, text: str) -> dict[str, object]:
        """An update with a message."""
        message = self._message(next(self.crowd.numbers), text)
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        return {"update_id": next(self.crowd.numbers), "message": {**message, "from": self._user()}}

    def tap(self, message: int, data: str) -> dict[str, object]:
        """An update with a button pressed."""
        number = next(self.crowd.numbers)
        query = {"id": str(number), "from": self._user(), "message": self._message(message, "…"), "data": data}
        return {"update_id": number, "callback_query": {**query, "chat_instance": "1"}}

    def _user(self) -> dict[str, object]:
        return {"id": self.chat, "is_bot": False, "first_name": "Guest", "language_code": "en"}

    def _message(self, number: int, text: str) -> dict[str, object]:
        chat = {"id": self.chat, "type": "private", "first_name": "Guest"}
        return {"message_id": number, "date": int(time.time()), "chat": chat, "text": text}


@dataclass
class Knocker(Person):
    """Somebody who tries once to unlock a desk; her turns are not counted."""

    def answered(self) -> None:
        """Take whatever was said as the sign to go on, and send a successor after the last line."""
        self.at += 1
        if self.at < len(_KNOCKS):
            self.move()
            return
        self.crowd.knocks += 1
        del self.crowd.persons[self.chat]
        asyncio.get_running_loop().call_later(_BETWEEN, self.crowd.knock)

    def move(self, message: int = 0, first: str = "") -> None:
        """Type the next line."""
        del message, first
        self.crowd.updates.put_nowait(self.text(_KNOCKS[self.at].format(self.crowd.knocks)))


async def answer(request: web.Request) -> web.Response:
    """One call of the Bot API."""
    crowd, method = request.app[CROWD], request.match_info["method"]
    if method == "getUpdates":
        return web.json_response({"ok": True, "result": await _updates(crowd)})
    crowd.calls[method] += 1
    asked = await _arguments(request)
    if method == "getMe":
        me = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
        return web.json_response({"ok": True, "result": me})
    if method not in {"sendMessage", "editMessageText"}:
        return web.json_response({"ok": True, "result": True})
    chat = int(str(asked["chat_id"]))
    number = int(str(asked.get("message_id") or next(crowd.numbers)))
    markup = asked.get("reply_markup")
    crowd.spoken(chat, number, json.loads(markup) if isinstance(markup, str) else markup)  # type: ignore[arg-type]
    said = {"message_id": number, "date": int(time.time()), "chat": {"id": chat, "type": "private"}, "text": "…"}
    return web.json_response({"ok": True, "result": said})


async def _arguments(request: web.Request) -> dict[str, object]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post())


async def _updates(crowd: Crowd) -> list[dict[str, object]]:
    taken: list[dict[str, object]] = []
    try:
        async with asyncio.timeout(10):
            taken.append(await crowd.updates.get())
    except TimeoutError:
        return taken
    while len(taken) < 100 and not crowd.updates.empty():
        taken.append(crowd.updates.get_nowait())
    return taken


async def stats(request: web.Request) -> web.Response:
    """Tell what was measured since the last time somebody asked."""
    crowd = request.app[CROWD]
    told = {"took": crowd.took[:], "calls": dict(crowd.calls), "knocks": crowd.knocks}
    crowd.took.clear()
    crowd.calls.clear()
    return web.json_response(told)


CROWD: web.AppKey[Crowd] = web.AppKey("crowd", Crowd)


def main() -> None:
    """Serve until ended."""
    port, people = int(sys.argv[1]), int(sys.argv[2])
    app = web.Application()
    script = sys.argv[3] if len(sys.argv) > 3 else "tell"
    app[CROWD] = Crowd(people, SCRIPTS[script], _THINKING if script == "think" else 0.0)
    app.router.add_route("*", "/bot{token}/{method}", answer)
    app.router.add_get("/stats", stats)

    async def begin(_app: web.Application) -> None:
        app[CROWD].gather()

    app.on_startup.append(begin)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
