"""Ed25519 signatures (RFC 8032) on entries: a lead's with the lead's own key, a reporter's with the receipt's."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.sealing.primitives.derive import Field, canonical
from storage.sealing.primitives.errors import NotGenuine


def verifying_key(seed: bytes | bytearray) -> bytes:
    """Give the 32 public bytes that belong to a signing seed.

    Raises:
        ValueError: The seed is not 32 bytes long (a bug).
    """
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes | bytearray, label: str, *fields: Field) -> bytes:
    """Sign what an entry consists of.

    Args:
        seed: The signer's 32-byte signing seed.
        label: What kind of statement this is, with a version; the same fields under another label do not verify.
        fields: Everything the signature stands for: case, entry, version, content, time.

    Returns:
        64 bytes, the same for the same seed and fields (RFC 8032, section 5.1.6).

    Raises:
        ValueError: The seed is not 32 bytes long (a bug).
    """
    return Ed25519PrivateKey.from_private_bytes(seed).sign(_message(label, *fields))


def verify(public: bytes, signature: bytes, label: str, *fields: Field) -> None:
    """Return quietly if the signature is the signer's on exactly these fields.

    Raises:
        NotGenuine: It is not, or the public key is not one.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _message(label, *fields))
    except (InvalidSignature, ValueError):
        raise NotGenuine from None


def _message(label: str, *fields: Field) -> bytes:
    return canonical("hark/signature/1", label, fields)
