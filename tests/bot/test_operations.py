"""The operator's port: whether Hark is alive and ready, and figures in which nobody's concern can be recognised."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.deployment.settings import SettingsError, load
from bot.monitoring.health import WATCH, Pulse
from bot.monitoring.metrics import Metrics
from bot.monitoring.rounding import LOT, in_words
from bot.monitoring.vitals import OperatorsPort, Vitals
from bot.wiring import Hark, put_together
from storage.deeds.ownership import Acknowledge
from storage.deeds.words import AddNote
from storage.store import Store
from storage.values.errors import Unavailable
from tests.bot.updates_server import TOKEN, served
from tests.person import Person
from tests.raw_database import rename_tables
from tests.storage.conftest import School

PATIENCE = 20.0
#: What people and cases move.
IN_FIVES = {"hark_turn_seconds", "hark_write_seconds", "hark_acknowledgement_seconds", "hark_queue_depth",
            "hark_outbox_overdue", "hark_refused_inputs_total", "hark_sign_in_links_refused",
            "process_open_fds"}  # fmt: skip
#: Why a figure may be shown as it is.
HARMLESS = {
    "hark_write_failures_total": "of the database",
    "hark_outbox_age_seconds": "in steps of five minutes, and none while notices leave (decision 8)",
    "hark_fetch_quiet_seconds": "of a loop",
    "hark_database_up": "yes or no",
    "hark_database_bytes": "in MiB",
    "hark_disk_free_bytes": "in MiB",
    "hark_alert_standing": "yes or no, of Hark itself",
    "process_virtual_memory_bytes": "of the process",
    "process_resident_memory_bytes": "of the process",
    "process_start_time_seconds": "of the process",
    "process_cpu_seconds_total": "of the process",
    "process_max_fds": "of the process",
    "python_info": "of the process",
    "python_gc_objects_collected_total": "of the process",
    "python_gc_objects_uncollectable_total": "of the process",
    "python_gc_collections_total": "of the process",
}
#: What moves of its own accord: the process, its writes, and what those take on the disk.
OWN = ("process_", "python_", "hark_write_", "hark_database_bytes", "hark_disk_free", "hark_fetch_quiet")


@asynccontextmanager
async def running(folder: Path, **environ: str) -> AsyncIterator[Hark]:
    """The whole program but for its command line."""
    settings = load({"HARK_DATA_DIR": str(folder), "HARK_WEB_PORT": "0", **environ})
    stop = asyncio.Event()
    async with put_together(settings) as hark:
        serving = asyncio.create_task(hark.serve(stop))
        try:
            yield hark
        finally:
            stop.set()
            await serving


async def asked(url: str) -> tuple[int, Any]:
    async with ClientSession() as session, session.get(url) as answer:
        return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.text())


async def until_ready(url: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        while True:
            status, said = await asked(f"{url}/readyz")
            if status == 200:
                assert isinstance(said, dict)
                return said
            await asyncio.sleep(0.02)


async def until_shown(url: str, line: str) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            if line in (text := await metrics_of(url)):
                return text
            await asyncio.sleep(0.02)


@asynccontextmanager
async def table_gone(url: str) -> AsyncIterator[None]:
    """A database that answers no question of Hark's, for a while."""
    await rename_tables(url, {"deployment": "gone"})
    try:
        yield
    finally:
        await rename_tables(url, {"gone": "deployment"})


async def test_a_running_hark_is_alive_and_ready_and_is_not_ready_while_its_database_is_gone(tmp_path: Path) -> None:
    async with running(tmp_path, HARK_METRICS_PORT="0") as hark:
        url = hark.operators_url
        assert url is not None
        assert url.startswith("http://127.0.0.1:")
        assert await until_ready(url) == {"ready": True, "database": True, "watch": True, "fetch": {"web": True}}
        async with table_gone(f"sqlite+aiosqlite:///{tmp_path / 'hark.db'}"):
            assert await asked(f"{url}/readyz") == (
                503,
                {"ready": False, "database": False, "watch": True, "fetch": {"web": True}},
            )
            assert await asked(f"{url}/healthz") == (200, {"alive": True})
            assert "hark_database_up 0.0" in (await asked(f"{url}/metrics"))[1]
        assert (await until_ready(url))["database"] is True
        async with await Person.arrive(str(hark.page_url)) as ann:
            for _ in range(LOT):  # and the one that arriving is
                await ann.type("/help")
            text = await until_shown(url, f'hark_turn_seconds_count{{door="web"}} {LOT}.0')
        assert figure(text, "hark_write_seconds_count") >= 1
        assert figure(text, "process_resident_memory_bytes") > 0


async def test_the_port_is_shut_unless_it_is_asked_for_and_the_public_one_shows_no_figures(tmp_path: Path) -> None:
    async with running(tmp_path) as hark:
        assert hark.operators_url is None
        page = str(hark.page_url)
        assert (await asked(f"{page}metrics"))[0] == 404
        assert (await asked(f"{page}readyz"))[0] == 404
        assert await asked(f"{page}healthz") == (200, "ok\n")


@pytest.fixture
def vitals() -> Vitals:
    return Vitals(Pulse(lambda: 0.0), Metrics())


@pytest.fixture
async def school(tmp_path: Path, vitals: Vitals) -> AsyncIterator[School]:
    """A school whose clock stands until it is moved."""
    made = School(tmp_path)
    await made.open(vitals.measures)
    yield made
    await made.store.close()


@pytest.fixture
async def opened(school: School, vitals: Vitals) -> AsyncIterator[OperatorsPort]:
    """Its port."""
    made = vitals.port(school.store, ["web"], school.folder / "hark.db", lambda: school.now)
    assert made is not None
    await made.start(0)
    yield made
    await made.close()


async def metrics_of(url: str) -> str:
    status, said = await asked(f"{url}/metrics")
    assert status == 200
    return str(said)


def figure(text: str, name: str) -> float:
    [found] = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found)


def of_others(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.removeprefix("# ").startswith(OWN) and line[0] != "#"]


async def test_a_port_that_is_taken_is_named(opened: OperatorsPort, school: School, vitals: Vitals) -> None:
    other = vitals.port(school.store, [], None, lambda: school.now)
    assert other is not None
    with pytest.raises(SettingsError, match="HARK_METRICS_PORT"):
        await other.start(int(opened.url.rpartition(":")[2]))
    await other.close()


async def delivered(school: School) -> None:
    """What the watch loop does with the outbox, when all goes well."""
    while notice := await school.store.outbox.next():
        await school.store.outbox.done(notice)


async def test_the_figures_are_the_same_with_and_without_a_case(school: School, opened: OperatorsPort) -> None:
    mary, tom = await school.join("Mary"), await school.join("Tom", "deputy", 501)
    before = of_others(await metrics_of(opened.url))
    await school.send((mary,), (tom,), urgency="immediate")
    assert of_others(await metrics_of(opened.url)) == before
    school.later(hours=2)
    await delivered(school)
    assert of_others(await metrics_of(opened.url)) == before
    row = (await school.store.desk.queues.page(await school.unlock("Mary"))).rows[0]
    mary = await school.unlock("Mary")
    await school.store.desk.act(mary, school.arrival(500), row.id, row.version, Acknowledge())
    await delivered(school)
    school.later(hours=2)
    assert of_others(await metrics_of(opened.url)) == before


async def test_the_queue_is_counted_in_fives_and_once_an_hour(school: School, opened: OperatorsPort) -> None:
    mary = await school.join("Mary")
    await metrics_of(opened.url)
    for chat in range(LOT + 1):
        await school.send((mary,), chat=100 + chat)
    depth = 'hark_queue_depth{state="unacknowledged",urgency="soon"}'
    assert figure(await metrics_of(opened.url), depth) == 0
    school.later(hours=1)
    assert figure(await metrics_of(opened.url), depth) == LOT
    assert figure(await metrics_of(opened.url), 'hark_queue_depth{state="open",urgency="immediate"}') == 0


@pytest.mark.parametrize(("count", "said"), [(0, "fewer than 5"), (4, "fewer than 5"), (5, "5 to 9"), (23, "20 to 24")])
def test_a_count_in_a_sentence_is_the_lot_that_it_lies_in(count: int, said: str) -> None:
    assert in_words(count) == said


async def test_waits_are_told_in_fives_and_how_long_they_were(school: School, opened: OperatorsPort) -> None:
    mary = await school.join("Mary")
    for chat in range(LOT + 1):
        await school.send((mary,), chat=100 + chat)
    school.later(minutes=20)
    mary = await school.unlock("Mary")
    for row in (await school.store.desk.queues.page(mary)).rows:
        await school.store.desk.act(mary, school.arrival(500), row.id, row.version, Acknowledge())
        await school.store.desk.act(mary, school.arrival(500), row.id, row.version + 1, AddNote(text="read"))
    text = await metrics_of(opened.url)
    assert figure(text, 'hark_acknowledgement_seconds_count{urgency="soon"}') == LOT
    assert figure(text, 'hark_acknowledgement_seconds_bucket{le="900.0",urgency="soon"}') == 0
    assert figure(text, 'hark_acknowledgement_seconds_bucket{le="1800.0",urgency="soon"}') == LOT


async def test_notices_that_nobody_could_be_told_show_as_age_and_those_of_later_rungs_do_not(
    school: School, opened: OperatorsPort
) -> None:
    mary, tom = await school.join("Mary"), await school.join("Tom", "deputy", 501)
    for chat in range(LOT):
        await school.send((mary,), (tom,), chat=100 + chat)
    assert figure(await metrics_of(opened.url), "hark_outbox_overdue") == LOT
    assert figure(await metrics_of(opened.url), "hark_outbox_age_seconds") == 0
    school.later(minutes=11)
    assert figure(await metrics_of(opened.url), "hark_outbox_overdue") == LOT
    assert figure(await metrics_of(opened.url), "hark_outbox_age_seconds") == 600


async def test_an_alert_that_stands_is_a_one_and_the_others_are_noughts(school: School, opened: OperatorsPort) -> None:
    mary = await school.join("Mary")
    await school.store.alerts.note("disk")
    await school.store.alerts.note("ladder_end", only=[mary.lead.id])
    text = await metrics_of(opened.url)
    assert figure(text, 'hark_alert_standing{kind="disk"}') == 1
    assert figure(text, 'hark_alert_standing{kind="gap"}') == 0
    assert figure(text, 'hark_alert_standing{kind="ladder_end"}') == 0


async def test_every_figure_that_the_guide_names_is_there(school: School, opened: OperatorsPort) -> None:
    await school.join("Mary")
    text = await metrics_of(opened.url)
    guide = (Path(__file__).parents[2] / "docs/guides/a-practice-site-in-30-minutes.md").read_text("utf-8")
    named = set(re.findall(r"`(hark_[a-z_]+)`", guide))
    assert len(named) > 4
    assert {name for name in named if f"\n# HELP {name} " not in text} == set()


async def test_a_door_whose_updates_are_brought_is_looked_after_too(tmp_path: Path) -> None:
    brought = {"HARK_TOKEN": TOKEN, "HARK_WEBHOOK_URL": "http://127.0.0.1:1/in", "HARK_WEBHOOK_SECRET": "s" * 20}
    async with served() as api, running(tmp_path, HARK_METRICS_PORT="0", HARK_API_URL=api.url, **brought) as hark:
        url = hark.operators_url
        assert url is not None
        assert (await until_ready(url))["fetch"] == {"web": True, "telegram": True}
        assert 'hark_fetch_quiet_seconds{door="telegram"}' in await metrics_of(url)


async def test_a_write_that_the_database_does_not_take_is_counted(school: School, opened: OperatorsPort) -> None:
    await rename_tables(school.url, {"seen": "gone"})
    with pytest.raises(Unavailable):
        await school.store.seen(school.arrival())
    assert figure(await metrics_of(opened.url), "hark_write_failures_total") == 1


async def test_every_count_that_people_and_cases_move_is_in_fives_and_every_other_figure_is_known_to_be_harmless(
    school: School, opened: OperatorsPort, vitals: Vitals
) -> None:
    mary = await school.join("Mary")
    for chat in range(LOT + 2):
        with vitals.turn("web"):
            await school.send((mary,), chat=100 + chat)
    mary = await school.unlock("Mary")
    for row in (await school.store.desk.queues.page(mary)).rows:
        await school.store.desk.act(mary, school.arrival(500), row.id, row.version, Acknowledge())
    school.later(hours=1)
    text = await metrics_of(opened.url)
    families = set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE))
    # `_created` is when a figure was made: at the start, all of them, and not when it was first moved.
    assert {one for one in families if not one.endswith("_created")} == IN_FIVES | set(HARMLESS)
    made = [float(one) for one in re.findall(r"^\w+_created(?:{[^}]*})? (\S+)$", text, re.MULTILINE)]
    assert max(made) - min(made) < 1
    for family in sorted(IN_FIVES):
        shown = re.findall(rf"^{family}(?:_count)?(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
        assert shown, family
        assert [one for one in shown if float(one) % LOT] == [], family
    depth, waits = 'hark_queue_depth{state="open",urgency="soon"}', 'hark_acknowledgement_seconds_count{urgency="soon"}'
    for moved in ('hark_turn_seconds_count{door="web"}', "hark_write_seconds_count", depth, waits):
        assert figure(text, moved) >= LOT, moved


async def test_no_label_holds_anything_but_words_from_closed_lists(school: School, opened: OperatorsPort) -> None:
    mary = await school.join("Mary")
    await school.send((mary,))
    labels = re.findall(r'(\w+)="([^"]*)"', "\n".join(of_others(await metrics_of(opened.url))))
    assert {name for name, _ in labels} == {"urgency", "state", "kind", "le", "door"}
    assert all(re.fullmatch(r"[a-z_]+|[0-9.]+|\+Inf", value) for _, value in labels)


async def test_a_loop_that_stands_still_is_not_ready(school: School) -> None:
    from bot.monitoring.health import Health

    at = [0.0]
    pulse = Pulse(lambda: at[0])
    health = Health(school.store, pulse, ["web", "telegram"])
    assert (await health.ready())[0] is False
    for loop in (WATCH, "web", "telegram"):
        pulse.beat(loop)
    assert (await health.ready())[0] is True
    at[0] = 60.0
    pulse.beat(WATCH)
    pulse.beat("web")
    at[0] = 130.0
    assert await health.ready() == (
        False,
        {"ready": False, "database": True, "watch": True, "fetch": {"web": True, "telegram": False}},
    )


async def test_many_cases_are_counted_slice_by_slice(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    mary = await school.join("Mary")
    for chat in range(7):
        await school.send((mary,), chat=100 + chat)
    store: Store = school.store
    monkeypatch.setattr("storage.upkeep.counts._SLICE", 3)
    assert (await store.counting.queue()).open == {"soon": 7}
    assert (await store.counting.queue()).unacknowledged == {"soon": 7}
    assert (await store.counting.overdue()).seconds <= timedelta(minutes=1).total_seconds()


async def test_a_notice_that_is_tried_in_vain_grows_old_though_it_waits_to_be_tried_again(school: School) -> None:
    mary = await school.join("Mary")
    store: Store = school.store
    await store.alerts.note("disk")
    while (notice := await store.outbox.next()) and "alert" not in notice.kinds:
        await store.outbox.done(notice)
    assert notice is not None
    assert notice.lead == mary.lead.id
    await store.outbox.mark_undelivered(notice, blocked=False)
    school.later(hours=2)
    notice = await store.outbox.next()
    assert notice is not None
    await store.outbox.mark_undelivered(notice, blocked=False)
    assert (await store.counting.overdue()).seconds == timedelta(hours=2).total_seconds()
