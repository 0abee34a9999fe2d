"""Who may know what, through every change of those who read: shortly here, and at length by `make faults`."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.access.machine import Access

pytestmark = pytest.mark.slow


def test_everybody_opens_counts_and_is_told_of_what_the_model_says_and_nobody_else_anything() -> None:
    Access.injected = Access.accepted = Access.compared = Access.shared = Access.joint = 0
    few = settings(
        max_examples=4,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # `make faults` looks for the shortest run that fails; here that would take minutes
    )
    run_state_machine_as_test(Access, settings=few)
    assert Access.accepted
    assert Access.injected
    assert Access.compared
    assert Access.shared
    assert Access.joint
