"""Plays a conversation between a person at a terminal and `flows`: nothing is stored, sealed or sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flows.conversation.danger import help_for
from flows.conversation.engine import current, offered, step
from flows.drafts.rulebook import Flows
from flows.drafts.trusted_adult import findable
from flows.screens import buttons
from flows.screens.help import help_screen
from flows.screens.receipt import receipt_screen
from flows.screens.welcome import begin, languages, opening
from flows.values.deeds import SendConcern
from flows.values.draft import Draft, new_sitting
from flows.values.ids import LeadId, Register
from flows.values.inputs import Changed, Heard, Pressed, Struck, Tapped, Typed
from flows.values.screen import Button, Copy, Link, Press, Screen, WebApp
from flows.values.situation import Reader, Situation
from handlers.telegram.languages import Translator
from handlers.telegram.text_limits import bare

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
    """What the player is given; `situation` returns the world anew for each step."""

    flows: Flows
    translators: dict[str, Translator]
    situation: Callable[[str], Situation]


@dataclass(frozen=True)
class PlayerState:
    """The state of the conversation: draft, language, and what is on the screen; `over` ends it."""

    language: str
    draft: Draft | None
    screens: tuple[Screen, ...]
    over: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons on the last screen, in the order in which they are numbered."""
        return tuple(button for row in self.screens[-1].rows for button in row)


def start(player: Player, language: str, register: Register | None = None) -> PlayerState:
    """Return the first screen, or the first question of `register`."""
    situation = player.situation(language)
    if register is None:
        return PlayerState(language, None, (opening(situation),))
    draft = begin(player.flows, register, situation)
    return PlayerState(language, draft, (current(player.flows, draft, situation),))


def hear(player: Player, state: PlayerState, line: str) -> PlayerState:
    """Return the state after one line: the number of a button presses it, anything else is typed text."""
    buttons = state.buttons
    if line.isascii() and line.isdigit() and 1 <= int(line) <= len(buttons):
        button = buttons[int(line) - 1]
        return _pressed(player, state, button.data) if isinstance(button, Press) else state
    situation = player.situation(state.language)
    if state.draft is None:
        helping = help_for(player.flows, line, situation)
        return replace(state, screens=(helping, *state.screens[-1:]) if helping else state.screens[-1:])
    labels, _ = offered(player.flows, state.draft, situation)
    say = player.translators[state.language].say
    matches = tuple(option for option, label in labels if say(label).casefold() == line.casefold())
    return _step(player, state, state.draft, Typed(line, matches))


def lines(state: PlayerState, translator: Translator) -> Iterator[str]:
    """Yield the screen of a state line by line, the buttons numbered from 1."""
    for screen in state.screens:
        yield ""
        for paragraph in screen.paragraphs:
            yield bare(translator.say(paragraph))
        if screen.code:
            yield f"    {screen.code}"
        if screen.verbatim:
            yield f"  | {screen.verbatim}"
    for number, button in enumerate(state.buttons, start=1):
        yield f"  [{number}] {bare(translator.say(button.label))}{_behind(button)}"


def _behind(button: Button) -> str:
    match button:
        case Copy(text=text):
            return f" → {text}"
        case Link(url=url) | WebApp(url=url):
            return f" → {url}"
        case Press():
            return ""


def _pressed(player: Player, state: PlayerState, data: str) -> PlayerState:
    situation = player.situation(state.language)
    match buttons.heard_from(data):
        case buttons.ChoseRegister(register=register):
            return start(player, state.language, register)
        case buttons.ChoseLanguage(language=language):
            return _in_language(player, state, language if language in player.translators else state.language)
        case buttons.Asked(name=name):
            return _asked(player, state, name, situation)
        case Tapped() | Pressed() | Struck() | Changed() as heard if state.draft is not None:
            return _step(player, state, state.draft, heard)
        case _:
            return replace(state, screens=(help_screen(situation, worried=False), _here(player, state, situation)))


def _asked(player: Player, state: PlayerState, name: buttons.Name, situation: Situation) -> PlayerState:
    match name:
        case "leave":
            return replace(state, draft=None, over=True)
        case "new" | "return" | "tidy":
            return start(player, state.language)
        case "carry_on" if state.draft is not None:
            draft = new_sitting(state.draft, situation)
            return replace(state, draft=draft, screens=(current(player.flows, draft, situation),))
        case "languages":
            return replace(state, screens=(languages(situation),))
        case "help":
            return replace(state, screens=(help_screen(situation, worried=False), _here(player, state, situation)))
        case _:
            return replace(state, screens=(_here(player, state, situation),))


def _here(player: Player, state: PlayerState, situation: Situation) -> Screen:
    return opening(situation) if state.draft is None else current(player.flows, state.draft, situation)


def _in_language(player: Player, state: PlayerState, language: str) -> PlayerState:
    situation = player.situation(language)
    draft = replace(state.draft, language=language) if state.draft else None
    moved = replace(state, language=language, draft=draft)
    return replace(moved, screens=(_here(player, moved, situation),))


def _step(player: Player, state: PlayerState, draft: Draft, heard: Heard) -> PlayerState:
    situation = player.situation(state.language)
    stepped = step(player.flows, draft, heard, situation)
    screens = stepped.said
    if any(isinstance(deed, SendConcern) for deed in stepped.deeds):
        questions = bool(stepped.draft and stepped.draft.cursor)
        screens = (
            *screens,
            receipt_screen(findable(situation, draft), draft.register, WORDS, None, questions=questions),
        )
    return replace(state, draft=stepped.draft, screens=screens or state.screens, over=stepped.draft is None)
