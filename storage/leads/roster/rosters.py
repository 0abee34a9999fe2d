"""Reads the roster, verified against its MAC and the version beside the key file, and gives the rows that change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.core import StoreCore, one_row
from storage.core.destruction_ledger import Tombstone
from storage.core.register import note_version, noted_version
from storage.database.schema.leads import leads, roster
from storage.database.turn import Cell, Insert, Row, Update
from storage.leads.roster.pending_approvals import Waiting, read_waiting, write_waiting
from storage.leads.roster.roster import Lead, Roster
from storage.sealing.primitives.derive import Field
from storage.sealing.primitives.errors import NotGenuine
from storage.values.errors import Tampered

_NAMES = tuple(one.name for one in fields(Lead))
#: Under the MAC only where one of them is there, so that a roster of before verifies as it did; so is `agreement`.
_LATER: Final = ("former_verifying", "former_seed", "spare_codes")
_FIRST: Final = tuple(name for name in _NAMES if name not in {*_LATER, "agreement"})
# Made once: to put a statement together takes longer than SQLite takes to answer it.
_ROSTER = select(roster)
_LEADS = select(*(leads.c[name] for name in _NAMES))
_VERSION, _MAC = "roster_version_", "roster_mac_"


def beside_roster(asked: Select[Any]) -> Select[Any]:
    """Have a statement tell with each row which roster there is, for `Rosters.read_with`."""
    told = ((roster.c.version, _VERSION), (roster.c.mac, _MAC))
    return asked.add_columns(*(select(column).scalar_subquery().label(name) for column, name in told))


class Rosters:
    """Reads the roster, verified, and gives the rows that change it; `known` is the one last read, None before that."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self.known: Roster | None = None

    async def read(self, connection: AsyncConnection | None = None) -> Roster:
        """Give the roster as it is now.

        Raises:
            Tampered: A lead was added, changed, left out or rolled back.
            Unavailable: The database cannot be read.
        """
        if connection is None:
            async with self._core.read(once=True) as own:
                row = await self._row(own)
                known = self._if_known(row.version, row.mac)
            if known is not None:
                return known
            async with self._core.read() as own:
                return await self.read(own)
        row = await self._row(connection)
        known = self._if_known(row.version, row.mac)
        if known is None:
            known = self.known = await self._verified(connection, row)
        return known

    async def read_with(
        self, connection: AsyncConnection, asked: Select[Any], values: Mapping[str, Any]
    ) -> tuple[Roster, dict[str, Any] | None]:
        """Give the roster, and the first row of a statement made by `beside_roster`, or None.

        Where the roster is the one that was last read, that is one round trip to a server, not two.

        Raises:
            Tampered: A lead was added, changed, left out or rolled back.
            Unavailable: The database cannot be read.
        """
        row = await one_row(connection, asked, values)
        known = None if row is None else self._if_known(row.pop(_VERSION), row.pop(_MAC))
        return known or await self.read(connection), row

    async def _row(self, connection: AsyncConnection) -> Any:
        row = (await connection.execute(_ROSTER)).first()
        if row is None:
            raise self._core.forgeries.record()
        return row

    def _if_known(self, version: int | None, mac: bytes | None) -> Roster | None:
        """What was verified once and has the same MAC now is what it was: the copy in memory is the safer one."""
        known = self.known
        return known if known is not None and (known.version, known.mac) == (version, mac) else None

    async def read_afresh(self) -> Roster:
        """Give the roster like `read`, and check every row again; if that fails, `read` gives the one before still.

        Raises:
            Tampered: A lead was added, changed, left out or rolled back, or the roster is gone.
            Unavailable: The database cannot be read.
        """
        async with self._core.read() as connection:
            self.known = await self._verified(connection, await self._row(connection))
        return self.known

    async def read_or_known(self) -> Roster:
        """Give the roster, or the last that was genuine: that it is not is told elsewhere, and keeps no words out.

        Raises:
            Tampered: It is not genuine, and none was read before (a store that knows none does not open).
            Unavailable: The database cannot be read.
        """
        try:
            return await self.read()
        except Tampered:
            if self.known is None:
                raise
            return self.known

    async def begin(self) -> None:
        """Write the first, empty roster; or check the one that is there, and catch up the version beside the key.

        Raises:
            Tampered: The roster is not the one that was kept, is older, or is gone though the version beside the key
                tells of one.
            Unavailable: The database cannot be read or written, or the version beside the key not be.
        """
        async with self._core.read() as connection:
            empty = (await connection.execute(select(roster.c.version))).first() is None
        if empty and noted_version(self._core.checkpoint) > 0:
            raise self._core.forgeries.record()
        if empty:
            first = Roster(1, None, {})
            await self._core.commit(Insert(roster, {"id": 1, **self._columns(first)}))
        self.note((await self.read()).version)

    def rows(
        self,
        old: Roster,
        *,
        recovery: bytes | None = None,
        lead: Lead | None = None,
        waiting: Waiting | None = None,
        suspends: bool = False,
    ) -> tuple[Row, ...]:
        """Give the row of the next version, with a lead added or changed, with a recovery key, or with what waits.

        The ledger beside the key file is told first, so that a backup of before does not bring back what was; also that
        it `suspends` the lead, whose wraps have to go again then. The caller adds the lead's own row, commits, and then
        calls `note`.

        Raises:
            Unavailable: The ledger cannot be written.
        """
        changed = {**old.leads, lead.id: lead} if lead else old.leads
        left = old.waiting if waiting is None else waiting
        new = Roster(old.version + 1, recovery or old.recovery, changed, waiting=left)
        same = Tombstone("recovery" if recovery else "roster", "-", new.version)
        self._core.ledger.note(Tombstone("suspended" if suspends else "lead", lead.id, new.version) if lead else same)
        return (self.replacement(old, new),)

    def replacement(self, old: Roster, new: Roster) -> Row:
        """Give the row that puts one version in the place of another.

        The commit raises `Conflict` unless `old` is still there. Neither ledger nor version file is touched: see
        `rows`.
        """
        return Update(roster, {"id": 1}, self._columns(new), {"version": old.version})

    def unchanged(self, known: Roster) -> Row:
        """Give the row that makes a turn a conflict if the roster has changed since, as by another process."""
        same: dict[str, Cell] = {"version": known.version}
        return Update(roster, {"id": 1}, same, same)

    def note(self, version: int) -> None:
        """Write the version beside the key file; an older database is then noticed.

        Raises:
            Unavailable: It cannot be written.
        """
        note_version(self._core.checkpoint, version)

    async def _verified(self, connection: AsyncConnection, row: Any) -> Roster:
        rows = (await connection.execute(_LEADS)).all()
        found = [Lead(**one._mapping) for one in rows]  # noqa: SLF001 - SQLAlchemy's public name for it
        own = {lead.id: lead for lead in found}
        try:
            read = Roster(row.version, row.recovery, own, row.mac, read_waiting(row.waiting))
            self._core.server_key.verify(row.mac, *_bound(read))
        except (NotGenuine, ValueError):
            raise self._core.forgeries.record() from None
        if read.version < noted_version(self._core.checkpoint):
            raise self._core.forgeries.record()
        return read

    def _columns(self, of: Roster) -> dict[str, Cell]:
        mac = self._core.server_key.mac(*_bound(of))
        waiting = write_waiting(of.waiting)
        return {"version": of.version, "recovery": of.recovery, "mac": mac, "waiting": waiting}


def lead_columns(lead: Lead) -> dict[str, Cell]:
    """Give the columns of a lead's row that the roster's MAC covers."""
    return {name: getattr(lead, name) for name in _NAMES}


def _bound(of: Roster) -> tuple[str, *tuple[Field, ...]]:
    """Give what the MAC covers; where nothing waits, or is new, it is what it was before anything could."""
    listed = sorted(of.leads.values(), key=lambda lead: lead.id)
    cells = (of.version, of.recovery, tuple(_bound_lead(lead) for lead in listed))
    waiting = write_waiting(of.waiting)
    return ("roster/2", *cells, waiting) if waiting else ("roster/1", *cells)


def _bound_lead(lead: Lead) -> tuple[Field, ...]:
    later = tuple(getattr(lead, name) for name in _LATER)
    first = tuple(getattr(lead, name) for name in _FIRST)
    if lead.agreement is not None:
        return (*first, later, lead.agreement)
    return (*first, later) if any(one is not None for one in later) else first
