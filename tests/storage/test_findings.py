"""What audits found in comparable systems, tried here; what else lies in the store has its test where it belongs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import and_, select

from flows.values.ids import LeadId
from storage.database.schema.cases import entries, epochs, headers, wraps
from storage.sealing.keys import lead_keys
from storage.sealing.keys.case_keys import Commitments, Epoch, Wrap, WrapKind, unwrap_case_keys
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_box
from storage.sealing.primitives.errors import CannotOpen
from storage.values.errors import NotUnlocked, SessionOver
from tests.raw_database import all_bytes, fetch
from tests.storage.conftest import CANARY, PASSPHRASE


async def test_nobody_enrols_a_second_factor_for_somebody_else(school: Any) -> None:
    leads = school.store.leads
    ada = await school.join("Ada Byron", chat=500)
    again = (await leads.invites.draw("Ada Byron", "lead", "oakfield")).code
    assert await leads.joining.begin(school.arrival(6), again, PASSPHRASE) is None, (
        "a name that is taken keeps its factors"
    )
    code = (await leads.invites.draw("Bea Potter", "lead", "oakfield")).code
    joining = await leads.joining.begin(school.arrival(5), code, PASSPHRASE)
    school.secrets["Bea Potter"] = base64.b32decode(joining.secret)
    with pytest.raises(SessionOver):
        await leads.confirm_join(school.arrival(6), school.code("Bea Potter"))
    bea = await leads.confirm_join(school.arrival(5), school.code("Bea Potter"))
    assert (bea.lead.name, ada.lead.id != bea.lead.id) == ("Bea Potter", True)


async def test_an_unknown_name_a_lead_who_was_shut_out_and_a_wrong_factor_take_the_same_work(
    school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await school.join("Ada Byron", chat=500)
    bea = await school.join("Bea Potter", chat=501)
    await school.store.leads.team.disable(bea.lead.id)
    school.later(seconds=60)
    derived, real = [], lead_keys.stretch
    monkeypatch.setattr(lead_keys, "stretch", lambda *given: derived.append(given[2]) or real(*given))
    for chat, (name, passphrase) in enumerate(
        (("Nobody", PASSPHRASE), ("Bea Potter", PASSPHRASE), ("Ada Byron", "wrong"), ("Ada Byron", PASSPHRASE))
    ):
        with pytest.raises(NotUnlocked):
            await school.store.leads.unlock(school.arrival(900 + chat), name, passphrase, "000000")
    assert len(derived) == 4
    assert len(set(derived)) == 1, "at the same cost"


async def test_where_sealing_fails_nothing_is_kept_in_clear_and_the_draft_stays(school: Any) -> None:
    ada, eve = await school.join("Ada Byron", chat=500), await school.join("Eve Ray", "deputy", chat=501)
    roster = await school.store.leads.rosters.read()
    broken = replace(roster.leads[LeadId(eve.lead.id)], wrapping=b"no key")
    school.store.leads.rosters.known = replace(roster, leads={**roster.leads, broken.id: broken})
    with pytest.raises(ValueError, match="public key"):
        await school.send((ada, eve))
    assert (await school.store.watch.verify()).cases == 0
    assert CANARY.encode() not in await all_bytes(school.folder, school.url)


async def test_no_id_tells_how_many_cases_there_are_or_which_came_first(school: Any) -> None:
    ada = await school.join("Ada Byron")
    sent = [(await school.send((ada,), chat=chat)).talk.found.case for chat in range(1, 41)]
    rows = {row.id: row.reference for row in (await school.store.desk.queues.page(ada, limit=50)).rows}
    references = [rows[case] for case in sent]
    assert len({case[0] for case in sent}) > 8
    assert len({reference[0] for reference in references}) > 8
    assert sorted(references) not in (references, references[::-1])
    assert sorted(sent) not in (sent, sent[::-1])


async def test_with_the_database_and_every_key_file_no_case_opens_while_the_leads_are_locked(school: Any) -> None:
    """Whatever the key files give is tried on whatever is sealed of a case; the receipt shows that trying works."""
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    await school.say(sent.talk, "more words")
    school.store.leads.sessions.lock(ada.address)
    await school.store.close()
    keys = list(stolen(school.folder))
    assert len(keys) == 10
    assert await opened(school.url, keys) == 0
    found = sent.talk.found
    assert await opened(school.url, [found.receipt.wrapping_seed]) == 1, "the reporter's wrap"
    assert await opened(school.url, [found.keys[1].talk]) == 2, "both entries"


async def opened(url: str, keys: list[bytes]) -> int:
    """How much of what is sealed of cases opens with any of these keys."""
    boxes = [
        (Place("entries", row.case_id, row.number, row.kind, row.epoch), row.sealed)
        for row in await fetch(url, select(entries))
    ]
    boxes += [
        (Place("headers", row.case_id, row.epoch, "header", row.version), row.sealed)
        for row in await fetch(url, select(headers))
    ]
    same = and_(wraps.c.case_id == epochs.c.case_id, wraps.c.epoch == epochs.c.epoch)
    wrapped = [
        (Wrap(Epoch(row.case_id, row.epoch), WrapKind(row.kind), row.key_id, row.blob), Commitments(row.talk, row.desk))
        for row in await fetch(url, select(wraps, epochs.c.talk, epochs.c.desk).join(epochs, same))
    ]
    assert (len(boxes), len(wrapped)) == (3, 2)
    tries = [partial(open_box, key, *box) for key in keys for box in boxes]
    tries += [partial(unwrap_case_keys, key, *wrap) for key in keys for wrap in wrapped]
    return sum(_works(one) for one in tries)


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except CannotOpen:
        return False
    return True


def stolen(folder: Path) -> Iterator[bytes]:
    """The keys that the files give, and those that are derived from them by any purpose in the code."""
    server = ServerKey(b"k" * 32)
    yield server.secret
    for purpose in ("address", "address-mark", "mac", "totp", "web chat sessions", "entries", "talk", "desk"):
        yield server.subkey(purpose)
    for path in (folder / "days").glob("*.daykey"):
        yield base64.b64decode(path.read_bytes().split(b"\n")[1])
