"""What is blacked out is nowhere in what is handed out, however it was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flows.cases.redaction import BLACK, Part, Redaction, composed, digest_of, read_redaction, redacted, seen

PARTS = (Part("The reporter, 09:30:", "Mr Bell  hit Tom."), Part("Ms Khan, 10:00: a note", "Tom's mother is Ann."))


def handed_out(*typed: str) -> str:
    redaction = Redaction()
    for one in typed:
        redaction = redaction.with_typed(one)
    return composed(("About Tom",), PARTS, redaction)


def test_parts_go_by_number_and_texts_wherever_they_stand() -> None:
    assert handed_out() == (
        "About Tom\n\nThe reporter, 09:30:\nMr Bell  hit Tom.\n\nMs Khan, 10:00: a note\nTom's mother is Ann.\n"
    )
    assert handed_out("2") == f"About Tom\n\nThe reporter, 09:30:\nMr Bell  hit Tom.\n\n{BLACK}\n"
    assert handed_out("mr bell") == handed_out("Mr  Bell")
    assert f"{BLACK}  hit Tom." in handed_out("mr bell")
    assert "Khan" not in handed_out("KHAN")
    assert f"About {BLACK}" in handed_out("Tom")


def test_what_is_typed_once_more_is_taken_back() -> None:
    assert handed_out("2", "2") == handed_out("Tom", "Tom") == handed_out()
    assert handed_out("1, 2") == handed_out("1 2") == handed_out("2", "1")
    assert handed_out("\u200b \u202e") == handed_out()


def test_texts_that_overlap_leave_no_letter_of_either() -> None:
    [one] = redacted([Part("", "abcd")], Redaction(marked=("ab", "bc")))
    assert one.words == f"{BLACK}d"
    [one] = redacted([Part("", "abab")], Redaction(marked=("ab",)))
    assert one.words == BLACK


def test_what_is_written_with_other_signs_takes_its_part_with_it() -> None:
    for written in ("B\u200bell", "Béll", "\uff22\uff45\uff4c\uff4c", "B\u00adell", "Be ll"):
        [one] = redacted([Part("", f"He is called {written} here")], Redaction(marked=("Bell",)))
        assert "here" not in one.words or BLACK in one.words
        assert written not in one.words


def test_signs_that_nobody_sees_are_in_no_file() -> None:
    assert seen("a\u202eb\x00c\td\r\ne\u2066f") == "abc d\nef"


_WORDS = st.text(st.sampled_from("abAB \u200b\u0301é-."), max_size=30)


@given(_WORDS, st.lists(_WORDS, max_size=3))
def test_no_marked_text_is_left(text: str, marked: list[str]) -> None:
    redaction = Redaction()
    for one in marked:
        redaction = redaction.with_typed(one)
    told = composed((text,), (Part(text, text),), redaction).lower()
    for one in redaction.marked:
        assert one.lower() not in told.replace(BLACK, "\n"), (text, one)


@given(st.frozensets(st.integers(1, 99)), st.lists(_WORDS, max_size=3))
def test_it_is_read_as_it_was_written(parts: frozenset[int], marked: list[str]) -> None:
    redaction = Redaction(parts, tuple(marked))
    assert read_redaction(redaction.written()) == redaction


def test_two_texts_have_two_digests() -> None:
    assert digest_of(handed_out("1")) != digest_of(handed_out("2"))


def test_marks_that_stand_nowhere_in_a_record_are_not_noted_in_it() -> None:
    redaction = Redaction(frozenset({2}), ("Bell", "Canary", "Béll", "about tom"))
    needed = redaction.needed_in(("About Tom",), PARTS)
    assert needed == Redaction(frozenset({2}), ("Bell", "Béll", "about tom"))
    assert composed(("About Tom",), PARTS, needed) == composed(("About Tom",), PARTS, redaction)


@given(st.lists(_WORDS, max_size=4), st.lists(_WORDS, max_size=4))
def test_what_is_not_noted_makes_no_difference(texts: list[str], marked: list[str]) -> None:
    redaction = Redaction()
    for one in marked:
        redaction = redaction.with_typed(one)
    parts = [Part(text, text[::-1]) for text in texts]
    assert composed(("ab",), parts, redaction.needed_in(("ab",), parts)) == composed(("ab",), parts, redaction)
