"""What a reporter does, sorted to its story; whatever nobody expects gets a kind sentence and the current screen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flows.heard import Sent
from flows.ids import Door
from flows.opening import opening
from handlers.calm import Calm
from handlers.chat import Arrived, Blocked, Button, Command, Wrote
from handlers.deps import Deps
from handlers.languages import Tongue, negotiate
from handlers.lines import Delivery, Spoken
from handlers.paces import Paces
from handlers.render import Body, messages
from handlers.reporter import begin, edited, talk_pages, typed, unasked
from handlers.reporter.commanded import commanded
from handlers.reporter.hear import hear
from handlers.reporter.mood import Moods
from handlers.reporter.on_the_way import OnTheWay
from handlers.reporter.pressed import pressed
from handlers.reporter.scene import Scene
from handlers.reporter.send import speak_unspoken
from handlers.reporter.side import Side
from handlers.reporter.talk import speak_unanswered
from handlers.speak import Speaker
from storage.refusals import AlreadySeen
from storage.values import Address, Notice


@dataclass(frozen=True)
class Reporter:
    """The reporter's side of the dispatcher."""

    side: Side

    async def take(self, arrived: Arrived) -> None:
        """Take an update, from its commit to its answer; one that was committed before is only taken up again.

        Raises:
            Conflict: Another update of the chat was committed first; nothing was done.
            Unavailable: The database cannot be read or written; nothing was done.
        """
        met = self.side.moods.of(arrived.address).met
        try:
            await heard(self.side, await self.side.scene(arrived))
        except AlreadySeen:
            if not met:
                scene = await self.side.scene(arrived)
                await begin.take_up(self.side, scene)
                await unasked.delete_if_secret(self.side, scene)

    def tongue_of(self, arrived: Arrived) -> Tongue:
        """The language of the chat, as far as it is known without the database."""
        return self.side.tongue(arrived, self.side.moods.of(arrived.address).language)

    async def greeting(self, door: Door, language: str) -> Body:
        """What a new chat of `door` would be told first, for a reader of `language`; nothing is done and nobody heard.

        Raises `Unavailable` where the database cannot be read.
        """
        tongue = self.side.deps.tongues[negotiate(language, tuple(self.side.deps.tongues))]
        known = await self.side.known(Address(door, 0), None, tongue)
        return messages(opening(known), tongue.at(ZoneInfo(known.site.timezone)))[-1]

    async def notify(self, notice: Notice) -> Delivery:
        """Say "You have an update" to the chat that asked for it, and nothing else."""
        if notice.address is None:
            return "failed"
        told: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        address = notice.address
        tongue = self.side.deps.tongues.get(notice.language) or self.side.deps.tongues["en"]

        async def then(spoken: Spoken) -> None:
            told.set_result(spoken.delivery)
            await self.side.spoken(address, self.side.moods.of(address), spoken)

        await self.side.mouth.say(address, (talk_pages.update(),), tongue, then=then)
        return await told

    async def speak_unspoken(self) -> None:
        """Show every receipt that may not have been shown."""
        await speak_unspoken(self.side)

    async def speak_unanswered(self) -> None:
        """Tell that what was added to a concern was taken, where nobody could; before the first fetch."""
        await speak_unanswered(self.side)

    async def finish(self) -> None:
        """Say what waits to be said together with newer answers."""
        await self.side.calm.finish()


def build(deps: Deps, mouth: Speaker, paces: Paces) -> Reporter:
    """Put the reporter's side together."""
    return Reporter(Side(deps, mouth, Moods(), paces, Calm(), OnTheWay()))


async def heard(side: Side, scene: Scene) -> None:
    """One thing that a reporter did."""
    match scene.arrived.what:
        case Command() as command:
            await commanded(side, scene, command)
        case Button(data=data):
            await pressed(side, scene, data)
        case Wrote(text, edited=True):
            await edited.edited(side, scene, text)
        case Wrote(text):
            await typed.typed(side, scene, text)
        case Sent() as sent:
            await hear(side, scene, sent)
            await unasked.delete_if_secret(side, scene)
        case Blocked(gone):
            await _blocked(side, scene, gone=gone)


async def _blocked(side: Side, scene: Scene, *, gone: bool) -> None:
    """Somebody who blocks the bot has left: nothing stays open, and no greeting follows. No lead is reached there."""
    store = side.deps.store
    lead = await store.leads.unlocks.bound(scene.address) if gone else None
    await store.seen(scene.arrival)
    if gone:
        store.talks.leave(scene.address)
        side.moods.reset(scene.address)
    if lead is not None:
        await store.channels.tried(lead, scene.address.door, taken=False)
