"""A lead's life as colleagues decide it: invited, in another role, and with new factors after a phone was lost.

Each deed on a lead takes two readers of the lead's site, neither of them the lead: see decision 26.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.cases.roles import ROLES
from flows.values.ids import LeadId, Role
from storage.database.schema.leads import leads
from storage.database.turn import Cell, Logged, Update
from storage.leads.disabling import PARTED, shut_out_rows, suspension_of
from storage.leads.roster.announcements import announce
from storage.leads.roster.roster import Lead, Roster, fold_name, name_before
from storage.leads.roster_deeds import RosterDeeds
from storage.leads.sign_in.session import LeadSession
from storage.values import Arrival, Invite
from storage.values.errors import NotOffered

#: What these deeds are called, before the lead's id.
ROLE: Final = "role"
FACTORS: Final = "reset"
KEYS: Final = "renew"


def role_of(shown: str, role: str, title: str) -> str:
    """Give what a first word for another role is bound to."""
    return PARTED.join((shown, role, title))


class Members(RosterDeeds):
    """Changes who somebody is here. A deed is an audit row, and a notice to all who are in.

    Every method raises besides what stands with it `Tampered` (the roster is not the one that was kept), `Unavailable`
    (the database or the ledger cannot be written; or all is kept but the version beside the key file), and
    `CodeMissing` where the deed takes a fresh code and none was given.
    """

    async def invite(self, session: LeadSession, arrival: Arrival, name: str, role: Role, title: str = "") -> Invite:
        """Draw an invite to the lead's own site for a new name; whoever joins in a role that reads waits for two.

        Raises:
            NotOffered: The name is empty or on the roster, the role unknown or a partner's (`Partners.agree`), or it is
                not for this lead to invite.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: The same was drawn at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> Invite:
            me = session.lead
            if me.id not in roster.deciding() or roster.named(name) is not None:
                raise NotOffered
            also = (*self._core.marks.seen_rows(arrival), Logged(self._core.hour(), me.id, "invite"))
            return await self._invites.draw(name, role, me.site, title, me.language, also=also)

        return await self._again(session, "invite", once)

    async def change_role(
        self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str, role: Role, title: str = ""
    ) -> bool:
        """Say that a lead is to have another role and title; with the second colleague's word it is so.

        Routes of new concerns follow at once. Cases of before keep their recipients.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            lead: Of whom.
            shown: The fingerprint that was on the screen.
            role: Which role.
            title: What the lead is called, or nothing.

        Returns:
            Whether it is so now; false where that was the first word.

        Raises:
            NotOffered: There is no such lead with that fingerprint who is in, it is no role, nothing would change, it
                is a partner or would become one (`Partners.agree`), or it is not for this lead to say.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """
        called = " ".join(title.split())

        async def once(roster: Roster) -> bool:
            found = self._member(session, roster, lead, shown)
            if role not in ROLES or (found.role, found.title) == (role, called) or "partner" in {role, found.role}:
                raise NotOffered
            deed, state, among = f"{ROLE} {lead}", role_of(shown, role, called), self.colleagues(roster, lead)
            asked = Logged(self._core.hour(), session.lead.id, "ask_role")
            told = announce(roster, self._core.second(), but={session.lead.id})
            if not self._second(session, roster, deed, state, among):
                await self._commit(roster, arrival, asked, *self._first(session, roster, deed, state), *told)
                return False
            changed = replace(found, role=role, title=called)
            cells: dict[str, Cell] = {"role": role, "title": called}
            rows = self._rosters.rows(roster, lead=changed, waiting=roster.waiting.without_words_on(lead))
            logged = Logged(self._core.hour(), lead, "role")
            await self._commit(roster, arrival, asked, Update(leads, {"id": lead}, cells), *rows, logged, *told)
            return True

        return await self._again(session, ROLE, once)

    async def reset_factors(self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str) -> Invite | None:
        """Say that a lead has lost the phone; with the second colleague's word there is an invite for a new one.

        With it, and the passphrase, she sets up another authenticator: see `FactorResets`. Her keys stay.

        Returns:
            The invite, whose code is shown once; None where that was the first word, which counts for a day.

        Raises:
            NotOffered: There is no such lead with that fingerprint who is in, or it is not for this lead to say.
            CodeMissing: No fresh code was given for it.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> Invite | None:
            found, among = self._member(session, roster, lead, shown), self.colleagues(roster, lead)
            deed = f"{FACTORS} {lead}"
            asked = Logged(self._core.hour(), session.lead.id, "ask_factors")
            told = announce(roster, self._core.second(), but={session.lead.id})
            if not self._second(session, roster, deed, shown, among):
                await self._commit(roster, arrival, asked, *self._first(session, roster, deed, shown), *told)
                return None
            rows = self._rosters.rows(roster, waiting=roster.waiting.without_words_on(lead))
            also = (*self._core.marks.seen_rows(arrival), asked, *rows, *told)
            invite = await self._invites.draw_reset(found, also=also)
            self._rosters.note(roster.version + 1)
            return invite

        return await self._again(session, FACTORS, once)

    async def renew_keys(
        self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str, taker: LeadId | None = None
    ) -> Invite | None:
        """Say that a lead has forgotten the passphrase; with the second colleague's word she is to join anew.

        Nobody can open her keys any more. So they go, as where a lead is suspended, under a name that says so, and the
        invite is for the same name with new keys: she waits for two, reads what comes, and is given past cases by
        colleagues who can open them.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            lead: Of whom.
            shown: The fingerprint that was on the screen.
            taker: Who takes over the open cases meanwhile; see `Team.shut_out`.

        Returns:
            The invite, whose code is shown once; None where that was the first word, which counts for a day.

        Raises:
            NotOffered: There is no such lead with that fingerprint who is in, or it is not for this lead to say.
            CodeMissing: No fresh code was given for it.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster, or a case of hers, at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> Invite | None:
            found, among = self._member(session, roster, lead, shown), self.colleagues(roster, lead)
            if taker is not None and taker not in among:
                raise NotOffered
            deed, state = f"{KEYS} {lead}", suspension_of(shown, taker)
            asked = Logged(self._core.hour(), session.lead.id, "ask_keys")
            if not self._second(session, roster, deed, state, among):
                told = announce(roster, self._core.second(), but={session.lead.id})
                await self._commit(roster, arrival, asked, *self._first(session, roster, deed, state), *told)
                return None
            renamed = _renamed(roster, found, self._core.now().date().isoformat())
            going = await shut_out_rows(self._core, self._rosters, self._invites, roster, found, taker, renamed=renamed)
            also = (*self._core.marks.seen_rows(arrival), asked, *going.rows)
            invite = await self._invites.draw_again(found, also=also)
            self._rosters.note(roster.version + 1)
            self._sessions.lock_lead(lead)
            going.note(self._core)
            return invite

        return await self._again(session, KEYS, once)

    def _member(self, session: LeadSession, roster: Roster, lead: LeadId, shown: str) -> Lead:
        found = roster.leads.get(lead)
        if found is None or found.disabled or found.fingerprint != shown:
            raise NotOffered
        if session.lead.id not in self.colleagues(roster, lead):
            raise NotOffered
        return found


def _renamed(roster: Roster, lead: Lead, day: str) -> Lead:
    """Give a lead under a name that nobody has: the old keys stay on the roster, since entries are signed with them."""
    taken = {one.name_key for one in roster.leads.values()}
    for number in range(1, len(taken) + 2):
        name = name_before(lead.name, day, number)
        if fold_name(name) not in taken:
            return replace(lead, name=name, name_key=fold_name(name))
    raise NotOffered
