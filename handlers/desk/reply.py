"""`/reply`: nothing goes to a reporter without a preview: who reads it, in which language, and any warning."""

from __future__ import annotations

from flows.draft import Wrote
from flows.endonyms import ENDONYMS
from flows.screens import Screen
from flows.texts import Text
from handlers.cutting import shortened
from handlers.desk import asks, case_card, ready, wording
from handlers.desk.buttons import Ask
from handlers.desk.place import Loose, Shown
from handlers.desk.visit import Visit, about, desk

#: What a reporter wrote on how to be reached, and on whom not to tell (`docs/conversations`).
_CAREFUL = frozenset({"C19", "C20a", "P12", "P12a", "t_dont_call"})


async def reply(visit: Visit, ask: Ask) -> None:
    """Ask for the words, or for a ready reply; words that were typed after the command come as a preview."""
    ask, words = asks.with_words(ask)
    shown = await asks.case_for(visit, "reply", ask)
    if shown is None:
        return
    if words:
        await preview(visit, shown, Loose(words))
        return
    said = (
        *warnings(shown),
        desk("Type your reply, or choose a ready one. You see it before it is sent."),
        *ready.listed(),
    )
    await asks.for_text(visit, "reply", shown, *said, rows=ready.rows(visit, shown))


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Show what was typed as the reporter will read it."""
    found = await case_card.target(visit, ask)
    if found is not None:
        await preview(visit, found[0], Loose(text))


async def preview_loose(visit: Visit, ask: Ask) -> None:
    """The button [Reply to reporter] under a loose text."""
    found = await case_card.target(visit, ask)
    if found is None:
        return
    loose = visit.place.loose
    if loose is None or loose.mark != ask.argument:
        await case_card.show(visit, found[0])
        return
    await preview(visit, found[0], loose)


async def preview_ready(visit: Visit, ask: Ask) -> None:
    """A ready reply was picked."""
    found = await case_card.target(visit, ask)
    if found is None:
        return
    if not ready.is_ready(ask.argument):
        await case_card.show(visit, found[0])
        return
    await preview(visit, found[0], Loose(ready=ask.argument))


async def preview(visit: Visit, shown: Shown, loose: Loose) -> None:
    """The reply as it will be sent, with [Send] first; nothing is sent yet."""
    visit.place.loose = loose
    visit.place.asking = None
    language = shown.view.row.glance.language
    head = [*warnings(shown), desk("They write in {language}.", language=ENDONYMS.get(language, language))]
    if loose.ready:
        head.append(desk("They read this in their own language:"))
        head.append(desk("“{reply}”", reply=ready.said(loose.ready)))
    else:
        head.append(desk("They read this as you wrote it; it is not translated:"))
    rows = (
        (visit.press(desk("Send"), "send", about(shown, loose.mark)),),
        (visit.press(desk("Write it anew"), "reply", about(shown)), *asks.back(visit, shown)),
    )
    await visit.show(Screen(tuple(head), rows, verbatim=loose.text or None))


async def send(visit: Visit, ask: Ask) -> None:
    """Send exactly what the preview showed, if the case is still as it was shown."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    loose = visit.place.loose
    if loose is None or loose.mark != ask.argument:
        await case_card.show(visit, shown)
        return
    row = shown.view.row
    done = await visit.store.desk.reply(
        visit.session(), visit.arrival, shown.case, row.version, text=loose.text, ready=loose.ready or None
    )
    visit.place.loose = None
    await case_card.changed(visit, done, desk("Sent. The reporter reads it when they come back."), onward=True)


def warnings(shown: Shown) -> tuple[Text, ...]:
    """Who will read it, and what they said on being contacted: before every reply."""
    glance = shown.view.row.glance
    said = [desk("To {who}, about {reference}.", who=wording.REGISTER[glance.register], reference=shown.reference)]
    if "no" in glance.chosen.get("C20", ()):
        said.append(desk("⚠ They asked not to be contacted."))
    return (*said, *careful(shown))


def careful(shown: Shown) -> tuple[Text, ...]:
    """What they wrote on how to be reached, and on whom not to tell."""
    said = []
    for answered in (one for entry in shown.view.entries for one in entry.answers if one.step in _CAREFUL):
        if isinstance(answered.answer, Wrote):
            words = " / ".join(answered.answer.words)
            said.append(desk("⚠ {question} “{words}”", question=answered.question, words=shortened(words, 300)))
    return tuple(said)
