"""`/account`: what a lead signs in with, changed by herself: passphrase, authenticator, spare codes and keys.

Each change asks for both factors once more, so that a desk that was left open gives none of them away. Every coroutine
here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told, the dispatcher
shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows.values.normalise import digits
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskChanged, AskProof
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.sign_in import join, unlock
from storage.leads.sign_in.factors.spare_codes import COUNT, DIGITS
from storage.values import Arrival
from storage.values.errors import CodeMissing, NotOffered, NotUnlocked, Throttled, UnfitPassphrase

PASSPHRASE: Final = "passphrase"  # noqa: S105 - what a button is for
AUTHENTICATOR: Final = "authenticator"
SPARE: Final = "spare"
KEYS: Final = "keys"
#: How long one update works on cases; then a button goes on, so that the chat is never deaf.
_AT_ONCE: Final = timedelta(seconds=10)
_GROUP: Final = 4  # digits of a spare code beside each other


async def account(visit: Visit, _: Ask) -> None:
    """`/account` and its button: what there is, and what can be changed."""
    await visit.forget_typed()
    visit.place.asking = None
    await visit.show(await _screen(visit))


async def _screen(visit: Visit, *first: Text) -> Screen:
    session = visit.session()
    left = await visit.store.leads.own_factors.spare_codes_left(session)
    cases = await visit.store.renewals.left(session)
    said = [*first, _codes(left)]
    keys: Row = (visit.press(desk("New keys"), "prove", Ask(argument=KEYS)),)
    if session.former is not None:
        said.append(_shares_to_do(cases) if session.lead.role == "partner" else _to_do(cases))
        keys = (visit.press(desk("Go on with the new keys"), "renewing", rank="main"),)
    changes = (
        (visit.press(desk("New passphrase"), "prove", Ask(argument=PASSPHRASE)),),
        (visit.press(desk("New authenticator"), "prove", Ask(argument=AUTHENTICATOR)),),
        (visit.press(desk("New spare codes"), "prove", Ask(argument=SPARE)),),
    )
    mine = ((visit.press(desk("My passkeys"), "passkey"),),) if visit.deps.relying_party is not None else ()
    return Screen(tuple(said), (*changes, *mine, keys, (visit.press(desk("Brief"), "brief"),)))


def _codes(left: int) -> Text:
    if not left:
        return desk("You have no spare codes. One of them opens your desk if your phone is lost.")
    return Text(
        "You have {count} spare code for the day your phone is lost.",
        "desk",
        plural="You have {count} spare codes for the day your phone is lost.",
        count=left,
    )


def _to_do(cases: int) -> Text:
    return Text(
        "Your keys are being renewed: {count} case is to be sealed for the new ones.",
        "desk",
        plural="Your keys are being renewed: {count} cases are to be sealed for the new ones.",
        count=cases,
    )


def _shares_to_do(shares: int) -> Text:
    return Text(
        "Your keys are being renewed: {count} share is to be sealed for the new ones.",
        "desk",
        plural="Your keys are being renewed: {count} shares are to be sealed for the new ones.",
        count=shares,
    )


#: What is said of each change before both factors are asked for.
_WHAT: Final[Mapping[str, Text]] = {
    PASSPHRASE: desk("A new passphrase. Your other desks end; your keys stay the same."),
    AUTHENTICATOR: desk("A new authenticator, as on a new phone. The old one serves until the new one is confirmed."),
    SPARE: desk("New spare codes, for the day your phone is lost. Those of before serve no more."),
    KEYS: desk("New keys: for when somebody may have learnt your passphrase and had a copy of the server's files."),
}


async def ask_proof(visit: Visit, ask: Ask) -> None:
    """One of the buttons: say what is going to change, and ask for both factors."""
    if ask.argument not in _WHAT:
        await account(visit, ask)
        return
    visit.place.asking = AskProof(ask.argument)
    await visit.add(unlock.factors(_WHAT[ask.argument]))


async def typed(visit: Visit, asked: AskProof | AskChanged, text: str) -> None:
    """Take both factors, and change what they were asked for, or ask on; or take what it is changed to."""
    if isinstance(asked, AskProof):
        await _proof_typed(visit, asked, text)
    elif asked.what == PASSPHRASE:
        await _passphrase_typed(visit, asked, text)
    else:
        await _first_code_typed(visit, asked, text)


async def _proof_typed(visit: Visit, asked: AskProof, typed: str) -> None:
    passphrase, code = unlock.both(typed, asked.passphrase)
    if not code:
        visit.place.asking = replace(asked, passphrase=passphrase)
        await visit.add(unlock.code_alone())
        return
    await visit.show(unlock.one_moment())
    session = visit.session()
    try:
        await visit.store.leads.own_factors.prove(session, visit.arrival, passphrase, code)
    except NotUnlocked:
        visit.place.asking = AskProof(asked.what)
        await visit.show(unlock.factors(desk("One of the two did not match. Each code works once.")))
    except Throttled as throttled:
        await visit.show(messages.throttled(Moment(throttled.until, "time")))
    else:
        await _CHANGES[asked.what](visit, passphrase)


async def _ask_passphrase(visit: Visit, _: str) -> None:
    visit.place.asking = AskChanged(PASSPHRASE)
    await visit.show(join.new_passphrase(desk("Both are right.")))


async def _show_authenticator(visit: Visit, _: str) -> None:
    joining = await visit.store.leads.own_factors.begin_authenticator(visit.session())
    visit.place.asking = AskChanged(AUTHENTICATOR, joining.uri)
    await visit.clear()
    await join.show_secret(visit, joining)
    await visit.add(join.first_code(*join.HOW))


async def _show_spare_codes(visit: Visit, _: str) -> None:
    codes = await visit.store.leads.own_factors.new_spare_codes(visit.session(), _kept(visit))
    lines = "\n".join(" ".join(code[at : at + _GROUP] for at in range(0, DIGITS, _GROUP)) for code in codes)
    how = desk("Write these {count} down, on paper, and keep them apart from your phone.", count=COUNT)
    where = desk("Each serves once, typed where your authenticator's code is asked for. They are shown only now.")
    done = visit.press(desk("They are on paper"), "account")
    await visit.show(Screen((how, desk("{codes}", codes=lines), where), ((done,),)))


async def _begin_keys(visit: Visit, passphrase: str) -> None:
    try:
        await visit.store.leads.own_factors.renew_keys(visit.session(), _kept(visit), passphrase)
    except NotOffered:
        await visit.show(await _screen(visit))
        return
    await go_on(visit, Ask())


_CHANGES: Final[Mapping[str, Callable[[Visit, str], Awaitable[None]]]] = {
    PASSPHRASE: _ask_passphrase,
    AUTHENTICATOR: _show_authenticator,
    SPARE: _show_spare_codes,
    KEYS: _begin_keys,
}


async def _passphrase_typed(visit: Visit, asked: AskChanged, passphrase: str) -> None:
    await visit.show(unlock.one_moment())
    try:
        await visit.store.leads.own_factors.change_passphrase(visit.session(), visit.arrival, passphrase)
    except UnfitPassphrase as unfit:
        visit.place.asking = asked
        await visit.show(join.new_passphrase(join.why_not(unfit)))
    except CodeMissing:
        await visit.show(await _screen(visit, desk("That took longer than ten minutes, so nothing was changed.")))
    else:
        await visit.show(await _screen(visit, desk("Your passphrase is changed.")))


async def _first_code_typed(visit: Visit, asked: AskChanged, code: str) -> None:
    try:
        await visit.store.leads.own_factors.confirm_authenticator(visit.session(), visit.arrival, digits(code))
    except NotUnlocked:
        visit.place.asking = asked
        await visit.add(join.first_code(join.wrong_code()))
    except NotOffered:
        await visit.show(await _screen(visit))
    else:
        await visit.clear()
        await visit.show(await _screen(visit, desk("The new authenticator is confirmed. The old one serves no more.")))


async def go_on(visit: Visit, _: Ask) -> None:
    """Seal cases for the new keys, as many as ten seconds allow, and say how far it is; the last one ends it."""
    session, until = visit.session(), visit.now() + _AT_ONCE
    forged = 0
    async for step in visit.store.renewals.go_on(session):
        forged = step.forged
        if visit.now() >= until:
            break
    if session.former is None:
        pin = desk("Your keys are renewed, and those of before are destroyed. Your fingerprint is another one now.")
        again = desk("An idle desk locks fully until you set a PIN again.")
        await visit.show(await _screen(visit, pin, again))
        return
    wrong = Text(
        "{count} case is not what was kept, and keeps your old keys. Tell whoever runs Hark.",
        "desk",
        plural="{count} cases are not what was kept, and keep your old keys. Tell whoever runs Hark.",
        count=forged,
    )
    await visit.show(await _screen(visit, *((wrong,) if forged else ())))


def _kept(visit: Visit) -> Arrival:
    """The update, which is on disk already with its code."""
    return replace(visit.arrival, kept=True)
