"""What `/team` says of a deed that waits for a second word, the buttons bound to it, and the code of an invite."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final, cast

from flows.values.ids import LeadId, Role
from flows.values.screen import Press, Screen
from flows.values.text import Text
from handlers.desk.casework.actions.ownership import mark
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from storage.values import Invite, Member, PendingDeed

#: What is said once two have said so, or one has: any lead, or one of this site, may be the second.
DONE: Final = desk("That is done, and everybody is told.")
NOTED: Final = desk("Noted. Another lead has to say yes too.")
NOTED_HERE: Final = desk("Noted. Another lead here has to say so too.")


def proposal(name: str, deed: PendingDeed, names: Mapping[LeadId, str]) -> Text:
    """What a colleague has said first of somebody, in one sentence."""
    by = names.get(deed.by, "?")
    match deed.what:
        case "shut_out":
            said = desk("{by} proposes to shut {name} out.", by=by, name=name)
        case "leave":
            said = desk("{name} wants to leave.", name=name)
        case "role":
            role = labels.ROLE[cast("Role", deed.detail[0])]
            called = deed.detail[1] or role
            return desk("{by} proposes that {name} is {title} ({role}).", by=by, name=name, title=called, role=role)
        case "reset":
            return desk("{by} says that {name} has lost the phone.", by=by, name=name)
        case _:
            said = desk("{by} says that {name} has forgotten the passphrase.", by=by, name=name)
    taker = names.get(LeadId(deed.detail[0])) if deed.detail else None
    if taker is None:
        return said
    return desk("{what} {taker} would take over the open cases.", what=said, taker=taker)


def button(visit: Visit, one: Member, deed: PendingDeed, names: Mapping[LeadId, str]) -> Press:
    """The button of the second word; it holds a digest of all that was shown."""
    name = one.card.name
    labelled = {
        "shut_out": desk("Shut {name} out", name=name),
        "leave": desk("Yes, {name} leaves", name=name),
        "role": desk("Yes, another role for {name}", name=name),
        "reset": desk("Yes, a new phone for {name}", name=name),
        "renew": desk("Yes, {name} joins anew", name=name),
    }
    return visit.press(labelled[deed.what], "second", Ask(argument=digest_of(one, deed, names)))


async def show_code(visit: Visit, name: str, invite: Invite, back: Press | None = None) -> None:
    """Show the code of an invite, which is told this once: it is kept as a MAC alone; `back`, else to the team."""
    said = (
        desk("The invite for {name}. It is shown this once, and good for seven days and one use.", name=name),
        desk("Give it to {name} in person, or read it out by phone. Do not send it in a message.", name=name),
    )
    below = (desk("{name} types /join and this code in a chat with Hark.", name=name),)
    away = back or visit.press(desk("Back to the team"), "team")
    await visit.show(Screen(said, ((away,),), code=invite.code, below=below))


def digest_of(one: Member, deed: PendingDeed, names: Mapping[LeadId, str]) -> str:
    """A digest of whom, what, by whom and with what a deed is about: 32 hexadecimal digits."""
    about = (one.card.id, one.fingerprint, deed.what, names.get(deed.by, ""), *deed.detail)
    return sha256("\n".join(about).encode()).hexdigest()[:32]


def bound_to(who: str, fingerprint: str) -> str:
    """What binds a button to the keys that were shown."""
    return f"{who}.{sha256(fingerprint.encode()).hexdigest()[:16]}"


def meant(among: tuple[Member, ...], argument: str) -> Member | None:
    """Who of those is meant by a button that `bound_to` bound, with the keys that were shown."""
    return next((one for one in among if bound_to(mark(one.card.id), one.fingerprint) == argument), None)
