"""Evaluations of a term: once a person, by a mark that only her own keys make, sealed for the leads, with no author."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.measures.terms import Period
from flows.together.evaluation import Evaluation, Result, result_of
from flows.values.ids import READING
from storage.cases.answers_json import as_json
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.together import letters
from storage.database.turn import Cell, Insert
from storage.desk.partnership.together.known_names import KnownNames
from storage.desk.partnership.together.thanks import ONLY
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.lead_keys import name_tag
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.keys.thread_keys import new_thread_key, open_thread, open_writing, seal_writing, wrap_thread
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Arrival
from storage.values.errors import Conflict, NotOffered

#: What the column `kind` holds.
EVALUATION: Final = "evaluation"
_RULE: Final = "evaluate"
_READS: Final = "begin_goal"


class Evaluations:
    """Keeps and counts them.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the lead's role,
    `Tampered` where the roster or the register is not what was kept, or answers were taken away, and `Unavailable`
    where the database or the register cannot be read or written.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, names: KnownNames) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._names = names

    async def is_given(self, session: LeadSession, of: Period) -> bool:
        """Whether she has answered for a term of her site.

        Raises:
            SessionOver: The session has ended.
        """
        await self._require(session, _RULE)
        mark = _mark(session, _name(of))
        return any(row["id"] == mark for row in await self._rows(session, _name(of)))

    async def give(self, session: LeadSession, arrival: Arrival, evaluation: Evaluation, of: Period) -> None:
        """Keep an answer for a term, sealed for the leads of her site; nothing of it tells who gave it.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: It is not for the role or not whole, names somebody, or she has answered for this term.
            AlreadySeen: The update was committed before.
        """
        roster, term = await self._require(session, _RULE), _name(of)
        if not evaluation.fits or await self._names.are_in(session, evaluation.change):
            raise NotOffered
        site, mark, key = session.lead.site, _mark(session, term), new_thread_key()
        here = (one for one in roster.leads.values() if one.site == site and not one.disabled)
        said = as_json([list(evaluation.steps), evaluation.change])
        values: dict[str, Cell] = {
            "id": mark,
            "kind": EVALUATION,
            "site": site,
            "period": term,
            "wraps": wrap_thread((one.public for one in here if one.role in READING), mark, key),
            "sealed": seal_writing(key, mark, ONLY, said),
        }
        try:
            await self._core.commit(*self._core.marks.seen_rows(arrival), Insert(letters, values))
        except Conflict:
            raise NotOffered from None
        async with self._core.read(once=True) as connection:
            counts = await count_evaluations(self._core.server_key, connection)
        name = evaluations_name(site, term)
        self._core.register.note_floor(name, counts[name])

    async def result(self, session: LeadSession, of: Period) -> Result | None:
        """Give what a term came to that is over, as far as she can open it; None for fewer than five answers.

        Raises:
            SessionOver: The session has ended.
            Tampered: An answer was changed or taken away; or as every method.
        """
        await self._require(session, _READS)
        term = _name(of)
        if of.end > self._core.now().date():
            return None
        floor = self._core.register.floor(evaluations_name(session.lead.site, term))
        rows = await self._rows(session, term)
        if len(rows) < floor or not all(is_bound(self._core.server_key, letters, row) for row in rows):
            raise self._core.forgeries.record()
        return result_of([one for row in rows if (one := self._opened(session, row)) is not None])

    async def _require(self, session: LeadSession, deed: str) -> Roster:
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), deed)
        return roster

    async def _rows(self, session: LeadSession, term: str) -> list[dict[str, Any]]:
        own = (letters.c.kind == EVALUATION, letters.c.site == session.lead.site, letters.c.period == term)
        async with self._core.read(once=True) as connection:
            return await all_rows(connection, select(letters).where(*own))

    def _opened(self, session: LeadSession, row: Mapping[str, Any]) -> Evaluation | None:
        """Open one; None where she was no lead here when it was given."""
        try:
            key = open_thread(session.private_keys, row["id"], row["wraps"])
            if key is None:
                return None
            steps, change = json.loads(open_writing(key, row["id"], ONLY, row["sealed"]))
        except CannotOpen:
            raise self._core.forgeries.record() from None
        return Evaluation(tuple(steps), change)


async def count_evaluations(key: ServerKey, connection: AsyncConnection) -> Counter[str]:
    """Give how many genuine answers there are of each site and term, by what the register calls that."""
    rows = await all_rows(connection, select(letters).where(letters.c.kind == EVALUATION))
    return Counter(evaluations_name(row["site"], row["period"]) for row in rows if is_bound(key, letters, row))


def _name(of: Period) -> str:
    """Give how a term stands in the rows: by its first day, such as `2026-09-01`."""
    return of.begin.isoformat()


def evaluations_name(site: str, term: str) -> str:
    """Give what the register calls how many answers a site has of a term."""
    return f"evaluations {term} {site}"


def _mark(session: LeadSession, term: str) -> str:
    """Give what tells her own answer from others; no other key makes it (`lead_keys.name_tag`)."""
    return name_tag(session.open_keys(), EVALUATION, f"{session.lead.site} {term}").hex()
