"""Whatever is killed, and wherever: what somebody was told is kept is there once. All places: `make faults`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storage.failpoints import POINTS, Point
from tests.faults.acts import Act, Append, Notify, Reply, Send, Tidy, Unlock
from tests.faults.kills import killed_at, stage
from tests.faults.promises import audit

#: One place for each thing that cannot be taken back.
PLACES: Sequence[tuple[type[Act], Point]] = (
    (Send, "send.kept"),
    (Send, "say.accepted"),
    (Append, "append.kept"),
    (Reply, "deed.kept"),
    (Unlock, "commit.midway"),
    (Tidy, "tidy.begun"),
    (Notify, "notice.told"),
)


async def test_what_was_shown_as_kept_survives_every_kill_and_every_failpoint_is_met(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        for kind, point in PLACES:
            assert await killed_at(here, kind(), point), f"{kind.name} never came to {point}"
        found = await audit(here.lives, here.promises)
        assert found.good, found
        assert found.cases == len(here.promises.concerns)
        assert set(POINTS) - set(here.lives.reached()) == set(), "a failpoint that nothing comes to"
