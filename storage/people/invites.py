"""Invites: codes of 80 bits, kept as a MAC, good for one use and for some days."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from sqlalchemy import select

from flows.known import LeadId
from storage.ground import Ground
from storage.people.roster import Lead, fold_name
from storage.schema.people import invites
from storage.sealing.errors import NotGenuine
from storage.turns import Cell, Delete, Insert, Row

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

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def draw(self, wanted: Wanted, existing: Lead | None) -> str:
        """Keep a new invite and give its code, in four groups of four."""
        code = base64.b32encode(os.urandom(10)).decode()
        expires = self._ground.second() + int(self._ground.limits.invite_life.total_seconds())
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
        values["mac"] = self._ground.server_key.mac("invite/1", *values.values())
        await self._ground.commit(Insert(invites, values))
        return "-".join(code[at : at + 4] for at in range(0, 16, 4))

    async def find(self, code: str) -> dict[str, Cell] | None:
        """Give a living invite's columns; None for unknown, used and expired ones alike.

        Raises:
            Tampered: The row was not written by this server.
        """
        asked = select(invites).where(invites.c.code == self._mark(code))
        async with self._ground.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is None or row["expires_at"] <= self._ground.second():
            return None
        try:
            self._ground.server_key.verify(row["mac"], "invite/1", *(row[name] for name in _FIELDS))
        except NotGenuine:
            raise self._ground.forged() from None
        return dict(row)

    def use(self, invite: dict[str, Cell]) -> Row:
        """Give the row that uses an invite up: a second use is a conflict."""
        return Delete(invites, {"code": invite["code"]}, {"name": invite["name"]})

    def of(self, lead: LeadId) -> Row:
        """Give the row that takes back every invite of a lead."""
        return Delete(invites, {"lead_id": lead})

    def _mark(self, code: str) -> bytes:
        plain = "".join(sign for sign in code.upper() if sign.isalnum())
        return self._ground.server_key.mac("invite-code/1", plain)


def is_for(invite: dict[str, Cell], lead: Lead) -> bool:
    """Tell whether an invite rebinds this lead."""
    return invite["lead_id"] == lead.id and fold_name(str(invite["name"])) == lead.name_key
