"""The golden conversations: every word of both sides, saved and reloaded between lines.

`HARK_REGENERATE=1 pytest tests/handlers/test_conversations.py` writes the transcripts anew; read the difference.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.handlers.player import Player, setting
from tests.handlers.web import web_world

HERE = Path(__file__).parents[1] / "conversations"
ALL = sorted(HERE.glob("*.txt"))


@pytest.mark.parametrize("restarts", [False, True], ids=["in one go", "restarted between the lines"])
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_it_is_written_down(
    path: Path, restarts: bool, staffed: Path, tmp_path: Path
) -> None:
    script = path.read_text("utf-8").splitlines()
    where = tmp_path / "hark"
    shutil.copytree(staffed, where)
    async with web_world(where) as web, await web.arrive(setting(script, "language", "en")) as person:
        played = await Player(web, person, restarts=restarts).play(script)
    if os.environ.get("HARK_REGENERATE") and not restarts:
        path.write_text(played, "utf-8")
    assert played == path.read_text("utf-8")
