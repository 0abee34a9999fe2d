"""Which questions are asked, in which order: recomputed from the answers every time and never stored."""

from __future__ import annotations

from collections.abc import Iterator

from flows.drafts.scene import Scene
from flows.loading.definition import Step
from flows.loading.validator import SETS


def asked(scene: Scene) -> tuple[Step, ...]:
    """Return the questions of this conversation for the present answers: those up to sending, or those after it.

    Once enough is known after sending, only those that were answered already are left.
    """
    if not scene.draft.sent:
        return _those_that_hold(scene, scene.definition.order)
    path = _those_that_hold(scene, tuple(_after(scene)))
    if scene.definition.enough is not None and scene.holds(scene.definition.enough):
        return tuple(step for step in path if step.id in scene.draft.answers)
    return path


def following(scene: Scene) -> str:
    """Return the first question without an answer, or an empty string if there is none.

    A record has no answer of its own: the cursor comes back to it after each of its items.
    """
    return next((step.id for step in asked(scene) if step.id not in scene.draft.answers), "")


def before(scene: Scene) -> str | None:
    """Return the question before the cursor, the record that the cursor is an item of, or None at the first one."""
    path = [step.id for step in asked(scene)]
    cursor = scene.draft.cursor
    if cursor not in path:
        return record_of(scene, cursor)
    place = path.index(cursor)
    return path[place - 1] if place else None


def record_of(scene: Scene, step: str) -> str | None:
    """Return the record that lists `step`, or None."""
    return next((one.id for one in asked(scene) if step in items_of(scene, one)), None)


def items_of(scene: Scene, record: Step) -> tuple[str, ...]:
    """Return the items of a record that are asked for as things stand, the follow-up sets where they belong.

    Together the sets give no more questions than the definition's `cap`, the most dangerous first.
    """
    entries = tuple(one for item in record.items for one in (_sets(scene) if item == SETS else (item,)))
    return tuple(step.id for step in _those_that_hold(scene, entries))


def reachable(scene: Scene, step: str) -> bool:
    """Return whether `step` can be the cursor now."""
    return step in (one.id for one in asked(scene)) or record_of(scene, step) is not None


def place(scene: Scene) -> tuple[int, int]:
    """Return the number of the present question before sending, from 1, and about how many there are.

    The register and the receipt count too.
    """
    cursor, path = scene.draft.cursor, [step.id for step in asked(scene)]
    return (path.index(cursor) if cursor in path else 0) + 2, len(path) + 2


def _those_that_hold(scene: Scene, names: tuple[str, ...]) -> tuple[Step, ...]:
    steps = (scene.definition.steps[name] for name in names)
    return tuple(step for step in steps if scene.holds(step.when))


def _after(scene: Scene) -> Iterator[str]:
    for entry in scene.definition.after:
        yield from _sets(scene) if entry == SETS else (entry,)


def _sets(scene: Scene) -> tuple[str, ...]:
    wanted = scene.facts.get("set", frozenset())
    union = dict.fromkeys(
        step for name, asked_for in scene.definition.sets.items() if name in wanted for step in asked_for
    )
    holding = _those_that_hold(scene, tuple(union))
    return tuple(step.id for step in holding[: scene.definition.cap])
