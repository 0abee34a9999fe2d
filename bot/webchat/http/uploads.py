"""Files of the page: taken at any time, or only while the bot's latest message asks for one; any other is discarded."""

import asyncio

from aiohttp import web

from bot.webchat.base.protocol import (
    DOWNLOAD_BYTES,
    FILE_SECONDS,
    UPLOAD_SECONDS,
    UPLOADS_AT_ONCE,
    JsonObject,
)
from bot.webchat.bot_api.call import Upload
from bot.webchat.chat.state import WebChatState
from bot.webchat.http.page_requests import PageRefusal, body_form, body_json, read_object
from bot.webchat.http.refusals import Discarding

#: A foreign page cannot send it without the browser asking here first, which is refused. Multipart bodies need it; JSON
#: has the same effect by its type.
PAGE_HEADER = "X-Chat-Page"
#: Whose file it is, before its body: so it is known whether one is taken at all.
TOKEN_HEADER = "X-Chat-Token"  # noqa: S105 - a header's name
_ONLY_WORDS = "No pictures or files can be taken here. You can tell it in words."
_LEEWAY = 64 * 1024  # what a multipart body has beside its file


class Uploads:
    """Reads what comes with a file; one for a server."""

    def __init__(self, door: WebChatState, *, always: bool) -> None:
        """``always``: files are taken at any time, and not only where the bot asks for one."""
        self._door, self._always = door, always
        self._turns, self._discarding = asyncio.Semaphore(UPLOADS_AT_ONCE), Discarding()

    async def read(self, request: web.Request) -> tuple[JsonObject, Upload | None]:
        """Read what is said, and the file of at most 20 MB that comes with it; None where only its kind is said.

        Asked for are four at the same time, within three minutes each; others wait, and their bytes with them.

        Raises:
            PageRefusal: 400 without the page's header or a file, 408 slow, 413 for a larger one, 415 for a file that
                nobody asked for. Nothing of the file is kept.
        """
        if request.content_type == "application/json":
            return await body_json(request), None
        if self._always:
            return await self._read(request, FILE_SECONDS)
        if not self._asks(request):
            await self._discarding.discard(request)
            raise PageRefusal(415, "words", said=_ONLY_WORDS)
        async with self._turns:
            read = await self._read(request, UPLOAD_SECONDS)
        if not self._asks(request):  # another one came meanwhile
            raise PageRefusal(415, "words", said=_ONLY_WORDS)
        return read

    async def _read(self, request: web.Request, seconds: float) -> tuple[JsonObject, Upload]:
        if PAGE_HEADER not in request.headers:
            raise PageRefusal(400, "bad")
        form = await body_form(request, DOWNLOAD_BYTES + _LEEWAY, seconds)
        file = form.files.get("file")
        if file is None or not file.content:
            raise PageRefusal(400, "bad")
        if len(file.content) > DOWNLOAD_BYTES:
            raise PageRefusal(413, "large")
        return read_object(form.fields.get("said")), file

    def _asks(self, request: web.Request) -> bool:
        """Whether the chat of whoever sends it is one in which the bot's latest message asks for a file."""
        chat_id = self._door.signer.chat_of(request.headers.get(TOKEN_HEADER, ""))
        chat = self._door.chats.known(chat_id) if chat_id is not None else None
        return chat is not None and chat.asks_for_file
