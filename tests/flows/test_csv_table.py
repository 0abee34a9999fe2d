"""A table for a spreadsheet: what somebody wrote never runs there, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.measures.csv_table import csv_table, plain_cell


@pytest.mark.parametrize(
    "written",
    [
        "=1+1",
        "+49 1",
        "-a",
        "@SUM(A1)",
        "|cmd",
        "\t=1",
        "\r=1",
        " =1",
        "\u200b=1",
        "\u202e=1",
        "\ufeff=1",
        "\u00a0=1",
        "\u2060\u200d @x",
        "\uff1d1+1",
        "﹢1a",
        "\u0301=1",
        "%0A",
        "\x00=1",
        "\n=1",
        "\u2066\u200f@x",
        "\u3000\uff0b1",
    ],
)
def test_what_would_be_a_formula_is_text(written: str) -> None:
    assert plain_cell(written) == f"'{written}"


@pytest.mark.parametrize("written", ["-3", "+3", "12,5", "0", "1.25", "Tom = 3", "a@b.org", "", "«=1»", "(=1)"])
def test_numbers_and_words_stay_as_they_are(written: str) -> None:
    assert plain_cell(written) == written


def test_numbers_are_written_without_quotes() -> None:
    assert csv_table([("a", 5, -2.5)]) == b'\xef\xbb\xbf"a",5,-2.5\r\n'


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_table_is_read_back_with_no_cell_that_begins_a_formula(rows: list[list[str]]) -> None:
    made = csv_table(rows).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(made, newline="")))
    assert [len(row) for row in found] == [len(row) for row in rows]
    for cell in (cell for row in found for cell in row):
        seen = "".join(sign for sign in cell if unicodedata.category(sign)[0] not in "CZM")
        assert seen[:1] not in set("=@|%") or not seen
