"""What a person meets on the way: kind words, help that comes between, changing, leaving people out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.conversation.answers import CROWDED, FULL
from flows.conversation.danger import help_for
from flows.conversation.engine import current, may_wait, more_questions, offered, reworded, step
from flows.conversation.results import StepResult
from flows.drafts.rulebook import Flows
from flows.drafts.trusted_adult import findable
from flows.screens import copy as say_
from flows.screens.buttons import roster_hash
from flows.screens.receipt import receipt_screen
from flows.screens.welcome import begin, opening, reopened
from flows.values.deeds import AddAnswer, AddMessage, SendConcern
from flows.values.draft import Chose, Draft, Skipped, Wrote, is_quiet, new_sitting
from flows.values.ids import LeadId, Register
from flows.values.inputs import Changed, Heard, Pressed, Sent, Struck, Tapped, Typed
from flows.values.screen import Screen
from flows.values.situation import Contact, Situation

Say = Callable[[Screen], str]
DYING = "I want to kill myself"


@pytest.fixture
def hear(flows: Flows, situation: Situation) -> Callable[..., Draft]:
    """The draft after several inputs, none of which may end it."""

    def after(draft: Draft, *heard: Heard) -> Draft:
        for one in heard:
            outcome = step(flows, draft, one, situation)
            assert outcome.draft is not None
            draft = outcome.draft
        return draft

    return after


@pytest.fixture
def child(flows: Flows, situation: Situation) -> Draft:
    return begin(flows, "12_17", situation)


@pytest.fixture
def to_tell(hear: Callable[..., Draft], child: Draft) -> Draft:
    return hear(child, Tapped("C5", "no"), Tapped("C3", "ok"), Tapped("C4", "yes"))


@pytest.fixture
def to_readers(hear: Callable[..., Draft], to_tell: Draft) -> Draft:
    return hear(to_tell, Typed("They took my bag."), Pressed("C8", "done"), Tapped("C14", "no"))


@pytest.fixture
def sent(hear: Callable[..., Draft], to_readers: Draft) -> Draft:
    return hear(to_readers, Pressed("CR", "send"))


def test_the_first_screen_offers_four_registers_then_languages(situation: Situation) -> None:
    rows = opening(situation).rows
    assert [row[0].data for row in rows[:4]] == ["g:under_12", "g:12_17", "g:parent", "g:staff"]  # type: ignore[union-attr]
    assert [button.label for button in rows[4]] == ["English", "Español"]


def test_where_nobody_can_read_it_is_said_before_the_first_question(
    known_by: Callable[..., Situation], say: Say
) -> None:
    shown = say(opening(known_by(roster=())))
    assert "Nobody here can read messages" in shown
    assert "0800 1111" in shown
    assert "0123 456" in shown
    assert "Who is writing" not in shown
    assert say_.TALK_TO.msgid in shown  # "also", after the contacts outside
    assert say_.TALK_TO.msgid not in say(opening(known_by(roster=(), outside=())))


def test_the_adult_to_find_is_nobody_who_was_left_out_or_is_named(
    flows: Flows, situation: Situation, to_readers: Draft, say: Say
) -> None:
    def helped(draft: Draft) -> str:
        return say(step(flows, draft, Pressed(draft.cursor, "help"), situation).said[-1])

    assert "an adult you trust: Ms Rao, Room 4." in helped(to_readers)
    struck = replace(to_readers, struck=frozenset({LeadId("rao")}))
    named = replace(to_readers, answers={**to_readers.answers, "C8": Wrote(("Ms Rao hits me",))})
    for draft in (struck, named):
        assert "Ms Rao" not in helped(draft)
        assert "go to an adult you trust who does not work at Oak School." in helped(draft)
        assert "0800 1111" in helped(draft)
        assert "0123 456" in helped(draft)


@pytest.mark.parametrize(
    ("register", "asked"), [("under_12", "C14"), ("12_17", "C14"), ("parent", "P8"), ("staff", "SC")]
)
@pytest.mark.parametrize("adult", ["yes", "not_sure"])
def test_about_an_adult_here_nobody_of_the_site_is_named_who_does_not_read_it(
    flows: Flows, situation: Situation, say: Say, register: Register, asked: str, adult: str
) -> None:
    """Ms Rao, whom the site names as the adult to find, is a deputy: then the head and the chair read it."""
    draft = replace(begin(flows, register, situation), answers={asked: Chose((adult,))})
    helped = say(step(flows, draft, Pressed(draft.cursor, "help"), situation).said[-1])
    receipt = receipt_screen(findable(situation, draft), register, "a b", None)
    for shown in (helped, say(replace(receipt, paragraphs=receipt.below))):
        assert "Ms Rao" not in shown
        assert "who does not work at Oak School." in shown
        assert "The council's children's team 0123 456" in shown
    reads = replace(situation, site=replace(situation.site, contact=Contact("Mrs Okafor", "", "Room 1")))
    assert "Mrs Okafor, Room 1." in say(step(flows, draft, Pressed(draft.cursor, "help"), reads).said[-1])


@pytest.mark.parametrize(
    ("words", "urgency", "page"),
    [("he is hitting me right now", "immediate", True), (DYING, "same_day", True), ("And my coat.", None, False)],
)
def test_words_of_danger_after_sending_page_and_say_how_urgent_they_are_however_urgent_it_was_before(
    flows: Flows,
    situation: Situation,
    hear: Callable[..., Draft],
    sent: Draft,
    *,
    words: str,
    urgency: str | None,
    page: bool,
) -> None:
    talk = hear(sent, Pressed("-", "enough"))
    held = replace(talk, urgency="immediate", raised=frozenset(rule.id for rule in flows.rules))
    (deed,) = step(flows, held, Typed(words), situation).deeds
    assert isinstance(deed, AddMessage)
    assert (deed.urgency, deed.page) == (urgency, page)


@pytest.mark.parametrize("words", ["Ms Rao did it again. I want to kill myself", "It was Ms Rao."])
def test_whom_a_message_after_sending_names_is_not_the_adult_to_find_from_then_on(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], sent: Draft, say: Say, words: str
) -> None:
    talk = hear(sent, Pressed("-", "enough"))
    assert "Ms Rao" in say(step(flows, talk, Pressed("-", "help"), situation).said[-1])
    outcome = step(flows, talk, Typed(words), situation)
    assert "Ms Rao" not in say(outcome.said[-1])
    assert outcome.draft is not None
    assert "Ms Rao" not in say(step(flows, outcome.draft, Pressed("-", "help"), situation).said[-1])
    leads = [reader.lead for reader in situation.roster]
    left = [lead for lead in leads if lead != "rao"]
    for recipients, messages, there in ((leads, (), True), (leads, (words,), False), (left, (), False)):
        again = reopened(flows, "12_17", situation, recipients=recipients, messages=messages)
        assert ("Ms Rao" in say(step(flows, again, Pressed("-", "help"), situation).said[-1])) is there


def test_words_of_danger_before_any_question_bring_no_adult_whom_they_name(
    flows: Flows, situation: Situation, say: Say
) -> None:
    for words, there in ((DYING, True), (f"{DYING}, Ms Rao hits me", False)):
        found = help_for(flows, words, situation)
        assert found is not None
        assert ("Ms Rao" in say(found)) is there


def test_a_practice_site_says_so_on_its_first_screen(known_by: Callable[..., Situation], say: Say) -> None:
    assert say_.PRACTICE.msgid in say(opening(known_by(practice=True)))


def test_telegram_is_named_only_on_telegram(flows: Flows, known_by: Callable[..., Situation], say: Say) -> None:
    for door, named in (("telegram", True), ("web", False)):
        situation = known_by(door=door)
        draft = replace(begin(flows, "12_17", situation), cursor="C3")
        draft = replace(draft, answers={"C5": Chose(("no",))})
        assert ("Telegram can read this chat." in say(current(flows, draft, situation))) is named


def test_wording_goes_by_age(flows: Flows, situation: Situation, say: Say) -> None:
    assert "grown-up" in say(current(flows, begin(flows, "under_12", situation), situation)).casefold()
    assert "grown-up" not in say(current(flows, begin(flows, "12_17", situation), situation)).casefold()


def test_tell_me_more_says_more_and_asks_again(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], child: Draft, say: Say
) -> None:
    limits = hear(child, Tapped("C5", "no"))
    outcome = step(flows, limits, Tapped("C3", "more"), situation)
    assert outcome.draft is not None
    assert outcome.draft.cursor == "C3"
    assert "You can leave any of them out." in say(outcome.said[-1])
    assert "[OK]" in say(outcome.said[-1])


def test_stop_keeps_nothing(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], child: Draft, say: Say
) -> None:
    outcome = step(flows, hear(child, Tapped("C5", "no")), Tapped("C3", "stop"), situation)
    assert outcome.draft is None
    assert outcome.deeds == ()
    assert "nothing is kept" in say(outcome.said[-1])


def test_words_come_over_several_messages_and_done(hear: Callable[..., Draft], to_tell: Draft) -> None:
    draft = hear(to_tell, Typed("One."), Typed("Two."), Pressed("C8", "done"))
    assert draft.answers["C8"] == Wrote(("One.", "Two."))
    assert draft.cursor == "C14"


def test_done_without_words_asks_kindly_again(flows: Flows, situation: Situation, to_tell: Draft, say: Say) -> None:
    outcome = step(flows, to_tell, Pressed("C8", "done"), situation)
    assert outcome.draft is not None
    assert outcome.draft.cursor == "C8"
    assert say_.WORDS_PLEASE.msgid in say(outcome.said[-1])


def test_a_typed_answer_that_matches_a_choice_is_taken(flows: Flows, situation: Situation, child: Draft) -> None:
    labels = {label.msgid: option for option, label in offered(flows, child, situation)[0]}
    outcome = step(flows, child, Typed("no", matches=(labels["No"],)), situation)
    assert outcome.draft is not None
    assert outcome.draft.answers["C5"] == Chose(("no",))


def test_text_that_matches_no_choice_gets_a_kind_word_and_the_question_again(
    flows: Flows, situation: Situation, child: Draft, say: Say
) -> None:
    outcome = step(flows, child, Typed("hello there"), situation)
    assert outcome.draft is not None
    assert outcome.draft.answers == {}
    assert say_.TAP_PLEASE.msgid in say(outcome.said[-1])
    assert "[Not sure]" in say(outcome.said[-1])


@pytest.mark.parametrize(
    "case",
    [("sticker", "only read words"), ("voice", "listen"), ("document", "files"), ("photo", "never send")],
)
def test_what_is_not_text_gets_a_kind_word_and_the_question_again(
    flows: Flows, situation: Situation, to_tell: Draft, say: Say, case: tuple[str, str]
) -> None:
    kind, word = case
    outcome = step(flows, to_tell, Sent(kind), situation)  # type: ignore[arg-type]
    assert word in say(outcome.said[-1])
    assert "Tell us what is worrying you." in say(outcome.said[-1])
    assert outcome.draft is not None
    assert outcome.draft.answers == to_tell.answers


@pytest.mark.parametrize(
    "old",
    [
        Tapped("C5", "yes"),
        Tapped("gone", "x"),
        Pressed("C5", "done"),
        Changed("C5"),
        Struck("00000000", 0),
        Tapped("C8", "x"),
    ],
)
def test_an_old_button_changes_nothing(
    flows: Flows, situation: Situation, to_tell: Draft, say: Say, old: Heard
) -> None:
    outcome = step(flows, to_tell, old, situation)
    assert outcome.draft == to_tell
    assert say_.OLD_SCREEN.msgid in say(outcome.said[-1])
    assert "Tell us what is worrying you." in say(outcome.said[-1])


def test_back_keeps_the_answer_and_going_on_asks_what_is_open(hear: Callable[..., Draft], to_tell: Draft) -> None:
    back = hear(to_tell, Pressed("C8", "back"))
    assert back.cursor == "C4"
    assert back.answers == to_tell.answers
    assert hear(back, Tapped("C4", "yes")).cursor == "C8"


def test_skip_is_there_only_where_it_is_allowed(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], to_tell: Draft, say: Say
) -> None:
    assert "[Skip]" not in say(current(flows, to_tell, situation))
    adult = hear(to_tell, Typed("x"), Pressed("C8", "done"))
    assert "[Skip]" in say(current(flows, adult, situation))
    assert hear(adult, Pressed("C14", "skip")).answers["C14"] == Skipped()


def test_how_far_along_it_is_stands_on_every_question(
    flows: Flows, situation: Situation, child: Draft, to_readers: Draft, say: Say
) -> None:
    assert "2/8" in say(current(flows, child, situation))
    assert "7/8" in say(current(flows, to_readers, situation))


@pytest.mark.parametrize("answer", ["no", "not_sure"])
def test_not_safe_shows_help_once_and_then_goes_on(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], say: Say, answer: str
) -> None:
    child = begin(flows, "12_17", situation)
    asked = hear(child, Tapped("C5", "no"), Tapped("C3", "ok"))
    outcome = step(flows, asked, Tapped("C4", answer), situation)
    shown = say(outcome.said[-1])
    assert outcome.draft is not None
    assert "999" in shown
    assert "0800 1111" in shown
    assert "could not check" in shown
    assert "Ms Rao, Room 4" in shown
    assert current(flows, outcome.draft, situation) == outcome.said[-1]
    going_on = step(flows, outcome.draft, Pressed("-", "carry_on"), situation)
    assert going_on.draft is not None
    assert going_on.draft.cursor == "C8"
    assert "tell us your name or class" in say(going_on.said[-1])
    again = hear(going_on.draft, Pressed("C8", "back"))
    assert not hear(again, Tapped("C4", answer)).interrupted


def test_safe_again_never_lowers(flows: Flows, situation: Situation, hear: Callable[..., Draft], child: Draft) -> None:
    unsafe = hear(child, Tapped("C5", "no"), Tapped("C3", "ok"), Tapped("C4", "no"))
    safe = hear(unsafe, Pressed("C8", "back"), Tapped("C4", "yes"))
    assert safe.urgency == "immediate"
    done = hear(safe, Typed("It was a joke."), Pressed("C8", "done"), Tapped("C14", "no"))
    (deed,) = step(flows, done, Pressed("CR", "send"), situation).deeds
    assert isinstance(deed, SendConcern)
    assert deed.urgency == "immediate"
    assert "R1" in deed.rules


def test_a_crisis_phrase_shows_help_at_any_question_and_is_kept(
    flows: Flows, situation: Situation, child: Draft, say: Say, hear: Callable[..., Draft]
) -> None:
    outcome = step(flows, child, Typed(DYING), situation)
    assert outcome.draft is not None
    assert "999" in say(outcome.said[-1])
    assert "R17" in outcome.draft.raised
    draft = hear(
        outcome.draft, Tapped("C5", "no"), Tapped("C3", "ok"), Tapped("C4", "yes"), Typed("x"), Pressed("C8", "done")
    )
    draft = hear(draft, Tapped("C14", "no"))
    (deed,) = step(flows, draft, Pressed("CR", "send"), situation).deeds
    assert isinstance(deed, SendConcern)
    assert DYING in [text for one in deed.answers if isinstance(one.answer, Wrote) for text in one.answer.words]


def test_help_is_shown_at_any_time_and_carries_on_where_one_was(
    flows: Flows, situation: Situation, to_tell: Draft, say: Say
) -> None:
    outcome = step(flows, to_tell, Pressed("-", "help"), situation)
    assert "999" in say(outcome.said[-1])
    assert outcome.draft is not None
    on = step(flows, outcome.draft, Pressed("-", "carry_on"), situation)
    assert on.draft == to_tell
    assert "Tell us what is worrying you." in say(on.said[-1])


def test_words_written_while_help_is_shown_are_taken(hear: Callable[..., Draft], to_tell: Draft) -> None:
    draft = hear(to_tell, Pressed("-", "help"), Typed("He is coming."))
    assert draft.answers["C8"] == Wrote(("He is coming.",))


def test_words_of_danger_before_any_question_show_help(flows: Flows, situation: Situation) -> None:
    assert help_for(flows, DYING, situation) is not None
    assert help_for(flows, "hello", situation) is None


def test_more_shows_the_rest_and_changes_nothing(flows: Flows, situation: Situation, to_tell: Draft, say: Say) -> None:
    outcome = step(flows, to_tell, Pressed("C8", "more"), situation)
    assert outcome.draft == to_tell
    for label in ("Carry on", "Leave quickly", "Start again", "Languages", "Privacy", "Help now"):
        assert f"[{label}]" in say(outcome.said[-1])


def test_readers_are_named_with_their_jobs_and_can_be_left_out_and_put_back(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], to_readers: Draft, say: Say
) -> None:
    shown = say(current(flows, to_readers, situation))
    assert shown.index("[Send it to") < shown.index("[✓ Mr Bell · Safeguarding lead]")
    struck = hear(to_readers, Struck(roster_hash(situation.roster), 0))
    assert "[✗ Mr Bell · Safeguarding lead]" in say(current(flows, struck, situation))
    assert hear(struck, Struck(roster_hash(situation.roster), 0)) == to_readers


def test_if_nobody_remains_nothing_is_sent_and_strikes_can_be_undone(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], to_readers: Draft, say: Say
) -> None:
    everyone = [Struck(roster_hash(situation.roster), index) for index in range(len(situation.roster))]
    alone = hear(to_readers, *everyone)
    outcome = step(flows, alone, Pressed("CR", "send"), situation)
    shown = say(outcome.said[-1])
    assert outcome.deeds == ()
    assert outcome.draft == alone
    assert "0123 456" in shown
    assert "0800 1111" in shown
    assert "Tap a name to put that person back." in shown
    back = hear(alone, Struck(roster_hash(situation.roster), 0))
    (deed,) = step(flows, back, Pressed("CR", "send"), situation).deeds
    assert isinstance(deed, SendConcern)
    assert {lead for rung in deed.rungs for lead in rung} == {situation.roster[0].lead}


def test_an_answer_can_be_changed_before_sending(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], to_readers: Draft, say: Say
) -> None:
    review = step(flows, to_readers, Pressed("CR", "review"), situation)
    assert "They took my bag." in say(review.said[-1])
    asked = hear(to_readers, Changed("C14"))
    assert asked.cursor == "C14"
    changed = hear(asked, Tapped("C14", "not_sure"))
    assert changed.cursor == "CR"
    assert changed.answers["C14"] == Chose(("not_sure",))


def test_words_can_be_taken_back_and_written_again(hear: Callable[..., Draft], to_readers: Draft) -> None:
    asked = hear(to_readers, Changed("C8"), Pressed("C8", "again"))
    assert "C8" not in asked.answers
    written = hear(asked, Typed("They took my coat."), Pressed("C8", "done"))
    assert written.cursor == "CR"
    assert written.answers["C8"] == Wrote(("They took my coat.",))


def test_an_edited_message_replaces_its_words(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], to_tell: Draft
) -> None:
    draft = hear(to_tell, Typed("One."), Typed("Two."))
    outcome = reworded(flows, draft, situation, step="C8", index=1, text=DYING)
    assert outcome.draft is not None
    assert outcome.draft.answers["C8"] == Wrote(("One.", DYING))
    assert outcome.draft.interrupted


def test_coming_back_shows_nothing_of_before(flows: Flows, situation: Situation, to_readers: Draft, say: Say) -> None:
    later = replace(situation, now=situation.now + timedelta(minutes=10))
    assert is_quiet(to_readers, later)
    assert not is_quiet(to_readers, replace(situation, now=situation.now + timedelta(minutes=9)))
    review = step(flows, new_sitting(to_readers, later), Pressed("CR", "review"), later)
    assert "They took my bag." not in say(review.said[-1])
    assert "saved, not shown" in say(review.said[-1])


def test_sending_says_nothing_itself_and_turns_to_the_further_questions(
    flows: Flows, situation: Situation, to_readers: Draft
) -> None:
    outcome = step(flows, to_readers, Pressed("CR", "send"), situation)
    (deed,) = outcome.deeds
    assert isinstance(deed, SendConcern)
    assert outcome.said == ()
    assert outcome.draft is not None
    assert outcome.draft.sent
    assert outcome.draft.sent_at == situation.now
    assert outcome.draft.cursor == "C6"
    assert [one.step for one in deed.answers] == ["C5", "C4", "C8", "C14"]


def test_each_further_answer_is_appended_at_once(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], sent: Draft
) -> None:
    (who,) = step(flows, sent, Tapped("C6", "friend"), situation).deeds
    assert isinstance(who, AddAnswer)
    assert [label.msgid for label in who.answered.labels] == ["A friend"]
    where = hear(sent, Tapped("C6", "me"), Tapped("C10", "bullying.face_to_face"), Pressed("C10", "done"))
    where = hear(where, Tapped("b_often", "once"))
    (words,) = step(flows, where, Typed("In the gym."), situation).deeds
    assert isinstance(words, AddAnswer)
    assert words.answered.answer == Wrote(("In the gym.",))


def test_sexual_harm_within_a_week_is_paged_once(flows: Flows, situation: Situation, sent: Draft) -> None:
    chosen = replace(sent, answers={**sent.answers, "C10": Chose(("abuse.sexual",))}, cursor="s_last")
    (asked,) = step(flows, replace(chosen, cursor="C11"), Tapped("C11", "month"), situation).deeds
    assert isinstance(asked, AddAnswer)
    assert not asked.page
    outcome = step(flows, chosen, Tapped("s_last", "week"), situation)
    (deed,) = outcome.deeds
    assert isinstance(deed, AddAnswer)
    assert (deed.page, "R6" in deed.rules) == (True, True)
    assert outcome.draft is not None
    (after,) = step(flows, outcome.draft, Pressed(outcome.draft.cursor, "skip"), situation).deeds
    assert isinstance(after, AddAnswer)
    assert not after.page


def test_that_is_enough_ends_the_questions_and_words_become_messages(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], sent: Draft
) -> None:
    talk = hear(sent, Pressed("-", "enough"))
    assert talk.cursor == ""
    (deed,) = step(flows, talk, Typed("One more thing."), situation).deeds
    assert deed == AddMessage("One more thing.", None, ())
    outcome = step(flows, talk, Typed(DYING), situation)
    (deed,) = outcome.deeds
    assert isinstance(deed, AddMessage)
    assert deed.urgency is not None
    assert "R17" in deed.rules
    assert outcome.draft is not None
    assert outcome.draft.interrupted
    assert more_questions(flows, talk, situation).cursor == "C6"


def test_suicidal_thoughts_bring_two_questions_then_help_and_no_more(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], to_tell: Draft, say: Say
) -> None:
    draft = hear(to_tell, Typed(DYING), Pressed("C8", "done"), Tapped("C14", "no"), Pressed("CR", "send"))
    assert draft.cursor == "C6"
    draft = hear(draft, Tapped("C6", "me"))
    assert draft.cursor == "C15"
    draft = hear(draft, Tapped("C15", "yes"))
    assert draft.cursor == "C15a"
    draft = hear(draft, Tapped("C15a", "no"))
    assert draft.cursor == "C15b"
    outcome = step(flows, draft, Tapped("C15b", "no"), situation)
    assert outcome.draft is not None
    assert outcome.draft.cursor == ""
    assert "999" in say(outcome.said[-1])
    assert "Ms Rao, Room 4" in say(outcome.said[-1])
    assert "do not stay alone" in say(outcome.said[-1])


def test_coming_back_by_the_receipt_takes_messages_and_asks_nothing_twice(flows: Flows, situation: Situation) -> None:
    held = {"C9": Skipped(), "C6": Chose(("me",))}
    draft = reopened(flows, "12_17", situation, answers=held)
    assert draft.cursor == ""
    (deed,) = step(flows, draft, Typed("It happened again."), situation).deeds
    assert isinstance(deed, AddMessage)
    assert more_questions(flows, draft, situation).cursor == "C10"


def test_the_box_asks_two_questions(flows: Flows, situation: Situation, hear: Callable[..., Draft]) -> None:
    draft = begin(flows, "12_17", situation, "feedback")
    (deed,) = step(flows, draft, Tapped("C24", "a_bit"), situation).deeds
    assert isinstance(deed, AddAnswer)
    assert hear(draft, Tapped("C24", "a_bit"), Pressed("C24a", "skip")).cursor == ""
    assert hear(draft, Tapped("C24", "a_bit"), Tapped("C24a", "no"), Tapped("C24", "yes")).answers == {
        "C24": Chose(("a_bit",)),
        "C24a": Chose(("no",)),
    }


def test_a_record_lists_its_gaps_and_takes_them_in_any_order(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], say: Say
) -> None:
    draft = hear(begin(flows, "staff", situation), Tapped("S0", "ok"), Typed("Bruise seen."), Pressed("SW", "done"))
    draft = hear(draft, Tapped("SC", "no"), Pressed("CR", "send"))
    assert draft.cursor == "record"
    assert "[Still open: The child]" in say(current(flows, draft, situation))
    filled = hear(draft, Tapped("record", "S5"), Tapped("S5", "now"))
    assert filled.cursor == "record"
    assert filled.answers["S5"] == Chose(("now",))
    anonymous = hear(filled, Tapped("record", "SN"), Tapped("SN", "anonymous"))
    assert "Your name and role" not in say(current(flows, anonymous, situation))
    proof = step(flows, anonymous, Tapped("record", "proof"), situation)
    assert "Oak School" in say(proof.said[-1])
    assert "Bruise" not in say(proof.said[-1])


@pytest.mark.parametrize(("crowded", "most"), [(False, FULL), (True, CROWDED)])
def test_what_does_not_fit_before_sending_is_told_and_still_looked_at_for_danger(
    flows: Flows, situation: Situation, to_tell: Draft, say: Say, *, crowded: bool, most: int
) -> None:
    situation = replace(situation, crowded=crowded)
    full = to_tell
    for _ in range(most // 4000):
        full = _kept(step(flows, full, Typed("x" * 4000), situation))
    more = step(flows, full, Typed("one more"), situation)
    assert more.draft is not None
    assert more.draft.answers == full.answers
    assert "did not keep it" in say(more.said[-1])
    kept = full.answers["C8"]
    assert isinstance(kept, Wrote)
    assert len(kept.words) == most // 4000
    danger = step(flows, full, Typed(DYING), situation)
    assert danger.draft is not None
    assert "0800 1111" in say(danger.said[-1])
    assert danger.draft.answers["C8"] == Wrote((*kept.words, DYING)), "words of danger are kept all the same"
    assert not may_wait(full, more), "what was not kept is told each time"


@pytest.mark.parametrize("register", ["parent", "staff"])
def test_an_adult_is_not_told_to_find_an_adult_and_is_not_whom_it_is_about(
    flows: Flows, situation: Situation, say: Say, register: Register
) -> None:
    draft = begin(flows, register, situation)
    outcome = step(flows, draft, Typed(DYING), situation)
    receipt = receipt_screen(situation, register, "a b", None)
    below = replace(receipt, paragraphs=receipt.below)
    for screen in (*outcome.said, current(flows, _kept(outcome), situation), below):
        assert "You can also find Ms Rao, Room 4." in say(screen)
        assert "an adult you trust" not in say(screen)
    assert "a child may not be safe" in say(outcome.said[-1])
    assert "your safety" not in say(outcome.said[-1])


@pytest.mark.parametrize("last", [Pressed("C21", "skip"), Pressed("C21", "done")])
def test_the_last_question_is_followed_by_thanks_however_it_is_answered(
    flows: Flows, situation: Situation, sent: Draft, say: Say, last: Heard
) -> None:
    every = {name: Skipped() for name in flows.definitions["child"].steps if name not in {"C21", *sent.answers}}
    written = {"C21": Wrote(("Mia",))} if last == Pressed("C21", "done") else {}
    draft = replace(sent, answers={**sent.answers, **every, **written}, cursor="C21")
    assert say_.ALL_ASKED.msgid in say(step(flows, draft, last, situation).said[-1])
    enough = step(flows, replace(draft, answers=sent.answers), Pressed("C21", "enough"), situation)
    assert say_.ALL_ASKED.msgid not in say(enough.said[-1])


def test_who_is_not_sure_is_told_who_still_reads(
    flows: Flows, situation: Situation, hear: Callable[..., Draft], to_readers: Draft, say: Say
) -> None:
    shown = say(current(flows, hear(to_readers, Struck(roster_hash(situation.roster), None)), situation))
    assert "So only the people named here will read it." in shown
    assert "[✓ Mrs Okafor · Head teacher]" in shown
    assert "Mr Bell" not in shown


def _kept(outcome: StepResult) -> Draft:
    assert outcome.draft is not None
    return outcome.draft
