"""Sentences in people's languages: contexts, plurals, times and lists, and that a bad catalogue harms nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from flows.values.text import Listed, Moment, Text
from handlers.telegram.languages import Translator, fits, load, negotiate
from handlers.telegram.text_limits import FSI, PDI, bare

LONDON = ZoneInfo("Europe/London")
Entry = tuple[str | tuple[str, str], str | tuple[str, ...], str | None]
Made = Callable[..., Translator]


@pytest.fixture
def speak(tmp_path: Path) -> Made:
    """A translator of a catalogue with these entries: message id, translation, context."""

    def made(language: str, *entries: Entry, country: str = "") -> Translator:
        catalogue = Catalog(locale=language)
        for msgid, string, context in entries:
            catalogue.add(msgid, string, context=context)
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "hark.mo").open("wb") as file:
            write_mo(file, catalogue)
        return load(tmp_path, LONDON, country)[language]

    return made


def english(country: str = "GB") -> Translator:
    return load(Path("nowhere"), LONDON, country)["en"]


def test_english_needs_no_catalogue() -> None:
    assert english().say(Text("Call {emergency}.", "child", {"emergency": "999"})) == "Call 999."


def test_each_register_has_its_own_words_and_shares_the_rest(speak: Made) -> None:
    es = speak("es", ("Not sure", "No estoy seguro", None), ("Your name", "Tu nombre", "child"))
    assert es.say(Text("Your name", "child")) == "Tu nombre"
    assert es.say(Text("Your name", "parent")) == "Your name"
    assert es.say(Text("Not sure", "parent")) == "No estoy seguro"


def test_the_plural_is_the_languages_own(speak: Made) -> None:
    forms = ("لا رسائل", "رسالة واحدة", "رسالتان", "{count} رسائل", "{count} رسالة.", "{count} رسالة")
    ar = speak("ar", (("one message", "{count} messages"), forms, None))
    said = [bare(ar.say(Text("one message", "", {}, "{count} messages", count))) for count in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا رسائل", "رسالة واحدة", "رسالتان", "3 رسائل", "11 رسالة", "100 رسالة."]


def test_the_english_plural_stands_in_for_a_missing_one() -> None:
    texts = [Text("one message", "desk", {}, "{count} messages", count) for count in (0, 1, 2)]
    assert [english().say(text) for text in texts] == ["0 messages", "one message", "2 messages"]


@pytest.mark.parametrize(
    "broken", ["Llama.", "Llama al {emergencia}.", "Llama al {emergency", "Llama al {emergency} {0}.", "{emergency}}"]
)
def test_a_translation_with_a_broken_placeholder_is_said_in_english(speak: Made, broken: str) -> None:
    es = speak("es", ("Call {emergency}.", broken, None))
    assert es.say(Text("Call {emergency}.", "", {"emergency": "112"})) == "Call 112."


def test_an_argument_that_is_missing_leaves_its_placeholder_and_raises_nothing() -> None:
    assert english().say(Text("Hello {name}")) == "Hello {name}"


def test_what_stands_in_an_argument_is_never_read_as_a_placeholder() -> None:
    text = Text("{name}, {title}", "", {"name": "{title}", "title": "{name}"})
    assert english().say(text) == "{title}, {name}"


@pytest.mark.parametrize(
    ("style", "shown"), [("time", "10:30"), ("date", "23 June 2026"), ("day_time", "Tuesday 23 June, 10:30")]
)
def test_a_moment_is_shown_in_the_sites_time_and_the_countrys_way(style: str, shown: str) -> None:
    moment = Moment(datetime(2026, 6, 23, 9, 30, tzinfo=UTC), style)  # type: ignore[arg-type]
    assert english().say(Text("{t}", "", {"t": moment})) == shown


def test_another_zone_is_another_translator_of_the_same_language() -> None:
    moment = Text("{t}", "", {"t": Moment(datetime(2026, 6, 23, 23, 30, tzinfo=UTC), "day_time")})
    assert english().at(ZoneInfo("Asia/Kolkata")).say(moment) == "Wednesday 24 June, 05:00"
    translator = english()
    assert translator.at(LONDON) is translator


def test_leads_see_the_year_as_well() -> None:
    moment = Moment(datetime(2026, 6, 23, 9, 30, tzinfo=UTC))
    assert english().say(Text("{t}", "desk", {"t": moment})) == "Tue, 23 Jun 2026, 10:30"


def test_a_list_is_joined_as_the_language_joins_it(speak: Made) -> None:
    es = speak("es", ("Back", "Atrás", None))
    listed = Listed(("Ana", Text("Back"), "Luis"))
    assert es.say(Text("{who}", "", {"who": listed})) == "Ana, Atrás y Luis"
    assert english().say(Text("{who}.", "", {"who": Listed(())})) == "."


def test_in_a_language_from_right_to_left_every_argument_is_isolated(speak: Made) -> None:
    ar = speak("ar", ("Call {emergency}, {name}.", "اتصل {emergency}، {name}.", None))
    said = ar.say(Text("Call {emergency}, {name}.", "", {"emergency": "999", "name": "Ms Carter"}))
    assert said == f"اتصل {FSI}999{PDI}، {FSI}Ms Carter{PDI}."
    assert ar.right_to_left


def test_a_command_keeps_its_slash_in_front_from_right_to_left(speak: Made) -> None:
    ar = speak("ar", ("Come back: /return", "العودة: /return", None))
    assert ar.say(Text("Come back: /return")) == f"العودة: {FSI}/return{PDI}"
    es = speak("es", ("Come back: /return", "Volver: /return", None))
    assert es.say(Text("Come back: /return")) == "Volver: /return"


def test_a_name_from_right_to_left_in_english_is_isolated_too() -> None:
    assert english().say(Text("{name}, 12", "", {"name": "محمد"})) == f"{FSI}محمد{PDI}, 12"


def test_a_name_cannot_turn_the_sentence_around() -> None:
    said = english().say(Text("{name} cannot read this.", "", {"name": "Bell\u202e\u2066 \u202bX"}))
    assert said == "Bell X cannot read this."


def test_a_catalogue_that_is_damaged_is_not_offered(tmp_path: Path) -> None:
    for language, content in (("es", b"nonsense"), ("xx", b""), ("ar", b"\xde\x12\x04\x95" + b"\xff" * 40)):
        (tmp_path / language / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / language / "LC_MESSAGES" / "hark.mo").write_bytes(content)
    assert set(load(tmp_path, LONDON)) == {"en"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("pt", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("pt-br", "pt_BR"),
        ("ES-419", "es"),
        (["xx", "ar-EG", "es"], "ar"),
        ("iw", "he"),
        ("", "en"),
        (None, "en"),
        ([], "en"),
        ("zh-Hans-CN", "en"),
        ("estonian", "en"),
    ],
)
def test_the_nearest_language_is_found(wanted: list[str] | str | None, found: str) -> None:
    assert negotiate(wanted, ("ar", "en", "es", "he", "pt_BR")) == found


def test_without_english_the_first_language_answers() -> None:
    assert negotiate("xx", ("cy", "es")) == "cy"


@given(st.text())
def test_whatever_tag_comes_a_language_that_there_is_comes_back(tag: str) -> None:
    assert negotiate(tag, ("en", "es")) in {"en", "es"}


@given(st.text(), st.dictionaries(st.sampled_from(["name", "count"]), st.text()))
def test_no_message_and_no_argument_makes_it_fail(msgid: str, args: dict[str, str]) -> None:
    assert isinstance(english().say(Text(msgid, "child", args)), str)


def test_placeholders_fit_only_if_all_are_there_once_more_or_less() -> None:
    assert fits("{a} y {b}", "{b} and {a}")
    assert fits("dos", "{count} things", plural=True)
    assert not fits("dos", "{count} things")
    assert not fits("{a}", "{a} and {b}")
    assert not fits("{a} {", "{a}")
    assert fits("a { b", "{ b")
