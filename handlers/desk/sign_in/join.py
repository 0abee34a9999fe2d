"""`/join`: from an invite's code over a passphrase and a second factor to an open desk.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Final

import segno
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile

from flows.values.screen import Copy, Screen
from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import (
    AskChanged,
    AskCode,
    AskFactors,
    AskFirstCode,
    AskNewPassphrase,
    AskOwnPassphrase,
)
from handlers.desk.chat.page_links import ToJoin
from handlers.desk.chat.visit import STAYS, Visit, asking, desk
from handlers.desk.sign_in import page_offer, unlock
from handlers.telegram.renderer import keyboard
from storage.values import Joining
from storage.values.errors import NotUnlocked, SessionOver, UnfitPassphrase

#: Why a passphrase will not do, by the code that storage gives.
UNFIT: Final = {
    "too_short": desk("That is too short: 15 characters or more, please."),
    "too_long": desk("That is too long: 200 characters at most, please."),
    "common": desk("That one is on the lists that attackers try first."),
    "repeated": desk("That repeats one thing. Please choose something less regular."),
    "sequence": desk("That follows the keyboard or the alphabet. Please choose something less regular."),
    "named": desk("That holds a name that others know. Please choose something else."),
}
#: What stands below the picture.
_CAPTION: Final = desk("The second factor of your desk: for your authenticator app alone.")
#: How the second factor is set up.
HOW: Final = (
    desk("You need an authenticator app, such as Google Authenticator or Microsoft Authenticator. Both are free."),
    desk("Scan the picture with it."),
    desk("Is the app on this same phone? Tap “Copy the secret”. In the app choose to enter a setup key, and paste it."),
)
#: Pixels of one square of the QR picture.
_SQUARE: Final = 6


async def join(visit: Visit, ask: Ask) -> None:
    """`/join CODE` and the deep link: begin with the code given, or ask for it. What was typed is deleted at once."""
    await visit.forget_typed()
    if not ask.argument:
        visit.place.asking = AskCode()
        await visit.show(Screen((desk("Please type the code of your invite."),)))
        return
    await code_typed(visit, ask.argument)


async def code_typed(visit: Visit, code: str) -> None:
    """Look the code up: a new name is asked for a passphrase, a known one for both factors.

    Unknown, used and expired codes get the same sentence. The code is used up only once the factors are right.
    """
    invited = await visit.store.leads.invites.describe(code)
    if invited is None:
        visit.place.asking = None
        await visit.show(Screen((_not_good(),)))
        return
    if invited.resets:
        visit.place.asking = AskOwnPassphrase(code)
        await visit.show(_own_passphrase(desk("This invite is for a new authenticator of {name}.", name=invited.name)))
        return
    if invited.existing:
        moves = desk("This invite moves {name} to this chat.", name=invited.name)
        await unlock.ask_factors(visit, AskFactors(invited.name, code), moves)
        return
    await _ask_passphrase(visit, code, desk("Welcome, {name}.", name=invited.name))


async def typed(visit: Visit, asked: AskNewPassphrase | AskOwnPassphrase | AskFirstCode, text: str) -> None:
    """Take what was asked for while somebody joins, or sets up another authenticator; until it is right it stays so."""
    visit.place.asking = asked
    match asked:
        case AskNewPassphrase():
            await passphrase_typed(visit, asked, text)
        case AskOwnPassphrase():
            await own_passphrase_typed(visit, asked, text)
        case AskFirstCode():
            await first_code_typed(visit, asked, text)


async def passphrase_typed(visit: Visit, asked: AskNewPassphrase, passphrase: str) -> None:
    """Take the passphrase and show the second factor's secret, or say kindly why it will not do.

    Deriving takes some 270 ms, during which the chat is told to wait. It takes this update's one turn.
    """
    await visit.show(unlock.one_moment())
    try:
        joining = await visit.store.leads.joining.begin(visit.arrival, asked.code, passphrase)
    except UnfitPassphrase as refused:
        await _ask_passphrase(visit, asked.code, why_not(refused))
        return
    if joining is None:
        visit.place.asking = None
        await visit.show(Screen((_not_good(),)))
        return
    visit.place.asking = AskFirstCode(joining.uri)
    await visit.clear()
    await show_secret(visit, joining)
    await visit.add(first_code(*HOW))


async def own_passphrase_typed(visit: Visit, asked: AskOwnPassphrase, passphrase: str) -> None:
    """Take the passphrase of a lead who lost the phone, and show the new second factor's secret.

    It takes this update's one turn. After five wrong ones the invite is used up.
    """
    await visit.show(unlock.one_moment())
    try:
        joining = await visit.store.leads.resets.begin(visit.arrival, asked.code, passphrase)
    except NotUnlocked:
        await visit.show(_own_passphrase(desk("That is not the passphrase.")))
        return
    except SessionOver:
        visit.place.asking = None
        await visit.show(Screen((_not_good(),)))
        return
    visit.place.asking = AskFirstCode(joining.uri, resets=True)
    await visit.clear()
    await show_secret(visit, joining)
    await visit.add(first_code(*HOW))


async def show_link(visit: Visit, _: Ask) -> None:
    """Say the secret as an authenticator's link, for whoever asks while it is set up; else say nothing of any."""
    asked = visit.place.asking
    if not isinstance(asked, AskFirstCode | AskChanged) or not asked.uri:
        visit.place.asking = None
        await visit.show(Screen((_not_good(),)))
        return
    await visit.send_copyable(Screen((desk("{uri}", uri=asked.uri),)), STAYS)
    await visit.add(first_code())


async def first_code_typed(visit: Visit, asked: AskFirstCode, code: str) -> None:
    """Confirm the second factor: the message with the secret is deleted and the desk opens.

    A wrong code is asked for again, ten times at most; then the invite has to be typed again.
    """
    leads = visit.store.leads
    try:
        session = await (leads.confirm_reset if asked.resets else leads.confirm_join)(visit.arrival, code)
    except NotUnlocked:
        await visit.add(first_code(wrong_code()))
        return
    except SessionOver:
        visit.place.asking = None
        await visit.show(Screen((_not_good(),)))
        return
    await unlock.opened(visit, session)


def why_not(refused: UnfitPassphrase) -> Text:
    """Why a passphrase will not do."""
    return UNFIT.get(refused.reason, UNFIT["common"])


def wrong_code() -> Text:
    """The first code did not match the secret that was shown."""
    return desk("That code did not match. Please type the one that is shown now.")


def _not_good() -> Text:
    return desk("That code is not good (any more). Please ask for a new invite.")


async def _ask_passphrase(visit: Visit, code: str, first: Text) -> None:
    visit.place.asking = AskNewPassphrase(code)
    page, rows = page_offer.offer(visit, ToJoin(code))
    await visit.show(replace(new_passphrase(first, *page), rows=rows))


def _own_passphrase(first: Text) -> Screen:
    return asking(
        "password",
        first,
        desk("Type the passphrase that you chose when you joined."),
        desk("If you do not know it any more, tell your colleague: there is another way."),
        desk("Your passphrase"),
    )


def new_passphrase(*first: Text) -> Screen:
    """Asks for a new passphrase, after `first`."""
    return asking(
        "new-password",
        *first,
        desk("Choose a passphrase of 15 characters or more: four or five words that do not belong together are good."),
        desk("Phones change quotes, dashes and dots as you type. Here that does no harm."),
        desk("Phones may also make a full stop out of two spaces: type one space at a time."),
        desk("Nobody can reset it. It is deleted from this chat as soon as it is read."),
        desk("New passphrase"),
    )


def first_code(*first: Text) -> Screen:
    """Asks for a code of an authenticator that is being set up."""
    return asking("one-time-code", *first, desk("Six-digit code"))


async def show_secret(visit: Visit, joining: Joining) -> None:
    """Send the second factor's secret in one message that is not protected, since it has to be copied.

    It goes once a code is confirmed.
    """
    copy = Copy(desk("Copy the secret"), joining.secret)
    link = visit.press(desk("Show it as a link"), "link")
    await visit.sender.admit(visit.address, urgent=True)
    try:
        sent = await visit.deps.bots[visit.address.door].send_photo(
            visit.address.chat_id,
            BufferedInputFile(picture(joining.uri), "code.png"),
            caption=visit.translator.say(_CAPTION),
            parse_mode=None,
            protect_content=False,
            reply_markup=keyboard(((copy,), (link,)), visit.translator),
        )
    except AiogramError:
        # Without the picture the copy button and the link still do.
        await visit.send_copyable(Screen((_CAPTION,), ((copy,), (link,))), STAYS)
        return
    visit.place.live = (*visit.place.live, sent.message_id)
    await visit.remember((sent.message_id,))


def picture(uri: str) -> bytes:
    """The second factor's link as a QR picture (PNG)."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="png", scale=_SQUARE, border=4)
    return out.getvalue()
