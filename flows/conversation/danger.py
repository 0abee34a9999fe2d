"""What one input means for safety: the urgency so far, the rules it fires, and what comes between.

A machine may raise and never lowers: rules and triggers that held once stay in the draft, whatever is answered later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flows.danger.crisis_phrases import WITH_CARD, Hit, look
from flows.danger.urgency import Judged, judge
from flows.drafts.rulebook import Flows
from flows.drafts.scene import Scene, scene, words
from flows.drafts.trusted_adult import findable, names_adult, without_adult
from flows.loading.conditions import ALWAYS
from flows.loading.definition import Interrupt
from flows.screens.help import help_screen
from flows.screens.welcome import begin
from flows.values.ids import Urgency
from flows.values.screen import Screen
from flows.values.situation import Situation
from flows.values.text import Text

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
    """Compare what held `before` with what holds `after` an input.

    Args:
        before: As it was.
        after: As it is, with the input taken, and not yet with what comes of it here.
        message: Text that is no answer; its own words alone decide how urgent the message is, everything together how
            urgent the concern.
    """
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


def help_for(flows: Flows, text: str, situation: Situation) -> Screen | None:
    """The help screen for words of danger that somebody writes before any question, or None for other words."""
    certain = {hit.phrase_class for hit in look(text, flows.phrases) if hit.certainty == "high"}
    if not certain:
        return None
    told = without_adult(situation) if names_adult(situation, text) else situation
    if not certain <= WITH_CARD:
        return help_screen(told)
    here = scene(flows, begin(flows, "12_17", told), told)  # nobody has said yet who is writing
    return card_screen(here, tuple(one for one in here.definition.interrupts if one.id in certain))


def card_screen(here: Scene, fires: tuple[Interrupt, ...], cards: tuple[Text, ...] = ()) -> Screen:
    """What comes between: the help screen, without its alarm where all of `fires` are calm."""
    return help_screen(
        findable(here.situation, here.draft),
        (*cards, *_texts(here, fires)),
        worried=not all(one.calm for one in fires),
        register=here.draft.register,
        pictures=any(one.pictures for one in fires),
        for_other=_for_other(here),
    )


def came_between(here: Scene) -> Screen:
    """The screen that came between, once more: a card as it was, the alarm without the sentences of its trigger.

    It is shown until somebody goes on from it. Where a calm card and an alarm came, the alarm stands.
    """
    fired, situation = here.draft.fired, findable(here.situation, here.draft)
    calm = tuple(one for one in here.definition.interrupts if one.calm and one.id in fired)
    if calm and fired <= {one.id for one in calm}:
        return card_screen(here, calm)
    return help_screen(situation, worried=bool(fired), register=here.draft.register, for_other=_for_other(here))


def _for_other(here: Scene) -> bool:
    return "somebody_else" in here.facts


def _texts(here: Scene, fires: tuple[Interrupt, ...]) -> tuple[Text, ...]:
    said = (here.say(one.text) for one in fires if one.text)
    return tuple({text.msgid: text for text in said if text.msgid}.values())
