"""Tables as spreadsheets save them: the same table is read the same, and what is none is named with its line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.loading.file_formats import read_table
from flows.loading.helplines import COLUMNS, check_helplines, for_country
from flows.loading.source_lines import DefinitionError

PLAIN = "name,number,note\nChildline,0800 1111,\nOther,116 111,two words\n"
READ = [
    {"name": "Childline", "number": "0800 1111", "note": ""},
    {"name": "Other", "number": "116 111", "note": "two words"},
]


def rows(text: str) -> list[dict[str, str]]:
    return [dict(row) for _, row in read_table(text, "x.csv", ("name", "number", "note"))]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=;\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("\n", ",,,\n"),
        PLAIN.replace("\n", "\n\n"),
        "\n" + PLAIN + ",,\n,,\n",
        PLAIN.replace("1111,\n", "1111\n"),
        PLAIN.replace("name,number,note", "Name , NUMBER,\u00a0Note"),
        PLAIN.replace("two words", '"two words"').replace("Childline", '"Childline"'),
        "note,number,name\n,0800 1111,Childline\ntwo words,116 111,Other",
    ],
)
def test_the_same_table_is_read_the_same(text: str) -> None:
    assert rows(text) == READ


def test_a_field_in_quotation_marks_may_hold_anything_and_lines_are_still_counted() -> None:
    text = 'name;number;note\n"A; ""B""\nC";1;,\n\nLast;2;x\n'
    read = list(read_table(text, "x.csv", ("name", "number", "note")))
    assert [where.line for where, _ in read] == [2, 5]
    assert read[0][1] == {"name": 'A; "B"\nC', "number": "1", "note": ","}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "x.csv:1: the columns have to be name, number, note"),
        ("name,number\n", "x.csv:1: the columns have to be"),
        ("name,nummer,note\n", "x.csv:1: the columns have to be name, number, note; is 'number' meant?"),
        ("name,name,number,note\n", "x.csv:1: the columns have to be"),
        (PLAIN + "a,1,b,c\n", "x.csv:4: this line has more than 3 fields"),
        (PLAIN + '"a,1,b\n', "x.csv:4: from here on quotation marks do not match"),
        (PLAIN + '"a"b,1,c\n', "x.csv:4: from here on"),
        (PLAIN + "a" * 200_000, "x.csv:4: from here on"),
    ],
)
def test_what_is_no_such_table_is_named_with_its_line(text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        rows(text)
    assert str(refused.value).startswith(told)


@given(st.text(alphabet=st.sampled_from('name,;\t"\n \u00e9sep=1')) | st.text())
def test_any_text_is_a_table_or_an_error(text: str) -> None:
    read = []
    with suppress(DefinitionError):
        read = list(read_table(text, "x.csv", ("n", "e")))
    assert all((where.line > 1, row.keys()) == (True, {"n", "e"}) for where, row in read)


@pytest.mark.parametrize(
    ("number", "checked", "told"),
    [
        ("4.4E+11", "", "number is not a telephone number"),
        ("=0800", "", "number is not a telephone number"),
        ("#NAME?", "", "number is not a telephone number"),
        ("11.11.1998", "", "number is not a telephone number"),
        ("1998-11-11", "", "number is not a telephone number"),
        ("11/11/98", "", "number is not a telephone number"),
        ("0800 1111", "23.11.2026", "checked_on takes a day like 2026-11-23"),
        ("0800 1111", "11/23/26", "checked_on takes a day"),
    ],
)
def test_what_a_spreadsheet_made_of_a_number_or_a_day_is_named(number: str, checked: str, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        check_helplines(f"{','.join(COLUMNS)}\nGB,999,,Childline,{number},,,A,{checked},,\n")
    assert str(refused.value).startswith(f"helplines.csv:2: {told}")
    assert "spreadsheet" in str(refused.value)


@pytest.mark.parametrize("number", ["0800 1111", "+44 (0)20 7946-0000", "01.23.45.67.89", "116/111", "*55", "988"])
def test_numbers_as_people_write_them_are_numbers(number: str) -> None:
    text = f"{';'.join(COLUMNS)}\ngb;999;;Childline;{number};;;A;;;\n"
    _, (line,) = for_country(text, "GB", date(2026, 11, 23))
    assert line.number == number
