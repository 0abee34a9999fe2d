"""Other pagers of leads: an e-mail address each, sealed under the server key, used once its code came back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from flows.ids import LeadId
from storage.ground import Ground, one_row
from storage.people.session import LeadSession
from storage.people.sessions import Sessions
from storage.refusals import Unavailable
from storage.schema.channels import pagers
from storage.sealing.box import Place, open_box, seal
from storage.sealing.errors import CannotOpen
from storage.sealing.server_key import ServerKey
from storage.turns import Cell, Insert, Logged, Row, UpdateAll
from storage.values import Arrival

#: Seconds that a code is good for, and how often it may be tried.
_CODE_LIVES: Final = 30 * 60
_TRIES: Final = 5
_DIGITS: Final = 6
_NAMES: Final = ("lead_id", "sealed", "asked_at", "tries", "confirmed_at", "version")
_ENDED: Final[Mapping[str, Cell]] = {"sealed": b"", "asked_at": 0, "tries": 0, "confirmed_at": 0}


class Pagers:
    """Asked for, confirmed, and ended by the lead alone."""

    def __init__(self, ground: Ground, sessions: Sessions) -> None:
        self._ground = ground
        self._sessions = sessions
        self._known: dict[LeadId, str | None] = {}

    async def ask(self, session: LeadSession, arrival: Arrival, address: str) -> str:
        """Keep an address that is not confirmed yet, in the place of any earlier one, and draw its code.

        Raises:
            SessionOver: The session has ended.
        """
        self._sessions.require(session)
        lead, code = session.lead.id, f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        asked: dict[str, Cell] = {"sealed": self._seal(lead, address, code), "asked_at": self._ground.second()}
        await self._keep(arrival, lead, {**asked, "tries": 0, "confirmed_at": 0})
        return code

    async def confirm(self, session: LeadSession, arrival: Arrival, code: str) -> bool:
        """Confirm the address with the code that was sent there; false for a wrong, old or too often tried one."""
        self._sessions.require(session)
        lead, now = session.lead.id, self._ground.second()
        row = await self._row(lead)
        if row is None or row["confirmed_at"] or row["tries"] >= _TRIES or now - row["asked_at"] > _CODE_LIVES:
            await self._ground.commit(*self._ground.arrived(arrival))
            return False
        _, right = self._open(lead, row["sealed"])
        fits = secrets.compare_digest(right.encode(), code.encode())
        logged = (Logged(self._ground.hour(), lead, "pager"),) if fits else ()
        changed = {"tries": row["tries"] + 1, "confirmed_at": now if fits else 0}
        await self._keep(arrival, lead, {**row, **changed}, *logged)
        return fits

    async def end(self, session: LeadSession, arrival: Arrival) -> None:
        """Destroy the address, confirmed or not; an empty row stays, so that nobody can put it back."""
        self._sessions.require(session)
        logged = Logged(self._ground.hour(), session.lead.id, "pager")
        await self._keep(arrival, session.lead.id, _ENDED, logged)

    async def address(self, lead: LeadId) -> str | None:
        """Give the confirmed address of a lead; while the database cannot be read, the one that was read last.

        Raises:
            Tampered: It is another lead's, was changed, put back, or taken away.
        """
        try:
            row = await self._row(lead)
        except Unavailable:
            return self._known.get(lead)
        found = None if row is None or not row["confirmed_at"] else self._open(lead, row["sealed"])[0]
        self._known[lead] = found
        return found

    async def _row(self, lead: LeadId) -> dict[str, Any] | None:
        """Give the row of a lead, the newest that was kept; None where there is none, or it has ended."""
        row = await self._kept(lead)
        if row is not None and not is_pager_row(self._ground.server_key, row):
            raise self._ground.forged()
        self._ground.require_floor(pager_name(lead), 0 if row is None else row["version"])
        return row if row is not None and row["sealed"] else None

    async def _kept(self, lead: LeadId) -> dict[str, Any] | None:
        async with self._ground.read() as connection:
            return await one_row(connection, select(pagers).where(pagers.c.lead_id == lead))

    async def _keep(self, arrival: Arrival, lead: LeadId, values: Mapping[str, Cell], *also: Row) -> None:
        """Keep the next version, also in the place of one that is not genuine."""
        found = await self._kept(lead)
        newest = max(self._ground.noted().floors.get(pager_name(lead), 0), found["version"] if found else 0)
        cells = pager_columns(self._ground, lead, {**values, "version": newest + 1})
        row: Row = Insert(pagers, {"lead_id": lead, **cells})
        if found is not None:
            row = UpdateAll(pagers, {"lead_id": lead}, cells)
        await self._ground.commit(*self._ground.arrived(arrival), row, *also)
        self._ground.note_floor(pager_name(lead), newest + 1)

    def _seal(self, lead: LeadId, address: str, code: str) -> bytes:
        content = json.dumps([address, code]).encode()
        return seal(self._ground.server_key.address_key(), _place(lead), content)

    def _open(self, lead: LeadId, sealed: bytes) -> tuple[str, str]:
        try:
            address, code = json.loads(open_box(self._ground.server_key.address_key(), _place(lead), sealed))
        except CannotOpen:
            raise self._ground.forged() from None
        return address, code


def pager_name(lead: str) -> str:
    """Give what the register calls the row of a lead."""
    return f"pager {lead}"


def is_pager_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote, now or before."""
    return key.made(row["mac"], "pager/1", *(row[name] for name in _NAMES))


def pager_columns(ground: Ground, lead: str, values: Mapping[str, Cell]) -> dict[str, Cell]:
    """Give the columns of a row but its key, with their MAC."""
    cells = {name: values[name] for name in _NAMES[1:]}
    return {**cells, "mac": ground.server_key.mac("pager/1", lead, *cells.values())}


def _place(lead: LeadId) -> Place:
    return Place("pagers", None, lead, "pager", 0)
