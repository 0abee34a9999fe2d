"""What partners and those who share with them do to a real store, by name, by the number of a case and of a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flows.together.partners import Agency
from storage.deeds.sharing.share import Share
from storage.desk.partnership.sharing.partner_desk import Answer
from storage.leads.sign_in.session import LeadSession
from storage.values.partners import WantedAgreement
from storage.values.shares import ShareContent, SharedPart, ShareId
from tests.access.world import World
from tests.storage.conftest import PASSPHRASE

#: Partners with whom a school begins, and for whom they work.
PARTNERS: Final[Mapping[str, Agency]] = {"Ivy Nurseley": "health", "Jon Pastorman": "faith"}
_CHAT: Final = 700
#: How long something is shared here.
SHARED_FOR: Final = timedelta(days=14)


@dataclass
class PartnerWorld(World):
    """A school with partners. `shares` are ids by number."""

    def chat_of(self, name: str) -> int:
        """The chat in which somebody has her desk."""
        return _CHAT + list(PARTNERS).index(name) if name in PARTNERS else super().chat_of(name)

    async def founds_partner(self, name: str, agency: Agency) -> None:
        """Join as one of the partners with whom the school begins."""
        self._note(name, await self.join(name, "partner", chat=self.chat_of(name), agency=agency))

    async def shares_part(self, case: int, by: str, whom: str, share: int, text: str, *, two: bool) -> None:
        """Read a case, and share a text of it; or say the first word for that."""
        session, of = self.sessions[by], self.cases[case]
        row = (await self.reads(session, of)).row
        content = ShareContent(by, whom, "to help", "Could you?", self.now + SHARED_FOR, (SharedPart("Said:", text),))
        deed = Share(self.ids[whom], content, (1,), 1, "protect", "yes", two=two)
        await self._shares(session, case, row.version, deed, share)

    async def shares_too(self, case: int, by: str, share: int, text: str) -> None:
        """Say the second word for what a colleague would share."""
        session, of = self.sessions[by], self.cases[case]
        row = (await self.reads(session, of)).row
        proposed = (await self.store.desk.shares.read(session, of)).proposed
        deed = next(one.deed for one in proposed if one.deed.content.parts[0].words == text)
        await self._shares(session, case, row.version, deed, share)

    async def _shares(self, session: LeadSession, case: int, version: int, deed: Share, share: int) -> None:
        if deed.two:
            self.store.leads.sessions.give_code(session)
        arrival, of = self.arrival(session.address.chat_id), self.cases[case]
        await self.store.desk.act(session, arrival, of, version, deed)
        found = [one.id for one in (await self.store.desk.shares.read(session, of)).shares]
        for one in found:
            if one not in self.shares.values():
                self.shares[share] = one

    async def takes_back(self, case: int, by: str, share: int) -> None:
        """Take a share back."""
        session, of = self.sessions[by], self.cases[case]
        row = (await self.reads(session, of)).row
        arrival = self.arrival(session.address.chat_id)
        await self.store.desk.shares.take_back(session, arrival, of, row.version, self.shares[share])

    async def answers(self, case: int, whom: str, share: int, answer: str) -> None:  # noqa: ARG002 - for the twin alone
        """Open a share, and accept, decline or reply; `case` is whose it is, which she is not told."""
        session, one = self.sessions[whom], self.shares[share]
        await self.opens_share(session, one)
        said = {"declined": Answer("declined", "family"), "replied": Answer("replied", text="I will.")}
        given = said.get(answer, Answer("accepted"))
        await self.store.shares.answer(session, self.arrival(session.address.chat_id), one, given)

    async def opens_share(self, session: LeadSession, share: ShareId) -> str:
        """The text of a share."""
        arrival = self.arrival(session.address.chat_id)
        opened = await self.store.shares.open(session, arrival, share)
        return opened.content.parts[0].words

    async def suspends(self, by: str, whom: str) -> None:
        """Suspend a partner, alone; what was shared with her ends with the sweep."""
        session = self.sessions[by]
        arrival = self.arrival(session.address.chat_id)
        await self.store.leads.partners.suspend(session, arrival, self.ids[whom], await self.fingerprint(whom))
        await self.store.watch.sweep()

    async def agree(self, by: str, second: str, whom: str) -> None:
        """Two agree anew with a partner who was suspended, and she comes by the invite."""
        until = self.now + timedelta(days=300)
        wanted = WantedAgreement(whom, "helper", PARTNERS[whom], "agreed anew", until)
        for one in (by, second):
            session = self.sessions[one]
            arrival = self.arrival(session.address.chat_id)
            done = await self.store.leads.partners.agree(session, arrival, wanted)
        self.later(seconds=60)
        where, code = self.arrival(self.chat_of(whom)), self.code(whom)
        self.sessions[whom] = await self.store.leads.unlock(where, whom, PASSPHRASE, code, invite=done.invite.code)
