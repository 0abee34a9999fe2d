"""The audit log as a tree: checkpoints that lead to each other, and whatever was changed since is found by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import make_url

from storage.core.audit.audit_log import signer
from storage.core.audit.check_log import Handed, LogCheck, Problem
from storage.core.audit.kept_tree import tree_beside
from storage.core.audit.log_rows import AuditRow, leaf_of, link
from storage.core.audit.stored_log import StoredLog
from storage.database.schema.sites import audit
from storage.database.turn import Logged
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.transparency.checkpoint import Checkpoint, InclusionProof, read_checkpoint
from storage.sealing.transparency.merkle_tree import hash_leaf
from tests.raw_database import read_tables, tamper, write_tables

KEY = ServerKey(b"k" * 32)


def chained(count: int, key: ServerKey = KEY) -> list[dict[str, Any]]:
    """Rows as Hark writes them."""
    rows, mac = list[dict[str, Any]](), b""
    for number in range(1, count + 1):
        logged = Logged(1_790_000_000 + number // 10 * 3600, f"lead{number % 7}", "read", f"case{number % 50}")
        mac = link(key, mac, number, logged)
        row = {"number": number, "hour": logged.hour, "lead_id": logged.lead, "action": logged.action}
        rows.append({**row, "case_id": logged.case, "mac": mac, "bound": None})
    return rows


def head_of(rows: list[dict[str, Any]], size: int) -> Checkpoint:
    check = LogCheck(Handed())
    check.take(rows)
    return Checkpoint("log", size, check.tree.root(size))


def problems(rows: list[Any], handed: Handed, key: ServerKey | None = None) -> tuple[Problem, ...]:
    check = LogCheck(handed, key)
    for begin in range(0, len(rows), 10):
        check.take(rows[begin : begin + 10])
    return check.end()


ROWS = chained(40)
HANDED = Handed([(str(size), head_of(ROWS, size)) for size in (30, 10, 20)])


def test_a_log_that_is_what_was_handed_out_has_nothing_wrong() -> None:
    assert problems(ROWS, HANDED) == problems(ROWS, HANDED, KEY) == ()


#: What somebody might do to a log, and what is found of it: without the server key, and with it.
CHANGES: dict[str, tuple[Callable[[list[AuditRow]], list[AuditRow]], Problem, Problem]] = {
    "cut off its end": (lambda rows: rows[:25], Problem("cut", 25, "30", 30), Problem("cut", 25, "30", 30)),
    "leave one out": (
        lambda rows: [*rows[:14], *rows[15:]],
        Problem("missing", 14, size=15),
        Problem("missing", 14, size=15),
    ),
    "change one": (
        lambda rows: [*rows[:14], {**rows[14], "lead_id": "eve"}, *rows[15:]],
        Problem("changed", 10, "20", 20),
        Problem("unlinked", 14, size=15),
    ),
    "add one in the middle": (
        lambda rows: [*rows[:14], rows[13], *rows[14:]],
        Problem("missing", 14, size=15),
        Problem("missing", 14, size=15),
    ),
    "write another log with the server's own key": (
        lambda rows: [*rows[:5], *chained(40, ServerKey(b"o" * 32))[5:]],
        Problem("changed", 0, "10", 10),
        Problem("unlinked", 5, size=6),
    ),
    "put what is no text in one": (
        lambda rows: [*rows[:14], {**rows[14], "hour": 1.5}, *rows[15:]],
        Problem("missing", 14, size=15),
        Problem("missing", 14, size=15),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_is_found_with_the_last_entry_that_is_sure(what: str) -> None:
    change, without, with_key = CHANGES[what]
    rows = change(list(ROWS))
    assert problems(rows, HANDED)[0] == without
    assert problems(rows, HANDED, KEY)[0] == with_key


def test_whoever_has_the_key_of_the_chain_and_writes_it_anew_is_found_by_a_checkpoint() -> None:
    other = [{**row, "action": "close"} for row in ROWS]
    mac = b""
    for row in other:
        mac = link(KEY, mac, row["number"], Logged(row["hour"], row["lead_id"], row["action"], row["case_id"]))
        row["mac"] = mac
    assert problems(other, Handed(), KEY) == ()
    assert {one.fault for one in problems(other, HANDED, KEY)} == {"changed"}


def test_two_checkpoints_of_one_size_that_differ_are_found() -> None:
    other = replace(head_of(ROWS, 20), root=b"o" * 32)
    found = problems(ROWS, Handed([*HANDED.checkpoints, ("other", other)]))
    assert Problem("forked", 30, "other", 20) in found or Problem("forked", 30, "20", 20) in found


def test_a_proof_is_of_its_own_entry_and_of_this_log_alone() -> None:
    check = LogCheck(Handed())
    check.take(ROWS)
    head = Checkpoint("log", 40, check.tree.root(40))
    proof = InclusionProof(leaf_of(ROWS[6]), 6, check.tree.prove_inclusion(6, 40), "")
    assert problems(ROWS, Handed(proofs=[("proof", proof, head)])) == ()
    other = replace(proof, leaf=leaf_of(ROWS[7]))
    assert problems(ROWS, Handed(proofs=[("proof", other, head)])) == (Problem("unproved", 40, "proof", 7),)


def test_a_seal_tells_how_long_the_log_was_and_a_wrong_one_is_of_no_state() -> None:
    seal = head_of(ROWS, 23).seal()
    check = LogCheck(Handed(seals=frozenset({seal}), origins=("log",)))
    check.take(ROWS)
    assert (check.end(), check.sealed) == ((), {seal: 23})
    changed = [*ROWS[:4], {**ROWS[4], "hour": 0}, *ROWS[5:]]
    assert problems(changed, Handed(seals=frozenset({seal}), origins=("log",))) == (Problem("unsealed", 0, seal),)


async def rows_of(school: Any) -> list[AuditRow]:
    """The rows as whoever has a copy of the database reads them, with no store open."""
    url = make_url(school.url)
    log = StoredLog(Path(url.database or "") if school.engine == "sqlite" else url)
    return [row async for rows, _ in log.rows() for row in rows]


async def test_each_checkpoint_leads_to_the_next_and_to_the_rows_of_the_database(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    notes = [await school.store.audit.checkpoint()]
    for _ in range(3):
        await school.send((ada,))
        notes.append(await school.store.audit.checkpoint())
    await school.store.close()
    await school.open()  # it goes on where it was, from the file beside the key
    notes.append(await school.store.audit.checkpoint())
    own = [signer(KEY).verifier]
    heads = [("note", read_checkpoint(note, own)) for note in notes]
    assert [head.size for _, head in heads] == [1, 2, 3, 4, 4]
    assert problems(await rows_of(school), Handed(heads), KEY) == ()
    assert school.store.tampered == 0


async def test_what_follows_a_row_that_was_changed_is_never_signed(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    note = await school.store.audit.checkpoint()
    await school.send((ada,))
    await tamper(school.url, update(audit).where(audit.c.number == 2).values(action="read"))
    assert await school.store.audit.checkpoint() == note
    assert await school.store.audit.seal() is None
    assert school.store.tampered == 2
    assert not (await school.store.watch.verify()).audit


async def test_a_log_that_was_written_anew_with_the_servers_key_is_found_by_the_tree_beside_it(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    await school.send((ada,))
    await school.store.watch.sweep()
    before = await read_tables(school.url)
    first = Logged(0, "eve", "join")
    mac = link(KEY, b"", 1, first)
    second = before["audit"][1]
    logged = Logged(second["hour"], second["lead_id"], second["action"], second["case_id"])
    forged = {**before["audit"][0], "hour": 0, "lead_id": "eve", "action": "join", "mac": mac}
    again = {**second, "mac": link(KEY, mac, 2, logged)}
    await tamper(school.url, delete(audit), insert(audit).values([forged, again]))
    (school.folder / "roster.version.audit").unlink()
    assert not (await school.store.watch.verify()).audit
    assert await write_tables(school.url, before)
    assert (await school.store.watch.verify()).audit


async def test_a_tree_that_somebody_wrote_is_counted_and_made_anew(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    note = await school.store.audit.checkpoint()
    await school.store.close()
    path = tree_beside(school.folder / "roster.version")
    path.write_text(path.read_text().replace("1\n", "2\n", 1))
    await school.open()
    assert await school.store.audit.checkpoint() == note
    assert school.store.tampered == 1


async def test_the_seal_is_of_the_checkpoint_and_tells_no_size(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    seal = await school.store.audit.seal()
    head = read_checkpoint(await school.store.audit.checkpoint(), [signer(KEY).verifier])
    assert seal == head.seal()
    assert [len(group) for group in seal.split("-")] == [5, 5, 5, 5]


async def test_a_leaf_is_the_row_and_nothing_is_left_out(school: Any) -> None:
    """Whoever checks offline hashes what stands in the database: a column more would be one that nothing binds.

    `bound` is itself a MAC over all others, and another one after each change of the server key.
    """
    await school.join("Ada Byron", chat=500)
    async with school.store._core.read() as connection:
        [row] = (await connection.execute(select(audit))).mappings().all()
    assert set(row) == {"number", "hour", "lead_id", "action", "case_id", "mac", "bound"}
    own = leaf_of(row)
    for name, value in ((name, value) for name, value in row.items() if name != "bound"):
        other = {**row, name: value + 1 if isinstance(value, int) else b"x" if isinstance(value, bytes) else "x"}
        assert hash_leaf(leaf_of(other)) != hash_leaf(own), name
