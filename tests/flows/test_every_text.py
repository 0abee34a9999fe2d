"""Every sentence that a reporter can be shown, whatever file it stands in."""

import re
import string

from flows.drafts.rulebook import Flows
from flows.screens import copy
from flows.values.promises import Promise
from flows.values.text import Text
from locales.template import every_text


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!;:])\s+", text) if part]


def test_no_sentence_is_longer_than_fifteen_words(flows: Flows) -> None:
    assert [part for text in every_text(flows) for part in _parts(text.msgid) if len(part.split()) > 15] == []


def test_every_sentence_stands_there_once_a_context(flows: Flows) -> None:
    found = [(text.context, text.msgid) for text in every_text(flows)]
    assert len(found) == len(set(found))
    assert {context for context, _ in found} == {"", "child", "parent", "staff", "feedback"}


def test_every_placeholder_can_be_filled(flows: Flows) -> None:
    for text in every_text(flows):
        for _, field, spec, conversion in string.Formatter().parse(text.msgid):
            assert field is None or (field.isidentifier() and not spec and not conversion), text.msgid


def test_a_child_is_never_promised_secrecy_or_called_a_liar(flows: Flows) -> None:
    said = " ".join(text.msgid.lower() for text in every_text(flows))
    assert "are you sure" not in said
    assert "police are coming" not in said
    assert re.search(r"\b(we|i) (will )?(promise|keep it secret)\b", said) is None


def test_the_sentences_around_the_questions_are_texts_or_promises() -> None:
    named = {name: value for name, value in vars(copy).items() if name.isupper()}
    assert all(isinstance(text, Text) for text in named.pop("NOT_WORDS").values())
    several = [value for value in named.values() if not isinstance(value, Text)]
    assert all(isinstance(one, Promise) for value in several for one in value)
    assert all(not value[-1].needs for value in several), "the last can always be said"


def test_a_sentence_with_a_time_a_room_or_a_person_declares_what_it_needs() -> None:
    need = {"contact": "contact", "room": "room", "when": "read", "time": "read"}
    for value in vars(copy).values():
        if isinstance(value, Text):
            assert not need.keys() & holes(value.msgid), value.msgid
        for one in value if isinstance(value, tuple) else ():
            assert {need[hole] for hole in holes(one.text.msgid) & need.keys()} <= one.needs, one.text.msgid


def holes(msgid: str) -> frozenset[str]:
    return frozenset(field for _, field, _, _ in string.Formatter().parse(msgid) if field)
