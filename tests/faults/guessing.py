"""A driver in a process of its own: tabs that guess passphrases and receipts as fast as they are let, for some seconds.

    python -m tests.faults.guessing PAGE_URL KEY_FILE TABS SECONDS NAME...

It prints `flooding` once many guesses are under way, and at its end how many texts were taken. Loopback only. The tabs
are ones from before a restart: their tokens are made with the server's key, since the page opens 50 new ones a second.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.webchat.base.tokens import Signer, new_chat_id
from storage.sealing.keys.server_key import load_server_key
from storage.sealing.receipts.receipt import new_receipt

_AT_ONCE = 1_000  # requests, or one of each tab
_UNDER_WAY = 250  # texts, or one of each tab


def _guesses(number: int, names: list[str]) -> Iterator[tuple[str, bool]]:
    """What one tab types for ever: every second one guesses a lead's factors, the others a receipt."""
    while True:
        if number % 2:
            yield f"/unlock {names[number // 2 % len(names)]}", False
            yield f"wrong words entirely {number}\n{number % 1_000_000:06}", True
        else:
            yield "/return", False
            yield new_receipt("en", os.urandom).words, False


async def flood(url: str, key_file: Path, tabs: int, seconds: float, names: list[str]) -> int:
    """Guess for so many seconds; give how many texts the page took."""
    if urlsplit(url).hostname != "127.0.0.1":
        raise ValueError("only a Hark on this machine is flooded")
    signer = Signer(load_server_key(key_file).subkey("web chat sessions"), time.time)
    people = [(signer.session(new_chat_id()), _guesses(number, names)) for number in range(tabs)]
    turns, taken, until = itertools.cycle(people), itertools.count(), time.monotonic() + seconds

    async def tell(http: aiohttp.ClientSession) -> None:
        for number, (token, guesses) in enumerate(turns):
            if time.monotonic() > until:
                return
            text, secret = next(guesses)
            said = {"token": token, "id": f"{os.urandom(8).hex()}{number}", "text": text, "secret": secret}
            async with http.post(f"{url}api/send", json=said) as answer:
                await answer.read()
            if answer.status == 200 and next(taken) == min(_UNDER_WAY, tabs):
                print("flooding", flush=True)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        await asyncio.gather(*(tell(http) for _ in range(min(tabs, _AT_ONCE))))
    return next(taken)


if __name__ == "__main__":
    page, key, count, span, *known = sys.argv[1:]
    print(asyncio.run(flood(page, Path(key), int(count), float(span), known)), flush=True)
