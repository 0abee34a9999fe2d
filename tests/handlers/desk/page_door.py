"""A school on Telegram whose sign-in page is served by the real web chat; what Telegram says is signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import aiohttp

from bot.sign_in.routes import PATH, SignInRoutes
from bot.webchat.server import WebChat
from handlers.dispatcher import build
from tests.handlers.messenger import TOKEN, Person
from tests.handlers.world import PASSPHRASE, World, totp_code

GRACE = "Grace Okafor"
#: What a lead's Telegram is given where the school has HTTPS; the page itself is served on this machine.
PUBLIC = "https://hark.example/"


@dataclass
class PageDoor:
    """The page of a school, and leads in front of it."""

    world: World
    chat: WebChat
    routes: SignInRoutes
    https: bool
    host: str = "127.0.0.1"

    @property
    def home(self) -> str:
        """Where the page is served, with a slash at its end."""
        return self.chat.page_url.replace("127.0.0.1", self.host)

    def wire(self) -> None:
        """Join page and handlers, as the wiring does."""
        base = PUBLIC if self.https else self.home
        self.world.handlers = build(replace(self.world.deps(), sign_in_url=f"{base}{PATH}"))
        self.routes.answer_with(self.world.handlers.sign_in_pages())

    def code(self, name: str = "grace") -> str:
        """What the authenticator shows; a code counts once."""
        self.world.clock.pass_(1)
        return totp_code((self.world.where / f"{name}.totp").read_text(), self.world.clock())

    def offered(self, lead: Person) -> dict[str, Any]:
        """The latest button that leads to the page."""
        keys = [key for one in lead.messages for key in one.buttons if "url" in key or "web_app" in key]
        return keys[-1]

    def token(self, lead: Person) -> str:
        """The one-time link of that button."""
        key = self.offered(lead)
        if "web_app" in key:
            return parse_qs(urlsplit(key["web_app"]["url"]).query)["link"][0]
        return urlsplit(key["url"]).fragment

    def url(self, lead: Person, data: str = "") -> str:
        """What Telegram opens: for a Mini App with its data behind the `#`."""
        if "web_app" in self.offered(lead):
            return f"{self.home}{PATH}?link={self.token(lead)}#tgWebAppData={quote(data)}&tgWebAppVersion=9.1"
        return str(self.offered(lead)["url"])

    async def ask(self, what: str, token: str, **more: str) -> dict[str, Any]:
        """Ask the server as the page does."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.chat.page_url}{PATH}/{what}", json={"link": token, **more}) as answer,
        ):
            assert answer.status == 200, await answer.text()
            said: dict[str, Any] = await answer.json()
            return said

    async def unlock(self, token: str, **more: str) -> dict[str, Any]:
        """Send both factors, right ones unless others are given."""
        typed = {"passphrase": PASSPHRASE, **more}
        return await self.ask("unlock", token, **({} if "code" in typed else {"code": self.code()}), **typed)


@asynccontextmanager
async def page_door(world: World, *, https: bool, host: str = "127.0.0.1") -> AsyncIterator[PageDoor]:
    """Serve the page; `https` says what the school's public address is. Browsers make passkeys for "localhost"."""
    routes = SignInRoutes(TOKEN, world.clock)
    chat = WebChat("Bot", "127.0.0.1", 0, routes=routes.table())
    await chat.start()
    door = PageDoor(world, chat, routes, https, host)
    door.wire()
    yield door
    await chat.close()


def telegram_says(who: int, at: datetime, token: str = TOKEN, **changed: str) -> str:
    """What Telegram signs for a Mini App, by its own documentation; `changed` fields are changed after signing."""
    fields = {
        "auth_date": str(int(at.timestamp())),
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "signature": "not-looked-at",
        "user": json.dumps({"id": who, "first_name": "Zebrafish-canary"}, separators=(",", ":")),
    }
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    made = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return urlencode({**fields, "hash": made, **changed})
