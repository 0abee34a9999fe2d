"""The box: what is asked of whoever was answered, when, and the byte that says it. No answer leads back to a case.

An answer is a letter of its own, so that nothing has to be joined to anything later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal, TypeAlias, get_args

from flows.cases.triage import Status, is_open
from flows.values.ids import Register, Urgency

Question: TypeAlias = Literal["C24", "C24a"]
Felt: TypeAlias = Literal["yes", "a_bit", "no"]
#: When somebody is asked: once the first human answer was read, and a week after closing.
Occasion: TypeAlias = Literal["answered", "closed"]

#: The conversation with the questions (`flows/definitions/feedback.toml`).
CONVERSATION: Final = "feedback"
QUESTIONS: Final[tuple[Question, ...]] = get_args(Question)
FELT: Final[tuple[Felt, ...]] = get_args(Felt)
AFTER_CLOSING: Final = timedelta(days=7)
#: From how many letters on a box is opened.
OPENED_FROM: Final = 5

#: The form is frozen: what each byte of a letter says.
_LETTERS: Final = tuple((question, felt) for question in QUESTIONS for felt in FELT)
_REGISTERS: Final[tuple[Register, ...]] = ("under_12", "12_17", "parent", "staff")


def occasion(
    status: Status, urgency: Urgency, quiet_for: timedelta, *, replied: bool, counted: bool
) -> Occasion | None:
    """Give the occasion on which somebody is asked now; None where that is not now.

    Nobody is asked while something immediate is open, and nobody of whose case figures are told to no one
    (`counted.py`): each letter would be one to somebody who may not know of the case.

    Args:
        status: Where the case stands.
        urgency: Of the case.
        quiet_for: How long nothing happened in it.
        replied: Whether the person has read a human answer.
        counted: Whether the case is among those that are counted.
    """
    if not counted or (is_open(status) and urgency == "immediate"):
        return None
    if status == "closed" and quiet_for >= AFTER_CLOSING:
        return "closed"
    return "answered" if replied else None


def letter(question: Question, felt: Felt, register: Register) -> bytes:
    """Give the two bytes of a letter: the answer, and by whom it is in the coarsest way."""
    return bytes((_LETTERS.index((question, felt)), _REGISTERS.index(register)))


def read_letter(content: bytes) -> tuple[Question, Felt, Register]:
    """Read what `letter` gave.

    Raises:
        ValueError: It is no letter (a bug: letters are sealed and bound).
    """
    try:
        return (*_LETTERS[content[0]], _REGISTERS[content[1]])
    except IndexError:
        raise ValueError("no letter") from None


def told(letters: Mapping[tuple[Question, Felt], int], question: Question) -> dict[Felt, int]:
    """Give how many chose each answer to a question, in the order of the answers."""
    return {felt: letters.get((question, felt), 0) for felt in FELT}
