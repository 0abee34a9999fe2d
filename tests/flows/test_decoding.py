"""Text files from other programs: any text, in any encoding we read, comes back; any bytes are a text or an error."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.loading.file_formats import decode
from flows.loading.source_lines import DefinitionError, read

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"]
LINE_ENDS = ["\n", "\r\n", "\r"]

texts = st.text(st.characters(exclude_characters="\0\r\ufeff", exclude_categories=["Cs"]))


def encoded(text: str, encoding: str, line_end: str = "\n") -> bytes:
    """`text` as a program would write it: UTF-16 with its mark in any byte order."""
    mark = "\ufeff" if encoding in {"utf-16-be", "utf-16-le"} else ""
    return (mark + text.replace("\n", line_end)).encode(encoding)


@given(texts, st.sampled_from(ENCODINGS), st.sampled_from(LINE_ENDS))
def test_any_text_comes_back_whatever_wrote_it(text: str, encoding: str, line_end: str) -> None:
    assert decode(encoded(text, encoding, line_end), "x.toml") == text


@given(st.binary() | st.text().map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_any_bytes_are_text_or_an_error_with_file_and_line(data: bytes) -> None:
    text = None
    with suppress(DefinitionError):
        text = decode(data, "x.toml")
    if text is None:
        with pytest.raises(DefinitionError, match=r"^x\.toml:[1-9]\d*: is no text"):
            decode(data, "x.toml")
        return
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    with suppress(DefinitionError):
        read(text, "x.toml")


BAD = ["é".encode("latin-1"), "€uro".encode("cp1252"), "“Oak”".encode("cp1252"), b"\xff", b"a\0"]


@pytest.mark.parametrize("line_end", LINE_ENDS)
@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_utf_8_is_named_with_its_line(bad: bytes, line_end: str) -> None:
    before = encoded("one é\ntwo\n", "utf-8", line_end)
    with pytest.raises(DefinitionError) as refused:
        decode(before + bad, "helplines.csv")
    assert str(refused.value).startswith("helplines.csv:3: is no text in UTF-8")


@pytest.mark.parametrize("data", ["name".encode("utf-16-le"), b"\xff\xfea\0b", b"\xff\xfe\x00\xd8a\0", b"\0\0\xfe\xff"])
def test_utf_16_without_its_mark_or_cut_short_is_named(data: bytes) -> None:
    with pytest.raises(DefinitionError, match=r"x\.toml:1: is no text"):
        decode(data, "x.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\nb = “Oak”", "x.toml:2: not TOML: Invalid value; it holds a sign that only looks like"),
        ("a =\u00a01", "x.toml:1: not TOML: Invalid value; it holds a sign that only looks like"),
        ("a = 1\na = 2", "x.toml:2: not TOML: Cannot overwrite a value"),
        ("[a]\nb = 1\n[a]", "x.toml:3: [a] stands here twice, first in line 1"),
        ("a = [\n1\n", "x.toml:3: not TOML: "),
        ("a = 1\nb = " + "9" * 5000, "x.toml:2: not TOML: "),
        ("a = " + "[" * 5000, "x.toml:1: is nested too deeply"),
        ("a = 2026-13-45", "x.toml:1: not TOML: "),
        ('a = "x', "x.toml:1: not TOML: "),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read(text, "x.toml")
    assert str(refused.value).startswith(told)


def test_every_table_and_key_is_found_by_its_line_and_words_that_look_like_one_are_not() -> None:
    source = read(
        'a = 1\n[site.oak]\n  name = "x"\nhours.mon = []\nlong = """\n[site.oak]\nb = 2\n"""\n[[site.oak.out]]\n'
        'name = "1"\n'
        '[[site.oak.out]]\nname = "2"\n',
        "x.toml",
    )
    paths = ("a", "site.oak", "site.oak.name", "site.oak.hours", "site.oak.hours.mon", "b", "site.oak.out.2.name")
    assert [source.where(path).line for path in paths] == [1, 2, 3, 4, 4, 0, 12]
    assert source.around("site.oak.hours.tue").line == 4
    assert source.around("nothing.here").line == 0
