"""Why a sent case is as urgent as it is: of each risk rule that held, what held in this case, found again in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flows.bundle import Flows
from flows.conditions import Answers, Facts, holds
from flows.crisis import look
from flows.draft import Answer
from flows.ids import Register
from flows.scene import facts_told
from flows.texts import Text
from flows.urgency import explain


@dataclass(frozen=True, repr=False)
class Told:
    """What a case holds: who told it, category codes, answers by question, and every text as it was written."""

    register: Register
    categories: tuple[str, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


def reasons(held: Iterable[str], told: Told, flows: Flows, *, unfound: bool = True) -> tuple[Text, ...]:
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
