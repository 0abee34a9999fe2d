"""What a partner sees of a share: her card and the lead's preview are made by this, so that they cannot differ."""

from __future__ import annotations

from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.chat.visit import desk
from storage.values.shares import ShareContent


def card(content: ShareContent, rows: tuple[Row, ...], *first: Text) -> Screen:
    """Give the screen.

    Args:
        content: What is shared, after cutting.
        rows: What can be done with it.
        first: What is said above it.
    """
    said = [
        desk("From: {sender} · For: {partner}", sender=content.sender, partner=content.partner),
        desk("Why: {purpose} · Until {day}", purpose=content.purpose, day=Moment(content.until, "day")),
        desk("You are asked: “{question}”", question=content.question),
    ]
    if content.refers:
        said.append(desk("You are asked to take it on: say whether you do, what happens next, and by when."))
    if content.answer_by is not None:
        said.append(desk("An answer is wanted by {time}.", time=Moment(content.answer_by)))
    parts = ("\n".join(filter(None, (one.heading, one.words))) for one in content.parts)
    return Screen((*first, *said), rows, verbatim="\n\n".join(parts))
