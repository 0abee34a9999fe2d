"""The conversation: one pure step from a draft and an input to the next draft, what is said and what is to be done.

`step` hears the input (`reducers`), looks at danger (`danger`), then says the question on the cursor, or the help
screen if a trigger fired for the first time. After sending, the questions come three at a time: then the person stops,
or goes on to three more. Nothing here keeps anything: a step that is not committed has not happened.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.conversation.danger import Danger, came_between, card_screen, danger_of
from flows.conversation.reducers import hear
from flows.conversation.results import Reduction, StepResult, added, concern
from flows.danger.urgency import pages
from flows.drafts.rulebook import Flows
from flows.drafts.scene import Scene, asked, following, reachable, scene
from flows.drafts.trusted_adult import names_adult
from flows.loading.checks.validator import SETS
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, button, help_button
from flows.screens.question import every_choice, question
from flows.values.deeds import AddMessage, Deed
from flows.values.draft import Answer, Draft, Wrote
from flows.values.inputs import Heard
from flows.values.screen import Screen
from flows.values.situation import Situation
from flows.values.text import Text

#: So many questions after sending stand between two pauses.
_AT_A_TIME: Final = 3


def step(flows: Flows, draft: Draft, heard: Heard, situation: Situation) -> StepResult:
    """One input of the person, whatever it is: it never fails, and the last screen waits for an answer.

    After `SendConcern` nothing is said here: the receipt is known only once it is committed (`receipt_screen`), and the
    draft that comes back is the one for the questions after sending. From then on a step yields `AddAnswer` and
    `AddMessage`.
    """
    before = settled(scene(flows, replace(draft, interrupted=False), situation))
    moved = hear(before, heard)
    if moved.draft is None:
        return StepResult(None, (moved.screen,) if moved.screen else ())
    return _settle(before, moved, moved.draft)


def current(flows: Flows, draft: Draft, situation: Situation) -> Screen:
    """The screen that waits for an answer: the question on the cursor, or the help screen that came between."""
    return _shown(settled(scene(flows, draft, situation)))


def offered(flows: Flows, draft: Draft, situation: Situation) -> tuple[tuple[tuple[str, Text], ...], Screen]:
    """What a typed text is compared with: the options by id with their labels (see `Typed.matches`), and the screen."""
    here = settled(scene(flows, draft, situation))
    return _choices(here), _shown(here)


def _choices(here: Scene) -> tuple[tuple[str, Text], ...]:
    asked = here.definition.steps.get(here.draft.cursor)
    if asked is None or asked.kind in {"readers", "record"}:
        return ()
    own = tuple((option.id, here.label(option)) for option in here.options(asked))
    return (*own, *every_choice(here, asked)) if asked.categories else own


def more_questions(flows: Flows, draft: Draft, situation: Situation) -> Draft:
    """`draft`, which is sent, with the cursor on the next question that has no answer; empty if there is none."""
    return replace(draft, cursor=following(scene(flows, draft, situation)))


def reworded(flows: Flows, draft: Draft, situation: Situation, *, step: str, index: int, text: str) -> StepResult:
    """The words of an edited message instead of those at `index` of the answer to `step`, before sending.

    Words that are not there any more change nothing. What the old words raised stays raised.
    """
    before = settled(scene(flows, replace(draft, interrupted=False), situation))
    answer = draft.answers.get(step)
    if draft.sent or not isinstance(answer, Wrote) or not 0 <= index < len(answer.words):
        return StepResult(draft, (current(flows, draft, situation),))
    words = (*answer.words[:index], text, *answer.words[index + 1 :])
    changed = replace(before.draft, answers={**draft.answers, step: Wrote(words)})
    return _settle(before, Reduction(changed, (say.HEARD_CHANGE,)), changed)


def _shown(here: Scene) -> Screen:
    return came_between(here) if here.draft.interrupted else question(here)


def settled(here: Scene) -> Scene:
    """`here` with a cursor that its definition knows: after an upgrade a question may be gone.

    It is the first question without an answer then; nothing else of the draft changes.
    """
    cursor = here.draft.cursor
    if (here.draft.sent and not cursor) or reachable(here, cursor):
        return here
    return here.with_draft(replace(here.draft, cursor=following(here)))


def _settle(before: Scene, moved: Reduction, draft: Draft) -> StepResult:
    doubted = draft.doubted or (moved.message is not None and names_adult(before.situation, moved.message))
    draft = replace(draft, touched=before.situation.now, doubted=doubted)
    after = before.with_draft(draft)
    danger = danger_of(before, after, moved.message)
    after = after.with_draft(replace(draft, raised=danger.raised, fired=danger.fired, urgency=danger.urgency))
    deeds = _deeds(before, after, moved, danger)
    if moved.send:
        return _sent(after, deeds)
    return _said(before, after, moved, danger, deeds)


def _deeds(before: Scene, after: Scene, moved: Reduction, danger: Danger) -> tuple[Deed, ...]:
    if moved.send:
        return (concern(after, danger),)
    if not after.draft.sent:
        return ()
    if moved.message is not None:
        page = danger.acute is not None or pages(danger.new, after.flows.rules)
        return (AddMessage(moved.message, danger.risen or danger.acute, danger.rules, page),)
    given = moved.given or _by_itself(before, after, danger)
    return (added(after, *given, danger),) if given else ()


def _by_itself(before: Scene, after: Scene, danger: Danger) -> tuple[str, Answer] | None:
    """What to append where no answer was completed but danger rose: a tick on the screen, or the questions ended."""
    answers = after.draft.answers
    if danger.new and after.draft.cursor == before.draft.cursor and after.draft.cursor in answers:
        return after.draft.cursor, answers[after.draft.cursor]
    asked = [step for step in answers if step in after.definition.steps]
    return (asked[-1], answers[asked[-1]]) if danger.risen and asked else None


def _sent(after: Scene, deeds: tuple[Deed, ...]) -> StepResult:
    draft = replace(after.draft, sent=True, sent_at=after.situation.now, cursor="")
    sent = after.with_draft(draft)
    return StepResult(replace(draft, cursor=following(sent)), (), deeds)


def _said(before: Scene, after: Scene, moved: Reduction, danger: Danger, deeds: tuple[Deed, ...]) -> StepResult:
    cards = tuple(after.say(card.text) for card in danger.fires if not card.help)
    helping = tuple(one for one in danger.fires if one.help)
    if helping:
        draft = replace(after.draft, interrupted=True)
        return StepResult(draft, (card_screen(after, helping, cards),), deeds)
    if not moved.screen and _pause_is_due(before, after):
        return StepResult(replace(after.draft, cursor=""), (_pause_screen(after, *moved.kind, *cards),), deeds)
    screen = moved.screen or question(after, *moved.kind, *cards, *_ended(before, after))
    return StepResult(after.draft, (screen,), deeds)


def _ended(before: Scene, after: Scene) -> tuple[Text, ...]:
    """Thanks once the last question was left behind, however it was answered; not after [That is enough]."""
    left = before.draft.cursor and after.draft.sent and not after.draft.cursor
    return (say.ALL_ASKED,) if left and not following(after) else ()


def may_wait(before: Draft, stepped: StepResult) -> bool:
    """Whether the answer to a step may wait for the next one: the same question, and nothing about danger is new."""
    after = stepped.draft
    if after is None or after.interrupted or any(say.FULL in screen.paragraphs for screen in stepped.said):
        return False
    stands = (before.cursor, before.fired, before.raised, before.urgency, before.sent)
    return stands == (after.cursor, after.fired, after.raised, after.urgency, after.sent)


def _pause_is_due(before: Scene, after: Scene) -> bool:
    """Whether the step from `before` to `after` passed the last of three questions, and there are more."""
    if not before.draft.sent or not _left(after):
        return False
    return len(_passed(after)) // _AT_A_TIME > len(_passed(before)) // _AT_A_TIME


def _pause_screen(after: Scene, *kind: Text) -> Screen:
    """Between two lots of questions; words that are written here are a message, and no answer to anything."""
    more = say.THREE_MORE if len(_left(after)) >= _AT_A_TIME else say.FEW_LEFT
    go_on, enough = button(say.GO_ON, ANYWHERE, "questions"), button(say.ENOUGH, ANYWHERE, "enough")
    return Screen((*kind, more), ((go_on,), (enough,), (help_button(), button(say.MORE, ANYWHERE, "more"))))


def _passed(scene: Scene) -> list[str]:
    return [step for step in _counted(scene) if step in scene.draft.answers and step != scene.draft.cursor]


def _left(scene: Scene) -> list[str]:
    return [step for step in _counted(scene) if step not in scene.draft.answers]


def _counted(scene: Scene) -> list[str]:
    """The questions that come by threes: the follow-up sets and what stands after them."""
    after = scene.definition.after
    first = after[: after.index(SETS)] if SETS in after else after
    return [step.id for step in asked(scene) if step.id not in first]
