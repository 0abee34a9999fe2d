"""`hark recover`: what was sent, read with the offline key where no lead is left who could; or a lead let in by it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.recovery.paper import ask_for_key
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.errors import UNUSABLE, reporting_errors, tell
from bot.deployment.settings import Settings, load
from flows.drafts.rulebook import assemble
from flows.values.ids import LeadId
from flows.values.text import Text
from handlers.desk.case import queue_lines, summary, words
from handlers.desk.chat.paging import Piece
from handlers.desk.chat.wording.urgency_reasons import Reasons
from handlers.telegram.languages import Translator
from handlers.telegram.languages import load as load_translators
from handlers.telegram.text_limits import bare
from locales.compile import CATALOGUES, compile_stale
from storage.leads.roster.roster import fold_name
from storage.store import Store
from storage.values import CaseRow, CaseView
from storage.values.errors import NoSuchCase, NotOffered, NotUnlocked

_TOLD: Final = """\
Every lead is told of this, with the reason and both names. What you see now is on this screen, and nowhere else.
"""
_WHOLE: Final = "hark recover REFERENCE shows one of them whole."
_REHEARSED: Final = {
    True: "It is the key, and it opens what was sent last. Nothing was shown. The leads read that it was rehearsed.\n",
    False: "It is the key. Nothing was sent for it yet. The leads read that it was rehearsed.\n",
}


def main(arguments: argparse.Namespace) -> int:
    """Ask why, who is there and for the key; then rehearse, let somebody in, or print a case or the list of cases.

    Returns:
        1 if there is no such case, or nobody of that name waits; 2 if it cannot begin.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    asked = (_ask(f"{what}: ") for what in ("Why it is needed", "Who is here", "Who else is here"))
    reason, first, second = asked
    seed = ask_for_key()
    if seed is None:
        return UNUSABLE
    with reporting_errors():
        return asyncio.run(_recover(settings, seed, arguments, (reason, (first, second))))
    return UNUSABLE


def _ask(prompt: str) -> str:
    return (input(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()


async def _recover(
    settings: Settings, seed: bytes, arguments: argparse.Namespace, why: tuple[str, tuple[str, str]]
) -> int:
    store = await open_store(settings)
    try:
        await store.recovering.begin(seed, *why, rehearsal=arguments.rehearse)
        if arguments.rehearse:
            sys.stdout.write(_REHEARSED[await store.recovering.rehearse(seed)])
        elif arguments.let_in:
            await _let_in(store, seed, arguments.let_in)
        else:
            sys.stdout.write("\n".join((_TOLD, *await _read(settings, store, seed, arguments.reference), "")))
    except NotUnlocked:
        tell("that is no recovery key of this Hark")
    except NotOffered:
        tell("it takes a reason and two people, and with --let-in a lead who waits")
    except NoSuchCase:
        tell("no case of that kind was sealed for this key")
    else:
        return 0
    finally:
        await store.close()
    return 1


async def _let_in(store: Store, seed: bytes, name: str) -> None:
    lead = (await store.leads.rosters.read()).named(fold_name(name))
    await store.leads.team.confirm_with_key(seed, lead.id if lead else LeadId(""))
    sys.stdout.write(f"{name} reads from now on. All leads are told.\n")


async def _read(settings: Settings, store: Store, seed: bytes, reference: str | None) -> list[str]:
    printed = await _printed(settings, store)
    if reference is not None:
        return list(printed.case(await store.recovering.open(seed, reference.rpartition("_")[2])))
    page = await store.recovering.cases(seed)
    if page.forged:
        tell(f"{page.forged} more are not what was kept: somebody changed the database")
    if not page.rows:
        raise NoSuchCase
    return [*(printed.line(row) for row in page.rows), _WHOLE]


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
