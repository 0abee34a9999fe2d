"""The roster: all leads as one list, MACed with a version that also stands beside the key file."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.roles import is_for
from flows.values.ids import READING, LeadId, Role, SiteId
from flows.values.normalise import loose_name
from storage.core.core import StoreCore
from storage.core.destruction_ledger import Tombstone
from storage.core.register import note_version, noted_version
from storage.database.schema.leads import leads, roster
from storage.database.turn import Cell, Insert, Row, Update
from storage.leads.roster.pending_approvals import NOTHING, Waiting, read_waiting, write_waiting
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.derive import Field
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.primitives.xwing import KeyId, PublicKey, key_id
from storage.values import LeadCard

#: What `disabled` holds. Whoever waits counts as shut out wherever nothing else is said.
IN: Final = 0
SHUT_OUT: Final = 1
WAITS: Final = 2
_VERIFYING: Final = 32  # bytes of an Ed25519 public key
#: How many readers a deployment begins with: each later one waits for two of those who are in.
FOUNDERS: Final = 2


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
    former_verifying: bytes | None = field(default=None, repr=False)
    former_seed: bytes | None = field(default=None, repr=False)
    spare_codes: bytes | None = field(default=None, repr=False)

    @property
    def card(self) -> LeadCard:
        """The lead as colleagues see them."""
        role = cast("Role", self.role)
        own = (self.id, self.name, self.title, role, SiteId(self.site), bool(self.disabled), self.language)
        return LeadCard(*own, waiting=self.disabled == WAITS)

    @property
    def public(self) -> PublicKey:
        """The key that cases are wrapped for."""
        return PublicKey(self.wrapping)

    @property
    def signers(self) -> tuple[bytes, ...]:
        """The keys by which this lead's entries are proved: of now, then those of before."""
        before = self.former_verifying or b""
        return (self.verifying, *(before[at : at + _VERIFYING] for at in range(0, len(before), _VERIFYING)))

    @property
    def shut_out(self) -> bool:
        """Whether the lead may not even unlock; who only waits may."""
        return self.disabled == SHUT_OUT

    @property
    def fingerprint(self) -> str:
        """The digits by which others compare this lead's keys."""
        return fingerprint(self.wrapping, self.verifying)

    @property
    def key_id(self) -> KeyId:
        """The name of that key."""
        return key_id(self.public)


_NAMES = tuple(one.name for one in fields(Lead))
#: Under the MAC only where one of them is there, so that a roster of before verifies as it did.
_LATER: Final = ("former_verifying", "former_seed", "spare_codes")
_FIRST: Final = tuple(name for name in _NAMES if name not in _LATER)
# Made once: to put a statement together takes longer than SQLite takes to answer it.
_ROSTER = select(roster)
_LEADS = select(*(leads.c[name] for name in _NAMES))


@dataclass(frozen=True, slots=True)
class Roster:
    """All leads, also disabled ones, by id; with the recovery key, if there is one, and what waits for two leads."""

    version: int
    recovery: bytes | None
    leads: dict[LeadId, Lead]
    mac: bytes = b""
    waiting: Waiting = NOTHING

    def named(self, name: str) -> Lead | None:
        """Find a lead by the name, as it was typed; None where nobody has it, or several have it only nearly (16).

        Every name is compared both ways, whether or not one is found, so that the time tells nothing.
        """
        key, loose = fold_name(name), loose_name(name)
        same = [lead for lead in self.leads.values() if lead.name_key == key]
        near = [lead for lead in self.leads.values() if _loose(lead.name_key) == loose]
        return same[0] if same else near[0] if len(near) == 1 else None

    def card(self, lead: str) -> LeadCard | None:
        """Give a lead's card, also a disabled one's."""
        found = self.leads.get(LeadId(lead))
        return found.card if found else None

    def begins(self, but: LeadId | None = None) -> bool:
        """Tell whether this deployment still begins, so that nobody is there who could confirm a reader or a key.

        Every reader counts who ever joined, besides `but`, so that shutting out brings no beginning back.
        """
        return sum(lead.role in READING and lead.id != but for lead in self.leads.values()) < FOUNDERS

    def deciding(self) -> frozenset[LeadId]:
        """Give the readers who are in, of all sites: two of them decide who else reads (decision 20)."""
        there = (lead.card for lead in self.leads.values() if not lead.disabled)
        return frozenset(card.id for card in there if is_for(card.role, "confirm"))

    def signers(self, reporter: bytes) -> dict[str, tuple[bytes, ...]]:
        """Give whose signatures an entry may bear, by author: the reporter's under the empty id, and the leads'."""
        return {"": (reporter,), **{str(lead.id): lead.signers for lead in self.leads.values()}}

    def there(self, rungs: Mapping[LeadId, int]) -> dict[LeadId, int]:
        """Give those of the recipients of a case who are in, with their rungs: neither shut out, waiting, nor gone."""
        return {lead: rung for lead, rung in rungs.items() if (card := self.card(lead)) and not card.disabled}


def fold_name(name: str) -> str:
    """Bring a name to the form in which names are compared: NFKC, case and doubled spaces set aside.

    It stands on the roster (`name_key`), so what it gives for a name never changes.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@lru_cache(maxsize=2_000)
def _loose(name_key: str) -> str:
    return loose_name(name_key)


class Rosters:
    """Reads the roster, verified, and gives the rows that change it; `known` is the one last read, None before that."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self.known: Roster | None = None

    async def read(self, connection: AsyncConnection | None = None) -> Roster:
        """Give the roster as it is now.

        Raises:
            Tampered: A lead was added, changed, left out or rolled back.
            Unavailable: The database cannot be read.
        """
        if connection is None:
            async with self._core.read(once=True) as own:
                known = self._if_known(await self._row(own))
            if known is not None:
                return known
            async with self._core.read() as own:
                return await self.read(own)
        row = await self._row(connection)
        known = self._if_known(row)
        if known is None:
            known = self.known = await self._verified(connection, row)
        return known

    async def _row(self, connection: AsyncConnection) -> Any:
        row = (await connection.execute(_ROSTER)).first()
        if row is None:
            raise self._core.forgeries.record()
        return row

    def _if_known(self, row: Any) -> Roster | None:
        """What was verified once and has the same MAC now is what it was: the copy in memory is the safer one."""
        known = self.known
        return known if known is not None and (known.version, known.mac) == (row.version, row.mac) else None

    async def read_afresh(self) -> Roster:
        """Give the roster like `read`, and check every row again; if that fails, `read` gives the one before still.

        Raises:
            Tampered: A lead was added, changed, left out or rolled back, or the roster is gone.
            Unavailable: The database cannot be read.
        """
        async with self._core.read() as connection:
            self.known = await self._verified(connection, await self._row(connection))
        return self.known

    async def begin(self) -> None:
        """Write the first, empty roster; or check the one that is there, and catch up the version beside the key.

        Raises:
            Tampered: The roster is not the one that was kept, is older, or is gone though the version beside the key
                tells of one.
            Unavailable: The database cannot be read or written, or the version beside the key not be.
        """
        async with self._core.read() as connection:
            empty = (await connection.execute(select(roster.c.version))).first() is None
        if empty and noted_version(self._core.checkpoint) > 0:
            raise self._core.forgeries.record()
        if empty:
            first = Roster(1, None, {})
            await self._core.commit(Insert(roster, {"id": 1, **self._columns(first)}))
        self.note((await self.read()).version)

    def rows(
        self,
        old: Roster,
        *,
        recovery: bytes | None = None,
        lead: Lead | None = None,
        waiting: Waiting | None = None,
        suspends: bool = False,
    ) -> tuple[Row, ...]:
        """Give the row of the next version, with a lead added or changed, with a recovery key, or with what waits.

        The ledger beside the key file is told first, so that a backup of before does not bring back what was; also that
        it `suspends` the lead, whose wraps have to go again then. The caller adds the lead's own row, commits, and then
        calls `note`.

        Raises:
            Unavailable: The ledger cannot be written.
        """
        changed = {**old.leads, lead.id: lead} if lead else old.leads
        left = old.waiting if waiting is None else waiting
        new = Roster(old.version + 1, recovery or old.recovery, changed, waiting=left)
        same = Tombstone("recovery" if recovery else "roster", "-", new.version)
        self._core.ledger.note(Tombstone("suspended" if suspends else "lead", lead.id, new.version) if lead else same)
        return (self.replacement(old, new),)

    def replacement(self, old: Roster, new: Roster) -> Row:
        """Give the row that puts one version in the place of another.

        The commit raises `Conflict` unless `old` is still there. Neither ledger nor version file is touched: see
        `rows`.
        """
        return Update(roster, {"id": 1}, self._columns(new), {"version": old.version})

    def unchanged(self, known: Roster) -> Row:
        """Give the row that makes a turn a conflict if the roster has changed since, as by another process."""
        same: dict[str, Cell] = {"version": known.version}
        return Update(roster, {"id": 1}, same, same)

    def note(self, version: int) -> None:
        """Write the version beside the key file; an older database is then noticed.

        Raises:
            Unavailable: It cannot be written.
        """
        note_version(self._core.checkpoint, version)

    async def _verified(self, connection: AsyncConnection, row: Any) -> Roster:
        rows = (await connection.execute(_LEADS)).all()
        found = [Lead(**one._mapping) for one in rows]  # noqa: SLF001 - SQLAlchemy's public name for it
        own = {lead.id: lead for lead in found}
        try:
            read = Roster(row.version, row.recovery, own, row.mac, read_waiting(row.waiting))
            self._core.server_key.verify(row.mac, *_bound(read))
        except (NotGenuine, ValueError):
            raise self._core.forgeries.record() from None
        if read.version < noted_version(self._core.checkpoint):
            raise self._core.forgeries.record()
        return read

    def _columns(self, of: Roster) -> dict[str, Cell]:
        mac = self._core.server_key.mac(*_bound(of))
        waiting = write_waiting(of.waiting)
        return {"version": of.version, "recovery": of.recovery, "mac": mac, "waiting": waiting}


def lead_columns(lead: Lead) -> dict[str, Cell]:
    """Give the columns of a lead's row that the roster's MAC covers."""
    return {name: getattr(lead, name) for name in _NAMES}


def shut_out(lead: Lead) -> Lead:
    """Give a lead as shut out."""
    return replace(lead, disabled=SHUT_OUT)


def arriving(roster: Roster, lead: Lead) -> Lead:
    """Give a lead who joins or comes again: whoever reads waits for two others, unless the deployment still begins.

    While wraps of hers are still to be removed she waits for that too.

    Args:
        roster: As it is before; an earlier row of the same lead does not count as one of the two who begin.
        lead: Who comes.
    """
    begins = roster.begins(but=lead.id) and lead.id not in roster.waiting.unsealing
    waits = lead.role in READING and not begins
    return replace(lead, disabled=WAITS if waits else IN)


def confirmed(lead: Lead) -> Lead:
    """Give a lead for whom two others have said yes."""
    return replace(lead, disabled=IN)


def _bound(of: Roster) -> tuple[str, *tuple[Field, ...]]:
    """Give what the MAC covers; where nothing waits, or is new, it is what it was before anything could."""
    listed = sorted(of.leads.values(), key=lambda lead: lead.id)
    cells = (of.version, of.recovery, tuple(_bound_lead(lead) for lead in listed))
    waiting = write_waiting(of.waiting)
    return ("roster/2", *cells, waiting) if waiting else ("roster/1", *cells)


def _bound_lead(lead: Lead) -> tuple[Field, ...]:
    later = tuple(getattr(lead, name) for name in _LATER)
    first = tuple(getattr(lead, name) for name in _FIRST)
    return (*first, later) if any(one is not None for one in later) else first
