"""Which ways to a lead outside the page work: Telegram that took a notice, or a confirmed e-mail address."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, select

from flows.values.ids import LeadId
from storage.core.core import StoreCore, all_rows, one_row
from storage.database.schema.notices import pagers, reached
from storage.database.turn import Cell, Cells, Insert, Logged, Row, UpdateAll
from storage.leads.pager_rows import (
    ENDED,
    UNTRIED,
    is_pager_row,
    is_reached_row,
    open_pager,
    pager_columns,
    pager_name,
    reached_columns,
    reached_name,
    seal_pager,
)
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Arrival
from storage.values.errors import Unavailable

Channel: TypeAlias = Literal["telegram", "web", "email"]

#: Seconds that a code is good for, and how often it may be tried.
_CODE_LIVES: Final = 30 * 60
_TRIES: Final = 5
_DIGITS: Final = 6


class Channels:
    """Records of attempts to notify: when, by lead and channel, and whether it was taken; no content."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def tried(self, lead: LeadId, channel: Channel, *, taken: bool) -> None:
        """Note that a notice was taken, or refused for good (the Bot API's 403: the lead has blocked the bot).

        Whether a way works turns seldom; only then is the register told, so that no older row hides a refusal.

        Raises:
            Tampered: The register is not the one that was written.
            Conflict: Another process noted the same at the same moment; nothing is noted.
            Unavailable: The database, or the register, cannot be read or written.
        """
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(reached).where(*_is_of(lead, channel)))
        before = await self._genuine(rows)
        floor = self._core.register.floor(reached_name(lead, channel))
        times: dict[str, Any] = dict(before[0]) if before else {**UNTRIED, "version": floor}
        turned = not before or taken is not _works(times)
        after = {**times, "taken_at" if taken else "refused_at": self._core.second()}
        after["version"] = max(floor, times["version"]) + turned
        cells = reached_columns(self._core.server_key, lead, channel, after)
        key: Cells = {"lead_id": str(lead), "channel": channel}
        row: Row = UpdateAll(reached, key, cells) if rows else Insert(reached, {**key, **cells})
        await self._core.commit(row)
        if turned:
            self._core.register.note_floor(reached_name(lead, channel), after["version"])

    async def reachable(self) -> frozenset[LeadId]:
        """Give the leads who have a tested channel outside the page that was not refused since.

        A closed page gets no push: the web chat never counts. An e-mail address counts once its code came back.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        proved = select(pagers.c.lead_id, pagers.c.confirmed_at).where(pagers.c.confirmed_at > 0)
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(reached))
            letters = (await connection.execute(proved)).all()
        tried = await self._genuine(rows)
        found = {row["lead_id"] for row in tried if row["channel"] == "telegram" and _works(row)}
        refused = {row["lead_id"]: row["refused_at"] for row in tried if row["channel"] == "email" and not _works(row)}
        found |= {row.lead_id for row in letters if row.confirmed_at >= refused.get(row.lead_id, 0)}
        roster = await self._rosters.read()
        cards = (roster.card(lead) for lead in found)
        return frozenset(card.id for card in cards if card is not None and not card.disabled)

    async def _genuine(self, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Give the rows that are the newest that were kept; every other is counted, and stands for nothing tried."""
        floors, own = self._core.register.read().floors, []
        for row in rows:
            newest = floors.get(reached_name(row["lead_id"], row["channel"]), 0)
            if is_reached_row(self._core.server_key, row) and row["version"] >= newest:
                own.append(row)
            elif row["version"]:  # those of before have no version
                self._core.forgeries.record()
        return own


def _works(row: Mapping[str, Any]) -> bool:
    return bool(0 < row["taken_at"] >= row["refused_at"])


def _is_of(lead: LeadId, channel: Channel) -> tuple[ColumnElement[bool], ...]:
    return reached.c.lead_id == lead, reached.c.channel == channel


class Pagers:
    """E-mail addresses of leads for notices; each is asked for, confirmed and ended by its lead alone."""

    def __init__(self, core: StoreCore, sessions: Sessions) -> None:
        self._core = core
        self._sessions = sessions
        self._situation: dict[LeadId, str | None] = {}

    async def ask(self, session: LeadSession, arrival: Arrival, address: str) -> str:
        """Keep an address that is not confirmed yet, in the place of any earlier one, and draw its code.

        Returns:
            Six digits, good for 30 minutes and five tries.

        Raises:
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Tampered: The register is not the one that was written.
            Unavailable: It cannot be written; or it is kept, and that it is the newest could not be noted.
        """
        self._sessions.require(session)
        lead, code = session.lead.id, f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        asked: dict[str, Cell] = {
            "sealed": seal_pager(self._core.server_key, lead, address, code),
            "asked_at": self._core.second(),
        }
        await self._keep(arrival, lead, {**asked, "tries": 0, "confirmed_at": 0})
        return code

    async def confirm(self, session: LeadSession, arrival: Arrival, code: str) -> bool:
        """Confirm the address with the code that was sent there; false for a wrong, old or too often tried one.

        Raises:
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Tampered: The row is not the one that was kept; nothing was confirmed.
            Unavailable: The database, or the register, cannot be read or written.
        """
        self._sessions.require(session)
        lead, now = session.lead.id, self._core.second()
        row = await self._row(lead)
        if row is None or row["confirmed_at"] or row["tries"] >= _TRIES or now - row["asked_at"] > _CODE_LIVES:
            await self._core.commit(*self._core.marks.seen_rows(arrival))
            return False
        _, right = self._open(lead, row["sealed"])
        fits = secrets.compare_digest(right.encode(), code.encode())
        logged = (Logged(self._core.hour(), lead, "pager"),) if fits else ()
        changed = {"tries": row["tries"] + 1, "confirmed_at": now if fits else 0}
        await self._keep(arrival, lead, {**row, **changed}, *logged)
        return fits

    async def end(self, session: LeadSession, arrival: Arrival) -> None:
        """Destroy the address, confirmed or not; an empty row stays, so that the old one cannot be put back.

        Raises:
            SessionOver: The session has ended; the address stays.
            AlreadySeen: The update was committed before.
            Tampered: The register is not the one that was written.
            Unavailable: It cannot be written; or it is gone, and that this is the newest could not be noted.
        """
        self._sessions.require(session)
        logged = Logged(self._core.hour(), session.lead.id, "pager")
        await self._keep(arrival, session.lead.id, ENDED, logged)

    async def address(self, lead: LeadId) -> str | None:
        """Give the confirmed address of a lead; while the database cannot be read, the one that was read last.

        Raises:
            Tampered: It is another lead's, was changed, put back, or taken away.
        """
        try:
            row = await self._row(lead)
        except Unavailable:
            return self._situation.get(lead)
        found = None if row is None or not row["confirmed_at"] else self._open(lead, row["sealed"])[0]
        self._situation[lead] = found
        return found

    async def _row(self, lead: LeadId) -> dict[str, Any] | None:
        """Give the row of a lead, the newest that was kept; None where there is none, or it has ended."""
        row = await self._kept(lead)
        if row is not None and not is_pager_row(self._core.server_key, row):
            raise self._core.forgeries.record()
        self._core.register.require_floor(pager_name(lead), 0 if row is None else row["version"])
        return row if row is not None and row["sealed"] else None

    async def _kept(self, lead: LeadId) -> dict[str, Any] | None:
        async with self._core.read() as connection:
            return await one_row(connection, select(pagers).where(pagers.c.lead_id == lead))

    async def _keep(self, arrival: Arrival, lead: LeadId, values: Mapping[str, Cell], *also: Row) -> None:
        """Keep the next version, also in the place of one that is not genuine."""
        found = await self._kept(lead)
        newest = max(self._core.register.floor(pager_name(lead)), found["version"] if found else 0)
        cells = pager_columns(self._core, lead, {**values, "version": newest + 1})
        row: Row = Insert(pagers, {"lead_id": lead, **cells})
        if found is not None:
            row = UpdateAll(pagers, {"lead_id": lead}, cells)
        await self._core.commit(*self._core.marks.seen_rows(arrival), row, *also)
        self._core.register.note_floor(pager_name(lead), newest + 1)

    def _open(self, lead: LeadId, sealed: bytes) -> tuple[str, str]:
        try:
            return open_pager(self._core.server_key, lead, sealed)
        except CannotOpen:
            raise self._core.forgeries.record() from None
