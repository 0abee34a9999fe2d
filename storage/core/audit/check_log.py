"""Checks an audit log from its first row to its last against whatever was handed out of the server before.

It needs nothing secret: the rows, and the public key of the checkpoints. With the server key each link is checked too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from storage.core.audit.log_rows import AuditRow, is_linked, leaf_of
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.transparency.checkpoint import SURE, Checkpoint, InclusionProof, seal_beginning
from storage.sealing.transparency.merkle_tree import CompactRange, MerkleTree, hash_leaf, verify_consistency

#: `missing`: rows are left out; `unlinked`: a row is not the one that the server wrote; `cut`: the log ends before a
#: checkpoint; `changed`: it is not what a checkpoint was made of; `forked`: two checkpoints tell of different logs;
#: `unproved`: a proof does not hold, or the entry is another one by now; `unsealed`: a seal is of no state of the log.
Fault: TypeAlias = Literal["missing", "unlinked", "cut", "changed", "forked", "unproved", "unsealed"]

_CELLS: Final = (str, int, bytes, type(None))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: the last entry up to which nothing speaks against the log, and what showed it.

    `name` is the file or the seal, empty where the rows themselves did; `size` is the checkpoint's, or the entry's.
    """

    fault: Fault
    after: int
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed out and verified to be the log's own: checkpoints and proofs, by the names of their files.

    `seals` are those of one of the `origins`: the log has another one after each change of the server key.
    """

    checkpoints: Sequence[tuple[str, Checkpoint]] = ()
    proofs: Sequence[tuple[str, InclusionProof, Checkpoint]] = ()
    seals: frozenset[str] = frozenset()
    origins: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What the rows showed, as far as they went."""

    problems: list[Problem] = field(default_factory=list)
    sealed: dict[str, int] = field(default_factory=dict)


class LogCheck:
    """Takes all rows of a log in order, then says what is wrong; about 20 µs a row, twice that with seals."""

    def __init__(self, handed: Handed, server_key: ServerKey | None = None) -> None:
        """Check against what was handed out; with `server_key` also that each row is linked to the one before."""
        self._handed = handed
        self._key = server_key
        self._mac = b""
        self._intact = True
        self._found = _Found()
        self._grown = CompactRange()
        self._seals = frozenset(map(seal_beginning, handed.seals))
        self.tree: Final = MerkleTree()
        self._proved = {proof.index: b"" for _, proof, _ in handed.proofs}

    @property
    def sealed(self) -> dict[str, int]:
        """How many entries the log had at each seal that was found."""
        return dict(self._found.sealed)

    def take(self, rows: Sequence[AuditRow]) -> None:
        """Take the next rows; what comes after the first that is not right is no part of the log any more."""
        for row in rows:
            if self._intact:
                self._intact = self._follows(row)
            if self._intact:
                self._add(row)

    def end(self) -> tuple[Problem, ...]:
        """Give everything that is wrong, once all rows were taken; nothing where the log is what was handed out."""
        size, holds = len(self.tree), 0
        heads = sorted(self._heads(), key=lambda one: one[1].size)
        for name, head in heads:
            if head.size > size:
                self._tell("cut", size, name, head.size)
            elif self.tree.root(head.size) != head.root or (holds and not self._leads(holds, head)):
                self._tell("changed", holds, name, head.size)
            else:
                holds = max(holds, head.size)
        for (_, first), (name, second) in pairwise(heads):
            if (first.size, first.origin) == (second.size, second.origin) and first.root != second.root:
                self._tell("forked", holds, name, second.size)
        self._check_proofs(holds)
        for seal in sorted(self._handed.seals - self._found.sealed.keys()):
            self._tell("unsealed", holds, seal)
        return tuple(self._found.problems)

    def _follows(self, row: AuditRow) -> bool:
        size = len(self.tree)
        if row["number"] != size + 1 or not all(isinstance(cell, _CELLS) for cell in row.values()):
            self._tell("missing", size, size=size + 1)
            return False
        if self._key is not None and not is_linked(self._key, self._mac, row):
            self._tell("unlinked", size, size=size + 1)
            return False
        return True

    def _add(self, row: AuditRow) -> None:
        leaf = leaf_of(row)
        if row["number"] - 1 in self._proved:
            self._proved[row["number"] - 1] = leaf
        hashed = hash_leaf(leaf)
        self.tree.append(hashed)
        self._mac = row["mac"]
        if self._handed.seals:
            self._grown = self._grown.append(hashed)
            root = self._grown.root()
            for head in (Checkpoint(origin, self._grown.size, root) for origin in self._handed.origins):
                if head.seal_digest()[:SURE] in self._seals and (seal := head.seal()) in self._handed.seals:
                    self._found.sealed[seal] = self._grown.size

    def _heads(self) -> list[tuple[str, Checkpoint]]:
        return [*self._handed.checkpoints, *((name, head) for name, _, head in self._handed.proofs)]

    def _leads(self, old: int, head: Checkpoint) -> bool:
        proof = self.tree.prove_consistency(old, head.size)
        return verify_consistency(old, head.size, self.tree.root(old), head.root, proof)

    def _check_proofs(self, holds: int) -> None:
        for name, proof, head in self._handed.proofs:
            if not proof.holds(head) or self._proved[proof.index] != proof.leaf:
                self._tell("unproved", holds, name, proof.index + 1)

    def _tell(self, fault: Fault, after: int, name: str = "", size: int = 0) -> None:
        self._found.problems.append(Problem(fault, after, name, size))
