"""How urgent a concern is: risk rules over answers, facts and crisis phrases. The highest wins; nothing is lowered.

The rules are data (`definitions/rules.toml`, after section 3 of the domain) and are read by `risk_rules`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flows.danger.crisis_phrases import Hit
from flows.danger.risk_rules import Level, Rule, read_rules
from flows.loading.conditions import Answers, Facts, holds
from flows.values.ids import Urgency
from flows.values.situation import Situation
from flows.values.text import Text

__all__ = ["Judged", "Rule", "contradicts", "explain", "judge", "pages", "read_rules", "worst"]

#: From the least urgent.
ORDER: Final[tuple[Urgency, ...]] = ("routine", "soon", "same_day", "immediate")

#: What a concern counts as while nobody has said what kind it is: unknown is not routine.
UNSORTED: Final[Urgency] = "soon"


@dataclass(frozen=True)
class Judged:
    """What the rules say.

    `rules` are the ids of all that hold, in the order of the file; `screens` those among them that want the help
    screen.
    """

    urgency: Urgency
    rules: tuple[str, ...]
    screens: tuple[str, ...]


def judge(
    answers: Answers,
    facts: Facts,
    words: Sequence[str],
    hits: Sequence[Hit],
    situation: Situation,
    rules: Sequence[Rule],
    *,
    raised: Collection[str] = (),
    so_far: Urgency = "routine",
) -> Judged:
    """Run all `rules` over everything that is known of a concern.

    Args:
        answers: By question id; those off the path count too, since a changed answer never lowers anything.
        facts: As `rules.toml` lists them; those that follow from `words`, `hits` and `situation` are added here.
        words: Every text the person wrote.
        hits: The crisis phrases in them.
        situation: The world; its cover decides between open and closed where `facts` does not.
        rules: As `read_rules` gave them.
        raised: Ids of rules that held before: they go on holding, at the lowest of their levels at least.
        so_far: The urgency before; what comes back is never lower.
    """
    facts = _with_words(facts, words, hits, situation)
    found = {rule.id: _levels(rule, answers, facts, raised) for rule in rules}
    holding = tuple(rule for rule in rules if found[rule.id])
    return Judged(
        urgency=worst(so_far, _urgency(found, facts)),
        rules=tuple(rule.id for rule in holding),
        screens=tuple(rule.id for rule in holding if rule.help),
    )


def explain(rule: str, rules: Sequence[Rule]) -> Text:
    """Return why `rule` makes a concern urgent, in words for a lead; a rule of an older file is shown by its id."""
    found = next((one for one in rules if one.id == rule), None)
    return Text("Risk rule {rule}", "desk", {"rule": rule}) if found is None else Text(found.say, "desk")


def pages(held: Collection[str], rules: Sequence[Rule]) -> bool:
    """Return whether one of the rules in `held` notifies the rungs as fast as for an immediate case.

    Ids of rules that an older file had and this one has not page nobody.
    """
    return any(rule.page and rule.id in held for rule in rules)


def contradicts(held: Collection[str], answers: Answers, rules: Sequence[Rule]) -> bool:
    """Return whether `answers` say that somebody is safe and one of the rules in `held` contradicts that."""
    return any(rule.against and rule.id in held and holds(rule.against, answers, {}) for rule in rules)


def worst(*urgencies: Urgency) -> Urgency:
    """Return the most urgent of `urgencies`, of which there is at least one."""
    return max(urgencies, key=ORDER.index)


def _with_words(facts: Facts, words: Sequence[str], hits: Sequence[Hit], situation: Situation) -> Facts:
    by_words = {
        "words": frozenset({"written"} if any(text.strip() for text in words) else ()),
        "phrase": frozenset(hit.phrase_class for hit in hits if hit.certainty == "high"),
        "phrase_low": frozenset(hit.phrase_class for hit in hits if hit.certainty == "low"),
        "certainty": frozenset(hit.certainty for hit in hits),
    }
    cover = {"cover": frozenset({"open" if situation.cover.open_now else "closed"})}
    return {**cover, **facts, **{name: facts.get(name, frozenset()) | more for name, more in by_words.items()}}


def _levels(rule: Rule, answers: Answers, facts: Facts, raised: Collection[str]) -> tuple[Level, ...]:
    now = tuple([level for level in rule.levels if level.when.holds(answers, facts)])
    return now or (rule.levels[-1:] if rule.id in raised else ())


def _urgency(found: Mapping[str, tuple[Level, ...]], facts: Facts) -> Urgency:
    levels = [level for some in found.values() for level in some]
    first: Urgency = "routine" if facts.get("urgency") else UNSORTED
    urgency = worst(first, *(level.urgency for level in levels if level.urgency))
    step = ORDER.index(urgency) + any(level.up for level in levels)
    return ORDER[min(step, len(ORDER) - 1)]
