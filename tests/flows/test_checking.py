"""How many have to say that a name in the words is not the one it is about."""

from __future__ import annotations

import pytest

from flows.conversation.explanation import takes_two
from flows.drafts.scene import ADULT_QUESTIONS


@pytest.mark.parametrize("step", ADULT_QUESTIONS)
@pytest.mark.parametrize(("said", "two"), [("yes", True), ("not_sure", True), ("no", False)])
def test_about_an_adult_here_or_maybe_it_takes_two(step: str, said: str, *, two: bool) -> None:
    assert takes_two({step: (said,)}, (), unsure=False) is two


def test_whoever_told_since_that_it_is_about_one_makes_it_two() -> None:
    assert takes_two({"C14": ("no",)}, ("staff_conduct.low_level",), unsure=False)
    assert not takes_two({"C14": ("no",)}, ("bullying.online",), unsure=False)


def test_not_sure_who_of_the_readers_makes_it_two() -> None:
    assert takes_two({}, (), unsure=True)
    assert not takes_two({}, (), unsure=False)
