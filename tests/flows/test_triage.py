"""Where a case can stand and move, what its reporter is told, and what may be said and decided."""

import re
from typing import get_args

import pytest

from flows.cases import triage
from flows.cases.triage import Command, Status

STATUSES: tuple[Status, ...] = get_args(Status)
COMMANDS: tuple[Command, ...] = get_args(Command)


def test_the_tables_are_total() -> None:
    assert tuple(triage.STATUSES) == STATUSES
    assert set(triage.MOVES) == set(STATUSES)
    assert set(triage.COMMANDS) == set(COMMANDS)
    assert all(triage.reporter_status(status).msgid for status in STATUSES)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_moves_where_it_says_or_cannot_be_given(status: Status, command: Command) -> None:
    found = triage.after(status, command)
    assert found is None or found == triage.COMMANDS[command]
    assert (found in triage.moves(status)) or found is None
    assert found != status or found is None


def test_every_status_can_be_reached_from_a_new_case_and_every_case_can_be_closed() -> None:
    reached: set[Status] = {"new"}
    while more := {to for status in reached for to in triage.moves(status)} - reached:
        reached |= more
    assert reached == set(STATUSES)
    assert all("closed" in triage.moves(one) for one in STATUSES if triage.is_open(one) and one != "new")


def test_what_nobody_has_read_cannot_be_closed() -> None:
    assert "closed" not in triage.moves("new")


@pytest.mark.parametrize("status", ["closed", "merged", "transferred"])
def test_a_case_that_is_over_opens_again_by_a_lead_or_the_reporters_words_and_by_nothing_else(status: Status) -> None:
    assert not triage.is_open(status)
    assert triage.moves(status) == ("reopened",)
    assert triage.after(status, "hear") == triage.after(status, "reopen") == "reopened"


def test_words_in_an_open_case_move_nothing() -> None:
    assert all(triage.after(status, "hear") is None for status in STATUSES if triage.is_open(status))


def test_received_is_not_read() -> None:
    told = {status: triage.reporter_status(status).msgid for status in STATUSES}
    assert "Nobody has read it" in told["new"]
    assert all("Nobody has read" not in said for status, said in told.items() if status != "new")
    assert all(triage.reporter_status(status).context == "" for status in STATUSES)


def test_what_needs_a_reason_and_what_needs_two() -> None:
    assert {command for command in COMMANDS if triage.needs_reason(command)} == {"close", "reopen", "transfer", "merge"}
    assert triage.needs_reason("urgency")
    assert [outcome for outcome in triage.OUTCOMES if triage.needs_second(outcome)] == ["malicious"]


def test_everything_the_domain_lists_is_there() -> None:
    assert len(triage.OUTCOMES) == 14
    assert {label.context for label in (*triage.OUTCOMES.values(), *triage.STATUSES.values())} == {"desk"}


def test_eight_ready_replies_and_one_with_a_share_in_short_sentences_that_promise_no_secret() -> None:
    assert len(triage.READY) == 9
    for open_tomorrow in (True, False):
        assert "shared" not in triage.offered(child_in_danger=True, open_tomorrow=open_tomorrow)
    for reply in triage.READY.values():
        assert reply.context == "reply"
        assert not reply.args
        assert "secret" not in reply.msgid
        for sentence in re.split(r"[.?!]", reply.msgid):
            assert len(sentence.split()) <= 15


def test_ids_of_ready_replies_fit_a_button() -> None:
    assert all(len(name) <= 16 and name.isascii() for name in triage.READY)
