from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import presses
from flows.heard import Changed, Key, Pressed, Struck, Tapped
from flows.ids import LeadId, Register
from flows.known import Reader

ROSTER = (Reader(LeadId("a"), "Mr Bell", "lead", "Safeguarding lead"), Reader(LeadId("b"), "Ms Rao", "head", "Head"))


def test_every_button_is_heard_as_what_it_says() -> None:
    assert presses.heard_from(presses.option("safe", "not_sure")) == Tapped("safe", "not_sure")
    assert presses.heard_from(presses.change("tell")) == Changed("tell")
    assert presses.heard_from(presses.language("pt-BR")) == presses.ChoseLanguage("pt-BR")
    for key in get_args(Key):
        assert presses.heard_from(presses.key("tell", key)) == Pressed("tell", key)
    for register in get_args(Register):
        assert presses.heard_from(presses.register(register)) == presses.ChoseRegister(register)
    for name in get_args(presses.Name):
        argument = "token" if name == "w" else ""
        assert presses.heard_from(presses.ask(name, argument)) == presses.Asked(name, argument)


def test_one_key_of_a_screen_is_the_main_one_and_what_stands_beside_it_is_plain() -> None:
    main = [key for key in get_args(Key) if presses.rank(presses.key("tell", key)) == "main"]
    assert main == ["done", "carry_on", "questions", "send"]
    assert presses.rank(presses.key("-", "help")) == "plain"
    assert presses.rank(presses.ask("tidy")) == "plain"
    assert presses.rank(presses.ask("w", "token")) == "lasting"
    for choice in (presses.option("safe", "no"), presses.register("staff"), presses.strike(ROSTER, 1)):
        assert presses.rank(choice) == "choice"


def test_a_strike_names_the_roster_it_was_shown_with() -> None:
    assert presses.heard_from(presses.strike(ROSTER, 1)) == Struck(presses.roster_hash(ROSTER), 1)
    assert presses.heard_from(presses.unsure(ROSTER)) == Struck(presses.roster_hash(ROSTER), None)
    assert presses.roster_hash(ROSTER) != presses.roster_hash(ROSTER[::-1])


@pytest.mark.parametrize(
    "data",
    [
        "",
        "q",
        "q:",
        "q:safe",
        "q:safe:",
        "k:safe:nothing",
        "k:safe",
        "r:h",
        "r:h:-1",
        "r:h:٣",
        "r:h:9999",
        "g:teacher",
        "x:rm",
        "x:w",
        "x:leave:now",
        "c:",
        "c:a:b",
        "l:",
        "d:queue",
        "zzz:1:2",
    ],
)
def test_data_of_no_button_is_nothing(data: str) -> None:
    assert presses.heard_from(data) is None


def test_data_too_long_for_a_button_is_refused_where_it_is_made() -> None:
    assert len(presses.option("a" * 50, "b" * 11)) == presses.LONGEST
    with pytest.raises(ValueError, match="64 bytes"):
        presses.option("a" * 50, "b" * 12)


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(data: str) -> None:
    presses.heard_from(data)
