"""Screens as the Bot API gets them: entities, pages, buttons and fields for secrets."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.webchat.markup.keyboards import secret_field
from flows.values.screen import Copy, Link, Press, Row, Screen, Secret
from flows.values.text import Text
from handlers.telegram.languages import load
from handlers.telegram.renderer import FULL, Body, messages
from handlers.telegram.text_limits import LABEL, shortened, units

ENGLISH = load(Path("nowhere"), ZoneInfo("Europe/London"))["en"]
ROWS: tuple[Row, ...] = ((Press(Text("Go on"), "k:-:carry_on"),), (Press("Back", "k:C4:back"), Press("Help", "x:help")))


def rendered(screen: Screen) -> tuple[Body, ...]:
    return messages(screen, ENGLISH)


def part(body: Body, kind: str) -> list[str]:
    raw = body.text.encode("utf-16-le")
    return [
        raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in body.entities
        if entity.type == kind
    ]


def test_paragraphs_stand_apart_and_buttons_in_their_rows() -> None:
    [body] = rendered(Screen((Text("One."), Text("Two.")), ROWS))
    assert body.text == "One.\n\nTwo."
    assert body.entities == []
    assert body.keyboard is body.markup
    shown = [[(button.text, button.callback_data) for button in row] for row in body.keyboard.inline_keyboard]  # type: ignore[union-attr]
    assert shown == [[("Go on", "k:-:carry_on")], [("Back", "k:C4:back"), ("Help", "x:help")]]


def test_buttons_have_a_colour_by_their_rank() -> None:
    rows = (*ROWS, (Press("No", "q:safe:no"), Press("Keep", "x:w:token"), Press("Desk", "d:x", rank="main")))
    [body] = rendered(Screen((Text("One."),), rows))
    wire = body.keyboard.model_dump(exclude_none=True)["inline_keyboard"]  # type: ignore[union-attr]
    looks = {key["text"]: (key.get("style"), key.get("variant")) for row in wire for key in row}
    assert looks == {
        "Go on": ("primary", None),
        "Back": (None, "plain"),
        "Help": (None, "plain"),
        "No": (None, None),
        "Keep": (None, "lasting"),
        "Desk": ("primary", None),
    }


def test_a_row_that_can_be_ticked_says_whether_it_is() -> None:
    rows = ((Press("✓ Ms Rao", "r:0:0", checked=True),), (Press("✗ Mr Bell", "r:0:1", checked=False),), ROWS[0])
    [body] = rendered(Screen((Text("Who?"),), rows))
    wire = body.keyboard.model_dump(exclude_none=True)["inline_keyboard"]  # type: ignore[union-attr]
    assert [(key["text"], key.get("checked")) for row in wire for key in row] == [
        ("✓ Ms Rao", True),
        ("✗ Mr Bell", False),
        ("Go on", None),
    ]


def test_the_code_is_the_only_code_and_stands_on_lines_of_its_own() -> None:
    [body] = rendered(Screen((Text("Keep these 🔑 words."),), code="amber basket cobalt", verbatim="own 🙂 words"))
    assert part(body, "code") == ["amber basket cobalt"]
    assert part(body, "blockquote") == ["own 🙂 words"]
    assert body.text.split("\n\n") == ["Keep these 🔑 words.", "amber basket cobalt", "own 🙂 words"]


@pytest.mark.parametrize(
    "words", ["<b>x</b> *y* _z_ `c` [a](b)", "&lt; {name} %s", " spaces\n\nand lines ", "a\u202eb"]
)
def test_own_words_are_shown_as_they_were_written(words: str) -> None:
    [body] = rendered(Screen((Text("You wrote:"),), verbatim=words))
    assert part(body, "blockquote") == [words]


def test_own_words_that_are_only_space_are_no_block() -> None:
    [body] = rendered(Screen((Text("You wrote:"),), verbatim=" \n"))
    assert (body.text, body.entities) == ("You wrote:", [])


def test_long_words_are_cut_into_pages_and_the_buttons_stand_under_the_last() -> None:
    words = "one two three 🙂🏽 " * 1000
    pages = rendered(Screen((Text("They wrote:"),), ROWS, verbatim=words))
    assert len(pages) > 2
    assert all(units(page.text) <= FULL for page in pages)
    assert "".join(quote for page in pages for quote in part(page, "blockquote")) == words
    assert [page.keyboard is None for page in pages] == [True] * (len(pages) - 1) + [False]


@pytest.mark.parametrize("letter", ["🇬🇧", "👩🏿\u200d👧", "o\u031b\u0309", "ক্ষ"])
def test_a_page_ends_with_a_whole_letter(letter: str) -> None:
    pages = rendered(Screen((Text("They wrote:"),), ROWS, verbatim="x" + letter * 3000))
    quotes = [quote for page in pages for quote in part(page, "blockquote")]
    assert "".join(quotes) == "x" + letter * 3000
    assert [quote.replace(letter, "") for quote in quotes] == ["x", *[""] * (len(quotes) - 1)]


def test_a_code_is_never_cut() -> None:
    code = "amber basket cobalt drizzle ember fennel ginger harbour"
    pages = rendered(Screen((Text("x" * (FULL - 10)),), code=code))
    assert [part(page, "code") for page in pages] == [[], [code]]


def test_a_label_that_is_too_long_is_shortened_and_its_lines_joined() -> None:
    name = "✓ " + "Wolfeschlegelsteinhausen " * 5
    [body] = rendered(Screen((Text("Who?"),), ((Press(name, "r:0:1"), Press("a\nb", "r:0:2")),)))
    first, second = body.keyboard.inline_keyboard[0]  # type: ignore[union-attr]
    assert units(first.text) <= LABEL
    assert first.text.endswith("…")
    assert second.text == "a b"


def test_a_shortened_label_closes_its_isolate() -> None:
    assert shortened("\u2068" + "x" * 100, 20).endswith("…\u2069")


def test_data_is_measured_in_bytes_and_a_button_that_does_not_fit_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    fits, too_long = "q:" + "ж" * 31, "q:" + "ж" * 32
    [body] = rendered(Screen((Text("?"),), ((Press("a", fits), Press("b", too_long)), (Press("c", ""),))))
    assert [[button.callback_data for button in row] for row in body.keyboard.inline_keyboard] == [[fits]]  # type: ignore[union-attr]
    assert "left out" in caplog.text
    assert "ж" not in caplog.text


def test_copy_and_link_buttons() -> None:
    rows = ((Copy("Copy", "amber basket"), Link("Open", "https://hark.example")), (Copy("x", "y" * 257),))
    [body] = rendered(Screen((Text("."),), rows))
    [[copy, link]] = body.keyboard.inline_keyboard  # type: ignore[union-attr]
    assert copy.copy_text is not None
    assert (copy.copy_text.text, link.url) == ("amber basket", "https://hark.example")


def test_telephone_links_are_left_out_since_telegram_refuses_them() -> None:
    [body] = rendered(Screen((Text("."),), ((Link("Call", "tel:999"),),)))
    assert body.keyboard is None


@pytest.mark.parametrize("secret", ["password", "new-password", "one-time-code", "password+one-time-code", "pin"])
def test_a_secret_is_asked_for_in_the_field_that_the_page_knows(secret: Secret) -> None:
    [body] = rendered(Screen((Text("Hello."), Text("Your passphrase")), secret=secret))
    assert body.text == "Hello.\n\nYour passphrase"
    assert body.field is body.markup
    assert secret_field(body.field.model_dump() if body.field else None) == {
        "parts": secret.split("+"),
        "label": "Your passphrase",
    }


def test_a_field_holds_sixty_four_characters() -> None:
    [body] = rendered(Screen((Text("x" * 200),), secret="pin"))
    assert body.field is not None
    assert len(body.field.input_field_placeholder or "") <= 64


def test_a_secret_with_buttons_is_two_messages_the_field_last() -> None:
    first, last = rendered(Screen((Text("Hello."), Text("PIN")), ROWS, secret="pin"))
    assert (first.text, first.field, last.text, last.keyboard) == ("Hello.", None, "PIN", None)
    assert first.keyboard is not None
    assert last.field is not None


def test_half_a_surrogate_pair_does_not_reach_the_wire() -> None:
    [body] = rendered(Screen((Text("You wrote:"),), verbatim="a\ud83d b"))
    body.text.encode("utf-8")
    assert part(body, "blockquote") == ["a\ufffd b"]


def test_marks_in_own_words_are_bold_where_they_stand_also_behind_a_sign_of_two_units_and_on_a_later_page() -> None:
    words = "🙂 I took pills " + "x " * 2100 + "and again"
    first, second = rendered(Screen((), verbatim=words, marks=((4, 14), (len(words) - 5, len(words)))))
    assert part(first, "bold") == ["took pills"]
    assert part(second, "bold") == ["again"]
