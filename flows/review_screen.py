"""Reading through before sending: this sitting's answers with a button each to change them."""

from __future__ import annotations

from flows import presses
from flows import sentences as say
from flows.definition import Step
from flows.draft import Answer, Chose, Wrote
from flows.keys import ANYWHERE, button, help_button
from flows.path import asked
from flows.record_screen import title
from flows.scene import ASIDE, Scene
from flows.screens import Press, Row, Screen
from flows.texts import Listed, Text, Value


def review_screen(scene: Scene, *kind: Text) -> Screen:
    """A line and a button an answer, none for what was only to be read.

    Answers of an earlier sitting read "saved, not shown" and can be changed too.
    """
    steps = [step for step in asked(scene) if step.id in scene.draft.answers and step.kind != "notice"]
    lines = tuple(_line(scene, title(scene, step.id), step.id) for step in steps)
    aside = (_line(scene, say.ASIDE, ASIDE),) if ASIDE in scene.draft.answers else ()
    rows: list[Row] = [(button(say.GO_ON, ANYWHERE, "carry_on"),)]
    rows += [(_change(scene, step),) for step in steps]
    return Screen((*kind, say.YOUR_ANSWERS, *lines, *aside), (*rows, (help_button(),)))


def shown_answer(scene: Scene, step: str, answer: Answer) -> Value:
    """An answer as it is read back: the person's own words, or the labels that were chosen."""
    if isinstance(answer, Wrote):
        return "\n".join(answer.words)
    if isinstance(answer, Chose):
        return Listed(labels(scene, step, answer))
    return say.SKIPPED


def labels(scene: Scene, step: str, answer: Answer) -> tuple[Text, ...]:
    """The labels of the chosen options, as they are shown to this person."""
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
    return Press(Text(say.CHANGE.msgid, args={"question": title(scene, step.id)}), presses.change(step.id))
