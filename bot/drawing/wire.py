"""How a drawing is told to the child: one line of JSON, and the bytes of a photo behind it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flows.measures.charts import Bar, Chart, Drawing, Mark, Outline, Paper, Photo, Picture, Section


def write_drawing(drawing: Drawing) -> bytes:
    """Give what `read_drawing` reads."""
    kind = type(drawing).__name__
    rest = {"blurred": drawing.blurred} if isinstance(drawing, Photo) else asdict(drawing)
    line = json.dumps({"kind": kind, **rest}, ensure_ascii=False).encode("utf-8", "replace")
    return line + b"\n" + (drawing.content if isinstance(drawing, Photo) else b"")


def read_drawing(told: bytes) -> Drawing:
    """Read what `write_drawing` gave.

    Raises:
        ValueError: It is no such thing (a bug).
    """
    line, _, content = told.partition(b"\n")
    given: dict[str, Any] = json.loads(line)
    kind = given.pop("kind")
    if kind == "Photo":
        return Photo(content, given["blurred"])
    if kind == "Picture":
        return Picture(tuple(_chart(one) for one in given["charts"]), given["format"], given["rtl"])
    front = tuple((name, value) for name, value in given["front"])
    sections = tuple(_section(one) for one in given["sections"])
    return Paper(given["title"], front, sections, given["footer"], given["language"], given["rtl"])


def _chart(given: dict[str, Any]) -> Chart:
    return Chart(given["sentence"], tuple(Bar(**one) for one in given["bars"]))


def _section(given: dict[str, Any]) -> Section:
    outline = given["outline"]
    return Section(
        given["heading"],
        tuple(given["paragraphs"]),
        _chart(given["chart"]) if given["chart"] else None,
        Outline(outline["front"], outline["back"], tuple(Mark(**one) for one in outline["marks"])) if outline else None,
    )
