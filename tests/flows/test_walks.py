"""Whatever a person does, at any moment: no error, a way forward, help, and no danger forgotten."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.conversation.engine import current, offered, step
from flows.conversation.results import StepResult
from flows.drafts.rulebook import Flows
from flows.drafts.scene import words
from flows.screens.buttons import Asked, heard_from, rank, roster_hash
from flows.screens.receipt import receipt_screen
from flows.screens.welcome import begin
from flows.values.deeds import AddMessage, Deed, SendConcern
from flows.values.draft import Draft, Wrote, dump, new_sitting, parse
from flows.values.ids import Register, Urgency
from flows.values.inputs import Changed, Heard, Key, Pressed, Sent, Struck, Tapped, Typed
from flows.values.screen import Press, Screen
from flows.values.situation import Situation

REGISTERS: tuple[Register, ...] = get_args(Register)
ORDER: tuple[Urgency, ...] = ("routine", "soon", "same_day", "immediate")
WORDS = ["yes", "he hurts me", "I want to kill myself", "it was a joke", " ", "Mr Bell", "🙂", "x" * 3000]
KINDS = ["sticker", "voice", "photo", "video", "document", "location", "contact", "other"]


@dataclass(frozen=True)
class Move:
    """One thing that a person does: a button of the screen by number, or anything else at all.

    `on` is what leads on: the first button, or words where the first button is Done and none were written.
    """

    button: int | None = None
    other: Heard | None = None
    on: bool = False


anything = st.one_of(
    st.sampled_from(WORDS).map(Typed),
    st.sampled_from(KINDS).map(Sent),  # type: ignore[arg-type]
    st.builds(Pressed, st.sampled_from(["C8", "CR", "C10", "record", "gone", "-"]), st.sampled_from(get_args(Key))),
    st.builds(Tapped, st.sampled_from(["C4", "C10", "CR", "record", "gone"]), st.sampled_from(["no", "g.hurt", "S4"])),
    st.builds(Struck, st.sampled_from(["00000000"]), st.one_of(st.none(), st.integers(0, 9))),
    st.builds(Changed, st.sampled_from(["C4", "C8", "SW", "gone"])),
)
moves = st.one_of(st.integers(0, 12).map(lambda n: Move(button=n)), anything.map(lambda one: Move(other=one)))
forward = st.just(Move(on=True))
wrote = st.sampled_from(WORDS).map(lambda text: Move(other=Typed(text)))
walks = st.lists(st.one_of(forward, moves, wrote), min_size=5, max_size=60)
starts = st.sampled_from(["start", "readers", "sent"])
careful = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@careful
@given(register=st.sampled_from(REGISTERS), start=starts, walk=walks)
def test_any_walk_keeps_every_promise(
    flows: Flows, situation: Situation, register: Register, start: str, walk: list[Move]
) -> None:
    draft = begin(flows, register, situation) if start == "start" else _at_the_readers(flows, situation, register)
    screen = current(flows, draft, situation)
    for move in [*([Move(button=0)] if start == "sent" else []), *walk]:
        draft = parse(dump(draft))
        heard = _heard(screen, move, draft)
        outcome = step(flows, draft, heard, situation)
        _promises_hold(draft, outcome, situation)
        _words_are_kept(draft, heard, outcome.deeds)
        _words_are_added(flows, draft, heard, outcome.draft)
        if outcome.draft is None:
            return
        draft = outcome.draft
        _is_usable(current(flows, draft, situation))
        offered(flows, draft, situation)
        screen = outcome.said[-1] if outcome.said else receipt_screen(situation, register, "a b c", None)


def _heard(screen: Screen, move: Move, draft: Draft) -> Heard:
    if move.other is not None:
        return move.other
    buttons = [button for row in screen.rows for button in row if isinstance(button, Press)]
    heard = heard_from(buttons[(move.button or 0) % len(buttons)].data)
    assert heard is not None
    if move.on and isinstance(heard, Pressed) and heard.key == "done" and draft.cursor not in draft.answers:
        return Typed("Something is wrong.")
    return Pressed("-", "carry_on") if isinstance(heard, Asked) else heard  # type: ignore[return-value]


def _promises_hold(draft: Draft, outcome: StepResult, situation: Situation) -> None:
    for deed in outcome.deeds:
        _deed_is_sound(deed, draft)
    if not any(isinstance(deed, SendConcern) for deed in outcome.deeds):
        assert outcome.said
    for screen in outcome.said:
        _is_usable(screen)
    if outcome.draft is not None:
        assert outcome.draft.raised >= draft.raised
        assert outcome.draft.fired >= draft.fired
        assert ORDER.index(outcome.draft.urgency) >= ORDER.index(draft.urgency)
        assert outcome.draft.touched == situation.now


def _deed_is_sound(deed: Deed, draft: Draft) -> None:
    if isinstance(deed, SendConcern):
        assert deed.rungs
        assert all(deed.rungs)
        readers = {lead for rung in deed.rungs for lead in rung}
        assert not readers & draft.struck
        assert not readers & set(deed.excluded)
        assert set(deed.rules) >= draft.raised
        assert ORDER.index(deed.urgency) >= ORDER.index(draft.urgency)


def _words_are_kept(draft: Draft, heard: Heard, deeds: tuple[Deed, ...]) -> None:
    """What was written is sent, every word of it; afterwards each message is appended at once, by itself."""
    given = [text for deed in deeds for text in _texts(deed)]
    if any(isinstance(deed, SendConcern) for deed in deeds):
        written = [text for answer in draft.answers.values() if isinstance(answer, Wrote) for text in answer.words]
        assert written
        assert sorted(given) == sorted(written)
    elif not draft.sent:
        assert deeds == ()
    elif isinstance(heard, Typed) and heard.text.strip():
        assert given == [heard.text]


def _words_are_added(flows: Flows, draft: Draft, heard: Heard, after: Draft | None) -> None:
    """A message at a question that takes words is added to those before it, and takes none of them away."""
    asked = flows.definitions[draft.definition].steps.get(draft.cursor)
    if after is not None and asked is not None and asked.kind == "words" and isinstance(heard, Typed):
        assert sorted(words(after)) == sorted([*words(draft), *([heard.text] if heard.text.strip() else [])])


def _texts(deed: Deed) -> tuple[str, ...]:
    if isinstance(deed, AddMessage):
        return (deed.text,)
    shown = deed.answers if isinstance(deed, SendConcern) else (deed.answered,)
    return tuple(text for one in shown if isinstance(one.answer, Wrote) for text in one.answer.words)


def _is_usable(screen: Screen) -> None:
    """Something is said, the first button goes somewhere, and help is one tap away."""
    assert screen.paragraphs
    assert all(text.msgid for text in screen.paragraphs)
    first = screen.rows[0][0]
    assert isinstance(first, Press)
    buttons = [button for row in screen.rows for button in row if isinstance(button, Press)]
    assert all(heard_from(button.data) is not None for button in buttons)
    assert any(button.data in {"k:-:help", "x:help"} for button in buttons)
    assert [rank(button.data) for button in buttons].count("main") <= 1


@pytest.mark.parametrize("register", REGISTERS)
def test_the_first_button_and_some_words_lead_to_a_receipt_within_eight_screens(
    flows: Flows, situation: Situation, register: Register
) -> None:
    """As a driver goes that knows nothing of the wording: it types where the first button asks again."""
    draft = begin(flows, register, situation)
    screen, screens, before = current(flows, draft, situation), 2, None
    for _ in range(12):
        heard = heard_from(screen.rows[0][0].data)  # type: ignore[union-attr]
        again = heard == before
        outcome = step(flows, draft, Typed("Something is wrong.") if again else heard, situation)  # type: ignore[arg-type]
        if any(isinstance(deed, SendConcern) for deed in outcome.deeds):
            assert screens + 1 <= 8
            return
        assert outcome.draft is not None
        moved_on = outcome.draft.cursor != draft.cursor
        draft, screen, screens, before = outcome.draft, outcome.said[-1], screens + moved_on, None if again else heard
    raise AssertionError("no receipt")


@careful
@given(register=st.sampled_from(REGISTERS), struck=st.frozensets(st.integers(0, 4)))
def test_whoever_is_struck_is_in_no_rung(
    flows: Flows, situation: Situation, register: Register, struck: frozenset[int]
) -> None:
    draft = _at_the_readers(flows, situation, register)
    for index in struck:
        draft = _after(step(flows, draft, Struck(roster_hash(situation.roster), index), situation))
    outcome = step(flows, draft, Pressed(draft.cursor, "send"), situation)
    sent = [deed for deed in outcome.deeds if isinstance(deed, SendConcern)]
    gone = {situation.roster[index].lead for index in struck}
    for deed in sent:
        assert deed.rungs
        assert not gone & {lead for rung in deed.rungs for lead in rung}
    if len(struck) == len(situation.roster):
        assert not sent


def _at_the_readers(flows: Flows, situation: Situation, register: Register) -> Draft:
    draft = begin(flows, register, situation)
    for _ in range(12):
        screen = current(flows, draft, situation)
        heard = heard_from(screen.rows[0][0].data)  # type: ignore[union-attr]
        if isinstance(heard, Pressed) and heard.key == "send":
            return draft
        if isinstance(heard, Pressed) and heard.key == "done":
            draft = _after(step(flows, draft, Typed("Something is wrong."), situation))
        draft = _after(step(flows, draft, heard, situation))  # type: ignore[arg-type]
    raise AssertionError("no readers")


def _after(outcome: StepResult) -> Draft:
    assert outcome.draft is not None
    return outcome.draft


@careful
@given(register=st.sampled_from(REGISTERS), walk=walks)
def test_nothing_of_an_earlier_sitting_is_shown_again(
    flows: Flows, situation: Situation, say: Callable[[Screen], str], register: Register, walk: list[Move]
) -> None:
    draft = _at_the_readers(flows, situation, register)
    words = {step_id for step_id in draft.answers if step_id in {"C8", "P5", "SW"}}
    assert words
    later = new_sitting(draft, replace(situation, language="en"))
    for move in [Move(other=Pressed(later.cursor, "review")), *walk]:
        screen = current(flows, later, situation)
        outcome = step(flows, later, _heard(screen, move, later), situation)
        if outcome.draft is None or outcome.deeds:
            return
        later = outcome.draft
        for shown in outcome.said:
            assert "Something is wrong." not in say(shown)
