"""Writes `docs/who-may-do-what.md` out of the table of roles and of what the desk has; a test compares them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flows.cases.approvals import WITHIN_A_DAY
from flows.cases.roles import ROLES, RULES, Relation, Rule
from handlers.desk.commands import BUTTONS, COMMANDS

_HEAD: Final = """# Who may do what

Made of `flows/cases/roles.py`, which the desk and storage both ask
([decision 24](decisions/0024-who-may-do-what-stands-in-one-table.md)). A test fails where they are not the same;
`HARK_REGENERATE=1` with `tests/bot/test_who_may_do_what.py` writes this anew. What is not here is refused to everybody.

*Sealed* means a case that is sealed for that person; to anybody else it is the same as none. A role in brackets has no
case by any route, and may if one is sealed for somebody in it all the same. *Two* are two different people: the first
word is noted and told, and counts for a week, or for a day where it says so. With *a code each* both type a code of
their authenticator first. Rows without a command or button are of what is done in another way, or is being built.
"""
_TABLE: Final = "| what | by | who | which case | how many |\n|---|---|---|---|---|"

#: By the deed.
WHAT: Final = {
    "unlock": "open the desk",
    "join": "take up an invite",
    "type": "type something, which does nothing but what was asked for",
    "lock": "lock the desk",
    "hold_notice": 'say "I\'m opening it", so that the ladder waits',
    "help": "see what can be typed",
    "brief": "see where the desk stands",
    "pin": "set a PIN for the curtain",
    "pager": "notices by e-mail",
    "passkey": "add and remove a passkey of one's own",
    "account": "see how one signs in oneself",
    "team": "see who reads here",
    "golive": "take a site live, or back to practice",
    "rota": "see and make the rota of one's own site",
    "confirm": "let in a reader who waits",
    "recovery": "say yes to a new recovery key",
    "shut_out": "shut a lead of one's own site out",
    "leave": "leave, by one's own word and a colleague's",
    "role": "give a lead of one's own site another role or title",
    "invite": "invite somebody new to one's own site",
    "partners": "see the partners of one's own site",
    "agree": "have somebody from outside be a partner of one's own site, by an agreement",
    "suspend_partner": "suspend a partner of one's own site",
    "reset": "have a lead who lost the phone set up another authenticator",
    "renew": "have a lead who forgot the passphrase join anew",
    "counts": "see counts",
    "audit": "see the audit",
    "report": "make the report of a year of it",
    "stats": "see the figures of one's own cases together, and what people said of how it was for them",
    "review_reads": "look through who read what, where one is asked to",
    "queue": "see one's own queue",
    "record": "take down what somebody says, and hand over the words to come back",
    "read": "read a case, its words and its history",
    "copy": "copy the words out",
    "acknowledge": "acknowledge a case",
    "claim": "take a case on",
    "assign": "give a case to somebody for whom it is sealed",
    "reply": "write to the reporter",
    "plan": "plan who does what by when, and say what was done",
    "note": "write a note that only leads read",
    "decide": "record a decision, or correct one",
    "file": "add a photo, a PDF or a voice message",
    "see_file": "see a file of it, blurred first",
    "lock_file": "say that a file should not be there: nobody is shown it any more",
    "timeline": "read the front sheet and everything in order",
    "label": "put a label on it",
    "person": "write down who is in it",
    "link": "say which cases belong together, and who is the same person",
    "find": "look for a name in the cases that one can open",
    "urgency": "change how urgent it is",
    "status": "say where it stands",
    "close": "close it",
    "close malicious": "close it as *malicious*",
    "reopen": "open it again",
    "hand_over": "hand it over, or take that back",
    "take_over": "accept or decline what is handed over",
    "rewrap": "take a case over with one's own new keys",
    "admit": "let in somebody whom only the words keep out (two where it may be about an adult there, else one)",
    "grant": "give a past case to a colleague (two where it may be about an adult there, else one)",
    "exclude": "keep somebody out",
    "call_up": "add the next of the ladder where fewer than two read it",
    "lift": "let in again whom a lead has kept out",
    "export": "hand out what is held on a person",
    "delete": "delete it before its time",
    "shorten": "shorten how long it is kept",
    "share": "share a part of it with a partner, hold a round table on it, or take that back",
    "share_two": "share it with whom the words name, or who is of a community, a faith group or a youth club",
    "refer": "refer it to a partner, or on paper to somebody without an account",
    "shares": "open and answer what was shared with oneself",
    "goal": "read the goals that one takes part in, and write of them",
    "begin_goal": "begin a goal, and say who takes part",
    "thank": "thank a colleague or a partner, and read one's own thanks",
    "checkin": "read one's weekly check-in, and say how it is going",
    "board": "draft what is to stand on the board, say yes to a colleague's draft, or take one down (which takes one)",
    "transfer": "hand a case over whole to another Hark, sealed to its key",
    "received": "take in the other side's receipt, by which the case is over here",
    "receive": "take in what another Hark handed over, once",
    "evaluate": "say how a term was, without one's name",
    "table": "plan a round table on a goal that one takes part in, say one's view, and sign",
    "ask_delete": "ask for it to be deleted before its time",
    "keep_longer": "keep it longer",
    "hold_case": "put a legal hold on it",
    "release": "lift a legal hold",
}
#: What is done by the commands and buttons of another deed.
_BEGUN: Final = {"close malicious": "close", "recovery": "confirm"}
_CASE: Final[dict[Relation, str]] = {
    "none": "none",
    "recipient": "sealed",
    "first": "sealed, and told first or the owner",
    "owner": "sealed, and the owner",
}


def page() -> str:
    """The whole page."""
    return "\n".join((_HEAD, _TABLE, *_rows(), ""))


def _rows() -> Iterator[str]:
    for deed, rule in RULES.items():
        yield f"| {WHAT[deed]} | {_by(deed)} | {_who(rule)} | {_CASE[rule.case]} | {_many(rule)} |"


def _by(deed: str) -> str:
    begun = _BEGUN.get(deed, deed)
    commands = [f"`/{name}`" for name, one in COMMANDS.items() if one.deed == begun]
    own = (verb for verb, one in BUTTONS.items() if one.deed == begun and COMMANDS.get(verb) != one)
    buttons = sorted(f"`{verb}`" for verb in own)
    return ", ".join((*commands, *buttons))


def _who(rule: Rule) -> str:
    if rule.roles == set(ROLES):
        who = "everybody"
    elif len(ROLES) - len(rule.roles) == 1:
        who = f"everybody but {next(role for role in ROLES if role not in rule.roles)}"
    else:
        who = ", ".join(role for role in ROLES if role in rule.roles)
    more = "".join(f" ({role})" for role in ROLES if role in rule.recipients)
    locked = "" if rule.session else ", at a locked desk too"
    waiting = ", and who waits" if rule.session and rule.waiting else ""
    return who + more + locked + waiting


def _many(rule: Rule) -> str:
    if rule.people == 1:
        return "one, with a code" if rule.code else "one"
    code = ", a code each" if rule.code else ""
    return f"two{code}{', within a day' if rule.within == WITHIN_A_DAY else ''}"
