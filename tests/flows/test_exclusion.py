"""Who reads once somebody is kept out: walked for each kind of site, and for any people; never nobody, never one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.exclusion import ENOUGH, Circle, called_up, named_by, without
from flows.cases.golive import broken_routes
from flows.conversation.engine import current, step
from flows.conversation.explanation import about_adult
from flows.drafts.rulebook import Flows
from flows.drafts.scene import scene
from flows.screens.buttons import roster_hash
from flows.screens.readers import route
from flows.screens.welcome import begin
from flows.values.deeds import SendConcern
from flows.values.draft import Chose, Draft, Wrote
from flows.values.ids import READING, LeadId, Role
from flows.values.inputs import Pressed, Struck
from flows.values.situation import Reader, Situation

#: Who reads at each kind of site that goes live: whatever a concern is about, two people read it.
KINDS: dict[str, tuple[tuple[str, Role], ...]] = {
    "a school": (
        ("Mr Bell", "lead"),
        ("Ms Rao", "deputy"),
        ("Mrs Okafor", "head"),
        ("Dr Lindqvist", "chair"),
        ("Ms Moreau", "independent"),
        ("Mr Aziz", "independent"),
    ),
    "a club": (
        ("Coach Bell", "lead"),
        ("Ms Rao", "deputy"),
        ("Mrs Okafor", "head"),
        ("County officer Moreau", "independent"),
        ("County officer Aziz", "independent"),
    ),
    "a school of a trust": (
        ("Mr Bell", "lead"),
        ("Ms Abara", "lead"),
        ("Ms Rao", "deputy"),
        ("Mr Nowak", "deputy"),
        ("Mrs Okafor", "head"),
        ("Dr Lindqvist", "chair"),
        ("Trust officer Moreau", "independent"),
        ("Trust officer Aziz", "independent"),
    ),
}


def people(kind: str) -> tuple[Reader, ...]:
    return tuple(Reader(LeadId(name), name, role, role) for name, role in KINDS[kind])


@pytest.fixture(params=sorted(KINDS))
def at(request: pytest.FixtureRequest, situation: Situation) -> Situation:
    """A site of this kind."""
    return replace(situation, roster=people(request.param))


def at_readers(flows: Flows, known: Situation, adult: str, category: str = "") -> Draft:
    """Somebody who has told it, and sees who will read it."""
    answers = {name: Chose((value,)) for name, value in (("C5", "no"), ("C3", "ok"), ("C4", "yes"), ("C14", adult))}
    about = {"C10": Chose((category,))} if category else {}
    return replace(
        begin(flows, "12_17", known), cursor="CR", answers={**answers, **about, "C8": Wrote(("It goes on.",))}
    )


def strike(flows: Flows, draft: Draft, known: Situation, *names: str) -> Draft:
    """The same with these people marked on the readers screen."""
    for place, reader in enumerate(known.roster):
        if reader.name in names:
            struck = step(flows, draft, Struck(roster_hash(known.roster), place), known).draft
            assert struck is not None
            draft = struck
    return draft


def shown(flows: Flows, draft: Draft, known: Situation) -> list[str]:
    return [reader.name for reader in route(scene(flows, draft, known)).readers]


def sent(flows: Flows, draft: Draft, known: Situation) -> SendConcern:
    [deed] = step(flows, draft, Pressed("CR", "send"), known).deeds
    assert isinstance(deed, SendConcern)
    return deed


def having(known: Situation, role: Role) -> list[str]:
    return [reader.name for reader in known.roster if reader.role == role]


@pytest.mark.parametrize("adult", ["no", "yes", "not_sure"])
@pytest.mark.parametrize("category", ["", "system_misuse"])
@pytest.mark.parametrize("about", ["nobody", "the head", "the chair", "each of them"])
def test_whoever_it_is_about_two_others_read_it(
    flows: Flows, at: Situation, adult: str, category: str, about: str
) -> None:
    roles: dict[str, tuple[Role, ...]] = {
        "nobody": (),
        "the head": ("head",),
        "the chair": ("chair",),
        "each of them": tuple(sorted(READING)),
    }
    whom = [reader.name for reader in at.roster if reader.role in roles[about]]
    for struck in [[one] for one in whom] if about == "each of them" else [whom]:
        draft = strike(flows, at_readers(flows, at, adult, category), at, *struck)
        deed = sent(flows, draft, at)
        reading = list(chain.from_iterable(deed.rungs))
        assert set(deed.excluded) == set(struck)
        assert not set(struck) & set(reading)
        assert len(reading) >= ENOUGH, (struck, reading)
        assert {"system_misuse"} <= set(deed.categories) or not category


@pytest.mark.parametrize("adult", ["no", "yes", "not_sure"])
def test_about_all_of_them_others_read_it_and_about_everybody_places_outside_are_shown(
    flows: Flows, at: Situation, adult: str
) -> None:
    draft = at_readers(flows, at, adult)
    first = shown(flows, draft, at)
    draft = strike(flows, draft, at, *first)
    then = shown(flows, draft, at)
    assert not set(first) & set(then)
    assert len(then) >= ENOUGH, (first, then)
    draft = strike(flows, draft, at, *(one.name for one in at.roster if one.name not in first))
    assert shown(flows, draft, at) == []
    assert not step(flows, draft, Pressed("CR", "send"), at).deeds
    assert "0123 456" in str(current(flows, draft, at))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_site_of_each_kind_may_go_live_and_not_with_one_of_those_who_stand_in_gone(kind: str) -> None:
    every = people(kind)
    assert broken_routes(every) == ()
    for gone in (reader for reader in every if reader.role == "independent"):
        found = broken_routes([reader for reader in every if reader != gone])
        assert found
        assert all("one person alone" in lack.what.msgid for lack in found)


def circle(
    whole: str, reading: str, shut: Mapping[str, str] | None = None, adult: str = "no", *, unsure: bool = False
) -> Circle:
    """People by their roles, those of one role numbered."""
    roster = tuple(Reader(LeadId(who), who, who.rstrip("2"), "") for who in whole.split())  # type: ignore[arg-type]
    named = {
        name: tuple(map(LeadId, (shut or {}).get(name, "").split())) for name in ("left_out", "withheld", "kept_out")
    }
    return Circle(roster, tuple(map(LeadId, reading.split())), **named, adult=adult, unsure=unsure)


ALL = "lead lead2 deputy deputy2 head chair independent manager"


@pytest.mark.parametrize(
    ("reading", "out", "shut", "added"),
    [
        ("lead deputy head", "head", {}, ""),  # two are left
        ("lead head", "lead", {}, "deputy"),  # as where a lead was left out before sending
        ("lead head", "head", {}, "chair"),
        ("head chair", "chair", {}, "independent"),
        ("head", "head", {}, "chair independent"),
        ("chair independent", "chair", {"left_out": "head"}, "lead"),
        ("chair independent", "independent", {"left_out": "head"}, "lead"),
        ("head chair", "head", {"left_out": "chair"}, "independent"),
        ("lead head", "head", {"withheld": "chair"}, "independent"),
        ("lead head", "head", {"kept_out": "chair independent"}, "lead2"),
    ],
)
def test_where_fewer_than_two_are_left_the_next_of_the_ladder_is_added(
    reading: str, out: str, shut: dict[str, str], added: str
) -> None:
    found = without(circle(ALL, reading, shut), {LeadId(out)})
    assert (" ".join(found.added), found.allowed) == (added, True)


@pytest.mark.parametrize(
    ("whole", "reading", "shut", "allowed"),
    [
        ("lead head", "lead head", {}, True),  # there is nobody else
        ("lead head chair", "lead head", {"left_out": "chair"}, True),
        ("lead head chair", "lead head", {"withheld": "chair"}, True),
        ("lead head chair", "lead head", {"kept_out": "chair"}, False),  # kept out one after the other
        ("lead", "head", {}, True),
        ("head", "head", {}, False),  # never nobody
        ("head manager", "head", {}, False),
    ],
)
def test_one_alone_is_allowed_only_where_there_is_nobody_else_and_nobody_never(
    whole: str, reading: str, shut: dict[str, str], *, allowed: bool
) -> None:
    assert without(circle(whole, reading, shut), {LeadId("head")}).allowed is allowed


def test_somebody_is_called_up_only_where_fewer_than_two_read_it() -> None:
    assert called_up(circle(ALL, "lead", {"withheld": "head"})) == ("lead2",)
    assert called_up(circle(ALL, "lead lead2", {"withheld": "head"})) == ()
    assert called_up(circle("lead head", "lead", {"withheld": "head"})) == ()


WHO = sorted(set(ALL.split()) - {"manager"})


@given(
    whole=st.lists(st.sampled_from(ALL.split()), unique=True, min_size=1),
    reading=st.lists(st.sampled_from(WHO), unique=True, min_size=1),
    left_out=st.frozensets(st.sampled_from(WHO), max_size=3),
    withheld=st.frozensets(st.sampled_from(WHO), max_size=3),
    kept_out=st.frozensets(st.sampled_from(WHO), max_size=3),
    adult=st.sampled_from(["no", "yes", "not_sure", ""]),
    unsure=st.booleans(),
    data=st.data(),
)
def test_nobody_who_is_shut_out_is_added_and_what_is_allowed_is_never_read_by_nobody(
    whole: list[str],
    reading: list[str],
    left_out: frozenset[str],
    withheld: frozenset[str],
    kept_out: frozenset[str],
    adult: str,
    data: st.DataObject,
    *,
    unsure: bool,
) -> None:
    shut = {"left_out": " ".join(left_out), "withheld": " ".join(withheld), "kept_out": " ".join(kept_out)}
    reading = [who for who in reading if who not in left_out | withheld | kept_out]
    if not reading:
        return
    out = data.draw(st.sampled_from(reading))
    found = without(circle(" ".join(whole), " ".join(reading), shut, adult, unsure=unsure), {LeadId(out)})
    assert not {out, *left_out, *withheld, *kept_out} & {*found.left, *found.added}
    assert set(found.left) == set(reading) - {out}
    assert not set(found.left) & set(found.added)
    assert set(found.added) <= set(whole)
    spare = {who for who in whole if who != "manager"} - {out, *left_out, *withheld, *kept_out, *reading}
    assert len(found.added) == min(max(0, ENOUGH - len(found.left)), len(spare))
    if found.allowed:
        assert found.left or found.added
    if len({*found.left, *found.added}) >= ENOUGH:
        assert found.allowed


def test_whom_words_name_is_told_in_any_way_of_writing() -> None:
    every = people("a school")
    assert named_by(["thanks M I S S rao", "and okafor"], every) == ("Ms Rao", "Mrs Okafor")
    assert named_by(["nobody here", ""], every) == ()


def test_whether_it_is_about_an_adult_is_read_out_of_what_was_chosen() -> None:
    assert about_adult({"C14": ("not_sure",), "C3": ("ok",)}) == "not_sure"
    assert about_adult({"C3": ("ok",)}) == ""


def test_who_is_in_no_role_that_reads_is_nobody_who_could_read_instead() -> None:
    assert without(circle("lead head manager", "lead head"), {LeadId("head")}).allowed
    assert not without(circle("lead head deputy", "lead head", {"kept_out": "deputy"}), {LeadId("head")}).allowed
