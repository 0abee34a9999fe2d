"""Leads: who they are, how they join and unlock, and their sessions."""

from __future__ import annotations

from datetime import date, datetime

from flows.values.ids import READING, LeadId, Role, SiteId
from flows.values.situation import Reader
from storage.core.core import StoreCore
from storage.leads.roster.invites import Invites, Wanted
from storage.leads.roster.roster import Lead, Roster, Rosters
from storage.leads.sign_in.joining import Joinings
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.leads.sign_in.unlocks import Unlocks
from storage.leads.team import Team
from storage.leads.team_view import TeamViews
from storage.sealing.keys.lead_keys import LEAD_COST
from storage.sealing.keys.pin_lock import is_fit_pin
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.xwing import KeyId, PublicKey, key_id
from storage.values import ROLES, Address, Arrival, Invite, Invited, Joining, LeadCard
from storage.values.errors import NotOffered


class Leads:
    """The leads of all sites. Factors are judged the same way, and as slowly, for names that do not exist."""

    def __init__(self, core: StoreCore, cost: Cost = LEAD_COST) -> None:
        """Take the cost of new passphrases; tests take a low one."""
        self._core = core
        self.rosters = Rosters(core)
        self.sessions = Sessions(core)
        self._invites = Invites(core)
        self._joinings = Joinings(core, self.rosters, self._invites, cost)
        self.unlocks = Unlocks(core, self.rosters, self._invites, cost)
        self.team = Team(core, self.rosters, self.sessions, self._invites)
        self.team_view = TeamViews(core, self.rosters, self.sessions)
        self._listed: Roster | None = None
        self._readers: dict[SiteId, tuple[Reader, ...]] = {}

    # Who they are

    async def roster(self, site: SiteId | None = None) -> tuple[LeadCard, ...]:
        """Give the leads (of a site) who are not disabled, by role and name.

        Raises:
            Tampered: The roster is not the one that was kept.
        """
        return _cards(await self.rosters.read(), site)

    async def readers(self, site: SiteId) -> tuple[Reader, ...]:
        """Give those of a site's leads for whom concerns are sealed, as the readers screen names them."""
        roster = await self.rosters.recent()
        if roster is not self._listed:  # every turn asks, and the roster seldom changes
            self._listed, self._readers = roster, {}
        if site not in self._readers:
            cards = (card for card in _cards(roster, site) if card.role in READING)
            self._readers[site] = tuple(Reader(card.id, card.name, card.role, card.title) for card in cards)
        return self._readers[site]

    async def disable(self, lead: LeadId) -> None:
        """Shut a lead out; all of the lead's sessions end before this returns, and no invite of before is good."""
        self.sessions.lock_lead(lead)
        await self.team.disable(lead)
        self.sessions.lock_lead(lead)

    async def present(self, session: LeadSession) -> LeadCard:
        """Give the card of an unlocked lead as the roster has it now, also of one who waits.

        Raises:
            SessionOver: The session has ended, or the lead was shut out, by whichever process: all her sessions end.
        """
        card = (await self.rosters.read()).card(session.lead.id)
        self.sessions.require_present(session, card)
        session.lead = card or session.lead
        return session.lead

    async def fingerprint(self, session: LeadSession) -> str:
        """Give the digits by which others compare a lead's keys, also to one who waits."""
        await self.present(session)
        return (await self.rosters.read()).leads[session.lead.id].fingerprint

    async def end_shut_out(self) -> None:
        """End the sessions of leads whom another process has shut out; cheap while the roster stays as it is."""
        roster = await self.rosters.recent()
        for lead in self.sessions.leads():
            found = roster.leads.get(lead)
            if found is None or found.shut_out:
                self.sessions.lock_lead(lead)

    async def recovery(self) -> KeyId | None:
        """Name the recovery key, if there is one."""
        public = (await self.rosters.read()).recovery
        return None if public is None else key_id(PublicKey(public))

    async def unlocked(self) -> dict[LeadId, date | None]:
        """Give the day on which each lead last unlocked (UTC)."""
        return await self.unlocks.days()

    async def chats(self) -> frozenset[Address]:
        """Give the chats in which leads were last seen, or are told of things.

        Raises:
            Tampered: The roster is not the one that was kept.
        """
        return frozenset((await self.unlocks.chats()).values())

    async def sites_of(self, address: Address) -> frozenset[SiteId]:
        """Give the sites of the leads who were last seen in a chat, or are told of things there.

        Raises:
            Tampered: The roster is not the one that was kept.
        """
        chats = await self.unlocks.chats()
        return frozenset(card.site for card in await self.roster() if chats.get(card.id) == address)

    # How they join

    async def invite(self, name: str, role: Role, site: SiteId, title: str = "", language: str = "en") -> Invite:
        """Draw an invite; for a name that is on the roster it rebinds, and the factors stay required.

        A name that differs from one on the roster only as phones write it is that one (`Roster.named`).

        Who was shut out is let in again by it, together with the factors.

        Raises:
            NotOffered: The name is empty, or the role unknown.
        """
        shown = " ".join(name.split())
        if not shown or role not in ROLES:
            raise NotOffered
        existing = (await self.rosters.read()).named(shown)
        name = existing.name if existing else shown
        code = await self._invites.draw(Wanted(name, title, role, site, language), existing)
        return Invite(code, existing is not None, bool(existing and existing.shut_out))

    async def invited(self, code: str) -> Invited | None:
        """Tell what an invite is for, without using it; None for unknown, used and expired ones alike."""
        found = await self._invites.find(code)
        if found is None or found["role"] not in ROLES:
            return None
        role = next(role for role in ROLES if role == found["role"])
        return Invited(str(found["name"]), role, SiteId(str(found["site"])), found["lead_id"] is not None)

    async def begin_join(self, arrival: Arrival, code: str, passphrase: str) -> Joining | None:
        """Commit the update as seen, then begin to join; see `Joinings.begin`."""
        await self._core.commit(*self._core.arrived(arrival))
        return await self._joinings.begin(arrival.address, code, passphrase)

    async def confirm_join(self, arrival: Arrival, totp_code: str) -> LeadSession:
        """Confirm the second factor: the lead is on the roster and unlocked; see `Joinings.confirm`."""
        await self._core.commit(*self._core.arrived(arrival))
        joined = await self._joinings.confirm(
            arrival.address, totp_code, lambda lead, step: self.unlocks.first_state(lead, arrival, step)
        )
        self.unlocks.note_day(joined.lead.id)
        return self._begin(joined.lead, arrival.address, joined.seed)

    # How they unlock

    async def unlock(
        self, arrival: Arrival, name: str, passphrase: str, totp_code: str, *, invite: str | None = None
    ) -> LeadSession:
        """Unlock with both factors, from any chat, which is bound for the session; who waits may, and reads nothing.

        Raises:
            NotUnlocked: Unknown, disabled, or a wrong factor. The update is kept as seen.
            Throttled: Too many wrong tries from this chat.
            Crowded: Too many others try just now; whether this try is right is not known.
            AlreadySeen: The update was committed before.
        """
        found = await self.unlocks.unlock(arrival, name, (passphrase, totp_code), invite)
        return self._begin(found.lead, arrival.address, found.seed, found.before)

    def session(self, address: Address) -> LeadSession | None:
        """Give the open session of a chat and note its use; None if locked, or behind its curtain."""
        return self.sessions.at(address)

    def curtained(self, address: Address) -> bool:
        """Tell whether a PIN would bring the session back."""
        return self.sessions.curtained(address)

    def is_fit_pin(self, pin: str) -> bool:
        """Tell whether a PIN will do: 4 to 8 digits, not all the same, no run."""
        return is_fit_pin(pin)

    async def set_pin(self, session: LeadSession, pin: str) -> None:
        """Let idleness draw a curtain instead of locking; see `Sessions.set_pin`."""
        await self.sessions.set_pin(session, pin)

    async def lift(self, arrival: Arrival, pin: str) -> LeadSession:
        """Lift the curtain of a chat; the update is committed as seen first; see `Sessions.lift`."""
        await self._core.commit(*self._core.arrived(arrival))
        return await self.sessions.lift(arrival.address, pin)

    def take_pin_misses(self, session: LeadSession) -> int:
        """Give how many wrong PINs of this lead there were, in any chat, that the lead was not told of yet."""
        return self.sessions.pin_misses.take_untold(session.lead.id)

    def pin_serves(self, session: LeadSession) -> bool:
        """Tell whether a PIN may still lift a curtain of this lead today."""
        return self.sessions.pin_misses.left(session.lead.id) > 0

    async def lock(self, address: Address) -> None:
        """Lock; always works, also without a database and where nothing is open."""
        self.sessions.lock(address)

    def idle(self) -> tuple[Address, ...]:
        """Give the chats whose desk messages are to be deleted, before `draw`."""
        return self.sessions.idle()

    def draw(self, address: Address) -> None:
        """Draw the curtain of a chat, or lock it: without a PIN, and after the duty."""
        self.sessions.draw(address)

    def _begin(self, lead: Lead, address: Address, seed: bytearray, before: datetime | None = None) -> LeadSession:
        now = self._core.now()
        session = LeadSession(lead.card, address, seed, now, now + self._core.limits.duty, before)
        self.sessions.add(session)
        return session


def _cards(roster: Roster, site: SiteId | None) -> tuple[LeadCard, ...]:
    cards = (lead.card for lead in roster.leads.values() if not lead.disabled)
    wanted = (card for card in cards if site in {None, card.site})
    return tuple(sorted(wanted, key=lambda card: (ROLES.index(card.role), card.name)))
