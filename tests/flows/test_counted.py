"""Which cases are in figures of all together: none that somebody was kept out of, and none about an adult."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.measures.box import occasion
from flows.measures.counted import is_counted


def test_cases_among_children_that_nobody_was_kept_out_of_are_counted() -> None:
    assert is_counted((), {"C14": ("no",)}, ("bullying.online",), unsure=False)
    assert is_counted((), {}, (), unsure=False)


@pytest.mark.parametrize(
    ("kept_out", "chosen", "categories", "unsure"),
    [
        (("L",), {}, (), False),
        ((), {"C14": ("yes",)}, (), False),
        ((), {"P8": ("not_sure",)}, (), False),
        ((), {"SC": ("yes",)}, (), False),
        ((), {}, ("staff_conduct.low_level",), False),
        ((), {}, ("bullying.online", "adult_external"), False),
        ((), {}, ("system_misuse",), False),
        ((), {}, (), True),
    ],
)
def test_all_others_are_not(
    kept_out: tuple[str, ...],
    chosen: dict[str, tuple[str, ...]],
    categories: tuple[str, ...],
    unsure: bool,  # noqa: FBT001 - pytest gives it by name
) -> None:
    assert not is_counted(kept_out, chosen, categories, unsure=unsure)


@pytest.mark.parametrize(
    ("status", "urgency", "days", "replied", "counted", "expected"),
    [
        ("acknowledged", "soon", 0, False, True, None),
        ("acknowledged", "soon", 0, True, True, "answered"),
        ("acknowledged", "soon", 30, True, True, "answered"),
        ("acknowledged", "immediate", 30, True, True, None),
        ("reopened", "immediate", 30, True, True, None),
        ("closed", "immediate", 0, True, True, "answered"),
        ("closed", "immediate", 7, True, True, "closed"),
        ("closed", "soon", 6, True, True, "answered"),
        ("closed", "soon", 6, False, True, None),
        ("closed", "soon", 7, False, True, "closed"),
        ("closed", "soon", 7, True, False, None),
        ("acknowledged", "soon", 0, True, False, None),
    ],
)
def test_people_are_asked_once_they_were_answered_and_a_week_after_closing(
    status: Any, urgency: Any, days: int, replied: Any, counted: Any, expected: str | None
) -> None:
    asked = occasion(status, urgency, timedelta(days=days), replied=replied, counted=counted)
    assert asked == expected
