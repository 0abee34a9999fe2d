"""Registering a passkey and signing in with one (WebAuthn Level 3, sections 7.1 and 7.2), checked by py_webauthn.

The library is loaded with the first check: importing it takes an eighth of a second. Attestations are not asked for,
and any that comes is refused before it is parsed: the parsers of vendors' formats are no stranger's to reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from storage.sealing.primitives.errors import WrongFactor

#: Longest answer of a browser that is looked at, in characters.
LONGEST: Final = 16_384
CHALLENGE_BYTES: Final = 32
#: A key that nobody has registered: an answer for none is checked with it, so that it takes as long (the point G).
NO_KEY: Final = bytes.fromhex(
    "a5010203262001215820"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "2258204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whose passkeys they are: `id` is the host of the public address, `origin` its scheme, host and port."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey: its id, its public key (COSE), and its counter of signatures."""

    credential: bytes
    public_key: bytes
    count: int


def relying_party(url: str) -> RelyingParty | None:
    """Give whose passkeys a page has; None where browsers make none: without a name, or neither HTTPS nor localhost."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or _is_address(host) or not (parts.scheme == "https" or host == "localhost"):
        return None
    return RelyingParty(host, f"{parts.scheme}://{parts.netloc}")


def check_registration(answer: str, challenge: bytes, party: RelyingParty) -> Registered:
    """Check a browser's answer to `create()`: challenge, origin, RP id, that the user was verified, no attestation.

    Raises:
        WrongFactor: Anything is not as it has to be.
    """
    from webauthn import verify_registration_response  # noqa: PLC0415 - see above
    from webauthn.helpers import parse_registration_credential_json  # noqa: PLC0415 - likewise

    try:
        given = parse_registration_credential_json(answer)
        _refuse_attestation(given.response.attestation_object)
        found = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes have a parser raise is one refusal
        raise WrongFactor from None
    return Registered(found.credential_id, found.credential_public_key, found.sign_count)


def check_assertion(answer: str, challenge: bytes, party: RelyingParty, public_key: bytes, count: int) -> int:
    """Check a browser's answer to `get()`, by the same points, and that the counter went on from `count`, if it counts.

    Returns:
        The counter to keep.

    Raises:
        WrongFactor: Anything is not as it has to be.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415 - see above

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - likewise
        raise WrongFactor from None
    return found.new_sign_count


def named_in(answer: str) -> tuple[bytes, str]:
    """Give the credential that an answer to `get()` names, and whose it says it is; nothing of it is checked.

    Raises:
        WrongFactor: It cannot be read.
    """
    from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415 - see above

    try:
        given = parse_authentication_credential_json(answer)
        return given.raw_id, (given.response.user_handle or b"").decode("ascii")
    except Exception:  # noqa: BLE001 - likewise
        raise WrongFactor from None


def _refuse_attestation(said: bytes) -> None:
    """Return quietly if there is no attestation.

    Raises:
        WrongFactor: There is one: its statement is looked at no further.
    """
    from webauthn.helpers import parse_attestation_object  # noqa: PLC0415 - see above
    from webauthn.helpers.structs import AttestationFormat  # noqa: PLC0415 - likewise

    if parse_attestation_object(said).fmt != AttestationFormat.NONE:
        raise WrongFactor


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
