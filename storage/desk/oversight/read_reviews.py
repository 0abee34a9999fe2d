"""Once a week reads are shown to a second person: who is asked, what she is shown, and that she has looked.

Who was asked, and who has looked, are rows of the audit log without a case. Everything is derived from those and from
cases that the reviewer can open, so whoever is excluded from a case is asked nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flows.cases.read_reviews import Reviewer, Seen, assigned, by_level, in_turn, weeks
from flows.values.ids import READING, LeadId, NoticeKind
from storage.cases import entry_content
from storage.cases.rows.case_row import read_cases
from storage.core.audit.log_rows import AuditRow
from storage.core.audit.proved_log import rows_since
from storage.core.core import StoreCore
from storage.database.schema.notices import outbox
from storage.database.turn import Insert, Logged, Row
from storage.deeds.loading import load_one
from storage.desk.case_view import open_raw, read_raw
from storage.desk.queue.queue import at_second
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import Arrival, CaseId, LeadCard
from storage.values.errors import NoSuchCase, NotOffered, Tampered

_READS: Final = frozenset({"read", "copy"})
#: What the audit calls it that somebody is asked to look, that it is her level's turn, and that she has looked.
_ASKED: Final = "reads_asked"
_RAISED: Final = "reads_raised"
_SIGNED: Final = "reads_seen"
_MOST: Final = 100  # reads that are shown


@dataclass(frozen=True, slots=True)
class ReadShown:
    """That a colleague read or copied a case: which, in which hour last, and why, where she had to say."""

    reader: LeadCard
    reference: str
    hour: datetime
    copied: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Weeks:
    """The reads of the two weeks before, by their reviewers, and who was asked and has looked since."""

    last: Mapping[Seen, LeadId]
    before: Mapping[Seen, LeadId]
    rows: tuple[AuditRow, ...]
    roster: Roster


class ReadReviews:
    """Asks one lead of a site each week, and shows her what she is asked about."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def due(self) -> list[Row]:
        """Return the rows that ask whoever has something to look through; none where there is nothing to see.

        Whoever was asked a week ago and has not looked is not asked again: the head is, or the next level.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        found = await self._weeks()
        asked = {_ASKED: set(found.last.values()), _RAISED: set(self._late(found).values())}
        kinds: dict[str, NoticeKind] = {_ASKED: "reads", _RAISED: "reads_late"}
        rows: list[Row] = []
        for action, leads in asked.items():
            for lead in sorted(leads):
                rows += (_notice(lead, kinds[action], self._core.second()), Logged(self._core.hour(), lead, action))
        return rows

    async def shown(self, session: LeadSession) -> tuple[ReadShown, ...]:
        """Give what a lead is asked to look through, the newest first; nothing where she is not, or has looked.

        Raises:
            SessionOver: The session has ended.
            NotOffered: It is not for her role, or she waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        found = await self._weeks()
        lead = session.lead.id
        self._sessions.require_lead(session, found.roster.card(lead), "review_reads")
        *_, end = weeks(self._core.now())
        since = [row["action"] for row in found.rows if row["lead_id"] == lead and row["hour"] >= end.timestamp()]
        asked = since[: since.index(_SIGNED)] if _SIGNED in since else since
        mine = [read for read, one in found.last.items() if one == lead] if _ASKED in asked else []
        if _RAISED in asked:
            mine += [read for read, one in self._late(found).items() if one == lead]
        return await self._described(session, found, mine[:_MOST])

    async def sign(self, session: LeadSession, arrival: Arrival) -> None:
        """Note that a lead has looked through what she was shown.

        Raises:
            NotOffered: She was asked nothing, or has looked.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        if not await self.shown(session):
            raise NotOffered
        logged = Logged(self._core.hour(), session.lead.id, _SIGNED)
        await self._core.commit(*self._core.marks.seen_rows(arrival), logged)

    async def _weeks(self) -> _Weeks:
        begin, middle, end = weeks(self._core.now())
        rows = tuple(await rows_since(self._core, int(begin.timestamp())))
        roster = await self._rosters.read()
        readers = [
            Reviewer(lead.id, lead.card.role, lead.site)
            for lead in roster.leads.values()
            if lead.role in READING and not lead.disabled
        ]
        reads = await self._reads(rows)
        sites = {read.site for _, read in reads}
        parted = []
        for start, stop in ((middle, end), (begin, middle)):
            orders = {site: in_turn(readers, site, stop) for site in sites}
            own = dict.fromkeys(read for hour, read in reads if start.timestamp() <= hour < stop.timestamp())
            parted.append(assigned(own, orders))
        return _Weeks(parted[0], parted[1], rows, roster)

    async def _reads(self, rows: Iterable[AuditRow]) -> list[tuple[int, Seen]]:
        """Give the reads among rows with the cases as they are now; of a case that is gone nothing is shown."""
        own = [row for row in rows if row["action"] in _READS and row["case_id"] is not None]
        clear = await read_cases(self._core, {row["case_id"] for row in own} - await self._gone(rows))
        return [
            (row["hour"], Seen(LeadId(row["lead_id"]), row["case_id"], frozenset(one.named), one.site))
            for row in own
            if (one := clear.get(row["case_id"])) is not None
        ]

    async def _gone(self, rows: Iterable[AuditRow]) -> set[str]:
        return {row["case_id"] for row in rows if row["action"] == "destroyed"}

    def _late(self, found: _Weeks) -> dict[Seen, LeadId]:
        """Give the reads of the week before that nobody has looked through, by those whose level comes next."""
        _, middle, end = weeks(self._core.now())
        lately = [row for row in found.rows if middle.timestamp() <= row["hour"] < end.timestamp()]
        asked = {row["lead_id"] for row in lately if row["action"] == _ASKED}
        late = asked - {row["lead_id"] for row in lately if row["action"] == _SIGNED}
        readers = [
            Reviewer(lead.id, lead.card.role, lead.site)
            for lead in found.roster.leads.values()
            if lead.role in READING and not lead.disabled and lead.id not in late
        ]
        own = [read for read, lead in found.before.items() if lead in late]
        return assigned(own, {site: by_level(readers, site) for site in {read.site for read in own}})

    async def _described(self, session: LeadSession, found: _Weeks, mine: list[Seen]) -> tuple[ReadShown, ...]:
        shown: list[ReadShown] = []
        for case in dict.fromkeys(read.case for read in mine):
            readers = {read.reader for read in mine if read.case == case}
            try:
                reference, reasons = await self._reasons(session, found.roster, CaseId(case))
            except (NoSuchCase, Tampered):
                continue
            for reader in sorted(readers):
                rows = [row for row in found.rows if (row["case_id"], row["lead_id"]) == (case, reader)]
                own = [row for row in rows if row["action"] in _READS]
                card = found.roster.card(reader)
                if card is not None and own:
                    copied = any(row["action"] == "copy" for row in own)
                    at = at_second(own[0]["hour"])
                    shown.append(ReadShown(card, reference, at, copied, reasons.get(reader, "")))
        return tuple(sorted(shown, key=lambda one: (one.reason == "", -one.hour.timestamp())))

    async def _reasons(self, session: LeadSession, roster: Roster, case: CaseId) -> tuple[str, dict[LeadId, str]]:
        """Open a case for the reasons in its history; nobody's words are shown by that, and nothing is logged."""
        async with self._core.read() as connection:
            loaded = await load_one(self._core, connection, session, case)
            raw = await read_raw(connection, loaded, roster)
        opened = open_raw(self._core, raw)
        said: dict[LeadId, str] = {}
        for one in opened:
            detail: Any = one.content.get("detail", {})
            if one.content.get("what") == entry_content.READ:
                said[LeadId(one.author)] = detail["reason"]
        return loaded.clear.reference, said


def _notice(lead: LeadId, kind: NoticeKind, now: int) -> Row:
    rest = {"return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0, "not_before": now}
    return Insert(outbox, {"lead_id": lead, **rest})
