"""The Merkle tree over the audit log, kept beside the key file as a compact range that grows by what came.

So a checkpoint costs what was added since the last one, and a row that was changed afterwards changes no later root: it
stays the tree that was signed, and the log is found not to be the one that it was made of.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from storage.core.audit.log_rows import AuditRow, is_linked, leaf_of, rows_after
from storage.core.core import StoreCore
from storage.core.register import put_version_file
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.transparency.merkle_tree import HASH_BYTES, CompactRange, hash_leaf
from storage.values.errors import Unavailable

_LABEL: Final = "audit-tree/1"
_AT_ONCE: Final = 500  # rows that are hashed in one go: some ten milliseconds


@dataclass(frozen=True, slots=True)
class Head:
    """The tree so far, and the MAC of its last row, to which the next one has to be linked."""

    tree: CompactRange = field(default_factory=CompactRange)
    mac: bytes = b""


def tree_beside(checkpoint: Path) -> Path:
    """Give where the tree stands, beside the roster's version."""
    return checkpoint.with_name(f"{checkpoint.name}.tree")


def grown(key: ServerKey, head: Head, row: AuditRow) -> Head | None:
    """Give the head with one more row, or None where that is not the row that comes next."""
    if row["number"] != head.tree.size + 1 or not is_linked(key, head.mac, row):
        return None
    return Head(head.tree.append(hash_leaf(leaf_of(row))), row["mac"])


def read_tree(path: Path, key: ServerKey) -> Head:
    """Give the tree that was kept last; an empty one where there is no file.

    Raises:
        NotGenuine: It is not what was written.
        OSError: It cannot be read.
    """
    try:
        size, hashes, mac, tag = path.read_text(encoding="ascii").split("\n")[:-1]
        head = Head(CompactRange(int(size), _hashes(hashes)), bytes.fromhex(mac))
        key.verify(bytes.fromhex(tag), _LABEL, *_fields(head))
    except FileNotFoundError:
        return Head()
    except ValueError:
        raise NotGenuine from None
    return head


def write_tree(path: Path, key: ServerKey, head: Head) -> None:
    """Keep a tree, in the place of whatever stands there.

    Raises:
        Unavailable: It cannot be written; nothing changed.
    """
    hashes = "".join(one.hex() for one in head.tree.roots)
    tag = key.mac(_LABEL, *_fields(head)).hex()
    put_version_file(path, f"{head.tree.size}\n{hashes}\n{head.mac.hex()}\n{tag}\n")


class KeptTree:
    """Reads, grows and writes the tree; one for a store."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self._path = tree_beside(core.checkpoint)
        self._head: Head | None = None
        self._growing = asyncio.Lock()

    def noted(self) -> Head:
        """Give the tree as it was last kept; an empty one where none was, or what stands there is not genuine.

        Raises:
            Unavailable: The file cannot be read.
        """
        if self._head is None:
            self._head = self._read()
        return self._head

    async def grow(self, most: int | None = None) -> tuple[Head, bool]:
        """Take up the rows that came since, keep the tree, and tell whether its end is the log's.

        Rows that are not linked to those before are counted as not genuine, and nothing after them is taken up: no
        checkpoint is ever signed that an earlier one does not lead to.

        Args:
            most: How many rows at most; all without it. With a million it takes some twenty seconds, in small pieces.

        Raises:
            Unavailable: The database or the file cannot be read, or the file not be written.
        """
        async with self._growing:
            before = head = self.noted()
            left, ends = most, False
            while left is None or left > 0:
                some = _AT_ONCE if left is None else min(left, _AT_ONCE)
                async with self._core.read() as connection:
                    rows = await rows_after(connection, head.tree.size, some)
                after = self._taken_up(head, rows)
                if after is None:
                    break
                head, ends = after, len(rows) < some
                if ends:
                    break
                left = None if left is None else left - len(rows)
                await asyncio.sleep(0)
            if head != before:
                self._write(head)
            return head, ends

    def _taken_up(self, head: Head, rows: list[AuditRow]) -> Head | None:
        for row in rows:
            after = grown(self._core.server_key, head, row)
            if after is None:
                self._core.forgeries.record()
                return None
            head = after
        return head

    def _read(self) -> Head:
        try:
            return read_tree(self._path, self._core.server_key)
        except OSError:
            raise Unavailable from None
        except NotGenuine:
            self._core.forgeries.record()
            return Head()

    def _write(self, head: Head) -> None:
        write_tree(self._path, self._core.server_key, head)
        self._head = head


def _fields(head: Head) -> tuple[int, tuple[bytes, ...], bytes]:
    return head.tree.size, head.tree.roots, head.mac


def _hashes(text: str) -> tuple[bytes, ...]:
    whole = bytes.fromhex(text)
    return tuple(whole[start : start + HASH_BYTES] for start in range(0, len(whole), HASH_BYTES))
