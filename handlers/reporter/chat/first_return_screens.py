"""What somebody sees whose words a lead took down: what was written, whether it is right, and words of one's own.

Nothing here leads, blames, or promises that it stays secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, button, help_button
from flows.values.deeds import Answered
from flows.values.draft import Chose, Wrote
from flows.values.ids import Register
from flows.values.screen import Press, Screen
from flows.values.text import Listed, Text
from storage.values import TakenDown

_WROTE = Text("{name} wrote down what you said. It is here.", "child")
_WROTE_PARENT = Text("{name} wrote down what you said. It is here.", "parent")
_ASKED = Text("Is this what you said?", "child")
_ASKED_PARENT = Text("Is this what you said?", "parent")
_YES, _NOT_QUITE = Text("Yes"), Text("Not quite")
_THANKS = Text("Thank you. Here are new words for you.")
_OLD_ONES = Text("Your old words do not open it any more.")
_OWN_WORDS = Text("You can tell it in your own words. Write it here.", "child")
_OWN_WORDS_PARENT = Text("You can tell it in your own words. Write it here.", "parent")
_ANSWERED = Text("{question} — {answer}")


def is_this_it(taken: TakenDown, register: Register) -> tuple[Screen, ...]:
    """What was taken down, as it was asked and answered, and the question whether it is what was said."""
    wrote, asked = (_WROTE_PARENT, _ASKED_PARENT) if register == "parent" else (_WROTE, _ASKED)
    ways = (Press(_YES, buttons.ask("said_yes")), Press(_NOT_QUITE, buttons.ask("said_other")))
    last = Screen((asked,), (ways, (help_button(), Press(say.LEAVE, buttons.ask("leave")))))
    named = replace(wrote, args={"name": taken.by})
    return (Screen((named,)), *_written(taken.answers), last)


def question(taken: TakenDown, register: Register) -> Screen:
    """The question alone, where something else was tapped."""
    return is_this_it(taken, register)[-1]


def own_words(register: Register) -> Text:
    """That it can be told otherwise, and where; nothing is asked."""
    return _OWN_WORDS_PARENT if register == "parent" else _OWN_WORDS


def _written(answers: tuple[Answered, ...]) -> Iterator[Screen]:
    """Each written answer under its question; all choices together."""
    chosen = []
    for one in answers:
        match one.answer:
            case Wrote(words):
                yield Screen((one.question,), verbatim="\n".join(words))
            case Chose():
                chosen.append(Text(_ANSWERED.msgid, args={"question": one.question, "answer": Listed(one.labels)}))
    if chosen:
        yield Screen(tuple(chosen))


def new_words(words: str) -> Screen:
    """The words that take the place of those that were handed over."""
    rows = ((button(say.GO_ON, ANYWHERE, "carry_on"),), (help_button(), Press(say.LEAVE, buttons.ask("leave"))))
    return Screen((_THANKS, say.KEEP_THESE), rows, code=words, below=(_OLD_ONES,), urgent=True)
