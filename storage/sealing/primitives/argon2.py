"""Argon2id (RFC 9106): makes guessing what a person can remember slow. Blocking; callers run it in a thread."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage.sealing.primitives.errors import CannotOpen

# What a stored cost may ask for at most, so that a forged one cannot exhaust this machine.
_MAX_MEMORY_KIB = 1024 * 1024
_MAX_PASSES = 16
_COST_BYTES = 8  # of a cost as it is stored


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one derivation. Always one lane: two threads deriving with more than one block each other.

    Attributes:
        memory_kib: Memory in KiB.
        passes: How often the memory is gone through.
    """

    memory_kib: int
    passes: int

    def to_bytes(self) -> bytes:
        """Encode for keeping beside what was sealed.

        Returns:
            8 bytes: the memory in KiB, then the passes, 4 bytes big-endian each; `from_bytes` reads them back.
        """
        return self.memory_kib.to_bytes(4) + self.passes.to_bytes(4)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Cost":
        """Read a stored cost.

        Raises:
            CannotOpen: Not one, or so high that it would only exhaust this machine.
        """
        cost = cls(int.from_bytes(stored[:4]), int.from_bytes(stored[4:]))
        bearable = 8 <= cost.memory_kib <= _MAX_MEMORY_KIB and 1 <= cost.passes <= _MAX_PASSES
        if len(stored) != _COST_BYTES or not bearable:
            raise CannotOpen
        return cost


def stretch(secret: bytes | bytearray, salt: bytes, cost: Cost, pepper: bytes | None = None) -> bytearray:
    """Turn a memorable secret into 32 bytes with Argon2id (RFC 9106). Blocking: the time grows with the cost.

    Args:
        secret: What the person knows.
        salt: At least 8 bytes.
        cost: Memory and passes.
        pepper: A further secret that is kept elsewhere, if there is one.

    Returns:
        A buffer that the caller wipes.

    Raises:
        ValueError: The salt is shorter than 8 bytes, or the cost is below what Argon2id takes (a bug).
    """
    argon = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=1, memory_cost=cost.memory_kib, secret=pepper)
    derived = bytearray(32)
    argon.derive_into(secret, derived)  # type: ignore[arg-type]  # any buffer serves; the stub says bytes only
    return derived
