"""Who reads: the ladder of each subject, people left out, names in the words, and nobody remaining."""

from itertools import chain
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.routing import Route, next_up, readers
from flows.values.ids import READING, LeadId, Role
from flows.values.situation import Reader

NAMES = {
    "lead": "Mr Bell",
    "lead2": "Ms Abara",
    "deputy": "Ms Rao",
    "deputy2": "Mr Nowak",
    "head": "Mrs Okafor",
    "chair": "Dr Lindqvist",
    "independent": "Ms Moreau",
    "manager": "Mr Stone",
}


def test_nobody_else_is_ever_a_reader() -> None:
    assert {"lead", "deputy", "head", "chair", "independent"} == READING
    assert set(get_args(Role)) - READING == {"manager", "partner", "auditor", "admin"}


def someone(who: str) -> Reader:
    role = who.rstrip("2")
    assert role in get_args(Role)
    return Reader(LeadId(who), NAMES[who], role, "")  # type: ignore[arg-type]


def route(whole: str, adult: str = "no", struck: str = "", words: str = "", *, unsure: bool = False) -> Route:
    return readers(
        [someone(who) for who in whole.split()],
        adult,
        frozenset(LeadId(who) for who in struck.split()),
        unsure,
        [words],
    )


def ladder(found: Route) -> str:
    """The rungs as one line: people of a rung by commas, rungs by arrows."""
    return " > ".join(",".join(rung) for rung in found.rungs)


EVERYBODY = "lead lead2 deputy deputy2 head chair independent manager"


@pytest.mark.parametrize(
    ("adult", "struck", "unsure", "rungs"),
    [
        ("no", "", False, "lead,lead2 > deputy,deputy2 > head"),
        ("skipped", "", False, "lead,lead2 > deputy,deputy2 > head"),
        ("", "", False, "lead,lead2 > deputy,deputy2 > head"),
        ("yes", "", False, "head > chair"),
        ("not_sure", "", False, "head,chair"),
        ("no", "", True, "head,chair"),
        ("yes", "", True, "head,chair"),
        ("no", "lead", False, "head,deputy"),
        ("yes", "lead", False, "head,deputy"),
        ("no", "lead deputy", False, "head,deputy2"),
        ("no", "deputy", False, "lead,lead2 > deputy2 > head"),
        ("no", "head", False, "chair > independent"),
        ("yes", "head", False, "chair > independent"),
        ("no", "lead head", False, "chair > independent"),
        ("yes", "chair", False, "independent"),
        ("not_sure", "chair head", False, "independent"),
        ("yes", "independent", False, "head > chair"),
        ("no", "chair independent", False, "head"),
        ("no", "head chair independent", False, "lead,lead2 > deputy,deputy2"),
        ("no", "head chair independent lead lead2", False, "deputy,deputy2"),
        ("no", "manager", False, "lead,lead2 > deputy,deputy2 > head"),
    ],
)
def test_the_ladder_of_each_subject(adult: str, struck: str, *, unsure: bool, rungs: str) -> None:
    assert ladder(route(EVERYBODY, adult, struck, unsure=unsure)) == rungs


@pytest.mark.parametrize(
    ("whole", "adult", "struck", "rungs"),
    [
        ("lead deputy", "yes", "", "lead > deputy"),
        ("lead deputy", "not_sure", "", "lead > deputy"),
        ("lead", "yes", "", "lead"),
        ("lead deputy independent", "yes", "", "independent"),
        ("lead chair", "yes", "", "chair"),
        ("lead head", "not_sure", "", "head"),
        ("lead deputy", "no", "lead", "deputy"),
        ("lead head", "no", "lead", "head"),
        ("lead lead2", "no", "lead", "lead2"),
        ("chair", "no", "", "chair"),
        ("lead deputy head", "no", "head", "lead > deputy"),
        ("lead deputy head", "yes", "head", "lead > deputy"),
    ],
)
def test_where_a_site_lacks_its_ladder_the_others_stand_in_by_name(
    whole: str, adult: str, struck: str, rungs: str
) -> None:
    assert ladder(route(whole, adult, struck)) == rungs


@pytest.mark.parametrize(
    ("whole", "struck"), [("lead", "lead"), ("lead head", "lead head"), ("manager", ""), ("", ""), ("manager", "lead")]
)
def test_if_nobody_remains_there_is_no_rung_and_places_outside_are_shown(whole: str, struck: str) -> None:
    found = route(whole, struck=struck)
    assert (found.rungs, found.readers, found.outside) == ((), (), True)


def test_the_chairs_own_case_shows_places_outside_as_well() -> None:
    assert route(EVERYBODY, struck="chair").outside
    assert not route(EVERYBODY, struck="head").outside


@pytest.mark.parametrize(
    ("adult", "words", "rungs", "withheld"),
    [
        ("no", "mr bell shouts at me", "lead2 > deputy,deputy2 > head", ("lead",)),
        ("no", "BELL!", "lead2 > deputy,deputy2 > head", ("lead",)),
        ("no", "Bell and Abara and Rao and Nowak", "head", ("lead", "lead2", "deputy", "deputy2")),
        ("yes", "Mrs Okafor hurt me", "chair", ("head",)),
        ("yes", "Mr Bell hurt me", "head > chair", ()),
        ("not_sure", "it was okafor", "chair", ("head",)),
        ("no", "nothing", "lead,lead2 > deputy,deputy2 > head", ()),
    ],
)
def test_whoever_the_words_name_is_withheld_while_somebody_else_can_read(
    adult: str, words: str, rungs: str, withheld: tuple[str, ...]
) -> None:
    found = route(EVERYBODY, adult, words=words)
    assert (ladder(found), found.withheld, found.named) == (rungs, withheld, ())


def test_if_only_the_named_are_left_the_reporter_is_asked() -> None:
    found = route("lead", words="I told Mr Bell")
    assert (ladder(found), found.withheld, found.named, found.outside) == ("lead", (), ("lead",), False)


@pytest.mark.parametrize("adult", ["yes", "not_sure"])
def test_about_an_adult_here_whoever_is_named_never_reads_even_if_nobody_remains(adult: str) -> None:
    found = route("lead", adult, words="Mr Bell hurts me")
    assert (found.rungs, found.withheld, found.named, found.outside) == ((), ("lead",), (), True)


people = st.lists(st.sampled_from(sorted(NAMES)), unique=True)


@given(
    whole=people,
    adult=st.sampled_from(["yes", "no", "not_sure", "skipped", ""]),
    struck=st.frozensets(st.sampled_from(sorted(NAMES))),
    named=people,
    unsure=st.booleans(),
)
def test_nobody_left_out_reads_nobody_stands_twice_and_everybody_is_shown(
    whole: list[str], adult: str, struck: frozenset[str], named: list[str], *, unsure: bool
) -> None:
    words = " and ".join(NAMES[who] for who in named)
    found = route(" ".join(whole), adult, " ".join(struck), words, unsure=unsure)
    reading = list(chain.from_iterable(found.rungs))
    assert not struck & set(reading)
    assert not set(found.withheld) & set(reading)
    assert len(reading) == len(set(reading))
    assert [reader.lead for reader in found.readers] == reading
    assert all(reader.role in READING for reader in found.readers)
    assert all(found.rungs)
    assert set(found.named) <= set(reading) & set(named)
    assert set(found.excluded) == {who for who in struck & set(whole) if someone(who).role in READING}
    assert set(found.withheld) <= set(named)
    if not reading:
        assert found.outside
    if not set(named) & set(whole):
        able = {who for who in whole if someone(who).role in READING} - struck
        assert bool(reading) == bool(able)
    if set(reading) & set(named):
        assert set(reading) == set(found.named)


@given(whole=people, struck=st.frozensets(st.sampled_from(sorted(NAMES))))
def test_leaving_somebody_more_out_never_brings_them_back(whole: list[str], struck: frozenset[str]) -> None:
    """One after another: whoever is shown is left out, until nobody remains; nobody is shown again."""
    out = set(struck)
    for _ in NAMES:
        found = route(" ".join(whole), struck=" ".join(out))
        assert not out & {reader.lead for reader in found.readers}
        out |= {reader.lead for reader in found.readers[:1]}
    assert route(" ".join(whole), struck=" ".join(out)).outside


def test_the_independent_person_stands_in_before_the_chair() -> None:
    assert route("lead chair independent", struck="lead").rungs == (("independent",),)


@pytest.mark.parametrize(
    ("struck", "shut", "found"),
    [
        ("", "", "lead deputy head chair independent"),
        ("chair", "", "independent head lead deputy"),
        ("", "head lead", "deputy chair independent"),
    ],
)
def test_who_is_next_comes_in_the_order_of_the_ladder_and_then_of_all_others(
    struck: str, shut: str, found: str
) -> None:
    everybody = [someone(who) for who in ["lead", "deputy", "head", "chair", "independent", "manager"]]
    out = (LeadId(who) for who in struck.split())
    named = [LeadId(who) for who in shut.split()]
    assert next_up(everybody, "no", set(out), False, named) == tuple(found.split())  # noqa: FBT003 - as `readers` takes it
