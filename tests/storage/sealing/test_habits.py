"""What the whole package keeps to: few imports, and no comparison that tells by its time."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3] / "storage" / "sealing"
MODULES = sorted(PACKAGE.glob("*.py"))
SECRET_NAMES = {"tag", "mac", "commitment", "bound", "talk", "desk", "typed", "pin", "digest", "code", "secret"}


def test_importing_all_of_it_stays_light() -> None:
    imports = "; ".join(f"import storage.sealing.{path.stem}" for path in MODULES if path.stem != "__init__")
    ask = f"import sys; {imports}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    heavy = {"aiogram", "sqlalchemy", "aiosqlite", "babel", "asyncio", "logging", "alembic"}
    assert heavy.isdisjoint(done.stdout.split())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_secrets_are_compared_in_constant_time_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = {answerer.id for answerer in (node.left, *node.comparators) if isinstance(answerer, ast.Name)}
            sides |= {
                answerer.attr for answerer in (node.left, *node.comparators) if isinstance(answerer, ast.Attribute)
            }
            assert sides.isdisjoint(SECRET_NAMES), f"line {node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_has_a_clock_or_grows_too_long(path: Path) -> None:
    source = path.read_text()
    assert not any(clock in source for clock in ("time.time", "datetime.now", "utcnow", "time.monotonic"))
    assert len(source.splitlines()) <= 200
