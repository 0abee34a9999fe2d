"""Going live: refused with what is missing, asked for by one person and confirmed by another, and recorded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from flows.cases.golive import Carries, GoLiveRequest
from flows.duty.rota import Rota
from flows.values.ids import Role, SiteId
from storage.database.schema.sites import live
from storage.database.turn import Insert
from storage.sealing.age.age_keys import new_identity_seed
from storage.sealing.primitives.xwing import public_key
from storage.values import Address, Arrival
from tests.handlers.desk.house import HOME, PASSPHRASE, House, Lead
from tests.handlers.desk.house import open_store as opened
from tests.handlers.world import OTHER, World
from tests.live import take_live
from tests.team import set_recovery


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[House]:
    """A house with hours and a backup that was tried."""
    made = House(tmp_path, equipped=True)
    await made.start()
    yield made
    await made.close()


async def ready(house: House) -> tuple[Lead, Lead]:
    """A lead and a head, with everything that going live needs, others who read among it."""
    khan, hana = await house.lead("Ms Khan"), await house.lead("Ms Head", "head")
    others: tuple[tuple[str, Role], ...] = (("Mr Bell", "deputy"), ("Ms Ivy", "independent"), ("Mr Ian", "independent"))
    for name, role in others:
        await house.lead(name, role)
    for number, lead in enumerate((khan, hana), 1):
        chat = Arrival(Address("telegram", number), number)
        session = await house.store.leads.unlock(chat, lead.name, PASSPHRASE, lead.code())
        arrival = Arrival(session.address, 100 + number)
        await house.store.channels.tried(session.lead.id, "telegram", taken=True)
        await house.store.rota.put(session, arrival, HOME, Rota("Europe/London", (frozenset({session.lead.id}),) * 7))
    await set_recovery(house.store, public_key(new_identity_seed()))
    await house.notices()
    return khan, hana


async def actions(house: House) -> list[str]:
    async with house.store._core.read() as connection:
        return list((await connection.execute(text("SELECT action FROM audit ORDER BY number"))).scalars())


def labels(lead: Lead) -> list[str]:
    return [button.text for button in lead.card.buttons]


async def test_it_is_refused_with_everything_that_is_missing(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await khan.taps("Going live")
    for words in (
        "Elmfield School is in practice",
        "No hours are given",
        "Nobody is on duty",
        "Fewer than two people",
        "There is no recovery key",
        "No backup was ever restored",
        "A concern about Ms Khan would reach nobody",
    ):
        assert words in khan.words
    theirs = khan.words.index("not for you to do")
    assert khan.words.index("Nobody is on duty") < theirs < khan.words.index("Whoever runs Hark gives the site hours")
    assert labels(khan) == ["Back to the brief"]
    await house.pressed(khan.tab, f"d:{khan.tag}:goask:::pager")
    assert not house.store.live.waiting(HOME)


async def test_one_asks_and_another_confirms_within_a_day(school: House) -> None:
    khan, hana = await ready(school)
    await khan.says("/golive")
    await khan.taps("Go live")
    assert "Somebody else has to confirm it" in khan.words
    assert "Confirm" not in labels(khan)
    waiting = school.store.live.waiting(HOME)
    assert waiting is not None
    await school.pressed(khan.tab, f"d:{khan.tag}:gone:::{int(waiting.at.timestamp())}")
    assert HOME not in school.store.live.standing.sites
    assert [one.kinds for one in await school.notices()] == [frozenset({"golive"})]
    await hana.says("/golive")
    assert "Ms Khan asks: live." in hana.words
    await hana.taps("Confirm")
    assert "Elmfield School is live" in hana.words
    assert HOME in school.store.live.standing.sites
    assert (await actions(school))[-2:] == ["asked_live_pager", "live_pager"]


async def test_what_was_asked_for_is_over_after_a_day(school: House) -> None:
    khan, hana = await ready(school)
    await khan.says("/golive")
    await khan.taps("Go live")
    await hana.says("/golive")
    school.clock.pass_(hours=24)
    await hana.unlocks()
    await hana.says("/golive")
    assert "Confirm" not in labels(hana)


async def test_going_back_to_practice_takes_two_as_well_and_outlasts_a_restart(school: House) -> None:
    khan, hana = await ready(school)
    await take_live(school.store, [HOME])
    await hana.says("/golive")
    await hana.taps("Back to practice")
    assert HOME in school.store.live.standing.sites
    await khan.says("/golive")
    assert "Ms Head asks: back to practice." in khan.words
    await khan.taps("Confirm")
    assert "is in practice" in khan.words
    await school.restart()
    assert HOME not in school.store.live.standing.sites
    assert (await actions(school))[-2:] == ["asked_practice", "practice"]


async def test_what_went_missing_meanwhile_stops_the_confirmation(school: House) -> None:
    khan, hana = await ready(school)
    await khan.says("/golive")
    await khan.taps("Go live")
    await hana.says("/golive")
    await school.store.leads.team.disable(await school.id_of("Ms Khan"))
    await hana.taps("Confirm")
    assert HOME not in school.store.live.standing.sites
    assert "A concern about Ms Head, and" not in hana.words
    assert "A concern about Mr Bell would reach one person alone: Ms Head" in hana.words


async def test_one_site_neither_erases_what_another_asked_for_nor_changes_what_telegram_carries_there(
    world: World,
) -> None:
    live, roles = world.store.live, (("lead", HOME), ("head", HOME), ("lead", OTHER), ("head", OTHER))
    sessions = [await world.joined(f"{role} of {site}", role, "", site) for role, site in roles]
    asking: dict[SiteId, Carries] = {HOME: "pager", OTHER: "desk"}
    for number, session in enumerate((sessions[0], sessions[2])):
        arrival = Arrival(session.address, 100 + number)
        await live.ask(session, arrival, live=True, telegram=asking[session.lead.site])
    for number, session in enumerate((sessions[1], sessions[3])):
        asked = live.waiting(session.lead.site)
        assert asked is not None
        await live.confirm(session, Arrival(session.address, 200 + number), asked)
    for _ in range(2):
        live = world.store.live
        assert (live.telegram(HOME), live.telegram(OTHER), live.telegram()) == ("pager", "desk", "pager")
        assert live.waiting(HOME) is live.waiting(OTHER) is None
        await world.restart()


async def test_a_choice_kept_before_sites_chose_for_themselves_is_that_of_every_site_that_was_live(
    house: House,
) -> None:
    khan = await house.id_of((await house.lead("Ms Khan")).name)
    asked = {"site": "elm", "live": True, "telegram": "desk", "by": khan, "at": house.clock().isoformat()}
    kept = json.dumps({"sites": [HOME, "oak"], "telegram": "pager", "asked": asked})
    mac = house.store._core.server_key.mac("live/1", 1, kept)
    await house.store._core.commit(Insert(live, {"id": 1, "version": 1, "standing": kept, "mac": mac}))
    await house.restart()
    kept_now = house.store.live
    elm, oak = SiteId("elm"), SiteId("oak")
    assert [site in kept_now.standing.sites for site in (HOME, oak, elm)] == [True, True, False]
    assert [kept_now.telegram(site) for site in (HOME, oak, elm)] == ["pager", "pager", "desk"]
    assert kept_now.waiting(elm) == GoLiveRequest(elm, live=True, telegram="desk", by=khan, at=house.clock())
    assert house.store.tampered == 0


async def test_whoever_may_not_decide_is_refused(house: House) -> None:
    bell = await house.lead("Mr Bell", "deputy")
    assert "Going live" not in labels(bell)
    await bell.says("/golive")
    assert "is in practice" not in bell.words


async def test_a_row_that_was_changed_from_outside_makes_no_site_live(school: House) -> None:
    await take_live(school.store, [HOME])
    async with school.store._core.writer._connections.begin() as connection:
        await connection.execute(text("UPDATE live SET standing = replace(standing, 'elmfield', 'elmfielx')"))
    store = await opened(school.url, school.where, school.clock)
    assert HOME not in store.live.standing.sites
    assert store.tampered == 1
    await store.close()


async def test_a_live_site_tells_its_leads_of_routes_that_need_somebody_who_stays_away(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.lead("Ms Head", "head")
    await take_live(house.store, [HOME])
    await khan.says("/brief")
    assert "not unlocked for 30 days" not in khan.words
    house.clock.pass_(days=30)
    await khan.unlocks()
    assert "A concern about Ms Khan would reach only people who have not unlocked for 30 days" in khan.words


async def test_a_live_site_tells_its_leads_when_fewer_than_two_of_them_can_be_told_outside_the_page(
    school: House,
) -> None:
    khan, _ = await ready(school)
    await take_live(school.store, [HOME])
    await khan.says("/brief")
    assert "can be told outside the web page" not in khan.words
    async with school.store._core.writer._connections.begin() as connection:
        await connection.execute(text("DELETE FROM reached"))  # as a restore leaves it
    await khan.says("/brief")
    told = "Fewer than two people who read can be told outside the web page. Whoever runs Hark sets up a mail server"
    assert told in khan.words
    assert "/pager" not in khan.words, "no e-mail can be sent"
    await khan.says("/oncall")
    assert "Notices by e-mail" not in khan.tab.buttons
