"""A sent concern taken up again by somebody who came back."""

from __future__ import annotations

from flows.bundle import Flows
from flows.draft import Draft
from flows.known import Known
from flows.scene import scene


def may_notice(flows: Flows, draft: Draft, known: Known) -> bool:
    """Whether the person's answers leave open that this chat says "You have an update"; only a no forbids it."""
    asked = {"C20", "P12"} & set(draft.answers)
    return not asked or "true" in scene(flows, draft, known).facts.get("notice_allowed", frozenset())
