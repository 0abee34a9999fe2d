"""Whatever reporters and leads do, and in whatever order, what is kept is what a simple model holds."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.faults.hands import Hands
from tests.faults.machine import Desks
from tests.faults.screens import Screens
from tests.newest import Engine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("machine", "on", "runs", "steps"),
    [(Desks, "sqlite", 4, 20), (Desks, "postgresql", 4, 20), (Screens, "sqlite", 2, 6)],
)
def test_what_is_kept_agrees_with_the_model_through_restarts_redelivery_and_conflicts(
    machine: type[Desks | Screens], on: Engine, runs: int, steps: int
) -> None:
    machine.engine, machine.injected, machine.accepted = on, 0, 0
    _agree(machine, runs, steps)
    assert machine.accepted
    assert machine.injected


def test_whatever_a_hand_writes_into_the_database_is_found_or_harmless_and_no_concern_stays_unread() -> None:
    Hands.injected = Hands.accepted = Hands.written = Hands.noticed = 0
    _agree(Hands, 5, 14)
    assert Hands.accepted
    assert Hands.written >= Hands.noticed > 0


def _agree(machine: type[RuleBasedStateMachine], runs: int, steps: int) -> None:
    few = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # `make faults` looks for the shortest run that fails; here that would take minutes
    )
    run_state_machine_as_test(machine, settings=few)
