"""The web server of `deploy/` in front of a running Hark, as on a small server: one conversation, then Hark is away."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.person import Person
from tests.programs.run import program

pytestmark = pytest.mark.slow

DEPLOY = Path(__file__).parents[2] / "deploy"
WORDS = "zebrafish-canary at the gate"


@pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy on this machine")
async def test_people_write_through_it_and_find_help_while_hark_is_away(tmp_path: Path) -> None:
    outside, inside = _free_port(), _free_port()
    url = f"http://127.0.0.1:{outside}/"
    async with _caddy(tmp_path, url, inside) as log:
        settings = {"HARK_WEB_PORT": str(inside), "HARK_PUBLIC_URL": url}
        async with program("run", tmp_path / "data", settings) as hark:
            await _conversation(url)
            async with aiohttp.ClientSession() as session, session.get(url) as page:
                assert page.status == 200
                for header in ("Strict-Transport-Security", "Content-Security-Policy", "Referrer-Policy"):
                    assert len(page.headers.getall(header)) == 1, header
                assert "Server" not in page.headers
            await hark.kill()
        async with aiohttp.ClientSession() as session, session.get(f"{url}anything") as page:
            assert (page.status, page.headers["Cache-Control"]) == (502, "no-store")
            assert "0800 1111" in await page.text()
    said = log.read_text("utf-8")
    assert "serving initial configuration" in said
    assert WORDS not in said
    assert "remote_ip" not in said
    assert "remote_addr" not in said


async def _conversation(url: str) -> None:
    """A tab that waits long, hears at once, and sends what it is asked for."""
    async with await Person.arrive(url) as child:
        await child.wait_for(lambda: child.sees("Nobody here can read messages"))  # no lead has joined
        await child.tap("Help now")
        await child.wait_for(lambda: child.sees("You can carry on here too"))
        heard = len(child.heard)
        await child.type(WORDS)
        await child.wait_for(lambda: len(child.heard) > heard)


@asynccontextmanager
async def _caddy(folder: Path, url: str, inside: int) -> AsyncIterator[Path]:
    """Caddy on the file that we ship, without a certificate, since nobody outside could vouch for this machine."""
    log = folder / "caddy.log"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SITE_ADDRESS": url.rstrip("/"),
        "SITE_UPSTREAM": f"127.0.0.1:{inside}",
        "SITE_FOLDER": str(DEPLOY),
    }
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            "caddy", "run", "--config", DEPLOY / "Caddyfile", env=environ, stdout=written, stderr=written
        )
    try:
        yield log
    finally:
        process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
