"""The way of a reporter: greeted, asked, sent, come back, answered, gone."""

from __future__ import annotations

from tests.handlers.messenger import Person
from tests.handlers.paths import STORY, to_the_readers, to_the_story, to_the_words, words_of
from tests.handlers.world import EMPTY, OTHER, PRACTICE, World


async def test_the_first_four_buttons_say_who_is_writing_and_then_come_languages(ann: Person) -> None:
    await ann.types("/start")
    labels = [button["text"] for button in ann.screen.buttons]
    assert labels[:4] == ["I am under 12", "I am 12 to 17", "I am a parent or carer", "I work here"]
    assert labels[4] == "English"


async def test_a_practice_site_says_so_on_the_first_screen(ann: Person) -> None:
    await ann.types(f"/start s-{PRACTICE}")
    assert "practice" in ann.screen.text


async def test_a_sites_link_leads_to_that_site_also_after_a_restart(world: World, ann: Person) -> None:
    await world.joined("Olive Park", "lead", "Lead", OTHER)
    await ann.types(f"/start s-{OTHER}")
    await world.restart()
    await ann.taps("12 to 17")
    await ann.taps("No")
    await ann.taps("OK")
    await ann.taps("Yes")
    await ann.types(STORY)
    await ann.taps("Done")
    assert "Oakwood School" in ann.screen.text
    await ann.taps("No")
    keys = [button["text"] for button in ann.screen.buttons]
    assert "✓ Olive Park · Lead" in keys
    assert not [key for key in keys if "Grace Okafor" in key]


async def test_where_nobody_can_read_this_is_said_before_the_first_question_and_nothing_is_taken(
    world: World, ann: Person
) -> None:
    await ann.types(f"/start s-{EMPTY}")
    assert "Nobody here can read" in ann.screen.text
    assert "children's services" in ann.screen.text
    assert "Childline: 0800 1111" in ann.screen.text
    await ann.presses(ann.screen, "g:12_17")
    assert "Nobody here can read" in ann.screen.text
    kept = await world.store.drafts.get(ann.address)
    assert kept is None or kept.draft.register is None
    await ann.types("Is somebody there?")
    assert "I did not keep" in ann.screen.text
    assert "tap who is writing" not in ann.screen.text


async def test_help_is_one_tap_away_also_where_somebody_is_asked_before_the_chat_is_deleted(ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("/tidy")
    await ann.taps("Help now")
    assert "0800 1111" in ann.screen.text


async def test_the_words_come_within_eight_screens(ann: Person) -> None:
    await to_the_words(ann)
    said = [name for name, _ in ann.messenger.calls if name in {"sendMessage", "editMessageText"}]
    own_words = 1
    assert len(said) - own_words <= 8


async def test_the_words_are_the_only_code_of_their_message_and_a_button_copies_them(ann: Person) -> None:
    words = await to_the_words(ann)
    assert len(words.split()) == 8
    [copied] = [button["copy_text"]["text"] for button in ann.screen.buttons if "copy_text" in button]
    assert copied == words
    assert "will read it tomorrow morning." in ann.screen.text


async def test_a_typed_answer_that_is_a_label_is_taken_whatever_its_case_and_accents(ann: Person) -> None:
    await ann.types("/start")
    await ann.types("i am 12 to 17!")
    await ann.types("NÓ")
    await ann.types(" ok ")
    assert "Are you safe" in ann.screen.text


async def test_typed_text_where_a_button_is_expected_gets_a_kind_word_and_the_question_again(ann: Person) -> None:
    await ann.types("/start")
    await ann.taps("12 to 17")
    question = ann.screen.text
    await ann.types("what do you mean")
    assert "tap one of the buttons" in ann.screen.text
    assert question in ann.screen.text


async def test_help_is_there_on_every_screen_and_by_command_and_one_can_carry_on(ann: Person) -> None:
    await to_the_story(ann)
    await ann.taps("Help now")
    assert "999" in ann.screen.text
    assert "Childline" in ann.screen.text
    assert "Ms Okafor, Room 12" in ann.screen.text
    await ann.taps("Carry on")
    assert "Tell us what is worrying you" in ann.screen.text
    await ann.types("/help")
    assert "999" in ann.screen.text


async def test_help_needs_no_draft(ann: Person) -> None:
    await ann.types("/help")
    assert "Childline" in ann.screen.text
    await ann.taps("Carry on")
    assert "Who is writing?" in ann.screen.text


async def test_another_language_is_taken_at_once_and_kept_after_a_restart(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("/language")
    await ann.taps("Español")
    assert "worrying" not in ann.screen.text
    spanish = ann.screen.text
    await world.restart()
    await ann.types("/start")
    await ann.presses(ann.screen, "x:carry_on")
    assert ann.screen.text == spanish


async def test_privacy_says_who_reads_how_long_and_that_no_machine_decides(ann: Person) -> None:
    await ann.types("/privacy")
    for said in ("Elmfield School Trust", "privacy@elmfield.example", "Grace Okafor", "as long as", "No machine"):
        assert said in ann.screen.text
    await ann.taps("Back")
    assert "Who is writing?" in ann.screen.text


async def test_start_in_the_middle_offers_to_carry_on_or_start_new_and_shows_nothing(ann: Person) -> None:
    await to_the_story(ann)
    await ann.types(STORY)
    await ann.types(f"/start s-{OTHER}")
    assert [button["text"] for button in ann.screen.buttons][:2] == ["Carry on", "Start new"]
    assert STORY not in ann.screen.text
    await ann.taps("Carry on")
    assert "Tell us what is worrying you" in ann.screen.text
    await ann.taps("Done")
    assert "Elmfield School" in ann.screen.text


async def test_what_an_earlier_sitting_wrote_is_not_read_back(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    world.clock.pass_(11)
    await ann.types("/start")
    await ann.taps("Carry on")
    await ann.taps("Read through")
    assert STORY not in ann.screen.text
    assert "saved, not shown" in ann.screen.text


async def test_a_draft_survives_a_restart(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await ann.types(STORY)
    await world.restart()
    await ann.taps("Done")
    assert "Is it to do with" in ann.screen.text


async def test_start_new_discards_the_draft(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("/new")
    await ann.taps("Start new")
    assert "Who is writing?" in ann.screen.text
    assert await world.store.drafts.get(ann.address) is None


async def test_a_draft_goes_after_a_day(world: World, ann: Person) -> None:
    await to_the_story(ann)
    world.clock.pass_(60 * 25)
    await world.store.watch.sweep()
    await ann.types("/start")
    assert "Who is writing?" in ann.screen.text


async def test_stop_asks_first_and_then_deletes_what_was_not_sent(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await ann.types("/stop")
    assert await world.store.drafts.get(ann.address) is not None
    await ann.taps("Stop and delete")
    assert "Nothing was sent" in ann.screen.text
    assert await world.store.drafts.get(ann.address) is None


async def test_answered_pairs_go_away_where_others_may_see_the_device(world: World, ann: Person) -> None:
    await to_the_story(ann, alone=False)
    await ann.types(STORY)
    assert STORY not in [shown.text for shown in ann.messages]
    await world.restart()
    await ann.types("And my bag.")
    await ann.taps("Done")
    await ann.taps("No")
    assert len([shown for shown in ann.messages if not shown.mine]) == 1
    await ann.taps("Send")
    assert not any(button.get("callback_data", "").startswith("x:w:") for button in ann.screen.buttons)
    await ann.taps("Go on")
    assert len(words_of(ann).split()) == 8


async def test_leaving_quickly_deletes_both_sides_and_leaves_one_neutral_line(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    await ann.types("/help")
    await ann.taps("Leave quickly")
    assert [shown.text for shown in ann.messages] == ["Hello. Write here when you like."]
    await ann.types("/start")
    assert "Carry on" in [button["text"] for button in ann.screen.buttons]
    assert await world.store.drafts.get(ann.address) is not None


async def test_tidying_up_asks_whether_the_words_are_kept_and_says_how_to_clear_the_rest(ann: Person) -> None:
    await to_the_words(ann)
    await ann.types("/tidy")
    assert "kept your words" in ann.screen.text
    await ann.taps("Yes, I have my words")
    [left] = ann.messages
    assert "48 hours" in left.text
    assert "Clear history" in left.text


async def test_after_an_answer_a_person_is_asked_once_whether_it_helped(world: World, ann: Person) -> None:
    words = await to_the_words(ann)
    await ann.types("/return")
    await ann.types(words)
    assert "Say how it was for you" not in [button["text"] for button in ann.screen.buttons]
    await world.lead_replies(ready="talk_tomorrow")
    await ann.types("/return")
    await ann.types(words)
    await ann.taps("Say how it was for you")
    assert "Nobody sees which answer is yours. Did you feel listened to?" in ann.screen.text
    await ann.taps("😐 A bit")
    assert "Do you feel safer?" in ann.screen.text
    await ann.taps("Back")
    await ann.taps("🙁 No")
    assert "You have answered that before. Your first answer is in the box" in ann.screen.text
    assert "Do you feel safer?" in ann.screen.text
    await ann.types("yes")
    assert "Do you feel safer?" not in ann.screen.text
    await ann.types("Answer sooner")
    view = await world.opened_by_lead()
    assert view.entries[-1].text == "Answer sooner"
    assert not [one.step for entry in view.entries for one in entry.answers if one.step.startswith("C24")]
    letters = [one for one in await world.store.letterbox.pending() if one.sealed]
    assert len(letters) == 2
    await ann.types("/return")
    await ann.types(words)
    assert "Say how it was for you" not in [button["text"] for button in ann.screen.buttons]


async def test_a_word_of_danger_before_any_question_brings_the_help_screen(ann: Person) -> None:
    await ann.types("I want to kill myself")
    assert "999" in ann.messages[-2].text
    assert "Who is writing?" in ann.screen.text


async def test_striking_every_reader_sends_nothing_and_shows_the_way_elsewhere(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    for name in ("Grace Okafor", "Tom Bell", "Helen Marsh"):
        await ann.taps(f"✓ {name}")
    assert "nobody here can read this" in ann.screen.text
    assert "children's services" in ann.screen.text
    assert await world.store.drafts.get(ann.address) is not None


async def test_after_a_week_without_an_unlock_it_is_said_that_it_may_take_longer(world: World, ann: Person) -> None:
    await ann.types("/start")
    assert "may take longer" not in ann.screen.text
    world.clock.pass_(7 * 24 * 60)
    await ann.types("/start")
    assert "may take longer until a person reads this" in ann.screen.text
    assert "0800 1111" in ann.screen.text
    await world.lead()
    await ann.types("/start")
    assert "may take longer" not in ann.screen.text
