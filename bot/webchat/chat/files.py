"""Files in memory, bounded: what the bot sends, and a picture's size from its first bytes. Nothing touches the disk."""

import hashlib
import secrets
import struct
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.webchat.base.protocol import JsonObject


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return (width, height) of a PNG, GIF or JPEG, or None for anything else or anything broken.

    Only the header is read; nothing is decoded, so that a picture cannot make work.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # the frame headers, SOF0 to SOF15
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


@dataclass(frozen=True)
class StoredFile:
    """One file: its bytes, its name as given and its declared type; ``chat_id`` is where it may be shown.

    ``until`` is when it goes by itself, by the shelf's clock.
    """

    file_id: str
    name: str
    mime: str
    content: bytes
    chat_id: int
    until: float | None = None

    @property
    def unique_id(self) -> str:
        """The id that stays the same for the same bytes, as Telegram's file_unique_id does."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    def wire(self) -> JsonObject:
        """Return the three fields that every Telegram file object begins with."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


class FileShelf:
    """Keeps files up to ``limit`` bytes in all; the oldest go first."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._held, self._clock = limit, 0, clock
        self._files: OrderedDict[str, StoredFile] = OrderedDict()

    def put(self, name: str, mime: str, content: bytes, chat_id: int, seconds: float | None = None) -> StoredFile:
        """Keep a file and return it, for so many ``seconds``; older files may be dropped to make room.

        The newest one is kept also where it is larger than the limit alone. Its id is random: nobody guesses it.
        """
        until = None if seconds is None else self._clock() + seconds
        kept = StoredFile(secrets.token_urlsafe(24), name, mime, content, chat_id, until)
        self._files[kept.file_id] = kept
        self._held += len(content)
        while self._held > self._limit and len(self._files) > 1:
            self._held -= len(self._files.popitem(last=False)[1].content)
        return kept

    def get(self, file_id: str) -> StoredFile | None:
        """Return the file, or None when it is unknown or was dropped."""
        return self._files.get(file_id)

    def forget(self, file_ids: list[str]) -> None:
        """Drop these files; unknown ids are passed over."""
        for file_id in file_ids:
            gone = self._files.pop(file_id, None)
            self._held -= len(gone.content) if gone else 0

    def drop_old(self) -> None:
        """Drop the files whose time is over."""
        now = self._clock()
        self.forget([file.file_id for file in self._files.values() if file.until is not None and file.until <= now])

    def forget_chat(self, chat_id: int) -> None:
        """Drop every file of a chat."""
        self.forget([file.file_id for file in self._files.values() if file.chat_id == chat_id])
