"""What partners and those who share with them do to a real store, by name, and by the number of case, share or goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from flows.together.goals import STEPS
from flows.together.partners import Agency
from storage.deeds.sharing.share import Share
from storage.leads.sign_in.session import LeadSession
from storage.values.partners import WantedAgreement
from storage.values.shares import Answer, ShareContent, SharedPart, ShareId
from tests.access.world import World
from tests.storage.conftest import PASSPHRASE

#: Partners with whom a school begins, and for whom they work.
PARTNERS: Final[Mapping[str, Agency]] = {"Ivy Nurseley": "health", "Jon Pastorman": "faith"}
_CHAT: Final = 700
#: How long something is shared here.
SHARED_FOR: Final = timedelta(days=14)
#: By when something is wanted together.
_DAY: Final = date(2030, 3, 26)


@dataclass
class PartnerWorld(World):
    """A school with partners. `shares` and `goals` are ids by number."""

    goals: dict[int, Any] = field(default_factory=dict)

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

    async def begins_goal(self, goal: int, by: str, owner: str, text: str) -> None:
        """Begin a goal of somebody's."""
        session, goals = self.sessions[by], self.store.together.goals
        arrival = self.arrival(session.address.chat_id)
        self.goals[goal] = await goals.begin(session, arrival, text, "asked each week", self.ids[owner], _DAY)

    async def writes_goal(self, goal: int, by: str, kind: str, whom: str, text: str) -> None:
        """Invite somebody to a goal, take her out, give it to her, plan an action of one's own, or end it."""
        session, who = self.sessions[by], self.ids[whom]
        said: Mapping[str, Mapping[str, str | int]] = {
            "guest": {"who": who},
            "owner": {"who": who},
            "out": {"gone": who},
            "plan": {"what": text, "owner": self.ids[by], "day": _DAY.isoformat(), "of": 0},
            "step": {"step": STEPS},
            "drop": {},
        }
        arrival = self.arrival(session.address.chat_id)
        await self.store.together.goals.write(session, arrival, self.goals[goal], {"kind": kind, **said[kind]})

    async def reads_goals(self, session: LeadSession) -> dict[int, set[str]]:
        """What somebody is shown of goals: the texts of each, by number."""
        numbers = {str(of): number for number, of in self.goals.items()}
        views = await self.store.together.goals.listed(session)
        return {numbers[one.goal.id]: {one.goal.what, *(each.what for each in one.goal.actions)} for one in views}
