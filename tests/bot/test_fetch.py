"""The fetch loop against a real Bot API over HTTP: what is committed is confirmed, and nothing else."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.monitoring.health import Pulse, contested
from bot.updates.chat_queues import ChatQueues, Raw, lane_of
from bot.updates.fetch import Fetcher, Pace, drive, full_jitter
from bot.updates.polling import Poll, Refused
from storage.database import turn
from storage.database.concurrency import outside_slot
from tests.bot.updates_server import TOKEN, Updates, message, refusing, reset, served
from tests.bot.webchat.bot_api import until

QUICK = Pace(poll=5, drain=5.0, slow=0.05, conflict=0.01, backoff=lambda _: 0.01)


class Desk:
    """Handles updates; one that is held waits until it is let go."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.aside: list[Raw] = []
        self.held: dict[int, asyncio.Event] = {}
        self.broken: set[int] = set()
        self.seen_early: set[int] = set()
        self.aside_fails = 0

    async def handle(self, raw: Raw) -> None:
        number = raw["update_id"]
        assert isinstance(number, int)
        self.begun.append(number)
        if number in self.seen_early:
            turn.seen()
        if number in self.held:
            await self.held[number].wait()
        if number in self.broken:
            raise ValueError(f"cannot read {raw}")
        self.done.append(number)

    async def set_aside(self, raw: Raw) -> None:
        if self.aside_fails:
            self.aside_fails -= 1
            raise OSError("the disk is full of canary words")
        self.aside.append(raw)


class Running:
    """A fetcher at work on a server's updates."""

    def __init__(self, server: Updates, desk: Desk, fetcher: Fetcher) -> None:
        self.server, self.desk = server, desk
        self.stop = asyncio.Event()
        self.task = asyncio.create_task(fetcher.run(self.stop))

    async def end(self) -> None:
        self.stop.set()
        async with asyncio.timeout(20):
            await self.task


@asynccontextmanager
async def running(
    pace: Pace = QUICK, desk: Desk | None = None, ahead: asyncio.Event | None = None
) -> AsyncIterator[Running]:
    desk = desk or Desk()
    async with served() as server, ClientSession() as session:
        poll, chat_queues = Poll(session, server.url, TOKEN), ChatQueues(desk.handle, desk.set_aside)
        fetcher = Fetcher("telegram", poll, chat_queues, pace, ahead=ahead)
        run = Running(server, desk, fetcher)
        try:
            yield run
        finally:
            run.stop.set()
            await asyncio.wait([run.task], timeout=20)


async def test_what_is_committed_is_confirmed() -> None:
    async with running() as run:
        await run.server.add(*(message(number, chat=number % 3) for number in range(100, 130)))
        await run.server.until(lambda: len(run.server.confirmed) == 30)
        assert sorted(run.desk.done) == list(range(100, 130))


async def test_nothing_is_confirmed_while_its_turn_is_not_committed() -> None:
    desk = Desk()
    desk.held[11] = asyncio.Event()
    async with running(desk=desk) as run:
        await run.server.add(message(10, chat=1), message(11, chat=2), message(12, chat=3))
        await run.server.until(lambda: 10 in run.server.confirmed)
        await run.server.until(lambda: len(run.server.asked) > 4)
        assert run.server.confirmed == [10]
        assert desk.done == [10, 12]
        desk.held[11].set()
        await run.server.until(lambda: run.server.confirmed == [10, 11, 12])
        assert desk.begun.count(12) == 1


async def test_a_chat_that_is_slow_holds_up_no_newer_update_of_another() -> None:
    desk = Desk()
    desk.held[10] = asyncio.Event()
    async with running(desk=desk) as run:
        await run.server.add(message(10, chat=1))
        await run.server.until(lambda: 10 in desk.begun)
        await run.server.add(message(11, chat=2))
        await run.server.until(lambda: 11 in desk.done)
        assert run.server.confirmed == []
        desk.held[10].set()
        await run.server.until(lambda: run.server.confirmed == [10, 11])


async def test_what_goes_ahead_is_fetched_before_what_is_under_way_is_done() -> None:
    desk, ahead = Desk(), asyncio.Event()
    desk.held[10] = asyncio.Event()
    async with running(replace(QUICK, slow=3600), desk, ahead) as run:
        await run.server.add(message(10, chat=1))
        await until(lambda: 10 in desk.begun)
        await run.server.add(message(11, chat=2))
        ahead.set()
        await until(lambda: 11 in desk.done)
        ahead.clear()
        desk.held[10].set()
        await run.server.until(lambda: run.server.confirmed == [10, 11])


async def test_what_is_on_disk_is_confirmed_though_a_key_is_still_derived_and_its_chat_waits() -> None:
    desk = Desk()
    desk.held[10] = asyncio.Event()
    desk.seen_early.add(10)
    async with running(desk=desk) as run:
        await run.server.add(message(10, chat=1), message(11, chat=1))
        await run.server.until(lambda: run.server.confirmed == [10])
        assert desk.begun == [10]
        desk.held[10].set()
        await run.server.until(lambda: run.server.confirmed == [10, 11])
        assert desk.done == [10, 11]


async def test_within_a_chat_the_order_is_kept() -> None:
    desk = Desk()
    desk.held[10] = asyncio.Event()
    async with running(desk=desk) as run:
        await run.server.add(message(10, chat=1), message(11, chat=1), message(12, chat=1), message(13, chat=2))
        await run.server.until(lambda: 13 in desk.done)
        assert desk.begun == [10, 13]
        desk.held[10].set()
        await run.server.until(lambda: len(run.server.confirmed) == 4)
        assert [number for number in desk.done if number != 13] == [10, 11, 12]


async def test_what_comes_mixed_and_twice_is_done_once_in_the_order_of_its_numbers_within_a_chat() -> None:
    async with running() as run:
        await run.server.add(*(message(number, chat=1) for number in (12, 10, 13, 11, 10)))
        await run.server.until(lambda: len(run.server.confirmed) == 5)
        assert run.desk.done == [10, 11, 12, 13]


async def test_in_whatever_order_updates_come_none_is_confirmed_that_is_not_committed() -> None:
    desk = Desk()
    desk.held = {10: asyncio.Event(), 12: asyncio.Event()}
    async with running(desk=desk) as run:
        await run.server.add(message(12, chat=3), message(10, chat=1), message(11, chat=2))
        await run.server.until(lambda: desk.done == [11])
        await run.server.until(lambda: len(run.server.asked) > 4)
        assert run.server.confirmed == []
        desk.held[10].set()
        await run.server.until(lambda: sorted(run.server.confirmed) == [10, 11])
        desk.held[12].set()
        await run.server.until(lambda: len(run.server.confirmed) == 3)


async def test_an_update_that_cannot_be_read_is_set_aside_and_the_others_flow(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    desk.broken.add(11)
    async with running(desk=desk) as run:
        await run.server.add(message(10, chat=1), message(11, chat=1), message(12, chat=1))
        await run.server.until(lambda: len(run.server.confirmed) == 3)
    assert [raw["update_id"] for raw in desk.aside] == [11]
    assert desk.done == [10, 12]
    assert "message" in caplog.text
    assert "canary" not in caplog.text
    assert "Canary" not in caplog.text


async def test_what_can_be_neither_handled_nor_set_aside_comes_again() -> None:
    desk = Desk()
    desk.broken.add(10)
    desk.aside_fails = 2
    async with running(desk=desk) as run:
        await run.server.add(message(10, chat=1))
        await run.server.until(lambda: run.server.confirmed == [10])
        assert desk.begun == [10, 10, 10]


@pytest.mark.parametrize(
    "trouble",
    [
        refusing(502, "<html>Bad Gateway</html>"),
        refusing(500, {"ok": False, "error_code": 500, "description": "Internal"}),
        refusing(200, "<html>a proxy's page</html>"),
        refusing(200, {"ok": True, "result": "no list"}),
        refusing(200, [1, 2]),
        refusing(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 0}}),
        refusing(409, {"ok": False, "error_code": 409, "description": "Conflict"}),
        reset,
    ],
)
async def test_after_trouble_it_goes_on(trouble: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with served() as server, ClientSession() as session:
        server.instead.extend([trouble, trouble])
        await server.add(message(10, chat=1))
        desk, stop = Desk(), asyncio.Event()
        fetcher = Fetcher("telegram", Poll(session, server.url, TOKEN), ChatQueues(desk.handle, desk.set_aside), QUICK)
        task = asyncio.create_task(fetcher.run(stop))
        await server.until(lambda: server.confirmed == [10])
        stop.set()
        await task
    assert "SECRET" not in caplog.text


async def test_a_server_that_hangs_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.updates.polling._PATIENCE", 0.2)
    released = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async with served() as server, ClientSession() as session:
        server.instead.append(hang)
        await server.add(message(10, chat=1))
        desk, stop = Desk(), asyncio.Event()
        pace = Pace(poll=0, slow=0.05, backoff=lambda _: 0.01)
        fetcher = Fetcher("telegram", Poll(session, server.url, TOKEN), ChatQueues(desk.handle, desk.set_aside), pace)
        task = asyncio.create_task(fetcher.run(stop))
        await server.until(lambda: server.confirmed == [10])
        stop.set()
        await task
        released.set()


async def test_a_webhook_from_before_is_taken_away_and_whoever_fetches_after_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    conflict = refusing(409, {"ok": False, "error_code": 409, "description": "Conflict"})
    async with served() as server, ClientSession() as session:
        server.instead.append(conflict)
        desk, stop = Desk(), asyncio.Event()
        pulse, chat_queues = Pulse(), ChatQueues(desk.handle, desk.set_aside)
        fetcher = Fetcher("telegram", Poll(session, server.url, TOKEN), chat_queues, QUICK, pulse=pulse)
        task = asyncio.create_task(fetcher.run(stop))
        await server.add(message(10, chat=1))
        await server.until(lambda: server.confirmed == [10])
        assert "deleteWebhook" in server.called
        assert pulse.quiet(contested("telegram")) is None
        assert "the webhook is taken away" in caplog.text
        server.instead.append(conflict)
        await server.add(message(11, chat=1))
        await server.until(lambda: server.confirmed == [10, 11])
        stop.set()
        await task
    assert pulse.quiet(contested("telegram")) is not None
    assert "somebody else fetches with this token" in caplog.text


async def test_the_wait_that_the_server_asks_for_is_kept() -> None:
    waits: list[float] = []

    class Noting(Poll):
        async def updates(self, offset: int | None, seconds: int) -> list[Raw]:
            waits.append(asyncio.get_running_loop().time())
            return await super().updates(offset, seconds)

    async with served() as server, ClientSession() as session:
        server.instead.append(refusing(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 1}}))
        desk, stop = Desk(), asyncio.Event()
        fetcher = Fetcher(
            "telegram", Noting(session, server.url, TOKEN), ChatQueues(desk.handle, desk.set_aside), QUICK
        )
        task = asyncio.create_task(fetcher.run(stop))
        await server.until(lambda: len(server.asked) == 2)
        stop.set()
        await task
    assert waits[1] - waits[0] >= 1.0


async def test_silence_of_more_than_a_day_is_told_since_updates_are_lost(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.updates.fetch.KEPT", -1)
    async with running() as run:
        await run.server.add(message(10, chat=1))
        await run.server.until(lambda: run.server.confirmed == [10])
    assert "older than 24 is lost" in caplog.text


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_ends_it_with_a_clear_sentence(status: int) -> None:
    async with running() as run:
        run.server.instead.append(refusing(status, {"ok": False, "error_code": status, "description": "Unauthorized"}))
        await run.server.add(message(10, chat=1))
        with pytest.raises(Refused, match="HARK_TOKEN") as refused:
            async with asyncio.timeout(20):
                await run.task
        assert "SECRET" not in str(refused.value)


async def test_a_door_that_is_refused_leaves_the_other_one_open() -> None:
    async with served() as bad, served() as good, ClientSession() as session:
        desk, stop = Desk(), asyncio.Event()
        bad.instead.append(refusing(401, {"ok": False}))
        doors = [
            Fetcher(name, Poll(session, server.url, TOKEN), ChatQueues(desk.handle, desk.set_aside), QUICK)
            for name, server in (("telegram", bad), ("web", good))
        ]
        task = asyncio.create_task(drive(doors, stop))
        await bad.until(lambda: len(bad.asked) == 1)
        await good.add(message(10, chat=1))
        await good.until(lambda: good.confirmed == [10])
        stop.set()
        await task


async def test_at_the_end_what_is_under_way_is_finished_and_confirmed() -> None:
    desk = Desk()
    desk.held[10] = asyncio.Event()
    async with running(desk=desk) as run:
        await run.server.add(message(10, chat=1))
        await run.server.until(lambda: desk.begun == [10])
        run.stop.set()
        desk.held[10].set()
        await run.end()
        assert desk.done == [10]
        assert run.server.confirmed == [10]


async def test_the_end_does_not_wait_for_ever_and_what_is_cut_off_comes_again() -> None:
    desk = Desk()
    desk.held[10] = asyncio.Event()
    async with running(pace=Pace(poll=5, drain=0.05, slow=0.05), desk=desk) as run:
        await run.server.add(message(10, chat=1))
        await run.server.until(lambda: desk.begun == [10])
        await run.end()
        assert run.server.confirmed == []
        assert [one["update_id"] for one in run.server.waiting] == [10]


async def test_a_server_that_gives_no_answer_at_the_end_is_not_waited_for() -> None:
    released = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    desk = Desk()
    desk.held[10] = asyncio.Event()
    async with running(replace(QUICK, confirm=0.05), desk) as run:
        await run.server.add(message(10, chat=1))
        await run.server.until(lambda: desk.begun == [10])
        run.server.instead.extend([hang, hang])
        run.stop.set()
        desk.held[10].set()
        async with asyncio.timeout(2):
            await run.task
        assert desk.done == [10]
        released.set()


async def test_numbers_that_start_anew_below_the_last_one_are_not_confirmed_unseen() -> None:
    async with running(replace(QUICK, poll=1)) as run:
        await run.server.add(message(900, chat=1))
        await run.server.until(lambda: run.server.confirmed == [900])
        await run.server.until(lambda: "offset" not in run.server.asked[-1])
        await run.server.add(message(5, chat=1))
        await run.server.until(lambda: run.server.confirmed == [900, 5])
        assert run.desk.done == [900, 5]


async def test_an_update_without_a_number_stops_nobody() -> None:
    async with running() as run:
        await run.server.add({"message": {"text": "canary"}}, message(10, chat=1))
        await run.server.until(lambda: 10 in run.server.confirmed)
        run.server.waiting.clear()


async def test_no_more_than_a_hundred_wait_and_all_are_served() -> None:
    async with running() as run:
        await run.server.add(*(message(number, chat=number) for number in range(1000, 1350)))
        await run.server.until(lambda: len(run.server.confirmed) == 350)
        assert sorted(run.desk.done) == list(range(1000, 1350))


async def test_lanes_keep_nothing_of_a_chat_that_is_quiet() -> None:
    desk = Desk()
    chat_queues = ChatQueues(desk.handle, desk.set_aside)
    await asyncio.gather(*(chat_queues.put(message(number, chat=number)) for number in range(2_000)))
    await asyncio.sleep(0)
    assert len(chat_queues) == 0


async def test_what_is_cut_off_at_the_end_is_cut_off_whole_also_what_waits_behind_it() -> None:
    desk = Desk()
    desk.held[1] = asyncio.Event()
    chat_queues = ChatQueues(desk.handle, desk.set_aside)
    kept = [chat_queues.put(message(number, chat=7)) for number in (1, 2, 3)]
    assert not await chat_queues.drain(0.02)
    desk.held[1].set()
    await asyncio.gather(*kept, return_exceptions=True)
    assert all(one.cancelled() for one in kept)
    assert desk.begun == [1]
    assert desk.done == []


async def test_no_chat_waits_for_the_keys_of_others_however_many_are_derived() -> None:
    gate, done = asyncio.Semaphore(0), list[int]()

    async def handle(raw: Raw) -> None:
        if lane_of(raw) != 9:
            async with outside_slot(), gate:
                pass
        done.append(int(str(raw["update_id"])))

    chat_queues = ChatQueues(handle, handle, at_once=2)
    slow = [chat_queues.put(message(number, chat=number)) for number in range(1, 6)]
    await asyncio.wait_for(chat_queues.put(message(6, chat=9)), 5)
    assert done == [6]
    gate.release()
    await asyncio.gather(*slow)
    assert sorted(done) == [1, 2, 3, 4, 5, 6]


async def test_no_more_chats_run_at_once_than_allowed() -> None:
    together = most = 0

    async def handle(_: Raw) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0)
        together -= 1

    chat_queues = ChatQueues(handle, handle, at_once=7)
    await asyncio.gather(*(chat_queues.put(message(number, chat=number)) for number in range(60)))
    assert most == 7


def test_the_lane_is_the_chat_whatever_the_kind() -> None:
    press = {"update_id": 1, "callback_query": {"id": "7", "from": {"id": 5}, "message": {"chat": {"id": 9}}}}
    blocked = {"update_id": 2, "my_chat_member": {"chat": {"id": 9}, "from": {"id": 5}}}
    assert lane_of(press) == lane_of(blocked) == lane_of(message(3, chat=9)) == 9
    assert lane_of({"update_id": 4, "inline_query": {"id": "1", "from": {"id": 5}}}) == 5
    assert lane_of({"update_id": 6, "poll": {"id": "1"}}) != lane_of({"update_id": 7, "poll": {"id": "1"}})
    assert lane_of({"update_id": 8, "message": {"chat": {"id": True}}}) == ("alone", 8)


def test_the_backoff_grows_and_is_bounded() -> None:
    waits = defaultdict(list)
    for failures in (1, 4, 50):
        waits[failures] = [full_jitter(failures) for _ in range(200)]
    assert max(waits[1]) <= 1.0
    assert 2.0 < max(waits[4]) <= 8.0
    assert max(waits[50]) <= 30.0
    assert len(set(waits[50])) > 100
