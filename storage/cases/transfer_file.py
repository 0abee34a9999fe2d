"""A whole case as one content that another Hark can check: its entries as they lie here, signatures and keys.

Lines of JSON in one canonical form, so that the same case up to the same entry is the same bytes and has one digest.
The entries stay sealed and signed as they are; the keys that open them stand beside them, and who signed with which
key. So whoever receives it proves every author, the order, and that nothing was left out. See decision 40.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, cast, get_args

from flows.values.ids import Urgency
from storage.cases.answers_json import Object
from storage.cases.entries import DIGEST, REPORTER, Opened, chained, open_in_order
from storage.sealing.keys.case_keys import CaseKeys
from storage.sealing.primitives.errors import CannotOpen, NotGenuine

FORMAT: Final = "hark-transfer/1"
#: Bytes of a container, and of the age file around it: of a messenger's own files more are not fetched either.
MOST: Final = 20 * 1024 * 1024
_BYTES: Final = ("sealed", "signature", DIGEST)
_ALWAYS: Final = ("number", "epoch", "kind", "author", "hour", "signature")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who wrote some of the entries: a name as the sender's roster has it, empty for the reporter, and the keys."""

    name: str
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CaseCopy:
    """What is handed over of a case: everything up to `entries`, and what is needed to read and prove it.

    Attributes:
        school: The name of the site that sends it.
        reference: The case's reference there.
        case: Its id there, which the signatures bind.
        urgency: How urgent it was when it was sent.
        left_out: The names of those whom the reporter left out, or who were kept out.
        rows: The entries as they lie in the sender's database, by ascending number from 1. Those that tell of another
            case too have `entries.DIGEST` in the place of what is sealed.
        keys: By epoch.
        signers: By the id that stands in the entries.
    """

    school: str
    reference: str
    case: str
    urgency: Urgency
    left_out: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...] = field(repr=False)
    keys: Mapping[int, CaseKeys] = field(repr=False)
    signers: Mapping[str, Signer] = field(repr=False)

    def written(self) -> bytes:
        """Give the container.

        Raises:
            NotGenuine: An entry is left out, doubled or of another case.
        """
        count, head = chained(self.case, self.rows)
        first: Object = {
            "format": FORMAT,
            "school": self.school,
            "reference": self.reference,
            "case": self.case,
            "urgency": self.urgency,
            "left_out": list(self.left_out),
            "entries": count,
            "head": _text(head),
            "keys": {str(epoch): [_text(one.talk), _text(one.desk or b"")] for epoch, one in self.keys.items()},
            "signers": {who: [one.name, *map(_text, one.keys)] for who, one in self.signers.items()},
        }
        lines = [first, *(_row(row) for row in self.rows)]
        return b"".join(_line(one) for one in lines)

    def opened(self) -> tuple[Opened, ...]:
        """Open every entry whose content is there, each with its author proved.

        Raises:
            NotGenuine: A signature is not its author's.
            CannotOpen: An entry does not open with the keys that came with it.
        """
        verifying = {who: one.keys for who, one in self.signers.items()}
        whole = (row for row in self.rows if DIGEST not in row)
        return tuple(open_in_order(whole, self.keys, verifying))


def digest_of(container: bytes) -> bytes:
    """Give the 32 bytes by which a container is known: its SHA-256."""
    return sha256(container).digest()


def read_container(container: bytes) -> tuple[CaseCopy, tuple[Opened, ...]]:
    """Read what `CaseCopy.written` gave, and open it.

    Raises:
        CannotOpen: It is none, was cut, changed or put together from several, or is of a form that is not known here.
    """
    try:
        copy = _read(container)
        if copy.written() != container:
            raise CannotOpen
        opened = copy.opened()
    except (NotGenuine, ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise CannotOpen from None
    whole = sum(DIGEST not in row for row in copy.rows)
    if len(opened) != whole or not _begins_as_a_concern(opened):
        raise CannotOpen
    return copy, opened


def _read(container: bytes) -> CaseCopy:
    if len(container) > MOST or not container.endswith(b"\n"):
        raise CannotOpen
    first, *lines = (cast("dict[str, Any]", json.loads(line)) for line in container.splitlines())
    case, urgency = str(first["case"]), first["urgency"]
    if first["format"] != FORMAT or first["entries"] != len(lines) or urgency not in get_args(Urgency):
        raise CannotOpen
    return CaseCopy(
        school=_said(first["school"]),
        reference=_said(first["reference"]),
        case=case,
        urgency=urgency,
        left_out=tuple(_said(one) for one in first["left_out"]),
        rows=tuple({"case_id": case, **_read_row(line)} for line in lines),
        keys={int(epoch): CaseKeys(_bytes(talk), _bytes(desk)) for epoch, (talk, desk) in first["keys"].items()},
        signers={who: Signer(_said(name), tuple(map(_bytes, keys))) for who, (name, *keys) in first["signers"].items()},
    )


def _begins_as_a_concern(opened: Sequence[Opened]) -> bool:
    return bool(opened) and opened[0].author == REPORTER and opened[0].content.get("kind") == "concern"


def without_content(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give an entry without what is sealed in it: that it is there, who signed it, and the digest of the rest."""
    left = {name: value for name, value in row.items() if name != "sealed"}
    return {**left, DIGEST: sha256(row["sealed"]).digest()}


def _row(row: Mapping[str, Any]) -> Object:
    names = (*_ALWAYS, DIGEST if DIGEST in row else "sealed")
    return {name: _text(row[name]) if name in _BYTES else row[name] for name in names}


def _read_row(told: dict[str, Any]) -> dict[str, Any]:
    content = set(told) - set(_ALWAYS)
    if content not in ({"sealed"}, {DIGEST}) or told["kind"] not in {"talk", "desk"}:
        raise CannotOpen
    return {name: _bytes(value) if name in _BYTES else value for name, value in told.items()}


def _line(one: Mapping[str, Any]) -> bytes:
    return json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _said(text: object) -> str:
    if not isinstance(text, str):
        raise CannotOpen
    return text
