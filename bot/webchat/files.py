"""Files in memory, bounded: what people upload and what the bot sends. Nothing here touches the disk."""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from bot.webchat.wire import JsonObject


@dataclass(frozen=True)
class StoredFile:
    """One file: its bytes, its name as given and its declared type; ``chat_id`` is where it may be shown."""

    file_id: str
    name: str
    mime: str
    content: bytes
    chat_id: int

    @property
    def unique_id(self) -> str:
        """The id that stays the same for the same bytes, as Telegram's file_unique_id does."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    def wire(self) -> JsonObject:
        """Say the three fields that every Telegram file object begins with."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


class FileShelf:
    """Keeps files up to ``limit`` bytes in all; the oldest go first."""

    def __init__(self, limit: int) -> None:
        self._limit, self._held = limit, 0
        self._files: OrderedDict[str, StoredFile] = OrderedDict()

    def put(self, name: str, mime: str, content: bytes, chat_id: int) -> StoredFile:
        """Keep a file and return it; older files may be dropped to make room."""
        kept = StoredFile(secrets.token_urlsafe(24), name, mime, content, chat_id)
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

    def forget_chat(self, chat_id: int) -> None:
        """Drop every file of a chat."""
        self.forget([file.file_id for file in self._files.values() if file.chat_id == chat_id])
