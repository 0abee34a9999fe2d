"""Floods: from one chat while others talk, from ten thousand chats at once, and of connections that say nothing."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.updates.chat_queues import ChatQueues, Raw
from bot.updates.fetch import Fetcher
from bot.updates.polling import Poll
from flows.values.bounds import Rate
from flows.values.draft import Wrote
from storage.values import Address
from tests.faults.table import Row
from tests.handlers.messenger import Person as TelegramPerson
from tests.handlers.paths import to_the_story
from tests.handlers.web import WebWorld, web_world
from tests.handlers.world import World
from tests.newest import Engine
from tests.person import Person

#: More than anybody here says who does not flood, since the clock stands.
_RATE = Rate(burst=25, per_second=1.0)
_WAY = ("I am 12 to 17", "No", "OK", "Yes")


@dataclass
class Flood:
    """What came of it: the flooder's texts as kept, how often it was answered, and the seconds of others' turns."""

    sent: list[str]
    kept: list[str] = field(default_factory=list)
    answered: int = 0
    quiet: list[float] = field(default_factory=list)
    flooded: list[float] = field(default_factory=list)


async def rows(engine: Engine) -> AsyncIterator[Row]:
    """One chat with a thousand texts, ten thousand chats with one each, and thousands of silent connections."""
    with TemporaryDirectory(prefix="hark-faults-") as folder:
        one = await one_chat(await staffed(Path(folder), engine), engine, texts=1_000, others=20, turns=8)
        quiet, flooded = (quantiles(times, n=100)[-1] * 1000 for times in (one.quiet, one.flooded))
        print(f"p99 of the others' turns {quiet:.0f} ms without and {flooded:.0f} ms with a flood", flush=True)
        yield _row("one chat floods while others talk", one.sent, one.kept)
    with TemporaryDirectory(prefix="hark-faults-") as folder:
        crowd = await many_chats(await staffed(Path(folder), engine), engine, 10_000)
        print(f"memory grew by {crowd.grown / 2**20:.0f} MiB for {len(crowd.sent):,} chats", flush=True)
        yield _row("many chats write at once", crowd.sent, crowd.kept)
    with TemporaryDirectory(prefix="hark-faults-") as folder:
        shut = await many_connections(await staffed(Path(folder), engine), engine, 8_000)
        print(f"{shut.refused:,} more were told that it is full, {shut.said:,} in words", flush=True)
        yield replace(_row("connections that say nothing", shut.sent, shut.kept), injected=shut.silent)


def _row(fault: str, sent: list[str], kept: list[str]) -> Row:
    there = Counter(kept)
    return Row(fault, len(sent), len(sent), sum(text not in there for text in sent), (there - Counter(sent)).total())


async def staffed(where: Path, engine: Engine) -> Path:
    """The files of a school with one lead."""
    world = World(where, engine=engine)
    await world.start()
    await world.joined("Grace Okafor", "lead", "Designated safeguarding lead")
    await world.store.close()
    return where


@dataclass
class Crowd:
    """What many chats sent and what is kept of it; `grown` are the bytes that the process took for it."""

    sent: list[str]
    kept: list[str] = field(default_factory=list)
    grown: int = 0
    paces: int = 0


async def many_chats(where: Path, engine: Engine, chats: int) -> Crowd:
    """Let each chat begin a conversation and say one text, all of them at once."""
    world = World(where, engine=engine, rate=_RATE)
    await world.start()
    crowd = Crowd([f"word {number}" for number in range(chats)])
    people = [world.person(chat=8_000_000 + number) for number in range(chats)]
    room = asyncio.Semaphore(64)  # as many as the lanes run

    async def tell(person: TelegramPerson, text: str) -> None:
        async with room:
            await to_the_story(person)
            await person.types(text)
            person.messenger.chats.pop(person.chat)  # the simulator's memory is not Hark's
            person.messenger.calls.clear()

    before = getrusage(RUSAGE_SELF).ru_maxrss * 1024
    await asyncio.gather(*(tell(person, text) for person, text in zip(people, crowd.sent, strict=True)))
    crowd.grown = getrusage(RUSAGE_SELF).ru_maxrss * 1024 - before
    crowd.paces = len(world.handlers.paces)
    for person in people:
        kept = await world.store.drafts.get(person.address)
        answer = kept.draft.answers.get("C8") if kept else None
        crowd.kept += answer.words if isinstance(answer, Wrote) else ()
    await world.handlers.finish()
    await world.store.close()
    return crowd


@dataclass
class Shut:
    """What somebody said and what is kept of it while the port was full; who came beyond, and was told so in words."""

    sent: list[str]
    kept: list[str] = field(default_factory=list)
    silent: int = 0
    refused: int = 0
    said: int = 0


async def many_connections(where: Path, engine: Engine, most: int, beyond: int = 50) -> Shut:
    """Fill the public port with connections that say nothing, while somebody who is there already goes on."""
    shut = Shut([f"word {number}" for number in range(20)])
    async with web_world(where, engine, connections=most) as web, fetching(web), AsyncExitStack() as tabs:
        person = await _told(web, tabs)
        await person.type(shut.sent[0])
        await person.settled()
        public: Any = web.chat._page.server
        while len(public.connections) < most:
            tabs.callback((await _connected(web.chat.page_url))[1].close)
            shut.silent += 1
            await asyncio.sleep(0)  # the server hears of it in its own turn
        for _ in range(beyond):
            reader, writer = await _connected(web.chat.page_url)
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = await reader.read()
            writer.close()
            shut.refused += 1
            shut.said += answer.startswith(b"HTTP/1.1 503 ") and b"try again in a minute" in answer
        for text in shut.sent[1:]:
            await person.type(text)
        await person.settled()
        shut.kept = await _kept(web, person)
    return shut


async def _connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    where = urlsplit(url)
    return await asyncio.open_connection(where.hostname, where.port)


async def _kept(web: WebWorld, person: Person) -> list[str]:
    """The words of a person's draft."""
    kept = await web.world.store.drafts.get(_address(web, person))
    answer = kept.draft.answers.get("C8") if kept else None
    return list(answer.words) if isinstance(answer, Wrote) else []


async def one_chat(where: Path, engine: Engine, texts: int, others: int, turns: int) -> Flood:
    """Let `others` say `turns` texts each, first alone and then while one chat sends `texts` as fast as it can."""
    flood = Flood([f"word {number}" for number in range(texts)])
    async with web_world(where, engine) as web, fetching(web), AsyncExitStack() as tabs:
        people = [await _told(web, tabs) for _ in range(others + 1)]
        flooder, *rest = people
        flood.quiet = await _talked(rest, turns)
        said = len(flooder.heard)
        flooding = asyncio.create_task(_flood(flooder, flood.sent))
        flood.flooded = await _talked(rest, turns)
        await flooding
        await flooder.settled()
        await web.world.handlers.finish()
        flood.answered = len(flooder.heard) - said
        flood.kept = await _kept(web, flooder)
    return flood


@asynccontextmanager
async def fetching(web: WebWorld) -> AsyncIterator[None]:
    """Take updates as the running program does."""
    web.world.rate = _RATE
    await web.world.restart()

    async def handle(raw: Raw) -> None:
        await web.world.handlers.handle("web", raw)

    async def set_aside(raw: Raw) -> None:
        raise AssertionError(f"set aside: {sorted(raw)}")

    stop = asyncio.Event()
    async with aiohttp.ClientSession() as session:
        fetcher = Fetcher("web", Poll(session, web.chat.api_url, web.chat.token), ChatQueues(handle, set_aside))
        running = asyncio.create_task(fetcher.run(stop))
        try:
            yield
        finally:
            stop.set()
            await running


async def _told(web: WebWorld, tabs: AsyncExitStack) -> Person:
    """Somebody who has come to the question for her own words."""
    person = await tabs.enter_async_context(await Person.arrive(web.chat.page_url, patience=120))
    for label in _WAY:
        await person.tap(label)
        await person.settled()
    return person


async def _talked(people: list[Person], turns: int) -> list[float]:
    took: list[float] = []

    async def talk(person: Person) -> None:
        for number in range(turns):
            heard, began = len(person.heard), time.perf_counter()
            await person.type(f"this is {number}")
            await person.wait_for(lambda: len(person.heard) > heard)  # noqa: B023 - awaited within the round
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(talk(person) for person in people))
    return took


async def _flood(flooder: Person, texts: list[str]) -> None:
    for text in texts:
        await flooder.type(text)


def _address(web: WebWorld, person: Person) -> Address:
    chat = web.chat._door.signer.chat_of(person.token)
    assert chat is not None
    return Address("web", chat)
