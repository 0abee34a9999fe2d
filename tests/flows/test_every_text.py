"""Every sentence that a reporter can be shown, whatever file it stands in."""

import re
import string

from flows import sentences
from flows.bundle import Flows
from flows.every_text import every_text
from flows.texts import Text


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


def test_the_sentences_around_the_questions_are_all_texts() -> None:
    named = {name for name in vars(sentences) if name.isupper()}
    assert {name for name in named if isinstance(getattr(sentences, name), Text)} == named
