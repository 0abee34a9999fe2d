"""Destroys cases: the notice a week before, the last checks, and what is left to do once two people have said so.

With the second word a case is out of reach: no receipt and no queue leads to it. Only then does the ledger beside the
key file name it, so that it never names a case that somebody could still write to; and only after that its keys and
all else of it go. A kill leaves it out of reach, and the next sweep goes on. See decisions 10, 22 and 28.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, literal_column, select

from flows.cases.retention import NOTICE, blocks, is_to_be_told
from storage.cases.retention import GOING, is_going, retention_of, standing, with_retention
from storage.cases.return_address import destroy_address_key
from storage.cases.rows.case_row import change_rows, read_clear
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, all_rows
from storage.core.destruction_ledger import Tombstone
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases
from storage.database.schema.notices import return_addresses
from storage.database.turn import Delete, Logged
from storage.deeds.leaving.retention import Destroy
from storage.deeds.loading import load_one
from storage.desk.actions import Acting
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.notices.enqueue import tell_one
from storage.reporters.talks import Talks
from storage.upkeep.replay_ledger import rows_of_case
from storage.upkeep.verification.audit_checkpoint import holds_end
from storage.upkeep.verification.verify import matches_audit
from storage.values import Arrival, CaseId, CaseRow
from storage.values.errors import Conflict, Tampered

_AT_ONCE: Final = 50  # cases that are looked at in one sweep
#: The condition of the index; a number that is bound is none to SQLite.
_DATED: Final = cases.c.keep_until < literal_column(str(NEVER))


class Destruction:
    """Tells of cases whose time is nearly over, and destroys those that two people have agreed on."""

    def __init__(self, core: StoreCore, rosters: Rosters, act: Acting, talks: Talks) -> None:
        self._core = core
        self._rosters = rosters
        self._act = act
        self._talks = talks
        self._after = ""

    async def agree(self, session: LeadSession, arrival: Arrival, case: CaseId, version: int) -> CaseRow | None:
        """Say that a case is to be destroyed; None where this was the second word, and it is gone.

        Before that, it is asked of the audit chain whether the case is the one that it tells of: rows that somebody put
        back to a time without a hold destroy nothing.

        Raises:
            NoSuchCase: There is none, or not for this lead.
            NotOffered: Something stands against it, or the clock has just jumped.
            Tampered: The case, or the chain, is not the one that was kept; nothing was destroyed.
            Refusal: Whatever else `Acting.act` raises; nothing changed.
        """
        await self._require_newest(session, case)
        done = await self._act.act(session, arrival, case, version, Destroy())
        if done.retention.until != datetime.fromtimestamp(GOING, UTC):
            return done
        self._talks.end_case(case)
        await self.finish()
        return None

    async def tell(self) -> int:
        """Tell the recipients of cases whose time is over within a week; 50 are looked at, in turn. Safe to repeat.

        Returns:
            Of how many cases they were told.

        Raises:
            Unavailable: The database cannot be read or written.
            Tampered: The roster is not the one that was kept.
        """
        now, told = self._core.now(), 0
        soon = int((now + NOTICE).timestamp())
        ending = (_DATED, cases.c.keep_until <= soon, cases.c.keep_until > GOING, cases.c.id > self._after)
        rows = await self._read(select(cases).where(*ending).order_by(cases.c.id).limit(_AT_ONCE))
        self._after = rows[-1]["id"] if len(rows) == _AT_ONCE else ""
        for clear in self._genuine(rows):
            if is_to_be_told(standing(clear), now):
                with suppress(Conflict):  # somebody does something to it just now
                    await self._tell(clear)
                    told += 1
        return told

    async def finish(self) -> int:
        """Destroy what two people have agreed on, and tell how many cases that were. Safe to repeat, and to kill.

        A case of which the audit chain tells more than its rows hold was put back, is counted, and stays as it is.

        Raises:
            Unavailable: The database or the ledger cannot be written; the next sweep goes on.
        """
        rows = await self._read(select(cases).where(_DATED, cases.c.keep_until == GOING).limit(_AT_ONCE))
        going = [clear for clear in self._genuine(rows) if is_going(clear)]
        return sum([await self._destroy(clear) for clear in going])

    async def _destroy(self, clear: ClearRow) -> bool:
        asked = select(return_addresses.c.id).where(return_addresses.c.case_id == clear.id)
        async with self._core.read() as connection:
            addresses = (await connection.execute(asked)).scalars().all()
            newest = await matches_audit(connection, clear)
        if not newest:
            self._core.forgeries.record(clear.id)
            return False
        self._core.ledger.note(Tombstone("case", clear.id), *(Tombstone("address", one) for one in addresses))
        for one in addresses:
            destroy_address_key(self._core, one)
        *rest, _ = rows_of_case(clear.id)
        last = Delete(cases, {"id": clear.id}, {"version": clear.version})
        await self._core.commit(*rest, last, Logged(self._core.hour(), "", "destroyed", clear.id))
        self._core.known_cases.forget(clear.id)
        self._talks.end_case(clear.id)
        return True

    async def _tell(self, clear: ClearRow) -> None:
        now = self._core.second()
        there = (await self._rosters.read()).there(clear.rungs)
        told = with_retention(clear, replace(retention_of(clear), told=now))
        rows = (tell_one(clear, lead, "retention", now) for lead in sorted(there))
        await self._core.commit(*change_rows(self._core, clear, told), *rows)

    async def _read(self, page: Select[Any]) -> list[dict[str, Any]]:
        async with self._core.read() as connection:
            return await all_rows(connection, page)

    def _genuine(self, rows: list[dict[str, Any]]) -> Iterator[ClearRow]:
        """Give the cases; one that is not genuine is counted, left out, and never destroyed."""
        for row in rows:
            with suppress(Tampered):
                yield read_clear(self._core, row)

    async def _require_newest(self, session: LeadSession, case: CaseId) -> None:
        async with self._core.read() as connection:
            clear = (await load_one(self._core, connection, session, case)).clear
            newest = await matches_audit(connection, clear)
        if not blocks(standing(clear), self._core.now()) and not (newest and await holds_end(self._core)):
            raise self._core.forgeries.record(case)
