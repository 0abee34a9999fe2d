"""The figures of `docs/how-it-reads.md` that are of now are true; `HARK_REGENERATE=1` writes them anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.deployment.definition_files import read_definitions
from flows.drafts.rulebook import assemble
from tests.flows.crisis_figures import certainty_rows, class_figures
from tests.how_it_reads import REGISTERS, efforts, rows

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "how-it-reads.md"


def test_what_the_page_says_of_now_is_true() -> None:
    phrases = assemble(read_definitions()).phrases
    now = [*rows(TOP, "now"), *(one.row() for one in class_figures(phrases)), *certainty_rows(phrases)]
    page = PAGE.read_text("utf-8")
    if os.environ.get("HARK_REGENERATE"):
        for row in now:
            page = re.sub(rf"^{re.escape(_key(row))}.*$", row, page, flags=re.MULTILINE)
        PAGE.write_text(page, "utf-8")
    assert len({_key(row) for row in now}) == len(now) > 50
    assert [row for row in now if page.splitlines().count(row) != 1] == []


def test_every_figure_of_now_stands_below_one_of_before() -> None:
    keys = [_key(line) for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    now = [key for key in keys if key.endswith("| now |")]
    assert len(now) == 3 * len(REGISTERS) + 3
    assert [key for key in now if keys[keys.index(key) - 1] != key.replace("| now |", "| before |")] == []


@pytest.mark.parametrize("receipt", ["one {receipt}", "two"])
def test_a_talk_without_the_words_is_not_counted(receipt: str) -> None:
    with pytest.raises(StopIteration):
        efforts(f"> /start\n< Hello.\n\n> [I am 9]\n= {receipt}\n", 100)


def test_what_stood_on_the_screen_before_is_not_read_again() -> None:
    talk = """
> /start
< Hello there.
  Who is it?
  [I am 9]
  [Help now]

> [I am 9]
= Who is it?
  [Go on]

> so
= Thank you.
  {receipt}

> [Go on]
= You can write more here at any time.
"""
    sent, until, after = efforts(talk, 60)
    assert (until.taps, until.written, until.screens) == (1, 1, 3)
    assert until.words == len(["Hello", "there.", "Who", "is", "it?", "I", "am", "9", "Go", "on", "Thank", "you."]) + 8
    assert until.seconds == until.words + 2.45
    assert (sent.taps, sent.written, sent.screens, sent.words) == (1, 1, 2, until.words - len(["Thank", "you."]) - 8)
    assert (sent.needed, sent.needed_seconds) == (sent.words - len(["Go", "on"]), sent.needed + 2.45)
    assert (after.taps, after.written, after.screens, after.words) == (1, 0, 1, 8)


def _key(row: str) -> str:
    """The first two cells, by which a row is known."""
    return "|".join(row.split("|")[:3]) + "|"
