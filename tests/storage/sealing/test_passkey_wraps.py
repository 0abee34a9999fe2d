"""A seed that was wrapped for a passkey opens for that one alone; and for which pages browsers make any."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.sealing.passkeys.ceremonies import (
    NO_KEY,
    RelyingParty,
    check_assertion,
    check_registration,
    named_in,
    relying_party,
)
from storage.sealing.passkeys.wraps import PasskeyWrap, unwrap_for_passkey, wrap_for_passkey
from storage.sealing.primitives.errors import WrongFactor
from tests.programs.start import modules_with

SEED, PRF = bytes(range(32)), bytes(range(32, 64))
LEAD, CREDENTIAL = "0123456789abcdef0123456789abcdef", b"credential of an authenticator"
#: Made once with the code of version 1: it has to open for ever.
FROZEN = PasskeyWrap(
    LEAD,
    CREDENTIAL,
    3,
    bytes.fromhex("ef3c8389502744d13c28660d453928da"),
    bytes.fromhex(
        "0131016fe745d61c036d72a963ae8ed9873ec334091c1efca820578254e921f72224b105541f93d7815a289837c0aa72f2f0"
        "86f7f4766a4f0f717f7d849e4174c6db7101c32fc28689833a549fa4a08bec76cd7fcb37e38d7287cb91f3c5145b0f"
    ),
)


def prf(some: bytes = PRF) -> bytearray:
    return bytearray(some)


def test_what_was_frozen_opens() -> None:
    assert bytes(unwrap_for_passkey(FROZEN, prf())) == SEED


def test_it_opens_for_its_own_passkey_lead_and_version_alone() -> None:
    wrap = wrap_for_passkey(SEED, prf(), LEAD, CREDENTIAL, 3)
    assert bytes(unwrap_for_passkey(wrap, prf())) == SEED
    for other in (
        replace(wrap, lead=LEAD[::-1]),
        replace(wrap, credential=CREDENTIAL + b"x"),
        replace(wrap, version=4),
        replace(wrap, salt=bytes(16)),
        replace(wrap, blob=wrap.blob[:-1] + bytes([wrap.blob[-1] ^ 1])),
        replace(wrap, blob=b""),
    ):
        with pytest.raises(WrongFactor):
            unwrap_for_passkey(other, prf())
    for foreign in (bytes(32), PRF[:-1], b"", PRF + b"x"):
        with pytest.raises(WrongFactor):
            unwrap_for_passkey(wrap, prf(foreign))


def test_two_wraps_of_one_seed_have_nothing_in_common() -> None:
    one, two = (wrap_for_passkey(SEED, prf(), LEAD, CREDENTIAL, 3) for _ in range(2))
    assert one.salt != two.salt
    assert one.blob != two.blob


def test_what_is_no_prf_output_wraps_nothing() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        wrap_for_passkey(SEED, prf(b"short"), LEAD, CREDENTIAL, 3)


def test_the_library_is_loaded_with_the_first_passkey_and_not_at_the_start() -> None:
    assert not modules_with("bot.wiring") & {"webauthn", "OpenSSL"}


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("https://hark.example/signin", RelyingParty("hark.example", "https://hark.example")),
        ("https://hark.example:8443/hark/signin", RelyingParty("hark.example", "https://hark.example:8443")),
        ("http://localhost:8080/signin", RelyingParty("localhost", "http://localhost:8080")),
        ("http://hark.example/signin", None),
        ("http://127.0.0.1:8080/signin", None),
        ("https://[::1]/signin", None),
        ("https://192.168.1.20/signin", None),
        ("", None),
    ],
)
def test_browsers_make_passkeys_for_names_with_https_and_for_localhost(url: str, party: RelyingParty | None) -> None:
    assert relying_party(url) == party


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "null", "{}", '{"id":1}', "[" * 16_000, "\ud800", '{"id":"YQ","rawId":"YQ"}']
)
def test_whatever_else_comes_is_one_refusal(answer: str) -> None:
    party = RelyingParty("localhost", "http://localhost")
    with pytest.raises(WrongFactor):
        check_registration(answer, b"c" * 32, party)
    with pytest.raises(WrongFactor):
        check_assertion(answer, b"c" * 32, party, NO_KEY, 0)
    with pytest.raises(WrongFactor):
        named_in(answer)
