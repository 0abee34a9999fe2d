"""Whatever is killed, and wherever: what somebody was told is kept is there once. All places: `make faults`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from storage.database.instrumentation import POINTS, Point
from tests.faults.access_acts import KeepOut, Suspend
from tests.faults.acts import Act, Append, Astray, Brought, Claim, Notify, Reply, Send, Tidy, Unlock
from tests.faults.kills import killed_along, stage
from tests.faults.promises import audit
from tests.faults.sharing_acts import Ask
from tests.faults.together_acts import Together
from tests.newest import Engine
from tests.thoroughness import every

pytestmark = pytest.mark.slow

#: Where lives end while somebody does something: one life at each, in this order, until one is left to itself.
WAYS: Sequence[tuple[type[Act], tuple[Point, ...]]] = (
    (Notify, ("notice.begun", "notice.told")),
    (
        Send,
        (
            "fetch.confirmed",
            "fetch.given",
            "hush.begun",
            "hush.done",
            "send.sealed",
            "commit.begun",
            "commit.midway",
            "send.kept",
            "say.begun",
            "say.accepted",
            "send.shown",
            "fetch.confirming",
        ),
    ),
    (Append, ("append.sealed",)),
    (Append, ("append.kept",)),
    (Astray, ("say.begun", "say.accepted", "commit.done")),
    (Claim, ("deed.sealed",)),
    (Reply, ("deed.kept",)),
    (KeepOut, ("deed.sealed",)),
    (Suspend, ("commit.done",)),
    (Ask, ("commit.ready", "commit.done")),
    (Together, ("deed.kept",)),
    (Unlock, ("unlock.judged",)),
    (Unlock, ("unlock.kept",)),
    (Tidy, ("tidy.begun", "tidy.deleted", "commit.ready", "commit.done")),
    (Brought, ("brought.kept",)),
)

#: Those of a concern; behind them those of the desk, which are left to `make faults` on a server.
_HALF = 4


@pytest.mark.parametrize(
    ("on", "ways"),
    [
        pytest.param("sqlite", WAYS[:_HALF], id="sending"),
        pytest.param("sqlite", WAYS[_HALF:][:: every(8)], id="desk"),
        pytest.param("postgresql", WAYS[:_HALF], id="sending on a server", marks=pytest.mark.exhaustive),
    ],
)
async def test_what_was_shown_as_kept_survives_a_kill_at_every_failpoint(
    tmp_path: Path, on: Engine, ways: Sequence[tuple[type[Act], tuple[Point, ...]]]
) -> None:
    async with stage(tmp_path, on) as here:
        for kind, points in ways:
            some = points[:: every(4)]
            assert await killed_along(here, kind(), some) == some, f"{kind.name} did not come to all of them"
        found = await audit(here.lives, here.promises)
    assert found.good, found
    assert found.cases == len(here.promises.concerns)


def test_a_life_is_ended_at_every_failpoint_that_there_is() -> None:
    assert {point for _, points in WAYS for point in points} == set(POINTS)
