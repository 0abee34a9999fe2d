"""Invites: codes of 80 bits, kept as a MAC, good for one use and for some days."""

from __future__ import annotations

import base64
import os
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from flows.values.ids import LeadId
from flows.values.normalise import LATIN_FOR
from storage.core.core import StoreCore
from storage.database.schema.leads import invites
from storage.database.turn import Cell, Delete, Insert, Row
from storage.leads.roster.roster import Lead, fold_name
from storage.sealing.primitives.errors import NotGenuine

#: Digits that no code has (RFC 4648, base 32), and the letters that they are misread for.
_MISREAD = str.maketrans("018", "OIB")
_FIELDS = ("code", "lead_id", "name", "title", "role", "site", "language", "expires_at")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom an invite is for."""

    name: str
    title: str
    role: str
    site: str
    language: str


class Invites:
    """Draws, finds and uses up invites."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def draw(self, wanted: Wanted, existing: Lead | None) -> str:
        """Keep a new invite and give its code, in four groups of four."""
        code = base64.b32encode(os.urandom(10)).decode()
        expires = self._core.second() + int(self._core.limits.invite_life.total_seconds())
        values: dict[str, Cell] = {
            "code": self._mark(code),
            "lead_id": existing.id if existing else None,
            "name": wanted.name,
            "title": wanted.title,
            "role": wanted.role,
            "site": wanted.site,
            "language": wanted.language,
            "expires_at": expires,
        }
        bound = self._lets_in(existing.id) if existing and existing.shut_out else ("invite/1",)
        values["mac"] = self._core.server_key.mac(*bound, *values.values())
        await self._core.commit(Insert(invites, values))
        return "-".join(code[at : at + 4] for at in range(0, 16, 4))

    async def find(self, code: str) -> dict[str, Cell] | None:
        """Give a living invite's columns, and whether it `lets_in` who was shut out; None for unknown and old ones.

        Raises:
            Tampered: The row was not written by this server, or is one that went when the lead was shut out.
            Unavailable: The ledger cannot be read.
        """
        asked = select(invites).where(invites.c.code == self._mark(code))
        async with self._core.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is None or row["expires_at"] <= self._core.second():
            return None
        values = [row[name] for name in _FIELDS]
        if self._is_genuine(row["mac"], "invite/1", *values):
            return {**row, "lets_in": 0}
        if row["lead_id"] and self._is_genuine(row["mac"], *self._lets_in(row["lead_id"]), *values):
            return {**row, "lets_in": 1}
        raise self._core.forged()

    def use(self, invite: dict[str, Cell]) -> Row:
        """Give the row that uses an invite up: a second use is a conflict."""
        return Delete(invites, {"code": invite["code"]}, {"name": invite["name"]})

    def of(self, lead: LeadId) -> Row:
        """Give the row that takes back every invite of a lead."""
        return Delete(invites, {"lead_id": lead})

    def _is_genuine(self, mac: bytes, label: str, *values: Cell) -> bool:
        try:
            self._core.server_key.verify(mac, label, *values)
        except NotGenuine:
            return False
        return True

    def _lets_in(self, lead: str) -> tuple[str, int]:
        """Give what an invite is bound to that lets in who was shut out: only until that lead is changed again.

        It is the ledger that tells, since somebody who writes the database can put an older invite back.
        """
        return "invite/2", max((one.version for one in self._core.destroyed() if one.id == lead), default=0)

    def _mark(self, code: str) -> bytes:
        return self._core.server_key.mac("invite-code/1", _plain(code))


def _plain(code: str) -> str:
    """Bring a code as typed to its letters and digits: wide and foreign ones are read as what they look like."""
    read = unicodedata.normalize("NFKC", code).translate(LATIN_FOR).upper()
    return "".join(sign for sign in read if sign.isalnum()).translate(_MISREAD)


def is_for(invite: dict[str, Cell], lead: Lead) -> bool:
    """Tell whether an invite rebinds this lead."""
    return invite["lead_id"] == lead.id and fold_name(str(invite["name"])) == lead.name_key
