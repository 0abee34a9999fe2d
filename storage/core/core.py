"""What every part of the store stands on: engines, keys, clock and limits, and how an update is marked as seen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.core.destruction_ledger import LEDGER, DestructionLedger, Tombstone
from storage.core.known_cases import KnownCases
from storage.core.register import Noted, Register
from storage.core.row_binding import bind
from storage.database import turn
from storage.database.clock_guard import ClockGuard
from storage.database.concurrency import Derivations
from storage.database.disk_space import DiskSpace
from storage.database.instrumentation import Failures, Measures
from storage.database.schema import chats
from storage.database.turn import Insert, Row, Turn, Unseen
from storage.database.writer import Writer
from storage.sealing.keys.day_keys import DayKey, DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_text, seal_text
from storage.sealing.primitives.errors import CannotOpen, KeyFileUnusable, NotGenuine
from storage.values import Address, Arrival, CaseId, Limits
from storage.values.errors import Tampered, Unavailable

_HOUR = 3600  # seconds
_ERASURES = 2  # sweeps: what is destroyed may be committed while the first of them is under way
_SUSPECTS = 1_000  # cases of which it is remembered that something was not genuine, until that is told


async def all_rows(
    connection: AsyncConnection, asked: Select[Any], values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Give all rows that a query finds, by column name."""
    return [dict(row) for row in (await connection.execute(asked, values)).mappings()]


async def one_row(connection: AsyncConnection, asked: Select[Any]) -> dict[str, Any] | None:
    """Give the first row that a query finds, by column name, or None."""
    row = (await connection.execute(asked)).mappings().first()
    return None if row is None else dict(row)


@dataclass
class StoreCore:
    """Shared by the parts of one store.

    `tampered` counts how often something was met that is not genuine, `suspects` are the cases in which it was.
    `erasures_due` counts the sweeps that are still to take deleted rows out of the database's files.
    """

    reader: AsyncEngine
    writer: Writer
    server_key: ServerKey
    day_keys: DayKeys
    checkpoint: Path
    clock: Callable[[], datetime]
    limits: Limits
    room: DiskSpace
    failures: Failures
    clock_guard: ClockGuard | None
    register: Register
    measures: Measures = field(default_factory=Measures)
    receipt_salt: bytes = b""
    tampered: int = 0
    erasures_due: int = 0
    suspects: set[CaseId] = field(default_factory=set)
    known_cases: KnownCases = field(default_factory=KnownCases)
    derivations: Derivations = field(default_factory=Derivations)

    def now(self) -> datetime:
        """Give the time (aware, UTC)."""
        return self.clock().astimezone(UTC)

    def second(self) -> int:
        """Give the time in whole seconds since 1970."""
        return int(self.now().timestamp())

    def hour(self) -> int:
        """Give the time in seconds since 1970, rounded down to the hour: what is kept in clear."""
        return self.second() // _HOUR * _HOUR

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one state of the database.

        Raises:
            Unavailable: The database cannot be read.
        """
        try:
            async with self.reader.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            self.failures.met(error)
            raise Unavailable from None

    async def commit(self, *rows: Row) -> None:
        """Commit rows as one turn; see `Writer.commit`."""
        await self.writer.commit(Turn(tuple(bind(self.server_key, row) for row in rows)))
        if any(isinstance(row, Unseen) for row in rows):
            turn.seen()

    def destroying(self, *gone: Tombstone) -> None:
        """Note in the ledger what is about to be destroyed, before it is.

        Raises:
            Unavailable: The ledger cannot be written: nothing may be destroyed now.
        """
        try:
            self._ledger().note(*gone)
        except OSError as error:
            self.failures.met(error)
            raise Unavailable from None
        self.erasures_due = _ERASURES

    def destroyed(self) -> tuple[Tombstone, ...]:
        """Give what stands in the ledger, the oldest first.

        Raises:
            Tampered: It is not the one that was written.
            Unavailable: It cannot be read.
        """
        try:
            return self._ledger().read()
        except NotGenuine:
            raise self.forged() from None
        except OSError as error:
            self.failures.met(error)
            raise Unavailable from None

    def _ledger(self) -> DestructionLedger:
        return DestructionLedger(self.checkpoint.with_name(LEDGER), self.server_key)

    def noted(self) -> Noted:
        """Give what stands in the register.

        Raises:
            Tampered: It is not the one that was written.
            Unavailable: It cannot be read.
        """
        try:
            return self.register.read()
        except NotGenuine:
            raise self.forged() from None

    def note(self, changed: Callable[[Noted], Noted]) -> None:
        """Change what stands in the register.

        Raises:
            Tampered: What stands there is not what was written.
            Unavailable: It cannot be written.
        """
        try:
            self.register.change(changed)
        except NotGenuine:
            raise self.forged() from None

    def note_floor(self, name: str, version: int) -> None:
        """Note that a row has a version now: none of before is genuine from now on. Call it once that is committed.

        Raises as `note` does.
        """
        if self.noted().floors.get(name, 0) < version:
            self.note(lambda old: replace(old, floors={**old.floors, name: max(version, old.floors.get(name, 0))}))

    def require_floor(self, name: str, version: int) -> None:
        """Return quietly if a row is not older than what was noted of it; `version` is 0 where there is none.

        What is newer is noted: the process may have ended between the commit and the note.

        Raises:
            Tampered: It was put back, or taken away.
        """
        if version < self.noted().floors.get(name, 0):
            raise self.forged()
        self.note_floor(name, version)

    def forged(self, case: str | None = None) -> Tampered:
        """Count something that is not genuine, and give the refusal to raise; `case` is the one it was met in."""
        self.tampered += 1
        if case is not None and len(self.suspects) < _SUSPECTS:
            self.suspects.add(CaseId(case))
        return Tampered()

    def arrived(self, arrival: Arrival) -> tuple[Row, ...]:
        """Give the rows that an update adds to its turn: its mark, and the person's own message for tidying up.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        today, *earlier = self.marks(arrival)
        rows: list[Row] = [Unseen(today, self.today().day.isoformat(), tuple(earlier))]
        if arrival.message_id is not None:
            rows.append(self.message_row(arrival.address, arrival.message_id))
        return tuple(rows)

    def marks(self, arrival: Arrival) -> tuple[bytes, ...]:
        """Give the marks that an update has or would have, today's first.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        return tuple(key.mark("seen", arrival.address.door, arrival.update_id) for key in self._living())

    def message_row(self, address: Address, message_id: int, delete_at: datetime | None = None) -> Insert:
        """Give the row of a message that is to be tidied up; with `delete_at`, to be deleted then."""
        key = self.today()
        mark, day = self.mark(address), key.day.isoformat()
        content = json.dumps([address.door, address.chat_id, message_id])
        at = None if delete_at is None else int(delete_at.timestamp())
        sealed = seal_text(key.box_key(), Place("spoken", None, mark, "message", 0), content)
        return Insert(chats.spoken, {"address": mark, "day": day, "delete_at": at, "sealed": sealed})

    def mark(self, address: Address) -> bytes:
        """Give the 32 bytes by which an address is found again: an HMAC under a server subkey."""
        return self.server_key.address_mark(f"{address.door}:{address.chat_id}".encode())

    def source(self, address: Address) -> bytes:
        """Give the mark by which limits know an address today: an HMAC under the day key.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        return self.today().mark("limit", address.door, address.chat_id)

    def today(self) -> DayKey:
        """Give today's key.

        Raises:
            Unavailable: There is none and none can be written.
        """
        try:
            return self.day_keys.current(self.now())
        except (OSError, KeyFileUnusable) as error:
            self.failures.met(error)
            raise Unavailable from None

    def open_of_day(self, day: str, place: Place, sealed: bytes) -> str | None:
        """Open what was sealed under a day key, or None where that day's key is gone.

        Raises:
            Tampered: The key is there, and it does not open.
        """
        try:
            key = self.day_keys.for_day(date.fromisoformat(day))
        except (CannotOpen, OSError, KeyFileUnusable, ValueError):
            return None
        try:
            return open_text(key.box_key(), place, sealed)
        except CannotOpen:
            raise self.forged() from None

    def _living(self) -> tuple[DayKey, ...]:
        today = self.today()
        try:
            return (today, *(key for key in self.day_keys.recent(self.now()) if key.day != today.day))
        except (OSError, KeyFileUnusable):
            raise Unavailable from None
