"""Checkpoints leave the server by themselves: once an hour to a file, once a week by e-mail, and nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.checkpoint_relay import CheckpointRelay
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.settings import load
from storage.core.audit.audit_log import signer
from storage.database.turn import Logged
from storage.sealing.keys.server_key import load_server_key
from storage.sealing.transparency.checkpoint import notes_in, read_checkpoint
from storage.sealing.transparency.signed_note import VerifierKey
from storage.store import Store


@dataclass
class Watched:
    """A store by a clock that the test turns, and the letters that were handed in."""

    store: Store
    key: VerifierKey
    at: list[datetime]
    letters: list[str] = field(default_factory=list)
    taken: bool = True

    async def post(self, to: str, _: str, text: str) -> bool:
        self.letters.append(f"{to}\n{text}")
        return self.taken

    async def done(self) -> None:
        await self.store._core.commit(Logged(0, "ada", "read", None))

    def sizes(self, text: str) -> list[int]:
        return [read_checkpoint(note, [self.key]).size for note in notes_in(text)]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    settings = load({"HARK_DATA_DIR": str(tmp_path / "data")})
    at = [datetime(2026, 11, 23, 9, 5, tzinfo=UTC)]
    store = await open_store(settings, clock=lambda: at[0])
    yield Watched(store, signer(load_server_key(settings.key_file)).verifier, at)
    await store.close()


async def test_once_an_hour_the_file_gets_one_more_if_something_was_done(watched: Watched, tmp_path: Path) -> None:
    file = tmp_path / "notes"
    relay = CheckpointRelay(watched.store, lambda: watched.at[0], file=file)
    for _ in range(2):
        await watched.done()
        await relay.look()
    assert watched.sizes(file.read_text()) == [1]
    for _ in range(2):
        watched.at[0] += timedelta(hours=1)
        await relay.look()
    assert watched.sizes(file.read_text()) == [1, 2], "in the last hour nothing was done"


async def test_a_file_that_cannot_be_written_is_tried_again_and_misses_nothing(
    watched: Watched, tmp_path: Path
) -> None:
    file = tmp_path / "elsewhere" / "notes"
    relay = CheckpointRelay(watched.store, lambda: watched.at[0], file=file)
    await watched.done()
    with pytest.raises(FileNotFoundError):
        await relay.look()
    file.parent.mkdir()
    await relay.look()
    assert watched.sizes(file.read_text()) == [1]


async def test_the_letter_goes_once_a_week_and_again_where_it_was_not_taken(watched: Watched) -> None:
    relay = CheckpointRelay(watched.store, lambda: watched.at[0], address="trustee@school.example", post=watched.post)
    await watched.done()
    watched.taken = False
    await relay.look()
    watched.taken = True
    for _ in range(2):
        await relay.look()
    assert len(watched.letters) == 2
    to, _, text = watched.letters[1].partition("\n")
    assert to == "trustee@school.example"
    note = text.split("\n\n", 1)[1]
    assert watched.sizes(note) == [1]
    watched.at[0] += timedelta(days=6)
    await relay.look()
    watched.at[0] += timedelta(days=1)
    await relay.look()
    assert len(watched.letters) == 3
