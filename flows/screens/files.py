"""Sending a file after sending: asked first whether anybody is bare in it; and where to report one that does not come.

Nothing is fetched before a "No", and nothing is offered where it is sexual, about pictures, or not known yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flows.danger.files import may_come
from flows.drafts.rulebook import Flows
from flows.drafts.scene import category_codes, words
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, button, help_button
from flows.screens.help import emergency, helplines, where_to_report
from flows.values.draft import Draft
from flows.values.screen import Press, Screen
from flows.values.situation import Situation
from flows.values.text import Text

BARE_NO: Final = "no"
#: The answers to whether anybody is bare in it; only the last one has a file fetched.
BARE: Final[Mapping[str, Text]] = {"yes": say.YES, "unsure": say.NOT_SURE, BARE_NO: say.NO}
#: What is said where a file was not taken, by why: it is too large, another kind, a photo that cannot be read, or lost.
NOT_TAKEN: Final[Mapping[str, Text]] = {
    "large": say.FILE_LARGE,
    "kind": say.FILE_KIND,
    "broken": say.FILE_BROKEN,
    "lost": say.FILE_LOST,
}


def fits(flows: Flows, draft: Draft) -> bool:
    """Return whether a file may be asked for, as far as the answers of a concern that was sent go.

    Its site, or what was written since, may rule it out all the same.
    """
    if draft.register is None:
        return False
    codes = category_codes(flows.of_register(draft.register), draft)
    return may_come(flows.categories, flows.phrases, codes, words(draft))


def bare_screen() -> Screen:
    """Ask before anything is fetched, in one sentence; what cannot come is as easy to say as what can."""
    yes = Press(say.YES, buttons.ask("bare_yes"), "choice")
    unsure = Press(say.NOT_SURE, buttons.ask("bare_unsure"), "choice")
    no = Press(say.NO, buttons.ask("bare_no"), "choice")
    return Screen((say.IS_ANYBODY_BARE,), ((yes, unsure), (no,), _way_back()))


def not_here(situation: Situation, draft: Draft) -> Screen:
    """Nothing is fetched: that it is to be sent to nobody, where it can be reported, and help."""
    adult = draft.register in {"parent", "staff"}
    first = (say.DO_NOT_SEND_ADULT,) if adult else (say.DO_NOT_SEND, say.NOT_YOUR_FAULT)
    said = (*first, *where_to_report(situation.site), *helplines(situation, draft.register), emergency(situation))
    return Screen((*said, say.TELL_IN_WORDS), (_way_back(),), urgent=True)


def send_now() -> Screen:
    """Ask for the file: how large at most, what is kept of a photo, and what a voice shows."""
    return Screen((say.SEND_ONE_NOW, say.PIXELS_ALONE, say.A_VOICE_SHOWS), (_way_back(),), file=True)


def _way_back() -> tuple[Press, ...]:
    return (replace(button(say.WITHOUT_A_FILE, ANYWHERE, "carry_on"), rank="plain"), help_button())
