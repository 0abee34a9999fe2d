"""What the bot leaves standing on the page: questions of whoever is alone with the device, and of nobody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.handlers.web import WebWorld, web_world
from tests.person import Person


@pytest.fixture
def files(staffed: Path, tmp_path: Path) -> Path:
    """A deployment of one's own."""
    return Path(shutil.copytree(staffed, tmp_path / "hark"))


async def _taps(web: WebWorld, child: Person, *labels: str) -> None:
    for label in labels:
        await child.tap(label)
        await web.take()
        await child.settled()


async def _begins(web: WebWorld, child: Person) -> None:
    await child.type("/start")
    await web.take()
    await _taps(web, child, "I am 12 to 17")


async def test_questions_stay_for_whoever_is_alone_and_go_once_that_changes(files: Path) -> None:
    async with web_world(files) as web, await web.arrive("en") as child:
        await _begins(web, child)
        await _taps(web, child, "No", "OK")
        await child.wait_to_see("Are you safe right now?")
        assert child.sees("Could someone else see")  # a message of its own, above
        await _taps(web, child, "Back", "Back", "Yes")
        await child.wait_for(lambda: len(child.heard) == 1)
        assert not child.sees("Could someone else see")


async def test_a_question_becomes_the_next_one_where_somebody_may_see_the_device(files: Path) -> None:
    async with web_world(files) as web, await web.arrive("en") as child:
        await _begins(web, child)
        await _taps(web, child, "Not sure", "OK")
        await child.wait_to_see("Are you safe right now?")
        assert len(child.heard) == 1
