"""The risk rules as data, read from `definitions/rules.toml`; what they mean is in `urgency`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast, get_args

from flows.loading.conditions import TRUE, Among, Condition, Every, Some, Unless, parse
from flows.loading.source_lines import DefinitionError, Where, read
from flows.loading.toml_table import Places, Table, laid_over
from flows.values.ids import Urgency

#: Holds of nothing.
NEVER: Final = Some(())

#: What a crisis phrase of low certainty makes a conversation ask: C4 or C15.
_RULE: Final = {"say", "levels", "help", "page"}
_LEVEL: Final = {"when", "urgency", "up", "say"}

#: The named fact that the rules of `contradicting` contradict.
_SAFE: Final = "said_safe"


@dataclass(frozen=True)
class Level:
    """Once `when` holds: at least `urgency`, or one step `up` on what the other rules gave; with neither, only said.

    `say` tells a lead what held, where that is less than the whole rule; else it is empty.
    """

    when: Condition
    urgency: Urgency | None = None
    up: bool = False
    say: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule. It holds if one of `levels` does, the most urgent first; `say` tells a lead why.

    `help` shows the help screen, `page` has the rungs told as fast as of something immediate. `against` is what it
    contradicts where that holds too, or None. No condition looks at a named fact.
    """

    id: str
    say: str
    levels: tuple[Level, ...]
    help: bool = False
    page: bool = False
    against: Condition | None = None
    where: Where = field(default=Where("rules.toml", 0), repr=False, compare=False)


def read_rules(text: str, overlay: str | None = None, overlay_name: str = "overlay") -> tuple[Rule, ...]:
    """Read `rules.toml`, an organisation's own file laid over it; named facts are put in where they are named.

    Raises:
        DefinitionError: a key, urgency or question is unknown, or a rule has no words or no levels.
    """
    files = (read(text, "rules.toml"), *((read(overlay, overlay_name),) if overlay is not None else ()))
    data = files[0].table if len(files) == 1 else laid_over(files[0].table, files[1].table)
    table = Table(data, Where("rules.toml", 1), Places(tuple(reversed(files))))
    table.only({"contradicting", "fact", "rule"})
    facts: dict[str, Condition] = {}
    for name, one in table.named("fact").items():
        facts[name] = with_facts(parse(one.data, one.where), facts)
    safe = facts.get(_SAFE, NEVER)
    against = dict.fromkeys(table.words("contradicting"), safe)
    rules = tuple(_rule(name, one, facts, against.pop(name, None)) for name, one in table.named("rule").items())
    if against:
        raise DefinitionError(table.places.where("contradicting"), f"there is no rule '{next(iter(against))}'")
    return rules


def with_facts(condition: Condition, facts: Mapping[str, Condition]) -> Condition:
    """Return `condition` with each named fact replaced by its condition from `facts`.

    A name that is not in `facts` stays as it is: it is a fact of the world, or the id of a question.
    """
    match condition:
        case Among(name, values) if values == TRUE and name in facts:
            return facts[name]
        case Every(parts):
            return Every(tuple(with_facts(part, facts) for part in parts))
        case Some(parts):
            return Some(tuple(with_facts(part, facts) for part in parts))
        case Unless(part):
            return Unless(with_facts(part, facts))
    return condition


def _rule(name: str, table: Table, facts: Mapping[str, Condition], against: Condition | None) -> Rule:
    table.only(_RULE)
    levels = tuple(_level(one, facts) for one in table.tables("levels"))
    if not levels or not table.text("say"):
        raise DefinitionError(table.where, f"rule '{name}' has no words or no levels")
    return Rule(
        id=name,
        say=table.text("say"),
        levels=levels,
        help=table.flag("help"),
        page=table.flag("page"),
        against=against,
        where=table.where,
    )


def _level(table: Table, facts: Mapping[str, Condition]) -> Level:
    table.only(_LEVEL)
    return Level(
        when=with_facts(table.when(), facts),
        urgency=cast("Urgency | None", _word(table, "urgency", get_args(Urgency))),
        up=table.flag("up"),
        say=table.text("say"),
    )


def _word(table: Table, key: str, words: tuple[str, ...]) -> str | None:
    word = table.text(key)
    if word and word not in words:
        raise DefinitionError(table.where, f"'{key}' takes one of {', '.join(words)}")
    return word or None
