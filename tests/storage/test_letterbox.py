"""The box: answers that lead to no case, put in together on another day, opened from five on by those who may."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from flows.measures.box import FELT, OPENED_FROM, QUESTIONS, Felt, Question, letter, read_letter
from flows.values.deeds import Answered
from flows.values.draft import Chose
from flows.values.ids import Register
from storage.database.schema.measures import box_letters, boxes, pending_letters
from storage.deeds.readers.exclude import Exclude
from storage.deeds.words import SendReply
from storage.desk.measures.boxes import Boxes
from storage.sealing.keys.box_keys import holders_of
from storage.values.errors import NotOffered, Tampered
from tests.programs.start import run_module
from tests.raw_database import fetch, raw_bytes, read_tables, tamper, write_tables
from tests.storage.conftest import PASSPHRASE, SITE
from tests.storage.killed_letters import ANSWERS, reopened

TERM = date(2026, 9, 1)
NEXT = date(2027, 1, 1)
#: Tables that are written by whatever anybody does.
_ALWAYS = {"seen", "spoken"}


async def answered(school: Any, ada: Any, chat: int, **changes: Any) -> Any:
    """Somebody whose concern was answered, and who has read that; the talk is open, and the box is offered."""
    sent = await school.send((ada,), chat=chat, **changes)
    await school.reads(ada, sent.talk.found.case)
    row = next(one for one in (await school.store.desk.queues.page(ada)).rows if one.id == sent.talk.found.case)
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, SendReply(ready="read"))
    await school.store.talks.view(sent.talk)
    sent.talk.words = sent.words
    return sent.talk


async def says(school: Any, talk: Any, *felt: tuple[Question, Felt | None]) -> bool:
    told: bool = await school.store.letterbox.put(school.arrival(talk.address.chat_id), talk, felt)
    return told


async def posted(school: Any) -> int:
    """Let two days go by, and have the box filled."""
    school.later(days=2)
    put_in: int = await school.store.postman.look()
    return put_in


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in after if after[name] != before[name]} - _ALWAYS


async def test_the_turn_of_an_answer_touches_nothing_but_what_is_on_its_way(school: Any) -> None:
    ada = await school.join("Ada")
    talk = await answered(school, ada, 1)
    before = await read_tables(school.url)
    assert await school.store.letterbox.offer(talk, "answered", TERM)
    offered = await read_tables(school.url)
    assert changed(before, offered) == {"boxes", "pending_letters"}
    assert await says(school, talk, ("C24", "no"))
    after = await read_tables(school.url)
    assert changed(offered, after) == {"pending_letters"}
    assert len({len(row["sealed"]) for row in after["pending_letters"]}) == 1  # to be asked looks like to answer
    # No letter of it is put in on the same day, whatever the hour.
    for _ in range(14):
        assert await school.store.postman.look() == 0
        school.later(hours=1)


async def test_nothing_in_the_database_links_a_letter_to_a_case(school: Any) -> None:
    """Eight people answer one after the other; what is kept of it then tells neither who nor in which order."""
    ada = await school.join("Ada")
    talks = [await answered(school, ada, chat) for chat in range(1, 9)]
    for talk in talks:
        await school.store.letterbox.offer(talk, "answered", TERM)
        assert await says(school, talk, ("C24", "yes"), ("C24a", "a_bit"))
    marks = [one.mark for one in await school.store.letterbox.pending()]
    sealed = [one.sealed for one in await school.store.letterbox.pending() if one.sealed]
    before = await read_tables(school.url)
    assert await posted(school) == 24
    after = await read_tables(school.url)
    assert changed(before, after) == {"boxes", "box_letters", "box_marks", "pending_letters"}
    assert after["pending_letters"] == []
    assert {len(row["sealed"]) for row in after["box_letters"]} == {1200}
    [box] = after["boxes"]
    assert (box["asked"], box["letters"]) == (8, 16)
    names = {name for row in after["box_letters"] for name in row}
    assert names == {"id", "site", "term", "sealed", "mac"}
    secrets = [talk.found.case for talk in talks] + [ada.lead.id]
    secrets += [row["reference"] for row in after["cases"]]
    cells = [cell.encode() if isinstance(cell, str) else cell for row in after["box_letters"] for cell in row.values()]
    for one in secrets:
        assert not any(one.encode() in cell for cell in cells)
    # As the rows lie in the file, and as their keys are ordered: neither is the order of the answers.
    for table, column, said in (("box_letters", "sealed", sealed), ("box_marks", "mark", marks)):
        place = "rowid" if school.engine == "sqlite" else "ctid"
        lying = [row[0] for row in await fetch(school.url, text(f"SELECT {column} FROM {table} ORDER BY {place}"))]  # type: ignore[arg-type]  # noqa: S608
        keyed = [row[column] for row in after[table]]
        assert sorted(lying) == sorted(keyed) == sorted(said)
        for order in (lying, keyed):
            assert order not in (said, said[::-1])


async def test_raw_bytes_and_logs_hold_no_mark_of_a_case_beside_a_letter(
    school: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await school.join("Ada")
    talk = await answered(school, ada, 1)
    await school.store.letterbox.offer(talk, "answered", TERM)
    await says(school, talk, ("C24", "no"))
    [sealed] = [one.sealed for one in await school.store.letterbox.pending() if one.sealed]
    marks = [one.mark for one in await school.store.letterbox.pending()]
    on_its_way = await raw_bytes(school.url)
    assert sealed not in on_its_way  # nobody sees in which row it was, once it is in the box
    assert not any(mark in on_its_way for mark in marks)
    await posted(school)
    await school.store.watch.sweep()
    kept = await read_tables(school.url)
    assert [row["sealed"] for row in kept["box_letters"]] == [sealed]
    assert not [row for row in kept["audit"] if "letter" in row["action"] or "box" in row["action"]]
    assert talk.found.case not in caplog.text


async def test_it_is_opened_from_five_on_and_only_by_whom_it_is_wrapped_for(school: Any) -> None:
    ada, dan = await school.join("Ada"), await school.join("Dan", "deputy", 501)
    ina = await school.join("Ina", "independent", 502)
    talks = [await answered(school, ada, chat) for chat in range(1, 7)]
    for talk in talks[: OPENED_FROM - 1]:
        await school.store.letterbox.offer(talk, "answered", TERM)
        await says(school, talk, ("C24", "no"))
    await posted(school)
    ada, dan, ina = [await school.unlock(*one) for one in (("Ada", 500), ("Dan", 501), ("Ina", 502))]
    [few] = await school.store.desk.boxes.read(ada, SITE, [TERM])
    assert (few.asked, dict(few.felt)) == (4, {})
    for talk in talks[OPENED_FROM - 1 :]:
        reached = await school.store.talks.open(school.arrival(talk.address.chat_id), talk.words)
        await school.store.letterbox.offer(reached, "answered", TERM)
        await says(school, reached, ("C24", "yes"))
    await posted(school)
    ada, dan, ina = [await school.unlock(*one) for one in (("Ada", 500), ("Dan", 501), ("Ina", 502))]
    for lead in (ada, ina, ada):
        [told, none] = await school.store.desk.boxes.read(lead, SITE, [TERM, NEXT])
        assert (told.asked, dict(told.felt)) == (6, {("C24", "no"): 4, ("C24", "yes"): 2})
        assert (none.asked, dict(none.felt)) == (0, {})
    assert await school.store.desk.boxes.read(dan, SITE, [TERM]) is None
    fay = await school.join("Fay", "auditor", 503)
    with pytest.raises(NotOffered):
        await school.store.desk.boxes.read(fay, SITE, [TERM])


async def test_a_lead_who_came_later_opens_it_once_another_has(school: Any) -> None:
    ada = await school.join("Ada")
    for chat in range(1, 6):
        talk = await answered(school, ada, chat)
        await school.store.letterbox.offer(talk, "answered", TERM)
        await says(school, talk, ("C24a", "yes"))
    eve = await school.join("Eve", chat=501)
    await posted(school)
    eve, ada = await school.unlock("Eve", 501), await school.unlock("Ada")
    assert (await school.store.desk.boxes.read(eve, SITE, [TERM]))[0].felt == {}
    assert (await school.store.desk.boxes.read(ada, SITE, [TERM]))[0].felt == {("C24a", "yes"): 5}
    assert (await school.store.desk.boxes.read(eve, SITE, [TERM]))[0].felt == {("C24a", "yes"): 5}
    assert (await school.store.watch.verify()).holds


async def filled(school: Any, ada: Any) -> None:
    """Five people have said that they feel safer; it is in the box."""
    for chat in range(1, 6):
        talk = await answered(school, ada, chat)
        await school.store.letterbox.offer(talk, "answered", TERM)
        await says(school, talk, ("C24a", "yes"))
    await posted(school)


async def test_with_new_keys_she_opens_the_boxes_of_before_and_the_old_keys_open_none(school: Any) -> None:
    ada = await school.join("Ada")
    await filled(school, ada)
    ada = await school.unlock("Ada")
    [before] = holders_of((await read_tables(school.url))["boxes"][0]["wraps"])
    assert before in ada.private_keys
    await renews(school, ada)
    _ = [one async for one in school.store.renewals.go_on(ada)]
    [after] = holders_of((await read_tables(school.url))["boxes"][0]["wraps"])
    assert (after in ada.private_keys, before in ada.private_keys) == (True, False)
    [told] = await school.store.desk.boxes.read(ada, SITE, [TERM])
    assert told.felt == {("C24a", "yes"): 5}
    assert (await school.store.watch.verify()).rows


async def renews(school: Any, lead: Any) -> None:
    """Draw new keys for her, and bring nothing over yet."""
    school.later(seconds=30)
    await school.store.leads.own_factors.prove(lead, school.arrival(500), PASSPHRASE, school.code("Ada"))
    await school.store.leads.own_factors.renew_keys(lead, school.arrival(500), PASSPHRASE)


async def test_a_renewal_that_was_cut_off_keeps_the_boxes_for_her_until_it_goes_on(school: Any) -> None:
    ada = await school.join("Ada")
    await filled(school, ada)
    ada = await school.unlock("Ada")
    await renews(school, ada)
    await school.store.postman.sweep()
    ada = await school.unlock("Ada")
    [told] = await school.store.desk.boxes.read(ada, SITE, [TERM])
    assert told.felt == {("C24a", "yes"): 5}
    former = ada.former
    _ = [one async for one in school.store.renewals.go_on(ada)]
    held = holders_of((await read_tables(school.url))["boxes"][0]["wraps"])
    assert (held, former in held) == (set(ada.private_keys), False)


async def test_a_box_that_changes_meanwhile_is_brought_over_all_the_same(
    school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bea = await school.join("Ada"), await school.join("Bea", chat=501)
    await filled(school, ada)
    ada = await school.unlock("Ada")
    await renews(school, ada)
    real, left = Boxes._commit, [True]

    async def changed_meanwhile(self: Any, *given: Any) -> None:
        if left and left.pop():
            await school.store.leads.team.disable(bea.lead.id)
            await school.store.postman.sweep()
        await real(self, *given)

    monkeypatch.setattr(Boxes, "_commit", changed_meanwhile)
    _ = [one async for one in school.store.renewals.go_on(ada)]
    assert not left
    [row] = (await read_tables(school.url))["boxes"]
    assert (holders_of(row["wraps"]), row["asked"]) == (set(ada.private_keys), 5)


async def test_who_is_shut_out_while_she_renews_her_keys_has_a_wrap_for_neither(school: Any) -> None:
    ada, bea = await school.join("Ada"), await school.join("Bea", chat=501)
    await filled(school, ada)
    ada = await school.unlock("Ada")
    await renews(school, ada)
    await school.store.leads.team.disable(ada.lead.id)
    await school.store.postman.sweep()
    bea = await school.unlock("Bea", 501)
    assert holders_of((await read_tables(school.url))["boxes"][0]["wraps"]) == set(bea.private_keys)
    assert (await school.store.desk.boxes.read(bea, SITE, [TERM]))[0].felt == {("C24a", "yes"): 5}
    assert (await school.store.watch.verify()).rows


async def test_who_was_shut_out_or_has_another_role_has_no_wrap_of_any_box(school: Any) -> None:
    ada, bea = await school.join("Ada"), await school.join("Bea", chat=501)
    await filled(school, ada)
    assert len(holders_of((await read_tables(school.url))["boxes"][0]["wraps"])) == 2
    await school.store.leads.team.disable(bea.lead.id)
    await school.store.postman.sweep()
    left = holders_of((await read_tables(school.url))["boxes"][0]["wraps"])
    ada = await school.unlock("Ada")
    assert left == set(ada.private_keys)
    assert (await school.store.watch.verify()).rows
    again = await read_tables(school.url)
    await school.store.postman.sweep()
    assert (await read_tables(school.url))["boxes"] == again["boxes"]


async def test_who_answers_twice_is_told_that_the_first_answer_stands(school: Any) -> None:
    ada = await school.join("Ada")
    talk = await answered(school, ada, 1)
    store = school.store
    await store.letterbox.offer(talk, "answered", TERM)
    again = await store.talks.open(school.arrival(2), talk.words)  # another tab
    assert await store.letterbox.offer(again, "answered", TERM)
    assert await says(school, talk, ("C24", "no"))
    assert not await says(school, again, ("C24", "yes"))
    assert await store.letterbox.left(again) == ("C24a",)
    assert await says(school, again, ("C24a", None))  # passed over: nothing is put in, and it is not asked again
    assert not await store.letterbox.offer(again, "answered", TERM)
    await posted(school)
    later = await store.talks.open(school.arrival(3), talk.words)
    assert not await store.letterbox.offer(later, "answered", TERM)
    assert not await says(school, later, ("C24", "yes"))
    [box] = (await read_tables(school.url))["boxes"]
    assert (box["asked"], box["letters"]) == (1, 1)
    assert await store.letterbox.offer(later, "closed", TERM)  # the other occasion is asked apart
    assert await says(school, later, ("C24", "yes"), ("C24a", "yes"))


async def test_two_at_the_same_moment_are_one(school: Any) -> None:
    ada = await school.join("Ada")
    talk = await answered(school, ada, 1)
    again = await school.store.talks.open(school.arrival(2), talk.words)
    for one in (talk, again):
        await school.store.letterbox.offer(one, "answered", TERM)
    await asyncio.gather(says(school, talk, ("C24", "no")), says(school, again, ("C24", "no")))
    await posted(school)
    [box] = (await read_tables(school.url))["boxes"]
    assert (box["asked"], box["letters"]) == (1, 1)
    assert len((await read_tables(school.url))["box_letters"]) == 1


async def test_of_a_case_that_somebody_was_kept_out_of_or_about_an_adult_nobody_is_asked(school: Any) -> None:
    ada, bea = await school.join("Ada"), await school.join("Bea", chat=501)
    plain = await answered(school, ada, 1)
    assert (await school.store.talks.view(plain)).counted
    told = school.concern().answers
    adult = (*told, Answered("C14", told[1].question, Chose(("yes",))))
    hidden: Sequence[dict[str, Any]] = (
        {"excluded": (bea.lead.id,)},
        {"withheld": (bea.lead.id,)},
        {"unsure": True},
        {"answers": adult},
        {"categories": ("staff_conduct.allegation",)},
    )
    for chat, changes in enumerate(hidden, 10):
        talk = await answered(school, ada, chat, **changes)
        assert not (await school.store.talks.view(talk)).counted, changes
    both = await school.send((ada, bea), chat=30)
    await school.reads(ada, both.talk.found.case)
    assert (await school.store.talks.view(both.talk)).counted
    await school.store.desk.act(
        ada, school.arrival(500), both.talk.found.case, None, Exclude(bea.lead.id, "It is about her.")
    )
    assert not (await school.store.talks.view(both.talk)).counted


async def test_where_nobody_could_open_it_nobody_is_asked(school: Any) -> None:
    dan = await school.join("Dan", "deputy")
    talk = await answered(school, dan, 1)
    assert not await school.store.letterbox.offer(talk, "answered", TERM)
    assert not await says(school, talk, ("C24", "yes"))
    tables = await read_tables(school.url)
    assert (tables["boxes"], tables["pending_letters"]) == ([], [])


async def test_after_a_week_without_hark_what_waited_is_put_in_before_its_key_goes(school: Any) -> None:
    ada = await school.join("Ada")
    talk = await answered(school, ada, 1)
    await school.store.letterbox.offer(talk, "answered", TERM)
    await says(school, talk, ("C24", "yes"))
    await school.store.close()
    school.later(days=7)
    await school.open()
    assert await school.store.postman.look() == 2
    await school.store.watch.sweep()
    assert len((await read_tables(school.url))["box_letters"]) == 1


async def test_the_time_of_the_day_is_the_same_after_a_restart_and_another_each_day(school: Any) -> None:
    times = []
    for _ in range(6):
        drawn = school.store.postman._moment()
        await school.store.close()
        await school.open()
        assert school.store.postman._moment() == drawn
        times.append(drawn.time())
        school.later(days=1)
    assert len(set(times)) == 6


async def test_what_was_taken_from_a_box_or_put_into_it_by_another_hand_is_noticed(school: Any) -> None:
    ada = await school.join("Ada")
    for chat in range(1, 7):
        talk = await answered(school, ada, chat)
        await school.store.letterbox.offer(talk, "answered", TERM)
        await says(school, talk, ("C24", "no"))
    await posted(school)
    ada = await school.unlock("Ada")
    whole = await read_tables(school.url)
    first = box_letters.c.id == whole["box_letters"][0]["id"]
    for harm in (
        delete(box_letters).where(first),
        update(box_letters).where(first).values(id="0" * 32),
        update(box_letters).where(first).values(sealed=whole["box_letters"][1]["sealed"]),
        update(boxes).values(asked=7),
        update(boxes).values(letters=5),
        delete(boxes),
    ):
        await tamper(school.url, harm)
        with pytest.raises(Tampered):
            await school.store.desk.boxes.read(ada, SITE, [TERM])
        assert not (await school.store.watch.verify()).rows
        await restored(school, whole)
    [told] = await school.store.desk.boxes.read(ada, SITE, [TERM])
    assert told.felt == {("C24", "no"): 6}


async def restored(school: Any, whole: Any) -> None:
    assert await write_tables(school.url, {name: whole[name] for name in ("boxes", "box_letters")})


async def test_what_waits_and_is_not_genuine_keeps_nothing_else_from_the_box(school: Any) -> None:
    ada = await school.join("Ada")
    for chat in (1, 2):
        talk = await answered(school, ada, chat)
        await school.store.letterbox.offer(talk, "answered", TERM)
        await says(school, talk, ("C24", "no"))
    first = pending_letters.c.id == (await read_tables(school.url))["pending_letters"][0]["id"]
    await tamper(school.url, update(pending_letters).where(first).values(sealed=b"x" * 2000))
    before = school.store.tampered
    assert await posted(school) == 3
    assert school.store.tampered > before


async def test_a_box_goes_after_four_years_with_all_that_is_in_it(school: Any) -> None:
    ada = await school.join("Ada")
    talk = await answered(school, ada, 1)
    await school.store.letterbox.offer(talk, "answered", TERM)
    await says(school, talk, ("C24", "no"))
    await posted(school)
    school.later(days=3 * 366)
    await school.store.postman.sweep()
    assert (await read_tables(school.url))["box_letters"]
    school.later(days=366)
    await school.store.postman.sweep()
    tables = await read_tables(school.url)
    assert not any(tables[name] for name in ("boxes", "box_letters", "box_marks"))
    assert (await school.store.watch.verify()).rows


@pytest.mark.sqlite_only("what is kept by one turn is one turn on each engine")
async def test_killed_anywhere_between_the_answer_and_the_box_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path,
) -> None:
    killed = await asyncio.to_thread(run_module, "tests.storage.killed_letters", str(tmp_path))
    assert killed.returncode == 0, killed.stderr
    known = json.loads((tmp_path / "known").read_text())
    found: Counter[tuple[str, int]] = Counter()
    for folder in sorted(tmp_path.glob("*-*")):  # noqa: ASYNC240 - a folder of a test
        school = await reopened(folder, known)
        school.updates = 9_000
        for number, words in enumerate(known["words"]):
            talk = await school.store.talks.open(school.arrival(40 + number), words)
            if await school.store.letterbox.offer(talk, "answered", TERM):  # who got no answer to it says it again
                await says(school, talk, *((one, "yes") for one in await school.store.letterbox.left(talk)))
        await posted(school)
        await posted(school)
        ada = await school.unlock("Ada")
        [told] = await school.store.desk.boxes.read(ada, SITE, [TERM])
        assert told.asked == len(known["words"]), folder.name
        assert sum(told.felt.values()) == len(known["words"]) * len(ANSWERS), folder.name
        assert (await school.store.watch.verify()).holds, folder.name
        found[folder.name.split("-")[0], 1] += 1
        await school.store.close()
    assert {how for how, _ in found} == {"says", "posts"}
    assert min(found.values()) > 1


def test_each_answer_has_a_byte_of_its_own() -> None:
    registers: tuple[Register, ...] = ("under_12", "12_17", "parent", "staff")
    every = list(product(QUESTIONS, FELT, registers))
    assert [read_letter(letter(*one)) for one in every] == every
    assert len({letter(*one) for one in every}) == len(every)
    assert letter("C24", "yes", "under_12") == b"\x00\x00"  # the form is frozen
    with pytest.raises(ValueError, match="no letter"):
        read_letter(b"\xff\x00")
