"""Who may do what: the table is total, what does not stand in it is refused, and each role has no more than its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.cases.approvals import WITHIN_A_DAY
from flows.cases.roles import RELATIONS, ROLES, RULES, Relation, is_for, may, rule_of, time_for
from flows.cases.triage import OUTCOMES, closing, needs_second
from flows.values.ids import READING, Role

#: What touches no case, though readers alone do it.
OF_THE_SITE = {
    *("rota", "confirm", "recovery", "shut_out", "leave", "role", "invite", "reset", "renew", "review_reads", "record"),
    *("partners", "agree", "suspend_partner"),
    *("begin_goal", "board"),
    "receive",
}
#: What is asked of all cases of one's own, of none by itself.
OF_ALL = {"queue", "find", "stats", "report"}
OF_CASES = {deed for deed, rule in RULES.items() if rule.roles == READING} - OF_THE_SITE


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("relation", RELATIONS)
def test_what_has_no_rule_is_for_nobody(role: Role, relation: Relation) -> None:
    for unknown in ("", "admit ", "close unfounded", "Queue", "everything"):
        assert may(role, unknown, relation) is None
        assert not is_for(role, unknown)
    assert rule_of("destroy 1") is None
    assert time_for("destroy 1") == timedelta()


def test_whoever_is_more_to_a_case_may_all_that_whoever_is_less_may() -> None:
    for role in ROLES:
        for deed, rule in RULES.items():
            allowed = [may(role, deed, relation) is not None for relation in RELATIONS]
            assert allowed == sorted(allowed), (role, deed)
            assert is_for(role, deed) == allowed[-1]
            assert all(may(role, deed, relation) in {None, rule} for relation in RELATIONS)


def test_only_who_reads_may_do_anything_to_a_case_and_only_to_one_that_is_sealed_for_them() -> None:
    for deed in OF_CASES - OF_ALL:
        assert {role for role in ROLES if may(role, deed, "none")} == set(), deed
        assert {role for role in ROLES if may(role, deed, "owner")} in (READING, READING | {"manager"}), deed
    assert {deed for deed in OF_CASES if may("lead", deed, "first") is None} == {"hand_over"}


def test_an_auditor_sees_the_audit_and_counts_and_opens_no_case() -> None:
    own = {deed for deed in RULES if is_for("auditor", deed)}
    assert {"audit", "counts"} < own
    assert own.isdisjoint(OF_CASES | OF_THE_SITE | {"golive"})


def test_an_administrator_runs_things_and_reads_nothing() -> None:
    own = {deed for deed in RULES if is_for("admin", deed)}
    assert "golive" in own
    assert own.isdisjoint(OF_CASES | OF_THE_SITE | {"audit", "counts"})


def test_a_manager_has_no_case_unless_it_is_sealed_for_that_manager() -> None:
    for deed in OF_CASES - OF_ALL:
        assert may("manager", deed, "none") is None
        assert "manager" not in RULES[deed].roles, "no menu offers it"
    assert may("manager", "read", "recipient")
    assert not any(is_for("manager", deed) for deed, rule in RULES.items() if rule.code and rule.people > 1)


def test_a_partner_has_what_was_shared_with_her_and_what_everybody_does_at_their_own_desk() -> None:
    own = {deed for deed in RULES if is_for("partner", deed)}
    together = {"goal", "thank", "checkin", "evaluate", "table"}
    assert own == {"shares"} | together | {deed for deed, rule in RULES.items() if rule.roles == set(ROLES)}
    assert {role for role in ROLES if is_for(role, "shares")} == {"partner"}
    assert own.isdisjoint(OF_CASES | OF_THE_SITE | {"team", "golive", "audit", "counts", "pager"})


def test_what_is_sensitive_takes_two_people_with_a_fresh_code_each_within_a_day() -> None:
    sensitive = {deed for deed, rule in RULES.items() if rule.code and rule.people > 1}
    assert {"delete", "export", "lift", "reset", "shorten", "close malicious"} <= sensitive
    assert {RULES[deed].within for deed in sensitive} == {WITHIN_A_DAY}
    assert {closing(one) for one in OUTCOMES if needs_second(one)} == {"close malicious"}


def test_without_an_open_desk_or_in_a_chat_that_is_only_told_nothing_is_shown() -> None:
    assert {deed for deed, rule in RULES.items() if not rule.session} == {
        "unlock",
        "join",
        "type",
        "lock",
        "hold_notice",
    }
    assert {deed for deed, rule in RULES.items() if rule.pager} == {"lock", "hold_notice"}


def test_who_waits_for_two_leads_does_nothing_to_a_case_or_to_the_site() -> None:
    waiting = {deed for deed, rule in RULES.items() if rule.waiting}
    assert waiting.isdisjoint(OF_CASES | OF_THE_SITE | {"team", "golive", "audit", "counts"})


def test_a_deed_takes_one_person_or_two_and_what_was_proposed_goes_by_its_whole_name_first() -> None:
    assert {rule.people for rule in RULES.values()} == {1, 2}
    assert rule_of("close malicious") is RULES["close malicious"]
    assert rule_of("admit LEAD") is RULES["admit"]
    assert may("lead", "invite") is RULES["invite"]
