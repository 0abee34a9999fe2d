"""Reading cases with the recovery identity, for whoever holds its secret half when no lead is left who could."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.access import open_wrap, read_access
from storage.cases.header import open_header
from storage.cases.loaded import Loaded
from storage.cases.retention import GOING, is_going
from storage.cases.rows.case_row import read_clear
from storage.core.core import StoreCore, all_rows, one_row
from storage.database.schema.cases import cases, headers, wraps
from storage.database.turn import Logged
from storage.deeds.header_content import learnt
from storage.desk.case_view import RECOVERED, case_view, open_raw, read_raw
from storage.desk.oversight.recovery.recovery_uses import note_use, rehearsed, uses
from storage.desk.queue.queue import case_row
from storage.leads.roster.roster import fold_name
from storage.leads.roster.rosters import Rosters
from storage.notices.alerts import Alerts
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import PrivateKey, PublicKey, key_id, private_key, public_key
from storage.values import CaseId, CaseView, Page, RecoveryUse
from storage.values.errors import NoSuchCase, NotOffered, NotUnlocked, Tampered

#: Who did it, where the audit names a lead.
HOLDER: Final = "recovery"


class Recovering:
    """Every case that was sealed for a recovery identity. It takes nobody's side: no exclusion concerns its holder."""

    def __init__(self, core: StoreCore, rosters: Rosters, alerts: Alerts) -> None:
        self._core = core
        self._rosters = rosters
        self._alerts = alerts

    async def begin(self, seed: bytes, reason: str, people: tuple[str, str], *, rehearsal: bool = False) -> None:
        """Note that the identity is used, why and by whom, and tell every lead, before anything is given.

        A rehearsal calls nobody: it stands in every lead's brief, like a use.

        Args:
            seed: The identity's 32 bytes (`age_keys.read_identity`).
            reason: In words; the leads read it.
            people: The names of two different people who are there.
            rehearsal: Whether nothing is to be read.

        Raises:
            NotOffered: There is no reason, or there are not two people.
            NotUnlocked: It is not the key in use, and no case was sealed for it.
            Tampered: The roster, or the register, is not the one that was kept.
            Unavailable: The database or the register cannot be read or written.
        """
        first, second = (" ".join(name.split()) for name in people)
        if not reason.strip() or not first or not second or fold_name(first) == fold_name(second):
            raise NotOffered
        name = key_id(public_key(seed))
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            sealed = await one_row(connection, _newest(name).limit(1))
        if sealed is None and (roster.recovery is None or key_id(PublicKey(roster.recovery)) != name):
            raise NotUnlocked
        note_use(self._core, name, RecoveryUse(self._core.now(), rehearsal, reason.strip(), (first, second)))
        if rehearsal:
            await self._core.commit(Logged(self._core.hour(), HOLDER, "rehearsed"))
        else:
            await self._tell(None)

    async def rehearse(self, seed: bytes) -> bool:
        """Open the newest case that was sealed for an identity, and give nothing of it; false where there is none.

        Raises:
            NoSuchCase: Its present keys were not sealed for this identity: another one is in use since.
            Tampered: It does not open, or is not genuine.
            Unavailable: The database cannot be read.
        """
        key, name = private_key(seed), key_id(public_key(seed))
        async with self._core.read() as connection:
            found = await one_row(connection, _newest(name).limit(1))
            if found is not None:
                await self._load(connection, key, name, CaseId(found["id"]))
        return found is not None

    def uses(self, within: timedelta) -> tuple[RecoveryUse, ...]:
        """Give when a recovery key was used or rehearsed within the last while, why and by whom, the newest first.

        Raises:
            Tampered: The register is not the one that was kept.
            Unavailable: It cannot be read.
        """
        return uses(self._core, within)

    async def rehearsed(self) -> datetime | None:
        """Give when the key in use was last rehearsed or used (aware, UTC); None where it never was, or there is none.

        Raises:
            Tampered: The roster, or the register, is not the one that was kept.
            Unavailable: The database or the register cannot be read.
        """
        public = (await self._rosters.read()).recovery
        return None if public is None else rehearsed(self._core, key_id(PublicKey(public)))

    async def cases(self, seed: bytes) -> Page:
        """Give the cases that an identity opens, the newest first; none for a key that no case was sealed for.

        That it was used is told before. Those that are not genuine are left out and counted.

        Args:
            seed: The identity's 32 bytes (`age_keys.read_identity`).

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        key, name = private_key(seed), key_id(public_key(seed))
        newest = _newest(name)
        rows, forged = [], 0
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            for found in await all_rows(connection, newest):
                try:
                    rows.append(case_row(await self._load(connection, key, name, CaseId(found["id"])), roster))
                except NoSuchCase:
                    continue
                except Tampered:
                    forged += 1
        if rows:
            await self._tell(None)
        return Page(tuple(rows), None, len(rows), forged)

    async def open(self, seed: bytes, reference: str) -> CaseView:
        """Open one case, whole. That is in the audit and told before anything is given.

        Raises:
            NoSuchCase: There is none of this reference, or it was not sealed for this identity, whole.
            Tampered: It is not genuine, or the roster is not.
            Unavailable: The database cannot be read or written.
        """
        key, name = private_key(seed), key_id(public_key(seed))
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            found = await one_row(connection, select(cases.c.id).where(cases.c.reference == reference.upper()))
            if found is None:
                raise NoSuchCase
            loaded = await self._load(connection, key, name, CaseId(found["id"]))
            raw = await read_raw(connection, loaded, roster)
        opened = open_raw(self._core, raw)
        await self._tell(loaded.clear.id)
        return case_view(replace(raw, loaded=replace(loaded, glance=learnt(loaded.glance, opened))), opened)

    async def _tell(self, case: CaseId | None) -> None:
        await self._core.commit(Logged(self._core.hour(), HOLDER, RECOVERED, case))
        await self._alerts.note("recovery")

    async def _load(self, connection: AsyncConnection, key: PrivateKey, name: bytes, case: CaseId) -> Loaded:
        clear = read_clear(self._core, await one_row(connection, select(cases).where(cases.c.id == case)) or {})
        if is_going(clear):  # as for everybody else
            raise NoSuchCase
        held = await read_access(connection, [case], (name,))
        if case not in held or held[case][0].digest() != clear.access:
            raise self._core.forgeries.record()
        access, wrapped = held[case]
        if access.commitments.keys() - wrapped:  # it came after a part of it was sealed
            raise NoSuchCase
        header = await one_row(connection, select(headers).where(headers.c.case_id == case))
        try:
            keys = {epoch: open_wrap(access, key, one) for epoch, one in wrapped.items()}
            glance = open_header(clear, keys, header or {}, self._core.now())
        except (CannotOpen, KeyError):
            raise self._core.forgeries.record() from None
        return Loaded(clear, access, glance, keys, clear.last_word)


def _newest(name: bytes) -> Select[tuple[str]]:
    sealed = select(wraps.c.case_id).where(wraps.c.key_id == name, wraps.c.kind == "recovery").distinct()
    there = (cases.c.id.in_(sealed), cases.c.keep_until != GOING)
    return select(cases.c.id).where(*there).order_by(cases.c.opened_hour.desc(), cases.c.id)
