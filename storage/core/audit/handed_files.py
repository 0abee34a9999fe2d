"""Reads files of what was handed out of a server: checkpoints, proofs, and changes of the key that signs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from storage.core.audit.check_log import Handed
from storage.core.audit.key_changes import KeyChange, key_changes, known_keys
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.transparency.checkpoint import (
    Checkpoint,
    InclusionProof,
    is_proof,
    notes_in,
    read_checkpoint,
    read_proof,
    read_seal,
)
from storage.sealing.transparency.signed_note import VerifierKey, read_verifier_key

_MOST: Final = 100_000_000  # bytes of a file that are read: some 400,000 checkpoints


def read_handed(
    files: Sequence[str], seals: Sequence[str], keys: Sequence[VerifierKey], changes: Sequence[KeyChange] = ()
) -> tuple[Handed, tuple[str, ...]]:
    """Read files, and give what they hold and the names of those that no known key signed.

    Whoever knows one key of the log knows those that changes of the server key lead to, also such as a file tells of.

    Args:
        files: Their names; what `hark audit key` printed is taken too.
        seals: As they were typed.
        keys: By which the notes are verified.
        changes: That are known without a file.

    Raises:
        OSError: A file cannot be read.
    """
    texts = {name: _text(Path(name)) for name in files}
    told = [change for text in texts.values() for change in key_changes(_notes(text))]
    known, foreign = known_keys(keys, [*changes, *told]), list[str]()
    checkpoints: list[tuple[str, Checkpoint]] = []
    proofs: list[tuple[str, InclusionProof, Checkpoint]] = []
    for name, text in texts.items():
        try:
            if is_proof(text):
                proof = read_proof(text)
                proofs.append((name, proof, read_checkpoint(proof.note, known)))
            elif not _is_key(text):
                checkpoints += [(name, read_checkpoint(note, known)) for note in notes_in(_without_key(text))]
        except NotGenuine:
            foreign.append(name)
    origins = tuple(dict.fromkeys(one.name for one in known))
    return Handed(checkpoints, proofs, frozenset(map(read_seal, seals)), origins), tuple(foreign)


def changes_as_checkpoints(name: str, changes: Sequence[KeyChange]) -> list[tuple[str, Checkpoint]]:
    """Give the log as it was at each change: whatever came later has to lead on from there."""
    return [(name, one.checkpoint) for one in changes]


def _text(path: Path) -> str:
    """What is not UTF-8 is no checkpoint either."""
    with path.open("rb") as file:
        return file.read(_MOST).decode("utf-8", "replace")


def _notes(text: str) -> tuple[str, ...]:
    try:
        return tuple(notes_in(_without_key(text)))
    except NotGenuine:
        return ()


def _is_key(text: str) -> bool:
    """Whether it is what `hark audit key` prints where the key never changed."""
    return _without_key(text).strip() == "" != text.strip()


def _without_key(text: str) -> str:
    """What `hark audit key` printed begins with the key, which is no note."""
    first, _, rest = text.partition("\n")
    try:
        read_verifier_key(first)
    except NotGenuine:
        return text
    return rest
