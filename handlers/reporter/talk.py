"""A concern that is open in this chat: further questions, further words, the notice, and closing it here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from flows import engine
from flows.deeds import AddAnswer, AddMessage
from flows.engine import more_questions
from flows.heard import Heard
from flows.pace import may_wait
from flows.said import Stepped
from handlers.reporter import talk_pages, tidy
from handlers.reporter.again import after, current
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side
from storage.refusals import SessionOver
from storage.talking.session import TalkSession
from storage.values import Address, Unanswered


async def hear(side: Side, scene: Scene, talk: TalkSession, heard: Heard) -> None:
    """Take an answer or a message: appended to the case at once, and only then answered."""
    draft = scene.draft
    if draft is None:
        await closed(side, scene)
        return
    stepped = engine.step(scene.flows, draft, heard, scene.known)
    try:
        await _add(side, scene, talk, stepped)
    except SessionOver:
        await side.answer(scene, (talk_pages.over(),))
        return
    talk.draft = stepped.draft
    if talk.draft is not None:
        scene.mood.doubt(scene.known, talk.draft)
    await tidy.speak(side, scene, draft, stepped.said, waits=may_wait(draft, stepped))


async def _add(side: Side, scene: Scene, talk: TalkSession, stepped: Stepped) -> None:
    deeds = [deed for deed in stepped.deeds if isinstance(deed, AddAnswer | AddMessage)]
    if not deeds or stepped.draft is None:
        await side.deps.store.seen(scene.arrival)
        return
    clocks = side.clocks(scene.known, stepped.draft.urgency)
    kept = await side.deps.store.talks.add(scene.arrival, talk, deeds, clocks)
    scene.mood.unanswered.append(kept.unanswered)


async def notice(side: Side, scene: Scene, *, on: bool) -> None:
    """Keep, or destroy, this chat's address for the neutral notice."""
    if scene.talk is None:
        await closed(side, scene)
        return
    await side.deps.store.talks.notice(scene.arrival, scene.talk, on=on)
    left = scene.draft is not None and bool(more_questions(scene.flows, scene.draft, scene.known).cursor)
    page = talk_pages.doors(questions=left, notice=on)
    await side.answer(scene, (after((talk_pages.noticed(on=on),), page),), replace=True)


async def speak_unanswered(side: Side) -> None:
    """Tell each chat that what it added is kept, where an earlier life of the process ended before it could."""
    waiting: defaultdict[Address, list[Unanswered]] = defaultdict(list)
    for one in await side.deps.store.unspoken.unanswered():
        waiting[one.address].append(one)
    for address, those in waiting.items():
        tongue = side.deps.tongues.get(those[-1].language) or side.deps.tongues["en"]
        then = side.answered(address, side.moods.of(address), [one.id for one in those])
        await side.mouth.say(address, (talk_pages.was_added(),), tongue, then=then)


async def closed(side: Side, scene: Scene) -> None:
    """Nothing is open here: say so, and how to open it."""
    await side.deps.store.seen(scene.arrival)
    await side.answer(scene, (talk_pages.over(),))


async def questions(side: Side, scene: Scene, name: str | None = None) -> None:
    """Go on with the questions after sending, or with those of the conversation `name`."""
    if scene.talk is None or scene.draft is None:
        await closed(side, scene)
        return
    await side.deps.store.seen(scene.arrival)
    asked = replace(scene.draft, definition=name) if name else scene.draft
    scene.talk.draft = draft = more_questions(scene.flows, asked, scene.known)
    await side.answer(scene, (current(replace(scene, draft=draft)),), replace=True)
