"""How a run of these tests goes about its own work."""

from __future__ import annotations

import pytest


class _Counted:
    """Counts how often it was written out."""

    times = 0

    def __repr__(self) -> str:
        self.times += 1
        return "counted"


@pytest.fixture
async def counted() -> _Counted:
    return _Counted()


async def test_what_a_fixture_gives_is_written_out_for_nobody(counted: _Counted) -> None:
    assert counted.times == 0
