"""The conversation: one pure step from a draft and an input to the next draft, what is said and what is to be done.

`step` hears the input (`hearing`), looks at danger (`danger`), then says the question on the cursor, or the help screen
if a trigger fired for the first time. Nothing here keeps anything: a step that is not committed has not happened.
"""

from __future__ import annotations

from dataclasses import replace

from flows.conversation.danger import Danger, danger_of
from flows.conversation.effects import added, concern
from flows.conversation.question_batches import pause_is_due, pause_screen
from flows.conversation.reducers import hear
from flows.conversation.results import Reduction, StepResult
from flows.danger.crisis_phrases import WITH_CARD, look
from flows.danger.urgency import pages
from flows.drafts.path import following, reachable
from flows.drafts.rulebook import Flows
from flows.drafts.scene import Scene, scene
from flows.drafts.trusted_adult import findable, names_adult, without_adult
from flows.loading.definition import Interrupt
from flows.screens import copy as say
from flows.screens.help import help_screen
from flows.screens.question import every_choice, question
from flows.screens.welcome import begin
from flows.values.deeds import AddMessage, Deed
from flows.values.draft import Answer, Draft, Wrote
from flows.values.inputs import Heard
from flows.values.screen import Screen
from flows.values.situation import Situation
from flows.values.text import Text


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


def help_for(flows: Flows, text: str, situation: Situation) -> Screen | None:
    """The help screen for words of danger that somebody writes before any question, or None for other words."""
    certain = {hit.phrase_class for hit in look(text, flows.phrases) if hit.certainty == "high"}
    if not certain:
        return None
    told = without_adult(situation) if names_adult(situation, text) else situation
    if not certain <= WITH_CARD:
        return help_screen(told)
    here = scene(flows, begin(flows, "12_17", told), told)  # nobody has said yet who is writing
    return _card(here, tuple(one for one in here.definition.interrupts if one.id in certain))


def _shown(here: Scene) -> Screen:
    return _came_between(here) if here.draft.interrupted else question(here)


def settled(here: Scene) -> Scene:
    """`here` with a cursor that its definition knows: after an upgrade a question may be gone."""
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
        return StepResult(draft, (_card(after, helping, cards),), deeds)
    if not moved.screen and pause_is_due(before, after):
        return StepResult(replace(after.draft, cursor=""), (pause_screen(after, *moved.kind, *cards),), deeds)
    screen = moved.screen or question(after, *moved.kind, *cards, *_ended(before, after))
    return StepResult(after.draft, (screen,), deeds)


def _card(here: Scene, fires: tuple[Interrupt, ...], cards: tuple[Text, ...] = ()) -> Screen:
    """What comes between: the help screen, without its alarm where all of `fires` are calm."""
    return help_screen(
        findable(here.situation, here.draft),
        (*cards, *_texts(here, fires)),
        worried=not all(one.debouncer for one in fires),
        register=here.draft.register,
        pictures=any(one.pictures for one in fires),
        for_other=_for_other(here),
    )


def _came_between(here: Scene) -> Screen:
    """The screen that came between, once more: a card as it was, the alarm without the sentences of its trigger."""
    fired, situation = here.draft.fired, findable(here.situation, here.draft)
    debouncer = tuple(one for one in here.definition.interrupts if one.debouncer and one.id in fired)
    if debouncer and fired <= {one.id for one in debouncer}:
        return _card(here, debouncer)
    return help_screen(situation, worried=bool(fired), register=here.draft.register, for_other=_for_other(here))


def _for_other(here: Scene) -> bool:
    return "somebody_else" in here.facts


def _texts(after: Scene, fires: tuple[Interrupt, ...]) -> tuple[Text, ...]:
    said = (after.say(one.text) for one in fires if one.text)
    return tuple({text.msgid: text for text in said if text.msgid}.values())


def _ended(before: Scene, after: Scene) -> tuple[Text, ...]:
    """Thanks once the last question was left behind, however it was answered; not after [That is enough]."""
    left = before.draft.cursor and after.draft.sent and not after.draft.cursor
    return (say.ALL_ASKED,) if left and not following(after) else ()
