"""Day keys: one a day, gone after three."""

import os
import stat
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.keys.day_keys import DayKey, DayKeys
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.errors import CannotOpen, KeyFileUnusable
from tests.programs.start import run_module
from tests.storage.killed_day_keys import LATER

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_day_has_one_key_also_after_a_restart(tmp_path: Path) -> None:
    key = DayKeys(tmp_path / "days").current(NOON)
    again = DayKeys(tmp_path / "days")
    assert again.current(NOON + timedelta(hours=11)) == key == again.for_day(date(2026, 3, 4))
    assert again.current(NOON + DAY) != key


def test_the_day_is_that_of_utc(tmp_path: Path) -> None:
    late_in_new_york = datetime(2026, 3, 4, 22, tzinfo=timezone(timedelta(hours=-5)))
    assert DayKeys(tmp_path).current(late_in_new_york).day == date(2026, 3, 5)


def test_files_and_directory_are_for_their_owner_only(tmp_path: Path) -> None:
    DayKeys(tmp_path / "days").current(NOON)
    assert stat.S_IMODE((tmp_path / "days").stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "days").iterdir()] == [0o600]


def test_after_72_hours_a_key_is_destroyed_for_good(tmp_path: Path) -> None:
    keys = DayKeys(tmp_path)
    kept = tmp_path / "2026-03-04.daykey"
    secret = keys.current(NOON).secret
    content = kept.read_bytes()
    still_there = kept.open("rb")
    third_midnight = datetime(2026, 3, 7, tzinfo=UTC)
    assert keys.destroy_old(third_midnight - timedelta(seconds=1)) == ()
    assert keys.for_day(date(2026, 3, 4)).secret == secret
    assert keys.destroy_old(third_midnight) == (date(2026, 3, 4),)
    assert not kept.exists()
    with still_there:
        assert still_there.read() != content  # it was overwritten before it was removed
    for opened in (keys, DayKeys(tmp_path)):
        with pytest.raises(CannotOpen):
            opened.for_day(date(2026, 3, 4))


def test_what_was_sealed_on_a_destroyed_day_stays_shut_even_if_the_clock_steps_back(tmp_path: Path) -> None:
    keys, place = DayKeys(tmp_path), Place("draft", None, "tg:7", "answers", 1)
    sealed = seal(keys.current(NOON).box_key(), place, b"answers")
    assert open_box(keys.current(NOON).box_key(), place, sealed) == b"answers"
    keys.destroy_old(NOON + 3 * DAY)
    with pytest.raises(CannotOpen):
        open_box(keys.current(NOON).box_key(), place, sealed)


def test_recent_keys_are_those_that_are_there_newest_first_whatever_the_clock_says(tmp_path: Path) -> None:
    keys = DayKeys(tmp_path)
    for days in range(5):
        keys.current(NOON + days * DAY)
    for now in (NOON, NOON + 4 * DAY, NOON + 400 * DAY):
        assert [key.day.day for key in keys.recent(now)] == [8, 7, 6, 5, 4]
    assert [day.day for day in keys.destroy_old(NOON + 4 * DAY)] == [4, 5]
    assert [key.day.day for key in keys.recent(NOON + 4 * DAY)] == [8, 7, 6]


def test_a_key_of_a_day_to_come_has_its_72_hours_from_when_the_clock_was_set_back(tmp_path: Path) -> None:
    keys, third = DayKeys(tmp_path), NOON + 3 * DAY
    ahead = keys.current(NOON + 365 * DAY)
    os.utime(tmp_path / f"{ahead.day.isoformat()}.daykey", ((NOON + 365 * DAY).timestamp(),) * 2)
    assert keys.destroy_old(NOON) == ()
    assert keys.destroy_old(third - timedelta(seconds=1)) == ()
    assert keys.destroy_old(third) == (ahead.day,)


def test_a_change_of_keys_that_is_killed_anywhere_leaves_keys_that_serve_and_nothing_of_an_old_one(
    tmp_path: Path,
) -> None:
    killed = run_module("tests.storage.killed_day_keys", str(tmp_path))
    assert killed.returncode == 0, killed.stderr
    *killed, whole = sorted(tmp_path.iterdir(), key=lambda folder: int(folder.name))
    assert len(killed) >= 8
    for folder in (*killed, whole):
        keys = DayKeys(folder)
        today = keys.current(LATER)
        assert today in keys.recent(LATER), folder.name
        keys.destroy_old(LATER)
        assert DayKeys(folder).recent(LATER) == (today,), folder.name
        assert not list(folder.glob("*2026-03-04.daykey.going")), folder.name


def test_destroying_twice_is_harmless(tmp_path: Path) -> None:
    keys = DayKeys(tmp_path)
    keys.current(NOON)
    keys.destroy_old(NOON + 4 * DAY)
    assert keys.destroy_old(NOON + 4 * DAY) == ()


def test_a_damaged_key_is_never_replaced_in_silence(tmp_path: Path) -> None:
    DayKeys(tmp_path).current(NOON)
    (tmp_path / "2026-03-04.daykey").write_bytes(b"half")
    with pytest.raises(KeyFileUnusable):
        DayKeys(tmp_path).current(NOON)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=5), st.integers(0, 2**60))
def test_marks_know_the_same_update_again_that_day_only(secret: bytes, door: str, update: int) -> None:
    key = DayKey(date(2026, 3, 4), secret)
    other = DayKey(date(2026, 3, 5), bytes(byte ^ 1 for byte in secret))
    assert key.mark("seen", door, update) == key.mark("seen", door, update)
    assert len(key.mark("seen", door, update)) == 16
    assert key.mark("seen", door, update) not in (
        key.mark("seen", door, update + 1),
        key.mark("limit", door, update),
        other.mark("seen", door, update),
    )


def test_keys_do_not_show_when_printed() -> None:
    assert repr(DayKey(date(2026, 3, 4), bytes(32))) == "DayKey(day=datetime.date(2026, 3, 4))"
