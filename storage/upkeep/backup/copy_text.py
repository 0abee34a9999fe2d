"""Reads what `pg_restore` prints: rows in the text format of COPY (PostgreSQL manual, COPY, "Text Format")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from storage.database.turn import Cell

#: By table, the kinds of its columns by name: INTEGER, TEXT or BLOB.
Kinds: TypeAlias = Mapping[str, Mapping[str, str]]

_AT_ONCE: Final = 250  # rows of one `Rows`
_BEGIN: Final = re.compile(rb'COPY .*\."?(\w+)"? \((.*)\) FROM stdin;\n')
_END: Final = b"\\.\n"
_NULL: Final = b"\\N"
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", re.DOTALL)
_SIGNS: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


class Rows(NamedTuple):
    """Some rows of a table, with the names of their columns."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def read_rows(lines: Iterable[bytes], kinds: Kinds) -> Iterator[Rows]:
    """Give the rows of all tables, a part of a table at a time; what stands between them is passed over.

    Args:
        lines: A script of `pg_restore`, each line with its end; `bytea_output` was `hex` where it was dumped.
        kinds: Which tables there are; of another one nothing can be read.

    Raises:
        ValueError: A table or column is not known, or a cell is not of its column's kind.
    """
    script = iter(lines)
    for line in script:
        begun = _BEGIN.fullmatch(line)
        if begun is None:
            continue
        table = begun[1].decode()
        columns = tuple(name.strip('"') for name in begun[2].decode().split(", "))
        try:
            readers = [_READERS[kinds[table][column]] for column in columns]
        except KeyError:
            raise ValueError from None
        data = iter(script.__next__, _END)
        while rows := [_read_row(row, readers) for row in islice(data, _AT_ONCE)]:
            yield Rows(table, columns, rows)


def _read_row(line: bytes, readers: list[Callable[[bytes], Cell]]) -> tuple[Cell, ...]:
    cells = line[:-1].split(b"\t")
    return tuple(None if cell == _NULL else read(cell) for read, cell in zip(readers, cells, strict=True))


def _read_bytes(cell: bytes) -> bytes:
    if not cell.startswith(b"\\\\x"):
        raise ValueError
    return bytes.fromhex(cell[3:].decode("ascii"))


def _read_text(cell: bytes) -> str:
    return (_ESCAPED.sub(_sign, cell) if b"\\" in cell else cell).decode()


def _sign(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    if sign[:1].isdigit():
        return bytes([int(sign, 8) & 0xFF])
    if sign[:1] == b"x" and len(sign) > 1:
        return bytes([int(sign[1:], 16)])
    return _SIGNS.get(sign, sign)


_READERS: Final[Mapping[str, Callable[[bytes], Cell]]] = {"INTEGER": int, "TEXT": _read_text, "BLOB": _read_bytes}
