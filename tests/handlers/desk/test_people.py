"""Leads write down who is in a case, are asked once who is the same, look for a name, and link two cases."""

from __future__ import annotations

from sqlalchemy import select

from storage.database.schema.cases import cases
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_every_path import answer, counted
from tests.raw_database import fetch

NAME = "Ayo Quagmire"


async def two(house: House) -> tuple[Lead, Lead]:
    return await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")


async def sent(house: House, *names: str) -> str:
    """A further concern; its reference."""
    before = {one for (one,) in await fetch(house.url, select(cases.c.reference))}
    await house.concern("He takes my bag.", *names)
    [new] = {one for (one,) in await fetch(house.url, select(cases.c.reference))} - before
    return str(new)


async def looks(lead: Lead, reference: str) -> None:
    await lead.says(f"/people {reference}")


async def writes(lead: Lead, reference: str, name: str = NAME, part: str = "the child") -> None:
    """Write somebody down in a case."""
    await looks(lead, reference)
    await lead.taps("Add somebody")
    await lead.says(name)
    await lead.taps(part)


async def test_somebody_is_written_down_seen_by_the_others_and_taken_away_again(house: House) -> None:
    khan, bell = await two(house)
    reference = await sent(house, "Ms Khan", "Mr Bell")
    await looks(khan, reference)
    assert "Nobody is written down yet. Hark guesses nobody." in khan.words
    await writes(khan, reference)
    assert f"{NAME} is written down." in khan.words
    assert f"{NAME} · the child" in khan.words
    await bell.says(f"/case {reference}")
    await bell.taps("More")
    await bell.taps("People")
    assert f"{NAME} · the child" in bell.words
    await bell.taps("Take somebody away")
    await bell.taps(NAME)
    assert f"{NAME} is taken away." in bell.words
    assert f"{NAME} · the child" not in bell.words
    await looks(khan, reference)
    assert "Nobody is written down yet." in khan.words, "what another lead did since is seen"
    await khan.taps("Back to the case")
    await khan.taps("History")
    assert f"Ms Khan: wrote down who is in it · {NAME} · the child" in khan.words
    assert f"Mr Bell: took somebody from who is in it · {NAME} · the child" in khan.words


async def test_names_of_one_letter_in_any_script_and_too_long_ones_are_met_kindly(house: House) -> None:
    khan, _ = await two(house)
    reference = await sent(house, "Ms Khan", "Mr Bell")
    for name in ("Q", "王"):
        await writes(khan, reference, name, "witness")
        assert "It is too short to look for it in other cases." in khan.words
    await writes(khan, reference, "أ. محمد علي", "parent or carer")
    assert "too short" not in khan.words
    await khan.taps("Add somebody")
    await khan.says("x" * 3_000)
    assert "That is too long: at most 200 characters, please." in khan.words
    await khan.says("\u202e<b>Bo</b> & Co")
    await khan.taps("somebody else")
    assert "<b>Bo</b> & Co · somebody else" in khan.words
    await writes(khan, reference, "Q", "witness")
    assert "That is written down already." in khan.words


async def test_whether_it_is_the_same_person_is_asked_once_of_whoever_reads_both(house: House) -> None:
    khan, bell = await two(house)
    one, other, third = [await sent(house, "Ms Khan", "Mr Bell") for _ in range(3)]
    await writes(khan, one)
    await writes(khan, other, "Mr Quagmire", "adult it is about")
    await writes(khan, third, "Ayo Quagmire", "brother or sister")
    await looks(bell, one)
    questions = [line for line in bell.words.splitlines() if line.startswith("Also in")]
    first, second = sorted((other, third))
    asked = {other: "adult it is about", third: "brother or sister"}
    assert questions == [f"Also in {first}, as {asked[first]}: {NAME}. Is it the same person?"]
    await bell.taps("Same person")
    assert "Kept, in both cases: the same person." in bell.words
    assert f"{NAME}: the same person is in /case_{first}, as {asked[first]}." in bell.words
    assert f"Also in {second}" in bell.words
    await bell.taps("Not the same")
    assert "Also in" not in bell.words
    await looks(khan, one)
    assert "Also in" not in khan.words
    assert f"the same person is in /case_{first}" in khan.words
    assert f"the same person is in /case_{second}" not in khan.words
    await khan.taps("Back to the case")
    await khan.taps("History")
    assert first not in khan.words.replace(one, ""), "the history shows nothing of it"


async def test_a_lead_who_reads_the_case_herself_is_pointed_out_before_anything_is_kept(house: House) -> None:
    khan, _ = await two(house)
    reference = await sent(house, "Ms Khan", "Mr Bell")
    await looks(khan, reference)
    await khan.taps("Add somebody")
    await khan.says("Mr Bell")
    assert "Mr Bell reads this case. If it is about that person, go back and choose Who may read first." in khan.words


async def test_a_name_is_looked_for_in_ones_own_cases_and_nothing_else_is_shown(house: House) -> None:
    khan, bell = await two(house)
    one, hers = await sent(house, "Ms Khan", "Mr Bell"), await sent(house, "Ms Khan")
    for reference in (one, hers):
        await writes(khan, reference)
    await khan.says("/find quagmire")
    lines = [line for line in khan.words.splitlines() if line.startswith("/case_")]
    assert lines == [f"/case_{reference} · the child" for reference in sorted((one, hers))]
    assert NAME not in khan.words
    await khan.taps(f"Open {hers}")
    assert hers in khan.words
    await bell.says("/find")
    await bell.says("Quagmire, Ayo")
    assert [line for line in bell.words.splitlines() if line.startswith("/case_")] == [f"/case_{one} · the child"]
    await bell.taps("Look for another name")
    await bell.says("Q")
    assert "That is too short to look for." in bell.words
    await bell.says("x" * 3_000)
    assert "That is too long: at most 200 characters, please." in bell.words
    await bell.says("Nobody Here")
    assert "Nobody of that name is written down in a case that you can open." in bell.words


async def test_who_is_kept_out_is_shown_the_same_bytes_as_without_that_case_and_nothing_more_is_asked(
    house: House,
) -> None:
    """Also where it is linked to a case that she reads, and somebody in it is the same person as there."""
    khan, bell = await two(house)
    await house.lead("Ms Okafor", "head")
    shared = await sent(house, "Ms Khan", "Mr Bell")
    await writes(khan, shared)
    asks = ("/find Quagmire", "/find Nobody", f"/people {shared}", f"/link {shared}", f"/case {shared}", "/queue")

    async def all_of() -> list[tuple[list[str], int]]:
        given = []
        for typed in (*asks, *asks):  # the second time nothing is new to the index
            with counted(house) as asked:
                await bell.says(typed)
            given.append(([text.replace(bell.tag, "") for text in answer(bell, shared)], len(asked)))
            if typed.startswith("/case"):
                for label in ("More", "Back to the case", "History"):
                    await bell.taps(label)
                    given.append(([text.replace(bell.tag, "") for text in answer(bell, shared)], 0))
        return given

    await all_of()
    before = await all_of()
    hidden = await sent(house, "Ms Khan", "Ms Okafor")
    await writes(khan, hidden, NAME, "brother or sister")
    await khan.taps("Same person")
    await khan.taps("Link to another case")
    await khan.says(shared)
    await khan.taps("Same child")
    assert f"Linked: /case_{shared}. Same child." in khan.words
    after = await all_of()
    half = len(after) // 2
    assert [said for said, _ in after] == [said for said, _ in before]
    assert [count for _, count in after[half:]] == [count for _, count in before[half:]]


async def test_two_cases_are_linked_seen_from_both_and_unlinked_again(house: House) -> None:
    khan, bell = await two(house)
    one, other = await sent(house, "Ms Khan", "Mr Bell"), await sent(house, "Ms Khan", "Mr Bell")
    hers = await sent(house, "Mr Bell")
    await khan.says(f"/case {one}")
    await khan.taps("More")
    await khan.taps("Link")
    for typed in ("nothing", one, "K7QM3DX"):
        await khan.says(typed)
        assert "That is not the reference of another case." in khan.words
    await khan.says(other.lower())
    assert f"How do {one} and {other} belong together?" in khan.words
    await khan.taps("Same event")
    assert "Kept, in both cases." in khan.words
    await looks(bell, other)
    assert f"Linked: /case_{one}. Same event." in bell.words
    await bell.taps("Link to another case")
    await bell.says(one)
    assert "Same event" not in [one.text for one in bell.card.buttons]
    await bell.taps("Not linked after all")
    assert "Linked:" not in bell.words
    await khan.says(f"/link {one}")
    await khan.says(hers)
    assert "There is no such case at your desk." in khan.words
