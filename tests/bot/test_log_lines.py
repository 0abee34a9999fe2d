"""The log for machines: one JSON object a line, and in it neither words nor names nor ids, whatever happens."""

from __future__ import annotations

import ast
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.deployment.logs import OTHERS, event_of, set_up
from bot.updates.chat_queues import ChatQueues, Raw
from handlers.telegram.failures import OURS, error_fields
from tests.handlers.conftest import staffed, world  # noqa: F401 - fixtures
from tests.handlers.messenger import BAD_GATEWAY
from tests.handlers.paths import to_the_readers
from tests.handlers.world import PASSPHRASE, World

ROOT = Path(__file__).parents[2]
KEYS = {"at", "level", "logger", "event", "place", "type", "broke_at", "said"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log of a program whose standard error is not a terminal, at the level that says most."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, sys.excepthook, logging.raiseExceptions)
    levels = {name: logging.getLogger(name).level for name in (*OURS, "aiogram", "aiohttp", "asyncio", "sqlalchemy")}
    stream = io.StringIO()
    set_up("DEBUG", stream=stream)
    yield stream
    root.handlers[:], level, sys.excepthook, logging.raiseExceptions = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def lines(log: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_an_event_of_ours_has_a_name_a_place_and_its_sentence(log: io.StringIO) -> None:
    logging.getLogger("bot.updates.fetch").warning("%s: trying again in %.1f s", "web", 2.0)
    [line] = lines(log)
    assert line["event"] == "trying_again_in_s"
    assert line["said"] == "web: trying again in 2.0 s"
    assert line["place"].startswith("test_log_lines.py:")
    assert (line["level"], line["logger"]) == ("warning", "bot.updates.fetch")
    assert line["at"].endswith("+00:00")


def test_an_error_adds_its_type_and_where_it_broke_and_not_its_text(log: io.StringIO) -> None:
    try:
        int("canary")
    except ValueError as error:
        logging.getLogger("handlers").exception("it failed")
        logging.getLogger("handlers").error("it failed", extra=error_fields(error))  # noqa: TRY400 - the other way to say it
    assert {(line["type"], line["broke_at"].rpartition(":")[0]) for line in lines(log)} == {
        ("ValueError", "test_log_lines.py")
    }
    assert "canary" not in log.getvalue()


def test_what_others_log_is_a_place_alone(log: io.StringIO) -> None:
    logging.getLogger("aiogram.dispatcher").error("update %s of %s", "canary", 7000001)
    [line] = lines(log)
    assert line["event"] == OTHERS
    assert set(line) == {"at", "level", "logger", "event", "place"}


def test_a_line_break_or_a_quotation_mark_makes_no_second_record(log: io.StringIO) -> None:
    logging.getLogger("bot").info('one\r\n{"event": "two"}')
    [line] = lines(log)
    assert line["said"] == 'one\r\n{"event": "two"}'


async def test_turns_that_fail_leave_events_and_none_of_anybodys_words(world: World, log: io.StringIO) -> None:  # noqa: F811
    canaries = ("zugvogelcanary", "nightingale", "7000001", "kettles", "Grace", "Okafor", "Elmfield", "42:TEST")
    ann, grace = world.person(), world.person(chat=17_000_001)
    await to_the_readers(ann)
    ann.messenger.refuse[("sendMessage", ann.chat)] = [(400, "Bad Request: zugvogelcanary in 7000001", {}), BAD_GATEWAY]
    await ann.types("zugvogelcanary")
    await ann.types("zugvogelcanary")
    await poisoned(world, {"message": {"chat": {"id": 7000001}, "text": {"zugvogelcanary": "nightingale"}}})
    await grace.types("/unlock Grace Okafor")
    await grace.types(PASSPHRASE)
    await world.store.close()
    await ann.types("zugvogelcanary while the database is gone")
    await grace.types(f"/join {PASSPHRASE}")
    written = lines(log)
    assert {line["event"] for line in written} >= {
        "the_bot_api_refused",
        "an_update_was_set_aside",
        "something_inside_failed",
    }
    assert {line["type"] for line in written if "type" in line} >= {"TelegramBadRequest", "Unavailable"}
    for line in written:
        assert set(line) <= KEYS
        assert [word for word in canaries if word.lower() in json.dumps(line).lower()] == []


async def poisoned(world: World, raw: Raw) -> None:  # noqa: F811
    """An update that cannot be read, through the lane of its chat."""

    async def handle(raw: Raw) -> None:
        await world.handlers.handle("telegram", raw)

    async def set_aside(_: Raw) -> None:
        pass

    await ChatQueues(handle, set_aside).put({"update_id": 1, **raw})


def test_a_program_without_a_terminal_writes_json_unless_it_is_told_to_write_text() -> None:
    code = "import sys; from bot.deployment.logs import set_up; set_up('INFO', sys.argv[1]); raise ValueError('canary')"
    for shape, json_is_written in (("auto", True), ("json", True), ("text", False)):
        ended = subprocess.run(
            [sys.executable, "-c", code, shape], capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert "canary" not in ended.stderr
        assert ended.stderr.startswith("{") is json_is_written
        assert not json_is_written or json.loads(ended.stderr)["event"] == "hark_stopped"


def test_every_sentence_that_hark_logs_is_a_constant_that_names_an_event() -> None:
    calls = [call for path in OURS for source in (ROOT / path).rglob("*.py") for call in logged(source)]
    assert len(calls) > 10
    for source, call in calls:
        sentence = call.args[0]
        where = f"{source}:{call.lineno}"
        assert isinstance(sentence, ast.Constant), where
        assert "_" in event_of(str(sentence.value)), f"{where}: at least two words"


def logged(source: Path) -> Iterator[tuple[Path, ast.Call]]:
    """The calls of `log.…` in a file."""
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=attr)) if attr in levels:
                yield source.relative_to(ROOT), node
