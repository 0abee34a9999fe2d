"""What is put together to share, as its partner will see it, before it is sent.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import datetime

from flows.values.screen import Row
from flows.values.text import Text
from handlers.desk.actions import prompts
from handlers.desk.chat import share_labels
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.unsent_share import UnsentShare
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.sharing import parts
from handlers.desk.sharing.card import card
from storage.values.shares import ShareContent


async def show(visit: Visit, shown: Shown, unsent: UnsentShare, ends: datetime) -> None:
    """Show it as she will see it, with the way to each answer, and [Send]."""
    said = [
        desk("This is what {name} will see. You can take it back; what was read stays read.", name=unsent.to.name),
        desk("Basis: {basis} · Does the child know: {told}", **_stated(unsent)),
    ]
    reason = (visit.press(desk("Another reason"), "unsafe", about(shown)),) if unsent.told == "unsafe" else ()
    rows: tuple[Row, ...] = (
        (visit.press(desk("Send"), "sharesend", about(shown), rank="main"),),
        (
            visit.press(desk("Other parts"), "parts", about(shown)),
            visit.press(desk("Another day"), "shareuntil", about(shown)),
        ),
        (
            visit.press(desk("Another purpose"), "sharewhy", about(shown)),
            visit.press(desk("Ask something else"), "sharefor", about(shown)),
            *reason,
        ),
        prompts.back(visit, shown),
    )
    await visit.show(card(content(visit, shown, unsent, ends), rows, *said))


def _stated(unsent: UnsentShare) -> dict[str, Text | str]:
    basis = share_labels.BASIS[unsent.basis] if unsent.basis else "?"
    told = share_labels.CHILD_TOLD[unsent.told] if unsent.told else "?"
    return {"basis": basis, "told": told}


def content(visit: Visit, shown: Shown, unsent: UnsentShare, ends: datetime) -> ShareContent:
    """Give what is copied for her."""
    lead, site = visit.session().lead, visit.deps.sites.get(shown.view.row.site)
    sender = f"{lead.name}, {site.name}" if site else lead.name
    copied = parts.copied(visit, shown, unsent)
    return ShareContent(sender, unsent.to.name, unsent.purpose, unsent.question, ends, copied)
