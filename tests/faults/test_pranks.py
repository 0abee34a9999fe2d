"""One true report among pranks that all claim danger stays on the queue's first page. All 5,000: `make faults`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.pranks import PAGE, wave

pytestmark = pytest.mark.slow


async def test_a_true_report_stays_on_the_first_page_and_no_prank_is_left_out(tmp_path: Path) -> None:
    came = await wave(tmp_path, "sqlite", pranks=200, sources=15, seed=1)
    assert came.queued == came.sent == 201
    assert not came.doubled
    assert came.place <= PAGE
    assert came.worst <= PAGE, "from when each prankster had sent twice"
    assert came.counted == came.sent, "a lead was told of all of them"
    assert came.told < came.sent / 10, "in a few notices"
