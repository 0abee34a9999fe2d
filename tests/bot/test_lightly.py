"""aiogram imported lightly behaves as aiogram does, sooner and smaller; a version that builds otherwise fails here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def used(how: str) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bot.aiogram_in_use", how], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def test_aiogram_says_the_same_sooner_and_in_less_memory() -> None:
    plain, lightly = used("plain"), used("lightly")
    assert lightly["put_off"] > 300
    assert plain["put_off"] == 0, "where aiogram is there already nothing is done"
    assert lightly["said"] == plain["said"]
    assert lightly["size"] < plain["size"] * 0.7
    assert lightly["took"] < plain["took"] * 0.6


def test_no_command_imports_aiogram_but_those_that_import_it_lightly() -> None:
    code = """
import sys
from importlib import import_module
from pkgutil import iter_modules
import bot.commands
from bot.__main__ import TALKING

for module in iter_modules(bot.commands.__path__):
    if module.name not in TALKING:
        import_module(f"bot.commands.{module.name}")
        assert "aiogram" not in sys.modules, module.name
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_doctor_and_invite_wait_for_nothing_that_they_do_not_need() -> None:
    code = """
import sys
import bot.commands.doctor, bot.commands.invite
for name in ("alembic", "aiohttp", "aiogram", "prometheus_client"):
    assert name not in sys.modules, name
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_any_model_can_still_be_used() -> None:
    code = """
from bot.updates.lazy_aiogram import import_aiogram
import_aiogram()
import aiogram.methods, aiogram.types
for module in (aiogram.types, aiogram.methods):
    for name in module.__all__[::12]:
        kind = vars(module)[name]
        if isinstance(kind, type) and hasattr(kind, "model_rebuild"):
            kind.__pydantic_validator__.title  # a model that is looked at builds itself
            assert kind.__pydantic_complete__, name
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
