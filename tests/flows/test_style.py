"""The rules of style: sentence length, reading age, no asking why, no house words, no commands."""

from __future__ import annotations

import pytest

from flows.drafts.rulebook import Flows
from flows.loading.checks.readability import FOR_ALL, hard_to_read, reading_age, sentences, too_long, words_a_sentence
from flows.loading.checks.style_check import faults, style_faults
from flows.loading.loader import load
from flows.loading.source_lines import Where
from locales.template import every_text
from tests.flows.test_load import GOOD

HARD = (
    "Safeguarding professionals consider confidentiality considerations individually, proportionately and necessarily."
)
EASY = "The cat sat on the mat. The dog ran to the big red ball. It was a lot of fun for all of us."


def test_what_ships_breaks_no_rule(flows: Flows) -> None:
    for name, definition in flows.definitions.items():
        assert list(style_faults(definition, lambda path, name=name: Where(f"{name}:{path}", 0))) == []  # type: ignore[misc]
    around = [text.msgid for text in every_text(flows) if not text.context and text.msgid.endswith((".", "?"))]
    assert [fault for msgid in around for fault in faults(msgid, for_children=False)] == []


def test_hard_words_and_long_sentences_make_a_text_older() -> None:
    easy, hard = reading_age([EASY], "en"), reading_age([HARD], "en")
    assert easy is not None
    assert hard is not None
    assert easy < 7 < FOR_ALL < hard
    casa = reading_age(["La casa es roja. El gato come pan. Yo voy a la escuela con mi hermano."], "es")
    carta = reading_age(
        ["La administraci\u00f3n considerar\u00e1 confidencialmente las comunicaciones correspondientes."], "es"
    )
    assert casa is not None
    assert carta is not None
    assert casa < FOR_ALL < carta
    assert reading_age([EASY], "ar") is None
    assert hard_to_read([EASY], "en", FOR_ALL) is None
    assert str(hard_to_read([EASY, HARD], "en", FOR_ALL)).endswith(f"9 at most; the hardest sentence: {HARD}")
    assert words_a_sentence(["One two. Three four five six."]) == 3


def test_a_sentence_ends_where_a_reader_stops() -> None:
    assert sentences("Hello. Who is it?\n\nMe") == ("Hello.", "Who is it?", "Me")
    assert too_long(" ".join(["word"] * 15)) == ()
    assert too_long(" ".join(["word"] * 16)) == (" ".join(["word"] * 16),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Why did you not tell us?", "asks why, 'Why'"),
        ("The desk opens soon.", "has a house word, 'desk'"),
        ("You can type /tidy here.", "names a command, '/tidy'"),
        (" ".join(["so"] * 16), "a sentence of more than 15 words"),
        (f"{HARD} {HARD}", "read with ease at"),
    ],
)
def test_what_breaks_a_rule_is_told_with_its_place(text: str, what: str) -> None:
    definition = load(GOOD.replace('text = "Tell us."', f'text = "{text}"'), "child")
    told = list(style_faults(definition, lambda path: Where(f"child.toml at {path}", 18)))
    assert told[0].startswith("child.toml at step.tell:18: ")
    assert what in told[0]


def test_a_translation_is_measured_in_its_own_language_and_told_with_it() -> None:
    long = " ".join(["palabra"] * 16)
    definition = load(GOOD, "child")
    spoken = {"Tell us.": f"{long}.", "Go to someone.": "Se dice con /tidy."}
    told = list(style_faults(definition, lambda path: Where(f"child.toml at {path}", 18), {"es": spoken.get}))
    assert told[:2] == [
        f"child.toml at step.tell:18: es: a sentence of more than 15 words: {long}.",
        "child.toml at step.tell:18: es: names a command, '/tidy': Se dice con /tidy.",
    ]
    [whole] = told[2:]
    assert whole.startswith("child.toml at context: es: read with ease at ")
    assert whole.endswith(f"the hardest sentence: {long}.")
    words = " ".join(["كلمة"] * 12)
    [arabic] = style_faults(definition, lambda path: Where(path, 1), {"ar": {"Tell us.": words}.get})
    assert arabic == f"context: ar: 12.0 words a sentence, and it should be 9 at most; the hardest sentence: {words}"
