"""What each input does to a draft: one small function an input, and the table that picks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flows import presses, taking
from flows import sentences as say
from flows.crisis import look
from flows.definition import Step
from flows.draft import Chose
from flows.heard import Changed, Heard, Key, Pressed, Sent, Struck, Tapped, Typed
from flows.help_screen import help_screen
from flows.keys import ANYWHERE, may_skip, more_screen
from flows.moved import Moved
from flows.path import before, following, reachable
from flows.readers_screen import nobody_screen, route
from flows.receipt_screen import careful
from flows.review_screen import review_screen
from flows.scene import Scene
from flows.to_find import findable

#: Keys that work from a screen of any age.
_ALWAYS = frozenset({"help", "more", "carry_on", "questions", "enough"})


def hear(scene: Scene, heard: Heard) -> Moved:
    """The draft after `heard`. What an old button says changes nothing."""
    match heard:
        case Typed():
            return _typed(scene, heard)
        case Sent(kind):
            return Moved(scene.draft, (_KIND_WORDS.get(kind, say.ONLY_WORDS),))
        case Pressed(step, key) if key in _ALWAYS or step in {scene.draft.cursor, ANYWHERE}:
            return _pressed(scene, heard)
        case Tapped(step, choice) if (asked := _here(scene)) and step == asked.id:
            return taking.tapped(scene, asked, choice)
        case Struck():
            return _struck(scene, heard)
        case Changed(step):
            return _changed(scene, step)
    return Moved(scene.draft, (say.OLD_SCREEN,))


def _here(scene: Scene) -> Step | None:
    return scene.definition.steps.get(scene.draft.cursor)


def _typed(scene: Scene, heard: Typed) -> Moved:
    step = _here(scene)
    if not heard.text.strip():
        return Moved(scene.draft, (say.ONLY_WORDS,))
    if step is not None and heard.matches:
        if step.kind == "several":
            return taking.toggled(scene, step, heard.matches)
        return taking.tapped(scene, step, heard.matches[0])
    if step is not None and step.kind == "words":
        return taking.written(scene, step, heard.text)
    danger = bool(look(heard.text, scene.flows.phrases))
    if scene.draft.sent:
        draft = taking.with_aside(scene.draft, heard.text) if danger else scene.draft
        added = say.PASSED_ON_AND_CLEARED if careful(draft) else say.WORDS_PASSED_ON
        return Moved(draft, (added,), message=heard.text)
    return taking.beside(scene, heard.text, danger=danger)


def _pressed(scene: Scene, heard: Pressed) -> Moved:
    return _KEYS[heard.key](scene, _here(scene)) or Moved(scene.draft, (say.OLD_SCREEN,))


def _help(scene: Scene, _: Step | None) -> Moved:
    screen = help_screen(findable(scene.known, scene.draft), worried=False, register=scene.draft.register)
    return Moved(replace(scene.draft, interrupted=True), screen=screen)


def _more(scene: Scene, _: Step | None) -> Moved:
    return Moved(scene.draft, screen=more_screen())


def _carry_on(scene: Scene, _: Step | None) -> Moved:
    return Moved(scene.draft)


def _questions(scene: Scene, _: Step | None) -> Moved | None:
    return Moved(replace(scene.draft, cursor=following(scene))) if scene.draft.sent else None


def _back(scene: Scene, _: Step | None) -> Moved:
    previous = before(scene)
    if previous is None:
        return Moved(scene.draft, (say.NOTHING_TO_GO_BACK_TO,))
    return Moved(replace(scene.draft, cursor=previous))


def _skip(scene: Scene, step: Step | None) -> Moved | None:
    return taking.skipped(scene, step) if step and may_skip(scene, step) else None


def _done(scene: Scene, step: Step | None) -> Moved | None:
    return taking.done(scene, step) if step else None


def _again(scene: Scene, step: Step | None) -> Moved | None:
    if step and step.kind == "words" and not scene.draft.sent:
        return Moved(taking.without(scene.draft, step.id), (say.TAKEN_BACK,))
    return Moved(scene.draft) if step and step.kind in {"readers", "several"} else None


def _review(scene: Scene, step: Step | None) -> Moved | None:
    return Moved(scene.draft, screen=review_screen(scene)) if step and step.kind == "readers" else None


def _send(scene: Scene, step: Step | None) -> Moved | None:
    if step is None or step.kind != "readers":
        return None
    due = following(scene)
    if due != scene.draft.cursor:
        return Moved(replace(scene.draft, cursor=due))
    if not route(scene).readers:
        return Moved(scene.draft, screen=nobody_screen(scene))
    return Moved(scene.draft, send=True)


def _enough(scene: Scene, step: Step | None) -> Moved | None:
    if not scene.draft.sent:
        return None
    answer = scene.draft.answers.get(step.id) if step and step.kind == "several" else None
    given = (step.id, answer) if step and isinstance(answer, Chose) else None
    return Moved(replace(scene.draft, cursor=""), given=given)


def _struck(scene: Scene, heard: Struck) -> Moved:
    step, draft, roster = _here(scene), scene.draft, scene.known.roster
    shown = step is not None and step.kind == "readers" and heard.roster == presses.roster_hash(roster)
    if not shown or (heard.index is not None and heard.index >= len(roster)):
        return Moved(draft, (say.OLD_SCREEN,))
    if heard.index is None:
        return Moved(replace(draft, unsure=not draft.unsure))
    return Moved(replace(draft, struck=draft.struck ^ {roster[heard.index].lead}))


def _changed(scene: Scene, step: str) -> Moved:
    here = _here(scene)
    if here is None or here.kind != "readers" or step not in scene.draft.answers or not reachable(scene, step):
        return Moved(scene.draft, (say.OLD_SCREEN,))
    return Moved(replace(scene.draft, cursor=step))


_KIND_WORDS = {
    "voice": say.NO_VOICE,
    "photo": say.NO_PICTURES,
    "video": say.NO_PICTURES,
    "document": say.NO_FILES,
}

_KEYS: Mapping[Key, Callable[[Scene, Step | None], Moved | None]] = {
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
