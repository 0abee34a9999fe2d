"""Runs tests in a forked process in which one module holds a fault, and which lines of a module each test reaches."""

from __future__ import annotations

import ast
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import pkgutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, Final, Literal, TypeAlias

import pytest
from hypothesis import settings

from tests.mutants.changes import Change

Verdict: TypeAlias = Literal["killed", "timeout", "survived"]

_OURS: Final = ("flows", "storage", "handlers")
#: A fault that needs many examples would be found on some days only.
_PROFILE: Final = "mutants"
settings.register_profile(_PROFILE, deadline=None, database=None, derandomize=True, max_examples=40)
#: Left out: what does something a million times, needs minutes or a browser, is repeated on a server, or runs in a
#: process without the fault.
_ASKED: Final = (
    *("-x", "-q", "-m", "not slow and not browser", "-k", "not hundred_thousand"),
    *("-p", "pytest_asyncio.plugin", "-p", "_hypothesis_pytestplugin"),  # to look for plugins takes longer than a test
    *("-p", "no:cacheprovider", "--disable-warnings", f"--hypothesis-profile={_PROFILE}"),
)


@dataclass(frozen=True, slots=True)
class Reached:
    """Which lines of a module each test reaches, by the test's id; those that importing it reaches; and the seconds."""

    tests: dict[str, frozenset[int]]
    importing: frozenset[int]
    seconds: dict[str, float]

    def by(self, lines: range) -> frozenset[str]:
        """Give the tests that a fault in these lines can change."""
        wanted = set(lines)
        every = not self.importing.isdisjoint(wanted)
        return frozenset(test for test, of in self.tests.items() if every or not of.isdisjoint(wanted))


class _Altered(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a tree instead of its file."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(self, name: str, *_: Any) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_file_location(name, self._path, loader=self) if name == self._name else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:  # noqa: ARG002 - of the loader
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)  # noqa: S102 - the module itself, with the fault in it


class _NotYetError(Exception):
    """The module that faults are put into is asked for before there is one in it."""


class _Withheld(importlib.abc.MetaPathFinder):
    """Keeps one module from being imported, and so every module that needs it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, name: str, *_: Any) -> None:
        if name == self._name:
            raise _NotYetError


def import_all_but(name: str) -> None:
    """Import what is ours and does not need a module, so that no forked process has to; not to be undone."""
    withheld = _Withheld(name)
    sys.meta_path.insert(0, withheld)
    for root in _OURS:
        for module in pkgutil.walk_packages([root], f"{root}.", onerror=lambda _: None):
            if ".migrations" not in module.name:
                with suppress(_NotYetError):
                    importlib.import_module(module.name)
    sys.meta_path.remove(withheld)
    gc.freeze()


@dataclass
class _Watch:
    """Notes which lines of one file are reached, by the test that runs."""

    file: str
    lines: set[int] = field(default_factory=set)
    importing: frozenset[int] = frozenset()
    tests: dict[str, list[int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def begin(self) -> None:
        sys.settrace(self._called)
        threading.settrace(self._called)

    def _called(self, frame: FrameType, _event: str, _given: object) -> Callable[..., Any] | None:
        return self._reached if frame.f_code.co_filename == self.file else None

    def _reached(self, frame: FrameType, _event: str, _given: object) -> Callable[..., Any]:
        self.lines.add(frame.f_lineno)
        return self._reached

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if not self.tests:
            self.importing = frozenset(self.lines)
        self.lines.clear()
        began = time.monotonic()
        self.begin()  # something may have set another
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.monotonic() - began
            self.tests[item.nodeid] = sorted(self.lines)


class _OneEngine:
    """Leaves the repetition of a test on a server out: who reads is decided above the engine."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if "postgresql" not in item.name]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Keeps the tests that a fault can change, the quickest first, and those that are there only with it."""

    reached: Reached
    wanted: frozenset[str]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        known = self.reached.seconds
        items[:] = [item for item in items if item.nodeid in self.wanted or item.nodeid not in known]
        items.sort(key=lambda item: known.get(item.nodeid, 0))


def reach(name: str, path: Path, tests: Sequence[str], notes: Path) -> Reached:
    """Run the tests without a fault.

    Raises:
        AssertionError: One of them fails.
    """
    code = compile(ast.parse(path.read_text()), str(path), "exec")

    def run() -> int:
        watch = _Watch(str(path))
        watch.begin()
        ended = _tests(name, path, code, tests, watch)
        sys.settrace(None)
        kept = {"tests": watch.tests, "importing": sorted(watch.importing), "seconds": watch.seconds}
        notes.write_text(json.dumps(kept))
        return ended

    process = _fork(run, quiet=False)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, f"the tests of {name} fail as they are"
    kept = json.loads(notes.read_text())
    found = {test: frozenset(lines) for test, lines in kept["tests"].items()}
    return Reached(found, frozenset(kept["importing"]), kept["seconds"])


def begin(name: str, path: Path, tree: ast.Module, change: Change, reached: Reached) -> int:
    """Start the tests that a fault can change, with it; gives the process, whose tree alone has it."""
    wanted = reached.by(change.lines)
    files = sorted({test.partition("::")[0] for test in wanted})

    def run() -> int:
        change.put()
        code = compile(ast.fix_missing_locations(tree), str(path), "exec")
        return _tests(name, path, code, files, _Wanted(reached, wanted))

    return _fork(run, quiet=True)


def verdict(status: int) -> Verdict:
    """Say what became of a fault, by the status with which its process ended."""
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGKILL:
        return "timeout"
    return "survived" if code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else "killed"


def _tests(name: str, path: Path, code: CodeType, tests: Sequence[str], *plugins: object) -> int:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.meta_path.insert(0, _Altered(name, path, code))
    return int(pytest.main([*_ASKED, *tests], plugins=[_OneEngine(), *plugins]))


def _fork(run: Callable[[], int], *, quiet: bool) -> int:
    process = os.fork()
    if process:
        return process
    code = 70
    try:
        os.setsid()
        if quiet:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
        code = run()
    finally:
        os._exit(code)
