"""The web chat as one object: two listeners over one door, started and closed by the wiring."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from aiohttp import web

from bot.webchat.base.faults import Faults
from bot.webchat.base.protocol import KEEP_ALIVE_SECONDS, Bounds, page_address
from bot.webchat.base.tokens import Signer, new_bot_token
from bot.webchat.bot_api.api import BotApi
from bot.webchat.chat.state import BOT_ID, build_state
from bot.webchat.http.device_marks import COOKIE
from bot.webchat.http.greeting import Greet, Greetings
from bot.webchat.http.origins import OriginGuard, Origins
from bot.webchat.http.page_files import Numbers, header_setter, helplines_html, page_bundle, page_files
from bot.webchat.http.page_requests import refusals, under
from bot.webchat.http.page_routes import PageRoutes
from bot.webchat.http.refusals import ConnectionLimit, descriptors

_IDLE_CHECK_SECONDS = 60.0


class WebChat:
    """A Bot API on a loopback port of its own, and a chat page on a public one.

    Args:
        bot_name: what getMe answers as the bot's first name; the page does not show it.
        page_host: where the page listens.
        page_port: its port; 0 lets the system choose.
        api_port: the Bot API's port on 127.0.0.1; 0 lets the system choose.
        clock: seconds since 1970; ids, dates and expiry follow it.
        page_title: the neutral words in the tab, and in the header where there is no ``page_name``.
        page_name: whose page it is, shown in the header.
        leave_to: where "Leave quickly" goes.
        embeddable: pages of the same origin may show the chat in a frame.
        uploads: people may send files at any time; without it only while a message of the bot asks for one, by a
            ``"file": true`` beside its inline keyboard.
        secret: 16 bytes or more that outlive a restart, so that tabs continue in the same chat, and so that the bot may
            write to a chat before its tab has come back. Without it every start has its own.
        former: a secret that this one has replaced, and its last day (since 1970), so that tabs of up to then continue.
        left_in: a folder that may be made, where it is kept which chats were left for good; with ``secret``.
        numbers: whom to call, by name, shown where the page gets no answer or has no room; the emergency number has
            the name "".
        contacts: whom to go to at the place whose page it is, by name and room, with a number or ""; shown where no
            script runs.
        routes: more routes of the public port, for other pages of the wiring.
        path: the path under which the page is open to the public, such as "/hark"; everything is served there and at
            the root, so that a proxy may strip it or not.
        origins: the addresses under which the page is open to the public, as `Origins` takes them.
        bounds: what may be held in memory, and the pace.

    Conversations live in this object only: closing it forgets them.
    """

    def __init__(
        self,
        bot_name: str,
        page_host: str,
        page_port: int,
        *,
        api_port: int = 0,
        clock: Callable[[], float] = time.time,
        page_title: str = "Chat",
        page_name: str = "",
        leave_to: str = "about:blank",
        embeddable: bool = False,
        uploads: bool = True,
        secret: bytes | None = None,
        former: tuple[bytes, int] | None = None,
        left_in: Path | None = None,
        numbers: Numbers = (),
        contacts: Numbers = (),
        routes: Sequence[web.RouteDef] = (),
        path: str = "",
        origins: Sequence[str] = (),
        bounds: Bounds | None = None,
    ) -> None:
        signer = Signer(secret or secrets.token_bytes(32), clock, former)
        self._door = build_state(bot_name, clock, bounds or Bounds(), signer, left_in, awaits=secret is not None)
        self._token = new_bot_token(BOT_ID)
        self._numbers = numbers
        self._page_address, self._api_port = (page_host, page_port), api_port
        self._api = _runner(BotApi(self._door, self._token).app())
        page = web.Application(middlewares=[OriginGuard(Origins(page_host, origins), numbers).check, refusals])
        self._greetings = Greetings()
        bundle = page_bundle(page_title, leave_to, uploads=uploads, numbers=numbers, contacts=contacts, name=page_name)
        page.on_response_prepare.append(header_setter(bundle, embeddable=embeddable))
        ours = [
            *page_files(bundle, self._greetings),
            *PageRoutes(self._door, uploads=uploads).table(),
        ]
        page.add_routes(under(path, [*ours, *routes]))
        self._page = _runner(page, KEEP_ALIVE_SECONDS)
        self._public: asyncio.Server | None = None
        self._tidying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen on both ports.

        Raises:
            OSError: a port is taken; nothing is left listening.
        """
        try:
            await _listen(self._api, "127.0.0.1", self._api_port)
            await self._page.setup()
            await self._open_gate()
        except OSError:
            await self.close()
            raise
        self._tidying = asyncio.create_task(self._tidy())

    async def close(self) -> None:
        """Stop listening and cut every request off; harmless when it was not started or is closed already.

        Chats are gone with the object, but for what was left for good; tabs come back to an empty chat at the next
        start.
        """
        if self._tidying is not None:
            self._tidying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._tidying
            self._tidying = None
        await self._door.webhook.point_at(None)
        if self._public is not None:
            self._public.close()
        await self._page.cleanup()
        await self._api.cleanup()

    async def _open_gate(self) -> None:
        server = self._page.server
        assert server is not None  # noqa: S101 - it is set up
        gate = ConnectionLimit(server, descriptors(self._door.bounds.connections), helplines_html(self._numbers))
        self._public = await asyncio.get_running_loop().create_server(gate, *self._page_address, backlog=1024)

    def greet_with(self, greet: Greet) -> None:
        """Let pages show at once what the bot would say first.

        Args:
            greet: Takes a browser's language tag; gives text and reply_markup as sendMessage has them, or None. It
                changes nothing.
        """
        self._greetings.greet = greet

    def device_of(self, request: web.Request) -> str:
        """Give what stands for the browser that a request of another page here comes from; "" where it has no mark."""
        mark = self._door.signer.device_mark(request.cookies.get(COOKIE, ""))
        return self._door.signer.device(mark) if mark else ""

    @property
    def api_url(self) -> str:
        """The Bot API's base address, such as ``http://127.0.0.1:43210``.

        Raises:
            IndexError: the server is not started, or is closed.
        """
        return f"http://127.0.0.1:{self._api.addresses[0][1]}"

    @property
    def page_url(self) -> str:
        """The page's address with a slash at its end.

        Raises:
            IndexError: the server is not started, or is closed.
        """
        if self._public is None or not self._public.sockets:
            raise IndexError("the page listens nowhere")
        return page_address(self._page_address[0], self._public.sockets[0].getsockname()[1])

    @property
    def token(self) -> str:
        """The Bot API token of this start."""
        return self._token

    @property
    def faults(self) -> Faults:
        """Switches for tests."""
        return self._door.faults

    @property
    def ahead(self) -> asyncio.Event:
        """Set when an update came that goes ahead of what the bot may be busy with, until it is given out."""
        return self._door.updates.ahead

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._door.updates)

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(_IDLE_CHECK_SECONDS)
            self._door.chats.drop_idle()
            self._door.files.drop_old()
            self._door.left.drop_old()


class _NoContent(logging.Filter):
    """Takes exception texts and arguments away: they may hold what somebody wrote."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "-"
        record.msg, record.args, record.exc_info = "the web chat's HTTP side failed: %s", (kind,), None
        return True


def _runner(app: web.Application, idle: float = 3630.0) -> web.AppRunner:
    log = logging.getLogger("bot.webchat.http")
    if not log.filters:
        log.addFilter(_NoContent())
    return web.AppRunner(
        app, access_log=None, logger=log, handler_cancellation=True, shutdown_timeout=0.1, keepalive_timeout=idle
    )


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
