"""What a record still needs: every item in any order, gaps flagged and never blocking."""

from __future__ import annotations

from flows import presses
from flows import sentences as say
from flows.definition import Step
from flows.draft import Skipped
from flows.keys import bottom
from flows.path import items_of
from flows.scene import Scene
from flows.screens import Press, Row, Screen
from flows.texts import Listed, Text

#: Items on one page of the list.
PAGE = 5


def record_screen(scene: Scene, step: Step, *kind: Text, page: int = 0) -> Screen:
    """The list of items, five a page; the first button opens the first gap, or ends the list once there is none."""
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
        rows.append((Press(say.MORE_CHOICES, presses.option(step.id, f"page.{following}")),))
    rows += [(Press(scene.label(one), presses.option(step.id, one.id)),) for one in scene.options(step)]
    enough, *rest = bottom(scene, step)
    rows = [*rows, enough] if first else [enough, *rows]
    return Screen((*kind, scene.say(step.text), summary, *scene.every(step.also)), (*rows, *rest))


def page_of(option: str) -> int | None:
    """The page that the option `page.N` of a record asks for, or None for another option."""
    number = option.removeprefix("page.")
    return int(number) if option.startswith("page.") and number.isascii() and number.isdigit() else None


def is_gap(scene: Scene, item: str) -> bool:
    """Whether a record lacks `item`: not optional, and not answered or only passed over."""
    answer = scene.draft.answers.get(item)
    return not scene.definition.steps[item].optional and (answer is None or isinstance(answer, Skipped))


def title(scene: Scene, item: str) -> Text:
    """The short name of a question, or its whole text where it has none."""
    step = scene.definition.steps[item]
    return scene.text(step.title) if step.title else scene.say(step.text)


def _item(scene: Scene, record: Step, item: str) -> Press:
    answer = scene.draft.answers.get(item)
    empty = answer is None or isinstance(answer, Skipped)
    optional = scene.definition.steps[item].optional
    sentence = say.FILLED if not empty else say.OPTIONAL_ITEM if optional else say.GAP
    return Press(Text(sentence.msgid, args={"title": title(scene, item)}), presses.option(record.id, item))
