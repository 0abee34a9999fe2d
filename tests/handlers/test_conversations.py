"""The golden conversations: every word of both sides, saved and reloaded between lines.

`HARK_REGENERATE=1 pytest tests/handlers/test_conversations.py` writes the transcripts anew; read the difference.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from tests.handlers.player import Player, setting
from tests.handlers.web import web_world

HERE = Path(__file__).parents[1] / "conversations"
ALL = sorted(HERE.glob("*.txt"))


@pytest.fixture(params=ALL, ids=lambda path: path.stem)
def transcript(request: pytest.FixtureRequest) -> Path:
    """One of the conversations."""
    path: Path = request.param
    return path


@pytest.fixture
def files(staffed: Path, tmp_path: Path) -> Path:
    """A deployment of one's own."""
    return Path(shutil.copytree(staffed, tmp_path / "hark"))


def test_the_conversation_goes_as_it_is_written_down(transcript: Path, files: Path) -> None:
    said = transcript.read_text("utf-8")
    played = asyncio.run(_played(said, files, restarts=False))
    if os.environ.get("HARK_REGENERATE"):
        transcript.write_text(played, "utf-8")
        said = played
    assert played == said


def test_it_goes_no_differently_if_hark_ends_and_begins_anew_between_the_lines(transcript: Path, files: Path) -> None:
    said = transcript.read_text("utf-8")
    assert asyncio.run(_played(said, files, restarts=True)) == said


async def _played(said: str, files: Path, *, restarts: bool) -> str:
    script = said.splitlines()
    async with web_world(files) as web, await web.arrive(setting(script, "language", "en")) as person:
        return await Player(web, person, restarts=restarts).play(script)
