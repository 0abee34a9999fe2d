"""What release 0.1.0 left goes on under today's code, also after a migration that was killed anywhere in its middle."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from storage.database.migrate import NEWEST, migrate
from storage.sealing.receipts.receipt import RECEIPT_COST
from storage.values import Address, Arrival
from tests.handlers.paths import STORY, words_of
from tests.handlers.world import PASSPHRASE, World, totp_code
from tests.programs.start import run_module

pytestmark = pytest.mark.sqlite_only("what release 0.1.0 left is a SQLite file")

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "tests" / "storage" / "fixtures" / "0.1.0"
#: The chats of `make_0_1_0.py`.
SENT, ANSWERING, SENDING, UNSHOWN = (7_000_001 + n for n in range(4))


def unpacked(where: Path) -> dict[str, Any]:
    """Copy the files as that release left them, and give what was told then."""
    shutil.copytree(FIXTURE, where)
    for path in (where / "server.key", *(where / "days").iterdir()):
        path.chmod(0o600)
    told: dict[str, Any] = json.loads((where / "told.json").read_text())
    return told


@pytest.fixture
async def upgraded(tmp_path: Path) -> AsyncIterator[tuple[World, dict[str, Any]]]:
    """Today's Hark on those files, a few minutes later."""
    told = unpacked(tmp_path / "hark")
    world = World(tmp_path / "hark", receipt_cost=RECEIPT_COST)
    world.clock.at = datetime.fromisoformat(told["at"])
    world.clock.pass_(5)
    # The messenger goes on counting where it was.
    world.messenger.numbers, world.messenger.updates = count(50_000), count(900_000)
    await world.start()
    yield world, told
    await world.handlers.finish(0)
    await world.store.close()


async def test_everything_that_was_kept_is_genuine_still(upgraded: tuple[World, dict[str, Any]]) -> None:
    verified = await upgraded[0].store.watch.verify()
    assert (verified.cases, verified.forged, verified.roster, verified.audit) == (2, 0, True, True)


async def test_a_draft_goes_on_where_it_was_and_is_sent(upgraded: tuple[World, dict[str, Any]]) -> None:
    world, _ = upgraded
    for chat, last in ((ANSWERING, ("Done", "No", "Send")), (SENDING, ("Send",))):
        person = world.person(chat)
        await person.types("/start")
        await person.taps("Carry on")
        for label in last:
            await person.taps(label)
        assert words_of(person)
    assert (await world.store.watch.verify()).cases == 4


async def test_a_case_opens_with_its_words_for_the_lead_and_the_answer_for_the_reporter(
    upgraded: tuple[World, dict[str, Any]],
) -> None:
    world, told = upgraded
    desk, numbers = Address("telegram", 9_500_000), count(20_000_000)
    code = totp_code((world.where / "grace.totp").read_text(), world.clock())
    session = await world.store.leads.unlock(Arrival(desk, next(numbers)), "Grace Okafor", PASSPHRASE, code)
    shown = [
        await world.store.desk.open_case(session, Arrival(desk, next(numbers)), row.id)
        for row in (await world.store.desk.queues.page(session)).rows
    ]
    assert STORY in str(shown)
    back = world.person(SENT)
    await back.types("/return")
    await back.types(told["words"])
    assert any("Come to me at break." in one.text for one in back.messages)


async def test_a_receipt_that_was_never_shown_is_shown_now(upgraded: tuple[World, dict[str, Any]]) -> None:
    world, told = upgraded
    await world.handlers.send_pending_receipts()
    assert words_of(world.person(UNSHOWN)) == told["unshown"]


def state(path: Path) -> tuple[str, str]:
    """The schema's revision, and everything in the database as text."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0], "\n".join(
            connection.iterdump()
        )


@pytest.fixture
def left(tmp_path: Path) -> list[Path]:
    """What each kill left, in order; the last one came to its end."""
    killed = run_module("tests.storage.killed_migrations", str(FIXTURE / "hark.db"), str(tmp_path))
    assert killed.returncode == 0, killed.stderr
    return sorted(tmp_path.glob("*.db"), key=lambda path: int(path.stem))


async def test_a_migration_that_is_killed_at_any_statement_has_changed_nothing_and_begins_again(
    left: list[Path],
) -> None:
    before = state(FIXTURE / "hark.db")
    *killed, finished = left
    assert len(killed) > 10
    for path in killed:
        assert state(path) == before, path.name
    after = state(finished)
    assert after[0] == NEWEST
    for path in (killed[0], killed[len(killed) // 2], killed[-1]):
        await migrate(f"sqlite+aiosqlite:///{path}")
        assert state(path) == after
