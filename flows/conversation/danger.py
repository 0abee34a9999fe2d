"""What one input means for safety: the urgency so far, the rules it fires, and what comes between.

A machine may raise and never lowers: rules and triggers that held once stay in the draft, whatever is answered later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flows.danger.crisis_phrases import WITH_CARD, Hit, look
from flows.danger.urgency import Judged, judge
from flows.drafts.scene import Scene, words
from flows.loading.conditions import ALWAYS
from flows.loading.definition import Interrupt
from flows.values.ids import Urgency

#: What words of danger in a message after sending come to; other words are no more than UNSORTED.
_ACUTE: Final[frozenset[Urgency]] = frozenset({"immediate", "same_day"})


@dataclass(frozen=True)
class Danger:
    """How things stand after an input.

    `urgency`, `raised` and `fired` are what the draft holds from now on; `risen` is the urgency if it is higher than
    before. `rules` hold because of this input, `new` are those that never held before. `fires` come between now.
    `acute` is how urgent a message after sending is by words of danger of its own, whatever was known before.
    """

    urgency: Urgency
    risen: Urgency | None
    raised: frozenset[str]
    rules: tuple[str, ...]
    new: tuple[str, ...]
    fired: frozenset[str]
    fires: tuple[Interrupt, ...]
    acute: Urgency | None = None


def danger_of(before: Scene, after: Scene, message: str | None = None) -> Danger:
    """Compare what held `before` with what holds `after` an input; `message` is text that is no answer."""
    hits = look(message, after.flows.phrases) if message is not None else ()
    judged = _judged(before, after, (message,) if message is not None else (), hits)
    earlier = before.draft.raised
    new = tuple(rule for rule in judged.rules if rule not in earlier)
    by_words = None if message is None else _by_words(after, message, hits)
    rules = new if by_words is None else by_words.rules
    rises = judged.urgency != before.draft.urgency and (by_words is None or bool(rules))
    fires = _triggers(after, judged, (*after.hits, *hits))
    fresh = tuple(one for one in fires if one.id not in before.draft.fired)
    return Danger(
        urgency=judged.urgency,
        risen=judged.urgency if rises else None,
        raised=earlier | set(judged.rules),
        rules=rules,
        new=new,
        fired=before.draft.fired | {one.id for one in fresh},
        fires=fresh,
        acute=by_words.urgency if by_words is not None and by_words.urgency in _ACUTE else None,
    )


def _judged(before: Scene, after: Scene, more_words: tuple[str, ...], more_hits: tuple[Hit, ...]) -> Judged:
    return judge(
        after.draft.answers,
        after.facts,
        (*words(after.draft), *more_words),
        (*after.hits, *more_hits),
        after.situation,
        after.flows.rules,
        raised=before.draft.raised,
        so_far=before.draft.urgency,
    )


def _by_words(after: Scene, message: str, hits: tuple[Hit, ...]) -> Judged:
    world = {name: after.facts[name] for name in ("register", "door", "cover") if name in after.facts}
    return judge({}, world, (message,), hits, after.situation, after.flows.rules)


def _triggers(after: Scene, judged: Judged, hits: tuple[Hit, ...]) -> tuple[Interrupt, ...]:
    certain = dict.fromkeys(hit.phrase_class for hit in hits if hit.certainty == "high")
    declared = tuple(
        one for one in after.definition.interrupts if after.holds(one.when) or one.id in WITH_CARD.intersection(certain)
    )
    plain = (
        *(f"phrase.{one}" for one in certain if one not in WITH_CARD),
        *(f"rule.{rule}" for rule in judged.screens),
    )
    return (*declared, *(Interrupt(name, ALWAYS) for name in plain))
