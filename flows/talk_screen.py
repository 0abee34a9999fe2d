"""While nothing is asked: writing more, going back to the questions, and leaving no traces."""

from __future__ import annotations

from flows import presses
from flows import sentences as say
from flows.keys import ANYWHERE, button, help_button
from flows.path import following
from flows.scene import Scene
from flows.screens import Press, Row, Screen
from flows.texts import Text


def talk_screen(scene: Scene, *kind: Text) -> Screen:
    """Says that every message is added; an update notice is offered only if C20 or P12 allows this chat."""
    more = (help_button(), button(say.MORE, ANYWHERE, "more"))
    questions = ((button(say.MORE_QUESTIONS, ANYWHERE, "questions"),),) if following(scene) else ()
    rows = (*questions, (Press(say.TIDY, presses.ask("tidy")),), *_notice(scene), more)
    return Screen((*kind, say.TALK), rows)


def _notice(scene: Scene) -> tuple[Row, ...]:
    if scene.known.notified:
        return ((Press(say.NOTICE_OFF, presses.ask("notice_off")),),)
    return ((Press(say.NOTICE_ON, presses.ask("notice_on")),),) if _notice_allowed(scene) else ()


def _notice_allowed(scene: Scene) -> bool:
    return "true" in scene.facts.get("notice_allowed", frozenset())
