"""What every part of the store stands on: how it is read, committed to and dated, and its other foundations by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Executable, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.destruction_ledger import LEDGER, DestructionLedger
from storage.core.integrity import Forgeries, KnownCases, bind
from storage.core.known_notices import KnownNotices
from storage.core.marks import DayKeyring, Marks
from storage.core.register import Register, register_beside
from storage.database import turn
from storage.database.clock_guard import ClockGuard
from storage.database.concurrency import Derivations
from storage.database.disk_space import DiskSpace
from storage.database.engines.kept_connections import KeptConnections
from storage.database.instrumentation import Failures, Measures
from storage.database.schema.cases import readers
from storage.database.schema.notices import outbox
from storage.database.turn import Delete, Insert, Row, Turn, Unseen, Update, UpdateAll
from storage.database.writer import Writer
from storage.sealing.keys.address_keys import AddressKeys
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.receipts.receipt import RECEIPT_COST
from storage.values import Limits
from storage.values.errors import Unavailable

_HOUR: Final = 3600  # seconds
#: The folder of the keys of return addresses, beside the server key.
ADDRESS_KEYS: Final = "addresses"


async def all_rows(
    connection: AsyncConnection, asked: Executable, values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Give all rows that a query finds, by column name."""
    found = await connection.execute(asked, values)
    names = tuple(found.keys())  # once: a mapping for each row costs a third of all that a query does
    return [dict(zip(names, row, strict=True)) for row in found]


async def one_row(
    connection: AsyncConnection, asked: Select[Any], values: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """Give the first row that a query finds, by column name, or None."""
    row = (await connection.execute(asked, values)).mappings().first()
    return None if row is None else dict(row)


@dataclass
class StoreCore:
    """Shared by the parts of one store; what has a name of its own here is used by it."""

    reader: KeptConnections
    writer: Writer
    server_key: ServerKey
    keys_of_days: InitVar[DayKeys]
    checkpoint: Path
    clock: Callable[[], datetime]
    limits: Limits
    room: DiskSpace
    clock_guard: ClockGuard | None = None
    measures: Measures = field(default_factory=Measures)
    receipt_salt: bytes = b""
    receipt_cost: Cost = RECEIPT_COST
    forgeries: Forgeries = field(default_factory=Forgeries)
    known_cases: KnownCases = field(default_factory=KnownCases)
    known_notices: KnownNotices = field(default_factory=KnownNotices)
    #: By lead, how often this process has written to her queue: each change of a case of hers does.
    queue_changes: Counter[str] = field(default_factory=Counter)
    derivations: Derivations = field(default_factory=Derivations)
    failures: Failures = field(init=False)
    register: Register = field(init=False)
    ledger: DestructionLedger = field(init=False)
    address_keys: AddressKeys = field(init=False)
    day_keys: DayKeyring = field(init=False)
    marks: Marks = field(init=False)

    def __post_init__(self, keys_of_days: DayKeys) -> None:
        """Make what stands on the keys, the clock and the files beside them."""
        self.failures = self.writer.failures
        self.register = Register(register_beside(self.checkpoint), self.server_key, self.forgeries)
        ledger = self.checkpoint.with_name(LEDGER)
        self.ledger = DestructionLedger(ledger, self.server_key, self.forgeries, self.failures)
        self.address_keys = AddressKeys(self.checkpoint.with_name(ADDRESS_KEYS))
        self.day_keys = DayKeyring(keys_of_days, self.now, self.forgeries, self.failures)
        self.marks = Marks(self.server_key, self.day_keys)

    def kept(self, turns: Sequence[Turn]) -> None:
        """Learn from what was just committed."""
        self.known_cases.kept(turns)
        every = [row for turn in turns for row in turn.rows]
        if notices := [row for row in every if isinstance(row, Insert | Update | Delete) and row.table is outbox]:
            self.known_notices.kept(notices)
        for row in every:
            if isinstance(row, Insert | UpdateAll | Delete) and row.table is readers:
                named = row.values if isinstance(row, Insert) else row.key
                self.queue_changes[str(named.get("lead_id"))] += 1  # of a case that goes nobody has a row by now

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
    async def read(self, *, once: bool = False) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one state of the database; with `once` each statement sees what is newest.

        Raises:
            Unavailable: The database cannot be read.
        """
        try:
            async with self.reader.begin(once=once) as connection:
                yield connection
        except self.reader.errors as error:
            self.failures.record(error)
            raise Unavailable from None

    async def commit(self, *rows: Row) -> None:
        """Commit rows as one turn, each of a bound table with its MAC; see `Writer.commit` for cancellation.

        Raises:
            AlreadySeen: Its update was committed before; nothing was written.
            Conflict: A row is not as expected; nothing was written.
            Unavailable: The database cannot be written, or the store was closed.
        """
        await self.writer.commit(Turn(tuple(bind(self.server_key, row) for row in rows)))
        if any(isinstance(row, Unseen) for row in rows):
            turn.seen()
