"""Brings what was shared with a partner over to her new keys: the key of a share is wrapped anew, its content stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import ColumnElement, func, select

from flows.values.ids import LeadId
from storage.cases.rows.share_row import ShareRow, changed_share_row, read_share
from storage.core.core import StoreCore, all_rows
from storage.database.schema.shares import shares
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.share_keys import open_table, rewrap_share, seal_table
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import PublicKey
from storage.values.errors import Conflict, SessionOver, Tampered

_AT_ONCE: Final = 200  # shares named at once
_TRIES: Final = 4


class RenewedShares:
    """Goes on with what a renewal of keys began; each share is a turn of its own, so it can end at any point."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def left(self, lead: LeadId, former: bytes) -> int:
        """Tell how many live shares are sealed for a key of before.

        Raises:
            Unavailable: The database cannot be read.
        """
        counted = select(func.count()).select_from(shares).where(_sealed_for(lead, former))
        async with self._core.read() as connection:
            return int((await connection.execute(counted)).scalar_one())

    async def bring_over(self, session: LeadSession, former: bytes) -> AsyncIterator[bool]:
        """Wrap each anew for the keys of now; yields after each whether it was genuine. One that is not stays as it is.

        Raises:
            SessionOver: The session has ended; what is done is done.
            Conflict: One was changed at the same moment, again and again.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        lead, after = session.lead.id, ""
        hers = select(shares).where(_sealed_for(lead, former)).order_by(shares.c.id).limit(_AT_ONCE)
        while True:
            async with self._core.read() as connection:
                ids = [row["id"] for row in await all_rows(connection, hers.where(shares.c.id > after))]
            for share in ids:
                yield await self._over(session, former, share)
            if len(ids) < _AT_ONCE:
                return
            after = ids[-1]

    async def _over(self, session: LeadSession, former: bytes, share: str) -> bool:
        for left in reversed(range(_TRIES)):
            try:
                return await self._rewrapped(session, former, share)
            except Conflict:  # a lead takes it back, or it is told to be late, just now
                if not left:
                    raise
        return False

    async def _rewrapped(self, session: LeadSession, former: bytes, share: str) -> bool:
        lead = session.lead.id
        asked = select(shares).where(shares.c.id == share, _sealed_for(lead, former))
        async with self._core.read() as connection:
            rows = await all_rows(connection, asked)
        if not rows:  # it has ended meanwhile
            return True
        public = (await self._rosters.read()).leads[lead].public
        if not session.is_open:
            raise SessionOver
        try:
            found = read_share(self._core, rows[0])
            private = session.private_keys[found.key_id]
            again = rewrap_share(private, public, found.id, found.partner, found.kept)
            table = _table_over(session, found, public)
        except Tampered:
            return False
        except CannotOpen:
            self._core.forgeries.record(rows[0]["case_id"])
            return False
        changes = {"key_id": again.key_id, "wrapped": again.wrapped, "round_table": table}
        await self._core.commit(changed_share_row(self._core.server_key, found, **changes))
        return True


def _table_over(session: LeadSession, found: ShareRow, public: PublicKey) -> bytes | None:
    """Give the round table on a share, sealed anew for the keys of now; None where there is none."""
    if not found.round_table:
        return None
    text = open_table(session.private_keys, found.id, found.partner, found.round_table)
    return found.round_table if text is None else seal_table(public, found.id, found.partner, text)


def _sealed_for(lead: LeadId, key: bytes) -> ColumnElement[bool]:
    live = func.length(shares.c.wrapped) > 0
    return (shares.c.partner == lead) & (shares.c.key_id == key) & live
