"""What `/team` shows: who is in and who waits, with fingerprints, and what changed lately; nothing of a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select

from flows.cases.approvals import stands
from flows.cases.escalation import week_end
from flows.cases.roles import time_for
from flows.values.ids import LeadId
from storage.core.core import StoreCore, all_rows
from storage.database.schema.sites import audit
from storage.leads.disabling import CONFIRM, SHUT_OUT
from storage.leads.roster.roster import Lead, Roster, Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.lead_keys import fingerprint
from storage.values import CHANGES, Member, OfferedKey, TeamChange, TeamView

_LATELY: Final = 8  # changes that are shown
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
        mine = [lead for lead in roster.leads.values() if lead.site == me.site and not lead.disabled]
        there = [self._member(roster, lead, SHUT_OUT) for lead in mine]
        return TeamView(
            members=tuple(one for one in there if one.card.id != me.id),
            own=roster.leads[me.id].fingerprint,
            waiting=await self.waiting(),
            recovery=fingerprint(roster.recovery) if roster.recovery else None,
            offered=self._offered(roster, waiting) if waiting else None,
            unlocked=await self._unlocked_last_week(),
            lately=await self._lately(roster),
            decides=me.id in roster.deciding(),
        )

    async def waiting(self) -> tuple[Member, ...]:
        """Give the readers of all sites who wait for two leads to say yes, by name.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        found = sorted((lead for lead in roster.leads.values() if lead.card.waiting), key=lambda lead: lead.name)
        return tuple(self._member(roster, lead, CONFIRM) for lead in found)

    async def key_waits(self) -> bool:
        """Tell whether a recovery key waits for two leads to say yes.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return (await self._rosters.read()).waiting.recovery is not None

    def _member(self, roster: Roster, lead: Lead, deed: str) -> Member:
        return Member(lead.card, lead.fingerprint, self._first(roster, f"{deed} {lead.id}", lead.fingerprint))

    def _offered(self, roster: Roster, public: bytes) -> OfferedKey:
        shown = fingerprint(public)
        return OfferedKey(shown, self._first(roster, _RECOVERY, shown))

    def _first(self, roster: Roster, deed: str, state: str) -> LeadId | None:
        """Who has said so already, and may still."""
        word = roster.waiting.words.get(deed)
        if word is None or word.by not in roster.deciding():
            return None
        return word.by if stands(word, state, self._core.now(), time_for(deed)) else None

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
