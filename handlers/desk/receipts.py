"""A reporter's receipt typed at the desk: whoever reads it could come back with it, so it is never kept as words."""

from __future__ import annotations

from typing import Final

from flows.screens import Screen
from handlers.chat import Command, Wrote
from handlers.desk import told
from handlers.desk.place import AskCode, AskFactors, AskFirstCode, AskName, AskNewPassphrase
from handlers.desk.visit import Visit, desk
from storage.sealing.receipt_reading import find_receipt, find_slip

#: What is typed for these is compared and never kept, whatever it reads as.
_FACTORS: Final = (AskCode, AskNewPassphrase, AskFirstCode, AskName, AskFactors)
_WAYS_IN: Final = frozenset({"unlock", "join", "start"})


async def refuse(visit: Visit) -> bool:
    """Delete what was typed and say why, if it holds a receipt; false, and nothing is done, if it does not.

    What was asked for stays asked for.
    """
    text = _words(visit)
    if find_receipt(text) is None and find_slip(text) is None:
        return False
    await visit.forget_typed()
    said = desk("That reads as the words with which a reporter comes back. It was deleted, and kept nowhere.")
    if visit.store.leads.session(visit.address) is not None:
        await visit.add(Screen((said,)))
        return True
    theirs = desk("If they are yours, type /return first, and then your words.")
    await visit.show(Screen((said, theirs, *told.locked().paragraphs)))
    return True


def _words(visit: Visit) -> str:
    """What was typed to be kept or offered as words."""
    match visit.arrived.what:
        case Wrote(text, edited=False) if not isinstance(visit.place.asking, _FACTORS):
            return "" if visit.store.leads.curtained(visit.address) else text
        case Command(name=name, rest=rest) if name not in _WAYS_IN:
            return rest
    return ""
