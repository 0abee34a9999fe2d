"""HMAC-SHA-256 (RFC 2104) under a key that serves often: its schedule is made once, which is half of the work."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC


class Keyed:
    """Makes MACs under one key, which stays in memory as long as this does. Safe for threads."""

    def __init__(self, key: bytes) -> None:
        """Take the key, 32 bytes."""
        self._begun = HMAC(key, SHA256())

    def of(self, message: bytes) -> bytes:
        """Give the MAC of a message, 32 bytes."""
        mac = self._begun.copy()
        mac.update(message)
        return mac.finalize()
