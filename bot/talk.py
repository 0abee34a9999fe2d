"""Plays a conversation between a person at a terminal and `flows`: nothing is stored, sealed or sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flows import presses
from flows.bundle import Flows
from flows.deeds import SendConcern
from flows.draft import Draft
from flows.engine import current, help_for, offered, step
from flows.heard import Changed, Heard, Pressed, Struck, Tapped, Typed
from flows.help_screen import help_screen
from flows.ids import LeadId, Register
from flows.known import Known, Reader
from flows.opening import begin, languages, new_sitting, opening
from flows.receipt_screen import receipt_screen
from flows.screens import Button, Copy, Link, Press, Screen
from flows.to_find import findable
from handlers.isolates import bare
from handlers.languages import Tongue

#: Readers that do not exist, so that the readers screen can be tried.
READERS = (
    Reader(LeadId("carter"), "Ms Carter", "lead", "Designated safeguarding lead"),
    Reader(LeadId("bell"), "Mr Bell", "deputy", "Deputy safeguarding lead"),
    Reader(LeadId("osei"), "Dr Osei", "head", "Head"),
    Reader(LeadId("lund"), "Mrs Lund", "chair", "Chair of governors"),
)
#: Stands where the receipt would: these words open nothing.
WORDS = "these eight words open nothing at all here"


@dataclass(frozen=True)
class Player:
    """What a conversation at the terminal is given; `known` gives the world anew for each step."""

    flows: Flows
    tongues: dict[str, Tongue]
    known: Callable[[str], Known]


@dataclass(frozen=True)
class Stand:
    """Where the conversation stands: the draft, the language, and what is on the screen; `over` ends it."""

    language: str
    draft: Draft | None
    screens: tuple[Screen, ...]
    over: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons on the last screen, in the order in which they are numbered."""
        return tuple(button for row in self.screens[-1].rows for button in row)


def start(player: Player, language: str, register: Register | None = None) -> Stand:
    """The first screen, or the first question of `register`."""
    known = player.known(language)
    if register is None:
        return Stand(language, None, (opening(known),))
    draft = begin(player.flows, register, known)
    return Stand(language, draft, (current(player.flows, draft, known),))


def hear(player: Player, stand: Stand, line: str) -> Stand:
    """The stand after one line: the number of a button presses it, everything else is typed."""
    buttons = stand.buttons
    if line.isascii() and line.isdigit() and 1 <= int(line) <= len(buttons):
        button = buttons[int(line) - 1]
        return _pressed(player, stand, button.data) if isinstance(button, Press) else stand
    known = player.known(stand.language)
    if stand.draft is None:
        helping = help_for(player.flows, line, known)
        return replace(stand, screens=(helping, *stand.screens[-1:]) if helping else stand.screens[-1:])
    labels, _ = offered(player.flows, stand.draft, known)
    say = player.tongues[stand.language].say
    matches = tuple(option for option, label in labels if say(label).casefold() == line.casefold())
    return _step(player, stand, stand.draft, Typed(line, matches))


def lines(stand: Stand, tongue: Tongue) -> Iterator[str]:
    """What is shown of a stand, line by line, the buttons numbered."""
    for screen in stand.screens:
        yield ""
        for paragraph in screen.paragraphs:
            yield bare(tongue.say(paragraph))
        if screen.code:
            yield f"    {screen.code}"
        if screen.verbatim:
            yield f"  | {screen.verbatim}"
    for number, button in enumerate(stand.buttons, start=1):
        yield f"  [{number}] {bare(tongue.say(button.label))}{_behind(button)}"


def _behind(button: Button) -> str:
    match button:
        case Copy(text=text):
            return f" → {text}"
        case Link(url=url):
            return f" → {url}"
        case Press():
            return ""


def _pressed(player: Player, stand: Stand, data: str) -> Stand:
    known = player.known(stand.language)
    match presses.heard_from(data):
        case presses.ChoseRegister(register=register):
            return start(player, stand.language, register)
        case presses.ChoseLanguage(language=language):
            return _spoken_in(player, stand, language if language in player.tongues else stand.language)
        case presses.Asked(name=name):
            return _asked(player, stand, name, known)
        case Tapped() | Pressed() | Struck() | Changed() as heard if stand.draft is not None:
            return _step(player, stand, stand.draft, heard)
        case _:
            return replace(stand, screens=(help_screen(known, worried=False), _here(player, stand, known)))


def _asked(player: Player, stand: Stand, name: presses.Name, known: Known) -> Stand:
    match name:
        case "leave":
            return replace(stand, draft=None, over=True)
        case "new" | "return" | "tidy":
            return start(player, stand.language)
        case "carry_on" if stand.draft is not None:
            draft = new_sitting(stand.draft, known)
            return replace(stand, draft=draft, screens=(current(player.flows, draft, known),))
        case "languages":
            return replace(stand, screens=(languages(known),))
        case "help":
            return replace(stand, screens=(help_screen(known, worried=False), _here(player, stand, known)))
        case _:
            return replace(stand, screens=(_here(player, stand, known),))


def _here(player: Player, stand: Stand, known: Known) -> Screen:
    return opening(known) if stand.draft is None else current(player.flows, stand.draft, known)


def _spoken_in(player: Player, stand: Stand, language: str) -> Stand:
    known = player.known(language)
    draft = replace(stand.draft, language=language) if stand.draft else None
    moved = replace(stand, language=language, draft=draft)
    return replace(moved, screens=(_here(player, moved, known),))


def _step(player: Player, stand: Stand, draft: Draft, heard: Heard) -> Stand:
    known = player.known(stand.language)
    stepped = step(player.flows, draft, heard, known)
    screens = stepped.said
    if any(isinstance(deed, SendConcern) for deed in stepped.deeds):
        questions = bool(stepped.draft and stepped.draft.cursor)
        screens = (*screens, receipt_screen(findable(known, draft), draft.register, WORDS, None, questions=questions))
    return replace(stand, draft=stepped.draft, screens=screens or stand.screens, over=stepped.draft is None)
