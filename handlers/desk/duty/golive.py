"""`/golive`: what a site still lacks, and the step itself, which one person asks for and another confirms.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.cases.golive import WITHIN, Carries, GoLiveRequest, Lack
from flows.values.screen import Row, Screen
from flows.values.situation import Site
from flows.values.text import Listed, Moment, Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from handlers.desk.duty import golive_facts

_CARRIES: dict[Carries, Text] = {
    "pager": desk("Telegram only tells leads that something waits. The desk is on the web page."),
    "desk": desk("Telegram carries the whole desk, so Telegram sees what it carries."),
}
_BACK: str = "practice"


async def golive(visit: Visit, _: Ask) -> None:
    """Show where the site stands, what waits for a second person, and what can be asked for."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    await visit.show(await _screen(visit))


async def ask(visit: Visit, ask: Ask) -> None:
    """Ask for a change; nothing changes before somebody else confirms (decision 12).

    While something is missing, going live is not asked for. Back to practice can be asked for at any time.
    """
    site, live = _site(visit), visit.store.live
    telegram = _carries(ask.argument)
    if telegram is not None and telegram in _offered(visit) and not await _lacking(visit, site):
        await live.ask(visit.session(), visit.arrival, live=True, telegram=telegram)
    elif ask.argument == _BACK and site.id in live.standing.sites:
        await live.ask(visit.session(), visit.arrival, live=False, telegram=live.telegram(site.id))
    await visit.show(await _screen(visit))


async def confirm(visit: Visit, ask: Ask) -> None:
    """Confirm what somebody else asked for, as it was shown; what is missing by now stops it."""
    site = _site(visit)
    asked = visit.store.live.waiting(site.id)
    if asked is None or ask.argument != _mark(asked) or (asked.live and await _lacking(visit, site)):
        await visit.show(await _screen(visit))
        return
    await visit.store.live.confirm(visit.session(), visit.arrival, asked)
    await visit.show(await _screen(visit))


async def _screen(visit: Visit) -> Screen:
    site = _site(visit)
    lacks = await _lacking(visit, site)
    said, rows = await _waiting(visit, site, ready=not lacks)
    if not rows:
        rows = _choices(visit, site, ready=not lacks)
    back = (visit.press(desk("Back to the brief"), "brief"),)
    return Screen((*_standing(visit, site), *said, *_missing(lacks), *await _team(visit)), (*rows, back))


async def _team(visit: Visit) -> tuple[Text, ...]:
    """Who reads, and who waits to: whoever takes a site live answers for both."""
    lead, view = visit.session().lead, visit.store.leads.team_view
    there = Listed(tuple(one.name for one in await visit.store.leads.readers(lead.site)))
    said = [desk("Concerns are sealed for {names}. /team shows their keys.", names=there)] if there.items else []
    names = tuple(one.card.name for one in await view.waiting())
    if names:
        said.append(desk("Two of you have not said yes yet to {names}: /team", names=Listed(names)))
    if await view.key_waits():
        said.append(desk("A new recovery key waits for two of you to say yes: /team"))
    return tuple(said)


def _missing(lacks: tuple[Lack, ...]) -> tuple[Text, ...]:
    """What leads can do first, then what only the operator can."""
    ours = tuple(labels.lack(lack) for lack in lacks if not lack.by_operator)
    theirs = tuple(labels.lack(lack) for lack in lacks if lack.by_operator)
    first = (desk("Missing before anybody may rely on it:"),) if ours else ()
    second = (desk("Missing, and not for you to do; show this to whoever runs Hark:"),) if theirs else ()
    return (*first, *ours, *second, *theirs)


def _standing(visit: Visit, site: Site) -> tuple[Text, ...]:
    if site.id not in visit.store.live.standing.sites:
        return (desk("{site} is in practice: its first screen says that nobody acts.", site=site.name),)
    return (desk("{site} is live: people rely on it.", site=site.name), _CARRIES[visit.store.live.telegram(site.id)])


async def _waiting(visit: Visit, site: Site, *, ready: bool) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    asked = visit.store.live.waiting(site.id)
    if asked is None:
        return (), ()
    names = {card.id: card.name for card in await visit.store.leads.roster()}
    said = (desk("{name} asks: {what}", name=names.get(asked.by, "?"), what=_what(asked)),)
    if asked.by == visit.session().lead.id:
        until = Moment(asked.at + WITHIN)
        return (*said, desk("Somebody else has to confirm it with /golive before {time}.", time=until)), ()
    if asked.live and not ready:
        return said, ()
    return said, (
        (visit.press(desk("Confirm"), "gone", Ask(argument=_mark(asked)), rank="main" if asked.live else None),),
    )


def _choices(visit: Visit, site: Site, *, ready: bool) -> tuple[Row, ...]:
    live = site.id in visit.store.live.standing.sites
    rows: list[Row] = []
    if ready:
        for one in _offered(visit):
            label = _label(one, live=live)
            if not live or one != visit.store.live.telegram(site.id):
                rows.append((visit.press(label, "goask", Ask(argument=one)),))
    if live:
        rows.append((visit.press(desk("Back to practice"), "goask", Ask(argument=_BACK)),))
    return tuple(rows)


def _offered(visit: Visit) -> tuple[Carries, ...]:
    """The pager first, since it is recommended; it needs the web page's address."""
    if "telegram" not in visit.deps.bots:
        return ("pager",)
    return ("pager", "desk") if visit.deps.public_url else ("desk",)


def _label(carries: Carries, *, live: bool) -> Text:
    if live:
        return desk("Telegram as a pager") if carries == "pager" else desk("The whole desk on Telegram")
    return desk("Go live, Telegram as a pager") if carries == "pager" else desk("Go live, the desk on Telegram too")


def _what(asked: GoLiveRequest) -> Text:
    if not asked.live:
        return desk("back to practice.")
    return desk("live. {carries}", carries=_CARRIES[asked.telegram])


def _mark(asked: GoLiveRequest) -> str:
    """What binds a button to what was shown."""
    return f"{int(asked.at.timestamp())}"


def _carries(argument: str) -> Carries | None:
    return "pager" if argument == "pager" else "desk" if argument == "desk" else None


def _site(visit: Visit) -> Site:
    return visit.deps.sites.get(visit.session().lead.site) or visit.deps.sites[visit.deps.home]


async def _lacking(visit: Visit, site: Site) -> tuple[Lack, ...]:
    deps, today = visit.deps, visit.now().date()
    found = await golive_facts.lacks(
        visit.store, site.id, today, hours=deps.hours.get(site.id), rehearsed=deps.rehearsed(), ways=deps.ways
    )
    if site.practice:
        told = desk("The settings keep the site in practice.")
        do = desk("Whoever runs Hark sets practice = false in hark.toml, and starts Hark again.")
        return (Lack(told, do, by_operator=True), *found)
    return found
