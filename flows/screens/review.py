"""Reading through before sending, and what a record still needs; gaps are flagged and never block."""

from __future__ import annotations

from flows.drafts.scene import ASIDE, Scene, asked, items_of
from flows.loading.definition import Step
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, bottom, button, help_button
from flows.values.draft import Answer, Chose, Skipped, Wrote
from flows.values.screen import Press, Row, Screen
from flows.values.text import Listed, Text, Value

#: Items on one page of the list.
PAGE = 5


def record_screen(scene: Scene, step: Step, *kind: Text, page: int = 0) -> Screen:
    """Return the list of items, five a page.

    The first button opens the first gap, or ends the list if there is none.
    """
    items = items_of(scene, step)
    gaps = [item for item in items if is_gap(scene, item)]
    open_items = Listed(tuple(title(scene, item) for item in gaps))
    summary = Text(say.GAPS.msgid, args={"items": open_items}) if gaps else say.NO_GAPS
    shown = items[page * PAGE : (page + 1) * PAGE]
    first = gaps[0] if gaps else ""
    rows: list[Row] = [(_item(scene, step, first),)] if first else []
    rows += [(_item(scene, step, item),) for item in shown if item != first]
    if len(items) > PAGE:
        following = (page + 1) % -(-len(items) // PAGE)
        rows.append((Press(say.MORE_CHOICES, buttons.option(step.id, f"page.{following}")),))
    rows += [(Press(scene.label(one), buttons.option(step.id, one.id)),) for one in scene.options(step)]
    enough, *rest = bottom(scene, step)
    rows = [*rows, enough] if first else [enough, *rows]
    return Screen((*kind, scene.say(step.text), summary, *scene.every(step.also)), (*rows, *rest))


def page_of(option: str) -> int | None:
    """Return the page that the option `page.N` of a record asks for, or None for another option."""
    number = option.removeprefix("page.")
    return int(number) if option.startswith("page.") and number.isascii() and number.isdigit() else None


def is_gap(scene: Scene, item: str) -> bool:
    """Return whether a record lacks `item`: it is not optional, and was skipped or not answered."""
    answer = scene.draft.answers.get(item)
    return not scene.definition.steps[item].optional and (answer is None or isinstance(answer, Skipped))


def title(scene: Scene, item: str) -> Text:
    """Return the short name of a question, or its whole text where it has none."""
    step = scene.definition.steps[item]
    return scene.text(step.title) if step.title else scene.say(step.text)


def _item(scene: Scene, record: Step, item: str) -> Press:
    answer = scene.draft.answers.get(item)
    empty = answer is None or isinstance(answer, Skipped)
    optional = scene.definition.steps[item].optional
    sentence = say.FILLED if not empty else say.OPTIONAL_ITEM if optional else say.GAP
    return Press(Text(sentence.msgid, args={"title": title(scene, item)}), buttons.option(record.id, item))


def review_screen(scene: Scene, *kind: Text) -> Screen:
    """Return a line and a button for each answer; notices that were only read have none.

    Answers of an earlier sitting read "saved, not shown" and can be changed too.
    """
    steps = [step for step in asked(scene) if step.id in scene.draft.answers and step.kind != "notice"]
    lines = tuple(_line(scene, title(scene, step.id), step.id) for step in steps)
    aside = (_line(scene, say.ASIDE, ASIDE),) if ASIDE in scene.draft.answers else ()
    rows: list[Row] = [(button(say.GO_ON, ANYWHERE, "carry_on"),)]
    rows += [(_change(scene, step),) for step in steps]
    return Screen((*kind, say.YOUR_ANSWERS, *lines, *aside), (*rows, (help_button(),)))


def shown_answer(scene: Scene, step: str, answer: Answer) -> Value:
    """Return an answer as it is read back: the person's own words, or the labels that were chosen."""
    if isinstance(answer, Wrote):
        return "\n".join(answer.words)
    if isinstance(answer, Chose):
        return Listed(labels(scene, step, answer))
    return say.SKIPPED


def labels(scene: Scene, step: str, answer: Answer) -> tuple[Text, ...]:
    """Return the labels of the chosen options, as they are shown to this person; none for words.

    An option that is in the question no more is shown as a category, or by its code.
    """
    asked_for = scene.definition.steps.get(step)
    if not isinstance(answer, Chose) or asked_for is None:
        return ()
    own = {option.id: scene.label(option) for option in asked_for.options}
    return tuple(own[one] if one in own else scene.category_label(one) for one in answer.options)


def _line(scene: Scene, name: Text, step: str) -> Text:
    answer = scene.draft.answers[step]
    shown = say.SAVED if step in scene.draft.hidden else shown_answer(scene, step, answer)
    return Text(say.ANSWER_LINE.msgid, args={"question": name, "answer": shown})


def _change(scene: Scene, step: Step) -> Press:
    return Press(Text(say.CHANGE.msgid, args={"question": title(scene, step.id)}), buttons.change(step.id))
