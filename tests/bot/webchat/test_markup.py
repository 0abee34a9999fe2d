"""What is found in a text without being marked, how entities move with it, and how long texts are cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webchat.base.protocol import JsonObject
from bot.webchat.http.person_actions import split_text
from bot.webchat.markup.entities import trimmed, units, with_found


def marks(parsed: tuple[str, list[JsonObject]]) -> tuple[str, list[tuple[str, str]]]:
    text, entities = parsed
    raw = text.encode("utf-16-le")
    return text, [(one["type"], raw[2 * one["offset"] :][: 2 * one["length"]].decode("utf-16-le")) for one in entities]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see /case_K7QM3D.", [("bot_command", "/case_K7QM3D")]),
        ("and/or 1/2", []),
        ("go to https://e.org/a?b=1, please", [("url", "https://e.org/a?b=1")]),
        ("e.org and me@e.org", [("url", "e.org"), ("email", "me@e.org")]),
        ("call +44 20 7946 0000 now", [("phone_number", "+44 20 7946 0000")]),
        ("@someone #topic", [("mention", "@someone"), ("hashtag", "#topic")]),
    ],
)
def test_what_is_found_without_being_marked(text: str, found: list[tuple[str, str]]) -> None:
    assert marks((text, with_found(text, []))) == (text, found)


def test_nothing_is_found_inside_code() -> None:
    assert with_found("/start", [{"type": "code", "offset": 0, "length": 6}]) == [
        {"type": "code", "offset": 0, "length": 6}
    ]


def test_trimming_moves_entities() -> None:
    text, entities = trimmed(
        "  a b ", [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 4, "length": 2}]
    )
    assert marks((text, entities)) == ("a b", [("bold", "a"), ("italic", "b")])


@given(st.text(alphabet="ab \n🙂", min_size=1, max_size=60).map(lambda text: text * 300))
def test_long_texts_are_cut_into_parts_that_fit_and_lose_no_letter(text: str) -> None:
    parts = split_text(text)
    assert all(part and units(part) <= 4096 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "part", ["x", "x.", "a-", "a.b", "a@", "a@b.co ", "/a ", "#a ", "http://)", "foo.com/..", "+1234567"]
)
def test_whatever_is_typed_is_looked_through_in_a_moment(part: str) -> None:
    text = (part * 4096)[:4096]
    began = time.process_time()
    assert len(with_found(text, [])) <= 100
    assert time.process_time() - began < 0.1, "some of these once took more than half a second"
