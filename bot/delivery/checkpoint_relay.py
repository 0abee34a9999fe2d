"""Hands checkpoints of the audit log out of the server: once an hour to a file, once a week by e-mail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.deployment.data_directory.checkpoint_file import append_note
from flows.duty.escalation import beats
from storage.store import Store

#: The subject of the weekly letter, and what stands above the checkpoint.
SUBJECT: Final = "A checkpoint"
LETTER: Final = """\
This is a checkpoint of an audit log. It holds no name and no content. Please keep it as it is.
With it, hark audit verify shows later whether anything up to now was changed or taken away.

"""


class CheckpointRelay:
    """Looked after by the watch loop, once a minute; safe to repeat. What fails is tried again a minute later."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        *,
        file: Path | None = None,
        address: str = "",
        post: Callable[[str, str, str], Awaitable[bool]] | None = None,
    ) -> None:
        """Hand out to a `file`, and to an `address` through `post`, where they are there; `now` gives aware times."""
        self._store = store
        self._now = now
        self._file = file
        self._address = address
        self._post = post
        self._filed = ""

    async def look(self) -> None:
        """Hand out what is due.

        Raises:
            OSError: The file cannot be written.
            Tampered: The register is not the one that was written.
            Unavailable: The database, or what stands beside the key file, cannot be read or written.
        """
        if self._file is not None:
            await self._to_file(self._file)
        if self._address and self._post is not None:
            await self._by_mail(self._post)

    async def _to_file(self, file: Path) -> None:
        last = await self._store.last_runs.at("filed")
        if last is not None and last == self._now().replace(minute=0, second=0, microsecond=0):
            return
        note = await self._store.audit.checkpoint()
        if note != self._filed:  # nothing was done since
            append_note(file, note)
        self._filed = note
        await self._store.last_runs.note("filed")

    async def _by_mail(self, post: Callable[[str, str, str], Awaitable[bool]]) -> None:
        last = await self._store.last_runs.at("mailed")
        if last is not None and not beats(last, self._now()):
            return
        if await post(self._address, SUBJECT, LETTER + await self._store.audit.checkpoint()):
            await self._store.last_runs.note("mailed")
