"""Who the leads are, which of them are here now, and how a session begins: by joining, or by both factors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select

from flows.cases.roles import ROLES
from flows.values.ids import READING, LeadId, SiteId
from flows.values.situation import Reader
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import version_text
from storage.leads.members import Members
from storage.leads.partners import Partners
from storage.leads.roster.invites import Invites
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.factors.factor_reset import FactorResets
from storage.leads.sign_in.factors.fresh_codes import FreshCodes
from storage.leads.sign_in.factors.own_factors import OwnFactors
from storage.leads.sign_in.joining import Joinings
from storage.leads.sign_in.lead_chats import LeadChats
from storage.leads.sign_in.passkeys.passkeys import Passkeys
from storage.leads.sign_in.proved import Proved
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.leads.sign_in.unlock_records import STATE, is_state, state_name
from storage.leads.sign_in.unlocks import Unlocks
from storage.leads.team import Team
from storage.leads.team_view import TeamViews
from storage.sealing.keys.lead_keys import LEAD_COST
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.xwing import KeyId, PublicKey, key_id
from storage.values import Address, Arrival, LeadCard
from storage.values.errors import NotUnlocked


class Leads:
    """The leads of all sites. Factors are judged the same way, and as slowly, for names that do not exist."""

    def __init__(self, core: StoreCore, cost: Cost = LEAD_COST) -> None:
        """Take the cost of new passphrases; tests take a low one."""
        self._core = core
        self.rosters = Rosters(core)
        self.sessions = Sessions(core)
        self.invites = Invites(core, self.rosters)
        self.joining = Joinings(core, self.rosters, self.invites, cost)
        self.last_chats = LeadChats(core, self.rosters)
        self.unlocks = Unlocks(core, self.rosters, self.invites, self.last_chats, cost)
        self.codes = FreshCodes(core, self.rosters, self.sessions, self.unlocks.steps)
        self.own_factors = OwnFactors(core, self.rosters, self.sessions, self.codes, cost)
        self.resets = FactorResets(core, self.rosters, self.invites)
        self.passkeys = Passkeys(core, self.rosters, self.sessions, self.unlocks)
        self.team = Team(core, self.rosters, self.sessions, self.invites)
        self.members = Members(core, self.rosters, self.sessions, self.invites)
        self.partners = Partners(core, self.rosters, self.sessions, self.invites)
        self.team_view = TeamViews(core, self.rosters, self.sessions)
        self._shown: tuple[int, int] | None = None
        self._listed: Roster | None = None
        self._readers: dict[SiteId, tuple[Reader, ...]] = {}
        self._days: dict[LeadId, date | None] | None = None

    async def roster(self, site: SiteId | None = None) -> tuple[LeadCard, ...]:
        """Give the leads (of a site) who are not disabled, by role and name.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return _cards(await self.rosters.read(), site)

    async def readers(self, site: SiteId) -> tuple[Reader, ...]:
        """Give those of a site's leads for whom concerns are sealed, as the readers screen names them.

        They are those of the version that stood beside the key file a moment ago; sending reads the roster anew.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._recent()
        if roster is not self._listed:  # every turn asks, and the roster seldom changes
            self._listed, self._readers = roster, {}
        if site not in self._readers:
            own = (one for one in _cards(roster, site) if one.role in READING)
            self._readers[site] = tuple(Reader(one.id, one.name, one.role, one.title) for one in own)
        return self._readers[site]

    async def days(self) -> Mapping[LeadId, date | None]:
        """Give the day on which each lead last unlocked (UTC); None where nobody knows.

        It is read once: every first screen asks.

        Raises:
            Unavailable: The database cannot be read.
        """
        if self._days is None:
            async with self._core.read() as connection:
                kept = await all_rows(connection, select(*STATE))
            own = self._core
            self._days = {LeadId(row["id"]): _day(row["unlocked_day"]) if is_state(own, row) else None for row in kept}
        return self._days

    async def present(self, session: LeadSession) -> LeadCard:
        """Give the card of an unlocked lead as the roster has it now, also of one who waits.

        Raises:
            SessionOver: The session has ended, or the lead was shut out, by whichever process: all her sessions end.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        card = (await self.rosters.read()).card(session.lead.id)
        self.sessions.require_present(session, card)
        session.lead = card or session.lead
        return session.lead

    async def fingerprint(self, session: LeadSession) -> str:
        """Give the digits by which others compare a lead's keys, also to one who waits.

        Raises:
            SessionOver: The session has ended, or the lead was shut out.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        await self.present(session)
        return (await self.rosters.read()).leads[session.lead.id].fingerprint

    async def end_shut_out(self) -> None:
        """End the sessions of leads whom another process has shut out; cheap while the roster stays as it is.

        Raises:
            Tampered: The roster is not the one that was kept; all sessions go on.
            Unavailable: The database cannot be read; all sessions go on.
        """
        roster = await self._recent()
        for lead in self.sessions.leads():
            found = roster.leads.get(lead)
            if found is None or found.shut_out:
                self.sessions.lock_lead(lead)

    async def recovery(self) -> KeyId | None:
        """Name the recovery key that new cases are sealed for, if there is one; one that waits for two leads is none.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        public = (await self.rosters.read()).recovery
        return None if public is None else key_id(PublicKey(public))

    async def chats(self) -> frozenset[Address]:
        """Give the chats in which leads were last seen, or are told of things.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return frozenset((await self.last_chats.all()).values())

    async def sites_of(self, address: Address) -> frozenset[SiteId]:
        """Give the sites of the leads who were last seen in a chat, or are told of things there.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        chats = await self.last_chats.all()
        return frozenset(card.site for card in await self.roster() if chats.get(card.id) == address)

    async def confirm_join(self, arrival: Arrival, totp_code: str) -> LeadSession:
        """Confirm the second factor: the lead is on the roster and unlocked; see `Joinings.confirm`.

        The update is committed as seen first.

        Raises:
            NotUnlocked: The code is wrong; the joining goes on.
            SessionOver: None was begun here, it took too long, or the invite was used meanwhile.
            AlreadySeen: The update was committed before.
            Tampered: The roster is not the one that was kept.
            Unavailable: It cannot be written; or it is, and the version beside the key file could not be.
            Refusal: The same as NotUnlocked or SessionOver, whichever it is.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        joined = await self.joining.confirm(
            arrival.address, totp_code, lambda lead, step: self.unlocks.first_state(lead, arrival, step)
        )
        return self._begin(joined.lead, arrival.address, joined.seed)

    async def confirm_reset(self, arrival: Arrival, totp_code: str) -> LeadSession:
        """Confirm a new authenticator: all other sessions of the lead end, and this chat is unlocked.

        The update is committed as seen first. See `FactorResets.confirm`.

        Raises:
            NotUnlocked: The code is wrong; it goes on.
            SessionOver: None was begun here, it took too long, or the invite was used meanwhile.
            AlreadySeen: The update was committed before.
            Tampered: The roster, or the register, is not the one that was kept.
            Unavailable: It cannot be written; or it is, and what stands beside the key file could not be.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        reset = await self.resets.confirm(
            arrival.address, totp_code, lambda lead, step: self.unlocks.first_state(lead, arrival, step)
        )
        self.unlocks.steps[reset.lead.id] = self._core.register.floor(state_name(reset.lead.id))
        self.sessions.lock_lead(reset.lead.id)
        return self._begin(reset.lead, arrival.address, reset.seed)

    async def unlock(
        self, arrival: Arrival, name: str, passphrase: str, totp_code: str, *, invite: str | None = None
    ) -> LeadSession:
        """Unlock with both factors, from any chat, which is bound for the session; who waits may, and reads nothing.

        A session that the chat had before ends. See `Unlocks.keep` for what is kept.

        Raises:
            NotUnlocked: Unknown, disabled, or a wrong factor. The update is kept as seen.
            Throttled: Too many wrong tries from this chat.
            Crowded: Too many others try just now; whether this try is right is not known.
            AlreadySeen: The update was committed before.
            Tampered: The roster, the invite, or the lead's own row is not genuine.
            Unavailable: The database, or what stands beside the key file, cannot be read or written.
        """
        proved = await self.unlocks.judge(arrival, name, (passphrase, totp_code), invite)
        found = await self.unlocks.keep(arrival, proved)
        return self._begin(found.lead, arrival.address, found.seed, found.before)

    async def open_proved(self, arrival: Arrival, proved: Proved) -> LeadSession:
        """Open the desk of a lead whose factors were judged before, in the chat that `arrival` comes from.

        Raises:
            NotUnlocked: The lead was changed or shut out meanwhile, or the code was used; the seed is wiped.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database, or what stands beside the key file, cannot be read or written.
        """
        try:
            roster = await self.rosters.read()
        except BaseException:
            proved.wipe()
            raise
        if roster.leads.get(proved.lead.id) != proved.roster.leads.get(proved.lead.id):
            proved.wipe()
            raise NotUnlocked
        found = await self.unlocks.keep(arrival, proved)
        return self._begin(found.lead, arrival.address, found.seed, found.before)

    async def fresh_code(self, session: LeadSession, arrival: Arrival, code: str) -> None:
        """Take a code of the lead's authenticator at an open desk, for one sensitive deed within two minutes.

        The code is used up on disk before this returns. The update is committed as seen first, so the deed that
        follows is asked for with the same arrival, `kept`.

        Raises:
            NotUnlocked: The code is wrong, or was used. The update is kept as seen.
            Throttled: Too many wrong codes of this lead; nothing was judged or kept.
            SessionOver: The session has ended, or the lead was shut out.
            AlreadySeen: The update was committed before.
            Tampered: The roster, the register, or the lead's own row is not genuine.
            Unavailable: The database, or the register, cannot be read or written.
        """
        await self.codes.give(session, arrival, code)

    async def _recent(self) -> Roster:
        """Give the roster for showing it: from memory, as long as the version beside the key file was not written anew.

        Raises as `Rosters.read` does. Whoever seals reads with that.
        """
        at = version_text(self._core.checkpoint)
        if self.rosters.known is None or at is None or at != self._shown:
            known = await self.rosters.read()
            self._shown = at
            return known
        return self.rosters.known

    def _begin(self, lead: Lead, address: Address, seed: bytearray, before: datetime | None = None) -> LeadSession:
        now = self._core.now()
        if self._days is not None:
            self._days[lead.id] = now.date()
        former = None if lead.former_seed is None else (lead.former_seed, lead.seed_version)
        session = LeadSession(lead.card, address, seed, now, now + self._core.limits.duty, before, former)
        self.sessions.add(session)
        return session


def _cards(roster: Roster, site: SiteId | None) -> tuple[LeadCard, ...]:
    cards = (lead.card for lead in roster.leads.values() if not lead.disabled)
    wanted = (card for card in cards if site in {None, card.site})
    return tuple(sorted(wanted, key=lambda card: (ROLES.index(card.role), card.name)))


def _day(kept: str | None) -> date | None:
    try:
        return date.fromisoformat(kept or "")
    except ValueError:
        return None
