"""The golden conversations: every word of both sides, saved and reloaded between lines.

`HARK_REGENERATE=1 pytest tests/handlers/test_conversations.py` writes the transcripts anew; read the difference.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.player import Player, setting
from tests.handlers.web import web_world
from tests.newest import Engine, copy_laid
from tests.postgres import drop_below

HERE = Path(__file__).parents[1] / "conversations"
ALL = sorted(HERE.glob("*.txt"))


@pytest.fixture(params=ALL, ids=lambda path: path.stem)
def transcript(request: pytest.FixtureRequest) -> Path:
    """One of the conversations."""
    path: Path = request.param
    return path


@pytest.fixture
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A deployment of one's own, on the engine that the test is given, or on SQLite."""
    engine: Engine = request.getfixturevalue("engine") if "engine" in request.fixturenames else "sqlite"
    first: Path = request.getfixturevalue("staffed" if engine == "sqlite" else "staffed_on_server")
    yield asyncio.run(copy_laid(first, tmp_path / "hark", engine))
    asyncio.run(drop_below(tmp_path))


def test_the_conversation_goes_as_it_is_written_down(transcript: Path, files: Path, engine: Engine) -> None:
    said = transcript.read_text("utf-8")
    played = asyncio.run(_played(said, files, engine, restarts=False))
    if os.environ.get("HARK_REGENERATE"):
        transcript.write_text(played, "utf-8")
        said = played
    assert played == said


def test_it_goes_no_differently_if_hark_ends_and_begins_anew_between_the_lines(transcript: Path, files: Path) -> None:
    said = transcript.read_text("utf-8")
    assert asyncio.run(_played(said, files, "sqlite", restarts=True)) == said


async def _played(said: str, files: Path, engine: Engine, *, restarts: bool) -> str:
    script = said.splitlines()
    takes = setting(script, "files", "none") == "taken"
    async with (
        web_world(files, engine, takes_files=takes) as web,
        await web.arrive(setting(script, "language", "en")) as person,
    ):
        return await Player(web, person, restarts=restarts).play(script)
