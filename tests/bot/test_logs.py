"""The log: our own sentences, types and places; nothing that anybody wrote, and no token, whoever logs it."""

from __future__ import annotations

import asyncio
import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.deployment.logs import quiet, set_up
from handlers.telegram.failures import place_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """A log of its own, put back afterwards."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, sys.excepthook, logging.raiseExceptions)
    levels = {name: logging.getLogger(name).level for name in ("bot", "handlers", "aiogram", "aiohttp", "asyncio")}
    stream = io.StringIO()
    set_up("INFO", "text", stream)
    yield stream
    root.handlers[:], level, sys.excepthook, logging.raiseExceptions = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def test_our_own_sentences_are_written(log: io.StringIO) -> None:
    logging.getLogger("bot.updates.fetch").warning("%s: trying again in %.1f s", "web", 2.0)
    assert "WARNING bot.updates.fetch: web: trying again in 2.0 s" in log.getvalue()


def test_an_exception_becomes_its_type_and_place(log: io.StringIO) -> None:
    try:
        int("canary words of a child")
    except ValueError:
        logging.getLogger("handlers").exception("an update failed")
    line = log.getvalue()
    assert "canary" not in line
    assert line.count("\n") == 1
    assert "ValueError at tests/bot/test_logs.py:" in line or "ValueError at test_logs.py:" in line


@pytest.mark.parametrize("name", ["aiogram.dispatcher", "aiohttp.server", "sqlalchemy.engine", "asyncio", "unheard.of"])
def test_other_peoples_records_lose_their_words(log: io.StringIO, name: str) -> None:
    logging.getLogger(name).warning("Update %s failed at https://api/bot%s/x", "canary", "42:TOKEN")
    line = log.getvalue()
    assert f"WARNING {name}: test_logs.py:" in line
    assert "canary" not in line
    assert "TOKEN" not in line


def test_other_peoples_chatter_is_left_out(log: io.StringIO) -> None:
    for name in ("aiogram.scene", "sqlalchemy.engine.Engine", "aiohttp.access"):
        logging.getLogger(name).info("canary")
        logging.getLogger(name).debug("canary")
    assert log.getvalue() == ""


def test_a_line_break_makes_no_second_record(log: io.StringIO) -> None:
    logging.getLogger("bot").info("one\r\n2026-01-01 CRITICAL bot: two")
    assert log.getvalue().count("\n") == 1


def test_a_record_that_cannot_be_formatted_prints_nothing_of_itself(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("bot").info("%d", "canary")
    assert "canary" not in log.getvalue() + capsys.readouterr().err


def test_the_place_is_ours_first_and_then_where_it_broke() -> None:
    from flows.values.draft import parse

    try:
        parse("canary")
    except Exception as error:  # noqa: BLE001 - whichever it is
        told = place_of(error)
    assert "flows/values/draft.py:" in told
    assert "canary" not in told


async def test_an_error_that_nobody_awaits_is_told_by_type_and_place(log: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    quiet(loop)
    told = asyncio.Event()
    loop.call_soon(lambda: (_ for _ in ()).throw(ValueError("canary")))
    loop.call_soon(told.set)
    await told.wait()
    assert "something failed that nobody waited for: ValueError at" in log.getvalue()
    assert "canary" not in log.getvalue()


async def test_a_failed_request_does_not_log_the_token(log: io.StringIO) -> None:
    async with ClientSession() as session:
        with pytest.raises(OSError, match="Cannot connect") as error:
            await session.get("http://127.0.0.1:1/bot42:TOKEN/getMe")
    logging.getLogger("bot").error("no answer", exc_info=error.value)
    assert "TOKEN" not in log.getvalue()


def test_an_uncaught_error_of_the_process_prints_no_content() -> None:
    code = "from bot.deployment.logs import set_up; set_up('INFO', 'text'); raise ValueError('canary')"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 1
    assert "Hark stopped: ValueError" in ended.stderr
    assert "canary" not in ended.stderr
