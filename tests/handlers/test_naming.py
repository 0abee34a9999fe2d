"""Whom the words name is withheld however the name is written: typed on the web chat, up to that lead's queue."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from storage.leads.sign_in.session import LeadSession
from tests.handlers.player import Player
from tests.handlers.web import WebWorld, web_world
from tests.handlers.world import World

TO_THE_WORDS = ("> /start", "> [I am 12 to 17]", "> [No]", "> [OK]", "> [Yes]")
TO_THE_READERS = ("> [Done]", "> [No]")
LEADS = (
    "Siobhan O'Brien",
    "Tom Bell",
    "Ann McDonald",
    "Omar Al-Hassan",
    "Jan van der Berg",
    "Sean \u00d3 Murch\u00fa",
    "Jo Smith-Jones",
    "Eva M\u00fcller",
    "محمد عبد الله",
    "Will May",
)


@dataclass
class School:
    """One Hark behind the web chat for all tests of this file, its leads at their desks; its clock stands."""

    run: Callable[[Coroutine[Any, Any, Told]], Told]
    web: WebWorld
    leads: Mapping[str, LeadSession]

    def told(self, words: str, lead: str) -> Told:
        """Send a concern by the page."""
        return self.run(self._told(words, lead))

    async def _told(self, words: str, lead: str) -> Told:
        async with await self.web.arrive() as person:
            before = await self._seen_by(lead)
            player = Player(self.web, person)
            await player.play((*TO_THE_WORDS, f"> {words}", *TO_THE_READERS))
            screen = re.sub("[\u2066-\u2069]", "", person.messages[-1].text)
            await player.play(("> [Send]",))
            assert player.receipt
            return Told(screen, before, await self._seen_by(lead))

    async def _seen_by(self, name: str) -> list[str]:
        session, store = self.leads[name], self.web.world.store
        seen = [str(await store.desk.queues.brief(session, self.web.world.clock() + timedelta(hours=8)))]
        seen += [str(await store.desk.queues.page(session, which)) for which in ("open", "new", "unread")]
        while notice := await store.outbox.next():
            seen += [str(notice)] if notice.lead == session.lead.id else []
            await store.outbox.done(notice)
        return seen


@dataclass
class Told:
    """The screen with the readers, and all that the named lead can see before and after."""

    screen: str
    before: list[str]
    after: list[str]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with asyncio.Runner() as runner:
        opened = web_world(tmp_path_factory.mktemp("many"))
        web = runner.run(opened.__aenter__())
        yield School(runner.run, web, runner.run(_staff(web.world)))
        runner.run(opened.__aexit__(None, None, None))


async def _staff(world: World) -> dict[str, LeadSession]:
    """A head, who is never named here, and many leads."""
    await world.joined("Grace Okafor", "head", "Headteacher")
    return {name: await world.joined(name, "lead", "Lead") for name in LEADS}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        # the issue's own
        ("mrs o'brien grabs my arm every day", "Siobhan O'Brien"),
        ("mrs obrien grabs my arm every day", "Siobhan O'Brien"),
        ("Mr Bells hand was on my leg", "Tom Bell"),
        ("mrs mac donald hits me", "Ann McDonald"),
        ("mr alhassan hits me", "Omar Al-Hassan"),
        ("mr vanderberg hits me", "Jan van der Berg"),
        ("mr omurchu hits me", "Sean \u00d3 Murch\u00fa"),
        ("smith jones hits me", "Jo Smith-Jones"),
        ("MrBell hits me", "Tom Bell"),
        ("Mueller hits me", "Eva M\u00fcller"),
        ("عبدالله ضربني", "محمد عبد الله"),
        ("قلت لعبد الله", "محمد عبد الله"),
        ("it was mrs may", "Will May"),
        # of the same kind
        ("Mrs O\u200b\u2019BRIEN hits me", "Siobhan O'Brien"),
        ("mr b3ll and his hand", "Tom Bell"),
        ("it is b e l l who hits me", "Tom Bell"),
        ("mr b\u0435ll hits me", "Tom Bell"),
        ("mrs macdonnald hits me", "Ann McDonald"),
        ("الأُستاذ مُحمّد يضربني", "محمد عبد الله"),
    ],
)
def test_a_lead_whom_the_words_name_is_no_reader_and_sees_nothing(school: School, words: str, named: str) -> None:
    told = school.told(words, named)
    assert [name for name in LEADS if f"{name} cannot read this" in told.screen] == [named]
    assert told.after == told.before


@pytest.mark.parametrize("words", ["I may say it, he will not. The bells rang", "والله يصرخ علي", "mr long hits me"])
def test_words_that_are_names_as_well_keep_nobody_out(school: School, words: str) -> None:
    told = school.told(words, "Tom Bell")
    assert "cannot read this" not in told.screen
    assert told.after != told.before
