"""What is handed out on one person: the text of each case, the one file of all, and how it is sent.

The text is kept nowhere: it is made again, of the cases as they were opened, for each who is to read it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from flows.cases.redaction import BLACK, Part, Redaction, composed, digest_of, read_redaction, together
from flows.measures.body import PLACES
from flows.values.screen import Screen
from handlers.desk.case import words
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.files import FILE_STAYS, send_file
from handlers.desk.chat.visit import Visit, desk
from storage.deeds.leaving.export import Export, export_meant
from storage.sealing.age.age_file import encrypt_for_passphrase
from storage.sealing.receipts.words import draw_words

#: What is said of the black signs.
BLACKED_OUT: Final = "stands where something is about other people, or where the law keeps it back."
_LANGUAGE: Final = "en"  # two people have to mean the same text, whatever language they read
_WORDS: Final = 8  # of 11 bits each


@dataclass(frozen=True)
class Asked:
    """What somebody wants to hand out of one case, and the case as it was opened."""

    shown: Shown = field(repr=False)
    by: str  # the colleague, where this lead is the second one
    purpose: str = field(repr=False)
    redaction: Redaction
    upto: int
    digest: str = ""

    def deed(self, visit: Visit) -> Export:
        """Give the word for it: the first, or the second one."""
        digest, second = digest_of(text(visit, self)), bool(self.by)
        return Export(self.purpose, self.redaction.written(), self.upto, digest, second)


def asked_for(shown: Shown) -> Asked | None:
    """Give the latest of the first words that stand in a case, of whoever still reads it, with what it was about."""
    words_given = shown.view.row.glance.proposed.items()
    among = {card.id for card in shown.view.recipients if not card.disabled}
    standing = {digest: one.by for what, one in words_given if (digest := export_meant(what)) and one.by in among}
    for entry in reversed(shown.view.entries):
        done = entry.action
        if done is not None and done.what == "ask_export" and (by := standing.get(done.detail["digest"])):
            told = done.detail
            redaction = read_redaction(told["redaction"])
            return Asked(shown, by, told["reason"], redaction, int(told["upto"]), told["digest"])
    return None


def wished(visit: Visit, shown: Shown, purpose: str, redaction: Redaction) -> Asked:
    """Give what this lead wants to hand out of a case, without the texts that stand nowhere in it."""
    asked = Asked(shown, "", purpose, redaction, last(shown))
    whole = parts(visit, shown, asked.upto, redaction)
    return replace(asked, redaction=redaction.needed_in(first(visit, asked), whole))


def last(shown: Shown) -> int:
    """Give the number of the last entry that was opened."""
    return max((entry.number for entry in shown.view.entries), default=0)


def parts(visit: Visit, shown: Shown, upto: int, redaction: Redaction) -> tuple[Part, ...]:
    """Give the parts of a case up to an entry, in the one language of what is handed out, before any is blacked out.

    Behind the latest words about an injury stands where they belong on an outline, as a lead said.
    """
    translator = visit.deps.translators[_LANGUAGE]
    found = words.record_parts(shown.view, upto, visit.reasons, translator)
    latest = max((place for place, one in enumerate(found) if one.injury), default=-1)
    names = [f"{number} {translator.say(PLACES[number - 1].name)}" for number in sorted(redaction.places)]
    on_outline = "\n".join((found[latest].words, f"On the outline: {', '.join(names)}")) if names and found else ""
    return tuple(
        replace(one, injury=place == latest, words=on_outline if on_outline and place == latest else one.words)
        for place, one in enumerate(found)
    )


def text(visit: Visit, asked: Asked) -> str:
    """Give the text of one case as it is handed out."""
    held = parts(visit, asked.shown, asked.upto, asked.redaction)
    return composed(first(visit, asked), held, asked.redaction)


def whole_text(visit: Visit, asked: Sequence[Asked]) -> str:
    """Give the text of all of them."""
    return together(text(visit, one) for one in asked)


async def send(visit: Visit, name: str, files: Sequence[tuple[str, bytes]]) -> None:
    """Send files of what is handed out, and the first one as an age file with the words that open it besides.

    All of it stays for five minutes.

    Args:
        visit: The update at the desk.
        name: The files', without an ending: of nothing that anybody wrote.
        files: Their endings and contents; the first is the one for sending on.

    Raises:
        Tampered: A row of the tidy list is not the one that was kept.
        Unavailable: It cannot be noted that a file is to be deleted: after a restart nothing deletes it.
    """
    passphrase, (ending, content) = "-".join(draw_words(_WORDS)), files[0]
    sealed = await asyncio.to_thread(encrypt_for_passphrase, passphrase, content)
    for called, file in (*files, (f"{ending}.age", sealed)):
        if not await send_file(visit, f"{name}.{called}", file):
            await visit.add(Screen((desk("The file could not be sent. /export hands it out again, with a new code."),)))
            return
    said = (
        desk("The last file, .age, is for sending: the free program age opens it, with these words alone."),
        desk("Tell them by phone or face to face, never in the message that has the file. They are kept nowhere."),
    )
    await visit.send_copyable(Screen(said, verbatim=passphrase), FILE_STAYS)


def first(visit: Visit, asked: Asked) -> tuple[str, str, str]:
    """Give the lines of ours above a record, before anything in them is blacked out."""
    row = asked.shown.view.row
    site = visit.deps.sites.get(row.site)
    return (
        f"{site.name if site else row.site}: record {row.reference}",
        f"Handed out to and for: {asked.purpose}",
        f"{BLACK} {BLACKED_OUT}",
    )
