"""Every screen of every register at every kind of hour: no room, person, day or time that the hours do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

import pytest

from bot.deployment.definition_files import read_definitions
from flows.conversation.danger import help_for
from flows.conversation.engine import current, step
from flows.drafts.rulebook import Flows, assemble
from flows.drafts.trusted_adult import findable
from flows.duty.deadlines import Hours, cover, read_hours
from flows.screens.buttons import more_screen
from flows.screens.help import help_screen
from flows.screens.receipt import receipt_screen
from flows.screens.welcome import begin, languages, opening, reopened
from flows.values.draft import Chose, Draft, Skipped, Wrote
from flows.values.ids import Register, Urgency
from flows.values.inputs import Pressed, Tapped, Typed
from flows.values.screen import Screen
from flows.values.situation import Contact, Situation
from handlers.reporter.chat import static_screens, talk_screens
from handlers.telegram.languages import Translator, load
from locales.compile import CATALOGUES
from tests.flows.conftest import NOW, ROSTER, SITE

REGISTERS: tuple[Register, ...] = get_args(Register)
ZONE: Final = ZoneInfo("Europe/London")
WEEK: Final = read_hours(
    {day: ["08:30-12:00", "13:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}, ["2026-12-25"], ZONE.key
)
MONDAY: Final = date(2026, 11, 23)
#: (hours, now in the site's time, nobody has looked lately)
WORLDS: Final[dict[str, tuple[Hours | None, datetime, bool]]] = {
    "open": (WEEK, datetime.combine(MONDAY, time(9, 0), ZONE), False),
    "open for minutes yet": (WEEK, datetime.combine(MONDAY, time(15, 55), ZONE), False),
    "the lunch hour": (WEEK, datetime.combine(MONDAY, time(12, 10), ZONE), False),
    "closed at night": (WEEK, datetime.combine(MONDAY, time(22, 0), ZONE), False),
    "closed for the weekend": (WEEK, datetime.combine(MONDAY - timedelta(days=2), time(11, 0), ZONE), False),
    "a holiday": (WEEK, datetime(2026, 12, 25, 10, 0, tzinfo=ZONE), False),
    "no hours": (None, datetime.combine(MONDAY, time(9, 0), ZONE), False),
    "nobody looked lately": (WEEK, datetime.combine(MONDAY, time(9, 0), ZONE), True),
}
PARTS: Final = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PART: Final = re.compile(r"\b(this|tomorrow|on (\w+day)) (morning|afternoon|evening)\b")
EXACT: Final = re.compile(r"(\d{1,2} \w+),? (?:at )?(\d\d:\d\d)")


@pytest.fixture(scope="module")
def flows() -> Flows:
    return assemble(read_definitions())


@pytest.fixture(scope="module")
def english() -> Translator:
    return load(CATALOGUES, ZONE, "GB")["en"]


@pytest.mark.parametrize("name", WORLDS)
def test_every_promise_on_every_screen_is_held_by_the_hours(flows: Flows, english: Translator, name: str) -> None:
    hours, _, _ = WORLDS[name]
    situation = world(name)
    said = {english.say(part) for screen in screens(flows, situation) for part in (*screen.paragraphs, *screen.below)}
    assert len(said) > 150
    assert [sentence for one in said for sentence in broken(one, hours, situation)] == []


def test_while_somebody_is_there_the_adult_and_the_day_are_told(flows: Flows, english: Translator) -> None:
    said = " ".join(
        english.say(part) for screen in screens(flows, world("open")) for part in (*screen.paragraphs, *screen.below)
    )
    for promised in ("go to an adult you trust: Ms Quill, Room 4.", "find you today", "this morning", "10:00"):
        assert promised in said


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Go to Ms Quill.", "closed at night"),
        ("Go to Room 4.", "no hours"),
        ("Someone is back tomorrow morning.", "no hours"),
        ("A grown-up will read it this afternoon.", "closed for the weekend"),
        ("We find you today.", "a holiday"),
        ("It is read by Saturday 28 November, 10:00.", "open"),
        ("It is read this morning.", "nobody looked lately"),
    ],
)
def test_the_look_at_a_sentence_finds_what_cannot_be_held(sentence: str, name: str) -> None:
    assert list(broken(sentence, WORLDS[name][0], world(name))) == [sentence]


def world(name: str) -> Situation:
    hours, now, slow = WORLDS[name]
    site = replace(SITE, contact=Contact("Ms Quill", "Nurse", "Room 4"))
    return Situation(now.astimezone(UTC), "en", "web", site, ROSTER, cover(hours, now), slow)


def broken(said: str, hours: Hours | None, situation: Situation) -> Iterator[str]:
    """Each sentence that promises somebody or a time that the hours do not hold."""
    for sentence in re.findall(r"[^.?!\n]+[.?!]?", said):
        if sentence.endswith("?"):
            continue
        named = "Ms Quill" in sentence or "Room 4" in sentence
        somebody = situation.cover.open_now or not named or "When Oak School is open" in sentence
        today = (situation.cover.open_now and not situation.slow) or "today" not in sentence
        if (
            not somebody
            or not today
            or not all(_held(times, hours, situation) for times in _times(sentence, situation))
        ):
            yield sentence.strip()


def _times(sentence: str, situation: Situation) -> Iterator[tuple[datetime, datetime]]:
    today = situation.now.astimezone(ZONE).date()
    for match in PART.finditer(sentence):
        ahead = {"this": 0, "tomorrow": 1}.get(match[1])
        if ahead is None:
            ahead = (WEEKDAYS.index(match[2]) - today.weekday()) % 7
        midnight = datetime.combine(today + timedelta(days=ahead), time(), ZONE)
        first, last = PARTS[match[3]]
        yield max(midnight + timedelta(hours=first), situation.now), midnight + timedelta(hours=last)
    for day, clock in EXACT.findall(sentence):
        at = datetime.strptime(f"{day} {today.year} {clock}", "%d %B %Y %H:%M").replace(tzinfo=ZONE)
        if at > situation.now:
            yield at - timedelta(minutes=1), at + timedelta(minutes=1)


def _held(times: tuple[datetime, datetime], hours: Hours | None, situation: Situation) -> bool:
    start, end = times
    minutes = range(int((end - start).total_seconds() // 60))
    return not situation.slow and any(cover(hours, start + timedelta(minutes=one)).open_now for one in minutes)


def screens(flows: Flows, situation: Situation) -> Iterator[Screen]:
    """Every screen that a reporter can be shown: the questions with each answer tapped, help, receipts, the rest."""
    for register in REGISTERS:
        yield from _of_register(flows, situation, register)
    found = help_for(flows, "I want to kill myself", situation)
    assert found is not None
    yield found
    yield from (opening(situation), opening(replace(situation, roster=())), languages(situation), more_screen())
    yield from (
        static_screens.welcome_back(),
        static_screens.nobody(situation),
        static_screens.privacy(situation),
        static_screens.neutral(),
        static_screens.closed(),
    )
    yield from (
        static_screens.tidy(words_shown=True),
        static_screens.tidied(situation, all_gone=True),
        static_screens.stop(),
        static_screens.stopped(),
    )
    yield from (talk_screens.over(), talk_screens.ask_words(), talk_screens.was_added(), talk_screens.unknown())
    yield talk_screens.doors(questions=True, notice=True, box=True)


def _of_register(flows: Flows, situation: Situation, register: Register) -> Iterator[Screen]:
    definition = flows.of_register(register)
    for draft in _drafts(flows, situation, register):
        for name, asked in definition.steps.items():
            here = replace(draft, cursor=name, sent=name not in definition.order)
            yield current(flows, here, situation)
            for heard in (Tapped(name, option.id) for option in asked.options):
                yield from step(flows, here, heard, situation).said
        for heard in (Pressed("-", "help"), Pressed("-", "enough"), Typed("I want to kill myself"), Typed("And more.")):
            yield from step(flows, replace(draft, sent=True, cursor=""), heard, situation).said
        yield help_screen(findable(situation, draft), register=register)
    for urgency in get_args(Urgency):
        hours = next(hours for hours, now, slow in WORLDS.values() if now == situation.now and slow == situation.slow)
        told = replace(situation, cover=cover(hours, situation.now, urgency)) if situation.cover.opens_at else situation
        for immediate in (True, False):
            yield receipt_screen(told, register, "a b c", None, immediate=immediate)
    recipients = [reader.lead for reader in situation.roster]
    yield current(flows, reopened(flows, register, situation, recipients=recipients), situation)


def _drafts(flows: Flows, situation: Situation, register: Register) -> Iterator[Draft]:
    """Drafts that every wording holds in: safe and not, about an adult here and not, about oneself and a friend."""
    draft = replace(begin(flows, register, situation), sent_at=situation.now)
    everything = flows.of_register(register).steps
    for safe, adult, who in (("yes", "no", "me"), ("no", "yes", "friend")):
        answers = {name: Wrote(("Something is wrong.",)) for name in ("C8", "P5", "SW")}
        chosen = {"C4": safe, "P3": {"yes": "no", "no": "yes"}.get(safe, safe), "C14": adult, "P8": adult, "SC": adult}
        own = {**answers, **{name: Chose((one,)) for name, one in {**chosen, "C6": who}.items()}}
        yield replace(draft, answers={name: one for name, one in own.items() if name in everything} or {"-": Skipped()})


def test_now_is_the_same_instant_in_both_worlds() -> None:
    assert WORLDS["open"][1].astimezone(UTC) == NOW
