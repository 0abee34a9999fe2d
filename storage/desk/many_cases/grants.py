"""Past cases given to a colleague by scope, a batch at a time, by somebody who can open them and whose desk is open.

What is under way stands in a row under the server's MAC: to whom, which cases, and after which it goes on; the reason
is sealed for who gives. So it goes on when that lead unlocks again, whatever ended it. Each batch is one turn with the
place from which the next one goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Select, bindparam, func, literal_column, select

from flows.values.ids import LeadId
from storage.cases.entries import Author
from storage.core.core import StoreCore, all_rows, one_row
from storage.core.integrity import is_bound
from storage.database.schema.cases import entries, readers
from storage.database.schema.leads import grants
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Insert, Logged, Row, UpdateAll
from storage.deeds.loading import Proved, load_one, prove_all
from storage.deeds.readers.admit import is_for_two
from storage.deeds.readers.grant import is_grantable
from storage.deeds.send_concern import reads
from storage.desk.case_view import open_raw, read_raw
from storage.desk.many_cases.grant_batch import Given, Giving
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import unwrap, wrap
from storage.values import Arrival, CaseId, GrantProgress, LeadCard
from storage.values.errors import Conflict, NotOffered, SessionOver

#: Which of the cases that the giver can open at their site: all, or the open ones.
Scope: TypeAlias = Literal["all", "open"]

_AT_ONCE: Final = 10  # cases in one turn: some milliseconds of the loop
_TRIES: Final = 8  # a reporter may write at the same moment, again and again
_MONTH: Final = timedelta(days=30)
_SAID: Final = (
    select(entries)
    .where(entries.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(entries.c.case_id, entries.c.number)
)
_ENDED: Final[Mapping[str, Cell]] = {"taker": "", "scope": "", "since": 0, "after": "", "granted": 0, "sealed": b""}


def grant_name(lead: str) -> str:
    """Give what the register calls the row of a lead who gives past cases."""
    return f"grant {lead}"


class Grants:
    """What leads give to colleagues.

    Every method raises besides what stands with it `SessionOver` (the session has ended), `NotOffered` (the lead waits
    for two others to say yes), `Tampered` (the roster, the register or the row is not the one that was kept) and
    `Unavailable`.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._told: dict[tuple[LeadId, int], set[LeadId]] = {}

    async def candidates(self, session: LeadSession, case: CaseId) -> tuple[LeadCard, ...]:
        """Give the colleagues to whom one case may be given, by name.

        Raises:
            NoSuchCase: There is none, or not for this lead.
        """
        async with self._core.read() as connection:
            roster = await self._required(session)
            loaded = await load_one(self._core, connection, session, case)
            raw = await read_raw(connection, loaded, roster)
        if is_for_two(loaded) and len(roster.there(loaded.clear.rungs)) < 2:
            return ()
        opened = open_raw(self._core, raw)
        found = (lead.card for lead in roster.leads.values() if is_grantable(loaded, roster, lead, opened))
        return tuple(sorted(found, key=lambda card: card.name))

    async def begin(
        self, session: LeadSession, arrival: Arrival, to: LeadId, scope: Scope, reason: str, months: int = 0
    ) -> None:
        """Begin to give past cases to a colleague of the same site, in the place of what this lead gave before.

        It is in the audit, and `/team` tells it, whichever cases there are. Nothing is sealed before `step`. Without
        `months` (of 30 days, since the case was sent) it does not matter how old a case is.

        Raises:
            SessionOver: The session has ended.
            NotOffered: Nobody of the site who reads has that id, or there is no reason.
            AlreadySeen: The update was committed before.
        """
        roster, me = await self._required(session), session.lead
        lead = roster.leads.get(to)
        if lead is None or not reads(lead) or lead.site != me.site or to == me.id or not reason.strip():
            raise NotOffered
        if session.keys is None:
            raise SessionOver
        since = int((self._core.now() - months * _MONTH).timestamp()) if months else 0
        version = await self._version(me.id) + 1
        sealed = wrap(session.keys.card.wrapping, _binding(me.id, to, version), reason.encode("utf-8", "replace"))
        started: dict[str, Cell] = {"taker": to, "scope": scope, "since": since, "after": "", "granted": 0}
        logged = Logged(self._core.hour(), to, "granted")
        await self._put(me.id, version, {**started, "sealed": sealed}, logged, arrival=arrival)

    async def stop(self, session: LeadSession, arrival: Arrival | None = None) -> None:
        """Give no more; what was given stays given. It does nothing where nothing is under way.

        Raises:
            Tampered: The row, or the register, is not the one that was kept.
            AlreadySeen: The update was committed before.
        """
        await self._required(session)
        if await self._row(session.lead.id) is not None:
            await self._put(session.lead.id, await self._version(session.lead.id) + 1, _ENDED, arrival=arrival)

    async def unfinished(self) -> frozenset[LeadId]:
        """Give who gives past cases and is not done."""
        async with self._core.read() as connection:
            asked = select(grants.c.lead_id).where(grants.c.scope != "")
            return frozenset(LeadId(lead) for lead in (await connection.execute(asked)).scalars())

    async def step(self, session: LeadSession, *, counts: bool = True) -> GrantProgress | None:
        """Give the next batch of cases, in one turn; the others who read one of them are told once.

        Left out, and never counted, is what is not for the colleague, and what takes two leads: only one by one.

        Args:
            session: Who gives.
            counts: Whether it is counted how far it is: some milliseconds at 100,000 cases. At the end it always is.

        Returns:
            How far it is; at its end `done`, once. None where nothing is under way.

        Raises:
            SessionOver: The session has ended; nothing of this batch is kept.
            Tampered: The roster, the register or the row is not the one that was kept.
            Conflict: Somebody writes a case without end; the next call tries it again.
        """
        roster = await self._required(session)
        row = await self._row(session.lead.id)
        if row is None:
            return None
        to = roster.leads.get(LeadId(row["taker"]))
        mine = _scope(session.lead.id, row)
        async with self._core.read() as connection:
            page = mine.where(readers.c.case_id > row["after"]).order_by(readers.c.case_id).limit(_AT_ONCE)
            ids = [CaseId(case) for case in (await connection.execute(page)).scalars()]
        reason = None if to is None else _reason(session, row, to.id)
        if not ids or to is None or not reads(to) or reason is None:
            progress = await self._progress(row, to, mine, done=True)
            await self.stop(session)
            return progress
        given = await self._batch(session, {**row, "reason": reason}, ids)
        after = {**row, "after": ids[-1], "granted": row["granted"] + given}
        return await self._progress(after, to, mine) if counts else GrantProgress(to.card, 0, 0, after["granted"])

    async def _batch(self, session: LeadSession, row: dict[str, Any], ids: Sequence[CaseId]) -> int:
        try:
            return await self._turn(session, row, ids, ids[-1])
        except Conflict:
            given = 0
            for case in ids:
                given += await self._patiently(session, {**row, "granted": row["granted"] + given}, case)
            return given

    async def _patiently(self, session: LeadSession, row: dict[str, Any], case: CaseId) -> int:
        for _ in range(_TRIES):
            with suppress(Conflict):
                return await self._turn(session, row, [case], case)
        raise Conflict

    async def _turn(self, session: LeadSession, row: dict[str, Any], ids: Sequence[CaseId], after: CaseId) -> int:
        keys, me = session.keys, session.lead.id
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(me), "grant", used=False)
            to = roster.leads.get(LeadId(row["taker"]))
            proved = await prove_all(self._core, connection, session, ids)
            proved = [one for one in proved if to is not None and to.id not in one.clear.rungs]
            proved = [one for one in proved if _is_wanted(row, one)]
            named = [one.clear.id for one in proved]
            rows = await all_rows(connection, _SAID, {"ids": named}) if named else []
        if keys is None or to is None:
            raise SessionOver
        said: dict[str, list[dict[str, Any]]] = {}
        for entry in rows:
            said.setdefault(entry["case_id"], []).append(entry)
        giving = Giving(self._core, roster, to, Author(me, keys.signing_seed), session.private_keys, row["reason"])
        given = await asyncio.to_thread(giving.seal, proved, said) if proved else []
        self._sessions.require(session, used=False)
        if session.keys is not keys:  # locked and lifted meanwhile: what was signed may be signed with nothing
            raise Conflict
        cells = {**{name: row[name] for name in _ENDED}, "version": row["version"], "after": after}
        place = UpdateAll(grants, {"lead_id": me}, {**cells, "granted": row["granted"] + len(given)})
        told = tuple(self._notices(roster, me, row, given)) if given else ()
        sealed = (one for case in given for one in case.rows)
        await self._core.commit(*sealed, place, *told, self._rosters.unchanged(roster))
        return len(given)

    def _notices(self, roster: Roster, me: LeadId, row: dict[str, Any], given: Sequence[Given]) -> Iterator[Row]:
        """Tell each lead who reads one of the cases, and the colleague, once; a lead who reads none hears nothing."""
        told = self._told.setdefault((me, row["version"]), {me})
        every = {LeadId(row["taker"])}.union(*(one.others for one in given)) - told
        for lead in sorted(roster.there(dict.fromkeys(every, 0))):
            told.add(lead)
            rest = {"return_id": None, "case_id": None, "kind": "team", "rank": 3, "rung": 0}
            yield Insert(outbox, {"lead_id": lead, **rest, "not_before": self._core.second()})

    async def _progress(
        self, row: Mapping[str, Any], to: Lead | None, mine: Select[Any], *, done: bool = False
    ) -> GrantProgress:
        looked = mine.where(readers.c.case_id <= row["after"])
        async with self._core.read() as connection:
            counts = [
                int((await connection.execute(select(func.count()).select_from(asked.subquery()))).scalar_one())
                for asked in (looked, mine)
            ]
        looked_at, total = counts
        return GrantProgress(None if to is None else to.card, looked_at, total, row["granted"], done)

    async def _required(self, session: LeadSession) -> Roster:
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), "grant", used=False)
        return roster

    async def _row(self, lead: LeadId) -> dict[str, Any] | None:
        """Give the row of a lead, the newest that was kept; None where there is none, or it has ended."""
        async with self._core.read() as connection:
            row = await one_row(connection, select(grants).where(grants.c.lead_id == lead))
        if row is not None and not is_bound(self._core.server_key, grants, row):
            raise self._core.forgeries.record()
        self._core.register.require_floor(grant_name(lead), 0 if row is None else row["version"])
        return row if row is not None and row["scope"] else None

    async def _version(self, lead: LeadId) -> int:
        return self._core.register.floor(grant_name(lead))

    async def _put(
        self, lead: LeadId, version: int, cells: Mapping[str, Cell], *also: Row, arrival: Arrival | None = None
    ) -> None:
        """Keep the next version, also in the place of one that is not genuine."""
        async with self._core.read() as connection:
            found = (await connection.execute(select(grants.c.lead_id).where(grants.c.lead_id == lead))).first()
        values = {**cells, "version": version}
        row: Row = UpdateAll(grants, {"lead_id": lead}, values)
        if found is None:
            row = Insert(grants, {"lead_id": lead, **values})
        await self._core.commit(*(self._core.marks.seen_rows(arrival) if arrival else ()), row, *also)
        self._core.register.note_floor(grant_name(lead), version)


def _scope(me: LeadId, row: Mapping[str, Any]) -> Select[Any]:
    mine = select(readers.c.case_id).where(readers.c.lead_id == me)
    return mine.where(readers.c.open == literal_column("1")) if row["scope"] == "open" else mine


def _is_wanted(row: Mapping[str, Any], one: Proved) -> bool:
    """Whether a case is in the scope, as its clear row says, which nobody who writes the database can change."""
    return one.clear.opened_hour >= row["since"] and (row["scope"] != "open" or one.clear.is_open)


def _reason(session: LeadSession, row: Mapping[str, Any], to: LeadId) -> str | None:
    """Open the reason; None once the giver has other keys than those that it was sealed for: then it ends."""
    for private in session.private_keys.values():
        with suppress(CannotOpen):
            return unwrap(private, _binding(session.lead.id, to, row["version"]), row["sealed"]).decode()
    return None


def _binding(by: LeadId, to: LeadId, version: int) -> bytes:
    return canonical("hark/grant-reason/1", by, to, version)
