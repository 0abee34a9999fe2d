"""`/reply`: nothing goes to a reporter without a preview: who reads it, in which language, and any warning.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.values.draft import Wrote
from flows.values.screen import Screen
from flows.values.text import ENDONYMS, Text, stacked
from handlers.desk.case import case_card, summary, words
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Loose, Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording import labels
from handlers.telegram.languages import is_same, negotiate
from handlers.telegram.text_limits import shortened
from storage.deeds.words import SendReply

#: What a reporter wrote on how to be reached, and on whom not to tell (`docs/conversations`).
_CAREFUL = frozenset({"C19", "C20a", "P12a", "t_dont_call"})


async def reply(visit: Visit, ask: Ask) -> None:
    """Ask for the words, or for a ready reply; words that were typed after the command come as a preview."""
    ask, text = prompts.with_words(ask)
    shown = await prompts.case_for(visit, "reply", ask)
    if shown is None:
        return
    if text:
        await preview(visit, shown, Loose(text))
        return
    names = words.fitting_replies(visit, shown)
    said = (
        *warnings(visit, shown),
        desk("Type your reply, or choose a ready one by its number. You see it before it is sent."),
        stacked(words.listed_replies(names)),
    )
    await prompts.for_text(visit, "reply", shown, *said, rows=words.reply_rows(visit, shown, names))


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
    if not words.is_ready(ask.argument):
        await case_card.show(visit, found[0])
        return
    await preview(visit, found[0], Loose(ready=ask.argument))


async def preview(visit: Visit, shown: Shown, loose: Loose) -> None:
    """The reply as it will be sent, with [Send] first; nothing is sent yet.

    It is kept in memory, and [Send] holds a digest of it: a button of an earlier preview sends nothing.
    """
    visit.place.loose = loose
    visit.place.asking = None
    head = [*warnings(visit, shown), *_language(visit, shown.view.row.glance.language, loose)]
    if loose.ready:
        head.append(desk("“{reply}”", reply=words.reply_text(loose.ready)))
    rows = (
        (
            visit.press(
                desk("Send"), "send", about(shown, loose.mark), "main" if _may_be_sent_at_once(visit, shown) else None
            ),
        ),
        (visit.press(desk("Write it anew"), "reply", about(shown)), *prompts.back(visit, shown)),
    )
    await visit.show(Screen(tuple(head), rows, verbatim=loose.text or None))


async def send(visit: Visit, ask: Ask) -> None:
    """Send exactly what the preview showed, if the case is still as it was shown.

    Both clocks stop. The reporter reads it at the next visit; a return address, if one is kept, gets the neutral
    notice.
    """
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    loose = visit.place.loose
    if loose is None or loose.mark != ask.argument:
        await case_card.show(visit, shown)
        return
    done = await visit.act(shown, SendReply(loose.text, loose.ready or None))
    visit.place.loose = None
    await case_card.changed(visit, done, desk("Sent. The reporter reads it when they come back."), onward=True)


def _language(visit: Visit, theirs: str, loose: Loose) -> tuple[Text, ...]:
    """In which language the reporter writes and will read it; nothing of that where it is the lead's own."""
    mine = visit.translator.language
    if is_same(mine, theirs):
        return (desk("They read this:") if loose.ready else desk("They read this as you wrote it:"),)
    written = desk("They write in {language}.", language=_named(theirs))
    if not loose.ready:
        return (written, desk("They read this as you wrote it; it is not translated:"))
    read = negotiate(theirs, tuple(visit.deps.translators))
    if is_same(read, theirs):
        return (written, desk("They read this in their own language:"))
    return (
        written,
        desk("Hark has no {language}; they read this in {read}:", language=_named(theirs), read=_named(read)),
    )


def _named(language: str) -> str:
    return ENDONYMS.get(language, language)


def _may_be_sent_at_once(visit: Visit, shown: Shown) -> bool:
    """Whether nothing is unread that it might answer, and they did not ask to be left alone."""
    return words.unread(visit, shown) is None and "no" not in summary.contact(shown.view.row.glance)


def warnings(visit: Visit, shown: Shown) -> tuple[Text, ...]:
    """Who will read it, what must not be missed, and what they said on being contacted: before every reply."""
    glanced = shown.view.row.glance
    said = [desk("To {who}, about {reference}.", who=labels.REGISTER[glanced.register], reference=shown.reference)]
    if (unread := words.unread(visit, shown)) is not None:
        said.append(unread)
    if summary.says_unsafe(glanced) and (safe := summary.safe_now(glanced)) is not None:
        said.append(desk("⚠ Safe now: {answer}", answer=safe))
    contact = summary.contact(glanced)
    if not contact and glanced.register != "staff":
        said.append(desk("⚠ Safe contact: not answered."))
    elif "no" in contact:
        said.append(desk("⚠ They asked not to be contacted."))
    return (*said, *careful(shown))


def careful(shown: Shown) -> tuple[Text, ...]:
    """What they wrote on how to be reached, and on whom not to tell."""
    said = []
    for answered in (one for entry in shown.view.entries for one in entry.answers if one.step in _CAREFUL):
        if isinstance(answered.answer, Wrote):
            text = " / ".join(answered.answer.words)
            said.append(desk("⚠ {question} “{words}”", question=answered.question, words=shortened(text, 300)))
    return tuple(said)
