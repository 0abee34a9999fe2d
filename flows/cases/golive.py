"""What a site lacks before anybody may rely on it, and where going live stands, for `/golive` and `hark doctor`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias

from flows.cases.approvals import Proposal, stands
from flows.cases.roles import RULES
from flows.cases.routing import Route, readers
from flows.duty.hours import Hours
from flows.duty.rota import Rota, unmanned
from flows.values.ids import READING, LeadId, SiteId
from flows.values.situation import Reader
from flows.values.text import Listed, Text, Value

#: `desk`: leads read and answer on Telegram too; `pager`: it only tells them, and the desk is on the web page.
Carries: TypeAlias = Literal["desk", "pager"]

#: How long a second person has.
WITHIN: Final = RULES["golive"].within


@dataclass(frozen=True)
class GoLiveRequest:
    """One person wants a site live (or back in practice) and Telegram to carry this; `at` is aware, UTC."""

    site: SiteId
    live: bool
    telegram: Carries
    by: LeadId
    at: datetime

    @property
    def proposal(self) -> Proposal:
        """The same, as the rule for deeds of two takes it."""
        return Proposal(self.by, self.at, f"{self.site} {self.live} {self.telegram}")


@dataclass(frozen=True)
class GoLiveStanding:
    """What is decided now, and what waits for a second person.

    `sites` are live. What Telegram carries at a site is kept also while the site is back in practice.
    """

    sites: frozenset[SiteId] = frozenset()
    telegram: Mapping[SiteId, Carries] = field(default_factory=dict)
    asked: Mapping[SiteId, GoLiveRequest] = field(default_factory=dict)

    def waiting(self, site: SiteId, now: datetime) -> GoLiveRequest | None:
        """Give what waits to be confirmed for a site, unless its time is over."""
        asked = self.asked.get(site)
        if asked is None or not stands(asked.proposal, asked.proposal.state, now, WITHIN):
            return None
        return asked

    def carries(self, sites: Collection[SiteId]) -> Carries:
        """Give what Telegram carries in a chat of leads of these sites: a pager as soon as one of them chose that.

        A chat of nobody's, without sites, may come to be anybody's: there every live site counts.
        """
        return "pager" if any(self.telegram.get(site) == "pager" for site in sites or self.sites) else "desk"


def waits(standing: GoLiveStanding, asked: GoLiveRequest) -> GoLiveStanding:
    """Give the standing after one person has asked, in the place of what waited for the same site."""
    return replace(standing, asked={**standing.asked, asked.site: asked})


def confirmed(standing: GoLiveStanding, asked: GoLiveRequest) -> GoLiveStanding:
    """Give the standing after a second person has confirmed; it changes nothing for any other site."""
    sites = standing.sites | {asked.site} if asked.live else standing.sites - {asked.site}
    waiting = {site: one for site, one in standing.asked.items() if site != asked.site}
    return GoLiveStanding(sites, {**standing.telegram, asked.site: asked.telegram}, waiting)


#: Fewer than two cannot stand in for each other.
REACHABLE: Final = 2
#: Whoever has not unlocked for so long is not counted on.
AWAY: Final = timedelta(days=30)
#: By what leads can be told outside the web page.
Way: TypeAlias = Literal["email", "telegram"]
#: As `date.weekday` counts.
_WEEKDAYS: Final = (
    Text("Monday", "desk"),
    Text("Tuesday", "desk"),
    Text("Wednesday", "desk"),
    Text("Thursday", "desk"),
    Text("Friday", "desk"),
    Text("Saturday", "desk"),
    Text("Sunday", "desk"),
)

#: What can be answered to "is it about an adult who works here".
_ADULT: Final = ("no", "yes", "not_sure")
_COME_BACK: Final = Text("Ask them to unlock once, or invite somebody who will.", "desk")
_ANOTHER: Final = Text("Invite somebody else who reads: a head, a deputy, a chair or an independent person.", "desk")
#: Concerns by what was answered to that; "not sure" goes where "yes" does, at once.
_KINDS: Final = (
    (Text("A concern about a child", "desk"), "no"),
    (Text("A concern about an adult here", "desk"), "yes"),
)


@dataclass(frozen=True)
class Facts:
    """What there is; None is what was never given.

    `roster` are the site's readers; `away` those of them who have not unlocked for 30 days. `ways` are by what they can
    be told outside the web page, as the settings have it.
    """

    hours: Hours | None
    rota: Rota | None
    roster: tuple[Reader, ...]
    reachable: frozenset[LeadId]
    away: frozenset[LeadId]
    recovery: bool
    rehearsed: bool
    ways: frozenset[Way]


@dataclass(frozen=True)
class Lack:
    """Something that is missing, and what to do; `by_operator`: only whoever runs Hark can."""

    what: Text
    do: Text
    by_operator: bool = False


def away(unlocked: date | None, today: date) -> bool:
    """Whether a lead who last unlocked on a day has not done so for thirty days; None: nobody knows."""
    return unlocked is None or today - unlocked >= AWAY


def lacking(facts: Facts) -> tuple[Lack, ...]:
    """Everything that is missing; empty if the site may go live (decision 12).

    First what the site as a whole lacks, then the routes that reach nobody.
    """
    return (*_plain(facts), *broken_routes(facts.roster, facts.away))


def out_of_reach(roster: Sequence[Reader], reachable: Collection[LeadId], ways: Collection[Way]) -> tuple[Lack, ...]:
    """What is missing where fewer than two of a site's readers can be told outside the web page; else nothing.

    Where there are no `ways` to tell them, that is for the operator to do.
    """
    if sum(reader.lead in reachable for reader in roster) >= REACHABLE:
        return ()
    told = Text("Fewer than two people who read can be told outside the web page.", "desk")
    if not ways:
        do = Text("Whoever runs Hark sets up a mail server or a Telegram bot.", "desk")
    elif "email" not in ways:
        do = Text("Each unlocks in a chat with the Telegram bot.", "desk")
    elif "telegram" not in ways:
        do = Text("Each types /pager and an e-mail address.", "desk")
    else:
        do = Text("Each types /pager and an e-mail address, or unlocks in a chat with the Telegram bot.", "desk")
    return (Lack(told, do, by_operator=not ways),)


def broken_routes(roster: Sequence[Reader], gone: Collection[LeadId] = ()) -> tuple[Lack, ...]:
    """The routes that reach nobody, one person alone, or only people who are `gone`: have not unlocked for 30 days.

    Concerns about nobody who reads come first, then those about each reader, who never reads them, and then those from
    which the reporter keeps everybody who would read them. One person alone may be the one whom it is about, unnamed,
    and is left with nobody to check, to stand in or to keep anybody out (decision 27).
    """
    reading = tuple(reader for reader in roster if reader.role in READING)
    if not reading:
        nobody = Text("Nobody has joined who reads concerns: reporters are turned away.", "desk")
        return (Lack(nobody, Text("Invite a safeguarding lead, a deputy and the head.", "desk")),)
    return (*_about_others(reading, gone), *_about_each(reading, gone), *_about_all(reading))


def _about_others(reading: Sequence[Reader], gone: Collection[LeadId]) -> Iterator[Lack]:
    route = _route(reading, "no")
    if _only(gone, route):
        yield Lack(
            Text(
                "A concern about a child would reach only people who have not unlocked for 30 days: {names}.",
                "desk",
                {"names": _names(route)},
            ),
            _COME_BACK,
        )
    for kind, adult in _KINDS:
        route = _route(reading, adult)
        if len(reading) > 1 and len(route.readers) == 1:
            told = Text("{kind} would reach one person alone: {names}.", "desk", {"kind": kind, "names": _names(route)})
            yield Lack(told, _ANOTHER)
    for route in (_route(reading, "yes"), _route(reading, "not_sure")):
        if _only(gone, route):
            yield Lack(
                Text(
                    "A concern about an adult here would reach only people who have not unlocked for 30 days: {names}.",
                    "desk",
                    {"names": _names(route)},
                ),
                _COME_BACK,
            )
            return


def _about_each(reading: Sequence[Reader], gone: Collection[LeadId]) -> Iterator[Lack]:
    for about in reading:
        routes = [_route(reading, adult, about.lead) for adult in _ADULT]
        if not all(route.rungs for route in routes):
            do = Text("Invite somebody else who reads: a deputy, the head, the chair or an independent person.", "desk")
            yield Lack(Text("A concern about {name} would reach nobody.", "desk", {"name": about.name}), do)
        elif any(_only(gone, route) for route in routes):
            yield Lack(
                Text(
                    "A concern about {name} would reach only people who have not unlocked for 30 days.",
                    "desk",
                    {"name": about.name},
                ),
                _COME_BACK,
            )
        elif any(len(route.readers) == 1 for route in routes):
            alone = next(route for route in routes if len(route.readers) == 1)
            args: dict[str, Value] = {"name": about.name, "names": _names(alone)}
            yield Lack(Text("A concern about {name} would reach one person alone: {names}.", "desk", args), _ANOTHER)


def _about_all(reading: Sequence[Reader]) -> Iterator[Lack]:
    """What becomes of a concern from which everybody is kept whom its readers screen shows."""
    for kind, adult in _KINDS:
        every = _route(reading, adult).readers
        rest = _route(reading, adult, *(reader.lead for reader in every))
        if len(every) > 1 and len(rest.readers) < REACHABLE:
            args: dict[str, Value] = {"kind": kind, "names": _names(rest)}
            told = Text("{kind}, and about all who would read it, would reach one person alone: {names}.", "desk", args)
            if not rest.readers:
                told = Text("{kind}, and about all who would read it, would reach nobody.", "desk", {"kind": kind})
            yield Lack(told, _ANOTHER)


def _route(reading: Sequence[Reader], adult: str, *struck: LeadId) -> Route:
    return readers(reading, adult, struck, unsure=adult == "not_sure", words=())


def _only(gone: Collection[LeadId], route: Route) -> bool:
    return all(reader.lead in gone for reader in route.readers)


def _names(route: Route) -> Listed:
    return Listed(tuple(reader.name for reader in route.readers))


def _plain(facts: Facts) -> Iterator[Lack]:
    if facts.hours is None:
        do = Text("Whoever runs Hark gives the site hours in hark.toml, so that due times can be kept.", "desk")
        yield Lack(Text("No hours are given.", "desk"), do, by_operator=True)
    yield from _off_duty(facts)
    yield from out_of_reach(facts.roster, facts.reachable, facts.ways)
    if not facts.recovery:
        do = Text("Whoever runs Hark runs hark recovery create; what it prints is kept by the leads.", "desk")
        yield Lack(Text("There is no recovery key.", "desk"), do, by_operator=True)
    if not facts.rehearsed:
        do = Text("Whoever runs Hark runs hark backup --to DIR, then hark restore --rehearse DIR.", "desk")
        yield Lack(Text("No backup was ever restored as a trial.", "desk"), do, by_operator=True)


def _off_duty(facts: Facts) -> Iterator[Lack]:
    """The days with hours on which nobody who reads here is on duty; without hours one day of duty is enough."""
    days = facts.hours.days if facts.hours else frozenset(range(len(_WEEKDAYS)))
    reading = {reader.lead for reader in facts.roster if reader.role in READING}
    alone = unmanned(facts.rota, days, reading)
    if len(alone) == len(days):
        yield Lack(Text("Nobody is on duty on any day.", "desk"), Text("Make the rota with /oncall.", "desk"))
    elif alone and facts.hours:
        named = Listed(tuple(_WEEKDAYS[day] for day in alone))
        told = Text("These days have hours, and nobody who reads concerns is on duty: {days}.", "desk", {"days": named})
        do = Text("Type /oncall, choose each of these days, then who is on duty, then The same every week.", "desk")
        yield Lack(told, do)
