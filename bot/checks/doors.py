"""The doors: Telegram's token by its shape, and how the web chat is reached. Nobody is asked over the network."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.finding import Finding, good, look, wrong
from bot.network_address import is_on_this_machine
from bot.settings import TELEGRAM, Settings


def look_at_doors(settings: Settings) -> Iterator[Finding]:
    """Which doors would open, and whether what goes through them is safe on its way."""
    yield from _telegram(settings)
    if not settings.web_host:
        yield look(
            "the web chat is shut: nobody without a Telegram account can write",
            "set HARK_WEB_HOST; many children are too young for Telegram's terms",
        )
        return
    yield good("the web chat opens")
    if not settings.public_url:
        yield look(
            "HARK_PUBLIC_URL is not set: links and invites name this machine only", "set it to the address people open"
        )
    elif not settings.public_url.startswith("https://"):
        yield wrong("HARK_PUBLIC_URL does not begin with https://", "put a proxy with a certificate in front")
    if not is_on_this_machine(settings.web_host):
        yield look(
            "the web chat listens on the network without encryption of its own",
            "let only a proxy with a certificate reach it, or set HARK_WEB_HOST=127.0.0.1",
        )


def _telegram(settings: Settings) -> Iterator[Finding]:
    if settings.token is None:
        yield good("no HARK_TOKEN: the web chat is the only door")
        return
    if re.fullmatch(r"\d{6,12}:[A-Za-z0-9_-]{35}", settings.token):
        yield good("HARK_TOKEN has the shape of a token")
    elif settings.api_url == TELEGRAM:
        yield wrong("HARK_TOKEN has not the shape of a token", "copy it again from @BotFather, all of it")
    if not settings.api_url.startswith("https://"):
        yield look("HARK_API_URL is not encrypted", "use such a server on the same machine only")
