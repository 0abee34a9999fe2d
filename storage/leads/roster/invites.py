"""Invites: codes of 80 bits, kept as a MAC, good for one use and for some days."""

from __future__ import annotations

import base64
import os
import unicodedata
from typing import TypeAlias

from sqlalchemy import select

from flows.cases.roles import ROLES
from flows.values.ids import LeadId, Role, SiteId
from flows.values.normalise import LATIN_FOR
from storage.core.core import StoreCore
from storage.database.schema.leads import invites
from storage.database.turn import Cell, Delete, Insert, Row
from storage.leads.roster.roster import Lead, fold_name
from storage.leads.roster.rosters import Rosters
from storage.sealing.primitives.errors import NotGenuine
from storage.values import Invite, Invited
from storage.values.errors import NotOffered

#: Digits that no code has (RFC 4648, base 32), and the letters that they are misread for.
_MISREAD = str.maketrans("018", "OIB")
_Bound: TypeAlias = "tuple[str] | tuple[str, int]"
#: The label of an invite of a new partner, whose agreement is bound with it.
_WITH_AGREEMENT = "invite/4"
_FIELDS = ("code", "lead_id", "name", "title", "role", "site", "language", "expires_at")


class Invites:
    """Draws, finds and uses up invites."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def draw(
        self,
        name: str,
        role: Role,
        site: SiteId,
        title: str = "",
        language: str = "en",
        *,
        agreement: str | None = None,
        also: tuple[Row, ...] = (),
    ) -> Invite:
        """Draw an invite; for a name that is on the roster it rebinds, and the factors stay required.

        A name that differs from one on the roster only as phones write it is that one (`Roster.named`). Who was shut
        out is let in again by it, together with the factors. The code is in four groups of four. `agreement` is what a
        new partner is here by (`agreements.write_agreement`); `also` is committed in the same turn.

        Raises:
            NotOffered: The name is empty, the role unknown, or it is a new partner without an agreement.
            Conflict: A row of `also` is not as expected; nothing was kept.
            Tampered: The roster, or the ledger, is not the one that was kept.
            Unavailable: The database cannot be written, or the ledger not be read.
        """
        shown = " ".join(name.split())
        if not shown or role not in ROLES:
            raise NotOffered
        existing = (await self._rosters.read()).named(shown)
        if role == "partner" and existing is None and agreement is None:
            raise NotOffered
        lead = (existing.id, existing.name) if existing else (None, shown)
        bound = self._lets_in(existing.id) if existing and existing.shut_out else ("invite/1",)
        code = await self._keep(bound, (*lead, title, role, site, language), also, agreement)
        return Invite(code, existing is not None, bool(existing and existing.shut_out))

    async def draw_reset(self, lead: Lead, *, also: tuple[Row, ...] = ()) -> Invite:
        """Draw an invite by which a lead sets up another authenticator, with the passphrase: see `FactorResets`.

        It ends with the next change to the lead on the roster. `also` is committed in the same turn.

        Raises:
            Tampered: The ledger is not the one that was kept.
            Conflict: A row of `also` is not as expected; nothing was kept.
            Unavailable: The database cannot be written, or the ledger not be read.
        """
        cells = (lead.id, lead.name, lead.title, lead.role, lead.site, lead.language)
        return Invite(await self._keep(self._resets(lead.id), cells, also), existing=True)

    async def draw_again(self, lead: Lead, *, also: tuple[Row, ...] = ()) -> Invite:
        """Draw an invite for a new lead of the same name, whose old keys get another one in the same turn, by `also`.

        Raises:
            Conflict: A row of `also` is not as expected; nothing was kept.
            Unavailable: The database cannot be written.
        """
        cells = (None, lead.name, lead.title, lead.role, lead.site, lead.language)
        return Invite(await self._keep(("invite/1",), cells, also, lead.agreement), existing=False)

    async def _keep(
        self, bound: _Bound, cells: tuple[Cell, ...], also: tuple[Row, ...], agreement: str | None = None
    ) -> str:
        """Keep the row of a new code, and give the code; `cells` are those between code and `expires_at`."""
        code = base64.b32encode(os.urandom(10)).decode()
        expires = self._core.second() + int(self._core.limits.invite_life.total_seconds())
        values = dict(zip(_FIELDS, (self._mark(code), *cells, expires), strict=True))
        if agreement is not None:
            bound, values["agreement"] = (_WITH_AGREEMENT,), agreement
        values["mac"] = self._core.server_key.mac(*bound, *values.values())
        await self._core.commit(Insert(invites, values), *also)
        return "-".join(code[at : at + 4] for at in range(0, 16, 4))

    async def describe(self, code: str) -> Invited | None:
        """Tell what an invite is for, without using it; None for unknown, used and expired ones alike.

        Raises:
            Tampered: The row was not written by this server, or is one that went when the lead was shut out.
            Unavailable: The ledger cannot be read.
        """
        found = await self.find(code)
        if found is None or found["role"] not in ROLES:
            return None
        role = next(role for role in ROLES if role == found["role"])
        existing = found["lead_id"] is not None
        return Invited(str(found["name"]), role, SiteId(str(found["site"])), existing, resets=bool(found["resets"]))

    async def find(self, code: str) -> dict[str, Cell] | None:
        """Give a living invite's columns, and whether it `lets_in` who was shut out, or `resets` the authenticator.

        Returns:
            None for unknown and old ones.

        Raises:
            Tampered: The row was not written by this server, or is one that went when the lead was shut out.
            Unavailable: The ledger cannot be read.
        """
        asked = select(invites).where(invites.c.code == self._mark(code))
        async with self._core.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is None or row["expires_at"] <= self._core.second():
            self._core.measures.refused()
            return None
        values = [row[name] for name in _FIELDS]
        if row["agreement"] is not None:
            if self._is_genuine(row["mac"], _WITH_AGREEMENT, *values, row["agreement"]):
                return {**row, "lets_in": 0, "resets": 0}
            raise self._core.forgeries.record()
        if self._is_genuine(row["mac"], "invite/1", *values):
            return {**row, "lets_in": 0, "resets": 0}
        if row["lead_id"] and self._is_genuine(row["mac"], *self._lets_in(row["lead_id"]), *values):
            return {**row, "lets_in": 1, "resets": 0}
        if row["lead_id"] and self._is_genuine(row["mac"], *self._resets(row["lead_id"]), *values):
            return {**row, "lets_in": 0, "resets": 1}
        raise self._core.forgeries.record()

    def rebinds(self, invite: dict[str, Cell] | None, lead: Lead | None) -> bool:
        """Tell whether an invite, as `find` gave it, is this lead's; another lead's is counted as refused."""
        if invite is None or lead is None:
            return False
        own = invite["lead_id"] == lead.id and fold_name(str(invite["name"])) == lead.name_key
        if not own:
            self._core.measures.refused()
        return own

    def use(self, invite: dict[str, Cell]) -> Row:
        """Give the row that uses an invite up.

        A second use is a conflict, in whichever process: the turn with this row is committed whole or not at all.
        """
        return Delete(invites, {"code": invite["code"]}, {"name": invite["name"]})

    def of(self, lead: LeadId) -> Row:
        """Give the row that takes back every invite of a lead; also where there is none."""
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
        return "invite/2", max((one.version for one in self._core.ledger.read() if one.id == lead), default=0)

    def _resets(self, lead: str) -> tuple[str, int]:
        """The same of an invite by which a lead sets up another authenticator."""
        return "invite/3", self._lets_in(lead)[1]

    def _mark(self, code: str) -> bytes:
        return self._core.server_key.mac("invite-code/1", _plain(code))


def _plain(code: str) -> str:
    """Bring a code as typed to its letters and digits: wide and foreign ones are read as what they look like."""
    read = unicodedata.normalize("NFKC", code).translate(LATIN_FOR).upper()
    return "".join(sign for sign in read if sign.isalnum()).translate(_MISREAD)
