"""What comes between without an alarm: blackmail, grooming, having no hope, not sure to be safe. Then it goes on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.conversation.danger import help_for
from flows.conversation.engine import current, step
from flows.drafts.rulebook import Flows
from flows.screens import copy as say_
from flows.screens.help import help_screen
from flows.screens.receipt import read_by
from flows.screens.welcome import begin
from flows.values.deeds import AddMessage
from flows.values.draft import Draft
from flows.values.ids import Register
from flows.values.inputs import Heard, Pressed, Tapped, Typed
from flows.values.screen import Screen
from flows.values.situation import Cover, Helpline, Situation

Say = Callable[[Screen], str]
BLACKMAIL = "someone has a nude pic of me and says he will send it to everyone unless i pay"
GROOMING = "a man on roblox wants to meet me"
NO_HOPE = "i cant do this any more"
WORRIED = ("We are worried", "We may not read this straight away")
LINES = (
    Helpline("For children", "1", "", "", verified=True, audience="child"),
    Helpline("For adults", "2", "", "", verified=True, audience="adult"),
    Helpline("For all", "3", "", "", verified=True),
)


@pytest.fixture
def world(situation: Situation) -> Situation:
    """A country with lines for children, for adults and for all, and two places that take pictures down."""
    places = (
        Helpline("Report Remove", "", "example.org/remove", "", verified=True),
        Helpline("Take It Down", "", "example.org/down", "", verified=False),
    )
    return replace(situation, site=replace(situation.site, helplines=LINES, takedown=places))


def said_to(flows: Flows, world: Situation, register: Register, *heard: Heard) -> tuple[Draft, Screen]:
    draft = begin(flows, register, world)
    outcome = None
    for one in heard:
        outcome = step(flows, draft, one, world)
        assert outcome.draft is not None
        draft = outcome.draft
    assert outcome is not None
    return draft, outcome.said[-1] if outcome.said else Screen(())


@pytest.mark.parametrize("register", ["under_12", "12_17"])
@pytest.mark.parametrize(
    ("words", "first", "urgency"),
    [
        (BLACKMAIL, "This is not your fault.", "immediate"),
        (GROOMING, "You did nothing wrong.", "same_day"),
        (NO_HOPE, "You do not have to carry this alone.", "same_day"),
        ("dice que va a mandar mi foto a todos si no le pago", "This is not your fault.", "immediate"),
        ("واحد يبتزني بصوري", "This is not your fault.", "immediate"),
    ],
)
def test_each_has_its_card_with_who_listens_first_and_then_it_goes_on(
    flows: Flows, world: Situation, say: Say, register: Register, words: str, first: str, urgency: str
) -> None:
    opened = (Tapped("C5", "no"), Tapped("C3", "ok"), Tapped("C4", "yes"))
    draft, card = said_to(flows, world, register, *opened, Typed(words))
    shown = say(card)
    assert first in shown
    assert not any(alarm in shown for alarm in WORRIED)
    assert shown.index(first) < shown.index("For children: 1") < shown.index("999")
    assert draft.urgency == urgency
    assert current(flows, draft, world) == card, "after a restart it is the same card"
    going_on = step(flows, draft, Pressed("-", "carry_on"), world)
    assert "what is worrying you" in say(going_on.said[-1])
    assert going_on.draft is not None
    again = step(flows, going_on.draft, Typed("he wrote again"), world)
    assert first not in say(again.said[-1]), "once a trigger"


def test_only_blackmail_names_where_pictures_are_taken_down(flows: Flows, world: Situation, say: Say) -> None:
    _, blackmailed = said_to(flows, world, "12_17", Typed(BLACKMAIL))
    _, groomed = said_to(flows, world, "12_17", Typed(GROOMING))
    assert "Report Remove: example.org/remove" in say(blackmailed)
    assert "Take It Down: example.org/down (we could not check this address)" in say(blackmailed)
    assert "Report Remove" not in say(groomed)


def test_no_hope_makes_the_conversation_ask_about_dying(flows: Flows, world: Situation) -> None:
    opened = (Tapped("C5", "no"), Tapped("C3", "ok"), Tapped("C4", "yes"), Typed(NO_HOPE), Pressed("-", "carry_on"))
    draft, _ = said_to(
        flows,
        world,
        "12_17",
        *opened,
        Pressed("C8", "done"),
        Tapped("C14", "no"),
        Pressed("CR", "send"),
        Tapped("C6", "me"),
    )
    assert draft.cursor == "C15"


@pytest.mark.parametrize("register", ["parent", "staff"])
def test_adults_are_told_of_the_child(flows: Flows, world: Situation, say: Say, register: Register) -> None:
    _, card = said_to(flows, world, register, Typed("someone is trying to blackmail my son with a video"))
    assert "The child is not to blame." in say(card)
    assert "not your fault" not in say(card)


def test_with_an_alarm_as_well_the_alarm_is_shown_and_both_are_said(flows: Flows, world: Situation, say: Say) -> None:
    _, screen = said_to(flows, world, "12_17", Typed(f"{BLACKMAIL}. I want to kill myself"))
    assert WORRIED[0] in say(screen)
    assert "This is not your fault." in say(screen)
    assert say(screen).index("999") < say(screen).index("Report Remove")


@pytest.mark.parametrize(("answer", "alarm"), [("no", True), ("not_sure", False)])
def test_not_sure_to_be_safe_is_no_alarm(flows: Flows, world: Situation, say: Say, *, answer: str, alarm: bool) -> None:
    draft, screen = said_to(flows, world, "12_17", Tapped("C5", "no"), Tapped("C3", "ok"), Tapped("C4", answer))
    shown = say(screen)
    assert (WORRIED[0] in shown) is alarm
    assert (shown.index("999") < shown.index("For children")) is alarm
    assert draft.urgency == ("immediate" if alarm else "same_day")


def test_words_after_sending_have_the_card_and_call_the_leads(flows: Flows, world: Situation, say: Say) -> None:
    opened = (Tapped("C5", "no"), Tapped("C3", "ok"), Tapped("C4", "yes"), Typed("He is mean."), Pressed("C8", "done"))
    draft, _ = said_to(flows, world, "12_17", *opened, Tapped("C14", "no"))
    sent = step(flows, draft, Pressed("CR", "send"), world).draft
    assert sent is not None
    talk = step(flows, sent, Pressed("-", "enough"), world).draft
    assert talk is not None
    outcome = step(flows, talk, Typed(BLACKMAIL), world)
    (deed,) = outcome.deeds
    assert isinstance(deed, AddMessage)
    assert (deed.urgency, deed.page) == ("immediate", True)
    assert "This is not your fault." in say(outcome.said[-1])


@pytest.mark.parametrize(("words", "first"), [(BLACKMAIL, "This is not your fault."), (NO_HOPE, "carry this alone")])
def test_before_anybody_says_who_is_writing_the_card_is_shown_too(
    flows: Flows, world: Situation, say: Say, words: str, first: str
) -> None:
    card = help_for(flows, words, world)
    assert card is not None
    assert first in say(card)
    assert WORRIED[0] not in say(card)


@pytest.mark.parametrize(
    ("register", "told"),
    [
        ("under_12", ["For children", "For all"]),
        ("12_17", ["For children", "For all"]),
        ("parent", ["For adults", "For all", "For children"]),
        ("staff", ["children's team", "For adults", "For all", "For children"]),
        (None, ["For children", "For adults", "For all"]),
    ],
)
def test_the_lines_are_those_for_whoever_is_writing(
    world: Situation, say: Say, register: Register | None, told: list[str]
) -> None:
    shown = say(help_screen(world, worried=False, register=register))
    assert shown.index("999") < shown.index("For all")
    found = [name for name in ("children's team", "For adults", "For all", "For children") if name in shown]
    assert sorted(found, key=shown.index) == told


def test_a_country_with_lines_for_adults_alone_tells_children_of_those(world: Situation, say: Say) -> None:
    only = replace(world, site=replace(world.site, helplines=LINES[1:2]))
    assert "For adults: 2" in say(help_screen(only, worried=False, register="under_12"))


def test_what_is_immediate_has_no_office_hours(world: Situation) -> None:
    closed = replace(world, cover=Cover(open_now=False, read_by=world.now, opens_at=world.now))
    assert read_by(closed, immediate=True) == say_.TRYING_NOW
    assert read_by(closed).msgid == "Nobody is reading just now. An adult will read it {when}."
    assert read_by(world, immediate=True).msgid == "An adult will read it {when}."
