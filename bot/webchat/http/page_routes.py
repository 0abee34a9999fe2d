"""The page's own small protocol: JSON over POST, the session token in the body and never in an address.

``/api/open`` ``/api/events`` ``/api/send`` ``/api/tap`` ``/api/upload`` ``/api/file`` ``/api/leave``. Refusals are
``{"error": word}``: 400 bad, 401 session, 408 slow, 410 left, 413 large, 415 words, 421 origin, 429 pace (with
``retry_after``), 503 busy.
"""

import asyncio
import time
from contextlib import suppress

from aiohttp import web

from bot.webchat.base.ids import Spacing
from bot.webchat.base.protocol import (
    CALLBACK_DATA_BYTES,
    FIRST_ANSWER_SECONDS,
    HELD_PER_SECOND,
    HELD_SECONDS_MOST,
    PAGE_POLL_SECONDS,
    PERSON_TEXT_CHARS,
    WATCHERS,
    JsonObject,
)
from bot.webchat.base.tokens import new_chat_id, proves
from bot.webchat.chat.chats import Chat
from bot.webchat.chat.state import WebChatState
from bot.webchat.http.device_marks import Devices
from bot.webchat.http.page_requests import PageRefusal, body_json, number_of, slow_down, text_of
from bot.webchat.http.page_view import changes
from bot.webchat.http.person_actions import Act, PersonActions
from bot.webchat.http.uploads import Uploads
from bot.webchat.markup.entities import cleaned


class PageRoutes:
    """Answers the page's requests for one door.

    Without ``uploads`` a file is taken only while the bot's latest message asks for one. Of any other the page says
    only of what kind it was, and the bot is told that; a body that has one in it is refused, and nothing of it is kept.

    Every method that answers raises PageRefusal for what is refused, ChatsFull where no chat can be opened, and
    QueueFull where the bot has not fetched for too long; ``refusals`` makes the page's error of each.
    """

    def __init__(self, door: WebChatState, *, uploads: bool) -> None:
        self._door, self._people, self._uploads = door, PersonActions(door), Uploads(door, always=uploads)
        self._devices = Devices(door.signer)
        self._held = Spacing(door.bounds.held_seconds, HELD_PER_SECOND, HELD_SECONDS_MOST, time.monotonic)

    def table(self) -> list[web.RouteDef]:
        """Return the routes to mount on the public application."""
        return [
            web.post("/api/open", self.open),
            web.post("/api/events", self.events),
            web.post("/api/send", self.send),
            web.post("/api/tap", self.tap),
            web.post("/api/upload", self.upload),
            web.post("/api/file", self.file),
            web.post("/api/leave", self.leave),
        ]

    async def open(self, request: web.Request) -> web.Response:
        """Open a session, or take up the one whose token is shown; ``blank`` says that nothing has been said yet.

        What the page says ``first``, an act with a ``text``, is taken if so, or if it says ``always``. The answer has
        ``ids`` and ``ticket`` then, as of any act, and ``changes`` as of events: a slow network is asked once.

        Raises:
            PageRefusal: 429 when too many chats are opened, 400 for a blank first text; 400, 408 and 413 as `leave`.
            QueueFull: the bot has been away for too long; the first text was not taken.
            ChatsFull: there is no room for another chat.
        """
        said = await body_json(request)
        chat_id = self._door.signer.chat_of(text_of(said, "token", 200))
        if chat_id is None or self._door.chats.has_left(chat_id):
            slow_down(self._door.opening.wait())
            chat_id = self._new_chat_id()
        chat = self._door.chats.open(chat_id)
        chat.language = text_of(said, "language", 12).lower() or "en"
        blank = not chat.messages and not chat.inputs
        answer: JsonObject = {"token": self._door.signer.session(chat.id), "blank": blank}
        first = said.get("first")
        if isinstance(first, dict) and (blank or first.get("always") is True):
            answer |= await self._says_first(chat, first)
        return web.json_response(answer)

    async def _says_first(self, chat: Chat, first: JsonObject) -> JsonObject:
        act, text = Act(text_of(first, "id", 64)), cleaned(text_of(first, "text", PERSON_TEXT_CHARS))
        if not act.client_id or not text.strip():
            raise PageRefusal(400, "bad")
        taken = await self._noted(chat, act, self._people.types(chat, act, text, None, secret=False))
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_ANSWER_SECONDS):
                while chat.was_heard_last:
                    await chat.wait_beyond(chat.version, FIRST_ANSWER_SECONDS)
        return {**taken, "changes": changes(self._door, chat, 0)}

    async def events(self, request: web.Request) -> web.Response:
        """Wait up to 25 seconds for changes after ``after`` of ``epoch``; of another epoch (a restart) give all.

        Raises:
            PageRefusal: 429 when four requests of this tab wait already; and as every route refuses: 400 bad, 401
                session, 408 slow, 410 left, 413 large.
        """
        said = await body_json(request)
        chat = self._chat(said)
        after = number_of(said, "after") if said.get("epoch") == chat.epoch else 0
        if said.get("epoch") == chat.epoch:
            if chat.watchers >= WATCHERS:
                raise PageRefusal(429, "pace", 5)
            await chat.wait_beyond(after, PAGE_POLL_SECONDS)
            chat = self._chat(said)
        response = web.json_response({**changes(self._door, chat, after), **self._renewed(said, chat)})
        self._devices.keep(request, response, chat)
        return response

    async def send(self, request: web.Request) -> web.Response:
        """Take a text of at most 32,768 characters from the person.

        Raises:
            PageRefusal: 400 when it is blank, 429 beyond the pace; and as `events`. Nothing was taken.
            QueueFull: the bot has been away for too long; nothing was taken.
        """
        said = await body_json(request)
        chat, act = self._acting(said)
        text = cleaned(text_of(said, "text", PERSON_TEXT_CHARS))
        if not text.strip():
            raise PageRefusal(400, "bad")
        reply_to, secret = number_of(said, "reply_to") or None, said.get("secret") is True
        if secret:
            self._devices.note(request, chat)
        return await self._taken(chat, act, self._people.types(chat, act, text, reply_to, secret=secret))

    async def tap(self, request: web.Request) -> web.Response:
        """Take a tap on a button; its data comes from the page, which alone remembers it after a restart.

        Raises:
            PageRefusal: 400 unless the data has 1 to 64 bytes, 429 beyond the pace; and as `events`.
            QueueFull: the bot has been away for too long; nothing was taken.
        """
        said = await body_json(request)
        chat, act = self._acting(said)
        data = text_of(said, "data", CALLBACK_DATA_BYTES)
        if not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
            raise PageRefusal(400, "bad")
        return await self._taken(chat, act, self._people.taps(chat, act, number_of(said, "message"), data))

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file of at most 20 MB, everything else about it as JSON in the field ``said``; or only its ``kind``.

        Raises:
            PageRefusal: as `Uploads.read`, 429 beyond the pace; and as `events`. Nothing of the file is kept.
            QueueFull: the bot has been away for too long; nothing was taken.
        """
        said, file = await self._uploads.read(request)
        chat, act = self._acting(said)
        if file is None:
            return await self._taken(chat, act, self._people.shows_file(chat, act, text_of(said, "kind", 20)))
        caption = cleaned(text_of(said, "caption", 1024)).strip()
        return await self._taken(chat, act, self._people.uploads(chat, act, file, caption))

    async def file(self, request: web.Request) -> web.Response:
        """Return the bytes of a message's file.

        Raises:
            PageRefusal: 404 when the message or its file is not kept; and as `events`.
        """
        said = await body_json(request)
        message = self._chat(said).messages.get(number_of(said, "message"))
        file = self._door.files.get(message.file_ids[0]) if message and message.file_ids else None
        if file is None:
            raise PageRefusal(404, "gone")
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def leave(self, request: web.Request) -> web.Response:
        """Leave for good; leaving twice is the same as once.

        Raises:
            PageRefusal: 400 for a body that is no JSON object, 408 slow, 413 large. An invalid token is not refused.
        """
        chat_id = self._door.signer.chat_of(text_of(await body_json(request), "token", 200))
        if chat_id is not None and not self._door.chats.has_left(chat_id):
            self._people.leaves(self._door.chats.open(chat_id))
        await self._door.left.write()
        return web.json_response({})

    def _chat(self, said: JsonObject) -> Chat:
        chat_id = self._door.signer.chat_of(text_of(said, "token", 200))
        if chat_id is None:
            raise PageRefusal(401, "session")
        if self._door.chats.has_left(chat_id):
            raise PageRefusal(410, "left")
        chat = self._door.chats.open(chat_id)
        if not chat.proved and (nonce := text_of(said, "proof", 20)):
            chat.proved = proves(text_of(said, "token", 200), nonce)
        return chat

    def _new_chat_id(self) -> int:
        return next(one for one in iter(new_chat_id, None) if not self._door.chats.has_left(one))

    def _renewed(self, said: JsonObject, chat: Chat) -> JsonObject:
        token = text_of(said, "token", 200)
        return {} if self._door.signer.is_of_today(token) else {"token": self._door.signer.session(chat.id)}

    def _acting(self, said: JsonObject) -> tuple[Chat, Act]:
        chat = self._chat(said)
        ids = said.get("ids")
        whole = tuple(one for one in ids if isinstance(one, int)) if isinstance(ids, list) else ()
        act = Act(text_of(said, "id", 64), whole, text_of(said, "ticket", 128))
        if not act.client_id:
            raise PageRefusal(400, "bad")
        if act.client_id not in chat.inputs:
            slow_down(chat.pace.wait())
        return chat, act

    async def _taken(self, chat: Chat, act: Act, ids: list[int]) -> web.Response:
        return web.json_response(await self._noted(chat, act, ids))

    async def _noted(self, chat: Chat, act: Act, ids: list[int]) -> JsonObject:
        """Give the ids. While many wait, a tab without a proof of work hears late that its input was taken."""
        if not chat.proved and self._door.updates.is_pressed:
            await asyncio.sleep(self._held.wait() if self._door.bounds.held_seconds else 0)
        ticket = self._door.signer.ticket(chat.id, act.client_id, ids)
        return {"ids": ids, "ticket": ticket}
