"""The box in an open talk: when its questions are offered, and answers that go on their own way, not into the case.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from flows.conversation.engine import more_questions
from flows.measures.box import CONVERSATION, FELT, QUESTIONS, Felt, Question, occasion
from flows.values.deeds import AddAnswer, Deed
from flows.values.draft import Answer, Chose, Draft, Skipped
from flows.values.situation import Situation
from flows.values.text import Text
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import after, current
from storage.reporters.session import TalkSession
from storage.values import ReporterView
from storage.values.errors import Refusal

#: What is said where an answer was given before on the same occasion, in another tab perhaps.
ALREADY: Final = Text("You have answered that before. Your first answer is in the box, and stays as it was.")


async def offer(answerer: Answerer, talk: TalkSession, seen: ReporterView, known: Situation) -> None:
    """Note in the talk whether the questions of the box are offered now; where that cannot be kept, they are not."""
    talk.asked = None
    quiet = known.now - seen.changed_at if seen.changed_at else timedelta()
    asked = occasion(seen.status, seen.urgency, quiet, replied=bool(seen.replies), counted=seen.counted)
    if asked is None or (asked == "answered" and set(QUESTIONS) & seen.answers.keys()):  # said in the case, of before
        return
    today = known.now.astimezone(ZoneInfo(known.site.timezone)).date()
    term = answerer.deps.terms_of(talk.site).term_of(today).begin
    with suppress(Refusal):  # counted by storage; what was answered to the person is shown all the same
        await answerer.deps.store.letterbox.offer(talk, asked, term)


async def begin(answerer: Answerer, talk: TalkSession, draft: Draft) -> Draft:
    """Give the draft of the box's conversation, in which only what is left on this occasion is still to be answered."""
    left = await answerer.deps.store.letterbox.left(talk)
    kept = {step: answer for step, answer in draft.answers.items() if step not in QUESTIONS}
    over: dict[str, Answer] = {question: Skipped() for question in QUESTIONS if question not in left}
    return replace(draft, definition=CONVERSATION, answers={**kept, **over})


async def put(answerer: Answerer, scene: ChatScene, talk: TalkSession, deeds: Sequence[Deed]) -> bool:
    """Keep the answers of a step for the box, in this update's one turn; false where that was said before, and is told.

    Raises:
        SessionOver: The talk has ended; nothing is kept.
        AlreadySeen: The update was committed before.
        Refusal: Whatever else storage refuses; nothing is kept.
    """
    answers = [_felt(deed) for deed in deeds if isinstance(deed, AddAnswer) and deed.answered.step in QUESTIONS]
    if await answerer.deps.store.letterbox.put(scene.arrival, talk, answers):
        return True
    if talk.draft is not None:
        talk.draft = more_questions(scene.flows, await begin(answerer, talk, talk.draft), scene.situation)
    screen = after((ALREADY,), current(replace(scene, draft=talk.draft)))
    await answerer.answer(scene, (screen,))  # that the update was seen is on disk already
    return False


def _felt(deed: AddAnswer) -> tuple[Question, Felt | None]:
    question, answer = cast("Question", deed.answered.step), deed.answered.answer
    chosen = answer.options[0] if isinstance(answer, Chose) and answer.options else ""
    return question, chosen if chosen in FELT else None
