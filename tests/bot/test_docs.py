"""What the documents and the files of `deploy/` tell people to type exists: commands, options, settings, files."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.__main__ import parser
from bot.deployment.settings import FILE, NAMES, load

ROOT = Path(__file__).parents[2]
GUIDES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
WRITTEN = (*GUIDES, *sorted(path for path in (ROOT / "deploy").iterdir() if path.is_file()))
#: Not settings of a deployment: a switch of the tests.
OTHERS = {"HARK_REGENERATE"}


def typed(text: str) -> Iterator[list[str]]:
    """The words of every command of Hark's that a text shows, without the program."""
    for code in shown(text):
        for found in re.findall(r"(?:^\s*hark|&& hark|bin/hark|-m bot) ((?:[\w\"'./-]+ ?)+)", code):
            yield found.split()


def shown(text: str) -> Iterator[str]:
    """What a text shows as code: in backticks, indented lines, and what the files of `deploy/` run."""
    whole = re.sub(r"\\\n\s*", " ", text)
    yield from (re.sub(r"\s+", " ", code) for code in re.findall(r"(?<!`)`([^`]+)`(?!`)", whole))
    yield from (line for line in whole.splitlines() if line.startswith(("    ", "Exec", "# Commands:")))
    for block in re.findall(r"```(?:sh|console)?\n(.*?)```", whole, re.DOTALL):
        yield from block.splitlines()


def known(words: Sequence[str]) -> tuple[bool, list[str]]:
    """Whether the command exists, and which of its options do not."""
    at: argparse.ArgumentParser = parser()
    options = [word for word in words if word.startswith("--")]
    for word in words:
        choices = next((one.choices for one in at._actions if isinstance(one, argparse._SubParsersAction)), None)
        if choices is None:
            break
        if word not in choices:
            return False, []
        at = choices[word]
    return True, [option for option in options if option not in at._option_string_actions]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\bHARK_[A-Z_]+[A-Z]\b", path.read_text("utf-8")))
    assert named - set(NAMES) - OTHERS == set()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_is_shown_exists_with_its_options(path: Path) -> None:
    assert [words for words in typed(path.read_text("utf-8")) if known(words) != (True, [])] == []


def test_the_look_at_commands_is_not_blind() -> None:
    found = [words[0] for path in WRITTEN for words in typed(path.read_text("utf-8"))]
    assert {"run", "invite", "recovery", "doctor", "flow"} <= set(found)
    assert known(["flow", "drwa"]) == (False, [])
    assert known(["invite", "Tom", "--rolle"]) == (True, ["--rolle"])


def test_every_settings_file_that_is_shown_is_one_that_hark_takes(tmp_path: Path) -> None:
    blocks = [
        block for path in GUIDES for block in re.findall(r"```toml\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    ]
    assert len(blocks) >= 2
    for block in blocks:
        (tmp_path / FILE).write_text(block)
        assert load({"HARK_DATA_DIR": str(tmp_path)}).sites


def test_every_target_of_make_that_is_shown_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        (word, path.name)
        for path in GUIDES
        for code in shown(path.read_text("utf-8"))
        for word in re.findall(r"^\s*make ([a-z]+)", code)
    }
    assert {word for word, _ in named} >= {"run", "test"}
    assert [one for one in named if one[0] not in targets] == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_of_the_project_that_is_named_in_code_exists(path: Path) -> None:
    tops = "bot|handlers|storage|flows|locales|tests|docs|deploy|requirements"
    named = re.findall(rf"`((?:{tops})/[\w./-]+)`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_test_that_is_named_is_in_the_file_that_is_named() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`: `(test_\w+)`", (ROOT / "docs" / "faults.md").read_text("utf-8"))
    assert len(named) >= 30
    assert [one for one in named if f"def {one[1]}(" not in (ROOT / one[0]).read_text("utf-8")] == []


def test_every_test_that_an_auditor_is_pointed_to_exists() -> None:
    rows = [row for row in (ROOT / "docs" / "what-shows-it.md").read_text("utf-8").splitlines() if row.startswith("| ")]
    lines = [row.split(" | ")[1] for row in rows if "shown by" not in row]
    assert len(lines) > 45
    missing = []
    for line in lines:
        named = re.findall(r"`(tests/[\w/]+\.py)`((?:,? test_\w+)+)", line)
        assert named or line.startswith("- "), line
        for path, names in named:
            there = set(re.findall(r"^(?:async )?def (test_\w+)", (ROOT / path).read_text("utf-8"), re.MULTILINE))
            missing += [name for name in re.findall(r"test_\w+", names) if name not in there]
    assert missing == []


def test_the_index_lists_every_decision_by_its_number_and_title() -> None:
    folder = ROOT / "docs" / "decisions"
    rows = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    listed = {name: f"# {number}. {title}" for number, title, name in rows}
    records = {path.name: path.read_text("utf-8").splitlines()[0] for path in folder.glob("[0-9]*.md")}
    assert len(records) > 20
    assert listed == records
    assert [int(number) for number, _, _ in rows] == list(range(1, len(records) + 1))
