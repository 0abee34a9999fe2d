"""A table as a file: no cell is a formula to whatever opens it, and a number is a number."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.measures.csv_text import as_csv

HOSTILE = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "|cmd",
    "%0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\u202e=1",
    "\u2066\u200f@x",
    "\u0301=1",
    "\x00=1",
    "\n=1",
    "\uff1d1",
    "\uff20x",
    "\ufe62 1",
    "\u3000\uff0b1",
)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("cell", HOSTILE)
def test_what_would_begin_a_formula_has_an_apostrophe_before_it_also_behind_signs_that_nobody_sees(cell: str) -> None:
    [[written, other]] = read(as_csv([[cell, "plain"]]))
    assert written.startswith("'")
    assert other == "plain"


def test_numbers_stay_numbers_and_plain_texts_stay_as_they_are() -> None:
    assert as_csv([[5, -5, 0, "5", "Helped here", "a=b", "Größe, 10 %", ""]]) == (
        '5,-5,0,5,Helped here,a=b,"Größe, 10 %",\r\n'
    )


@given(st.lists(st.lists(st.one_of(st.integers(), st.text()), min_size=1, max_size=4), max_size=4))
def test_every_table_is_read_back_with_as_many_cells_and_no_formula(rows: list[list[str | int]]) -> None:
    back = read(as_csv(rows))
    assert [len(row) for row in back] == [len(row) for row in rows if row != [""]] or len(back) == len(rows)
    for before, after in zip(rows, back, strict=False):
        for old, new in zip(before, after, strict=False):
            if isinstance(old, int):
                assert new == str(old)
            else:
                assert not new.lstrip(" \t\r\n\u00a0\u200b\ufeff").startswith(("=", "+", "-", "@"))
