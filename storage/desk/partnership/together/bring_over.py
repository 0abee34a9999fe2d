"""Brings what is sealed for a lead or a partner together with others over to her new keys, before the old ones go."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, select

from storage.core.core import StoreCore, all_rows
from storage.core.integrity import BOUND, is_bound, mac_of
from storage.database.schema.together import letters, threads
from storage.database.turn import Cell, Row, Update
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.thread_keys import open_thread, wrap_over, wrapped_for
from storage.sealing.primitives.errors import CannotOpen

_TABLES: Final = (threads, letters)


class BringingOver:
    """For whoever renews her keys; safe to repeat, and to kill: each row is a turn of its own."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def bring(self, session: LeadSession) -> None:
        """Wrap for the new key what is wrapped for the one of before; what is not genuine is counted, and stays.

        Raises:
            Conflict: Somebody else wrote at the same moment: call it again.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        former = session.former
        if former is None:
            return
        public = (await self._rosters.read()).leads[session.lead.id].public
        for table in _TABLES:
            async with self._core.read() as connection:
                rows = await all_rows(connection, select(table).where(table.c.site == session.lead.site))
            for row in rows:
                if former not in wrapped_for(row["wraps"]):
                    continue
                try:
                    key = open_thread(session.private_keys, row["id"], row["wraps"])
                except CannotOpen:
                    key = None
                if key is None or not is_bound(self._core.server_key, table, row):
                    self._core.forgeries.record()
                    continue
                wraps = wrap_over(row["wraps"], row["id"], key, former, public)
                await self._core.commit(self._changed(table, row, wraps))

    def _changed(self, table: Table, row: dict[str, Any], wraps: bytes) -> Row:
        cells: dict[str, Cell] = {**{name: row[name] for name in BOUND[table.name][1]}, "wraps": wraps}
        if "version" in cells:
            cells["version"] = row["version"] + 1
        cells["mac"] = mac_of(self._core.server_key, table, cells)
        return Update(table, {"id": cells.pop("id")}, cells, {"mac": row["mac"]})
