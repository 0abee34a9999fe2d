"""Which cases are in figures of all together: none that somebody was kept out of, and none about an adult."""

from __future__ import annotations

import pytest

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
