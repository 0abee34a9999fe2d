"""The catalogues: complete for reporters, with sound placeholders; and the tools that make and compile them."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import polib
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.checks.sites import UNREAD
from bot.deployment.definition_files import read_definitions
from flows.drafts.rulebook import assemble
from flows.loading.checks.readability import FOR_CHILDREN, hard_to_read, reading_age, words_a_sentence
from flows.values.text import Moment, Text
from handlers.telegram.languages import Translator, holes, load
from handlers.telegram.text_limits import FSI
from locales.compile import CATALOGUES, compile_stale, stale
from locales.messages import problems, update
from locales.template import TOP, every_text, in_code, template
from tests.how_it_reads import CHILD, CHILDREN, child_texts

LANGUAGES = ("ar", "es")
shipped = cache(template)


def _text(message: Message) -> Text:
    """The sentence of a message; one that has a plural is said of one."""
    one, many = message.id if isinstance(message.id, tuple) else (message.id, None)
    return Text(str(one), message.context or "", plural=many, count=1 if many else None)


@cache
def all_said() -> tuple[Text, ...]:
    """All that is said to those who report."""
    return tuple(_text(message) for message in shipped() if message.id and message.context != "desk")


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "hark.po").open("rb") as file:
        return read_po(file, locale=language)


def translator(language: str) -> Translator:
    compile_stale()
    return load(CATALOGUES, ZoneInfo("Europe/London"))[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_reporters_read_is_translated_and_sound(language: str) -> None:
    assert problems(catalogue(language), shipped()) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_falls_back_to_english(language: str) -> None:
    arguments = {name: "7" for text in all_said() for name in holes(text.msgid)}
    theirs = translator(language)
    same = {
        text.msgid
        for text in all_said()
        if theirs.say(replace(text, args=arguments)) == text.msgid and not holes(text.msgid)
    }
    assert same <= {"No", "🙁 No"}


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!\u061f])\s+", text) if part]


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple) else (str(message.string),)


def test_whatever_a_reporter_reads_has_short_sentences_and_never_asks_why() -> None:
    said = [part for text in all_said() for part in _sentences(text.msgid)]
    assert len(said) > 400
    assert [part for part in said if len(part.split()) > 15 or re.search(r"\bwhy\b", part, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_child_reads_has_short_sentences_in_every_language(language: str) -> None:
    read = [message for message in catalogue(language) if message.id and message.context in {"child", "reply", None}]
    said = [part for message in read for form in _forms(message) for part in _sentences(form)]
    assert [part for part in said if len(part.split()) > 15] == []


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize(("contexts", "fewest"), [(CHILD, 80), (CHILDREN, 150)])
def test_what_a_child_reads_is_read_at_eight_in_every_language_by_its_measure(
    language: str, contexts: frozenset[str | None], fewest: int
) -> None:
    """The conversation for children alone, and with what everybody is told, asked afterwards and answered."""
    said = child_texts(CATALOGUES, language, contexts)
    age = reading_age(said, language)
    print(f"{language}: {f'{age:.1f} years' if age else 'no age'}, {words_a_sentence(said):.1f} words a sentence")
    assert len(said) > fewest
    assert hard_to_read(said, language, FOR_CHILDREN) is None
    assert (age is None) == (language == "ar")
    assert age is None or age > 5


def test_the_template_is_up_to_date_so_that_nobody_forgets_make_messages() -> None:
    with (CATALOGUES / "hark.pot").open("rb") as file:
        kept = {(message.context, message.id) for message in read_po(file) if message.id}
    assert kept == {(message.context, message.id) for message in shipped() if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_that_no_person_has_read_it_over(language: str) -> None:
    assert UNREAD in catalogue(language).header_comment.casefold()
    assert UNREAD in (CATALOGUES / language / "LC_MESSAGES" / "hark.po").read_text("utf-8")[:2000]


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_reader_of_catalogues_finds_the_same(language: str) -> None:
    theirs = polib.pofile(str(CATALOGUES / language / "LC_MESSAGES" / "hark.po"))
    ours = {(message.context, message.id): message.string for message in catalogue(language) if message.id}
    found = {
        (entry.msgctxt, (entry.msgid, entry.msgid_plural) if entry.msgid_plural else entry.msgid): entry.msgstr
        for entry in theirs
        if not entry.obsolete and not entry.msgid_plural
    }
    assert found.items() <= ours.items()
    assert theirs.metadata["Plural-Forms"].startswith(f"nplurals={6 if language == 'ar' else 2}")


def test_arabic_tells_nobody_what_they_are() -> None:
    """Second-person verbs of the present show the reader's gender; the suffixes in writing do not."""
    gendered = ("تريد ", "تكتب ", "تستطيع ", "ترسل ", "تشعر ", "اكتب ", "اضغط ", "أخبرنا ", "تفضل ")
    said = [str(message.string) for message in catalogue("ar") if message.id and message.context != "desk"]
    assert [string for string in said if any(f" {word}" in f" {string} " for word in gendered)] == []


def test_spanish_calls_children_tu_and_adults_usted() -> None:
    words = catalogue("es")
    asked = "People with a tick will read it. Tap a name to leave someone out."
    assert "toca " in words.get(asked, "child").string
    assert "toque " in words.get(asked, "parent").string
    assert "toque " in words.get(asked, "staff").string


def test_spanish_for_everybody_is_impersonal() -> None:
    """A sentence without a register is read by children and by adults: it calls nobody tú or usted."""
    personal = re.compile(
        r"\b(tu|tus|ti|te|contigo|puedes|quieres|toca|elige|cuéntanos|llama|usted|toque)\b", re.IGNORECASE
    )
    said = {message.id: str(message.string) for message in catalogue("es") if message.id and message.context is None}
    assert {msgid for msgid, string in said.items() if personal.search(string)} == set()


def test_spanish_says_u_for_o_only_before_an_o() -> None:
    said = [str(message.string) for message in catalogue("es") if message.id]
    assert [string for string in said if re.search(r"\bu (?!h?o)", string)] == []


def test_a_ready_reply_in_spanish_fits_a_parent_as_well_as_a_child() -> None:
    """Whoever reads it: nothing calls them tú, but the one that sends a child in danger to somebody now."""
    personal = re.compile(r"\b(tú|tu|ti|te|hiciste|puedes|escribe|nos contaste)\b", re.IGNORECASE)
    said = {message.id: str(message.string) for message in catalogue("es") if message.context == "reply"}
    assert [msgid for msgid, string in said.items() if personal.search(string) and "in danger" not in msgid] == []


def test_numbers_are_isolated_in_arabic() -> None:
    said = translator("ar").say(Text("If anyone is in danger now, call {emergency}.", "", {"emergency": "999"}))
    assert f"{FSI}999" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_are_told_in_the_language(language: str) -> None:
    when = Moment(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    said = translator(language).say(
        Text(
            "Proof of reporting: a concern was reported to {site} on {sent_at}. It does not say what the concern is.",
            "staff",
            {"site": "Oak", "sent_at": when},
        )
    )
    assert "Monday" not in said
    assert "23" in said


@pytest.mark.parametrize(("language", "said"), [("es", "el lunes por la mañana"), ("ar", f"صباح يوم {FSI}الاثنين")])
def test_a_day_is_told_in_the_words_of_the_language(language: str, said: str) -> None:
    day = Moment(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "weekday")
    assert said in translator(language).say(Text("on {day} morning", "", {"day": day}))


def test_every_sentence_of_the_conversations_is_in_the_template() -> None:
    kept = {(message.context or "", message.id) for message in shipped() if message.id}
    for text in every_text(assemble(read_definitions())):
        assert (text.context, (text.msgid, text.plural) if text.plural else text.msgid) in kept


def test_sentences_are_found_in_code_however_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "one.py").write_text(
        'Text("a")\nText("b", "desk")\nText(msgid="c", context="child")\nText("one", "", {}, "{count} many", 3)\n'
        'desk("d", name=1)\nText("yes" if x else "no")\nText(name)\nflows.texts.Text("e" "f")\nOther("g")\n'
        'promise("h", "i", "j", "k")\n'
    )
    found = [(one.context, one.msgid, one.plural) for one in in_code(tmp_path, ["code"])]
    assert found == [
        ("", "a", None),
        ("desk", "b", None),
        ("child", "c", None),
        ("", "one", "{count} many"),
        ("desk", "d", None),
        ("", "yes", None),
        ("", "no", None),
        ("", "ef", None),
        ("", "h", None),
    ]


def test_a_reworded_question_makes_its_translation_fuzzy_and_english_is_said(tmp_path: Path) -> None:
    before, after = Catalog(locale="es"), Catalog()
    before.add("Are you safe right now?", "¿Estás a salvo ahora mismo?", context="child")
    after.add("Are you safe just now?", context="child")
    before.update(after)
    assert problems(before, after) == ("fuzzy: [child] Are you safe just now?",)
    folder = tmp_path / "es" / "LC_MESSAGES"
    update(folder / "hark.po", before)
    assert compile_stale(tmp_path) == ("es",)
    spanish = load(tmp_path, ZoneInfo("Europe/London"))["es"]
    assert spanish.say(Text("Are you safe just now?", "child")) == "Are you safe just now?"


@pytest.mark.parametrize(
    ("string", "told"),
    [
        ("", "missing"),
        ("Llama.", "placeholders"),
        ("Llama al {emergencia}.", "placeholders"),
        ("Llama al {emergency}.\n\nYa.", "paragraphs"),
    ],
)
def test_what_a_translator_gets_wrong_is_told(string: str, told: str) -> None:
    wanted, made = Catalog(), Catalog(locale="es")
    wanted.add("Call {emergency}.", context="child")
    made.add("Call {emergency}.", string, context="child")
    assert problems(made, wanted) == (f"{told}: [child] Call {{emergency}}.",)


def test_a_label_that_no_button_holds_is_told() -> None:
    wanted, made = Catalog(), Catalog(locale="es")
    wanted.add("Go on")
    made.add("Go on", "x" * 61)
    assert problems(made, wanted) == ("longer than a button holds: [] Go on",)


def test_sentences_for_leads_may_wait() -> None:
    wanted, made = Catalog(), Catalog(locale="es")
    wanted.add("Claim", context="desk")
    assert problems(made, wanted) == ()


def test_only_what_changed_is_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "es" / "LC_MESSAGES"
    made = Catalog(locale="es")
    made.add("Yes", "Sí")
    update(folder / "hark.po", made)
    assert stale(tmp_path) == ("es",)
    assert compile_stale(tmp_path) == ("es",)
    assert (stale(tmp_path), compile_stale(tmp_path)) == ((), ())
    late = (folder / "hark.mo").stat().st_mtime + 10
    os.utime(folder / "hark.po", (late, late))
    assert compile_stale(tmp_path) == ("es",)


def test_a_damaged_catalogue_harms_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for language, text in (("es", b'msgid "canary"\nmsgstr "\xff\xfe"\n'), ("fr", b'msgid "Yes"\nmsgstr "Oui"\n')):
        (tmp_path / language / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / language / "LC_MESSAGES" / "hark.po").write_bytes(text)
    assert compile_stale(tmp_path) == ("fr",)
    assert "canary" not in caplog.text
    assert "es" in caplog.text


def test_a_catalogue_in_which_nothing_changed_is_not_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "hark.pot"
    update(path, template())
    kept = path.read_bytes()
    later = template()
    later.creation_date = datetime(2030, 1, 1, tzinfo=UTC)
    update(path, later)
    assert path.read_bytes() == kept
    assert len(list(read_po(io.BytesIO(kept)))) > 300


def test_the_top_of_the_tree_is_where_the_code_lies() -> None:
    assert (TOP / "flows" / "values" / "text.py").exists()
