"""A pressed button, by its data: an answer, or one of the ways out of the questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from flows.heard import Changed, Pressed, Struck, Tapped
from flows.presses import Asked, ChoseLanguage, ChoseRegister, heard_from
from flows.sentences import OLD_SCREEN
from handlers.reporter import begin, buttons, privacy, talk, tidy, words
from handlers.reporter.again import again
from handlers.reporter.hear import hear, help_now
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side


async def pressed(side: Side, scene: Scene, data: str) -> None:
    """Do what the button says; one that nobody knows any more gets a kind sentence and the current screen."""
    heard = None if data in buttons.ALL else heard_from(data)
    if not _only_looks(heard):
        scene.mood.asked_words = False  # whoever goes on elsewhere is not typing them any more
    if data in buttons.ALL:
        await _own(side, scene, data)
        return
    match heard:
        case Tapped() | Pressed() | Struck() | Changed():
            await hear(side, scene, heard)
        case ChoseRegister(register):
            await begin.register(side, scene, register)
        case ChoseLanguage(tag):
            await begin.language(side, scene, tag)
        case Asked() as asked:
            await _asked(side, scene, asked)
        case None:
            await again(side, scene, OLD_SCREEN)


def _only_looks(heard: object) -> bool:
    """Whether the button shows something beside what is asked for: it is still asked for afterwards."""
    match heard:
        case Pressed(_, key):
            return key in {"help", "more"}
        case Asked(name):
            return name == "help"
    return False


async def _own(side: Side, scene: Scene, data: str) -> None:
    match data:
        case buttons.TIDY_NOW:
            await tidy.now(side, scene)
        case buttons.STOP_NOW:
            await tidy.stop_now(side, scene)
        case buttons.QUESTIONS:
            await talk.questions(side, scene)
        case buttons.FEEDBACK:
            await talk.questions(side, scene, "feedback")
        case buttons.CLOSE:
            await tidy.stop(side, scene)
        case _:
            await begin.carry_on(side, scene)


async def _asked(side: Side, scene: Scene, asked: Asked) -> None:
    match asked.name:
        case "w":
            await words.come_back(side, scene, asked.argument)
        case "notice_on" | "notice_off":
            await talk.notice(side, scene, on=asked.name == "notice_on")
        case name:
            await _WAYS[name](side, scene)


_WAYS: Final[Mapping[str, Callable[[Side, Scene], Awaitable[None]]]] = {
    "leave": tidy.leave,
    "tidy": tidy.ask,
    "new": begin.new,
    "carry_on": begin.carry_on,
    "return": words.ask,
    "languages": begin.languages,
    "privacy": privacy.show,
    "help": help_now,
}
