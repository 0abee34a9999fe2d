"""The parts of a case that can be shared: by number, none at first; and texts that are cut out wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from flows.cases.redaction import BLACK, Part, Redaction, redacted
from flows.values.screen import Row
from flows.values.text import Text
from handlers.desk.case import words
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.unsent import UnsentShare
from handlers.desk.chat.visit import Visit, about, desk
from handlers.telegram.languages import Translator, negotiate
from storage.values.shares import SharedPart

_AGREED: Final = "all"  # the argument of the button that takes the parts as they are
#: Parts with a button: in a row, and rows of them.
_IN_A_ROW: Final = 5
_ROWS: Final = 3


def last(shown: Shown) -> int:
    """Give the number of the last entry that was opened."""
    return max((entry.number for entry in shown.view.entries), default=0)


def with_typed(unsent: UnsentShare, text: str) -> UnsentShare:
    """Return it with what a lead typed: numbers, which go in and out, or a text that is blacked out or is not."""
    typed = Redaction(unsent.chosen, unsent.cut.marked).with_typed(text)
    return replace(unsent, chosen=typed.parts, cut=Redaction(marked=typed.marked), parted=False)


def copied(visit: Visit, shown: Shown, unsent: UnsentShare) -> tuple[SharedPart, ...]:
    """Give the chosen parts after cutting, in the partner's language but for what people wrote.

    The result is empty where nothing of them is left.
    """
    cut = redacted(_parts(visit, shown, unsent), unsent.cut)
    found = tuple(SharedPart(one.heading, one.words) for number, one in enumerate(cut, 1) if number in unsent.chosen)
    left = any(f"{one.heading}{one.words}".replace(BLACK, "").strip() for one in found)
    return found if left else ()


async def ask(visit: Visit, shown: Shown, unsent: UnsentShare, *first: Text) -> None:
    """Show all parts by their numbers, with those that are chosen as they would be copied, and ask for more."""
    all_parts = _parts(visit, shown, unsent)
    cut = redacted(all_parts, unsent.cut)
    ticks = {number: "☑" if number in unsent.chosen else "☐" for number in range(1, len(cut) + 1)}
    lines = [
        "\n".join(filter(None, (f"{ticks[number]} [{number}] {one.heading}", one.words)))
        for number, one in enumerate(cut, 1)
    ]
    said = [
        *first,
        desk(
            "What does {name} need? Tap the numbers of parts, or type them, such as: 2 5.",
            name=unsent.to.name,
        ),
        desk("Or type a name or words that she does not need: they are blacked out wherever they stand."),
        desk("Typed once more, it is back. Spellings, nicknames and pronouns are for you to see: read it to the end."),
    ]
    if unsent.cut.marked:
        said.append(Text(f"{BLACK} {{words}}", "desk", {"words": " · ".join(unsent.cut.marked)}))
    agreed = ((visit.press(desk("That is all she needs"), "parts", about(shown, _AGREED)),),) if unsent.chosen else ()
    rows = (*agreed, *_tick_rows(visit, shown, ticks))
    await prompts.for_text(visit, "parts", shown, *said, rows=rows, verbatim="\n\n".join(lines))


def _tick_rows(visit: Visit, shown: Shown, ticks: Mapping[int, str]) -> Iterator[Row]:
    """A button for each of the first parts; the numbers of further ones are typed."""
    numbers = list(ticks)[: _IN_A_ROW * _ROWS]
    for at in range(0, len(numbers), _IN_A_ROW):
        yield tuple(
            visit.press(
                Text("{tick} {number}", "desk", {"tick": ticks[one], "number": one}), "parts", about(shown, str(one))
            )
            for one in numbers[at : at + _IN_A_ROW]
        )


def _parts(visit: Visit, shown: Shown, unsent: UnsentShare) -> tuple[Part, ...]:
    return words.shareable_parts(shown.view, unsent.upto, visit.reasons, _hers(visit, unsent))


def _hers(visit: Visit, unsent: UnsentShare) -> Translator:
    """The partner's language, and times of the lead's site: what is copied is a text."""
    translators = visit.deps.translators
    hers = translators[negotiate([unsent.to.language], tuple(translators))]
    return hers.at(visit.translator.zone)
