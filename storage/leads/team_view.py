"""What `/team` shows: who is in and who waits, with fingerprints, and what changed lately; nothing of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from flows.cases.approvals import stands
from flows.cases.roles import time_for
from flows.duty.escalation import week_end
from flows.values.ids import LeadId
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import readers
from storage.database.schema.sites import audit
from storage.leads.disabling import CONFIRM, LEAVE, PARTED, SHUT_OUT
from storage.leads.members import FACTORS, KEYS, ROLE
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.leads.sign_in.unlock_records import STATE, is_state_row
from storage.sealing.keys.lead_keys import fingerprint
from storage.values import CHANGES, Member, OfferedKey, PendingDeed, TeamChange, TeamView

_LATELY: Final = 8  # changes that are shown
_COUNTED: Final = 1_000
_RECOVERY: Final = "recovery"
_UNLOCKS: Final = ("unlock", "join")


class TeamViews:
    """Reads who there is."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, session: LeadSession) -> TeamView:
        """Give who is in at the lead's site, who waits anywhere, and the keys.

        Whom somebody proposes to shut out does not see it.

        Raises:
            SessionOver: The session has ended.
            NotOffered: The lead waits herself.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), "team")
        me, waiting = session.lead, roster.waiting.recovery
        mine = [lead for lead in roster.leads.values() if lead.site == me.site]
        days = await self._days()
        there = [self._of_site(roster, lead, days) for lead in mine if not lead.disabled]
        out = [self._of_site(roster, lead, days) for lead in mine if lead.shut_out]
        left = {lead: await self._left(me.id, lead) for lead in roster.waiting.unsealing}
        out = [replace(one, left=left.get(one.card.id)) for one in out]
        return TeamView(
            members=tuple(one for one in there if one.card.id != me.id),
            own=roster.leads[me.id].fingerprint,
            waiting=await self.waiting(),
            recovery=fingerprint(roster.recovery) if roster.recovery else None,
            offered=self._offered(roster, waiting) if waiting else None,
            unlocked=await self._unlocked_last_week(),
            lately=await self._lately(roster),
            decides=me.id in roster.deciding(),
            suspended=tuple(sorted(out, key=lambda one: one.card.name)),
            leaving=self._first(roster, f"{LEAVE} {me.id}") == me.id,
        )

    async def waiting(self) -> tuple[Member, ...]:
        """Give the readers of all sites who wait for two leads to say yes, by name.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        found = sorted((lead for lead in roster.leads.values() if lead.card.waiting), key=lambda lead: lead.name)
        members = (self._member(roster, lead, CONFIRM) for lead in found)
        unsealing = roster.waiting.unsealing
        return tuple(replace(one, left=0) if one.card.id in unsealing else one for one in members)

    async def key_waits(self) -> bool:
        """Tell whether a recovery key waits for two leads to say yes.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return (await self._rosters.read()).waiting.recovery is not None

    def _of_site(self, roster: Roster, lead: Lead, days: Mapping[LeadId, tuple[date | None, date | None]]) -> Member:
        joined, unlocked = days.get(lead.id, (None, None))
        pending = tuple(self._pending(roster, lead))
        return replace(self._member(roster, lead, SHUT_OUT), pending=pending, joined=joined, unlocked=unlocked)

    def _pending(self, roster: Roster, lead: Lead) -> Iterator[PendingDeed]:
        """Give the first words for deeds on a lead that still count, each with what it would come to."""
        for what in (SHUT_OUT, LEAVE, ROLE, FACTORS, KEYS):
            deed = f"{what} {lead.id}"
            first, word = self._first(roster, deed), roster.waiting.words.get(deed)
            if first is not None and word is not None and word.state.startswith(lead.fingerprint):
                _, *detail = word.state.split(PARTED)
                yield PendingDeed(what, first, tuple(detail))

    def _member(self, roster: Roster, lead: Lead, deed: str) -> Member:
        return Member(lead.card, lead.fingerprint, self._first(roster, f"{deed} {lead.id}"))

    def _offered(self, roster: Roster, public: bytes) -> OfferedKey:
        return OfferedKey(fingerprint(public), self._first(roster, _RECOVERY, fingerprint(public)))

    def _first(self, roster: Roster, deed: str, state: str | None = None) -> LeadId | None:
        """Who has said so already, and may still: about the keys of now, or about `state`."""
        word = roster.waiting.words.get(deed)
        if word is None or word.by not in roster.deciding():
            return None
        _, _, lead = deed.rpartition(" ")
        found = roster.leads.get(LeadId(lead))
        about = state if state is not None or found is None else word.state
        if found is not None and not word.state.startswith(found.fingerprint):
            return None
        return word.by if about is not None and stands(word, about, self._core.now(), time_for(deed)) else None

    async def _left(self, me: LeadId, lead: LeadId) -> int:
        """How many of the cases that one can read oneself a lead still could whose wraps are removed, to 1,000."""
        mine, hers = readers.alias(), readers.alias()
        both = (mine.c.case_id == hers.c.case_id) & (mine.c.lead_id == me)
        some = select(hers.c.case_id).join(mine, both).where(hers.c.lead_id == lead).limit(_COUNTED)
        async with self._core.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(some.subquery()))).scalar_one())

    async def _days(self) -> dict[LeadId, tuple[date | None, date | None]]:
        """By lead, the day on which she joined, as the audit chain has it, and that of the last unlock (UTC)."""
        began = select(audit.c.lead_id, func.min(audit.c.hour)).where(
            audit.c.case_id.is_(None), audit.c.action == "join"
        )
        async with self._core.read() as connection:
            rows = (await connection.execute(began.group_by(audit.c.lead_id))).all()
            states = await all_rows(connection, select(*STATE))
        joined = {lead: datetime.fromtimestamp(hour, UTC).date() for lead, hour in rows}
        key = self._core.server_key
        seen = {row["id"]: row["unlocked_day"] for row in states if is_state_row(key, row)}
        return {
            LeadId(lead): (joined.get(lead), date.fromisoformat(seen[lead]) if seen.get(lead) else None)
            for lead in {*joined, *seen}
        }

    async def _unlocked_last_week(self) -> frozenset[LeadId]:
        """Who unlocked in the week of the latest digest, and neither when nor how often: see decision 19."""
        end = week_end(self._core.now())
        hours = audit.c.hour.between(int((end - timedelta(days=7)).timestamp()), int(end.timestamp()) - 1)
        asked = select(audit.c.lead_id).where(audit.c.case_id.is_(None), audit.c.action.in_(_UNLOCKS), hours)
        async with self._core.read() as connection:
            return frozenset(LeadId(lead) for lead in (await connection.execute(asked.distinct())).scalars())

    async def _lately(self, roster: Roster) -> tuple[TeamChange, ...]:
        asked = select(audit).where(audit.c.case_id.is_(None), audit.c.action.in_(CHANGES))
        async with self._core.read() as connection:
            rows = await all_rows(connection, asked.order_by(audit.c.number.desc()).limit(_LATELY))
        return tuple(
            TeamChange(row["action"], roster.card(row["lead_id"]), datetime.fromtimestamp(row["hour"], UTC))
            for row in rows
        )
