"""Ends shares: those whose time is over, whose partner is shut out, or that a kill left between ledger and database.

The id stands in the ledger beside the key file before the key is destroyed, so that a restored backup obeys.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from sqlalchemy import func, select

from flows.values.ids import LeadId
from storage.cases.rows.share_row import ended_share_row, read_share
from storage.core.core import StoreCore, all_rows
from storage.database.schema.shares import shares
from storage.database.turn import Logged
from storage.leads.roster.rosters import Rosters
from storage.values.errors import Conflict, Tampered

_AT_ONCE: Final = 200


class EndingShares:
    """The sweep calls it; safe to repeat, and to kill: the next one goes on."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def end_due(self) -> int:
        """Destroy key and content of every share that is over; tell how many. One that is not genuine is counted.

        Raises:
            Tampered: The roster, or the ledger, is not the one that was kept.
            Unavailable: The database or the ledger cannot be read or written; what is destroyed is destroyed.
        """
        roster, now, done, after = await self._rosters.read(), self._core.second(), 0, ""
        named = {one.id for one in self._core.ledger.read() if one.kind == "share"}
        live = select(shares).where(func.length(shares.c.wrapped) > 0).order_by(shares.c.id).limit(_AT_ONCE)
        while True:
            async with self._core.read() as connection:
                rows = await all_rows(connection, live.where(shares.c.id > after))
            for row in rows:
                with suppress(Tampered, Conflict):  # not genuine; or its partner does something to it just now
                    share = read_share(self._core, row)
                    lead = roster.leads.get(LeadId(share.partner))
                    if share.until <= now or share.id in named or lead is None or lead.shut_out:
                        logged = Logged(self._core.hour(), "", "share_over")
                        await self._core.commit(ended_share_row(self._core, share), logged)
                        done += 1
            if len(rows) < _AT_ONCE:
                return done
            after = rows[-1]["id"]
