"""The Merkle tree of RFC 6962, section 2.1: a compact range that grows by leaves, and a whole tree that gives roots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
#: The root of a tree without leaves.
EMPTY: Final = sha256(b"").digest()


def hash_leaf(leaf: bytes) -> bytes:
    """Give the hash of a leaf; its prefix keeps it apart from those of inner nodes."""
    return sha256(b"\0" + leaf).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Give the hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A tree of `size` leaves as the roots of its whole subtrees, the largest first: one for each 1 bit of `size`."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def append(self, leaf_hash: bytes) -> CompactRange:
        """Give the tree with one more leaf, by its hash; the cost is constant on average."""
        roots, size, node = list(self.roots), self.size, leaf_hash
        while size & 1:
            node = hash_children(roots.pop(), node)
            size >>= 1
        return CompactRange(self.size + 1, (*roots, node))

    def root(self) -> bytes:
        """Give the root of the tree, 32 bytes."""
        if not self.roots:
            return EMPTY
        *left, root = self.roots
        for node in reversed(left):
            root = hash_children(node, root)
        return root

    @property
    def is_whole(self) -> bool:
        """Whether there are as many subtrees as the size tells of."""
        return self.size.bit_count() == len(self.roots) and all(len(one) == HASH_BYTES for one in self.roots)


class MerkleTree:
    """All node hashes of a tree, for roots and proofs at any size: 64 bytes a leaf in memory."""

    def __init__(self) -> None:
        """Begin with a tree without leaves."""
        self._levels: list[bytearray] = [bytearray()]

    def __len__(self) -> int:
        """Give the number of leaves."""
        return len(self._levels[0]) // HASH_BYTES

    def append(self, leaf_hash: bytes) -> None:
        """Add a leaf by its hash."""
        node, index = leaf_hash, len(self)
        for level in range(index.bit_length() + 1):
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += node
            if not index & 1:
                return
            node = hash_children(self._node(level, index - 1), node)
            index >>= 1

    def root(self, size: int) -> bytes:
        """Give the root of the tree of the first `size` leaves.

        Raises:
            IndexError: There are fewer.
        """
        if not 0 <= size <= len(self):
            raise IndexError("the tree is smaller")
        return self._root(0, size) if size else EMPTY

    def prove_inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Give the audit path of a leaf, counted from 0, in the tree of the first `size` leaves (section 2.1.1).

        Raises:
            IndexError: There is no such leaf, or no tree of that size.
        """
        if not 0 <= index < size <= len(self):
            raise IndexError("no such leaf")
        path, start, end = list[bytes](), 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start = middle
        return tuple(reversed(path))

    def prove_consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Give the proof that the tree of `old` leaves is the beginning of that of `new` leaves (section 2.1.2).

        Raises:
            IndexError: The sizes are not 0 < old <= new, or the tree is smaller.
        """
        if not 0 < old <= new <= len(self):
            raise IndexError("no such trees")
        proof, start, end = list[bytes](), 0, new
        while old != end:
            middle = start + _split(end - start)
            if old <= middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(start, middle))
                start = middle
        if start:  # otherwise whoever checks has the old root
            proof.append(self._root(start, end))
        return tuple(reversed(proof))

    def _root(self, start: int, end: int) -> bytes:
        """Give the root of the leaves from `start`, which begins a whole subtree of at least that many."""
        size = end - start
        level = size.bit_length() - 1
        if size == 1 << level:
            return self._node(level, start >> level)
        middle = start + _split(size)
        return hash_children(self._root(start, middle), self._root(middle, end))

    def _node(self, level: int, index: int) -> bytes:
        return bytes(self._levels[level][index * HASH_BYTES : (index + 1) * HASH_BYTES])


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a leaf, counted from 0, stands in the tree with this size and root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf_hash, root, *proof)):
        return False
    place, last, node = index, size - 1, leaf_hash
    for one in proof:
        if not last:
            return False
        if place & 1 or place == last:
            node = hash_children(one, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = hash_children(node, one)
        place, last = place >> 1, last >> 1
    return not last and node == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a tree is the beginning of another one, by sizes and roots (RFC 9162, section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof or not _are_hashes((old_root, new_root, *proof)):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            first, second = hash_children(one, first), hash_children(one, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = hash_children(second, one)
        place, last = place >> 1, last >> 1
    return not last and first == old_root and second == new_root


def _split(size: int) -> int:
    """Give the largest power of two below a size of two or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _are_hashes(hashes: Sequence[bytes]) -> bool:
    return all(len(one) == HASH_BYTES for one in hashes)
