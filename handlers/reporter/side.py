"""The reporter's side as its stories see it: what a chat finds, and how it is answered after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flows import cover
from flows.deeds import Urgency
from flows.draft import Draft
from flows.ids import SiteId
from flows.known import Known, Site
from flows.lately import nobody_lately
from flows.screens import Screen
from flows.to_find import findable, names_adult, without_adult
from handlers import oops
from handlers.calm import Calm
from handlers.chat import Arrived, Button, Command, Wrote
from handlers.deps import Deps
from handlers.languages import Tongue, negotiate
from handlers.lines import Spoken, Then, nothing
from handlers.paces import Paces
from handlers.reporter.mood import Mood, Moods
from handlers.reporter.on_the_way import OnTheWay
from handlers.reporter.scene import Scene
from handlers.speak import Speaker
from storage.values import Address, Clocks, UnspokenId


@dataclass(frozen=True)
class Side:
    """What every story of a reporter is given."""

    deps: Deps
    mouth: Speaker
    moods: Moods
    paces: Paces
    calm: Calm
    receipts: OnTheWay

    async def scene(self, arrived: Arrived) -> Scene:
        """Read what the chat is in the midst of. Raises `Unavailable` where the database cannot be read."""
        store, address = self.deps.store, arrived.address
        mood = self.moods.of(address)
        if not mood.met:
            # What a restart forgot: an older message than the newest one is not the one that waits for an answer.
            mood.met, mood.live = True, max(await store.spoken.ids(address), default=None)
            mood.forgotten = mood.live is not None
        kept = await store.drafts.get(address)
        talk = store.talks.at(address)
        flows, draft = self.deps.book.opened(kept) if kept else (self.deps.book.flows, None)
        if talk is not None:
            flows, draft = self.deps.book.flows, talk.draft
        tongue = self.tongue(arrived, mood.language or (draft.language if draft else None))
        known = _named(await self.known(address, draft.site if draft else mood.site, tongue), mood, draft)
        known = replace(known, notified=talk is not None and talk.notified)
        tongue = tongue.at(ZoneInfo(known.site.timezone))
        return Scene(arrived, mood, kept, talk, flows, draft, known, tongue)

    async def known(self, address: Address, site: SiteId | None, tongue: Tongue) -> Known:
        """The world as a conversation may know it; a site that is gone is the home site."""
        here = self.deps.sites.get(site or self.deps.home) or self.deps.sites[self.deps.home]
        spoken = tuple(tag for tag in here.languages if tag in self.deps.tongues)
        now = self.deps.now()
        readers = await self.deps.store.leads.readers(here.id)
        known = cover.cover(self.deps.hours.get(here.id), now)
        here = replace(here, languages=spoken, practice=here.practice or not self.deps.store.live.is_live(here.id))
        slow = nobody_lately(readers, await self.deps.store.leads.unlocked(), now.date())
        crowded = self.deps.store.drafts.are_crowded
        return Known(now, tongue.language, address.door, here, readers, known, slow, crowded=crowded)

    async def site_as_told(self, arrived: Arrived) -> Site:
        """The chat's site for a screen that says that something failed; raises nothing.

        Its adult to find is left out where it may be about that very person, while nobody is there, and where nobody
        can tell: then what failed is also what would say so.
        """
        mood, what = self.moods.of(arrived.address), arrived.what
        try:
            talk = self.deps.store.talks.at(arrived.address)
            kept = await self.deps.store.drafts.get(arrived.address)
            draft = talk.draft if talk else kept.draft if kept else None
            site = draft.site if draft else talk.site if talk else mood.site
            known = _named(await self.known(arrived.address, site, self.tongue(arrived, None)), mood, draft)
        except Exception as error:  # noqa: BLE001 - what failed may be what is asked here
            oops.note(error)
            return replace(self.deps.sites[self.deps.home], contact=None)
        unsaved = what.text if isinstance(what, Wrote | Command) else ""
        if (talk and not draft) or names_adult(known, unsaved) or not known.cover.open_now:
            return without_adult(known).site
        return (findable(known, draft) if draft else known).site

    def known_for(self, known: Known, urgency: Urgency) -> Known:
        """The same world, with when a concern of `urgency` is read at the latest."""
        hours = self.deps.hours.get(known.site.id)
        return replace(known, cover=cover.cover(hours, known.now, urgency))

    def clocks(self, known: Known, urgency: Urgency) -> Clocks:
        """When a concern of `urgency` is due for its first acknowledgement and its first action, in cover hours."""
        due = cover.due(self.deps.hours.get(known.site.id), urgency, known.now)
        return Clocks(due.acknowledge_by, due.act_by)

    async def keep(self, scene: Scene, draft: Draft, text: str) -> None:
        """Commit the draft with the text of its conversation. Raises `Conflict` if another version is stored."""
        bound = self.deps.book.bound(draft, text)
        await self.deps.store.drafts.keep(scene.arrival, bound, text, scene.kept)

    def tongue(self, arrived: Arrived, chosen: str | None) -> Tongue:
        """The language that was chosen, or the one that the messenger tells of, or English."""
        tags = [tag for tag in (chosen, arrived.language) if tag]
        return self.deps.tongues[negotiate(tags, tuple(self.deps.tongues))]

    async def answer(
        self,
        scene: Scene,
        screens: Sequence[Screen],
        *,
        replace: bool = False,
        waits: bool = False,
        after: Then = nothing,
    ) -> None:
        """Say `screens` after a commit: the first in place of the live message if `replace`; the last one is live.

        With `waits`, a chat that hurries hears only the last of many such answers. Help, receipts and what follows a
        button never wait: the way out may be behind it. `after` follows once they are said, which may be later.
        """

        async def say() -> None:
            live = scene.live if replace else None
            answers, scene.mood.unanswered = scene.mood.unanswered, []
            answered = self.answered(scene.address, scene.mood, answers)

            async def then(spoken: Spoken) -> None:
                await answered(spoken)
                await after(spoken)

            await self.mouth.say(scene.address, screens, scene.tongue, replace=live, then=then)

        if waits and not isinstance(scene.arrived.what, Button) and self.paces.hurries(scene.address):
            await self.calm.later(scene.address, say)
        else:
            await self.calm.still(scene.address)
            await say()

    def answered(self, address: Address, mood: Mood, answers: Sequence[UnspokenId]) -> Then:
        """Give what follows an answer: `answers` is what it answers of all that was added to a concern."""

        async def then(spoken: Spoken) -> None:
            self.deps.store.unspoken.answered(answers)
            await self.spoken(address, mood, spoken)

        return then

    async def spoken(self, address: Address, mood: Mood, spoken: Spoken) -> None:
        """Put what was said on the tidy list, in the trailing batch; the last message waits for an answer."""
        if not spoken.messages:
            return
        mood.live = spoken.messages[-1]
        try:
            await self.deps.store.spoken.remember(address, spoken.messages)
        except Exception as error:  # noqa: BLE001 - the turn is committed and answered: nobody may be told it was not
            oops.note(error)


def _named(known: Known, mood: Mood, draft: Draft | None) -> Known:
    """`known`, without the adult to find where that may be whom words or a concern are about that no draft holds."""
    open_here = draft is not None and draft.register is not None
    return without_adult(known) if mood.doubted or (not open_here and mood.out_of_sight) else known
