"""How far a typed sentence goes: the modules it enters, and the calls to the step, the commit and the answer."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest

from tests.handlers.messenger import Person
from tests.handlers.paths import to_the_story

ROOT = Path(__file__).parents[2]
TOPS = ("bot", "handlers", "storage", "flows", "locales")
#: What the walk may be at most; the figures only go down. Asked: 5, 8 and 10 calls, 45 modules (decision 21).
STEP, COMMIT, ANSWER, MODULES = 4, 8, 8, 45
#: So many more for a text that may hold a receipt: whose it is, how it is read, and its words.
MAY_HOLD_A_RECEIPT = 3


#: Where a walk begins: with an update, or with a notice that is due.
BEGINS = frozenset({"handlers.dispatcher.handle", "bot.delivery.outbox_relay._tell"})
#: Tasks of their own, by the call that begins them.
GOES_ON = {"handlers.desk.router._in_chat": "handlers.desk.router.notify"}


@dataclass
class Way:
    """What was entered of ours, and how many of our frames lay between the beginning of a walk and each place."""

    modules: set[str] = field(default_factory=set)
    depths: dict[str, int] = field(default_factory=dict)

    def note(self, frame: FrameType) -> None:
        """Note one call; a frame of ours counts from where the walk begins, itself included."""
        module = _ours(frame)
        if module is None:
            return
        self.modules.add(module)
        place = f"{module}.{frame.f_code.co_name}"
        for one in (place, f"{_caller(frame)} > {place}"):
            if one not in self.depths:
                self.depths[one] = self._depth(frame)

    def _depth(self, frame: FrameType | None) -> int:
        depth = 0
        while frame is not None:
            if module := _ours(frame):
                depth += 1
                place = f"{module}.{frame.f_code.co_name}"
                if place in BEGINS:
                    return depth
                if place in GOES_ON:
                    return self.depths[GOES_ON[place]] + depth
            frame = frame.f_back
        return depth


def _ours(frame: FrameType) -> str | None:
    try:
        parts = Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("").parts
    except ValueError:
        return None
    return ".".join(parts) if parts[0] in TOPS else None


def _caller(frame: FrameType) -> str | None:
    """The module of ours that made a call."""
    before = frame.f_back
    while before is not None and _ours(before) is None:
        before = before.f_back
    return None if before is None else _ours(before)


@contextmanager
def walked() -> Iterator[Way]:
    """Note every call of ours in this thread while the block runs."""
    way = Way()
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, _: way.note(frame) if event == "call" else None)
    try:
        yield way
    finally:
        sys.setprofile(before)


def calls(way: Way) -> tuple[int, int, int]:
    """The calls to the step, to the commit and to the answer."""
    places = ("flows.conversation.engine.step", "storage.database.writer.commit", "handlers.telegram.sender.say")
    step, commit, answer = (way.depths[place] for place in places)
    return step, commit, answer


def named(journey: str) -> list[str]:
    """The modules that `docs/architecture.md` names on a journey, in order; at most eight."""
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    [listed] = re.findall(rf"^- \*\*{journey}:\*\*(.*?)(?=^\S|\Z)", page, flags=re.MULTILINE | re.DOTALL)
    modules = [path.replace("/", ".") for path in re.findall(r"`([\w/]+)\.py`", listed)]
    assert 1 < len(modules) <= 8
    return modules


def assert_within_bounds(way: Way, most: int = MODULES) -> None:
    step, commit, answer = calls(way)
    told = (
        f"{step} calls to the step, {commit} to the commit, {answer} to the answer; {len(way.modules)} modules entered"
    )
    print(told)
    assert (step <= STEP, commit <= COMMIT, answer <= ANSWER, len(way.modules) <= most) == (True,) * 4, told


async def test_a_typed_sentence_goes_no_further_through_the_house_than_it_did(ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("He hits me.")  # so that nothing is made for the first time
    with walked() as way:
        await ann.types("Every day.")
    assert_within_bounds(way)
    assert [module for module in named("A child's sentence") if module not in way.modules] == []


async def test_a_longer_sentence_is_looked_through_for_a_receipt_and_goes_no_further_beside_that(ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("He hits me.")
    with walked() as way:
        await ann.types("It is every day after school now.")
    assert_within_bounds(way, MODULES + MAY_HOLD_A_RECEIPT)


async def test_a_tapped_answer_goes_no_further_than_a_typed_sentence(ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("He hits me.")
    await ann.taps("Done")
    await ann.taps("Back")
    with walked() as way:
        await ann.taps("Done")
    assert_within_bounds(way)


@pytest.mark.parametrize("heading", ["## Ten questions", "## Where to look for what", "## One path for every update"])
def test_the_page_of_the_ways_names_only_what_is_there(heading: str) -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    section = page[page.index(heading) :].split("\n## ", 2)[0]
    named = re.findall(r"`((?:bot|handlers|storage|flows)/[\w./]+\.py)`", section)
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []
