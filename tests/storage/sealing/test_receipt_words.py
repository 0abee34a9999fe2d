"""The rules that every word list keeps, and how typed words find their way to it."""

import hashlib
import unicodedata

import pytest

from storage.sealing.receipts.words import (
    LANGUAGES,
    fold,
    likeliest_language,
    list_language,
    nearest,
    places_of,
    split_words,
    words_of,
)

# A list that changes makes receipts unreadable that people hold. Never change these; add a list instead.
DIGESTS = {
    "en": "dd4a96e5b38e3bd482eef6e99ee09680ec04d6e7d98b1e11c8d23cd7a2cb9aa7",
    "es": "8ad4c27bd3bd0edcf39d0517fa4dfe45da363704965d5c562c9a8ce15daa561e",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_what_it_always_was(language: str) -> None:
    assert hashlib.sha256("\n".join(words_of(language)).encode()).hexdigest() == DIGESTS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_has_2048_words_that_nobody_mixes_up(language: str) -> None:
    words = words_of(language)
    assert len(words) == len(places_of(language)) == 2048
    assert len({fold(word)[:4] for word in words}) == 2048
    assert all(3 <= len(word) <= 11 for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_shown_in_lower_case_and_composed(language: str) -> None:
    for word in words_of(language):
        assert word == unicodedata.normalize("NFC", word.lower())
        assert fold(word).isascii()
        assert fold(word).isalpha()


def test_no_word_is_in_two_lists() -> None:
    assert places_of("en").keys().isdisjoint(places_of("es").keys())


@pytest.mark.parametrize(
    "word",
    [
        "kill",
        "gun",
        "knife",
        "abuse",
        "hurt",
        "blood",
        "body",
        "secret",
        "alone",
        "drug",
        "doctor",
        "father",
        "matar",
        "arma",
        "muerte",
        "abuso",
        "sangre",
        "sexo",
        "secreto",
        "droga",
        "padre",
        "miedo",
    ],
)
def test_no_list_has_a_word_that_could_frighten_or_hint(word: str) -> None:
    assert all(fold(word) not in places_of(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("es-MX", "es"), ("ES", "es"), ("pt_BR", "en"), ("ar", "en"), ("", "en")]
)
def test_a_language_without_a_list_gets_english(tag: str, language: str) -> None:
    assert list_language(tag) == language


@pytest.mark.parametrize(
    "typed",
    [
        "limón ratón",
        "LIMÓN  RATÓN",
        "limon raton",
        "limo\u0301n\nrato\u0301n",
        "limón, ratón.",
        "1. limón 2. ratón",
        "limón-ratón",
        "limón\u2014ratón",
        "\u200elimón ratón\u200b",
        "\uff4cimón ratón",
        "li\u00admón ratón",
    ],
)
def test_however_it_is_typed_it_reads_the_same(typed: str) -> None:
    assert split_words(typed) == ["limon", "raton"]


def test_the_list_is_told_by_the_words() -> None:
    assert likeliest_language(["abeja", "zebra", "ajedrez"]) == "es"
    assert likeliest_language(["abeja", "zebra", "giraffe"]) == "en"
    assert likeliest_language(["nothing", "known"]) == "en"


def test_a_slip_of_the_finger_finds_the_word_that_was_meant() -> None:
    assert nearest("umrbella", "en") == "umbrella"
    assert nearest("umbrela", "en") == "umbrella"
    assert nearest("jirafas", "es") == "jirafa"
    assert nearest("xxxxxxxx", "en") is None


@pytest.mark.parametrize(("typed", "meant"), [("bagpqqqqqqqqq", "bagpipe"), ("zbaxus", None), ("zcaxia", None)])
def test_four_letters_are_enough_to_know_a_word_and_a_likeness_below_seven_tenths_is_not(
    typed: str, meant: str | None
) -> None:
    assert nearest(typed, "en") == meant


@pytest.mark.parametrize(
    ("tag", "language"), [("es-MX", "es"), ("es_MX", "es"), ("ES", "es"), ("xx", "en"), ("", "en")]
)
def test_a_list_is_told_by_the_first_part_of_a_tag(tag: str, language: str) -> None:
    assert list_language(tag) == language
