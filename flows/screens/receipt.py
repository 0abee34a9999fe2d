"""The screen after sending, with the words to come back, and the screen while nothing is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.drafts.scene import Scene, following
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, button, help_button
from flows.screens.files import fits
from flows.screens.help import adult_to_find, helplines
from flows.values.ids import Register
from flows.values.promises import Promise, ends_in_words, first_held
from flows.values.screen import Press, Row, Screen
from flows.values.situation import Situation
from flows.values.text import Moment, Text, Value

_READ_BY: Final[Mapping[Register | None, tuple[Promise, ...]]] = {
    "under_12": say.READ_BY_CHILD,
    "staff": say.READ_BY_STAFF,
}


def receipt_screen(
    situation: Situation,
    register: Register | None,
    receipt: str,
    token: str | None,
    *,
    questions: bool = True,
    immediate: bool = False,
) -> Screen:
    """What is shown once a concern is committed; `situation.cover.read_by` must be for the urgency it was sent with.

    `immediate` is whether people are paged at once, whatever the hour: then no later day is named.

    `receipt` are the words, the message's only code. `token` is their short form for a button that is the receipt: pass
    it only if `private_device`. `questions` is false where none are left to ask (`draft.cursor` is empty). It says
    "received": nobody has read anything yet.
    """
    staff = register == "staff"
    few_more = say.FEW_MORE_STAFF if staff else say.FEW_MORE
    received = say.RECEIVED_STAFF if staff else say.RECEIVED
    kind, asked = () if staff else (say.DESERVES_HELP,), (few_more,) if questions else ()
    below = (*kind, adult_to_find(situation, register), *helplines(situation, register), *asked)
    return Screen(
        (received, read_by(situation, register, immediate=immediate), say.KEEP_THESE),
        _rows(token, questions=questions),
        code=receipt,
        below=below,
        urgent=True,
    )


def read_by(situation: Situation, register: Register | None = None, *, immediate: bool = False) -> Text:
    """When it will be read at the latest, in a child's words; staff have the exact time too.

    No time is named where the site's hours hold none, and while nobody who reads has opened the desk lately. What is
    `immediate` has no office hours.
    """
    cover = situation.cover
    if immediate and not cover.open_now:
        return say.TRYING_NOW
    times: dict[str, Value] = {}
    if cover.read_by is not None:
        times = {"when": ends_in_words(cover.read_by, situation), "time": Moment(cover.read_by)}
    return first_held(situation, _READ_BY.get(register, say.READ_BY), **times)


def _rows(token: str | None, *, questions: bool) -> tuple[Row, ...]:
    rows: list[Row] = [(button(say.GO_ON, ANYWHERE, "carry_on"),)]
    if token is not None:
        rows.append((Press(say.KEEP_WORDS, buttons.ask("w", token)),))
    if questions:
        rows.append((button(say.ENOUGH, ANYWHERE, "enough"),))
    rows.append((Press(say.TIDY, buttons.ask("tidy")),))
    return (*rows, (help_button(), button(say.MORE, ANYWHERE, "more")))


def talk_screen(scene: Scene, *kind: Text) -> Screen:
    """Says that every message is added; an update notice is offered only if C20 or P12 allows this chat."""
    more = (help_button(), button(say.MORE, ANYWHERE, "more"))
    questions = ((button(say.MORE_QUESTIONS, ANYWHERE, "questions"),),) if following(scene) else ()
    rows = (*questions, *_file(scene), (Press(say.TIDY, buttons.ask("tidy")),), *_notice(scene), more)
    return Screen((*kind, say.TALK), rows)


def _file(scene: Scene) -> tuple[Row, ...]:
    offered = scene.situation.files and fits(scene.flows, scene.draft)
    return ((Press(say.SEND_FILE, buttons.ask("file")),),) if offered else ()


def _notice(scene: Scene) -> tuple[Row, ...]:
    if scene.situation.notified:
        return ((Press(say.NOTICE_OFF, buttons.ask("notice_off")),),)
    return ((Press(say.NOTICE_ON, buttons.ask("notice_on")),),) if _notice_allowed(scene) else ()


def _notice_allowed(scene: Scene) -> bool:
    return "true" in scene.facts.get("notice_allowed", frozenset())
