"""The doors of one Hark: the web chat and Telegram, and where each is reached."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

from bot.deployment.data_directory.open_store import CHECKPOINT, now
from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.settings import Settings
from bot.deployment.sites import contacts_of, numbers_of
from bot.deployment.value_checks import SettingsError, is_on_this_machine
from bot.sign_in.routes import PATH
from bot.updates.bot_session import JsonSession
from bot.updates.webhook import WebhookReceiver
from bot.webchat.server import WebChat
from flows.loading.helplines import FILE as HELPLINES
from flows.values.ids import Door
from storage.core.tab_key import former_tab_key, tab_key
from storage.sealing.keys.server_key import load_server_key

_TAKEN: Final = "another program listens there; choose another, or 0 for any that is free"
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM})
_ELSEWHERE: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL})


@dataclass(frozen=True)
class OpenDoor:
    """A Bot API to fetch from and to send through; `ahead` as in `Fetcher`, for doors that have one."""

    name: Door
    api_url: str
    token: str
    ahead: asyncio.Event | None = None


async def open_web_chat(settings: Settings, routes: Sequence[web.RouteDef], *, embeddable: bool) -> WebChat | None:
    """Start the web chat, or give None where the settings have none.

    Raises:
        SettingsError: Its port or address cannot be used.
        DefinitionError: The helplines cannot be read.
        KeyFileUnusable: The server key went meanwhile.
        OSError: The system refuses for another reason.
    """
    if not settings.web_host:
        return None
    # A key that outlives a restart lets a tab go on in the same chat.
    key = load_server_key(settings.key_file)
    former = former_tab_key(settings.keys_dir / CHECKPOINT, key, now())
    home = settings.sites[settings.home]
    helplines = {**read_definitions(), **read_definitions(settings.data_dir / THEIRS)}[HELPLINES]
    chat = WebChat(
        "Chat",
        settings.web_host,
        settings.web_port,
        page_name=home.name,
        embeddable=embeddable,
        secret=tab_key(key),
        former=former,
        left_in=settings.data_dir / "left",
        numbers=numbers_of(home, helplines, now().astimezone(ZoneInfo(home.timezone)).date()),
        contacts=contacts_of(home),
        routes=tuple(routes),
        path=urlsplit(settings.public_url).path,
        origins=_origins(settings),
        uploads=False,  # no file that Hark did not ask for, so that nobody's picture is in its memory
    )
    try:
        await chat.start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError("HARK_WEB_PORT", _TAKEN) from None
        if error.errno in _FORBIDDEN:
            raise SettingsError("HARK_WEB_PORT", "this user may not listen there; choose one from 1024 on") from None
        if error.errno in _ELSEWHERE or isinstance(error, socket.gaierror):
            raise SettingsError("HARK_WEB_HOST", "is no address of this machine") from None
        raise
    return chat


def _origins(settings: Settings) -> tuple[str, ...]:
    """Where the public port is reached from outside: by people, and by Telegram where it brings updates."""
    webhook = settings.webhook.url if settings.webhook and settings.token else ""
    return tuple(url for url in (settings.public_url, webhook) if url)


def sign_in_url(settings: Settings) -> str:
    """The page to sign in on, where nobody between can listen: by HTTPS, or on this machine; "" elsewhere."""
    url = settings.public_url if settings.web_host else ""
    safe = url.startswith("https://") or is_on_this_machine(urlsplit(url).hostname)
    return f"{url}{PATH}" if url and safe else ""


def doors_of(settings: Settings, chat: WebChat | None) -> list[OpenDoor]:
    """Give every door of the settings; the web chat's first."""
    doors: list[OpenDoor] = []
    if chat is not None:
        doors.append(OpenDoor("web", chat.api_url, chat.token, chat.ahead))
    if settings.token is not None:
        doors.append(OpenDoor("telegram", settings.api_url, settings.token))
    return doors


def bot_of(door: OpenDoor) -> Bot:
    """Give what speaks through a door."""
    return Bot(door.token, session=JsonSession(api=TelegramAPIServer.from_base(door.api_url)))


def brings_updates(hook: WebhookReceiver | None, door: OpenDoor) -> bool:
    """Whether a door's updates are brought to us, so that nobody fetches them."""
    return hook is not None and door.name == "telegram"
