"""The roster: all leads as one list, MACed with a version that also stands beside the key file."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.known import LeadId, Role, SiteId
from storage.destroyed import Gone
from storage.ground import Ground
from storage.people.checkpoint import note_version, noted_version, written
from storage.schema.people import leads, roster
from storage.sealing.canonical import Field
from storage.sealing.errors import NotGenuine
from storage.sealing.xwing import KeyId, PublicKey, key_id
from storage.turns import Cell, Insert, Row, Update
from storage.values import LeadCard


@dataclass(frozen=True, slots=True)
class Lead:
    """A row of `leads`, without what changes with every unlock."""

    id: LeadId
    name: str
    name_key: str
    title: str
    role: str
    site: str
    language: str
    disabled: int
    wrapping: bytes = field(repr=False)
    verifying: bytes = field(repr=False)
    seed_version: int
    seed: bytes = field(repr=False)
    totp: bytes = field(repr=False)

    @property
    def card(self) -> LeadCard:
        """The lead as colleagues see them."""
        role = cast("Role", self.role)
        return LeadCard(self.id, self.name, self.title, role, SiteId(self.site), bool(self.disabled), self.language)

    @property
    def public(self) -> PublicKey:
        """The key that cases are wrapped for."""
        return PublicKey(self.wrapping)

    @property
    def key_id(self) -> KeyId:
        """The name of that key."""
        return key_id(self.public)


_NAMES = tuple(one.name for one in fields(Lead))
# Made once: to put a statement together takes longer than SQLite takes to answer it.
_ROSTER = select(roster)
_LEADS = select(*(leads.c[name] for name in _NAMES))


@dataclass(frozen=True, slots=True)
class Roster:
    """All leads, also disabled ones, by id; with the recovery key, if there is one."""

    version: int
    recovery: bytes | None
    leads: dict[LeadId, Lead]
    mac: bytes = b""

    def named(self, name_key: str) -> Lead | None:
        """Find a lead by the folded name."""
        return next((lead for lead in self.leads.values() if lead.name_key == name_key), None)

    def card(self, lead: str) -> LeadCard | None:
        """Give a lead's card, also a disabled one's."""
        found = self.leads.get(LeadId(lead))
        return found.card if found else None

    def there(self, rungs: Mapping[LeadId, int]) -> dict[LeadId, int]:
        """Give those of the recipients of a case who are not shut out, with their rungs."""
        return {lead: rung for lead, rung in rungs.items() if (card := self.card(lead)) and not card.disabled}


def fold_name(name: str) -> str:
    """Bring a name to the form in which names are compared: NFKC, case and doubled spaces set aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class Rosters:
    """Reads the roster, verified, and gives the rows that change it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known: Roster | None = None
        self._shown: tuple[int, int] | None = None

    async def read(self, connection: AsyncConnection | None = None) -> Roster:
        """Give the roster as it is now.

        Raises:
            Tampered: A lead was added, changed, left out or rolled back.
            Unavailable: The database cannot be read.
        """
        if connection is None:
            async with self._ground.read() as own:
                return await self.read(own)
        row = (await connection.execute(_ROSTER)).first()
        if row is None:
            raise self._ground.forged()
        # What was verified once and has the same MAC now is what it was: the copy in memory is the safer one.
        if self._known is None or (self._known.version, self._known.mac) != (row.version, row.mac):
            self._known = await self._verified(connection, row.version, row.recovery, row.mac)
        return self._known

    async def recent(self) -> Roster:
        """Give the roster for showing it: from memory, as long as the version beside the key file was not written anew.

        Raises as `read` does. Whoever seals reads with `read`.
        """
        at = written(self._ground.checkpoint)
        if self._known is None or at is None or at != self._shown:
            known = await self.read()
            self._shown = at
            return known
        return self._known

    async def read_afresh(self) -> Roster:
        """Give the roster like `read`, and check every row again; if that fails, `read` gives the one before still."""
        async with self._ground.read() as connection:
            row = (await connection.execute(_ROSTER)).first()
            if row is None:
                raise self._ground.forged()
            self._known = await self._verified(connection, row.version, row.recovery, row.mac)
        return self._known

    async def begin(self) -> None:
        """Write the first, empty roster; or check the one that is there, and catch up the version beside the key."""
        async with self._ground.read() as connection:
            empty = (await connection.execute(select(roster.c.version))).first() is None
        if empty and noted_version(self._ground.checkpoint) > 0:
            raise self._ground.forged()
        if empty:
            first = Roster(1, None, {})
            await self._ground.commit(Insert(roster, {"id": 1, **self._columns(first)}))
        self.note((await self.read()).version)

    def rows(self, old: Roster, *, recovery: bytes | None = None, lead: Lead | None = None) -> tuple[Row, ...]:
        """Give the row of the next version, with a lead added or changed, or with a recovery key.

        The ledger beside the key file is told first, so that a backup of before does not bring back what was. The
        caller adds the lead's own row, commits, and then calls `note`.

        Raises:
            Unavailable: The ledger cannot be written.
        """
        changed = {**old.leads, lead.id: lead} if lead else old.leads
        new = Roster(old.version + 1, recovery or old.recovery, changed)
        self._ground.destroying(Gone("lead", lead.id, new.version) if lead else Gone("recovery", "-", new.version))
        return (self.replacement(old, new),)

    def replacement(self, old: Roster, new: Roster) -> Row:
        """Give the row that puts one version in the place of another."""
        return Update(roster, {"id": 1}, self._columns(new), {"version": old.version})

    def note(self, version: int) -> None:
        """Write the version beside the key file; an older database is then noticed.

        Raises:
            Unavailable: It cannot be written.
        """
        note_version(self._ground.checkpoint, version)

    async def _verified(self, connection: AsyncConnection, version: int, recovery: bytes, mac: bytes) -> Roster:
        rows = (await connection.execute(_LEADS)).all()
        found = [Lead(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it
        read = Roster(version, recovery, {lead.id: lead for lead in found}, mac)
        try:
            self._ground.server_key.verify(mac, "roster/1", *_cells(read))
        except NotGenuine:
            raise self._ground.forged() from None
        if version < noted_version(self._ground.checkpoint):
            raise self._ground.forged()
        return read

    def _columns(self, of: Roster) -> dict[str, Cell]:
        mac = self._ground.server_key.mac("roster/1", *_cells(of))
        return {"version": of.version, "recovery": of.recovery, "mac": mac}


def lead_columns(lead: Lead) -> dict[str, Cell]:
    """Give the columns of a lead's row that the roster's MAC covers."""
    return {name: getattr(lead, name) for name in _NAMES}


def disabled(lead: Lead, *, now: bool) -> Lead:
    """Give a lead as disabled, or as enabled again."""
    return replace(lead, disabled=int(now))


def _cells(of: Roster) -> tuple[Field, ...]:
    listed = sorted(of.leads.values(), key=lambda lead: lead.id)
    return (of.version, of.recovery, tuple(tuple(getattr(lead, name) for name in _NAMES) for lead in listed))
