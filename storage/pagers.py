"""Other pagers of leads: an e-mail address each, sealed under the server key, used once its code came back."""

from __future__ import annotations

import json
import secrets
from typing import Any, Final

from sqlalchemy import select

from flows.known import LeadId
from storage.ground import Ground
from storage.people.session import LeadSession
from storage.people.sessions import Sessions
from storage.refusals import Unavailable
from storage.schema.channels import pagers
from storage.sealing.box import Place, open_box, seal
from storage.sealing.errors import CannotOpen
from storage.turns import Cell, Delete, Insert, Logged, Row, UpdateAll
from storage.values import Arrival

#: Seconds that a code is good for, and how often it may be tried.
_CODE_LIVES: Final = 30 * 60
_TRIES: Final = 5
_DIGITS: Final = 6


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
        values: dict[str, Cell] = {"sealed": self._seal(lead, address, code), "asked_at": self._ground.second()}
        values |= {"tries": 0, "confirmed_at": 0}
        row: Row = Insert(pagers, {"lead_id": lead, **values})
        if await self._row(lead) is not None:
            row = UpdateAll(pagers, {"lead_id": lead}, values)
        await self._ground.commit(*self._ground.arrived(arrival), row)
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
        values: dict[str, Cell] = {"tries": row["tries"] + 1, "confirmed_at": now if fits else 0}
        logged = (Logged(self._ground.hour(), lead, "pager"),) if fits else ()
        await self._ground.commit(*self._ground.arrived(arrival), UpdateAll(pagers, {"lead_id": lead}, values), *logged)
        return fits

    async def end(self, session: LeadSession, arrival: Arrival) -> None:
        """Destroy the address, confirmed or not."""
        self._sessions.require(session)
        logged = Logged(self._ground.hour(), session.lead.id, "pager")
        await self._ground.commit(*self._ground.arrived(arrival), Delete(pagers, {"lead_id": session.lead.id}), logged)

    async def address(self, lead: LeadId) -> str | None:
        """Give the confirmed address of a lead; while the database cannot be read, the one that was read last.

        Raises:
            Tampered: It is another lead's, or was changed.
        """
        try:
            row = await self._row(lead)
        except Unavailable:
            return self._known.get(lead)
        found = None if row is None or not row["confirmed_at"] else self._open(lead, row["sealed"])[0]
        self._known[lead] = found
        return found

    async def _row(self, lead: LeadId) -> dict[str, Any] | None:
        async with self._ground.read() as connection:
            found = (await connection.execute(select(pagers).where(pagers.c.lead_id == lead))).mappings().first()
        return None if found is None else dict(found)

    def _seal(self, lead: LeadId, address: str, code: str) -> bytes:
        content = json.dumps([address, code]).encode()
        return seal(self._ground.server_key.address_key(), _place(lead), content)

    def _open(self, lead: LeadId, sealed: bytes) -> tuple[str, str]:
        try:
            address, code = json.loads(open_box(self._ground.server_key.address_key(), _place(lead), sealed))
        except CannotOpen:
            raise self._ground.forged() from None
        return address, code


def _place(lead: LeadId) -> Place:
    return Place("pagers", None, lead, "pager", 0)
