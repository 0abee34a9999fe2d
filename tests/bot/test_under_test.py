"""Failpoints cost nothing until a test asks for them, and nobody can ask for them where people write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery import failpoint_control
from bot.deployment.settings import NAMES, SettingsError, load
from storage.database import instrumentation

LIVE = '[site.oak]\nname = "Oak School"\ntimezone = "Europe/London"\npractice = false\n'


@pytest.fixture(autouse=True)
def _at_rest() -> Iterator[None]:
    yield
    instrumentation.arm(None)


def arm(folder: Path, *, live: bool = False, **more: str) -> None:
    environ = {"HARK_DATA_DIR": str(folder), failpoint_control.VARIABLE: str(folder), **more}
    failpoint_control.arm(environ, load(environ), lambda _: live)


def test_without_the_variable_nothing_watches_the_points(tmp_path: Path) -> None:
    failpoint_control.arm({}, load({"HARK_DATA_DIR": str(tmp_path)}), lambda _: True)
    instrumentation.reach("commit.done")
    assert not list(tmp_path.iterdir())


def test_with_it_every_point_that_is_reached_is_written_down(tmp_path: Path) -> None:
    arm(tmp_path)
    instrumentation.reach("say.begun")
    instrumentation.reach("commit.done")
    assert (tmp_path / "reached").read_text().split() == ["say.begun", "commit.done"]


def test_a_site_that_is_not_in_practice_refuses_it(tmp_path: Path) -> None:
    (tmp_path / "hark.toml").write_text(LIVE)
    with pytest.raises(SettingsError, match=failpoint_control.VARIABLE):
        arm(tmp_path)


def test_a_site_that_the_leads_took_live_refuses_it_whatever_the_settings_say(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=failpoint_control.VARIABLE):
        arm(tmp_path, live=True)


@pytest.mark.parametrize("url", ["https://api.telegram.org", "https://127.0.0.1.example.org"])
def test_a_messenger_out_there_refuses_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError):
        arm(tmp_path, HARK_TOKEN="1:a", HARK_API_URL=url)
    arm(tmp_path, HARK_TOKEN="1:a", HARK_API_URL="http://127.0.0.1:9")


def test_a_program_that_is_refused_ends_before_it_takes_anything(tmp_path: Path) -> None:
    (tmp_path / "hark.toml").write_text(LIVE)
    environ = {"HARK_DATA_DIR": str(tmp_path), "HARK_WEB_PORT": "0", failpoint_control.VARIABLE: str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env={**os.environ, **environ},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert failpoint_control.VARIABLE in done.stderr
    assert not done.stdout


def test_it_is_no_setting_of_an_operator() -> None:
    assert failpoint_control.VARIABLE not in NAMES
