"""A concern that is open in this chat: further questions, further words, the notice, and closing it here.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from flows.conversation.engine import more_questions
from flows.conversation.results import StepResult
from flows.drafts.rulebook import Flows
from flows.drafts.scene import scene
from flows.measures.box import CONVERSATION
from flows.screens.welcome import reopened
from flows.values.deeds import AddAnswer, AddMessage
from flows.values.draft import Draft
from flows.values.screen import Screen
from flows.values.situation import Situation
from handlers.reporter.after_sending import box, files
from handlers.reporter.chat import talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import after, current
from storage.reporters.session import TalkSession
from storage.values import Address, ReporterView, Unanswered
from storage.values.errors import SessionOver


async def look(answerer: Answerer, scene: ChatScene, talk: TalkSession) -> tuple[ReporterView, Situation]:
    """Read an open concern, and lay its draft for going on with it; the replies count as seen."""
    seen = await answerer.deps.store.talks.view(talk)
    known = await answerer.situation(scene.address, talk.site, scene.translator)
    talk.draft = reopened(
        answerer.versions.flows,
        seen.register,
        known,
        answers=seen.answers,
        raised=seen.rules,
        sent_at=seen.sent_at,
        recipients=seen.recipients,
        messages=seen.messages,
    )
    scene.state.doubt(known, talk.draft)
    files.note(answerer.versions.flows, talk, known.site, seen)
    await box.offer(answerer, talk, seen, known)
    return seen, known


def screens(answerer: Answerer, talk: TalkSession, seen: ReporterView, known: Situation) -> tuple[Screen, ...]:
    """How far it is, the answers, and what can be done, as `look` has read it."""
    flows, draft = answerer.versions.flows, talk.draft
    questions = draft is not None and bool(more_questions(flows, draft, known).cursor)
    offer = draft is not None and may_notice(flows, draft, known)
    return talk_screens.view(
        seen,
        known,
        questions=questions,
        offer_notice=offer,
        box=talk.asked is not None,
        file=files.may_add(flows, talk),
    )


async def append(answerer: Answerer, scene: ChatScene, talk: TalkSession, stepped: StepResult) -> bool:
    """Append the answer or message of a step to the case; what is for the box goes there and not into the case.

    Returns:
        Whether the step is still to be answered; false where the case was closed here meanwhile, or the box has that
        answer, and that is said.

    Raises:
        AlreadySeen: The update was committed before.
        Conflict: Others wrote at the same moment, again and again; nothing is kept.
        Tampered: The case is not genuine; nothing is kept.
        Unavailable: It cannot be written.
    """
    try:
        if not await _add(answerer, scene, talk, stepped):
            return False
    except SessionOver:
        await answerer.answer(scene, (talk_screens.over(),))
        return False
    talk.draft = stepped.draft
    if talk.draft is not None:
        scene.state.doubt(scene.situation, talk.draft)
    return True


async def _add(answerer: Answerer, scene: ChatScene, talk: TalkSession, stepped: StepResult) -> bool:
    deeds = [deed for deed in stepped.deeds if isinstance(deed, AddAnswer | AddMessage)]
    if not deeds or stepped.draft is None:
        await answerer.deps.store.seen(scene.arrival)
        return True
    if stepped.draft.definition == CONVERSATION and not any(isinstance(deed, AddMessage) for deed in deeds):
        return await box.put(answerer, scene, talk, deeds)
    clocks = answerer.clocks(scene.situation, stepped.draft.urgency)
    kept = await answerer.deps.store.talks.add(scene.arrival, talk, deeds, clocks)
    scene.state.unanswered.append(kept.unanswered)
    return True


async def notice(answerer: Answerer, scene: ChatScene, *, on: bool) -> None:
    """Keep, or destroy, this chat's address for the neutral notice; where nothing is open here, that is said."""
    if scene.talk is None:
        await closed(answerer, scene)
        return
    await answerer.deps.store.talks.notice(scene.arrival, scene.talk, on=on)
    left = scene.draft is not None and bool(more_questions(scene.flows, scene.draft, scene.situation).cursor)
    page = talk_screens.doors(questions=left, notice=on, file=files.may_add(scene.flows, scene.talk))
    await answerer.answer(scene, (after((talk_screens.noticed(on=on),), page),), replace=True)


async def send_pending_answers(answerer: Answerer) -> None:
    """Tell each chat that what it added is kept, where an earlier life of the process ended before it could."""
    waiting: defaultdict[Address, list[Unanswered]] = defaultdict(list)
    for one in await answerer.deps.store.pending_answers.unanswered():
        waiting[one.address].append(one)
    for address, those in waiting.items():
        translator = answerer.deps.translators.get(those[-1].language) or answerer.deps.translators["en"]
        then = answerer.answered(address, answerer.chat_states.of(address), [one.id for one in those])
        await answerer.sender.say(address, (talk_screens.was_added(),), translator, then=then)


async def closed(answerer: Answerer, scene: ChatScene) -> None:
    """Nothing is open here: say so, and how to open it."""
    await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (talk_screens.over(),))


async def questions(answerer: Answerer, scene: ChatScene, name: str | None = None) -> None:
    """Go on with the questions after sending, or with those of the box where `name` is its conversation.

    Answers that were given stay; where no question is left the screen says so.
    """
    if scene.talk is None or scene.draft is None:
        await closed(answerer, scene)
        return
    await answerer.deps.store.seen(scene.arrival)
    asked = await box.begin(answerer, scene.talk, scene.draft) if name == CONVERSATION else scene.draft
    scene.talk.draft = draft = more_questions(scene.flows, asked, scene.situation)
    await answerer.answer(scene, (current(replace(scene, draft=draft)),), replace=True)


def may_notice(flows: Flows, draft: Draft, situation: Situation) -> bool:
    """Whether the person's answers leave open that this chat says "You have an update"; only a no forbids it."""
    asked = {"C20", "P12"} & set(draft.answers)
    return not asked or "true" in scene(flows, draft, situation).facts.get("notice_allowed", frozenset())
