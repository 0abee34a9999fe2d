"""The screen of the question that the cursor is on."""

from __future__ import annotations

from flows import presses
from flows import sentences as say
from flows.category_screen import category_rows
from flows.definition import Option, Step
from flows.draft import Chose, Wrote
from flows.keys import bottom, button, progress
from flows.readers_screen import readers_screen
from flows.record_screen import record_screen
from flows.scene import Scene
from flows.screens import Press, Row, Screen
from flows.talk_screen import talk_screen
from flows.texts import Text


def question(scene: Scene, *kind: Text) -> Screen:
    """The question on the cursor, after the sentences `kind`; once nothing is left to ask, the way to write more."""
    step = scene.definition.steps.get(scene.draft.cursor)
    if step is None:
        return talk_screen(scene, *kind)
    if step.kind == "readers":
        return readers_screen(scene, step, *kind)
    if step.kind == "record":
        return record_screen(scene, step, *kind)
    # Whoever is in the middle of writing has the question right above; it is not said again after every message.
    asked = () if say.HEARD_WORDS in kind else asked_as(scene, step)
    return Screen((*kind, *asked), (*_rows(scene, step), *bottom(scene, step)))


def asked_as(scene: Scene, step: Step) -> tuple[Text, ...]:
    """How far along this is before sending, the question, and whatever else belongs to it now."""
    return (*progress(scene), scene.say(step.text), *scene.every(step.also))


def _rows(scene: Scene, step: Step) -> tuple[Row, ...]:
    options = tuple(_option(scene, step, option) for option in scene.options(step))
    if step.kind == "words":
        rewrite = ((button(say.REWRITE, step.id, "again"),),) if _may_rewrite(scene, step) else ()
        return ((button(say.DONE, step.id, "done"),), *options, *rewrite)
    if step.kind == "several":
        groups = category_rows(scene, step) if step.categories else ()
        return ((button(say.NEXT, step.id, "done"),), *groups, *options)
    return options


def _option(scene: Scene, step: Step, option: Option) -> Row:
    label = scene.label(option)
    if step.kind == "several" and option.id in ticked(scene, step):
        label = Text(say.TICKED.msgid, args={"label": label})
    return (Press(label, presses.option(step.id, option.id)),)


def ticked(scene: Scene, step: Step) -> frozenset[str]:
    """The options chosen in this sitting."""
    answer = scene.draft.answers.get(step.id)
    shown = isinstance(answer, Chose) and step.id not in scene.draft.hidden
    return frozenset(answer.options) if shown and isinstance(answer, Chose) else frozenset()


def _may_rewrite(scene: Scene, step: Step) -> bool:
    return not scene.draft.sent and isinstance(scene.draft.answers.get(step.id), Wrote)
