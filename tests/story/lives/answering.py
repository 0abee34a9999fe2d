"""Answers whatever is asked after sending, by the kind of question that its keys show."""

from __future__ import annotations

from typing import Final

from tests.story.lives.teller import Teller

_MOST: Final = 60  # screens that no conversation may be longer than
#: The step that keys carry which belong to no question.
_BETWEEN: Final = "-"
#: What goes on from a screen between: after help, and to the next three questions.
_ONWARD: Final = ("k:-:carry_on", "k:-:questions")


async def answer_all(teller: Teller, words: str, category: tuple[str, str]) -> None:
    """Answer every question with its first choice or with `words`, and what it is about with a group and a category."""
    for _ in range(_MOST):
        await teller.sees("*:more", look=False)
        offered = await teller.offered()
        step = step_of(offered)
        if step != _BETWEEN:
            await answer(teller, step, offered, words, category)
        elif onward := [asks for asks in _ONWARD if asks in offered]:
            await teller.tap(onward[0])
        else:
            return
    raise AssertionError(f"still asked after {_MOST} screens:\n{await teller.said()}")


async def answer(teller: Teller, step: str, offered: list[str], words: str, category: tuple[str, str]) -> None:
    """Answer the question on the screen, which is `step` and offers these keys."""
    choices = [asks for asks in offered if asks.startswith(f"q:{step}:")]
    several = f"k:{step}:done" in offered
    if step == "C10":
        for one in category:
            await teller.tap(f"q:C10:{one}")
        await teller.tap("k:C10:done")
    elif not several:
        await teller.tap(choices[0])
    elif choices and not choices[0].endswith(":now"):
        await teller.tap(choices[0])
        await teller.tap(f"k:{step}:done")
    else:
        await teller.write(words, before=f"k:{step}:done")
        await teller.tap(f"k:{step}:done")


def step_of(offered: list[str]) -> str:
    """The question whose keys these are, or `-` for none."""
    return next(asks.split(":")[1] for asks in reversed(offered) if asks.startswith("k:") and asks.endswith(":more"))
