"""Fetches a file that was asked for, within bytes and seconds, and makes of it what may be kept; nothing decides here.

A file is in memory alone, and two at most at the same time. What its sender's machine called it is never looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Literal, TypeAlias

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiohttp import ClientError

from flows.danger.files import MOST_BYTES, media_of
from flows.measures.charts import Drawing, NotDrawn, Photo
from flows.values.deeds import AddFile
from handlers.telegram import failures
from handlers.telegram.updates import IncomingFile

#: Seconds that fetching one may take.
PATIENCE: Final = 60
_AT_ONCE: Final = 2
_PIECE: Final = 64 * 1024  # bytes

#: Why a file was not taken: it is too large; neither a photo, a PDF nor a voice message; a photo that cannot be read;
#: or it did not come.
Why: TypeAlias = Literal["large", "kind", "broken", "lost"]


class NotTaken(Exception):  # noqa: N818 - named for what happened, as the refusals of storage are
    """A file was not taken, and nothing of it is kept; `why` tells the person."""

    def __init__(self, why: Why) -> None:
        super().__init__("a file was not taken")
        self.why = why


class ReceivedFiles:
    """Fetches files of any chat; one for the process."""

    def __init__(self) -> None:
        """Begin with nothing fetched."""
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def take(self, bot: Bot, draw: Callable[[Drawing], Awaitable[bytes]], file: IncomingFile) -> AddFile:
        """Fetch a file (`getFile`), and copy the pixels of a photo; a PDF and a voice message stay as they are.

        Args:
            bot: At whose door it came.
            draw: The process of its own that copies pixels, and blurs them.
            file: What was sent, after whoever sent it has said that nobody is in it without clothes.

        Raises:
            NotTaken: It is not kept.
        """
        async with self._turns:
            content = await self.fetch(bot, file, MOST_BYTES)
            media = media_of(content)
            if media is None:
                raise NotTaken("kind")
            if media != "photo":
                return AddFile(media, content)
            try:
                copied = await draw(Photo(content))
                return AddFile(media, copied, await draw(Photo(copied, blurred=True)))
            except NotDrawn:
                raise NotTaken("broken") from None

    async def fetch(self, bot: Bot, file: IncomingFile, most: int) -> bytes:
        """Fetch the bytes of a file, `most` of them, and look at nothing in it.

        Raises:
            NotTaken: It is larger, empty, or did not come within a minute.
        """
        if file.size > most:
            raise NotTaken("large")
        try:
            async with asyncio.timeout(PATIENCE):
                content = await _fetched(bot, file.id, most)
        except (AiogramError, ClientError, TimeoutError, OSError) as error:
            failures.log_error(error)
            raise NotTaken("lost") from None
        if not content:
            raise NotTaken("lost")
        return content


async def _fetched(bot: Bot, file_id: str, most: int) -> bytes:
    found = await bot.get_file(file_id)
    if not found.file_path:
        return b""
    url, came = bot.session.api.file_url(bot.token, found.file_path), bytearray()
    async for part in bot.session.stream_content(url, timeout=PATIENCE, chunk_size=_PIECE, raise_for_status=True):
        came += part
        if len(came) > most:
            raise NotTaken("large")
    return bytes(came)
