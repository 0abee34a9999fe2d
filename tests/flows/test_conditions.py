from itertools import product

import pytest

from flows.loading.conditions import ALWAYS, holds, names, parse, with_named
from flows.loading.source_lines import DefinitionError, Where
from flows.values.draft import Chose, Skipped, Wrote

HERE = Where("child.toml", 7)
ANSWERS = {"safe": Chose(("no",)), "about": Chose(("b", "s")), "tell": Wrote(("words",)), "who": Skipped()}
FACTS = {"register": frozenset({"under_12"}), "named": frozenset({"true"})}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"safe": "no"}, True),
        ({"safe": "yes"}, False),
        ({"safe": ["yes", "no"]}, True),
        ({"safe": ["yes", "not_sure"]}, False),
        ({"about": "s"}, True),
        ({"about": "x"}, False),
        ({"tell": "written"}, True),
        ({"safe": "written"}, False),
        ({"who": "skipped"}, True),
        ({"tell": "skipped"}, False),
        ({"nothing": "yes"}, False),
        ({"register": "under_12"}, True),
        ({"register": "staff"}, False),
        ({"named": True}, True),
        ({"named": False}, False),
        ({"other": True}, False),
        ({"other": False}, True),
        ({"safe": "no", "about": "b"}, True),
        ({"safe": "no", "about": "x"}, False),
        ({"any": [{"safe": "yes"}, {"about": "b"}]}, True),
        ({"any": [{"safe": "yes"}, {"about": "x"}]}, False),
        ({"any": []}, False),
        ({"not": {"safe": "yes"}}, True),
        ({"not": {"safe": "no"}}, False),
        ({"not": {"safe": "no", "about": "x"}}, True),
        ({}, True),
    ],
)
def test_a_table_holds_or_not(table: dict[str, object], expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert holds(parse(table, HERE), ANSWERS, FACTS) is expected


@pytest.mark.parametrize("value", [3, [], [1], {"a": "b"}, [["a"]]])
def test_a_value_of_another_kind_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(DefinitionError, match=r"child\.toml:7: 'safe'"):
        parse({"safe": value}, HERE)


@pytest.mark.parametrize("table", [{"any": {"a": "b"}}, {"any": ["a"]}, {"not": ["a"]}])
def test_any_and_not_take_tables(table: dict[str, object]) -> None:
    with pytest.raises(DefinitionError):
        parse(table, HERE)


def test_names_are_all_that_a_condition_looks_at() -> None:
    condition = parse({"a": "1", "any": [{"b": "1"}, {"not": {"c": ["1", "2"]}}]}, HERE)
    assert names(condition) == {"a", "b", "c"}
    assert names(ALWAYS) == frozenset()


def test_a_named_fact_may_use_the_ones_before_it() -> None:
    named = {
        "unsafe": parse({"safe": ["no", "not_sure"]}, HERE),
        "unsafe_child": parse({"unsafe": True, "register": "under_12"}, HERE),
        "calm": parse({"unsafe": False}, HERE),
    }
    known = with_named(named, ANSWERS, FACTS)
    assert {name for name in named if name in known} == {"unsafe", "unsafe_child"}


def test_not_is_the_opposite_for_every_pair_of_words() -> None:
    for name, word in product(("safe", "about", "register", "nothing"), ("no", "b", "under_12")):
        table = {name: word}
        assert holds(parse(table, HERE), ANSWERS, FACTS) != holds(parse({"not": table}, HERE), ANSWERS, FACTS)
