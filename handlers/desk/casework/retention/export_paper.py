"""What is handed out, as a paper to print and as a table: of the same blacked-out parts as the text, and of no others.

So nothing stands in them that the second person has not read, in any layer of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.cases.redaction import BLACK, Part, first_lines, redacted
from flows.measures.body import marks_of
from flows.measures.charts import Outline, Paper, Section
from flows.measures.csv_table import csv_table
from handlers.desk.casework.retention import export_file
from handlers.desk.casework.retention.export_file import Asked
from handlers.desk.chat.visit import Visit


def paper(visit: Visit, asked: Sequence[Asked]) -> Paper:
    """Lay it out: a front sheet, then everything in the order in which it was written, injuries with an outline.

    On the outline stands what a lead said, and nothing where nobody did: Hark guesses no place from words.
    """
    references = ", ".join(one.shown.reference for one in asked)
    title, *_ = first_lines(export_file.first(visit, asked[0]), asked[0].redaction)
    front = (
        ("Handed out to and for", first_lines((asked[0].purpose,), asked[0].redaction)[0]),
        ("Blacked out", f"{BLACK} {export_file.BLACKED_OUT}"),
        ("Parts", str(sum(len(_parts(visit, one)) for one in asked))),
    )
    alone = len(asked) == 1
    sections = (section for one in asked for section in _sections(visit, one, alone=alone))
    return Paper(title if alone else f"Records {references}", front, tuple(sections), f"Confidential: {references}")


def table(visit: Visit, asked: Sequence[Asked]) -> bytes:
    """Give it as CSV: a line for each part, in the order of the text."""
    head = ("record", "entry", "heading", "words")
    rows = ((one.shown.reference, part.entry, part.heading, part.words) for one in asked for part in _parts(visit, one))
    return csv_table((head, *rows))


def _parts(visit: Visit, asked: Asked) -> tuple[Part, ...]:
    return redacted(export_file.parts(visit, asked.shown, asked.upto, asked.redaction), asked.redaction)


def _sections(visit: Visit, asked: Asked, *, alone: bool) -> Iterator[Section]:
    if not alone:
        heading, *lines = first_lines(export_file.first(visit, asked), asked.redaction)
        yield Section(heading, tuple(lines[:-1]))
    outline = Outline("Front", "Back", marks_of(asked.redaction.places))
    for part in sorted(_parts(visit, asked), key=lambda one: one.entry):
        words = (part.words,) if part.words else ()
        yield Section(part.heading, words, outline=outline if part.injury and part.words else None)
