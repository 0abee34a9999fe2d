"""The sample school comes up however its dice fall."""

from __future__ import annotations

from bot.demo.sample_school import draw_passphrase
from storage.sealing.passphrase import check_passphrase

_DRAWS = 10_000  # one word four times over would be there ten times


def test_every_passphrase_of_the_sample_school_will_do() -> None:
    drawn = {draw_passphrase() for _ in range(_DRAWS)}
    assert [passphrase for passphrase in drawn if check_passphrase(passphrase, ["Willow Park School"])] == []
