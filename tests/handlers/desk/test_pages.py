"""Nothing that somebody wrote is lost between two pages, and every page fits a message."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from flows.values.text import Text
from handlers.desk.chat.paging import FULL, Leaf, Piece, leaves
from handlers.desk.chat.wording.labels import day_end, minutes
from handlers.telegram import languages, renderer
from handlers.telegram.text_limits import cut, units

ENGLISH = languages.load(Path("nowhere"), ZoneInfo("Europe/London"))["en"]

words = st.text(alphabet="ab \n😀ش.", max_size=9_000)
pieces = st.lists(
    st.builds(Piece, st.builds(Text, st.text("qr ", min_size=1, max_size=300)), words, st.booleans()), max_size=5
)


@given(words, st.integers(20, 5_000), st.integers(20, 5_000))
def test_cut_words_are_the_same_words(written: str, first: int, full: int) -> None:
    parts = list(cut(written, full, first))
    assert "".join(parts) == written
    assert all(units(part) <= limit for part, limit in zip(parts, chain((first,), repeat(full)), strict=False))
    assert all(parts)


@given(pieces)
def test_every_page_is_one_message_and_nothing_is_left_out(given_: list[Piece]) -> None:
    made = leaves(given_, ENGLISH)
    assert all(len(renderer.messages(leaf.screen(), ENGLISH)) == 1 for leaf in made if _says(leaf))
    said = "".join(_said(leaf) for leaf in made)
    for piece in given_:
        assert piece.heading.msgid.strip() in said
        assert "".join(piece.words.split()) in "".join(said.split())


def test_no_letter_is_torn_from_its_accent_between_two_pages() -> None:
    made = leaves([Piece(Text("one"), "e\u0301" * 3_000)], ENGLISH)
    assert len(made) > 1
    assert not any((leaf.words or "").startswith("\u0301") for leaf in made)


def test_own_words_close_their_page() -> None:
    made = leaves([Piece(Text("first"), "x" * 500), Piece(Text("second"), "y")], ENGLISH)
    assert [leaf.words for leaf in made] == ["x" * 500, None]
    assert FULL < renderer.FULL


def test_the_day_ends_at_the_sites_midnight_also_when_the_clocks_change() -> None:
    evening = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # half past eleven in London; it gets winter time that night
    assert day_end(evening, "Europe/London").astimezone(UTC) == datetime(2026, 10, 24, 23, tzinfo=UTC)
    noon = datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert day_end(noon, "Europe/London").astimezone(UTC) == datetime(2026, 10, 26, tzinfo=UTC)
    assert minutes(noon, evening) == 0


def _says(leaf: Leaf) -> bool:
    return bool(_said(leaf).strip())


def _said(leaf: Leaf) -> str:
    return "\n".join([*(ENGLISH.say(text) for text in leaf.paragraphs), leaf.words or ""])
