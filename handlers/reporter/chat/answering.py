"""The reporter's side as its stories see it: what a chat finds, and how it is answered after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flows.drafts.trusted_adult import findable, names_adult, without_adult
from flows.duty import deadlines
from flows.values.deeds import Urgency
from flows.values.draft import Draft
from flows.values.ids import SiteId
from flows.values.screen import Screen
from flows.values.situation import Site, Situation
from handlers.deps import Deps
from handlers.reporter.chat.context import (
    ChatScene,
    ChatState,
    ChatStates,
    DefinitionVersions,
    ReceiptsInFlight,
)
from handlers.telegram import failures
from handlers.telegram.flood_detector import Debouncer, FloodDetector
from handlers.telegram.languages import Translator, negotiate
from handlers.telegram.send_queue import SentMessage, Then, nothing
from handlers.telegram.sender import MessageSender
from handlers.telegram.updates import Button, Command, IncomingUpdate, Wrote
from storage.values import Address, Clocks, PendingId


@dataclass(frozen=True)
class Answerer:
    """What every story of a reporter is given."""

    deps: Deps
    versions: DefinitionVersions
    sender: MessageSender
    chat_states: ChatStates
    paces: FloodDetector
    debouncer: Debouncer
    receipts: ReceiptsInFlight

    async def scene(self, incoming: IncomingUpdate) -> ChatScene:
        """Read what the chat is in the midst of; nothing is changed but that the chat is known from now on.

        Raises:
            Tampered: The draft, the tidy list or the roster is not the one that was kept.
            Unavailable: The database cannot be read.
            DefinitionError: The text that the draft was begun with can no longer be read.
        """
        store, address = self.deps.store, incoming.address
        state = self.chat_states.of(address)
        if not state.loaded:
            # What a restart forgot: an older message than the newest one is not the one that waits for an answer.
            state.loaded, state.live = True, max(await store.sent_messages.ids(address), default=None)
            state.forgotten = state.live is not None
        kept = await store.drafts.get(address)
        talk = store.talks.at(address)
        flows, draft = self.versions.opened(kept) if kept else (self.versions.flows, None)
        if talk is not None:
            flows, draft = self.versions.flows, talk.draft
        translator = self.translator(incoming, state.language or (draft.language if draft else None))
        situation = _named(await self.situation(address, draft.site if draft else state.site, translator), state, draft)
        situation = replace(
            situation,
            notified=talk is not None and talk.notified,
            files=talk is not None and talk.files > 0 and not talk.intimate,
        )
        translator = translator.at(ZoneInfo(situation.site.timezone))
        return ChatScene(incoming, state, kept, talk, flows, draft, situation, translator)

    async def situation(self, address: Address, site: SiteId | None, translator: Translator) -> Situation:
        """The world as a conversation may know it; a site that is gone is the home site.

        Args:
            address: For its door.
            site: The site of the draft or the link; None for the home site.
            translator: The language that is spoken.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        here = self.deps.sites.get(site or self.deps.home) or self.deps.sites[self.deps.home]
        offered = tuple(tag for tag in here.languages if tag in self.deps.translators)
        now = self.deps.now()
        readers = await self.deps.store.leads.readers(here.id)
        covered = deadlines.cover(self.deps.hours.get(here.id), now)
        practice = here.practice or here.id not in self.deps.store.live.standing.sites
        here = replace(here, languages=offered, practice=practice)
        slow = deadlines.nobody_lately(readers, await self.deps.store.leads.days(), now.date())
        crowded = self.deps.store.drafts.are_crowded
        changed = bool(self.deps.store.together.board.standing.get(here.id))
        told = (now, translator.language, address.door, here, readers, covered, slow)
        return Situation(*told, crowded=crowded, changed=changed)

    async def site_as_told(self, incoming: IncomingUpdate) -> Site:
        """The chat's site for a screen that says that something failed; raises nothing.

        Its adult to find is left out where it may be about that very person, while nobody is there, and where nobody
        can tell: then what failed is also what would say so.
        """
        state, what = self.chat_states.of(incoming.address), incoming.what
        try:
            talk = self.deps.store.talks.at(incoming.address)
            kept = await self.deps.store.drafts.get(incoming.address)
            draft = talk.draft if talk else kept.draft if kept else None
            site = draft.site if draft else talk.site if talk else state.site
            situation = _named(
                await self.situation(incoming.address, site, self.translator(incoming, None)), state, draft
            )
        except Exception as error:  # noqa: BLE001 - what failed may be what is asked here
            failures.log_error(error)
            return replace(self.deps.sites[self.deps.home], contact=None)
        unsaved = what.text if isinstance(what, Wrote | Command) else ""
        if (talk and not draft) or names_adult(situation, unsaved) or not situation.cover.open_now:
            return without_adult(situation).site
        return (findable(situation, draft) if draft else situation).site

    def known_for(self, situation: Situation, urgency: Urgency) -> Situation:
        """The same world, with when a concern of `urgency` is read at the latest."""
        hours = self.deps.hours.get(situation.site.id)
        return replace(situation, cover=deadlines.cover(hours, situation.now, urgency))

    def clocks(self, situation: Situation, urgency: Urgency) -> Clocks:
        """When a concern of `urgency` is due for its first acknowledgement and its first action, in cover hours."""
        due = deadlines.due(self.deps.hours.get(situation.site.id), urgency, situation.now)
        return Clocks(due.acknowledge_by, due.act_by)

    async def keep(self, scene: ChatScene, draft: Draft, text: str) -> None:
        """Commit the draft with the text of its conversation; it takes this update's one turn.

        Raises:
            Conflict: Another version is stored: two taps at once.
            AlreadySeen: The update was committed before.
            Tampered: There is a row already, and it is not the one that was kept.
            Unavailable: It cannot be written, or there is no room for a new draft.
        """
        bound = self.versions.bound(draft, text)
        await self.deps.store.drafts.keep(scene.arrival, bound, text, scene.kept)

    def translator(self, incoming: IncomingUpdate, chosen: str | None) -> Translator:
        """The language that was chosen, or the one that the messenger tells of, or English."""
        tags = [tag for tag in (chosen, incoming.language) if tag]
        return self.deps.translators[negotiate(tags, tuple(self.deps.translators))]

    async def answer(
        self,
        scene: ChatScene,
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
            answers, scene.state.unanswered = scene.state.unanswered, []
            then = self.answered(scene.address, scene.state, answers, after)
            await self.sender.say(scene.address, screens, scene.translator, replace=live, then=then)

        if waits and not isinstance(scene.incoming.what, Button) and self.paces.hurries(scene.address):
            await self.debouncer.later(scene.address, say)
        else:
            await self.debouncer.cancel_pending(scene.address)
            await say()

    def answered(self, address: Address, state: ChatState, answers: Sequence[PendingId], after: Then = nothing) -> Then:
        """Give what follows an answer, and then `after`; `answers` is what it answers of all that was added.

        It is called also where nothing could be said: those rows go all the same.
        """

        async def then(sent: SentMessage) -> None:
            if answers:
                self.deps.store.pending_answers.answered(answers)
            await self.note_sent(address, state, sent)
            await after(sent)

        return then

    async def note_sent(self, address: Address, state: ChatState, sent: SentMessage) -> None:
        """Put what was said on the tidy list, in the trailing batch; the last message waits for an answer.

        It raises nothing: the turn is committed and answered by now, so what fails here is in the log alone.
        """
        if not sent.messages:
            return
        state.live = sent.messages[-1]
        try:
            await self.deps.store.sent_messages.remember(address, sent.messages)
        except Exception as error:  # noqa: BLE001 - the turn is committed and answered: nobody may be told it was not
            failures.log_error(error)


def _named(situation: Situation, state: ChatState, draft: Draft | None) -> Situation:
    """`situation`, without the adult to find where words or a concern that no draft holds may be about that adult."""
    open_here = draft is not None and draft.register is not None
    return without_adult(situation) if state.doubted or (not open_here and state.out_of_sight) else situation
