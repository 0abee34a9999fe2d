"""Five people live through Hark in a real browser, in English and in Arabic, and every screen is looked at."""

from __future__ import annotations

import asyncio
import shutil
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from _pytest.mark.structures import ParameterSet
from playwright.async_api import Browser

from tests.story.lives import sheets
from tests.story.lives.camera import SIZES, Camera, Seen
from tests.story.lives.school import open_school, staff_school
from tests.story.lives.scripts import LIVES, Life
from tests.story.lives.teller import Teller
from tests.story.pictures import watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]


#: What is lived in each run; all else in `make exhaustive`.
OFTEN: Final = {("teenager-blackmailed", "ar"), ("lead", "en")}


def lived(life: Life, language: str) -> ParameterSet:
    """A life in a language, as a case of a test."""
    marks = () if (life.name, language) in OFTEN else pytest.mark.exhaustive
    return pytest.param(life, language, id=f"{life.name}-{language}", marks=marks)


@pytest.fixture(scope="session")
def seen() -> Seen:
    """What axe has looked at in this run."""
    return Seen()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the school, made once."""
    where = tmp_path_factory.mktemp("school")
    asyncio.run(staff_school(where))
    return where


@pytest.mark.parametrize(("life", "language"), [lived(*one) for one in product(LIVES, ("en", "ar"))])
async def test_every_screen_of_a_life_is_decided_by_axe_and_fits(
    browser: Browser, files: Path, seen: Seen, tmp_path: Path, life: Life, language: str
) -> None:
    where = Path(shutil.copytree(files, tmp_path / "hark"))
    async with (
        open_school(where, life.at) as school,
        watched(browser, school.chat.page_url, SIZES[0]) as context,
    ):
        page = await context.new_page()
        camera = Camera(page, seen, takes=sheets.wanted())
        await page.goto(f"{school.chat.page_url}?lang={language}")
        await life.lived(Teller(camera, by_keyboard=life.by_keyboard), school, language)
        assert camera.wrong == [], "\n".join(camera.wrong)
        assert camera.screens >= life.screens
        if sheets.wanted():
            await sheets.write(context, f"{life.name}-{language}", camera.taken)
