"""Changes of the key that signs checkpoints: a checkpoint that both keys signed, which names the one that follows.

So whoever knows one of the two knows the other, and a log is checked across a change of the server key against any
checkpoint that was ever handed out. It is a checkpoint of the old key (c2sp.org/tlog-checkpoint) with further lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from storage.sealing.keys.private_files import replace_private
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.transparency.checkpoint import Checkpoint, notes_in, read_checkpoint
from storage.sealing.transparency.merkle_tree import CompactRange
from storage.sealing.transparency.signed_note import (
    SignerKey,
    VerifierKey,
    add_signature,
    open_note,
    read_verifier_key,
)

_HEAD: Final = "hark key change 1 "
_LINES: Final = 3  # of a checkpoint, before the further ones


@dataclass(frozen=True, slots=True)
class KeyChange:
    """When a key took the place of another one, and the note that says so, signed by both."""

    at: datetime
    old: VerifierKey
    new: VerifierKey
    note: str

    @property
    def checkpoint(self) -> Checkpoint:
        """The log as it was then, with the row of the change itself.

        Raises:
            NotGenuine: The old key did not sign it.
        """
        return read_checkpoint(self.note, [self.old])


def changes_beside(checkpoint: Path) -> Path:
    """Give where the changes stand, beside the roster's version; they hold nothing secret."""
    return checkpoint.with_name(f"{checkpoint.name}.keys")


def write_key_change(old: SignerKey, new: SignerKey, tree: CompactRange, second: int) -> str:
    """Give the note: the tree at the change, when that was (seconds since 1970), and both public keys."""
    head = Checkpoint(old.name, tree.size, tree.root()).text()
    text = f"{head}{_HEAD}{second}\n{old.verifier.text()}\n{new.verifier.text()}\n"
    return add_signature(add_signature(f"{text}\n", old), new)


def keep_key_change(path: Path, note: str) -> None:
    """Add a note to those that stand there; one that stands there already is not added again.

    Raises:
        OSError: It cannot be read or written; what was there is as it was.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if note not in before:
        replace_private(path, (f"{before}\n{note}" if before else note).encode())


def kept_changes(path: Path, own: VerifierKey) -> tuple[KeyChange, ...]:
    """Give the changes that led to a key, the latest first; none where there is no file, or it tells of other keys.

    Raises:
        OSError: The file cannot be read.
    """
    try:
        found = key_changes(notes_in(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotGenuine, ValueError):
        return ()
    led: list[KeyChange] = []
    while before := [one for one in found if one.new == own and one not in led]:
        led.append(before[0])
        own = before[0].old
    return tuple(led)


def key_changes(notes: Iterable[str]) -> list[KeyChange]:
    """Give those of some notes that are changes of keys and were signed by both."""
    return [change for change in map(_read, notes) if change is not None]


def known_keys(keys: Collection[VerifierKey], changes: Collection[KeyChange]) -> list[VerifierKey]:
    """Give some keys and all that changes lead to from them, forwards and backwards, each once."""
    known = list(dict.fromkeys(keys))
    for one in known:  # grows while it is gone through
        for change in changes:
            if one in (change.old, change.new):
                known += [other for other in (change.old, change.new) if other not in known]
    return known


def _read(note: str) -> KeyChange | None:
    try:
        return _verified(note)
    except NotGenuine:
        return None


def _verified(note: str) -> KeyChange:
    lines = note.partition("\n\n")[0].split("\n")[_LINES:]
    if len(lines) != 3 or not lines[0].startswith(_HEAD):
        raise NotGenuine
    old, new = read_verifier_key(lines[1]), read_verifier_key(lines[2])
    for key in (old, new):
        open_note(note, [key])
    try:
        at = datetime.fromtimestamp(int(lines[0].removeprefix(_HEAD)), UTC)
    except (ValueError, OverflowError, OSError):
        raise NotGenuine from None
    change = KeyChange(at, old, new, note)
    if change.checkpoint.origin != old.name:
        raise NotGenuine
    return change
