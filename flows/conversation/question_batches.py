"""The questions about what happened come three at a time: then the person stops, or goes on to three more."""

from __future__ import annotations

from typing import Final

from flows.drafts.path import asked
from flows.drafts.scene import Scene
from flows.loading.validator import SETS
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, button, help_button
from flows.values.screen import Screen
from flows.values.text import Text

#: So many questions between two pauses.
_AT_A_TIME: Final = 3


def pause_is_due(before: Scene, after: Scene) -> bool:
    """Whether the step from `before` to `after` passed the last of three questions, and there are more."""
    if not before.draft.sent or not _left(after):
        return False
    return len(_passed(after)) // _AT_A_TIME > len(_passed(before)) // _AT_A_TIME


def pause_screen(after: Scene, *kind: Text) -> Screen:
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
