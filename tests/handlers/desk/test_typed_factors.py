"""Names, passphrases and codes as phones write them: they open, and nothing of them stays where they do not."""

# Signs that look like others are what this is about.
# ruff: noqa: RUF001

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable

import pytest

from storage.leads.sign_in.factors import factors
from storage.sealing.keys.lead_keys import unwrap_seed
from storage.sealing.receipts.receipt import Receipt
from tests.handlers.desk.house import HOME, PASSPHRASE, House, Lead
from tests.handlers.desk.test_leaks import everywhere, logged, stands
from tests.storage.sealing.ways_of_writing import WAYS

OPEN = "Your desk is open"
A_RECEIPT = Receipt(bytes(range(10))).words

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
#: How six digits are typed, copied and dictated.
CODES: dict[str, Callable[[str], str]] = {
    "a space": lambda code: f"{code[:3]} {code[3:]}",
    "a hyphen": lambda code: f"{code[:3]}-{code[3:]}",
    "a dash": lambda code: f"{code[:3]}\u2013{code[3:]}",
    "a minus sign": lambda code: f"{code[:3]}\u2212{code[3:]}",
    "full stops": lambda code: ".".join((code[:2], code[2:4], code[4:])),
    "a middle dot": lambda code: f"{code[:3]}·{code[3:]}",
    "a narrow space": lambda code: f"{code[:3]}\u202f{code[3:]}",
    "a no-break space": lambda code: f"{code[:3]}\u00a0{code[3:]}",
    "direction marks": lambda code: f"\u200e{code}\u200f",
    "isolates": lambda code: f"\u2066{code}\u2069",
    "zero-width signs": "\u200b".join,
    "a byte order mark": lambda code: f"\ufeff{code}",
    "a soft hyphen": lambda code: f"{code[:3]}\u00ad{code[3:]}",
    "keycaps": lambda code: "".join(f"{digit}\ufe0f\u20e3" for digit in code),
    "wide digits": lambda code: code.translate(WIDE),
    "arabic digits": lambda code: f"{code[:3]} {code[3:]}".translate(ARABIC),
    "persian digits": lambda code: code.translate(PERSIAN),
    "devanagari digits": lambda code: code.translate(DEVANAGARI),
    "mathematical digits": lambda code: "".join(chr(0x1D7CE + int(digit)) for digit in code),
    "digit by digit": " ".join,
}
#: What may stand between passphrase and code.
BREAKS = ("\n", "\r\n", "\n\n", "\u2028", " \n ")
#: A name as the invite has it, and as it is typed.
NAMES = {
    "Siobhan O'Brien": ("Siobhan O’Brien", "siobhan o‘brien", "SIOBHAN OʼBRIEN", "Siobhan O`Brien", "Siobhan OBrien"),
    "Anne-Marie Bell": (
        "Anne\u2010Marie Bell",
        "anne\u2011marie\u00a0bell",
        "Anne\u2013Marie Bell",
        "Anne\u2212Marie Bell",
    ),
    "José Núñez": (unicodedata.normalize("NFD", "José Núñez"), "jose nunez", "\u200eJosé\u200f Núñez\u200e"),
    "İpek Işık": ("ipek ışık", "İPEK IŞIK", "ipek isik", unicodedata.normalize("NFD", "İpek Işık")),
    "فاطمة أحمد": ("فاطمه احمد", "\u200fفاطمة أحمد\u200f", "فاطمة\u00a0أحـمد", "فَاطِمَة أَحْمَد"),
    "Ms. Khan": ("Ms Khan", "ms  khan", "Ms.\u202fKhan", "\ufeffMs. Khan"),
}


async def unlocks(lead: Lead, name: str, factors: str) -> None:
    """Lock, and open the desk again with what is typed."""
    await lead.says("/lock")
    await lead.says(f"/unlock {name}")
    await lead.says(factors, secret=True)
    assert OPEN in lead.words, (name, factors)


async def test_a_code_opens_however_its_six_digits_are_written(house: House) -> None:
    lead = await house.lead("Ms Khan")
    for number, write in enumerate(list(CODES.values())[::3]):
        await unlocks(lead, "Ms Khan", f"{PASSPHRASE}{BREAKS[number % len(BREAKS)]}{write(lead.code())}")


async def test_a_code_opens_also_after_the_passphrase_and_a_wrong_passphrase_can_be_typed_again(house: House) -> None:
    lead = await house.lead("Ms Khan")
    for write in list(CODES.values())[1::7]:
        await lead.says("/lock")
        await lead.says("/unlock Ms Khan")
        await lead.says("not it at all, sorry", secret=True)
        await lead.says(PASSPHRASE, secret=True)
        await lead.says(write(lead.code()), secret=True)
        assert OPEN in lead.words


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_opens_however_a_phone_writes_it(house: House, name: str) -> None:
    lead = await house.lead(name)
    first, *more = NAMES[name]
    await unlocks(lead, f"{first} {PASSPHRASE}", f"{PASSPHRASE}\n{lead.code()}")
    await unlocks(lead, more[0], f"{PASSPHRASE}\n{lead.code()}")
    roster = await house.store.leads.rosters.read()
    assert [found.name for typed in (name, first, *more) if (found := roster.named(typed))] == [name] * (2 + len(more))
    assert roster.named("Nobody Here") is None


async def test_a_name_that_two_have_nearly_opens_only_as_it_is_kept_and_an_invite_for_it_is_the_one_that_is_there(
    house: House,
) -> None:
    first = await house.lead("Ann O'Hara")
    again = await house.store.leads.invites.draw("Ann O’Hara", "lead", HOME)
    assert again.existing
    await first.says("/lock")
    await first.says(f"/join {again.code}")
    assert "This invite moves Ann O'Hara" in first.words
    await first.says(f"{PASSPHRASE}\n{first.code()}", secret=True)
    assert OPEN in first.words
    one = await house.store.leads.invites.draw("Al-Amin", "lead", HOME)
    other = await house.store.leads.invites.draw("Al Amin", "lead", HOME)
    seated = await house.seated("Al-Amin", one.code)
    late = await house.tab()
    await late.type(f"/join {other.code}")
    await house.dealt_with(late)
    await late.type(PASSPHRASE, secret=True)
    await house.dealt_with(late)
    late_lead = Lead("Al Amin", late, house)
    late_lead.secret = await late_lead.secret_shown()
    await late_lead.says(late_lead.code(), secret=True)
    assert "not good" in late_lead.words, "there is one of that name already"
    await unlocks(seated, "Al Amin", f"{PASSPHRASE}\n{seated.code()}")


KEPT_AND_TYPED = [
    ('it\'s a wet "tuesday" - again...', "it’s a wet “tuesday” – again…"),
    ("it’s a wet “tuesday” — again…", 'it\'s a wet "tuesday" -- again...'),
    ("l'été – « chaud » et long", "l’été - “ chaud ” et long"),
    ("two  words\u00a0and\u202fmore of them", "\u200etwo  words and more of them\u200e"),
]


@pytest.mark.parametrize(("kept", "typed"), KEPT_AND_TYPED)
async def test_a_passphrase_opens_with_quotes_and_dashes_of_either_kind(house: House, kept: str, typed: str) -> None:
    code = (await house.store.leads.invites.draw("Ms Khan", "lead", HOME)).code
    lead = Lead("Ms Khan", await house.tab(), house)
    await lead.says(f"/join {code}")
    assert "Phones change quotes" in lead.words
    await lead.says(kept, secret=True)
    lead.secret = await lead.secret_shown()
    await lead.says(lead.code(), secret=True)
    for form in (kept, typed):
        await unlocks(lead, "Ms Khan", f"{form}\n{lead.code()}")


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", "\u2011"),
        lambda code: "\u200e" + code.replace("-", "") + "\u200f",
        lambda code: code.replace("O", "0").replace("I", "1").replace("B", "8"),
        lambda code: code.translate(str.maketrans("AEOKM", "АЕОКМ")),
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    ],
)
async def test_an_invite_is_found_however_its_code_is_written(house: House, write: Callable[[str], str]) -> None:
    code = (await house.store.leads.invites.draw("Ms Khan", "lead", HOME)).code
    for behind in ("/join\n", "/start j-"):
        tab = await house.tab()
        await tab.type(behind + write(code))
        await house.dealt_with(tab)
        await tab.wait_to_see("Welcome")
        await tab.wait_for(lambda tab=tab: not [one for one in tab.messages if one.mine])


async def test_a_pin_and_a_letters_code_are_digits_too(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.taps("Set a PIN")
    await lead.says("4 9-3\u200e7", secret=True)
    assert "Your PIN is set" in lead.words
    for pin in ("٤٩٣٧", "49.37"):
        house.clock.pass_(minutes=11)
        await house.desk.check_pin_locks()
        await lead.tab.wait_for(lambda: "curtain is drawn" in lead.words)
        await lead.says(pin, secret=True)
        assert OPEN in lead.words


SECRET = "otters paddle upstream 7"
#: Ways to type more than was asked for, or at the wrong place; `{name}` is a lead's.
MISTYPED = (
    "/unlock\n{name}\n{secret}\n123456",
    "/unlock\t{name}\t{secret}",
    "/unlock\u00a0{name}\u00a0{secret}",
    "/unlock\u3000{name}\u3000{secret}",
    "/unlock: {name}, {secret}",
    "\u200f/unlock\u200e {name} {secret}",
    "\ufeff/UNLOCK@a_bot\r\n{name}\r\n{secret}",
    " \uff0funlock {name} {secret}",
    "/lock\n{secret}",
    "/join\n{secret}",
    "/start j-{secret}",
    "/brief {secret}",
)


@pytest.mark.types_joining
@pytest.mark.parametrize("where", ["a new tab", "after a duty", "after a restart", "an open desk"])
async def test_a_secret_is_deleted_also_where_it_is_of_no_use(
    house: House, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    caplog.set_level(logging.DEBUG)
    lead = await house.lead("Ms Khan")
    typed = [one.format(name="Ms Khan", secret=SECRET) for one in MISTYPED]
    if where != "a new tab":
        typed += [SECRET, f"{SECRET}\n123-456", "123 456", f"/{SECRET}"]
    match where:
        case "a new tab":
            lead = Lead("Ms Khan", await house.tab(), house)
        case "after a duty":
            house.clock.pass_(hours=11)
        case "after a restart":
            await house.restart()
    for text in typed:
        await lead.says(text)
        await lead.tab.wait_for(lambda: not [one for one in lead.tab.messages if one.mine])
        assert SECRET not in lead.words
        assert "123456" not in lead.words
    assert stands((SECRET, "paddle upstream"), await everywhere(house)) == []
    assert stands((SECRET, "paddle upstream"), logged(caplog)) == []


@pytest.mark.types_joining
async def test_a_reporters_words_are_never_kept_at_the_desk(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lead = await house.lead("Ms Khan")
    receipt = await house.concern("behind the bus stop", "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    ways = [way(receipt.split()) for way in list(WAYS.values())[::12]]
    for text in (*ways, f"/note {receipt}", f"/reply\n{receipt}", f"/label {receipt.upper()}", f"She said: {receipt}"):
        await lead.says(text)
        assert "It was deleted, and kept nowhere." in lead.words
    await lead.says("/note")
    await lead.says(f"Her words are {receipt}")
    assert "kept nowhere" in lead.words
    await lead.says("Spoke to her mother.")
    assert "The note is kept" in lead.words, "what was asked for stays asked for"
    await lead.says("/lock")
    await lead.says(receipt)
    assert "type /return first" in lead.words
    assert receipt.split()[0] not in lead.words
    assert await house.replies(receipt) == []
    assert stands((receipt, " ".join(receipt.split()[:2])), await everywhere(house)) == []
    assert stands((receipt, " ".join(receipt.split()[:2])), logged(caplog)) == []


@pytest.mark.parametrize(("typed", "tries"), [(PASSPHRASE, 1), ("seven green kettles ‘sing’", 2)])
async def test_how_often_a_passphrase_is_tried_depends_on_what_was_typed_alone(
    house: House, monkeypatch: pytest.MonkeyPatch, typed: str, tries: int
) -> None:
    """Nothing in the time tells who is on the roster, who is shut out, or whose passphrase it was."""
    tried: list[str] = []

    def counted(sealed: bytes, passphrase: str, lead: str, version: int) -> bytearray:
        tried.append(passphrase)
        return unwrap_seed(sealed, passphrase, lead, version)

    lead = await house.lead("Ms Khan")
    gone = await house.lead("Mr Bell")
    await house.store.leads.team.disable(await house.id_of("Mr Bell"))
    await lead.says("/lock")
    monkeypatch.setattr(factors, "unwrap_seed", counted)
    for name in ("Ms Khan", "Nobody Here", "Mr Bell"):
        tried.clear()
        await gone.says(f"/unlock {name}")
        await gone.says(f"{typed}\n000000", secret=True)
        assert len(tried) == tries
