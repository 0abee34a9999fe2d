"""When something holds: conditions over answers and facts, read from TOML tables and evaluated without side effects.

A table is a condition. Its keys are joined by AND. A key is the id of a question, a fact of the world (`register`,
`door`, `cover`, ...) or a named `[fact.NAME]`; its value is one word or a list of words joined by OR, and `true` or
`false` for a named fact. `any = [table, ...]` holds if one of the tables does; `not = {...}` if its table does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flows.loading.source_lines import DefinitionError, Where
from flows.values.draft import Answer, Chose, Skipped

Answers: TypeAlias = Mapping[str, Answer]
Facts: TypeAlias = Mapping[str, frozenset[str]]

#: The value of a named fact that holds.
TRUE = frozenset({"true"})

_NOTHING: frozenset[str] = frozenset()
_SKIPPED = frozenset({"skipped"})
_WRITTEN = frozenset({"written"})


@dataclass(frozen=True)
class Among:
    """The values under `name` and `values` have one in common; an answer comes before a fact of the same name."""

    name: str
    values: frozenset[str]

    def holds(self, answers: Answers, facts: Facts) -> bool:
        """Return whether one of the values under `name` is among `values` for these answers and facts."""
        answer = answers.get(self.name)
        words = facts.get(self.name, _NOTHING) if answer is None else _words_of(answer)
        return not self.values.isdisjoint(words)


@dataclass(frozen=True)
class Every:
    """All of `parts` hold; with no parts it always does."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Answers, facts: Facts) -> bool:
        """Return whether all of `parts` hold for these answers and facts."""
        for part in self.parts:  # noqa: SIM110 - asked a thousand times a turn, and a generator takes twice as long
            if not part.holds(answers, facts):
                return False
        return True


@dataclass(frozen=True)
class Some:
    """At least one of `parts` holds; with no parts it never does."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Answers, facts: Facts) -> bool:
        """Return whether at least one of `parts` holds for these answers and facts."""
        for part in self.parts:  # noqa: SIM110 - likewise
            if part.holds(answers, facts):
                return True
        return False


@dataclass(frozen=True)
class Unless:
    """`part` does not hold."""

    part: Condition

    def holds(self, answers: Answers, facts: Facts) -> bool:
        """Return whether `part` does not hold for these answers and facts."""
        return not self.part.holds(answers, facts)


Condition: TypeAlias = Among | Every | Some | Unless

ALWAYS: Condition = Every(())


def parse(table: Mapping[str, object], where: Where) -> Condition:
    """Read a condition from a TOML table.

    Raises:
        DefinitionError: a value is neither a word, a list of words nor true or false.
    """
    parts = tuple(_part(key, value, where) for key, value in table.items())
    return parts[0] if len(parts) == 1 else Every(parts)


def holds(condition: Condition, answers: Answers, facts: Facts) -> bool:
    """Return whether `condition` holds. An unanswered question has no values, so only `not` holds of it.

    Args:
        condition: As `parse` gave it.
        answers: By question; an answer comes before a fact of the same name.
        facts: Words by name; of the named facts those that hold, as `with_named` adds them.
    """
    return condition.holds(answers, facts)


def _words_of(answer: Answer) -> Collection[str]:
    """The words that stand for an answer: option ids, `written` or `skipped`."""
    if isinstance(answer, Chose):
        return answer.options
    return _SKIPPED if isinstance(answer, Skipped) else _WRITTEN


def with_named(named: Mapping[str, Condition], answers: Answers, facts: Facts) -> dict[str, frozenset[str]]:
    """Return `facts` with those named facts that hold; each may refer to the ones before it.

    Args:
        named: By name, in the order of the file; the validator refuses a fact that looks ahead.
        answers: By question.
        facts: Of the world; it stays as it is.
    """
    known = dict(facts)
    for name, condition in named.items():
        if condition.holds(answers, known):
            known[name] = TRUE
    return known


def names(condition: Condition) -> frozenset[str]:
    """Return every question or fact that `condition` looks at."""
    return frozenset(one.name for one in comparisons(condition))


def comparisons(condition: Condition) -> Iterator[Among]:
    """Yield every comparison of a question or fact with words that `condition` is made of."""
    match condition:
        case Among():
            yield condition
        case Every(parts) | Some(parts):
            for part in parts:
                yield from comparisons(part)
        case Unless(part):
            yield from comparisons(part)


def _part(key: str, value: object, where: Where) -> Condition:
    if key == "any":
        return Some(tuple(parse(_table(item, key, where), where) for item in _list(value, key, where)))
    if key == "not":
        return Unless(parse(_table(value, key, where), where))
    if isinstance(value, bool):
        return Among(key, TRUE) if value else Unless(Among(key, TRUE))
    if isinstance(value, str):
        return Among(key, frozenset({value}))
    words = _list(value, key, where)
    if not words or not all(isinstance(word, str) for word in words):
        raise DefinitionError(where, f"'{key}' takes a word, a list of words, or true or false")
    return Among(key, frozenset(str(word) for word in words))


def _list(value: object, key: str, where: Where) -> list[object]:
    if not isinstance(value, list):
        raise DefinitionError(where, f"'{key}' takes a word, a list, or true or false")
    return value


def _table(value: object, key: str, where: Where) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DefinitionError(where, f"'{key}' takes a table of conditions")
    return value
