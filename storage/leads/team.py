"""Who reads, as two leads decide it: a reader who joined, a new recovery key, and a lead who is shut out.

Each takes two different leads who read already; nobody else has a say, also not whoever runs Hark (decision 20).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.values.ids import LeadId
from storage.database.schema.leads import leads
from storage.database.turn import Logged, Row, Update
from storage.leads.disabling import CONFIRM, LEAVE, SHUT_OUT, suspension_of
from storage.leads.roster.announcements import announce
from storage.leads.roster.roster import Lead, Roster, arriving, confirmed
from storage.leads.roster_deeds import RosterDeeds, known_lead
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import PUBLIC_BYTES, PublicKey, key_id, public_key
from storage.values import Arrival
from storage.values.errors import NotOffered, NotUnlocked

#: Who did it, where the audit names a lead: whoever runs Hark, and whoever holds the recovery key.
OPERATOR: Final = "operator"
HOLDER: Final = "recovery"
_RECOVERY: Final = "recovery"


class Team(RosterDeeds):
    """Decides who reads. A deed is an audit row and, but for a mere first yes, a notice to all who are in.

    Every method raises besides what stands with it `Tampered` (the roster is not the one that was kept), `Unavailable`
    (the database or the ledger cannot be written; or all is kept but the version beside the key file), and
    `CodeMissing` where the deed takes a fresh code and none was given.
    """

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
            if lead in roster.waiting.unsealing:  # she would read what is being taken from her
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

    async def shut_out(
        self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str, taker: LeadId | None = None
    ) -> bool:
        """Say that a lead of one's own site is to be suspended; the second colleague who does ends all her sessions.

        Of the first word everybody but her is told.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            lead: Of whom.
            shown: The fingerprint that was on the screen.
            taker: Who takes over her open cases, as far as they are sealed for that colleague too; both have to name
                the same. Without one they come back to all who can read them.

        Returns:
            Whether she is suspended now.

        Raises:
            NotOffered: There is no such lead with that fingerprint who is in, it is not for this lead to say, or
                `taker` is no other colleague who reads.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster, or a case of hers, at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> bool:
            found, among = roster.leads.get(lead), self.colleagues(roster, lead)
            if found is None or found.shut_out or found.fingerprint != shown or session.lead.id not in among:
                raise NotOffered
            if taker is not None and taker not in among:
                raise NotOffered
            deed, state = f"{SHUT_OUT} {lead}", suspension_of(shown, taker)
            asked = Logged(self._core.hour(), session.lead.id, "ask_disable")
            if self._second(session, roster, deed, state, among):
                await self._suspend(roster, found, taker, asked, arrival=arrival)
                return True
            told = announce(roster, self._core.second(), but={lead, session.lead.id})
            await self._commit(roster, arrival, asked, *self._first(session, roster, deed, state), *told)
            return False

        return await self._again(session, SHUT_OUT, once)

    async def leave(
        self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str, taker: LeadId | None = None
    ) -> bool:
        """Leave, by one's own word and one colleague's: what `shut_out` does, for whoever wants to go.

        Args:
            session: The lead herself, who says it first; or a colleague of hers who says yes to it.
            arrival: The update that asked for it.
            lead: Who leaves.
            shown: The fingerprint that was on the screen.
            taker: Who takes over the open cases, as the lead said it herself.

        Returns:
            Whether the lead has left now.

        Raises:
            NotOffered: She has not said so herself, or not with that taker; or it is not for this lead to say.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster, or a case of hers, at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> bool:
            found, others = roster.leads.get(lead), self.colleagues(roster, lead)
            if (
                found is None
                or found.shut_out
                or found.fingerprint != shown
                or (taker is not None and taker not in others)
            ):
                raise NotOffered
            deed, state = f"{LEAVE} {lead}", suspension_of(shown, taker)
            asked = Logged(self._core.hour(), session.lead.id, "ask_leave")
            if session.lead.id == lead:
                told = announce(roster, self._core.second(), but={lead})
                await self._commit(roster, arrival, asked, *self._first(session, roster, deed, state), *told)
                return False
            if not self._second(session, roster, deed, state, {*others, lead}):
                raise NotOffered
            await self._suspend(roster, found, taker, asked, arrival=arrival)
            return True

        return await self._again(session, LEAVE, once)

    # What whoever runs Hark does

    async def disable(self, lead: LeadId) -> None:
        """Shut a lead out, now: see `shut_out_rows`. All her sessions end before this returns, also where it raises.

        Raises:
            NotOffered: There is no such lead.
            Conflict: Others changed the roster, or a case of hers, at the same moment, four times; she is not shut out.
        """

        async def once(roster: Roster) -> None:
            await self._suspend(roster, known_lead(roster, lead), None)

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
            found = known_lead(roster, lead)
            if not found.shut_out:
                raise NotOffered
            changed, logged = arriving(roster, found), Logged(self._core.hour(), lead, "enabled")
            own = Update(leads, {"id": lead}, {"disabled": changed.disabled})
            rows = self._rosters.rows(roster, lead=changed, waiting=roster.waiting.without_words_on(found.id))
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
            rows = self._rosters.rows(roster, waiting=roster.waiting.with_recovery(public))
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
            found = known_lead(roster, lead)
            if roster.recovery is None or key_id(public_key(seed)) != key_id(PublicKey(roster.recovery)):
                raise NotUnlocked
            if not found.card.waiting or lead in roster.waiting.unsealing:
                raise NotOffered
            logged = Logged(self._core.hour(), HOLDER, "approve")
            await self._commit(roster, None, logged, *self._confirmed(roster, found))

        await self._tried(once)

    def _confirmed(self, roster: Roster, found: Lead) -> tuple[Row, ...]:
        changed = confirmed(found)
        after = replace(roster, leads={**roster.leads, found.id: changed})
        return (
            Update(leads, {"id": found.id}, {"disabled": changed.disabled}),
            *self._rosters.rows(roster, lead=changed, waiting=roster.waiting.without_words_on(found.id)),
            Logged(self._core.hour(), found.id, "confirmed"),
            *announce(after, self._core.second()),
        )

    def _taken(self, roster: Roster, public: bytes) -> tuple[Row, ...]:
        rows = self._rosters.rows(roster, recovery=public, waiting=roster.waiting.with_recovery(None))
        logged = Logged(self._core.hour(), OPERATOR, "recovery_taken")
        return (*rows, logged, *announce(roster, self._core.second()))
