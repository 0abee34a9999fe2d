"""With its models built on demand aiogram says what it says otherwise, sooner and in less memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def used(how: str) -> dict[str, Any]:
    program = [sys.executable, "-m", "tests.bot.aiogram_in_use", how]
    ended = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def test_aiogram_says_the_same_sooner_and_in_less_memory() -> None:
    at_once, on_demand = used("at once"), used("on demand")
    assert on_demand["said"] == at_once["said"]
    assert on_demand["size"] < at_once["size"] * 0.7
    assert on_demand["took"] < at_once["took"] * 0.6
