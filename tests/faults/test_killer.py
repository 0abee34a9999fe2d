"""Failpoints do nothing in the product: only a process of these tests can arm them, and what it does is told here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import instrumentation
from tests.faults.killer import Killer

ROOT = Path(__file__).parents[2]
PRODUCT = ("bot", "handlers", "storage", "flows", "locales")


@pytest.fixture(autouse=True)
def _at_rest() -> Iterator[None]:
    yield
    instrumentation.arm(None)


def test_every_point_that_is_reached_is_written_down_once_it_is_armed(tmp_path: Path) -> None:
    instrumentation.reach("send.sealed")
    instrumentation.arm(Killer(tmp_path).reached)
    instrumentation.reach("say.begun")
    instrumentation.reach("commit.done")
    assert (tmp_path / "reached").read_text().split() == ["say.begun", "commit.done"]


def arming(folder: Path) -> set[str]:
    """The modules below a folder in which the failpoints are armed."""
    modules = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.py")}
    return {name for name, source in modules.items() if "instrumentation.arm" in source or "import arm" in source}


def test_no_module_of_the_product_arms_them() -> None:
    assert set().union(*(arming(ROOT / folder) for folder in PRODUCT)) == set()
    assert "tests/faults/life.py" in arming(ROOT / "tests")
