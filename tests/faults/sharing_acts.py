"""What a partner does with what was shared with her while Hark is killed: she asks, and is told that it is kept."""

from __future__ import annotations

import base64
from datetime import timedelta
from itertools import count

from bot.demo.sample_school import SITE, SampleLead, draw_passphrase
from storage.deeds.sharing.share import Share
from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from storage.values import Address, Arrival
from storage.values.shares import ShareContent, SharedPart
from tests.faults.acts import Act, Stage
from tests.faults.people import Lead, says
from tests.faults.promises import kept_open
from tests.team import agreed

_NUMBERS = count(1)
_UPDATES = count(5_000_000_000)  # above those of the sample school, of the audit and of the other acts
_KEPT = "It is kept for them. They are told."


class Ask:
    """A partner asks about what was shared with her; her words are in the case once, if she was told so."""

    name = "asks about what was shared with her"
    partner: SampleLead | None = None
    lead: Lead
    text: str

    async def ready(self, stage: Stage) -> None:
        await stage.told(about_an_adult=False)
        await stage.lives.kill()
        async with kept_open(stage.lives) as store:
            await self._is_shared(stage, store)
        stage.lives.ahead += 60  # a code counts once
        await stage.lives.begin()
        await self._comes(stage)

    async def _is_shared(self, stage: Stage, store: Store) -> None:
        """A part of the newest case, for the partner, who joins for that the first time."""
        if self.partner is None:
            self.partner = await joined_partner(store, stage.lives.now())
        to = next(card for card in await store.leads.roster() if card.name == self.partner.name)
        first, chat = stage.lives.leads[0], Address("web", next(_UPDATES))
        code = first.code(stage.lives.now())
        session = await store.leads.unlock(Arrival(chat, next(_UPDATES)), first.name, first.passphrase, code)
        case = await store.desk.find(session, await stage.newest())
        view = await store.desk.open_case(session, Arrival(chat, next(_UPDATES)), case, "to share it")
        await store.desk.words_shown(session, view.row, whole=True)
        until = store._core.now() + timedelta(days=14)
        said = ("Ms Carter", self.partner.name, "to help", "Could you see them?", until)
        deed = Share(to.id, ShareContent(*said, (SharedPart("They wrote:", "My bag."),)), (1,), 1, "protect", "yes")
        await store.desk.act(session, Arrival(chat, next(_UPDATES)), case, None, deed)

    async def _comes(self, stage: Stage) -> None:
        """To her desk, and up to where the question is typed."""
        assert self.partner is not None
        self.lead = Lead(await stage.tab(start=None), self.partner)
        await self.lead.unlocks(stage.lives.now())
        person = self.lead.person
        await says(person, "/shares")
        while "Further ones" in person.buttons:  # the newest is the last, and each takes so many answers and no more
            await person.tap("Further ones")
            await person.settled()
        numbers = [int(one.split()[1]) for one in person.buttons if one.startswith("Open ") and one[-1].isdigit()]
        last = f"Open {max(numbers)}"
        for label in (last, "Ask"):
            await person.wait_for(lambda label=label: label in person.buttons)  # type: ignore[misc]
            await person.tap(label)
            await person.settled()
        await person.wait_to_see("What do you ask?")
        self.text = f"Which day, number {next(_NUMBERS)}?"
        await stage.quiet()

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await self.lead.person.type(self.text)
        await stage.until(self.lead.person, self._done, life)
        await self.lead.person.settled()

    def _done(self) -> bool:
        return self.lead.person.sees(_KEPT)

    async def after(self, stage: Stage) -> None:
        """Whoever was told so is believed; she asks something else then, in any case."""
        if self._done():
            stage.promises.taken.add(self.text)
        await self._comes(stage)
        await self.do(stage)
        await self.lead.person.wait_for(self._done)
        stage.promises.taken.add(self.text)


async def joined_partner(store: Store, at: float) -> SampleLead:
    """A partner by an agreement, who has joined with both factors."""
    address, passphrase = Address("web", next(_UPDATES)), draw_passphrase()
    bears = agreed("partner", store._core.now())
    code = (await store.leads.invites.draw("Nurse Okafor", "partner", SITE, "School nurse", agreement=bears)).code
    joining = await store.leads.joining.begin(Arrival(address, next(_UPDATES)), code, passphrase)
    assert joining is not None
    partner = SampleLead("Nurse Okafor", "School nurse", passphrase, base64.b32decode(joining.secret))
    # The code before the current one is still taken, and leaves the current one for the desk.
    session: LeadSession = await store.leads.confirm_join(Arrival(address, next(_UPDATES)), partner.code(at - 30))
    store.leads.sessions.lock(session.address)
    return partner


SHARING_ACTS: tuple[type[Act], ...] = (Ask,)
