"""The screen of the question that the cursor is on, and choosing a category in six groups.

Under-12s see the groups only, since the labels below them are suggestive and readable over a shoulder.
"""

from __future__ import annotations

from typing import Final

from flows.drafts.scene import Scene
from flows.loading.definition import Option, Step
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import bottom, button, progress
from flows.screens.readers import readers_screen
from flows.screens.receipt import talk_screen
from flows.screens.review import record_screen
from flows.values.draft import Chose, Wrote
from flows.values.ids import Register
from flows.values.screen import Press, Row, Screen
from flows.values.text import Text

#: Categories on one page of a group.
PAGE: Final = 5


def category_rows(scene: Scene, step: Step) -> tuple[Row, ...]:
    """Return the six groups; a group is ticked if it is chosen, or something in it."""
    chosen = _chosen(scene, step)
    inside = scene.flows.categories.groups_of(tuple(chosen))
    return tuple(
        _row(step, group, scene.category_label(group), ticked=group in chosen or group in inside)
        for group in scene.flows.categories.group_ids()
    )


def opened(scene: Scene, step: Step, choice: str) -> Screen | None:
    """Return a page of five categories of the group that `choice` names, `g.NAME` or `g.NAME.PAGE`.

    None if it names no group or no page of it, and for under-12s, who are shown the groups alone (domain, section 1).
    """
    group, page = _place(choice)
    if _groups_only(scene) or group not in scene.flows.categories.group_ids():
        return None
    codes = scene.flows.categories.codes_in(group, _register(scene))
    pages = -(-len(codes) // PAGE)
    if page >= pages:
        return None
    chosen = _chosen(scene, step)
    rows: list[Row] = [(button(say.NEXT, step.id, "done"),)]
    rows += [
        _row(step, code, scene.category_label(code), ticked=code in chosen)
        for code in codes[page * PAGE : (page + 1) * PAGE]
    ]
    if pages > 1:
        rows.append((Press(say.MORE_CHOICES, buttons.option(step.id, f"{group}.{(page + 1) % pages}")),))
    rows.append((button(say.ALL_CHOICES, step.id, "again"),))
    return Screen((scene.category_label(group), say.MORE_THAN_ONE), (*rows, *bottom(scene, step)))


def codes_of(scene: Scene, step: Step) -> tuple[str, ...]:
    """Return every code that can be chosen: for under-12s the groups, otherwise the categories of all groups."""
    if not step.categories:
        return ()
    categories = scene.flows.categories
    if _groups_only(scene):
        return categories.group_ids()
    return tuple(code for group in categories.group_ids() for code in categories.codes_in(group, _register(scene)))


def page_with(scene: Scene, code: str) -> str | None:
    """Return the page of its group that lists `code`, as `opened` takes it; None for a code that is in no group."""
    categories = scene.flows.categories
    for group in categories.group_ids():
        codes = categories.codes_in(group, _register(scene))
        if code in codes:
            return f"{group}.{codes.index(code) // PAGE}"
    return None


def every_choice(scene: Scene, step: Step) -> tuple[tuple[str, Text], ...]:
    """Return every group and category with its label, by id; typed text is compared with the labels."""
    ids = dict.fromkeys((*scene.flows.categories.group_ids(), *codes_of(scene, step)))
    return tuple((one, scene.category_label(one)) for one in ids)


def _place(choice: str) -> tuple[str, int]:
    parts = choice.split(".")
    if len(parts) == 3 and parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 3:
        return f"{parts[0]}.{parts[1]}", int(parts[2])
    return choice, 0


def _row(step: Step, choice: str, label: Text, *, ticked: bool) -> Row:
    shown = Text(say.TICKED.msgid, args={"label": label}) if ticked else label
    return (Press(shown, buttons.option(step.id, choice)),)


def _chosen(scene: Scene, step: Step) -> frozenset[str]:
    answer = scene.draft.answers.get(step.id)
    shown = isinstance(answer, Chose) and step.id not in scene.draft.hidden
    return frozenset(answer.options) if shown and isinstance(answer, Chose) else frozenset()


def _groups_only(scene: Scene) -> bool:
    return scene.draft.register == "under_12"


def _register(scene: Scene) -> Register:
    return scene.draft.register or "12_17"


def question(scene: Scene, *kind: Text) -> Screen:
    """Return the screen of the question on the cursor, after the sentences `kind`.

    Once nothing is left to ask, it is the way to write more.
    """
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
    """Return the paragraphs of a question: progress before sending, the question itself, and its additions."""
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
    return (Press(label, buttons.option(step.id, option.id)),)


def ticked(scene: Scene, step: Step) -> frozenset[str]:
    """Return the options chosen in this sitting."""
    answer = scene.draft.answers.get(step.id)
    shown = isinstance(answer, Chose) and step.id not in scene.draft.hidden
    return frozenset(answer.options) if shown and isinstance(answer, Chose) else frozenset()


def _may_rewrite(scene: Scene, step: Step) -> bool:
    return not scene.draft.sent and isinstance(scene.draft.answers.get(step.id), Wrote)
