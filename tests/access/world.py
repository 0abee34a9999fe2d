"""What people do to a real store, by name and by the number of a case, so that the same can be done to another one.

Each step is one method with plain arguments. What a step is refused comes back as the refusal; nothing here knows who
should be refused.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select

from flows.cases.roles import RULES
from flows.cases.routing import readers
from flows.values.deeds import AddMessage, Answered
from flows.values.draft import Chose, Wrote
from flows.values.ids import LeadId, Role
from flows.values.text import Text
from storage.cases.rows.case_row import read_case
from storage.database.schema.cases import cases
from storage.deeds import send_concern as sending
from storage.deeds.deed import Deed
from storage.deeds.readers.admit import Admit
from storage.deeds.readers.exclude import CallUp, Exclude
from storage.deeds.readers.grant import Grant
from storage.deeds.readers.lift import Lift
from storage.deeds.status import CloseCase, ReopenCase
from storage.deeds.words import AddNote, SendReply
from storage.leads.sign_in import joining as leads_joining
from storage.leads.sign_in.session import LeadSession
from storage.sealing.primitives.xwing import public_key
from storage.values import CaseId, CaseView
from storage.values.errors import Refusal
from tests.faults.promises import texts_of
from tests.raw_database import fetch
from tests.storage.conftest import PASSPHRASE, SITE, School
from tests.team import set_recovery

LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
#: The question whether it is about an adult who works here.
ADULT: Final = "C14"
#: Those with whom a school begins, and who may come later.
FOUNDERS: Final[Mapping[str, Role]] = {
    "Ada Byron": "lead",
    "Bea Potterley": "deputy",
    "Cal Stonewell": "head",
    "Dee Lundgren": "chair",
    "Eve Moneypenny": "lead",
    "Fay Longstaff": "independent",
}
NEWCOMERS: Final = ("Gus Greyling", "Hal Harrowgate")
EVERYBODY: Final = (*FOUNDERS, *NEWCOMERS)
_FIRST_CHAT: Final = 500
#: The seed of the school's recovery key, which stays away from the server.
RECOVERY: Final = b"r" * 32


def texts(view: CaseView) -> set[str]:
    """Everything that stands in a case as it was shown."""
    said = {text for entry in view.entries for text in texts_of(entry)}
    return said | {text for entry in view.entries if entry.action for text in entry.action.detail.values()}


@dataclass
class World(School):
    """A school in which steps are done. `ids` are those of leads, by name; `seeds` are all that each ever had."""

    ids: dict[str, LeadId] = field(default_factory=dict)
    cases: dict[int, CaseId] = field(default_factory=dict)
    receipts: dict[int, str] = field(default_factory=dict)
    passphrases: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, LeadSession] = field(default_factory=dict)
    seeds: dict[str, set[bytes]] = field(default_factory=dict)
    talks: dict[int, Any] = field(default_factory=dict)
    shares: dict[int, Any] = field(default_factory=dict)
    joined: int = 0

    async def do(self, step: str, given: Mapping[str, Any]) -> Any:
        """Do one step; what it is refused is given back."""
        try:
            return await getattr(self, step)(**given)
        except Refusal as refusal:
            return refusal

    # Desks

    async def unlock(self, name: str, chat: int | None = None) -> LeadSession:
        self.later(seconds=60)
        where = self.arrival(self.chat_of(name) if chat is None else chat)
        session = await self.store.leads.unlock(where, name, self.passphrases.get(name, PASSPHRASE), self.code(name))
        if chat is None:
            self.sessions[name] = session
        self._note(name, session)
        return self._reasoned(session)

    async def founds(self, name: str, role: Role) -> None:
        """Join as one of those with whom the school begins."""
        self._note(name, await self.join(name, role, chat=self.chat_of(name)))

    def chat_of(self, name: str) -> int:
        """The chat in which somebody has her desk."""
        return _FIRST_CHAT + EVERYBODY.index(name)

    def at_desk(self, name: str) -> LeadSession | None:
        """The open desk of a lead, if it is open."""
        session = self.sessions.get(name)
        return session if session and self.store.leads.sessions.at(session.address) is session else None

    def _note(self, name: str, session: LeadSession) -> None:
        self.ids[name] = session.lead.id
        self.seeds.setdefault(name, set()).add(bytes(session.seed_copy()))

    async def fingerprint(self, name: str) -> str:
        found: str = (await self.store.leads.rosters.read()).leads[self.ids[name]].fingerprint
        return found

    # Reporters

    async def sends(
        self, case: int, text: str, struck: tuple[str, ...], adult: str, *, unsure: bool
    ) -> tuple[set[str], set[str]]:
        """Send a concern along its route; gives who reads it, and whom only the words keep out."""
        words = Answered("tell", Text("Tell us what is worrying you."), Wrote((text,)))
        about = Answered(ADULT, Text("Is it about an adult who works here?"), Chose((adult,)))
        out = tuple(self.ids[name] for name in struck)
        route = readers(await self.store.leads.readers(SITE), adult, out, unsure, (text,))
        deed = self.concern(
            answers=(words, about),
            rungs=route.rungs,
            excluded=out,
            withheld=route.withheld,
            unsure=unsure,
        )
        # Cases that are due together stand in the order of their ids, which are the same in both schools.
        drawn = SimpleNamespace(urandom=lambda count: uuid5(NAMESPACE_OID, f"case {case}").bytes[:count])
        with patch.object(sending, "os", drawn):
            sent = await self.store.talks.send(self.arrival(case), deed, None, self.clocks)
        self.cases[case], self.receipts[case], self.talks[case] = sent.talk.found.case, sent.words, sent.talk
        return self._names(one.lead for one in route.readers), self._names(route.withheld)

    async def says(self, case: int, text: str) -> None:
        """Say more, coming back with the receipt where the talk is over."""
        talk = self.talks[case]
        if self.store.talks.at(talk.address) is not talk:
            talk = self.talks[case] = await self.store.talks.open(self.arrival(case), self.receipts[case])
        await self.store.talks.add(self.arrival(case), talk, [AddMessage(text, None, ())], self.clocks)

    # Cases

    async def acts(self, case: int, by: str, deed: str, text: str = "", whom: str = "") -> Any:
        """Read a case, and do a deed to it, with a fresh code where it takes one."""
        session, of = self.sessions[by], self.cases[case]
        row = (await self.reads(session, of)).row
        done = self._deed(deed, text, self.ids.get(whom, LeadId("")))
        if RULES[done.rule].code:
            self.store.leads.sessions.give_code(session)
        return await self.store.desk.act(session, self.arrival(session.address.chat_id), of, row.version, done)

    async def taps(self, case: int, by: str, deed: str, text: str = "", whom: str = "") -> Any:
        """Do a deed to a case without having opened it, as by an old button."""
        session, to = self.sessions[by], self.ids.get(whom, LeadId(""))
        if RULES[self._deed(deed, text, to).rule].code:
            self.store.leads.sessions.give_code(session)
        arrival = self.arrival(session.address.chat_id)
        return await self.store.desk.act(session, arrival, self.cases[case], None, self._deed(deed, text, to))

    def _deed(self, deed: str, text: str, to: LeadId) -> Deed:
        match deed:
            case "exclude":
                return Exclude(to, text)
            case "lift":
                return Lift(to, text)
            case "admit":
                return Admit(to, text)
            case "grant":
                return Grant(to, text)
            case "call_up":
                return CallUp()
            case "note":
                return AddNote(text)
            case "reply":
                return SendReply(text)
            case "close":
                return CloseCase("early_help", text, LONG_AGO, "child_file")
            case _:
                return ReopenCase(text, self.clocks)

    async def destroys(self, case: int, by: str) -> Any:
        """Say that a case is to be destroyed; None where that was the second word."""
        session = self.sessions[by]
        row = (await self.reads(session, self.cases[case])).row
        self.store.leads.sessions.give_code(session)
        arrival = self.arrival(session.address.chat_id)
        return await self.store.destruction.agree(session, arrival, self.cases[case], row.version)

    async def gives(self, by: str, whom: str) -> int:
        """Give past cases by scope, all that there are, to the end; how many."""
        session, grants = self.sessions[by], self.store.desk.grants
        arrival = self.arrival(session.address.chat_id)
        await grants.begin(session, arrival, self.ids[whom], "all", "past cases")
        given = 0
        while (progress := await grants.step(session)) is not None:
            given = progress.granted
        return given

    # Leads

    async def decides(self, deed: str, by: str, whom: str, role: Role = "lead") -> Any:
        """Say a word for a deed of two on a lead."""
        session, team, members = self.sessions[by], self.store.leads.team, self.store.leads.members
        arrival, given = self.arrival(session.address.chat_id), (self.ids[whom], await self.fingerprint(whom))
        if RULES[deed].code:
            self.store.leads.sessions.give_code(session)
        match deed:
            case "confirm":
                return await team.confirm(session, arrival, *given)
            case "shut_out":
                return await team.shut_out(session, arrival, *given)
            case "leave":
                return await team.leave(session, arrival, *given)
            case "role":
                return await members.change_role(session, arrival, *given, role, "")
            case "reset":
                return await self._set_up_anew(whom, await members.reset_factors(session, arrival, *given))
            case _:
                return await self._renewed(whom, await members.renew_keys(session, arrival, *given))

    async def _renewed(self, whom: str, invite: Any) -> str | None:
        """Keep the keys of before under the name that they have now; who had them joins with an invite."""
        if invite is None:
            return None
        old = (await self.store.leads.rosters.read()).leads[self.ids[whom]].name
        for kept in (self.ids, self.seeds):
            kept[old] = kept.pop(whom)  # type: ignore[attr-defined]  # both are by name
        self.sessions.pop(whom, None)
        self.passphrases.pop(whom, None)
        await self._joins(whom, invite.code)
        return str(old)

    async def _set_up_anew(self, whom: str, invite: Any) -> bool:
        """Whoever lost her phone sets up another authenticator with the invite and her passphrase; her keys stay."""
        if invite is None:
            return False
        self.later(seconds=60)
        where, passphrase = self.arrival(self.chat_of(whom)), self.passphrases.get(whom, PASSPHRASE)
        joining = await self.store.leads.resets.begin(where, invite.code, passphrase)
        self.secrets[whom] = base64.b32decode(joining.secret)
        session = await self.store.leads.confirm_reset(self.arrival(self.chat_of(whom)), self.code(whom))
        self.sessions[whom] = self._reasoned(session)
        return True

    async def invites(self, by: str, whom: str, role: Role) -> None:
        """Invite a new colleague, who joins."""
        session = self.sessions[by]
        arrival = self.arrival(session.address.chat_id)
        await self._joins(whom, (await self.store.leads.members.invite(session, arrival, whom, role)).code)

    async def _joins(self, name: str, code: str) -> None:
        self.later(seconds=60)
        where, self.joined = self.arrival(self.chat_of(name)), self.joined + 1
        # The order of ids is that in which leads are asked to look through reads: it is the same in both schools.
        with patch.object(leads_joining, "uuid4", lambda: uuid5(NAMESPACE_OID, f"{name} {self.joined}")):
            joining = await self.store.leads.joining.begin(where, code, PASSPHRASE)
        self.secrets[name] = base64.b32decode(joining.secret)
        session = await self.store.leads.confirm_join(self.arrival(self.chat_of(name)), self.code(name))
        self.sessions[name] = self._reasoned(session)
        self._note(name, session)

    async def comes_back(self, whom: str) -> None:
        """Whoever runs Hark lets somebody come again who was suspended; she waits for two."""
        await self.store.leads.team.enable(self.ids[whom])

    async def unseals(self) -> int:
        """Take away what was sealed for those who were suspended."""
        removed: int = await self.store.wrap_removal.run()
        return removed

    async def renews(self, by: str) -> None:
        """Draw new keys for oneself; what was sealed before opens with those of before."""
        session, own = self.sessions[by], self.store.leads.own_factors
        await self._proves(session)
        passphrase = self.passphrases.get(by, PASSPHRASE)
        await own.renew_keys(session, self.arrival(session.address.chat_id), passphrase)
        self._note(by, session)

    async def brings_over(self, by: str) -> bool:
        """Bring one's cases over to the new keys; whether nothing is sealed for those of before any more."""
        return [one.is_over async for one in self.store.renewals.go_on(self.sessions[by])][-1:] == [True]

    async def changes_passphrase(self, by: str, passphrase: str) -> None:
        """Change it, at an open desk."""
        session = self.sessions[by]
        await self._proves(session)
        arrival = self.arrival(session.address.chat_id)
        await self.store.leads.own_factors.change_passphrase(session, arrival, passphrase)
        self.passphrases[by] = passphrase

    async def _proves(self, session: LeadSession) -> None:
        self.later(seconds=60)
        name, arrival = session.lead.name, self.arrival(session.address.chat_id)
        passphrase = self.passphrases.get(name, PASSPHRASE)
        await self.store.leads.own_factors.prove(session, arrival, passphrase, self.code(name))

    # Hark

    async def begins_again(self) -> None:
        """Memory is gone, files stay."""
        await self.store.close()
        await self.open()

    async def a_week_goes_by(self) -> None:
        """Whoever reads a case whose time is over is told, and then a week passes."""
        await self.store.watch.sweep()
        self.later(days=7, minutes=1)

    async def founds_recovery(self) -> None:
        """Have a recovery key from the beginning, which two leads have said yes to."""
        await set_recovery(self.store, public_key(RECOVERY))

    async def recovered(self) -> dict[int, set[str]]:
        """Read every case that there is with the recovery key: the texts of each."""
        numbers, found = {of: number for number, of in self.cases.items()}, {}
        for row in (await self.store.recovering.cases(RECOVERY)).rows:
            view = await self.store.recovering.open(RECOVERY, row.reference)
            found[numbers[row.id]] = texts(view)
        return found

    async def recipients(self, case: int) -> set[str]:
        """Who has a case, as its clear row says."""
        async with self.store._core.read() as connection:
            clear = await read_case(self.store._core, connection, self.cases[case])
        return self._names(clear.named)

    async def references(self) -> dict[CaseId, str]:
        """The references of all cases."""
        return {row.id: row.reference for row in await fetch(self.url, select(cases.c.id, cases.c.reference))}

    def _names(self, leads: Iterable[LeadId]) -> set[str]:
        names = {lead: name for name, lead in self.ids.items()}
        return {names[lead] for lead in leads}
