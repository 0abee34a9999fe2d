"""`hark recovery read`: what was sent, read with the offline key where no lead is left who could."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from bot.commands.recovery import ask_for_key
from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.errors import UNUSABLE, reporting_errors, tell
from bot.deployment.open_store import now, open_store
from bot.deployment.settings import Settings, load
from flows.drafts.rulebook import assemble
from flows.values.text import Text
from handlers.desk.case import queue_lines, summary, words
from handlers.desk.chat.paging import Piece
from handlers.desk.chat.urgency_reasons import Reasons
from handlers.telegram.languages import Translator
from handlers.telegram.languages import load as load_translators
from handlers.telegram.text_limits import bare
from locales.compile import CATALOGUES, compile_stale
from storage.store import Store
from storage.values import CaseRow, CaseView
from storage.values.errors import NoSuchCase

_TOLD = "This is told to the leads and stands in the history. What you see now is on this screen, and nowhere else.\n"
_WHOLE = "hark recovery read REFERENCE shows one of them whole."


def main(arguments: argparse.Namespace) -> int:
    """Ask for the key, then print the case of a reference, or the list of cases; 1 if there is none.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    seed = ask_for_key()
    if seed is None:
        return UNUSABLE
    with reporting_errors():
        lines = asyncio.run(_read(settings, seed, arguments.reference))
        if lines is None:
            tell("no case of that kind was sealed for this key")
            return 1
        sys.stdout.write("\n".join((_TOLD, *lines, "")))
        return 0
    return UNUSABLE


async def _read(settings: Settings, seed: bytes, reference: str | None) -> list[str] | None:
    store = await open_store(settings)
    try:
        printed = await _printed(settings, store)
        if reference is None:
            page = await store.recovering.cases(seed)
            if page.forged:
                tell(f"{page.forged} more are not what was kept: somebody changed the database")
            return [*(printed.line(row) for row in page.rows), _WHOLE] if page.rows else None
        return list(printed.case(await store.recovering.open(seed, reference.rpartition("_")[2])))
    except NoSuchCase:
        return None
    finally:
        await store.close()


class _Printed:
    """Cases in plain lines, in the words of the desk."""

    def __init__(self, translator: Translator, reasons: Reasons, names: dict[str, str]) -> None:
        self._translator = translator
        self._reasons = reasons
        self._names = names

    def line(self, row: CaseRow) -> str:
        """Return a case as the queue shows it."""
        return self._say(queue_lines.both(row, now(), self._reasons)) + "\n"

    def case(self, view: CaseView) -> Iterator[str]:
        """Yield a case, whole: the card, the words, the history."""
        for said in summary.card(view, now(), self._reasons, self._names):
            yield self._say(said) + "\n"
        yield from self._pieces(words.pieces(view, self._reasons))
        yield from self._pieces(words.history_pieces(view))

    def _pieces(self, pieces: Iterable[Piece]) -> Iterator[str]:
        for piece in pieces:
            yield self._say(piece.heading)
            if piece.words:
                yield "\n".join(f"  | {_tame(line)}" for line in piece.words.splitlines())
        yield ""

    def _say(self, text: Text) -> str:
        return "\n".join(map(_tame, self._translator.say(text).split("\n")))


def _tame(line: str) -> str:
    """`line` without what would steer the terminal, whoever wrote it."""
    return "".join(sign for sign in bare(line) if unicodedata.category(sign) != "Cc")


async def _printed(settings: Settings, store: Store) -> _Printed:
    home = settings.sites[settings.home]
    compile_stale(CATALOGUES)
    translator = load_translators(CATALOGUES, ZoneInfo(home.timezone), home.country)["en"]
    flows = assemble(read_definitions(), read_definitions(settings.data_dir / THEIRS))
    return _Printed(translator, Reasons(flows), {str(card.id): card.name for card in await store.leads.roster()})
