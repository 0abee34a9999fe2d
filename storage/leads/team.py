"""Who reads, as two leads decide it: a reader who joined, a new recovery key, and a lead who is shut out.

Each takes two different leads who read already; nobody else has a say, also not whoever runs Hark (decision 20).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Final, TypeVar

from flows.cases.approvals import Proposal, is_second
from flows.cases.roles import time_for
from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.schema.leads import leads
from storage.database.turn import Logged, Row, Update
from storage.leads.disabling import CONFIRM, SHUT_OUT, shut_out_rows, without
from storage.leads.roster.announcements import announce
from storage.leads.roster.invites import Invites
from storage.leads.roster.pending_approvals import Waiting
from storage.leads.roster.roster import Lead, Roster, Rosters, arriving, confirmed
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import PUBLIC_BYTES, PublicKey, key_id, public_key
from storage.values import Arrival
from storage.values.errors import Conflict, NotOffered, NotUnlocked

#: Who did it, where the audit names a lead: whoever runs Hark, and whoever holds the recovery key.
OPERATOR: Final = "operator"
HOLDER: Final = "recovery"
_RECOVERY: Final = "recovery"
_TRIES: Final = 4
_T = TypeVar("_T")


class Team:
    """Decides who reads. A deed is an audit row and, but for a mere first yes, a notice to all who are in.

    Every method raises besides what stands with it `Tampered` (the roster is not the one that was kept) and
    `Unavailable` (the database or the ledger cannot be written; or all is kept but the version beside the key file).
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, invites: Invites) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._invites = invites

    # What two leads do

    async def confirm(self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str) -> bool:
        """Say yes to a reader who waits; the second lead who does lets her in: only from then on is sealed for her.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            lead: To whom.
            shown: The fingerprint that was on the screen.

        Returns:
            Whether she is in now; false where that was the first word.

        Raises:
            NotOffered: Nobody waits with that fingerprint, or it is not for this lead to say.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> bool:
            found = roster.leads.get(lead)
            if found is None or not found.card.waiting or found.fingerprint != shown:
                raise NotOffered
            second = self._second(session, roster, f"{CONFIRM} {lead}", shown, roster.deciding())
            rows = (
                self._confirmed(roster, found) if second else self._first(session, roster, f"{CONFIRM} {lead}", shown)
            )
            await self._commit(roster, arrival, Logged(self._core.hour(), session.lead.id, "approve"), *rows)
            return second

        return await self._again(session, CONFIRM, once)

    async def confirm_recovery(self, session: LeadSession, arrival: Arrival, shown: str) -> bool:
        """Say yes to a recovery key that waits; with the second lead's yes new cases are sealed for it.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            shown: The fingerprint that was on the screen.

        Returns:
            Whether it is the recovery key now; false where that was the first word.

        Raises:
            NotOffered: No key waits with that fingerprint, or it is not for this lead to say.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> bool:
            public = roster.waiting.recovery
            if public is None or fingerprint(public) != shown:
                raise NotOffered
            second = self._second(session, roster, _RECOVERY, shown, roster.deciding())
            rows = self._taken(roster, public) if second else self._first(session, roster, _RECOVERY, shown)
            await self._commit(roster, arrival, Logged(self._core.hour(), session.lead.id, "approve"), *rows)
            return second

        return await self._again(session, _RECOVERY, once)

    async def shut_out(self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str) -> bool:
        """Say that a lead of one's own site is to be shut out; the second colleague who does ends all her sessions.

        Of the first word everybody but her is told.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            lead: Of whom.
            shown: The fingerprint that was on the screen.

        Returns:
            Whether she is shut out now.

        Raises:
            NotOffered: There is no such lead with that fingerprint who is in, or it is not for this lead to say.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster, or a case of hers, at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> bool:
            found, among = roster.leads.get(lead), self.colleagues(roster, lead)
            if found is None or found.shut_out or found.fingerprint != shown or session.lead.id not in among:
                raise NotOffered
            second = self._second(session, roster, f"{SHUT_OUT} {lead}", shown, among)
            asked = Logged(self._core.hour(), session.lead.id, "ask_disable")
            if second:
                rows = await shut_out_rows(self._core, self._rosters, self._invites, roster, found)
                await self._commit(roster, arrival, asked, *rows)
                self._sessions.lock_lead(lead)
                return True
            told = announce(roster, self._core.second(), but={lead, session.lead.id})
            first = self._first(session, roster, f"{SHUT_OUT} {lead}", shown)
            await self._commit(roster, arrival, asked, *first, *told)
            return False

        return await self._again(session, SHUT_OUT, once)

    @staticmethod
    def colleagues(roster: Roster, lead: LeadId) -> frozenset[LeadId]:
        """Give the readers of a lead's site who may shut the lead out: all but the lead."""
        site = roster.leads[lead].site if lead in roster.leads else None
        return frozenset(one for one in roster.deciding() if roster.leads[one].site == site and one != lead)

    # What whoever runs Hark does

    async def disable(self, lead: LeadId) -> None:
        """Shut a lead out, now: see `shut_out_rows`. All her sessions end before this returns, also where it raises.

        Raises:
            NotOffered: There is no such lead.
            Conflict: Others changed the roster, or a case of hers, at the same moment, four times; she is not shut out.
        """

        async def once(roster: Roster) -> None:
            rows = await shut_out_rows(self._core, self._rosters, self._invites, roster, _situation(roster, lead))
            await self._commit(roster, None, *rows)

        self._sessions.lock_lead(lead)
        await self._tried(once)
        self._sessions.lock_lead(lead)

    async def enable(self, lead: LeadId) -> None:
        """Let a lead come again who was shut out; whoever reads waits for two others, as if she had just joined.

        Raises:
            NotOffered: There is no such lead, or she is not shut out.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> None:
            found = _situation(roster, lead)
            if not found.shut_out:
                raise NotOffered
            changed, logged = arriving(roster, found), Logged(self._core.hour(), lead, "enabled")
            own = Update(leads, {"id": lead}, {"disabled": changed.disabled})
            rows = self._rosters.rows(roster, lead=changed, waiting=without(roster.waiting, found))
            await self._commit(
                roster, None, own, *rows, self._invites.of(lead), logged, *announce(roster, self._core.second())
            )

        await self._tried(once)

    async def offer_recovery(self, public: bytes) -> bool:
        """Offer a new recovery key, in the place of one that waits. Until two leads say yes the earlier one goes on.

        Returns:
            Whether it waits; while the deployment still begins it does not, and every new case is sealed for it.

        Raises:
            NotOffered: It is no public key (1,216 bytes).
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """
        if len(public) != PUBLIC_BYTES:
            raise NotOffered

        async def once(roster: Roster) -> bool:
            if roster.begins():
                await self._commit(roster, None, *self._taken(roster, public))
                return False
            words = {deed: one for deed, one in roster.waiting.words.items() if deed != _RECOVERY}
            rows = self._rosters.rows(roster, waiting=Waiting(public, words))
            logged = Logged(self._core.hour(), OPERATOR, "recovery_offered")
            await self._commit(roster, None, *rows, logged, *announce(roster, self._core.second()))
            return True

        return await self._tried(once)

    async def confirm_with_key(self, seed: bytes, lead: LeadId) -> None:
        """Let a reader in who waits, by whoever holds the recovery key: she alone reads no more than the key does.

        It is for a school that has not two leads left.

        Args:
            seed: The identity's 32 bytes.
            lead: Who waits.

        Raises:
            NotOffered: She does not wait.
            NotUnlocked: It is not the recovery key.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> None:
            found = _situation(roster, lead)
            if roster.recovery is None or key_id(public_key(seed)) != key_id(PublicKey(roster.recovery)):
                raise NotUnlocked
            if not found.card.waiting:
                raise NotOffered
            logged = Logged(self._core.hour(), HOLDER, "approve")
            await self._commit(roster, None, logged, *self._confirmed(roster, found))

        await self._tried(once)

    def _second(self, session: LeadSession, roster: Roster, deed: str, state: str, among: Collection[LeadId]) -> bool:
        if session.lead.id not in among:
            raise NotOffered
        first, now = roster.waiting.words.get(deed), self._core.now()
        return is_second(first, session.lead.id, state, now, among=among, within=time_for(deed))

    def _first(self, session: LeadSession, roster: Roster, deed: str, state: str) -> tuple[Row, ...]:
        word = Proposal(session.lead.id, self._core.now(), state)
        return self._rosters.rows(roster, waiting=replace(roster.waiting, words={**roster.waiting.words, deed: word}))

    def _confirmed(self, roster: Roster, found: Lead) -> tuple[Row, ...]:
        changed = confirmed(found)
        after = replace(roster, leads={**roster.leads, found.id: changed})
        return (
            Update(leads, {"id": found.id}, {"disabled": changed.disabled}),
            *self._rosters.rows(roster, lead=changed, waiting=without(roster.waiting, found)),
            Logged(self._core.hour(), found.id, "confirmed"),
            *announce(after, self._core.second()),
        )

    def _taken(self, roster: Roster, public: bytes) -> tuple[Row, ...]:
        words = {deed: one for deed, one in roster.waiting.words.items() if deed != _RECOVERY}
        rows = self._rosters.rows(roster, recovery=public, waiting=Waiting(None, words))
        logged = Logged(self._core.hour(), OPERATOR, "recovery_taken")
        return (*rows, logged, *announce(roster, self._core.second()))

    async def _again(self, session: LeadSession, deed: str, once: Callable[[Roster], Awaitable[_T]]) -> _T:
        self._sessions.take_code_for(session, deed)

        async def required(roster: Roster) -> _T:
            self._sessions.require_lead(session, roster.card(session.lead.id), deed)
            return await once(roster)

        return await self._tried(required)

    async def _tried(self, once: Callable[[Roster], Awaitable[_T]]) -> _T:
        for left in reversed(range(_TRIES)):
            try:
                return await once(await self._rosters.read())
            except Conflict:  # somebody else changed the roster, or a case, at the same moment
                if not left:
                    raise
        raise Conflict

    async def _commit(self, roster: Roster, arrival: Arrival | None, *rows: Row) -> None:
        await self._core.commit(*(self._core.marks.seen_rows(arrival) if arrival else ()), *rows)
        self._rosters.note(roster.version + 1)


def _situation(roster: Roster, lead: LeadId) -> Lead:
    found = roster.leads.get(lead)
    if found is None:
        raise NotOffered
    return found
