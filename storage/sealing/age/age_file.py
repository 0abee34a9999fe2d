"""Writes and reads age files (C2SP age specification, v1) for one post-quantum recipient; writes them for a passphrase.

So that a recovery wrap opens with stock `age -d -i identity` too, on a machine that has never seen Hark, and what is
handed out by `age -d`.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import PrivateKey, PublicKey, unwrap, wrap

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
# Label and sizes: C2SP age specification, v1.
_INFO = b"age-encryption.org/mlkem768x25519"
_ENCAPSULATED_BYTES = 1120  # ML-KEM-768's 1,088 (FIPS 203, table 3) and X25519's 32
_FILE_KEY_BYTES = 16
_WRAPPED_BYTES = _FILE_KEY_BYTES + 16  # and the tag of ChaCha20-Poly1305 (RFC 8439)
_NONCE_BYTES = 16
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_SCRYPT_SALT_BYTES = 16
#: log2 of scrypt's N (RFC 7914), with r = 8 and p = 1: 16 MiB. Stock age stretches to 18, for what people make up.
_SCRYPT_LOG_N = 14
CHUNK_BYTES = 64 * 1024
_HEADER = re.compile(
    rb"(age-encryption\.org/v1\n-> mlkem768x25519 ([A-Za-z0-9+/]+)\n([A-Za-z0-9+/]{43})\n---) ([A-Za-z0-9+/]{43})\n"
)


def encrypt(recipient: PublicKey, plain: bytes) -> bytes:
    """Encrypt a content into a binary age file for one recipient.

    Args:
        recipient: The 1,216 public bytes (`age_keys.read_recipient`).
        plain: Any bytes; meant for small contents, since all of it is in memory.
    """
    file_key = os.urandom(_FILE_KEY_BYTES)
    wrapped = wrap(recipient, _INFO, file_key, _SUITE)
    encapsulated, body = wrapped[:_ENCAPSULATED_BYTES], wrapped[_ENCAPSULATED_BYTES:]
    return _file(file_key, b"mlkem768x25519 " + _base64(encapsulated), body, plain)


def encrypt_for_passphrase(passphrase: str, plain: bytes) -> bytes:
    """Encrypt a content into a binary age file that a passphrase opens; takes some 50 ms and 16 MiB.

    Args:
        passphrase: One that was drawn at random, of 80 bits or more: it is stretched only a little.
        plain: As for `encrypt`.
    """
    file_key, salt = os.urandom(_FILE_KEY_BYTES), os.urandom(_SCRYPT_SALT_BYTES)
    key = Scrypt(_SCRYPT_LABEL + salt, 32, 1 << _SCRYPT_LOG_N, 8, 1).derive(passphrase.encode())
    # The key wraps this one file key, under a salt of its own, so the zero nonce is used once.
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    return _file(file_key, b"scrypt %s %d" % (_base64(salt), _SCRYPT_LOG_N), body, plain)


def _file(file_key: bytes, recipient: bytes, body: bytes, plain: bytes) -> bytes:
    stanza = b"-> " + recipient + b"\n" + _base64(body) + b"\n"
    header = b"age-encryption.org/v1\n" + stanza + b"---"
    nonce = os.urandom(_NONCE_BYTES)
    return header + b" " + _base64(_header_mac(file_key, header)) + b"\n" + nonce + _stream(file_key, nonce, plain)


def decrypt(key: bytes | bytearray | PrivateKey, file: bytes) -> bytes:
    """Decrypt a binary age file whose one stanza is for this seed, or its `xwing.private_key`.

    Raises:
        CannotOpen: It is for somebody else, has other stanzas too, or was changed or cut short.
    """
    header = _HEADER.match(file)
    if header is None:
        raise CannotOpen
    signed, encapsulated, body, mac = header.groups()
    wrapped = _from_base64(encapsulated, _ENCAPSULATED_BYTES) + _from_base64(body, _WRAPPED_BYTES)
    file_key = unwrap(key, _INFO, wrapped, _SUITE)
    if not bytes_eq(_header_mac(file_key, signed), _from_base64(mac, 32)):
        raise CannotOpen
    payload = file[header.end() :]
    return _unstream(file_key, payload[:_NONCE_BYTES], payload[_NONCE_BYTES:])


def _stream(file_key: bytes, nonce: bytes, plain: bytes) -> bytes:
    cipher = _payload_cipher(file_key, nonce)
    chunks = _chunks(plain, CHUNK_BYTES)
    last = len(chunks) - 1
    return b"".join(cipher.encrypt(_chunk_nonce(place, last), chunk, None) for place, chunk in enumerate(chunks))


def _unstream(file_key: bytes, nonce: bytes, encrypted: bytes) -> bytes:
    if len(nonce) != _NONCE_BYTES:
        raise CannotOpen
    cipher = _payload_cipher(file_key, nonce)
    chunks = _chunks(encrypted, CHUNK_BYTES + 16)
    last = len(chunks) - 1
    try:
        opened = [cipher.decrypt(_chunk_nonce(place, last), chunk, None) for place, chunk in enumerate(chunks)]
    except InvalidTag:
        raise CannotOpen from None
    if last and not opened[-1]:  # an empty last chunk is allowed only in an empty file
        raise CannotOpen
    return b"".join(opened)


def _chunks(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)] or [b""]


def _chunk_nonce(place: int, last: int) -> bytes:
    return place.to_bytes(11) + (b"\x01" if place == last else b"\x00")


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, nonce, b"payload").derive(file_key))


def _header_mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(HKDF(SHA256(), 32, None, b"header").derive(file_key), header, hashlib.sha256)


def _base64(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def _from_base64(text: bytes, length: int) -> bytes:
    try:
        content = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise CannotOpen from None
    # Only the one canonical encoding counts, or a file could be changed without its MAC noticing.
    if len(content) != length or _base64(content) != text:
        raise CannotOpen
    return content
