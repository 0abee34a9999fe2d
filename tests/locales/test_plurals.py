"""A plural that nobody has translated, or not in every form, is said in English, and by English's own rule."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from flows.values.text import Text
from handlers.telegram.languages import Translator, load
from handlers.telegram.text_limits import bare
from locales.compile import CATALOGUES, compile_stale

COUNTS = (0, 1, 2, 3, 11, 100, 101)
ENGLISH = ["0 messages", "one message", "2 messages", "3 messages", "11 messages", "100 messages", "101 messages"]
ARABIC = ("لا رسائل", "رسالة واحدة", "رسالتان", "{count} رسائل", "{count} رسالة.", "{count} رسالة")
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def entry(*forms: str, flag: str = "", context: str = "") -> str:
    lines = [flag, context and f'msgctxt "{context}"', 'msgid "one message"', 'msgid_plural "{count} messages"']
    lines += [f'msgstr[{number}] "{form}"' for number, form in enumerate(forms)]
    return "\n".join(line for line in lines if line)


def compiled(folder: Path, language: str, *entries: str) -> Translator:
    path = folder / language / "LC_MESSAGES" / "hark.po"
    path.parent.mkdir(parents=True)
    path.write_text("\n\n".join([HEAD, *entries]) + "\n", "utf-8")
    assert compile_stale(folder) == (language,)
    return load(folder, ZoneInfo("Europe/London"))[language]


def said(translator: Translator, context: str = "") -> list[str]:
    return [bare(translator.say(Text("one message", context, {}, "{count} messages", count))) for count in COUNTS]


UNFINISHED = {
    "not translated": entry(*[""] * 6),
    "not translated, two forms": entry("", ""),
    "not there": 'msgid "Yes"\nmsgstr "نعم"',
    "fuzzy": entry(*ARABIC, flag="#, fuzzy"),
    "no form for none": entry("", *ARABIC[1:]),
    "no form for one": entry(ARABIC[0], "", *ARABIC[2:]),
    "no form for many": entry(*ARABIC[:4], "", ""),
    "English's two forms alone": entry(ARABIC[1], ARABIC[5]),
    "the last one alone": entry("", "", "", "", "", ARABIC[5]),
}


@pytest.mark.parametrize("unfinished", UNFINISHED.values(), ids=UNFINISHED)
def test_an_unfinished_plural_is_said_in_english_by_its_own_rule(tmp_path: Path, unfinished: str) -> None:
    assert said(compiled(tmp_path, "ar", unfinished)) == ENGLISH


# Each has another rule for what is one: none as well, 21 as well, nothing at all, or a form of its own for none.
@pytest.mark.parametrize("language", ["fr", "ru", "ja", "lv", "cy", "he", "pl", "es"])
def test_so_it_is_in_every_language(tmp_path: Path, language: str) -> None:
    forms = Catalog(locale=language).num_plurals
    assert said(compiled(tmp_path, language, entry(*[""] * forms))) == ENGLISH


def test_a_plural_with_all_its_forms_is_the_languages_own(tmp_path: Path) -> None:
    arabic = compiled(tmp_path, "ar", entry(*ARABIC))
    assert said(arabic) == ["لا رسائل", "رسالة واحدة", "رسالتان", "3 رسائل", "11 رسالة", "100 رسالة.", "101 رسالة."]


def test_what_is_unfinished_for_some_readers_is_taken_from_what_everybody_reads(tmp_path: Path) -> None:
    arabic = compiled(tmp_path, "ar", entry(*ARABIC[:3], "", "", "", context="child"), entry(*ARABIC))
    assert said(arabic, "child") == said(arabic)
    assert said(arabic)[2] == "رسالتان"


def test_a_catalogue_that_was_compiled_by_an_older_hark_is_compiled_again(tmp_path: Path) -> None:
    compiled(tmp_path, "ar", entry(*ARABIC))
    assert compile_stale(tmp_path) == ()
    file = tmp_path / "ar" / "LC_MESSAGES" / "hark.mo"
    for path in (file, file.with_suffix(".po")):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert compile_stale(tmp_path) == ("ar",)


@pytest.mark.parametrize("language", ["ar", "es"])
def test_what_leads_read_and_nobody_has_translated_is_right_in_english(language: str) -> None:
    compile_stale()
    translator = load(CATALOGUES, ZoneInfo("Europe/London"))[language]
    tries = ("That is not the PIN. {count} try left.", "That is not the PIN. {count} tries left.")
    left = [bare(translator.say(Text(tries[0], "desk", {}, tries[1], count))) for count in (0, 1, 2)]
    assert [line.removeprefix("That is not the PIN. ") for line in left] == [
        "0 tries left.",
        "1 try left.",
        "2 tries left.",
    ]
