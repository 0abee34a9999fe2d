"""Why a sent case is as urgent as it is, where its phrases stand in the text, and who checks a name in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, TypeAlias

from flows.danger.crisis_phrases import Phrases, look
from flows.danger.urgency import explain
from flows.drafts.rulebook import Flows
from flows.drafts.scene import ADULT_QUESTIONS, facts_told
from flows.loading.conditions import Answers, Facts, holds
from flows.values.draft import Answer
from flows.values.ids import LeadId, Register
from flows.values.normalise import words_of
from flows.values.text import Text

#: A beginning and an end in a text, in characters.
Place: TypeAlias = tuple[int, int]

_SPELT: Final = 4  # single letters in a row that are one word ("k i l l"), as `words_of` joins them
_WORD: Final = re.compile(r"\S+")


def phrase_places(text: str, phrases: Phrases) -> tuple[Place, ...]:
    """The places of every phrase that `text` holds, in order, apart from one another and in whole words.

    What `look` finds only across a trick of typing that is undone over several words may have no place. Takes time in
    proportion to the length of `text`.
    """
    words = list(_joined(_words(text)))
    line = f" {' '.join(word for word, _ in words)} "
    spaces = [at for at, sign in enumerate(line) if sign == " "]
    found = []
    for phrase in dict.fromkeys(phrases.held_by(line)):
        for match in phrase.pattern.finditer(line):
            first, last = bisect_left(spaces, match.start()), bisect_left(spaces, match.end() - 1) - 1
            found.append((words[first][1][0], words[last][1][1]))
    return tuple(_apart(sorted(found)))


def _words(text: str) -> Iterator[tuple[str, Place]]:
    """Every word as it is compared, with its place."""
    for match in _WORD.finditer(text):
        for word in words_of(match[0]).split():
            yield word, match.span()


def _joined(words: Iterator[tuple[str, Place]]) -> Iterator[tuple[str, Place]]:
    """`words` with single letters in a row made one word."""
    for single, run in groupby(words, key=lambda word: len(word[0]) == 1):
        some = list(run)
        if single and len(some) >= _SPELT:
            for word in words_of("".join(word for word, _ in some)).split():
                yield word, (some[0][1][0], some[-1][1][1])
        else:
            yield from some


def _apart(places: list[Place]) -> Iterator[Place]:
    """`places`, which are sorted, with those that touch or overlap made one."""
    end = -1
    start = 0
    for first, last in places:
        if first > end:
            if end >= 0:
                yield start, end
            start = first
        end = max(end, last)
    if end >= 0:
        yield start, end


@dataclass(frozen=True, repr=False)
class CaseContent:
    """What a case holds: who told it, category codes, answers by question, and every text as it was written."""

    register: Register
    categories: tuple[str, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


def reasons(held: Iterable[str], told: CaseContent, flows: Flows, *, unfound: bool = True) -> tuple[Text, ...]:
    """Put the rules with the ids `held` into words, each sentence once.

    Of a rule whose levels are worded apart, those that hold of `told` are said. Where none does any more, since an
    answer was changed, or the rule is of an older file, it is said as `explain` says it, since a rule goes on holding;
    not without `unfound`. Cover is not known afterwards, so no level that asks for it is said by itself.
    """
    hits = tuple(hit for text in told.texts for hit in look(text, flows.phrases))
    facts = {
        **facts_told(flows, told.register, told.categories, told.answers, hits),
        "certainty": frozenset(hit.certainty for hit in hits),
        "over": frozenset({"true"}),
    }
    found: list[Text] = []
    for rule in held:
        here = tuple(_held(rule, told.answers, facts, flows))
        found += here if here or not unfound else (explain(rule, flows.rules),)
    return tuple({text.msgid: text for text in found}.values())


def _held(rule: str, answers: Answers, facts: Facts, flows: Flows) -> Iterator[Text]:
    for one in (one for one in flows.rules if one.id == rule):
        yield from (Text(level.say or one.say, "desk") for level in one.levels if holds(level.when, answers, facts))


_MAYBE = frozenset({"yes", "not_sure"})
_CONDUCT = "staff_conduct."


def takes_two(chosen: Mapping[str, Collection[str]], categories: Collection[str], *, unsure: bool) -> bool:
    """Whether two recipients have to say that it is not about somebody whom the words name.

    It is so where it is about an adult who works here, or may be: then the name may well be the subject's.

    Args:
        chosen: Ids of the chosen options by question, as far as they are known.
        categories: Their codes.
        unsure: Whether "not sure" was chosen on the readers screen.
    """
    adult = any(_MAYBE.intersection(chosen.get(step, ())) for step in ADULT_QUESTIONS)
    return unsure or adult or any(code.startswith(_CONDUCT) for code in categories)


def about_adult(chosen: Mapping[str, Collection[str]]) -> str:
    """Give what was answered to whether it is about an adult who works here, as `routing.readers` takes it.

    Args:
        chosen: Ids of the chosen options by question, as far as they are known.
    """
    return next((one for step in ADULT_QUESTIONS for one in chosen.get(step, ())), "")


def granting(lead: LeadId) -> str:
    """Name the deed of giving a past case to a colleague, among those that take two."""
    return f"grant {lead}"


def lifting(lead: LeadId) -> str:
    """Name the deed of letting in again whom a recipient kept out, among those that take two."""
    return f"lift {lead}"


def admitting(lead: LeadId) -> str:
    """Name the deed of letting a lead in, among those that take two."""
    return f"admit {lead}"
