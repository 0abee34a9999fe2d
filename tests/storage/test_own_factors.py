"""What a lead signs in with, changed by herself: passphrase, authenticator, spare codes and keys."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from storage.deeds.words import AddNote
from storage.values.errors import (
    CodeMissing,
    NotOffered,
    NotUnlocked,
    Refusal,
    SessionOver,
    UnfitPassphrase,
)
from tests.raw_database import read_tables, write_tables
from tests.storage.conftest import CANARY, PASSPHRASE

NEW = "nine herons knit quietly"
NAME = "Ada Byron"


@pytest.fixture
async def ada(school: Any) -> Any:
    """A lead with three cases, and a colleague who has them too."""
    lead = await school.join(NAME)
    bea = await school.join("Bea Holm", "deputy", 501)
    for chat in (1, 2, 3):
        await school.send((lead,), (bea,), chat=chat)
    return lead


async def proves(school: Any, session: Any, passphrase: str = PASSPHRASE) -> None:
    school.later(seconds=30)
    await school.store.leads.own_factors.prove(session, school.arrival(500), passphrase, school.code(NAME))


async def opens(school: Any, session: Any) -> int:
    """How many cases a session reads whole."""
    rows = (await school.store.desk.queues.page(session)).rows
    views = [await school.store.desk.open_case(session, school.arrival(500), row.id) for row in rows]
    assert all(CANARY in str(view.entries[0].answers) for view in views)
    return len(views)


async def fails(school: Any, passphrase: str, code: str) -> None:
    school.later(minutes=6)
    with pytest.raises(NotUnlocked):
        await school.store.leads.unlock(school.arrival(500), NAME, passphrase, code)


async def test_a_new_passphrase_takes_the_place_of_the_old_one_and_ends_her_other_desks(school: Any, ada: Any) -> None:
    elsewhere = await school.unlock(NAME, 502)
    await proves(school, ada)
    with pytest.raises(UnfitPassphrase):
        await school.store.leads.own_factors.change_passphrase(ada, school.arrival(500), "too short")
    await school.store.leads.own_factors.change_passphrase(ada, school.arrival(500), NEW)
    assert (ada.is_open, elsewhere.is_open) == (True, False)
    await fails(school, PASSPHRASE, school.code(NAME))
    school.later(minutes=6)
    again = await school.store.leads.unlock(school.arrival(500), NAME, NEW, school.code(NAME))
    assert await opens(school, again) == 3
    with pytest.raises(CodeMissing):
        await school.store.leads.own_factors.change_passphrase(again, school.arrival(500), PASSPHRASE)


async def test_both_factors_are_asked_for_anew_and_count_for_one_change_and_ten_minutes(school: Any, ada: Any) -> None:
    own = school.store.leads.own_factors
    school.later(seconds=30)
    with pytest.raises(NotUnlocked):
        await own.prove(ada, school.arrival(500), NEW, school.code(NAME))
    with pytest.raises(CodeMissing):
        await own.change_passphrase(ada, school.arrival(500), NEW)
    await proves(school, ada)
    school.later(minutes=11)
    with pytest.raises((CodeMissing, SessionOver)):
        await own.new_spare_codes(ada, school.arrival(500))


async def test_a_new_authenticator_serves_once_it_is_confirmed_and_the_old_one_until_then(
    school: Any, ada: Any
) -> None:
    own = school.store.leads.own_factors
    with pytest.raises(NotOffered):
        await own.confirm_authenticator(ada, school.arrival(500), "000000")
    await proves(school, ada)
    joining = await own.begin_authenticator(ada)
    old, new = school.secrets[NAME], base64.b32decode(joining.secret)
    with pytest.raises(NotUnlocked):
        await own.confirm_authenticator(ada, school.arrival(500), "000000")
    await school.unlock(NAME, 502)  # with the old one
    school.secrets[NAME] = new
    await own.confirm_authenticator(ada, school.arrival(500), school.code(NAME))
    await school.unlock(NAME, 502)
    school.secrets[NAME] = old
    await fails(school, PASSPHRASE, school.code(NAME))


async def test_a_spare_code_serves_once_in_the_place_of_the_phone_also_over_an_older_database(
    school: Any, ada: Any
) -> None:
    own = school.store.leads.own_factors
    await proves(school, ada)
    codes = await own.new_spare_codes(ada, school.arrival(500))
    assert len({*codes}) == 8
    before = await read_tables(school.url)
    assert not any(code.encode() in str(before).encode() for code in codes)
    school.later(minutes=1)
    session = await school.store.leads.unlock(school.arrival(502), NAME, PASSPHRASE, codes[0])
    assert await own.spare_codes_left(session) == 7
    await own.prove(session, school.arrival(502), PASSPHRASE, codes[1])
    await fails(school, PASSPHRASE, codes[0])
    assert await write_tables(school.url, before)
    with pytest.raises(Refusal):  # the roster is older than the version beside the key file
        await school.store.leads.unlock(school.arrival(500), NAME, PASSPHRASE, codes[0])


async def test_renewed_keys_open_every_case_and_those_of_before_none_any_more(school: Any, ada: Any) -> None:
    own, renewals = school.store.leads.own_factors, school.store.renewals
    before = await read_tables(school.url)
    old_seed = bytes(ada.seed_copy())
    old_key = ada.keys.card.key_id
    await proves(school, ada)
    await own.renew_keys(ada, school.arrival(500), PASSPHRASE)
    assert await renewals.left(ada) == 3
    assert await opens(school, ada) == 3, "with the keys of before, until they are brought over"
    await school.send((ada,), chat=4)
    steps = [one async for one in renewals.go_on(ada)]
    assert [(one.done, one.of) for one in steps] == [(1, 3), (2, 3), (3, 3), (3, 3)]
    assert ada.former is None
    after = await read_tables(school.url)
    assert old_key in {row["key_id"] for row in before["wraps"]}
    assert old_key not in {row["key_id"] for row in after["wraps"]}
    assert [row["former_seed"] for row in after["leads"]] == [None, None]
    assert old_seed != bytes(ada.seed_copy())
    assert (await school.store.watch.verify()).holds
    assert [row["action"] for row in after["audit"] if row["lead_id"] == ada.lead.id].count("rewrap") == 3
    again = await school.unlock(NAME)
    assert await opens(school, again) == 4
    rows = (await school.store.desk.queues.page(again)).rows
    views = [await school.store.desk.open_case(again, school.arrival(500), row.id) for row in rows]
    assert [entry.action.what for view in views for entry in view.entries if entry.action] == ["rewrap"] * 3


async def test_what_she_signed_before_is_hers_still(school: Any, ada: Any) -> None:
    [row, *_] = (await school.store.desk.queues.page(ada)).rows
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, AddNote("Rang the school."))
    await proves(school, ada)
    await school.store.leads.own_factors.renew_keys(ada, school.arrival(500), PASSPHRASE)
    _ = [one async for one in school.store.renewals.go_on(ada)]
    view = await school.store.desk.open_case(ada, school.arrival(500), row.id)
    assert [entry.by.name for entry in view.entries if entry.kind == "note"] == [NAME]


@pytest.mark.parametrize("cases", [0, 1, 3])
async def test_stopped_anywhere_it_goes_on_at_the_next_unlock(school: Any, ada: Any, cases: int) -> None:
    await proves(school, ada)
    await school.store.leads.own_factors.renew_keys(ada, school.arrival(500), PASSPHRASE)
    done = 0
    if cases:
        async for _ in school.store.renewals.go_on(ada):
            done += 1
            if done == cases:
                break
    await school.store.close()  # as the process would end
    await school.open()
    session = await school.unlock(NAME)
    assert session.former is not None
    assert await opens(school, session) == 3
    _ = [one async for one in school.store.renewals.go_on(session)]
    assert session.former is None
    assert await opens(school, await school.unlock(NAME)) == 3
    assert (await school.store.watch.verify()).holds


async def test_a_case_that_is_not_genuine_keeps_the_keys_of_before(school: Any, ada: Any) -> None:
    await proves(school, ada)
    await school.store.leads.own_factors.renew_keys(ada, school.arrival(500), PASSPHRASE)
    rows = await read_tables(school.url)
    rows["headers"][0]["sealed"] = b"x" * len(rows["headers"][0]["sealed"])
    assert await write_tables(school.url, rows)
    ada.case_keys.clear()
    steps = [one async for one in school.store.renewals.go_on(ada)]
    assert (steps[-1].done, steps[-1].forged, steps[-1].is_over) == (2, 1, False)
    assert ada.former is not None


@pytest.mark.sqlite_only("what is wrapped is decided above the engine")
async def test_who_was_let_in_with_the_talk_of_before_alone_renews_her_keys_too(school: Any) -> None:
    bea = await school.join("Bea Holm", "deputy", 501)
    hal = await school.join(NAME, "head", 500)
    sent = await school.send((bea,), chat=7)
    await school.say(sent.talk, "it is Bea Holm herself", chat=7)  # the case is handed up to the head
    await proves(school, hal)
    await school.store.leads.own_factors.renew_keys(hal, school.arrival(500), PASSPHRASE)
    steps = [one async for one in school.store.renewals.go_on(hal)]
    assert (steps[-1].forged, hal.former) == (0, None)
    assert await opens(school, hal) == 1
    assert (await school.store.watch.verify()).holds


async def test_a_passphrase_that_is_changed_while_keys_are_renewed_locks_nobody_out(school: Any, ada: Any) -> None:
    """Found by the model: the seed of before was bound to the version of the one of now."""
    own = school.store.leads.own_factors
    await proves(school, ada)
    await own.renew_keys(ada, school.arrival(500), PASSPHRASE)
    await proves(school, ada)
    await own.change_passphrase(ada, school.arrival(500), NEW)
    assert await opens(school, ada) == 3
    school.later(minutes=1)
    again = await school.store.leads.unlock(school.arrival(500), NAME, NEW, school.code(NAME))
    again.reasoned = ada.reasoned
    assert await opens(school, again) == 3
    assert await school.store.renewals.left(again) == 3
    *_, last = [one async for one in school.store.renewals.go_on(again)]
    assert (last.done, last.is_over) == (3, True)
    assert await opens(school, again) == 3
    assert (await school.store.watch.verify()).holds
