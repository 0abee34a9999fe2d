"""What was committed by a life that ended before it could answer comes again, and nobody waits for nothing."""

from __future__ import annotations

from flows.values.bounds import Rate
from storage.database.schema.leads import leads
from tests.handlers.messenger import Person, Update, wait
from tests.handlers.paths import STORY, to_the_story, to_the_words
from tests.handlers.world import HOME, PASSPHRASE, World
from tests.raw_database import tamper


def unanswered(person: Person) -> list[Update]:
    """From here on nothing that is said reaches the person; what they do is noted, to be delivered again."""
    for method in ("sendMessage", "editMessageText"):
        person.messenger.refuse[(method, person.chat)] = [wait(3600)] * 9
    return noted(person)


def noted(person: Person) -> list[Update]:
    """What the person does from here on, as it is delivered."""
    done: list[Update] = []
    take = person.take

    async def and_note(update: Update) -> None:
        done.append(update)
        await take(update)

    person.take = and_note
    return done


async def again(world: World, person: Person, updates: list[Update]) -> None:
    """Hark is killed and begins anew, and what it did not confirm comes again."""
    person.messenger.refuse.clear()
    await world.crash()
    await world.handlers.take_up()
    for update in list(updates):
        await world.take(update)


def hurries(world: World) -> None:
    """Whoever writes from here on goes faster than people write."""
    world.handlers.reporter.answerer.paces._limiter.rate = Rate(burst=1, per_second=0.0)


async def test_somebody_who_got_no_answer_is_told_once_how_to_go_on(world: World, ann: Person) -> None:
    await to_the_story(ann)
    updates = unanswered(ann)
    await ann.types(STORY)
    before = len(ann.messages)
    await again(world, ann, [*updates, *updates])
    assert len(ann.messages) == before + 1
    assert STORY not in ann.screen.text
    await ann.taps("Carry on")
    kept = await world.store.drafts.get(ann.address)
    assert kept is not None
    assert str(kept.draft.answers["C8"]).count(STORY) == 1


async def test_danger_is_answered_with_help_before_anything_else(world: World, ann: Person) -> None:
    await ann.types("/start")
    for label in ("12 to 17", "No", "OK"):
        await ann.taps(label)
    updates = unanswered(ann)
    await ann.taps("No")
    await again(world, ann, updates)
    said = [shown.text for shown in ann.messages if not shown.mine][-2:]
    assert "0800 1111" in said[0]
    assert [button["text"] for button in ann.screen.buttons][:1] == ["Carry on"]


async def test_words_of_danger_outside_of_any_question_are_answered_with_help(world: World, ann: Person) -> None:
    updates = unanswered(ann)
    await ann.types("I want to kill myself")
    await again(world, ann, updates)
    assert "0800 1111" in ann.screen.text


async def test_who_left_quickly_is_told_nothing_of_what_is_begun(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("/help")
    updates = unanswered(ann)
    await ann.taps("Leave")
    await again(world, ann, updates)
    assert [shown for shown in ann.messages if not shown.mine] == []


async def test_after_the_words_were_shown_nothing_more_is_said(world: World, ann: Person) -> None:
    done = noted(ann)
    await to_the_words(ann)
    before = len(ann.messages)
    await again(world, ann, done[-1:])
    assert len(ann.messages) == before


async def test_words_that_were_added_to_a_concern_are_confirmed_once(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    updates = unanswered(ann)
    await ann.types("It happened again on Monday.")
    await ann.types("And on Tuesday.")
    before = len(ann.messages)
    await again(world, ann, updates)
    assert len(ann.messages) == before + 1
    assert "Your last message was added." in ann.screen.text
    await ann.taps("I have words")
    await ann.types(words)
    added = str((await world.opened_by_lead()).entries)
    assert (added.count("on Monday."), added.count("on Tuesday.")) == (1, 1)
    before = len(ann.messages)
    await again(world, ann, [])
    assert len(ann.messages) == before, "it is said once"


async def test_words_after_a_restart_are_never_dropped_in_silence(world: World, ann: Person) -> None:
    await to_the_words(ann)
    await again(world, ann, [])
    await ann.types("It happened again on Monday.")
    assert ann.screen.text.startswith("I did not keep what you just wrote.")


async def test_words_whose_answer_was_shown_are_not_confirmed_again(world: World, ann: Person) -> None:
    await to_the_words(ann)
    await ann.types("It happened again on Monday.")
    before = len(ann.messages)
    await again(world, ann, [])
    assert len(ann.messages) == before


async def test_who_wrote_in_a_hurry_is_told_once(world: World, ann: Person) -> None:
    await to_the_words(ann)
    hurries(world)
    for number in range(4):
        await ann.types(f"More, number {number}.")
    before = len(ann.messages)
    await again(world, ann, [])
    assert [shown.text.startswith("This was closed here") for shown in ann.messages[before:]] == [True]


async def test_who_wrote_in_a_hurry_and_left_quickly_is_told_nothing(world: World, ann: Person) -> None:
    await to_the_words(ann)
    hurries(world)
    for number in range(4):
        await ann.types(f"More, number {number}.")
    await ann.taps("More", on=ann.screen)
    await ann.taps("Leave")
    await again(world, ann, [])
    assert [shown for shown in ann.messages if not shown.mine and "added" in shown.text] == []


async def test_a_note_that_a_lead_types_after_a_restart_does_not_stay_in_the_chat(world: World) -> None:
    session = await world.joined("Amir Shah", "deputy", "Deputy")
    amir = world.person(chat=session.address.chat_id)
    await world.restart()
    await amir.types("Jo in 7B told me who it was.")
    assert "Jo" not in "".join(shown.text for shown in amir.messages)
    assert "locked" in amir.screen.text


async def test_a_passphrase_that_is_delivered_again_does_not_stay_in_the_chat(world: World) -> None:
    invite = await world.store.leads.invites.draw("Amir Shah", "deputy", HOME, "Deputy")
    amir = world.person()
    await amir.types(f"/join {invite.code}")
    assert "passphrase" in amir.screen.text
    await world.restart()
    await amir.types(PASSPHRASE)
    assert PASSPHRASE not in [shown.text for shown in amir.messages]


async def test_a_lead_who_tells_a_concern_of_their_own_is_a_reporter_there_also_after_a_restart(world: World) -> None:
    session = await world.joined("Amir Shah", "deputy", "Deputy")
    amir = world.person(chat=session.address.chat_id)
    await world.restart()
    await to_the_story(amir)
    await world.restart()
    await amir.types("/start")
    await amir.taps("Carry on")
    await amir.types(STORY)
    kept = await world.store.drafts.get(amir.address)
    assert kept is not None
    assert STORY in str(kept.draft.answers["C8"])


async def test_what_somebody_changed_in_the_database_keeps_nobody_from_being_heard(world: World, ann: Person) -> None:
    await tamper(world.url, leads.update().values(chat=b"\0"))
    await world.restart()
    await ann.types("/start")
    assert "Who is writing?" in ann.screen.text
