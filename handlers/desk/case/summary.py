"""A case at a glance, as `domain.md` has it: what a lead has to see before anything else, and no narrative."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from flows.cases.triage import closing
from flows.conversation.explanation import admitting, lifting
from flows.values.ids import LeadId
from flows.values.text import ENDONYMS, Listed, Moment, Text, Value, stacked
from handlers.desk.chat.visit import desk
from handlers.desk.chat.wording import labels
from handlers.desk.chat.wording.labels import OUTCOMES, outcome
from handlers.desk.chat.wording.urgency_reasons import Reasons
from storage.deeds.sharing.offered import BY_TWO
from storage.values import CaseRow, CaseView, Due, Glance, KeptOut, OpenAction

#: The questions for safety, the one that is asked again first.
_SAFETY: Final = ("C4a", "C4", "P3a", "P3")
_UNSAFE: Final = frozenset({("C4", "no"), ("C4a", "no"), ("P3", "yes"), ("P3a", "yes")})
#: How one can be contacted safely, as children and as parents are asked.
_CONTACT: Final = ("C20", "P12")


def title(row: CaseRow) -> Text:
    """Reference, urgency and the label that leads gave it."""
    args: dict[str, Value] = {
        "reference": f"/case_{row.reference}",
        "sign": labels.SIGN[row.urgency],
        "urgency": labels.URGENCY[row.urgency],
        "label": row.glance.label,
    }
    if row.glance.label:
        return Text("{sign} {reference} · {urgency} · {label}", "desk", args)
    return Text("{sign} {reference} · {urgency}", "desk", args)


_DUE: Final[Mapping[Due, Callable[[Moment], Text]]] = {
    "acknowledge": lambda at: desk("acknowledge by {time}", time=at),
    "act": lambda at: desk("first action by {time}", time=at),
    "review": lambda at: desk("look again by {time}", time=at),
}
_OVERDUE: Final[Mapping[Due, Callable[[Moment], Text]]] = {
    "acknowledge": lambda at: desk("OVERDUE: to be acknowledged by {time}", time=at),
    "act": lambda at: desk("OVERDUE: first action by {time}", time=at),
    "review": lambda at: desk("OVERDUE: to be looked at again by {time}", time=at),
}


def clock(row: CaseRow, now: datetime) -> Text:
    """When what is due, or that no clock runs."""
    if row.due_at is None:
        return desk("no clock runs")
    if row.urgency == "immediate" and row.due == "acknowledge" and row.due_at > now:
        return desk("acknowledge NOW: it has no office hours")
    at = Moment(row.due_at)
    late = row.due_at <= now
    return (_OVERDUE if late else _DUE)[row.due or "review"](at)


def card(
    view: CaseView, now: datetime, reasons: Reasons, names: Mapping[str, str], unread: Text | None = None
) -> tuple[Text, ...]:
    """The whole glance: what is urgent and why, what must not be missed, who, how to reach them, and how it stands.

    Args:
        view: The case as it was opened; no narrative of it is said.
        now: Aware; by it a clock is overdue.
        reasons: Puts rules and categories into words.
        names: Leads' names by id, for whom it was kept from; somebody who is gone is "?".
        unread: The sentence on unread words, if there are any.
    """
    row = view.row
    glance = row.glance
    first = [title(row), clock(row, now)]
    if why := reasons.of_case(view):
        first.append(desk("Why: {reasons}", reasons=Listed(why)))
    if reasons.contradicted(glance.rules, glance.chosen):
        first.append(desk("⚠ They said that they are safe, and what they told says otherwise: the more urgent counts"))
    said = [stacked(first)]
    if warned := (*warnings(row), *((unread,) if unread else ())):
        said.append(stacked(warned))
    if advised := _advice(glance, reasons):
        said.append(stacked(advised))
    said.append(
        stacked(
            [*_child(glance), _who(glance, reasons), _contact(glance), desk("Sent {time}", time=Moment(glance.sent_at))]
        )
    )
    alone = [desk("⚠ You alone can read it. Add somebody: “More”, then “Who may read”")] if _is_alone(view) else []
    said += open_actions(row.actions, now)
    said.append(stacked([standing(row), *_proposed_end(glance, names), *_kept_from(glance, names), *alone]))
    return tuple(said)


def open_actions(actions: Sequence[OpenAction], now: datetime) -> list[Text]:
    """Give who does what by when, as one paragraph, with a mark where it is late; nothing where nothing is open."""
    return [stacked([_open_action(one, late=one.due < now.date()) for one in actions])] if actions else []


def _open_action(one: OpenAction, *, late: bool) -> Text:
    args: dict[str, Value] = {
        "what": one.text or desk("something that only others could read"),
        "who": one.owner.name if one.owner else desk("nobody yet"),
        "day": labels.calendar_day(one.due),
    }
    if late:
        return Text("⚠ {what} — {who}, was due {day}", "desk", args)
    return Text("▫ {what} — {who}, by {day}", "desk", args)


def warnings(row: CaseRow) -> list[Text]:
    """What must not be missed: not safe, and not to be contacted."""
    said = []
    safe = safe_now(row.glance)
    if safe is not None:
        said.append(desk("Safe now: {answer}", answer=safe))
    if "no" in contact(row.glance):
        said.append(desk("⚠ DO NOT CONTACT: the reporter asked for that"))
    return said


def safe_now(glance: Glance) -> Text | None:
    """The latest answer to "are you safe right now?", or None if it was not asked or skipped."""
    return next((labels.SAFE[answer] for answer in _safety(glance) if answer in labels.SAFE), None)


def contact(glance: Glance) -> tuple[str, ...]:
    """How the reporter can be contacted safely, as it was chosen: ids of `wording.CONTACT`; empty where nothing was."""
    return tuple(way for step in _CONTACT for way in glance.chosen.get(step, ()))


def says_unsafe(glance: Glance) -> bool:
    """Whether they said, at first or when they were asked again, that they or a child are not safe."""
    return not _UNSAFE.isdisjoint(_safety(glance))


def in_danger(row: CaseRow) -> bool:
    """Whether somebody may be in danger now: it is immediate, or they said once that they are not safe."""
    return row.urgency == "immediate" or says_unsafe(row.glance)


def _safety(glance: Glance) -> list[tuple[str, str]]:
    return [(step, option) for step in _SAFETY for option in glance.chosen.get(step, ())]


def _who(glance: Glance, reasons: Reasons) -> Text:
    args: dict[str, Value] = {
        "who": labels.REGISTER[glance.register],
        "language": ENDONYMS.get(glance.language, glance.language),
    }
    what = reasons.about(glance.categories)
    if not what:
        return Text("From {who}, writes in {language}", "desk", args)
    return Text("{what} · from {who}, writes in {language}", "desk", {**args, "what": Listed(what)})


def _child(glance: Glance) -> list[Text]:
    about = age(glance)
    return [desk("It is about {age}", age=about)] if about else []


def age(glance: Glance) -> Text | None:
    """How old the child is, where somebody else writes and said so."""
    ages = (labels.AGE[one] for step in ("C6a", "P4a") for one in glance.chosen.get(step, ()) if one in labels.AGE)
    return next(ages, None)


def _advice(glance: Glance, reasons: Reasons) -> list[Text]:
    said = []
    if reasons.not_to_parents(glance.categories):
        said.append(desk("⛔ Nothing to parents or family until a lead has cleared it"))
    if share := reasons.share_with(glance.categories):
        said.append(desk("Advised to share with: {whom}", whom=Listed(share)))
    return said


def _contact(glance: Glance) -> Text:
    door = labels.DOOR[glance.door]
    ways = tuple(labels.CONTACT[way] for way in contact(glance) if way in labels.CONTACT)
    if glance.taken_down:
        how = Listed(ways) if ways else desk("not answered")
        return desk("✍ Taken down by {name}; safe contact: {ways}", name=glance.taken_down, ways=how)
    if not ways and glance.register == "staff":  # who are not asked
        return desk("Came {door}", door=door)
    if not ways:
        return desk("Came {door}; safe contact: not answered", door=door)
    return desk("Came {door}; safe contact: {ways}", door=door, ways=Listed(ways))


def standing(row: CaseRow) -> Text:
    """Where it stands, and who has it."""
    status = labels.STATUS[row.status]
    if row.owner is None:
        return desk("{status}; nobody has it yet", status=status)
    return desk("{status}; {owner} has it", status=status, owner=row.owner.name)


def _is_alone(view: CaseView) -> bool:
    """Whether others were kept from it until one alone was left, and somebody could be added."""
    return bool(view.called_up and (view.row.glance.withheld or view.row.glance.kept_out))


def _kept_from(glance: Glance, names: Mapping[str, str]) -> list[Text]:
    said = [one for one in (left_out(glance, names), withheld(glance, names)) if one is not None]
    said += vouched(glance, names)
    said += (kept_out_by(names.get(lead, "?"), one, names) for lead, one in glance.kept_out.items())
    said += lifted_by_one(glance, names)
    if glance.withheld:
        said.append(desk("If it is not about them, let them read: “More”, then “Who may read”"))
    return said


def left_out(glance: Glance, names: Mapping[str, str]) -> Text | None:
    """Whom the reporter left out, or None."""
    if not glance.excluded:
        return None
    return desk("Kept from, as the reporter asked: {names}", names=_listed(glance.excluded, names))


def withheld(glance: Glance, names: Mapping[str, str]) -> Text | None:
    """Whom the words name and nobody left out, or None."""
    if not glance.withheld:
        return None
    return desk("Kept from, since the words name them: {names}", names=_listed(glance.withheld, names))


def kept_out_by(whom: str, one: KeptOut, names: Mapping[str, str]) -> Text:
    """Who was kept out after sending, since when and by whom."""
    at = Moment(one.at)
    return desk("Kept out by {name} since {time}: {whom}", name=names.get(one.by, "?"), time=at, whom=whom)


def lifted_by_one(glance: Glance, names: Mapping[str, str]) -> list[Text]:
    """Who has said of whom that they may read it again, where a second person has to say so too."""
    said = []
    for lead in glance.kept_out:
        if first := glance.proposed.get(lifting(lead)):
            by, whom = names.get(first.by, "?"), names.get(lead, "?")
            said.append(desk("{name} wants to let {whom} read it again; that takes a second lead", name=by, whom=whom))
    return said


def vouched(glance: Glance, names: Mapping[str, str]) -> list[Text]:
    """Who has said of whom that it is not about them, where a second person has to say so too."""
    said = []
    for lead in glance.withheld:
        if first := glance.proposed.get(admitting(lead)):
            by, whom = names.get(first.by, "?"), names.get(lead, "?")
            said.append(
                desk("{name} says that it is not about {whom}; a second lead has to say so too", name=by, whom=whom)
            )
    return said


def _proposed_end(glance: Glance, names: Mapping[str, str]) -> list[Text]:
    """Who wants to close the case with which outcome, or to share of it, where a second person has to want it too."""
    said = []
    for one in OUTCOMES:
        if first := glance.proposed.get(closing(one)):
            by, what = names.get(first.by, "?"), outcome(one)
            said.append(desk("{name} proposes to close it: {outcome}. That takes a second lead", name=by, outcome=what))
    for one, first in glance.proposed.items():
        if one.startswith(f"{BY_TWO} "):
            by = names.get(first.by, "?")
            said.append(desk("{name} would share a part of it. That takes a second lead: /share", name=by))
    return said


def _listed(leads: Iterable[LeadId], names: Mapping[str, str]) -> Listed:
    return Listed(tuple(names.get(lead, "?") for lead in leads))


def ago(since: datetime, now: datetime) -> Text:
    """How long ago something was, in minutes."""
    count = labels.minutes(since, now)
    if count == 0:
        return desk("just now")
    return Text("{count} min ago", "desk", plural="{count} min ago", count=count)
