"""What each input does to a draft: one small function an input, and the table that picks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flows.conversation import answers
from flows.conversation.results import Reduction
from flows.danger.crisis_phrases import look
from flows.drafts.scene import Scene, before, following, reachable
from flows.drafts.trusted_adult import findable
from flows.loading.definition import Step
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, may_skip, more_screen
from flows.screens.help import help_screen
from flows.screens.readers import nobody_screen, route
from flows.screens.review import review_screen
from flows.values.draft import Chose, careful
from flows.values.inputs import Changed, Heard, Key, Pressed, Sent, Struck, Tapped, Typed

#: Keys that work from a screen of any age.
_ALWAYS = frozenset({"help", "more", "carry_on", "questions", "enough"})


def hear(scene: Scene, heard: Heard) -> Reduction:
    """The draft after `heard`, and what is said of it; what an old button says changes nothing.

    Nothing is said of danger here: `danger_of` compares this draft with the one before.
    """
    match heard:
        case Typed():
            return _typed(scene, heard)
        case Sent(kind):
            return Reduction(scene.draft, (say.NOT_WORDS.get(kind, say.ONLY_WORDS),))
        case Pressed(step, key) if key in _ALWAYS or step in {scene.draft.cursor, ANYWHERE}:
            return _pressed(scene, heard)
        case Tapped(step, choice) if (asked := _here(scene)) and step == asked.id:
            return answers.tapped(scene, asked, choice)
        case Struck():
            return _struck(scene, heard)
        case Changed(step):
            return _changed(scene, step)
    return Reduction(scene.draft, (say.OLD_SCREEN,))


def _here(scene: Scene) -> Step | None:
    return scene.definition.steps.get(scene.draft.cursor)


def _typed(scene: Scene, heard: Typed) -> Reduction:
    step = _here(scene)
    if not heard.text.strip():
        return Reduction(scene.draft, (say.ONLY_WORDS,))
    if step is not None and heard.matches:
        if step.kind == "several":
            return answers.toggled(scene, step, heard.matches)
        return answers.tapped(scene, step, heard.matches[0])
    if step is not None and step.kind == "words":
        return answers.written(scene, step, heard.text)
    danger = bool(look(heard.text, scene.flows.phrases))
    if scene.draft.sent:
        draft = answers.with_aside(scene.draft, heard.text) if danger else scene.draft
        added = say.PASSED_ON_AND_CLEARED if careful(draft) else say.WORDS_PASSED_ON
        return Reduction(draft, (added,), message=heard.text)
    return answers.beside(scene, heard.text, danger=danger)


def _pressed(scene: Scene, heard: Pressed) -> Reduction:
    return _KEYS[heard.key](scene, _here(scene)) or Reduction(scene.draft, (say.OLD_SCREEN,))


def _help(scene: Scene, _: Step | None) -> Reduction:
    screen = help_screen(findable(scene.situation, scene.draft), worried=False, register=scene.draft.register)
    return Reduction(replace(scene.draft, interrupted=True), screen=screen)


def _more(scene: Scene, _: Step | None) -> Reduction:
    return Reduction(scene.draft, screen=more_screen())


def _carry_on(scene: Scene, _: Step | None) -> Reduction:
    return Reduction(scene.draft)


def _questions(scene: Scene, _: Step | None) -> Reduction | None:
    return Reduction(replace(scene.draft, cursor=following(scene))) if scene.draft.sent else None


def _back(scene: Scene, _: Step | None) -> Reduction:
    previous = before(scene)
    if previous is None:
        return Reduction(scene.draft, (say.NOTHING_TO_GO_BACK_TO,))
    return Reduction(replace(scene.draft, cursor=previous))


def _skip(scene: Scene, step: Step | None) -> Reduction | None:
    return answers.skipped(scene, step) if step and may_skip(scene, step) else None


def _done(scene: Scene, step: Step | None) -> Reduction | None:
    return answers.done(scene, step) if step else None


def _again(scene: Scene, step: Step | None) -> Reduction | None:
    if step and step.kind == "words" and not scene.draft.sent:
        return Reduction(answers.without(scene.draft, step.id), (say.TAKEN_BACK,))
    return Reduction(scene.draft) if step and step.kind in {"readers", "several"} else None


def _review(scene: Scene, step: Step | None) -> Reduction | None:
    return Reduction(scene.draft, screen=review_screen(scene)) if step and step.kind == "readers" else None


def _send(scene: Scene, step: Step | None) -> Reduction | None:
    if step is None or step.kind != "readers":
        return None
    due = following(scene)
    if due != scene.draft.cursor:
        return Reduction(replace(scene.draft, cursor=due))
    if not route(scene).readers:
        return Reduction(scene.draft, screen=nobody_screen(scene))
    return Reduction(scene.draft, send=True)


def _enough(scene: Scene, step: Step | None) -> Reduction | None:
    if not scene.draft.sent:
        return None
    answer = scene.draft.answers.get(step.id) if step and step.kind == "several" else None
    given = (step.id, answer) if step and isinstance(answer, Chose) else None
    return Reduction(replace(scene.draft, cursor=""), given=given)


def _struck(scene: Scene, heard: Struck) -> Reduction:
    step, draft, roster = _here(scene), scene.draft, scene.situation.roster
    shown = step is not None and step.kind == "readers" and heard.roster == buttons.roster_hash(roster)
    if not shown or (heard.index is not None and heard.index >= len(roster)):
        return Reduction(draft, (say.OLD_SCREEN,))
    if heard.index is None:
        return Reduction(replace(draft, unsure=not draft.unsure))
    return Reduction(replace(draft, struck=draft.struck ^ {roster[heard.index].lead}))


def _changed(scene: Scene, step: str) -> Reduction:
    here = _here(scene)
    if here is None or here.kind != "readers" or step not in scene.draft.answers or not reachable(scene, step):
        return Reduction(scene.draft, (say.OLD_SCREEN,))
    return Reduction(replace(scene.draft, cursor=step))


_KEYS: Mapping[Key, Callable[[Scene, Step | None], Reduction | None]] = {
    "help": _help,
    "more": _more,
    "carry_on": _carry_on,
    "questions": _questions,
    "enough": _enough,
    "back": _back,
    "skip": _skip,
    "done": _done,
    "again": _again,
    "review": _review,
    "send": _send,
}
