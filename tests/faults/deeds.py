"""What a lead does to a case: on the store, and on the model of it."""

from __future__ import annotations

from collections.abc import Awaitable

from storage.deeds.deed import Deed
from storage.deeds.ownership import Acknowledge, Claim
from storage.deeds.status import CloseCase, ReopenCase, SetStatus
from storage.deeds.words import AddNote, SendReply
from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from storage.values import Arrival, Clocks
from tests.faults.model import Case

DEEDS = ("acknowledge", "claim", "note", "reply", "assess", "close", "reopen")


def fits(case: Case, deed: str) -> bool:
    """Whether a case that stands as this one does may have it done to it."""
    if deed == "reopen":
        return not case.is_open
    return case.is_open or deed not in {"close", "assess"}


def do(
    store: Store, session: LeadSession, at: Arrival, case: Case, version: int, deed: str, text: str, clocks: Clocks
) -> Awaitable[object]:
    """Do it to what is kept."""
    done: Deed
    match deed:
        case "acknowledge":
            done = Acknowledge()
        case "claim":
            done = Claim()
        case "note":
            done = AddNote(text)
        case "reply":
            done = SendReply(text)
        case "assess":
            done = SetStatus("assessing")
        case "close":
            done = CloseCase("early_help", "done")
        case _:
            done = ReopenCase("again", clocks)
    return store.desk.act(session, at, case.id, version, done)


def note(case: Case, name: str, deed: str, text: str) -> None:
    """Do it to the model."""
    match deed:
        case "acknowledge":
            case.read()
        case "claim":
            case.read()
            case.owner = name
        case "note":
            case.notes.append(text)
        case "reply":
            case.read()
            case.replies.append(text)
        case "assess":
            case.status = "assessing"
        case "close":
            case.status = "closed"
        case "reopen":
            case.status = "reopened"
