"""Entries of a case: sealed under the talk or the desk key, signed by their author, chained in the clear row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, cast

from storage.cases.answers_json import Object, as_json
from storage.cases.rows.clear_row import ClearRow
from storage.database.schema.cases import entries
from storage.database.turn import Insert
from storage.sealing.keys.case_keys import CaseKeys
from storage.sealing.primitives.box import Place, open_text, seal_text
from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import CannotOpen, NotGenuine
from storage.sealing.primitives.signing import sign, verify

Stream: TypeAlias = Literal["talk", "desk"]
REPORTER = ""
#: Where an entry is told of without its content, its digest stands for that: the chain holds, and nothing opens.
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: a lead's id, or empty for the reporter; with the Ed25519 seed that signs."""

    id: str
    signing_seed: bytes | bytearray = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, and whether the reporter may read it (`talk`) or the recipients only (`desk`)."""

    stream: Stream
    content: Object


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry that was opened and is genuine."""

    number: int
    author: str
    stream: Stream
    content: Object


def append(clear: ClearRow, keys: CaseKeys, author: Author, said: Said, hour: int) -> tuple[ClearRow, Insert]:
    """Seal one more entry under the keys of the case's present epoch.

    Args:
        clear: The case as it is; the number of the entry follows from it.
        keys: The keys of its epoch.
        author: Who signs.
        said: What, and for whom.
        hour: When, in seconds since 1970, rounded down to the hour; the exact time is for the content.

    Returns:
        The case with the entry counted and chained, and the row.
    """
    number = clear.entries + 1
    key = keys.talk if said.stream == "talk" else cast("bytes", keys.desk)
    text = as_json(said.content)
    sealed = seal_text(key, _place(clear.id, clear.epoch, number, said.stream), text)
    values: dict[str, Any] = {
        "case_id": clear.id,
        "number": number,
        "epoch": clear.epoch,
        "kind": said.stream,
        "author": author.id,
        "hour": hour,
        "sealed": sealed,
    }
    values["signature"] = sign(author.signing_seed, "entry/1", *_signed(values))
    after = replace(clear, entries=number, head=_link(clear.head, values))
    if author.id == REPORTER:
        after = replace(after, own_entries=clear.own_entries + 1, last_word=number)
    return after, Insert(entries, values)


def check_chain(clear: ClearRow, rows: Iterable[Mapping[str, Any]]) -> None:
    """Return quietly if these rows, by ascending number, are all entries of the case and no others.

    Raises:
        NotGenuine: One was changed, added, left out or moved.
    """
    if chained(clear.id, rows) != (clear.entries, clear.head):
        raise NotGenuine


def chained(case: str, rows: Iterable[Mapping[str, Any]]) -> tuple[int, bytes]:
    """Give how many entries these rows are, by ascending number from 1, and the end of the chain over them.

    Raises:
        NotGenuine: One is left out, doubled, or of another case.
    """
    head, count = b"", 0
    for row in rows:
        count += 1
        if row["number"] != count or row["case_id"] != case:
            raise NotGenuine
        head = _link(head, row)
    return count, head


def open_entry(
    row: Mapping[str, Any], keys: Mapping[int, CaseKeys], verifying: Mapping[str, Sequence[bytes]]
) -> Opened | None:
    """Open an entry; None where the keys given do not include the one it is sealed under (a desk entry, a reporter).

    Args:
        row: A row that `check_chain` has seen.
        keys: The keys by epoch.
        verifying: The authors' public keys, of now and of before, by their ids.

    Raises:
        NotGenuine: The signature is not the author's.
        CannotOpen: It does not open with that key.
    """
    held = keys.get(row["epoch"])
    if held is None:
        raise CannotOpen
    key = held.talk if row["kind"] == "talk" else held.desk
    if key is None:
        return None
    _verify(row, verifying.get(row["author"], ()))
    text = open_text(key, _place(row["case_id"], row["epoch"], row["number"], row["kind"]), row["sealed"])
    return Opened(row["number"], row["author"], row["kind"], json.loads(text))


def open_in_order(
    rows: Iterable[Mapping[str, Any]], keys: Mapping[int, CaseKeys], verifying: Mapping[str, Sequence[bytes]]
) -> Iterator[Opened]:
    """Open the entries of a case by ascending number, those whose keys are at hand.

    Once the reporter has signed with the key of a new receipt, which stands first, those of before count no more.

    Raises:
        NotGenuine: As `open_entry`.
        CannotOpen: As `open_entry`.
    """
    for row in rows:
        theirs = verifying.get(REPORTER, ())
        if len(theirs) > 1 and row["author"] == REPORTER and _is_signed(row, theirs[0]):
            verifying = {**verifying, REPORTER: theirs[:1]}
        opened = open_entry(row, keys, verifying)
        if opened is not None:
            yield opened


def _is_signed(row: Mapping[str, Any], public: bytes) -> bool:
    try:
        _verify(row, (public,))
    except NotGenuine:
        return False
    return True


def _verify(row: Mapping[str, Any], keys: Sequence[bytes]) -> None:
    for public in keys:
        try:
            return verify(public, row["signature"], "entry/1", *_signed(row))
        except NotGenuine:
            continue
    raise NotGenuine


def _place(case: str, epoch: int, number: int, stream: str) -> Place:
    return Place("entries", case, number, stream, epoch)


def _signed(row: Mapping[str, Any]) -> tuple[Any, ...]:
    digest = row.get(DIGEST) or hashlib.sha256(row["sealed"]).digest()
    return (row["case_id"], row["number"], row["epoch"], row["kind"], row["author"], row["hour"], digest)


def _link(head: bytes, row: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical("hark/chain/1", head, *_signed(row), row["signature"])).digest()
