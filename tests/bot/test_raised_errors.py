"""Every public function names those of Hark's own errors that come through it from what it calls.

A class, or a module, may say it once, with "Every method" or "Every coroutine here"; an error may be named by a class
that it is one of.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.bot.names_in_code import Code, Key
from tests.bot.raised_errors import errors_of

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "storage", "flows", "locales")
#: What is not raised all the same, by the function that it would come through, and why.
NEVER: Mapping[Key, frozenset[str]] = {
    # It reads the key that it has just written.
    ("storage.sealing.keys.day_keys", "DayKeys._draw"): frozenset({"CannotOpen"}),
    # It asks for no version of the case, and none of its deeds needs words to be read or takes a code.
    ("storage.desk.handovers", "Handing._each"): frozenset({"Stale", "CodeMissing"}),
    # Neither deed needs words to be read or takes a code; what is taken in asks for no version of the case.
    ("storage.desk.partnership.sharing.case_shares", "CaseShares.take_back"): frozenset({"CodeMissing"}),
    ("storage.desk.partnership.sharing.case_shares", "CaseShares.take_in"): frozenset({"Stale", "CodeMissing"}),
    # Days, times and zone were each looked at before, and refused as a setting.
    ("bot.deployment.sites", "_hours"): frozenset({"HoursError"}),
}


def unnamed(code: Code, never: Mapping[Key, frozenset[str]]) -> Iterator[str]:
    """Yield each public function with each of Hark's own errors that comes through it and that nothing names."""
    for key, errors in sorted(errors_of(code, never).items()):
        if not any(part.startswith("_") and not part.startswith("__") for part in key[1].split(".")):
            told = named_by(code, key)
            for error in sorted(errors):
                if not any(re.search(rf"\b{name}\b", told) for module, name in code.lineage(error) if module):
                    yield f"{key[0]}:{key[1]} {error[1]}"


def named_by(code: Code, key: Key) -> str:
    """Give what is said of what a function raises: by itself, by its class, and by its module."""
    owner = code.classes.get((key[0], key[1].partition(".")[0]))
    own = ast.get_docstring(code.functions[key]) or ""
    around = (ast.get_docstring(one) or "" for one in (owner, code.modules[key[0]]) if one is not None)
    if key[1].endswith(".__init__") and owner is not None:
        own += ast.get_docstring(owner) or ""
    parts = (re.search(r"\bRaises?\b.*", own, re.DOTALL), *(EVERY.search(one) for one in around))
    return "\n".join(part[0] for part in parts if part is not None)


#: How a class or a module says what each of its functions raises.
EVERY = re.compile(r"\bEvery (?:coroutine|method)\b.*", re.DOTALL)


@cache
def product() -> Code:
    """Return the code of the product, read once."""
    paths = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    names = ((path, ".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in paths)
    return Code({name.removesuffix(".__init__"): ast.parse(path.read_text("utf-8")) for path, name in names})


def test_every_public_function_names_what_comes_through_it() -> None:
    assert list(unnamed(product(), NEVER)) == []


def test_nothing_is_left_out_that_would_not_come_through() -> None:
    every = errors_of(product(), {})
    for key, names in NEVER.items():
        assert names <= {error[1] for error in every[key]}, f"{key} does not raise it: take it out of NEVER"


THROUGH = {
    "house.errors": """
class Gone(Exception): ...
class Burnt(Gone): ...
class Wet(Exception): ...
LEFT = (Burnt, Wet)
""",
    "house.cellar": """
from contextlib import contextmanager, suppress
from house import errors
from house.errors import Burnt, Gone, Wet
class Cellar:
    def look(self):
        raise Burnt
    @property
    def depth(self) -> int:
        raise Wet
    def lost(self) -> Gone:
        return Gone()
@contextmanager
def pumped():
    try:
        yield
    except Wet:
        pass
class Dry:
    def __enter__(self): ...
    def __exit__(self, kind, error, traceback):
        match error:
            case Wet():
                return True
            case _:
                return False
""",
    "house.hall": """
from house import errors
from house.cellar import Cellar, Dry, pumped
from house.errors import Burnt, Gone, Wet
class Hall:
    def __init__(self, cellar: Cellar):
        self._cellar = cellar
    def through(self):
        self._cellar.look()
    def by_property(self):
        return self._cellar.depth
    def made(self):
        raise self._cellar.lost()
    def caught(self):
        try:
            self._cellar.look()
        except Gone:
            return self._cellar.depth
    def caught_by_tuple(self):
        try:
            self._cellar.look()
        except errors.LEFT:
            return None
    def raised_again(self):
        try:
            self._cellar.look()
        except Burnt:
            raise
        except Exception:
            return None
    def ended(self):
        with pumped():
            self._cellar.depth
        with Dry():
            self._cellar.depth
    def _private(self):
        self._cellar.look()
def made_here():
    Hall(Cellar()).through()
def told():
    \"\"\"Look.

    Raises:
        Gone: It is.
    \"\"\"
    made_here()
""",
}


def test_errors_are_followed_through_calls() -> None:
    code = Code({name: ast.parse(text) for name, text in THROUGH.items()})
    assert [one for one in unnamed(code, {}) if one.startswith("house.hall")] == [
        "house.hall:Hall.by_property Wet",
        "house.hall:Hall.caught Wet",
        "house.hall:Hall.made Gone",
        "house.hall:Hall.raised_again Burnt",
        "house.hall:Hall.through Burnt",
        "house.hall:made_here Burnt",
    ]
    assert "house.hall:made_here Burnt" not in list(
        unnamed(code, {("house.hall", "Hall.through"): frozenset({"Burnt"})})
    )
