"""Deeds as values: where they are, and what they show of themselves."""

from __future__ import annotations

import pytest

import handlers.desk.commands  # noqa: F401 - so that every module of the desk is loaded
from flows.values.ids import LeadId
from storage.deeds.deed import Deed
from storage.deeds.readers.admit import Admit
from storage.deeds.status import CloseCase, ReopenCase, SetStatus
from storage.deeds.triage import SetLabel, SetUrgency
from storage.deeds.words import AddNote, SendReply

SAID = "she told me at swimming"


def test_no_deed_is_made_up_outside_the_folder_that_judges_what_takes_two() -> None:
    kinds = {f"{kind.__module__.rpartition('.')[0]}:{kind.__name__}" for kind in Deed.__subclasses__()}
    assert "storage.deeds:CloseCase" in kinds
    made = {kind.partition(":")[0] for kind in kinds if not kind.startswith("tests.")}
    assert made == {"storage.deeds", *(f"storage.deeds.{one}" for one in ("leaving", "readers", "record", "sharing"))}


@pytest.mark.parametrize(
    "deed",
    [
        Admit(LeadId("a"), SAID),
        CloseCase("police", SAID),
        ReopenCase(SAID),
        SetStatus("referred", SAID),
        SetLabel(SAID),
        SetUrgency("soon", reason=SAID),
        AddNote(SAID),
        SendReply(SAID),
    ],
    ids=lambda deed: type(deed).__name__,
)
def test_what_a_lead_typed_is_in_no_traceback(deed: Deed) -> None:
    assert SAID not in repr(deed)
