"""Choosing what it is about: six groups, and behind each its categories, six choices a screen at most.

Under-12s see the groups only, since the labels below them are suggestive and readable over a shoulder.
"""

from __future__ import annotations

from typing import Final

from flows import presses
from flows import sentences as say
from flows.definition import Step
from flows.draft import Chose
from flows.ids import Register
from flows.keys import bottom, button
from flows.scene import Scene
from flows.screens import Press, Row, Screen
from flows.texts import Text

#: Categories on one page of a group.
PAGE: Final = 5


def category_rows(scene: Scene, step: Step) -> tuple[Row, ...]:
    """The six groups; a group is ticked if it is chosen, or something in it."""
    chosen = _chosen(scene, step)
    inside = scene.flows.categories.groups_of(tuple(chosen))
    return tuple(
        _row(step, group, scene.category_label(group), ticked=group in chosen or group in inside)
        for group in scene.flows.categories.group_ids()
    )


def opened(scene: Scene, step: Step, choice: str) -> Screen | None:
    """The categories of the group that `choice` names (`g.NAME`, or `g.NAME.PAGE`), or None if it opens nothing."""
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
        rows.append((Press(say.MORE_CHOICES, presses.option(step.id, f"{group}.{(page + 1) % pages}")),))
    rows.append((button(say.ALL_CHOICES, step.id, "again"),))
    return Screen((scene.category_label(group), say.MORE_THAN_ONE), (*rows, *bottom(scene, step)))


def codes_of(scene: Scene, step: Step) -> tuple[str, ...]:
    """Everything that can be chosen here: for under-12s the groups, otherwise every category of every group."""
    if not step.categories:
        return ()
    categories = scene.flows.categories
    if _groups_only(scene):
        return categories.group_ids()
    return tuple(code for group in categories.group_ids() for code in categories.codes_in(group, _register(scene)))


def page_with(scene: Scene, code: str) -> str | None:
    """The page of its group that `code` stands on, as `opened` takes it; None for what is in no group."""
    categories = scene.flows.categories
    for group in categories.group_ids():
        codes = categories.codes_in(group, _register(scene))
        if code in codes:
            return f"{group}.{codes.index(code) // PAGE}"
    return None


def every_choice(scene: Scene, step: Step) -> tuple[tuple[str, Text], ...]:
    """Every group and category with its label, by id: what typed text may match."""
    ids = dict.fromkeys((*scene.flows.categories.group_ids(), *codes_of(scene, step)))
    return tuple((one, scene.category_label(one)) for one in ids)


def _place(choice: str) -> tuple[str, int]:
    parts = choice.split(".")
    if len(parts) == 3 and parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 3:
        return f"{parts[0]}.{parts[1]}", int(parts[2])
    return choice, 0


def _row(step: Step, choice: str, label: Text, *, ticked: bool) -> Row:
    shown = Text(say.TICKED.msgid, args={"label": label}) if ticked else label
    return (Press(shown, presses.option(step.id, choice)),)


def _chosen(scene: Scene, step: Step) -> frozenset[str]:
    answer = scene.draft.answers.get(step.id)
    shown = isinstance(answer, Chose) and step.id not in scene.draft.hidden
    return frozenset(answer.options) if shown and isinstance(answer, Chose) else frozenset()


def _groups_only(scene: Scene) -> bool:
    return scene.draft.register == "under_12"


def _register(scene: Scene) -> Register:
    return scene.draft.register or "12_17"
