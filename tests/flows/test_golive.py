"""Before a site goes live: what is missing is named, and every route is tried, whoever a concern is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.cases.golive import (
    WITHIN,
    Carries,
    Facts,
    GoLiveRequest,
    GoLiveStanding,
    Way,
    away,
    broken_routes,
    confirmed,
    lacking,
    out_of_reach,
    waits,
)
from flows.duty.hours import DAYS, read_hours
from flows.duty.rota import Rota
from flows.values.ids import LeadId, Role, SiteId
from flows.values.situation import Reader
from flows.values.text import Listed, Text

ELM, OAK = SiteId("elm"), SiteId("oak")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def reader(name: str, role: Role) -> Reader:
    return Reader(LeadId(name), name, role, "")


LEAD, DEPUTY, HEAD, CHAIR = (
    reader("Anna", "lead"),
    reader("Ben", "deputy"),
    reader("Hana", "head"),
    reader("Carl", "chair"),
)
IVY, IAN = reader("Ivy", "independent"), reader("Ian", "independent")
FULL = (LEAD, DEPUTY, HEAD, CHAIR, IVY, IAN)
#: From Monday to Friday.
TERM = read_hours({day: ["08:00-16:00"] for day in DAYS[:5]}, [], "Europe/London")
NOBODY: frozenset[LeadId] = frozenset()


def rota(*week: frozenset[LeadId]) -> Rota:
    """A rota of these days from Monday on, and of nobody on the rest."""
    return Rota("Europe/London", (*week, *(NOBODY,) * (7 - len(week))))


READY = Facts(
    hours=TERM,
    rota=rota(*(frozenset({LEAD.lead}),) * 5),
    roster=FULL,
    reachable=frozenset({LEAD.lead, HEAD.lead}),
    away=frozenset(),
    recovery=True,
    rehearsed=True,
    ways=frozenset({"email", "telegram"}),
)


def said(facts: Facts) -> list[str]:
    return [lack.what.msgid for lack in lacking(facts)]


def test_a_site_with_everything_may_go_live() -> None:
    assert lacking(READY) == ()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(READY, hours=None), "No hours"),
        (replace(READY, rota=None), "Nobody is on duty"),
        (replace(READY, rota=rota()), "Nobody is on duty"),
        (replace(READY, rota=rota(*(frozenset({LeadId("shut out")}),) * 5)), "Nobody is on duty"),
        (replace(READY, rota=rota(*(frozenset({LeadId("an auditor")}),) * 5)), "Nobody is on duty"),
        (replace(READY, rota=rota(frozenset({LEAD.lead}))), "These days have hours"),
        (replace(READY, reachable=frozenset({LEAD.lead})), "Fewer than two people"),
        (replace(READY, recovery=False), "no recovery key"),
        (replace(READY, rehearsed=False), "No backup"),
        (replace(READY, roster=()), "Nobody is on duty"),
    ],
)
def test_each_thing_that_is_missing_is_named_with_what_to_do(facts: Facts, words: str) -> None:
    found = lacking(facts)
    assert words in found[0].what.msgid
    assert all(lack.do.msgid for lack in found)


def test_the_days_that_have_hours_and_nobody_on_duty_who_reads_are_named() -> None:
    duty, gone = frozenset({LEAD.lead}), frozenset({LeadId("shut out")})
    [lack] = lacking(replace(READY, rota=rota(duty, gone, gone | duty, NOBODY, duty)))
    assert lack.what.args == {"days": Listed((Text("Tuesday", "desk"), Text("Thursday", "desk")))}
    assert "/oncall" in lack.do.msgid


def test_hours_that_go_over_midnight_need_somebody_on_duty_on_the_next_day_too() -> None:
    late = read_hours({"fri": ["22:00-02:00"], "sun": ["20:00-24:00"]}, [], "Europe/London")
    assert late.days == {4, 5, 6}
    [lack] = lacking(replace(READY, hours=late))
    assert lack.what.args == {"days": Listed((Text("Saturday", "desk"), Text("Sunday", "desk")))}


def test_without_hours_a_day_of_duty_is_not_asked_for_more_days() -> None:
    assert said(replace(READY, hours=None, rota=rota(frozenset({LEAD.lead})))) == ["No hours are given."]
    assert said(replace(READY, hours=None, rota=None))[1] == "Nobody is on duty on any day."


def test_somebody_who_does_not_read_makes_nobody_reachable() -> None:
    assert said(replace(READY, reachable=frozenset({LEAD.lead, LeadId("an auditor")}))) == said(
        replace(READY, reachable=frozenset({LEAD.lead}))
    )


@pytest.mark.parametrize(
    ("ways", "named", "by_operator"),
    [
        ({"email", "telegram"}, ("/pager", "Telegram bot"), False),
        ({"email"}, ("/pager",), False),
        ({"telegram"}, ("Telegram bot",), False),
        (set(), ("Whoever runs Hark", "mail server", "Telegram bot"), True),
    ],
)
def test_two_readers_whom_something_reaches_outside_the_page_are_enough_and_fewer_are_told_the_ways_there_are(
    ways: set[Way], named: tuple[str, ...], *, by_operator: bool
) -> None:
    [lack] = out_of_reach(FULL, {LEAD.lead}, ways)
    assert lack.by_operator is by_operator
    words = ("/pager", "Telegram bot", "Whoever runs Hark", "mail server")
    assert tuple(one for one in words if one in lack.do.msgid) == tuple(one for one in words if one in named)
    assert out_of_reach(FULL, {LEAD.lead, HEAD.lead}, ways) == ()


def test_a_concern_about_the_only_reader_would_reach_nobody() -> None:
    [lack] = broken_routes((LEAD,))
    assert lack.what.msgid == "A concern about {name} would reach nobody."
    assert lack.what.args == {"name": "Anna"}


CHILD, ADULT = Text("A concern about a child", "desk"), Text("A concern about an adult here", "desk")


def test_a_route_that_one_person_alone_reads_is_broken_whatever_it_is_about() -> None:
    told = broken_routes((LEAD, HEAD))
    assert [(lack.what.msgid, dict(lack.what.args)) for lack in told] == [
        ("{kind} would reach one person alone: {names}.", {"kind": ADULT, "names": Listed(("Hana",))}),
        ("A concern about {name} would reach one person alone: {names}.", {"name": "Anna", "names": Listed(("Hana",))}),
        ("A concern about {name} would reach one person alone: {names}.", {"name": "Hana", "names": Listed(("Anna",))}),
        ("{kind}, and about all who would read it, would reach nobody.", {"kind": CHILD}),
    ]


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ((), []),
        ((CHAIR,), []),
        ((IVY,), ["A concern about Carl", "A concern about an adult here, and about all who would read it,"]),
        ((IVY, IAN), ["A concern about Hana", "A concern about Carl", "A concern about a child, and about all"]),
        ((HEAD, CHAIR), ["A concern about Anna", "A concern about Ben", "A concern about Ivy", "A concern about Ian"]),
    ],
)
def test_each_who_may_be_left_out_and_all_who_would_read_it_are_tried(
    gone: tuple[Reader, ...], told: list[str]
) -> None:
    found = broken_routes([one for one in FULL if one not in gone])
    said = [
        lack.what.msgid.format(**{name: said_plainly(one) for name, one in lack.what.args.items()}) for lack in found
    ]
    assert len(said) == len(told)
    assert all(one.startswith(begin) and "one person alone" in one for one, begin in zip(said, told, strict=True))


def said_plainly(value: object) -> str:
    return value.msgid if isinstance(value, Text) else str(value)


def test_a_route_that_only_somebody_away_reads_is_broken() -> None:
    told = broken_routes(FULL, {HEAD.lead, CHAIR.lead, IVY.lead, IAN.lead})
    assert [(lack.what.msgid.split(" would")[0], dict(lack.what.args)) for lack in told] == [
        ("A concern about an adult here", {"names": Listed(("Hana", "Carl"))}),
        *(("A concern about {name}", {"name": name}) for name in ("Ben", "Hana", "Carl", "Ivy", "Ian")),
    ]


def test_somebody_away_whom_others_stand_in_for_breaks_no_route() -> None:
    assert broken_routes(FULL, {DEPUTY.lead}) == ()


def test_thirty_days_without_an_unlock_are_away_and_so_is_a_day_nobody_knows() -> None:
    today = date(2026, 11, 24)
    assert not away(today - timedelta(days=29), today)
    assert away(today - timedelta(days=30), today)
    assert away(None, today)


def test_what_was_asked_waits_for_a_day_and_changes_its_own_site_alone() -> None:
    asked = GoLiveRequest(ELM, live=True, telegram="pager", by=LEAD.lead, at=NOW)
    standing = waits(GoLiveStanding(frozenset({OAK}), {OAK: "desk"}), asked)
    assert standing.waiting(ELM, NOW) == asked
    assert standing.waiting(OAK, NOW) is None
    assert standing.waiting(ELM, NOW + WITHIN) is None
    assert confirmed(standing, asked) == GoLiveStanding(frozenset({OAK, ELM}), {OAK: "desk", ELM: "pager"})
    assert confirmed(standing, replace(asked, live=False)).sites == {OAK}


def test_what_one_site_asks_for_leaves_what_waits_at_another() -> None:
    elm = GoLiveRequest(ELM, live=True, telegram="pager", by=LEAD.lead, at=NOW)
    oak = replace(elm, site=OAK, telegram="desk")
    standing = waits(waits(GoLiveStanding(), elm), oak)
    assert (standing.waiting(ELM, NOW), standing.waiting(OAK, NOW)) == (elm, oak)
    assert confirmed(standing, oak) == GoLiveStanding(frozenset({OAK}), {OAK: "desk"}, {ELM: elm})


@pytest.mark.parametrize(
    ("sites", "carries"),
    [({ELM}, "pager"), ({OAK}, "desk"), ({ELM, OAK}, "pager"), ({SiteId("new")}, "desk"), ((), "pager")],
)
def test_a_chat_is_a_pager_as_its_leads_site_chose_and_nobodys_chat_as_any_live_site_did(
    sites: Collection[SiteId], carries: str
) -> None:
    chosen: dict[SiteId, Carries] = {ELM: "pager", OAK: "desk"}
    assert GoLiveStanding(frozenset({ELM, OAK}), chosen).carries(sites) == carries


def test_a_site_back_in_practice_keeps_its_choice_for_its_own_leads_and_makes_nobodys_chat_a_pager() -> None:
    back = GoLiveStanding(frozenset({OAK}), {ELM: "pager"})
    assert (back.carries({ELM}), back.carries(())) == ("pager", "desk")
