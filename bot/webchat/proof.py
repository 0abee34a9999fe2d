"""A small proof of work: what a tab shows so that it goes ahead of a flood of tabs that do not (Hashcash, 2002).

The page solves it in a worker as soon as it has a session, and shows it with everything it asks. It is never demanded:
while few wait it changes nothing, and a tab without it only comes after those with it.
"""

import hashlib

BITS = 18  # a quarter of a million SHA-256 on average: a second on a phone, and a core for 20 minutes for 5,000 tabs


def proves(token: str, nonce: str) -> bool:
    """Tell whether SHA-256 of ``token:nonce`` begins with ``BITS`` zero bits."""
    digest = hashlib.sha256(f"{token}:{nonce}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8]) >> (64 - BITS) == 0
