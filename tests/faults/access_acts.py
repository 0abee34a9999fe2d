"""What leads do about who reads while Hark is killed: one is kept out of a case, one is suspended."""

from __future__ import annotations

from itertools import count

from storage.values import Address, Arrival
from tests.faults.acts import Act, Stage
from tests.faults.people import Lead, Reporter, says
from tests.faults.promises import kept_open
from tests.team import let_in

_NUMBERS = count(1)
_UPDATES = count(3_000_000_000)  # above those of the sample school and of the audit
#: Who is kept out and shut out: the deputy, so that the lead and the head are left to read.
_OUT = 1
_FIRST = 0  # the lead, who is told first


class KeepOut:
    """The lead keeps the deputy out of a case, to which the reporter then adds."""

    name = "keeps a colleague out of a case"
    lead: Lead
    reporter: Reporter
    kept: str
    shown: bool

    async def ready(self, stage: Stage) -> None:
        self.reporter, self.shown = await stage.told(about_an_adult=False), False
        self.kept = f"kept out of {self.reporter.words}"
        self.lead = await stage.at_desk(_FIRST)
        await self._asks(stage)

    async def _asks(self, stage: Stage) -> None:
        person, name = self.lead.person, stage.lives.leads[_OUT].name
        await says(person, f"/case_{await stage.newest()}")
        for label in ("More", "Who may read", "Keep somebody out", name):
            await person.wait_for(lambda label=label: label in person.buttons)  # type: ignore[misc]
            await person.tap(label)
            await person.settled()
        await person.wait_to_see("Type the reason, for the others who read it")
        await says(person, "She is a friend of theirs.")
        await person.wait_for(lambda: f"Keep {name} out" in person.buttons)

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await self.lead.person.tap(f"Keep {stage.lives.leads[_OUT].name} out")
        await stage.until(self.lead.person, self._done, life)
        await self.lead.person.settled()
        self.shown = self._done()

    def _done(self) -> bool:
        return self.lead.person.sees("is kept out from now on")

    async def after(self, stage: Stage) -> None:
        """The reporter goes on; whoever is out by then must not read it, nor the case (`promises.audit`)."""
        if self.shown:
            stage.promises.taken.add(self.kept)
        await self.reporter.comes_back()
        more = f"One thing more for those who read, number {next(_NUMBERS)}."
        if await self.reporter.adds(more):
            stage.promises.taken.add(more)


class Suspend:
    """A second lead shuts the deputy out, whose desk is open; before the next time two let the deputy in again."""

    name = "shuts a colleague out"
    lead: Lead
    out: Lead
    reporter: Reporter

    async def ready(self, stage: Stage) -> None:
        self.reporter = await stage.told(about_an_adult=False)
        await stage.lives.kill()
        await self._first_word(stage)
        stage.lives.ahead += 60  # a code counts once
        await stage.lives.begin()
        self.out = await stage.at_desk(_OUT)
        self.lead = await stage.at_desk()
        await self._asks()

    async def _first_word(self, stage: Stage) -> None:
        """What was to be locked away is by then; the deputy comes again, and the first lead says the first word."""
        lives = stage.lives
        first, name = lives.leads[_FIRST], lives.leads[_OUT].name
        async with kept_open(lives) as store:
            await store.wrap_removal.run()
            found = next(one for one in (await store.leads.rosters.read()).leads.values() if one.name == name)
            if found.shut_out:
                await store.leads.team.enable(found.id)
                await let_in(store, found.id)
            stage.promises.shut_out.discard(name)
            chat = Address("web", next(_UPDATES))
            arrival = Arrival(chat, next(_UPDATES))
            session = await store.leads.unlock(arrival, first.name, first.passphrase, first.code(lives.now()))
            shown = (await store.leads.rosters.read()).leads[found.id].fingerprint
            arrival = Arrival(chat, next(_UPDATES))
            assert not await store.leads.team.shut_out(session, arrival, found.id, shown)

    async def _asks(self) -> None:
        await says(self.lead.person, "/team")
        await self.lead.person.wait_for(lambda: self._button in self.lead.person.buttons)

    @property
    def _button(self) -> str:
        return f"Shut {self.out.who.name} out"

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await self.lead.person.tap(self._button)
        await stage.until(self.lead.person, self._done, life)
        await self.lead.person.settled()

    def _done(self) -> bool:
        return self.lead.person.sees(f"{self.out.who.name} is shut out.")

    async def after(self, stage: Stage) -> None:
        """Whoever was told so, or sees it now, is believed: the deputy opens nothing, and no new case comes there."""
        if not self._done():
            self.lead = await stage.at_desk()
            await says(self.lead.person, "/team")
            if self._button in self.lead.person.buttons:
                await self.do(stage)
        await self.lead.person.wait_for(self._done)
        stage.promises.shut_out.add(self.out.who.name)
        await says(self.out.person, "/queue")
        assert not any("case_" in one.text for one in self.out.person.heard), self.out.person.screen()
        await self.out.asks_for_factors()
        await says(self.out.person, self.out.factors(stage.lives.now()), secret=True)
        await self.out.person.wait_to_see("That did not unlock")
        await stage.told(about_an_adult=False)


ACCESS_ACTS: tuple[type[Act], ...] = (KeepOut, Suspend)
