"""One-time passwords: the published values, and each code once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.totp import new_totp_secret, otpauth_uri, verify_totp

SECRET = b"12345678901234567890"
# RFC 6238, appendix B, SHA-1: the last six of the eight digits printed there.
PUBLISHED = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
]


@pytest.mark.parametrize(("now", "code"), PUBLISHED)
def test_the_published_codes_serve(now: int, code: str) -> None:
    assert verify_totp(SECRET, code, now, None) == now // 30


@pytest.mark.parametrize(
    ("offset", "serves"), [(-31, False), (-30, True), (0, True), (30, True), (59, True), (60, False)]
)
def test_a_phone_may_be_one_step_off(offset: int, *, serves: bool) -> None:
    step_start = 1_111_111_110 - 1_111_111_110 % 30
    assert (verify_totp(SECRET, "050471", step_start + offset, None) is not None) == serves


def test_a_code_serves_once() -> None:
    step = verify_totp(SECRET, "287082", 59, None)
    assert step == 1
    assert verify_totp(SECRET, "287082", 59, step) is None


def test_a_code_serves_once_also_after_the_clock_steps_back() -> None:
    step = verify_totp(SECRET, "050471", 1_111_111_111, None)
    assert verify_totp(SECRET, "050471", 1_111_111_111 - 20, step) is None
    assert verify_totp(SECRET, "081804", 1_111_111_109, step) is None


@given(st.integers(0, 3), st.integers(-100, 100))
def test_no_clock_makes_a_step_serve_at_or_before_the_last(step: int, drift: int) -> None:
    served = verify_totp(SECRET, "287082", max(0, 59 + drift), step)
    assert served is None or served > step


@pytest.mark.parametrize("code", [" 287 082\n", "\u0662\u0668\u0667\u0660\u0668\u0662", "\uff1287082"])
def test_spaces_and_the_digits_of_other_scripts_do_no_harm(code: str) -> None:
    assert verify_totp(SECRET, code, 59, None) == 1


@pytest.mark.parametrize("code", ["", "28708", "2870820", "28708a", "000000", "94287082"])
def test_anything_else_does_not_serve(code: str) -> None:
    assert verify_totp(SECRET, code, 59, None) is None


def test_the_secret_reads_as_apps_want_it() -> None:
    uri = otpauth_uri(SECRET, "Mary Bell", "Hark")
    assert uri.startswith("otpauth://totp/Hark:Mary%20Bell?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri
    assert "digits=6" in uri
    assert "period=30" in uri


def test_secrets_are_long_and_differ() -> None:
    assert len(new_totp_secret()) == 20
    assert new_totp_secret() != new_totp_secret()
