"""Crisis phrases: what is found, what hides nothing, and how many are missed or rung for nothing.

`crisis_corpus.csv` holds made-up sentences with the certainty that a person would expect. Those marked `no` under
`held_out` were there while the phrases were written, so they guard against going back; the held-out ones were written
afterwards, and no phrase was changed for them. Real messages are harder than either: these are floors, no promise.
"""

import time
from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.danger.crisis_phrases import UNREVIEWED, PhraseClass, Phrases, look, read_phrases
from flows.drafts.rulebook import Flows
from flows.loading.source_lines import DefinitionError
from tests.flows.crisis_figures import certainty, class_figures, measured

HEAD = 'language = "en"\nversion = "1"\nreviewer = "unreviewed"\n'


def share(counts: Counter[tuple[str, str]], expected: str, came: set[str]) -> float:
    total = sum(count for (wanted, _), count in counts.items() if wanted == expected)
    return sum(count for (wanted, got), count in counts.items() if wanted == expected and got in came) / total


@pytest.mark.parametrize(
    ("held_out", "found", "noticed", "false_help", "false_question"),
    [("no", 0.99, 1.0, 0.0, 0.03), ("yes", 0.85, 0.9, 0.05, 0.1)],
)
def test_misses_and_false_alarms_stay_below_their_floors(
    flows: Flows, held_out: str, found: float, noticed: float, false_help: float, false_question: float
) -> None:
    counts = measured(flows.phrases, held_out)
    figures = {
        "danger found with high certainty": share(counts, "high", {"high"}),
        "danger noticed at all": share(counts, "high", {"high", "low"}),
        "doubtful words noticed": share(counts, "low", {"high", "low"}),
        "help screen for nothing": share(counts, "none", {"high"}),
        "question for nothing": share(counts, "none", {"low"}),
    }
    print({name: f"{value:.0%}" for name, value in figures.items()})
    assert figures["danger found with high certainty"] >= found
    assert figures["danger noticed at all"] >= noticed
    assert figures["doubtful words noticed"] >= noticed
    assert figures["help screen for nothing"] <= false_help
    assert figures["question for nothing"] <= false_question


def test_each_class_is_found_and_rings_for_nothing_in_few_texts(flows: Flows) -> None:
    """Recall: of the texts labelled with a class, how many hold a phrase of it. Precision: of the texts in which a
    phrase of it of high certainty is found, how many are of danger at all. By language they are printed only: a class
    has one text in some."""
    figures = class_figures(flows.phrases)
    print(*(one.row() for one in figures), sep="\n")
    for name in get_args(PhraseClass):
        theirs = [one for one in figures if one.phrase_class == name]
        assert sum(one.found for one in theirs) / sum(one.labelled for one in theirs) >= 0.75, name
        assert sum(one.danger for one in theirs) / sum(one.certain for one in theirs) >= 0.9, name


@pytest.mark.parametrize(
    ("text", "phrase_class"),
    [
        ("…has a nude pic of me and says he will send it to everyone unless i pay", "sextortion"),
        ("i cant do this any more", "hopelessness"),
        ("a man on roblox wants to meet me and says dont tell", "grooming"),
    ],
)
def test_blackmail_grooming_and_hopelessness_are_classes_of_their_own(
    flows: Flows, text: str, phrase_class: str
) -> None:
    assert (phrase_class, "high") in {(hit.phrase_class, hit.certainty) for hit in look(text, flows.phrases)}


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "i WANT to KILL MYSELF!!!",
        "i   want to\nkill\tmyself",
        "i want to k1ll my$elf",
        "k i l l  myself",
        "I want to kiiiill myself",
        "\N{FULLWIDTH LATIN CAPITAL LETTER K}ill myself",
        "kill\u200b myself",
        "kill-myself",
        "🙁kill myself🙁",
        "I don't want to kill myself",
        "it was a joke that I want to kill myself",
        "maths is boring. lunch was ok. I want to kill myself. see you",
    ],
)
def test_no_way_of_typing_and_no_denial_hides_a_phrase(flows: Flows, text: str) -> None:
    assert ("suicide", "high") in {(hit.phrase_class, hit.certainty) for hit in look(text, flows.phrases)}


@pytest.mark.parametrize("text", ["أُريدُ أن أموتَ", "اريد ان اموت", "أريــد أن أمـــوت", "أريد أن أموت😭"])
def test_vowel_signs_and_forms_of_letters_hide_nothing_in_arabic(flows: Flows, text: str) -> None:
    assert certainty(text, flows.phrases) == "high"


def test_accents_hide_nothing_in_spanish(flows: Flows) -> None:
    assert certainty("mi papá me pega", flows.phrases) == certainty("MI PAPA ME PEGA", flows.phrases) == "high"


def test_words_in_words_are_not_found(flows: Flows) -> None:
    assert look("the kmsx of essex; a skillmyself badge; begun to knit", flows.phrases) == ()


@given(text=st.text(max_size=200), before=st.text(max_size=40), after=st.text(max_size=40))
def test_anything_may_be_written_and_more_words_never_hide_a_phrase(
    flows: Flows, text: str, before: str, after: str
) -> None:
    look(text, flows.phrases)
    surrounded = f"{before} . I want to kill myself . {after}"
    assert certainty(surrounded, flows.phrases) == "high"


@given(st.text(max_size=100))
def test_every_hit_is_named_once_and_holds_none_of_the_words(flows: Flows, text: str) -> None:
    hits = look(f"{text} I want to die, want to die", flows.phrases)
    assert len(hits) == len(set(hits))
    assert all(hit.id.count(".") == 2 and " " not in hit.id for hit in hits)


def test_high_certainty_comes_first(flows: Flows) -> None:
    hits = look("there are pills and I want to die", flows.phrases)
    assert [hit.certainty for hit in hits] == sorted(hit.certainty for hit in hits)
    assert {hit.certainty for hit in hits} == {"high", "low"}


def test_every_phrase_says_its_language_its_version_and_that_nobody_has_reviewed_it(flows: Flows) -> None:
    assert {phrase.language for phrase in flows.phrases} == {"en", "es", "ar"}
    assert {phrase.reviewer for phrase in flows.phrases} == {UNREVIEWED}
    assert all(phrase.version for phrase in flows.phrases)


def test_no_phrase_stands_twice(flows: Flows) -> None:
    ids = Counter(phrase.id for phrase in flows.phrases)
    assert [name for name, count in ids.items() if count > 1] == []


def test_each_phrase_finds_itself(flows: Flows) -> None:
    """Its words, the first of each choice, with the gap left out or filled."""
    for phrase in flows.phrases:
        parts = [part.split("|")[0].removesuffix("*") for part in phrase.text.split()]
        plain = " ".join(part for part in parts if part != "~")
        filled = " ".join("so very" if part == "~" else part for part in parts)
        for text in (plain, filled):
            assert phrase.id in {hit.id for hit in look(text, flows.phrases)}, phrase.text


def test_a_phrase_may_have_its_own_reviewer() -> None:
    (phrase,) = read_phrases(HEAD + '[suicide]\nhigh = [{ say = "want to die", reviewer = "A. Lead, 2026" }]\n', "en")
    assert phrase.reviewer == "A. Lead, 2026"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('language = "en"\n', 0, "'version' has to be given"),
        (HEAD + '[murder]\nhigh = ["x"]\n', 4, "unknown key 'murder'"),
        (HEAD + '[suicide]\nsure = ["x"]\n', 4, "'suicide' takes lists of phrases, high and low"),
        (HEAD + '[suicide]\nhigh = "x"\n', 4, "'suicide' takes lists of phrases, high and low"),
        (HEAD + "[suicide]\nhigh = [1]\n", 4, "a phrase is a text, or a table with 'say' and 'reviewer'"),
        (HEAD + '[suicide]\nhigh = ["~ !"]\n', 4, "a phrase of 'suicide' has no words"),
    ],
)
def test_an_unfit_file_is_refused_with_its_place(text: str, line: int, what: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_phrases(text, "crisis/en.toml")
    assert (refused.value.file, refused.value.line, refused.value.what) == ("crisis/en.toml", line, what)


def test_a_phrase_that_a_file_lists_as_certain_and_as_not_is_both() -> None:
    phrases = Phrases(read_phrases(f'{HEAD}[danger]\nlow = ["blue door"]\nhigh = ["blue door"]\n', "own.toml"))
    assert [hit.certainty for hit in look("the blue door", phrases)] == ["high", "low"]


@pytest.mark.parametrize(
    "part", ["x", "x1 ", "aa", "@a ", "kill my self ", "want to ", "k i l l ", "انا ", "\U0001f52a"]
)
def test_four_times_the_text_takes_about_four_times_as_long(flows: Flows, part: str) -> None:
    def took(length: int, attempt: int) -> float:
        text = f"{(part * length)[:length]}{attempt}"  # what was found in a text is remembered
        began = time.process_time()
        look(text, flows.phrases)
        return time.process_time() - began

    short, long = (min(took(length, attempt) for attempt in range(5)) for length in (8_192, 32_768))
    assert long < 8 * short, "four times the text: 16 times the work would be quadratic"


@pytest.mark.parametrize("part", ["x", "x1", "x.", "a-", "/", "kill ", "want to ", "k i l l ", "\u0301", "foo.com/.."])
def test_whatever_is_written_is_looked_through_in_a_moment(flows: Flows, part: str) -> None:
    text = (part * 4096)[:4096]
    began = time.process_time()
    look(text, flows.phrases)
    assert time.process_time() - began < 0.1, "a word of four thousand letters once took a fifth of a second"
