"""What must be true of a definition before anybody is asked anything; each failure names the table it is in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from flows.loading.conditions import Condition, comparisons, names
from flows.loading.definition import Definition, Option, Saying, Step
from flows.loading.source_lines import DefinitionError, Place, Where

#: Facts of the world that a condition may always look at.
WORLD = frozenset(
    {"register", "door", "cover", "opens", "practice", "category", "group", "set", "phrase", "phrase_low", "adult"}
    | {"over", "urgency", "read_today"}
)

#: The entry of `after` that stands for the follow-up sets.
SETS = "sets"

#: A choice screen holds this many choices at most (domain.md, section 7).
MOST_OPTIONS = 6


def check(definition: Definition, where: Place) -> None:
    """Check names, reachability, labels and the order of conditions.

    Raises:
        DefinitionError: the first thing found wrong, with its place.
    """
    _order_is_known(definition, where)
    _every_step_is_reached(definition, where)
    for step in definition.steps.values():
        _step_is_whole(step, where(f"step.{step.id}"))
    _conditions_look_back(definition, where)
    for interrupt in definition.interrupts:
        _looks_at(interrupt.when, _everything(definition), where(f"interrupt.{interrupt.id}"))
        _sayings_are_whole(interrupt.text, where(f"interrupt.{interrupt.id}"))
    if definition.enough is not None:
        _looks_at(definition.enough, _everything(definition), where("enough"))
    _comparisons_can_hold(definition, where)


def words_for(step: Step) -> frozenset[str]:
    """Return the words that an answer to `step` can be compared with; empty where categories, too, can be chosen."""
    own = {"written"} if step.kind == "words" else set()
    return frozenset() if step.categories else frozenset({"skipped", *own, *(option.id for option in step.options)})


def sequence(definition: Definition) -> tuple[str, ...]:
    """Return every step in the order it could be asked.

    First those before sending, then those after it, with sets and records where they stand.
    """
    return (*definition.order, *(step for entry in definition.after for step in _asked_at(definition, entry)))


def _asked_at(definition: Definition, entry: str) -> Iterator[str]:
    if entry == SETS:
        yield from dict.fromkeys(step for asked in definition.sets.values() for step in asked)
        return
    yield entry
    step = definition.steps.get(entry)
    for item in step.items if step else ():
        yield from _asked_at(definition, item)


def _order_is_known(definition: Definition, where: Place) -> None:
    places = (
        ("order", definition.order),
        ("after", tuple(entry for entry in definition.after if entry != SETS)),
        *((f"set.{name}", asked) for name, asked in definition.sets.items()),
        *((f"step.{step.id}", tuple(i for i in step.items if i != SETS)) for step in definition.steps.values()),
    )
    for place, entries in places:
        for entry in entries:
            if entry not in definition.steps:
                raise DefinitionError(where(place), f"unknown step '{entry}'")
        if len(set(entries)) != len(entries):
            raise DefinitionError(where(place), "a step stands here twice")


def _every_step_is_reached(definition: Definition, where: Place) -> None:
    reached = sequence(definition)
    for step in definition.steps:
        if step not in reached:
            raise DefinitionError(where(f"step.{step}"), f"step '{step}' is never asked")
    if len(set(reached)) != len(reached):
        twice = next(step for step in reached if reached.count(step) > 1)
        raise DefinitionError(where(f"step.{twice}"), f"step '{twice}' is asked in two places")


def _step_is_whole(step: Step, where: Where) -> None:
    if not step.text:
        raise DefinitionError(where, f"step '{step.id}' has no text")
    _sayings_are_whole((*step.text, *step.also), where)
    if step.kind in {"notice", "choice"} and not step.options:
        raise DefinitionError(where, f"step '{step.id}' has no options")
    if step.kind == "several" and not step.options and not step.categories:
        raise DefinitionError(where, f"step '{step.id}' has no options")
    if len(step.options) > MOST_OPTIONS:
        raise DefinitionError(where, f"step '{step.id}' has more than {MOST_OPTIONS} options")
    seen: set[str] = set()
    for option in step.options:
        _option_is_whole(option, seen, where)
    if step.items and not all(step.items):
        raise DefinitionError(where, f"step '{step.id}' lists an empty item")


def _option_is_whole(option: Option, seen: set[str], where: Where) -> None:
    if not option.id:
        raise DefinitionError(where, "an option has no id")
    if option.id in seen:
        raise DefinitionError(where, f"option '{option.id}' stands here twice")
    seen.add(option.id)
    if not option.label:
        raise DefinitionError(where, f"option '{option.id}' has no label")
    _sayings_are_whole((*option.label, *option.more), where)


def _sayings_are_whole(sayings: Iterable[Saying], where: Where) -> None:
    if any(not saying.say.strip() for saying in sayings):
        raise DefinitionError(where, "a wording is empty")


def _conditions_look_back(definition: Definition, where: Place) -> None:
    facts = WORLD | definition.facts.keys()
    everything = _everything(definition)
    behind = set(everything - definition.facts.keys())
    for name, fact in definition.facts.items():
        _looks_at(fact, frozenset(behind), where(f"fact.{name}"))
        behind.add(name)
    records = {item for step in definition.steps.values() for item in step.items}
    before: set[str] = set()
    for name in sequence(definition):
        step = definition.steps[name]
        asked = everything if name in records else {*before, *step.items}
        allowed = everything if name in records else frozenset(before) | facts
        for condition in _conditions(step):
            _looks_at(condition, allowed, where(f"step.{name}"), everything)
            _facts_look_back(definition, condition, asked, where(f"step.{name}"))
        before.add(name)


def _facts_look_back(definition: Definition, condition: Condition, before: Collection[str], where: Where) -> None:
    """A fact may look further ahead, but not only ahead: then it could not hold yet."""
    for fact in sorted(names(condition) & definition.facts.keys()):
        seen = _all_names(definition, definition.facts[fact])
        if seen <= definition.steps.keys() and seen.isdisjoint(before):
            raise DefinitionError(where, f"a condition looks at '{fact}', which looks at later steps only")


def _all_names(definition: Definition, condition: Condition) -> frozenset[str]:
    """The questions and facts of the world that `condition` looks at, through named facts as well."""
    own = names(condition)
    inner = (_all_names(definition, definition.facts[name]) for name in own & definition.facts.keys())
    return frozenset(own - definition.facts.keys()).union(*inner)


def _comparisons_can_hold(definition: Definition, where: Place) -> None:
    """No condition compares an answer with what cannot be answered."""
    for place, condition in _placed(definition):
        for one in comparisons(condition):
            words = words_for(definition.steps[one.name]) if one.name in definition.steps else frozenset()
            for word in sorted(one.values - words) if words else ():
                raise DefinitionError(where(place), f"a condition looks for '{word}', no answer to '{one.name}'")


def _placed(definition: Definition) -> Iterator[tuple[str, Condition]]:
    yield from ((f"fact.{name}", fact) for name, fact in definition.facts.items())
    yield from ((f"step.{step.id}", one) for step in definition.steps.values() for one in _conditions(step))
    for interrupt in definition.interrupts:
        for condition in (interrupt.when, *(saying.when for saying in interrupt.text)):
            yield f"interrupt.{interrupt.id}", condition
    if definition.enough is not None:
        yield "enough", definition.enough


def _conditions(step: Step) -> Iterator[Condition]:
    yield step.when
    for saying in (*step.text, *step.also):
        yield saying.when
    for option in step.options:
        yield option.when
        for saying in (*option.label, *option.more):
            yield saying.when


def _everything(definition: Definition) -> frozenset[str]:
    return WORLD | definition.facts.keys() | definition.steps.keys()


def _looks_at(
    condition: Condition, allowed: frozenset[str], where: Where, everything: frozenset[str] = frozenset()
) -> None:
    for name in sorted(names(condition) - allowed):
        later = name in everything
        raise DefinitionError(
            where, f"a condition looks at '{name}', {'a later step' if later else 'which is unknown'}"
        )
