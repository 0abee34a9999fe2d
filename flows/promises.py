"""Sentences with a time, a room or a person: each declares what has to be so before it may be said.

A promise that nobody keeps is worse than none. What such a sentence needs is a word of `Need`; what holds now follows
from the site's hours and contact. In the definitions the same is said by conditions (`check_promises`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from flows.known import Known
from flows.texts import Text, Value

#: `open`: somebody is there now. `opens`: the hours say when somebody is there next. `read`: they say by when something
#: new is read, and people have looked lately. `today`: that is still today. `contact`, `room`: there is an adult to
#: find, with a room. `about_staff`: it may be about an adult of the site.
Need: TypeAlias = Literal["open", "opens", "read", "today", "contact", "room", "about_staff"]


@dataclass(frozen=True)
class Promise:
    """A sentence, and everything that has to hold before it is said."""

    text: Text
    needs: frozenset[Need] = frozenset()


def promise(text: str, *needs: Need) -> Promise:
    """A sentence that needs all of `needs`."""
    return Promise(Text(text), frozenset(needs))


def holding(known: Known) -> frozenset[Need]:
    """All that holds now.

    Nothing is promised of when something is read while nobody who reads has opened the desk lately (`known.slow`).
    """
    cover, contact = known.cover, known.site.contact
    trusted = not known.slow
    held: dict[Need, bool] = {
        "open": cover.open_now,
        "opens": cover.opens_at is not None and trusted,
        "read": cover.read_by is not None and trusted,
        "today": cover.open_now and trusted and _is_today(known),
        "contact": contact is not None,
        "room": contact is not None and bool(contact.room),
        "about_staff": known.about_staff,
    }
    return frozenset(need for need, holds in held.items() if holds)


def first_held(known: Known, promises: Sequence[Promise], **arguments: Value) -> Text:
    """The first of `promises` that can be kept now, with those of `arguments` that it names.

    Raises:
        StopIteration: none can be kept; the last of `promises` needs nothing.
    """
    held = holding(known)
    text = next(one.text for one in promises if one.needs <= held)
    return Text(text.msgid, args={name: value for name, value in arguments.items() if f"{{{name}}}" in text.msgid})


def _is_today(known: Known) -> bool:
    read_by = known.cover.read_by
    zone = ZoneInfo(known.site.timezone)
    return read_by is not None and read_by.astimezone(zone).date() == known.now.astimezone(zone).date()
