"""Whatever reporters and leads do, and in whatever order, the store holds what a simple model holds."""

from __future__ import annotations

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.machine import Desks


def test_the_store_agrees_with_the_model_through_restarts_redelivery_and_conflicts() -> None:
    few = settings(
        max_examples=5,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # `make faults` looks for the shortest run that fails; here that would take minutes
    )
    run_state_machine_as_test(Desks, settings=few)
