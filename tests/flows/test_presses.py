from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.screens import buttons
from flows.values.ids import LeadId, Register
from flows.values.inputs import Changed, Key, Pressed, Struck, Tapped
from flows.values.situation import Reader

ROSTER = (Reader(LeadId("a"), "Mr Bell", "lead", "Safeguarding lead"), Reader(LeadId("b"), "Ms Rao", "head", "Head"))


def test_every_button_is_heard_as_what_it_says() -> None:
    assert buttons.heard_from(buttons.option("safe", "not_sure")) == Tapped("safe", "not_sure")
    assert buttons.heard_from(buttons.change("tell")) == Changed("tell")
    assert buttons.heard_from(buttons.language("pt-BR")) == buttons.ChoseLanguage("pt-BR")
    for key in get_args(Key):
        assert buttons.heard_from(buttons.key("tell", key)) == Pressed("tell", key)
    for register in get_args(Register):
        assert buttons.heard_from(buttons.register(register)) == buttons.ChoseRegister(register)
    for name in get_args(buttons.Name):
        argument = "token" if name == "w" else ""
        assert buttons.heard_from(buttons.ask(name, argument)) == buttons.Asked(name, argument)


def test_one_key_of_a_screen_is_the_main_one_and_what_stands_beside_it_is_plain() -> None:
    main = [key for key in get_args(Key) if buttons.rank(buttons.key("tell", key)) == "main"]
    assert main == ["done", "carry_on", "questions", "send"]
    assert buttons.rank(buttons.key("-", "help")) == "plain"
    assert buttons.rank(buttons.ask("tidy")) == "plain"
    assert buttons.rank(buttons.ask("w", "token")) == "lasting"
    for choice in (buttons.option("safe", "no"), buttons.register("staff"), buttons.strike(ROSTER, 1)):
        assert buttons.rank(choice) == "choice"


def test_a_strike_names_the_roster_it_was_shown_with() -> None:
    assert buttons.heard_from(buttons.strike(ROSTER, 1)) == Struck(buttons.roster_hash(ROSTER), 1)
    assert buttons.heard_from(buttons.unsure(ROSTER)) == Struck(buttons.roster_hash(ROSTER), None)
    assert buttons.roster_hash(ROSTER) != buttons.roster_hash(ROSTER[::-1])


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
    assert buttons.heard_from(data) is None


def test_data_too_long_for_a_button_is_refused_where_it_is_made() -> None:
    assert len(buttons.option("a" * 50, "b" * 11)) == buttons.LONGEST
    with pytest.raises(ValueError, match="64 bytes"):
        buttons.option("a" * 50, "b" * 12)


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(data: str) -> None:
    buttons.heard_from(data)
