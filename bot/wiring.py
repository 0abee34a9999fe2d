"""Composition: the store, the doors, the handlers and the loops of one Hark, put together and served.

Slow key derivations run in threads of low priority, so they delay no other turn.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiohttp import ClientSession, web

from bot.delivery.checkpoint_relay import CheckpointRelay
from bot.delivery.scheduler import Scheduler
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.data_directory.rehearsal import rehearsed
from bot.deployment.database_address import DatabaseServer
from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.garbage import look_for_garbage_rarely
from bot.deployment.settings import TELEGRAM, Settings
from bot.deployment.sites import retention_of, site_of
from bot.doors import OpenDoor, bot_of, brings_updates, doors_of, open_web_chat, sign_in_url
from bot.drawing.parent import Drawer
from bot.monitoring.vitals import Vitals, vitals
from bot.sign_in.routes import SignInRoutes
from bot.updates.bot_session import greet
from bot.updates.chat_queues import ChatQueues, Raw
from bot.updates.fetch import Fetcher, drive
from bot.updates.polling import Poll
from bot.updates.webhook import WebhookReceiver
from flows.drafts.rulebook import assemble
from flows.loading.helplines import FILE as HELPLINES
from flows.values.ids import Door
from handlers.deps import Deps
from handlers.dispatcher import Handlers, build
from handlers.telegram.languages import load
from handlers.telegram.rate_limits import Rates
from locales.compile import CATALOGUES, compile_stale
from storage.database.concurrency import give_way
from storage.desk.partnership.transfer.waiting_files import FOLDER, WaitingFiles
from storage.sealing.keys.server_key import load_server_key
from storage.store import Store
from storage.values.errors import Refusal

_THREADS: Final = 8  # more derivations than storage lets run at once
_NICE: Final = 10  # of 19; with both cores busy the event loop still gets nine tenths of one

log = logging.getLogger(__name__)


def deriving() -> ThreadPoolExecutor:
    """Return the executor for `loop.set_default_executor`, and so for every `asyncio.to_thread`."""
    return ThreadPoolExecutor(_THREADS, "derive", initializer=partial(give_way, _NICE))


@dataclass(frozen=True)
class Hark:
    """One Hark, put together: everything is open, and nothing fetched yet."""

    store: Store
    handlers: Handlers
    doors: tuple[OpenDoor, ...]
    page_url: str | None
    vitals: Vitals
    data_dir: Path
    hook: WebhookReceiver | None = None
    operators_url: str | None = None
    checkpoints: CheckpointRelay | None = None

    async def serve(self, stop: asyncio.Event) -> None:
        """Send what is pending, then fetch and answer until `stop` is set; what is under way is finished.

        Raises:
            Refused: no door takes its token.
        """
        asyncio.get_running_loop().set_default_executor(deriving())
        watching = asyncio.create_task(Scheduler(self.handlers, now, self.vitals.pulse, self.checkpoints).run())
        greeting = asyncio.create_task(greet(self.handlers, self.data_dir))
        look_for_garbage_rarely()
        try:
            await self.handlers.take_up()
            async with ClientSession() as session:
                await asyncio.gather(*self._ways_in(session, stop))
        finally:
            for task in (watching, greeting):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await self.handlers.finish()

    def _ways_in(self, session: ClientSession, stop: asyncio.Event) -> Iterator[Awaitable[None]]:
        """Each door is fetched from, but for Telegram where it brings updates itself."""
        fetchers = []
        for door in self.doors:
            poll, chat_queues = Poll(session, door.api_url, door.token), self._chat_queues(door.name)
            if self.hook is not None and brings_updates(self.hook, door):
                self.hook.open(chat_queues)
                yield self.hook.serve(poll, stop)
            else:
                fetchers.append(Fetcher(door.name, poll, chat_queues, pulse=self.vitals.pulse, ahead=door.ahead))
        yield drive(fetchers, stop)

    def _chat_queues(self, door: Door) -> ChatQueues:
        async def handle(raw: Raw) -> None:
            with self.vitals.turn(door):
                await self.handlers.handle(door, raw)

        async def set_aside(raw: Raw) -> None:
            if await self.store.quarantine.keep(door, raw):
                await self.store.alerts.note("quarantined")

        return ChatQueues(handle, set_aside)


@asynccontextmanager
async def put_together(
    settings: Settings, routes: Sequence[web.RouteDef] = (), *, embeddable: bool = False
) -> AsyncIterator[Hark]:
    """Open everything: keys, store, languages, definitions, the web chat and a bot for each door.

    `routes` are further pages of the web chat's public port, which may show it in frames if `embeddable`.

    Raises:
        SettingsError: a port is taken, or the host is not this machine's.
        DefinitionError, KeyFileUnusable, Unavailable, Tampered: what they name cannot be used.
    """
    async with AsyncExitStack() as stack:
        tells = vitals(measured=settings.metrics_port is not None)
        store = await open_store(settings, measures=tells.measures)
        stack.push_async_callback(store.close)
        hook = WebhookReceiver(settings.webhook, tells.pulse) if settings.webhook and settings.token else None
        ways = (*routes, hook.route(urlsplit(settings.public_url).path)) if hook else routes
        page = SignInRoutes(settings.token, now) if sign_in_url(settings) else None
        chat = await open_web_chat(settings, (*ways, *page.table()) if page else ways, embeddable=embeddable)
        if chat is not None:
            stack.push_async_callback(chat.close)
        doors = tuple(doors_of(settings, chat))
        bots: dict[Door, Bot] = {door.name: bot_of(door) for door in doors}
        for bot in bots.values():
            stack.push_async_callback(bot.session.close)
        # Telegram's own pace; another Bot API server, ours too, says with 429 if it has one.
        rates = {door.name: Rates() for door in doors if door.api_url == TELEGRAM}
        handlers = build(replace(_deps(settings, store, bots), rates=rates))
        if chat is not None:
            chat.greet_with(partial(_greeting, handlers))
        if chat is not None and page is not None:
            page.device_of = chat.device_of
            page.answer_with(handlers.sign_in_pages())
        if tells.metrics is not None:
            tells.metrics.count_refused_links(lambda: handlers.desk.places.links.refused)
        port = tells.port(store, [door.name for door in doors], _file_of(settings), now)
        if port is not None and settings.metrics_port is not None:
            stack.push_async_callback(port.close)
            await port.start(settings.metrics_port)
        home, operators = chat.page_url if chat else None, port.url if port else None
        out = CheckpointRelay(
            store,
            now,
            file=settings.checkpoint_file,
            address=settings.checkpoint_mail,
            post=settings.mail.post if settings.mail else None,
        )
        yield Hark(store, handlers, doors, home, tells, settings.data_dir, hook, operators, out)


def _file_of(settings: Settings) -> Path | None:
    """The database's file, whose size and disk are among the figures; None for a server's."""
    return None if isinstance(settings.database, DatabaseServer) else settings.database


async def _greeting(handlers: Handlers, language: str) -> dict[str, object] | None:
    """What the page shows before the bot has said it; where that cannot be told, the page waits for the bot."""
    try:
        body = await handlers.reporter.greeting("web", language)
    except Refusal:
        return None
    markup = body.keyboard.model_dump(exclude_none=True) if body.keyboard else None
    return {"text": body.text, "reply_markup": markup}


def _deps(settings: Settings, store: Store, bots: Mapping[Door, Bot]) -> Deps:
    texts, overlays = read_definitions(), read_definitions(settings.data_dir / THEIRS)
    compile_stale(CATALOGUES)
    zone = ZoneInfo(settings.sites[settings.home].timezone)
    translators = load(CATALOGUES, zone, settings.country)
    languages = tuple(translators)
    helplines = overlays.get(HELPLINES, texts[HELPLINES])
    today, flows = now().astimezone(zone).date(), assemble(texts, overlays)
    return Deps(
        store=store,
        bots=bots,
        translators=translators,
        sites={site.id: site_of(site, helplines, today, languages) for site in settings.sites.values()},
        hours={site.id: site.hours for site in settings.sites.values() if site.hours is not None},
        home=settings.home,
        flows=flows,
        texts=texts,
        overlays=overlays,
        now=now,
        random=os.urandom,
        public_url=settings.public_url,
        sign_in_url=sign_in_url(settings),
        rehearsed=lambda: rehearsed(settings, load_server_key(settings.key_file)) is not None,
        post=settings.mail.post if settings.mail else None,
        draw=Drawer().draw,
        waiting_files=WaitingFiles(settings.data_dir / FOLDER),
        retention={site.id: retention_of(site, flows.retention) for site in settings.sites.values()},
        terms={site.id: site.terms for site in settings.sites.values()},
    )
