"""Where a file may come: never where it is sexual, about pictures, or not known yet; and what a file is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.danger.files import is_intimate, may_come, media_of
from flows.drafts.rulebook import Flows
from flows.loading.categories import read_categories
from tests.flows.conftest import FILES

#: What the domain calls sexual or about pictures, and what is not known: nobody is asked for a file there.
NEVER = {
    *("abuse.sexual", "sexual_violence_harassment", "exploitation.cse", "relationship_abuse", "fgm"),
    *("online.grooming", "online.image_sharing", "online.sextortion", "online.harmful_content"),
    *("staff_conduct.allegation", "adult_external", "other"),
}


def test_every_category_says_whether_a_file_may_come_with_it(flows: Flows) -> None:
    refused = {code for code in flows.categories.codes if not may_come(flows.categories, flows.phrases, [code], [])}
    assert refused == NEVER


def test_a_group_is_as_the_strictest_of_what_it_holds(flows: Flows) -> None:
    allowed = {name for name in flows.categories.groups if may_come(flows.categories, flows.phrases, [name], [])}
    assert allowed == {"g.feelings"}


@pytest.mark.parametrize(
    "codes", [[], ["no.such"], ["bullying.online", "no.such"], ["bullying.online", "abuse.sexual"]]
)
def test_nothing_known_and_one_that_is_not_known_here_rule_it_out(flows: Flows, codes: list[str]) -> None:
    assert not may_come(flows.categories, flows.phrases, codes, [])


@pytest.mark.parametrize(
    "words", ["my uncle touched my private parts", "they want nudes from me", "he says it is our secret"]
)
def test_words_rule_it_out_whatever_was_chosen(flows: Flows, words: str) -> None:
    assert is_intimate(flows.phrases, [words])
    assert not may_come(flows.categories, flows.phrases, ["bullying.online"], ["Hello.", words])


def test_an_organisation_keeps_files_out_of_more(flows: Flows) -> None:
    own = '[category."bullying.online"]\nfiles = false\n'
    categories = read_categories((FILES / "categories.toml").read_text("utf-8"), own)
    assert not may_come(categories, flows.phrases, ["bullying.online"], [])
    assert may_come(categories, flows.phrases, ["hate"], [])


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"\xff\xd8\xff\xe0", "photo"),
        (b"\x89PNG\r\n\x1a\n", "photo"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "photo"),
        (b"%PDF-1.7", "pdf"),
        (b"OggS\x00", "voice"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"GIF89a", None),
        (b"\n%PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, media: str | None) -> None:
    assert media_of(content) == media


@given(st.binary(max_size=64))
def test_whatever_comes_is_one_of_three_or_none(content: bytes) -> None:
    assert media_of(content) in {"photo", "pdf", "voice", None}
