"""Somebody who has the words comes back: reads, answers, adds, and asks to be told of an update."""

from __future__ import annotations

from tests.handlers.messenger import Person
from tests.handlers.paths import STORY, to_the_readers, to_the_story, to_the_words, words_of
from tests.handlers.world import World


async def test_the_words_bring_a_person_back_and_are_deleted_from_the_chat(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await world.restart()
    ben = world.person(chat=7_000_002)
    await ben.types("/return")
    await ben.types(words.upper())
    assert "received" in ben.messages[-2].text
    assert words.upper() not in [shown.text for shown in ben.messages]


async def test_words_are_known_as_words_even_if_a_restart_forgot_that_they_were_asked_for(
    world: World, ann: Person
) -> None:
    words = await to_the_words(ann)
    await world.restart()
    await ann.types(words)
    assert "received" in ann.messages[-2].text


async def test_the_button_with_the_words_opens_the_concern_without_typing(world: World, ann: Person) -> None:
    await to_the_words(ann)
    await world.restart()
    await ann.taps("Words to come back")
    assert "received" in ann.messages[-2].text


async def sent_without_ms_okafor(person: Person) -> str:
    """Sent for everybody but the lead who is also the adult to find; gives the words to come back."""
    await to_the_readers(person)
    await person.taps("✓ Grace Okafor")
    await person.taps("Send")
    return words_of(person)


async def test_whom_the_reporter_left_out_is_no_adult_to_find_after_coming_back_either(
    world: World, ann: Person
) -> None:
    words = await sent_without_ms_okafor(ann)
    await ann.types("/help")
    assert "Ms Okafor" not in ann.screen.text
    await world.restart()
    ben = world.person(chat=7_000_002)
    await ben.types("/return")
    await ben.types(words)
    await ben.taps("Help now")
    assert "an adult you trust." in ben.screen.text
    assert "Ms Okafor" not in ben.screen.text


async def test_whom_the_reporter_left_out_is_not_named_either_once_the_concern_is_out_of_sight(
    world: World, ann: Person
) -> None:
    words = await sent_without_ms_okafor(ann)
    world.clock.pass_(11)
    await ann.types("/help")
    assert "an adult you trust." in ann.screen.text
    await ann.types("I want to kill myself")
    await ann.types("/new")
    await ann.types("/help")
    await world.restart()
    await ann.types("I want to kill myself")
    await ann.types("/help")
    await ann.types("/return")
    await world.store.close()
    await ann.types(words)
    assert "not saved" in ann.screen.text
    assert [shown.text for shown in ann.messages if "Ms Okafor" in shown.text] == []


async def test_a_lead_who_was_left_out_and_then_shut_out_is_not_named_either(world: World, ann: Person) -> None:
    words = await sent_without_ms_okafor(ann)
    [grace] = [card.id for card in await world.leads() if card.name == "Grace Okafor"]
    await world.store.leads.team.disable(grace)
    await ann.types("/help")
    assert "an adult you trust who does not work at" in ann.screen.text
    await world.restart()
    await ann.types("/return")
    await ann.types(words)
    await ann.taps("Help now")
    assert "an adult you trust." in ann.screen.text
    assert [shown.text for shown in ann.messages if "Ms Okafor" in shown.text] == []


async def test_whom_words_before_any_question_name_is_not_the_adult_to_find(world: World, ann: Person) -> None:
    await ann.types("Ms Okafor is hurting me, I want to kill myself")
    await ann.types("/help")
    await ann.taps("I am 12 to 17")
    await world.restart()
    await ann.types("/help")
    assert "an adult you trust." in ann.screen.text
    assert not any("Ms Okafor" in shown.text for shown in ann.messages if not shown.mine)


async def test_whom_a_later_message_named_is_no_adult_to_find_after_coming_back(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await ann.types("/return")
    await ann.types(words)
    await ann.taps("Help now")
    assert "Ms Okafor" in ann.screen.text
    await ann.types("It was Ms Okafor.")
    await world.restart()
    await ann.types("/return")
    await ann.types(words)
    await ann.taps("Help now")
    assert "an adult you trust." in ann.screen.text
    assert "Ms Okafor" not in ann.screen.text


async def test_whose_newest_words_nobody_has_read_is_told_so_until_somebody_has(world: World, ann: Person) -> None:
    words = await to_the_words(ann)

    async def read() -> None:
        view = await world.opened_by_lead()
        await world.store.desk.words_shown(await world.lead(), view.row, whole=True)

    async def told() -> str:
        await ann.types("/return")
        await ann.types(words)
        return next(shown.text for shown in reversed(ann.messages) if "Hello again." in shown.text)

    assert "newest" not in await told()  # it says that nobody has read anything
    await read()
    assert "newest" not in await told()
    await ann.types("And my coat.")
    assert "Nobody has read the newest things you sent yet." in await told()
    await read()
    assert "newest" not in await told()


async def test_a_slip_is_told_at_once_and_the_words_are_asked_for_again(ann: Person) -> None:
    words = await to_the_words(ann)
    await ann.types("/return")
    await ann.types(" ".join(["zzzz", *words.split()[1:]]))
    assert "Word 1" in ann.screen.text
    await ann.types(" ".join(words.split()[:7]))
    assert "7 words" in ann.screen.text
    await ann.types(words)
    assert "received" in ann.messages[-2].text


async def test_whoever_goes_on_with_the_questions_is_not_asked_for_words_any_more(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("/return")
    await ann.taps("Help now")
    await ann.taps("Carry on")
    await ann.types(STORY)
    kept = await world.store.drafts.get(ann.address)
    assert kept is not None
    assert STORY in str(kept.draft.answers["C8"])


async def test_help_on_the_way_to_the_words_does_not_forget_that_they_were_asked_for(ann: Person) -> None:
    words = await to_the_words(ann)
    await ann.types("/return")
    await ann.taps("Help now")
    await ann.types(words)
    assert "received" in ann.messages[-2].text


async def test_the_status_is_honest_and_a_ready_reply_comes_in_the_persons_language(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await world.lead_reads()
    await world.lead_replies(ready="talk_tomorrow")
    await ann.types("/return")
    await ann.types(words)
    said = "\n".join(shown.text for shown in ann.messages if not shown.mine)
    assert "Nobody has read it" not in said
    assert "Grace Okafor" in said
    assert "Can we talk" in said


async def test_a_free_reply_is_shown_as_it_was_written_and_marked_if_it_is_in_another_language(
    world: World, ann: Person
) -> None:
    words = await to_the_words(ann)
    await world.lead_replies(text="Come to <b>Room 12</b> *today*, {name}")
    await ann.types("/language")
    await ann.taps("Español")
    await ann.types("/return")
    await ann.types(words)
    [shown] = [shown for shown in ann.messages if "<b>Room 12</b> *today*, {name}" in shown.text]
    assert all(call.get("parse_mode") is None for call in ann.messenger.named("sendMessage"))
    assert [one["type"] for one in shown.entities] == ["blockquote"]
    assert len(shown.text.split("\n\n")) == 3


async def test_a_text_in_the_talk_is_added_at_once(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await ann.types("/return")
    await ann.types(words)
    await ann.types("Please hurry")
    view = await world.opened_by_lead()
    assert [entry.text for entry in view.entries if entry.kind == "message"] == ["Please hurry"]


async def test_the_questions_after_sending_can_be_taken_up_again(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await world.restart()
    await ann.types("/return")
    await ann.types(words)
    await ann.taps("Answer more questions")
    await ann.taps("A friend")
    view = await world.opened_by_lead()
    [answered] = [entry for entry in view.entries if entry.kind == "answer"]
    assert "A friend" in str(answered.answers)


async def test_a_notice_is_neutral_and_can_be_withdrawn(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await ann.types("/return")
    await ann.types(words)
    await ann.taps("Tell me when")
    assert "You have an update" in ann.screen.text
    await world.lead_replies(text="Hello")
    await world.deliver_notices()
    assert ann.screen.text == "You have an update."
    await ann.types("/return")
    await ann.types(words)
    await ann.taps("No more update notices")
    await world.lead_replies(text="Hello again")
    before = len(ann.messages)
    await world.deliver_notices()
    assert len(ann.messages) == before


async def test_after_ten_quiet_minutes_a_text_is_not_sent_in_silence(world: World, ann: Person) -> None:
    await to_the_words(ann)
    world.clock.pass_(11)
    await ann.types("Are you there?")
    assert "was not sent" in ann.screen.text
    view = await world.opened_by_lead()
    assert [entry.kind for entry in view.entries] == ["concern"]
