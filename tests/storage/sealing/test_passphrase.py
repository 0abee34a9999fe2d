"""Which passphrases will do."""

import pytest

from storage.sealing.passphrase import PassphraseFault, check_passphrase


@pytest.mark.parametrize(
    "passphrase",
    [
        "eleven small boats at noon",
        "purple-otter-39-drum",
        "ಹನ್ನೊಂದು ಸಣ್ಣ ದೋಣಿಗಳು ಇವೆ",
        "🐘🦒🐢 walk to the sea",
        "x7Kq pL2v Zr9m Td4w",
    ],
)
def test_long_ones_of_any_make_will_do(passphrase: str) -> None:
    assert check_passphrase(passphrase, ["Oakfield School", "Mary Bell"]) is None


@pytest.mark.parametrize(
    ("passphrase", "fault"),
    [
        ("fourteen chars", PassphraseFault.TOO_SHORT),
        ("e\u0301" * 14, PassphraseFault.TOO_SHORT),
        ("x y" * 100, PassphraseFault.TOO_LONG),
        ("Correct Horse Battery Staple", PassphraseFault.COMMON),
        ("correct-horse-battery-staple!", PassphraseFault.COMMON),
        ("safeguarding lead 2026", PassphraseFault.COMMON),
        ("aaaaaaaaaaaaaaaa", PassphraseFault.REPEATED),
        ("abcabcabcabcabcabc", PassphraseFault.REPEATED),
        ("hello hello hello hello", PassphraseFault.REPEATED),
        ("abcdefghijklmnopq", PassphraseFault.SEQUENCE),
        ("9876543210987654321", PassphraseFault.SEQUENCE),
        ("qwertyuiop asdfghjkl;", PassphraseFault.COMMON),
        ("poiuytrewq lkjhgfdsa", PassphraseFault.SEQUENCE),
        ("oakfield has tall trees", PassphraseFault.NAMED),
        ("my name is mary, hello", PassphraseFault.NAMED),
        ("hark the herald angels", PassphraseFault.NAMED),
    ],
)
def test_what_would_be_guessed_first_will_not(passphrase: str, fault: PassphraseFault) -> None:
    assert check_passphrase(passphrase, ["Oakfield School", "Mary Bell"]) is fault


def test_no_composition_is_asked_for() -> None:
    assert check_passphrase("only lower case letters here") is None


def test_short_parts_of_names_do_not_count() -> None:
    assert check_passphrase("the red kite flies at dusk", ["Red Ng"]) is None
