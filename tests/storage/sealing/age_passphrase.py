"""Opens an age file with its passphrase as the C2SP age specification (v1) says; shares nothing with what writes it."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def opened(passphrase: str, file: bytes) -> bytes:
    """Give its content, of one chunk; InvalidTag or AssertionError where it is not what was written."""
    version, stanza, body, mac = file.split(b"\n", 3)[0:4]
    mac, payload = mac.split(b"\n", 1)
    assert version == b"age-encryption.org/v1"
    arrow, kind, salt, log_n = stanza.split(b" ")
    assert (arrow, kind, mac[:4]) == (b"->", b"scrypt", b"--- ")
    salted = b"age-encryption.org/v1/scrypt" + _plain(salt)
    stretched = hashlib.scrypt(passphrase.encode(), salt=salted, n=1 << int(log_n), r=8, p=1, maxmem=1 << 29, dklen=32)
    file_key = ChaCha20Poly1305(stretched).decrypt(bytes(12), _plain(body), None)
    header = b"\n".join((version, stanza, body, b"---"))
    assert hmac.digest(_key(file_key, None, b"header"), header, "sha256") == _plain(mac[4:])
    nonce, chunk = payload[:16], payload[16:]
    return ChaCha20Poly1305(_key(file_key, nonce, b"payload")).decrypt(bytes(11) + b"\x01", chunk, None)


def _key(file_key: bytes, salt: bytes | None, label: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, label).derive(file_key)


def _plain(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
