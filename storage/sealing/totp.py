"""Time-based one-time passwords (RFC 6238) as authenticator apps know them: SHA-1, six digits, 30 seconds."""

import os

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from flows.values.normalise import digits

STEP_SECONDS = 30  # RFC 6238, section 5.2
SECRET_BYTES = 20  # RFC 4226, section 4, R6
_DIGITS = 6  # RFC 4226, section 5.3


def new_totp_secret() -> bytes:
    """Draw a secret of 20 bytes.

    RFC 4226, section 4 (R6), asks for 128 bits at least and recommends these 160.
    """
    return os.urandom(SECRET_BYTES)


def otpauth_uri(secret: bytes, account: str, issuer: str) -> str:
    """Give the `otpauth://` line that an authenticator app reads, also out of a QR picture.

    Args:
        secret: The lead's secret; the line holds it in base32, so it is as secret.
        account: Whose it is, as the app shows it.
        issuer: Which service, as the app shows it.
    """
    # SHA-1 is what every app implements; HMAC does not need its collision resistance.
    totp = TOTP(secret, _DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - RFC 6238's default, see above
    return totp.get_provisioning_uri(account, issuer)


def verify_totp(secret: bytes, code: str, now: float, last_step: int | None) -> int | None:
    """Judge a code; each serves once, whatever the clock does.

    The steps before and after the present one are taken too, for phones whose clock is off by less than 30 seconds.
    A step at or before the last one used never serves again: should the server's clock step back, codes are refused
    until it has caught up, rather than taken twice.

    Args:
        secret: The lead's secret.
        code: Six digits as typed; `digits` reads them.
        now: The server's clock, in seconds since 1970.
        last_step: The step of the last code that served, or None if none has.

    Returns:
        The step to keep as `last_step`, before the unlock counts; or None if the code does not serve.
    """
    typed = digits(code).encode()
    hotp = HOTP(secret, _DIGITS, SHA1())  # noqa: S303 - RFC 6238's default, see above
    present = int(now // STEP_SECONDS)
    found: int | None = None
    for step in range(max(0, present - 1), present + 2):  # no early end: the time taken tells nothing
        fresh = last_step is None or step > last_step
        if bytes_eq(hotp.generate(step), typed) and fresh and found is None:
            found = step
    return found
