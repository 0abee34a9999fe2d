"""Who will read it, by name and job: leaving people out, being not sure, and what follows if nobody remains."""

from __future__ import annotations

from dataclasses import dataclass

from flows import presses
from flows import sentences as say
from flows.definition import Step
from flows.help_screen import outside
from flows.keys import bottom, button, progress
from flows.known import Contact, LeadId, Reader
from flows.scene import Scene
from flows.screens import Press, Row, Screen
from flows.texts import Text


@dataclass(frozen=True)
class Way:
    """Where this draft would go: all rungs, the people who would read it, and those who would not."""

    rungs: tuple[tuple[LeadId, ...], ...]
    readers: tuple[Reader, ...]
    excluded: tuple[LeadId, ...]
    withheld: tuple[LeadId, ...]
    outside: tuple[Contact, ...]


def route(scene: Scene) -> Way:
    """The route of the draft as it stands, by its subject, what was struck, and the names in its words."""
    raise NotImplementedError


def readers_screen(scene: Scene, step: Step, *kind: Text) -> Screen:
    """[Send] first, then a button a reader, [Not sure], and reading through; without readers nothing can be sent."""
    way = route(scene)
    if not way.readers:
        return nobody_screen(scene, *kind)
    lines = tuple(_line(reader) for reader in way.readers)
    withheld = tuple(_withheld(reader) for reader in scene.known.roster if reader.lead in way.withheld)
    unsure = (say.UNSURE_NOTED,) if scene.draft.unsure else ()
    rows: tuple[Row, ...] = (
        (button(say.SEND, step.id, "send"),),
        *_strikes(scene, way),
        (_not_sure(scene),),
        (button(say.READ_THROUGH, step.id, "review"),),
        *bottom(scene, step),
    )
    return Screen((*kind, progress(scene), scene.say(step.text), *lines, *withheld, *unsure), rows)


def nobody_screen(scene: Scene, *kind: Text) -> Screen:
    """Nobody remains: nothing is sealed, the draft stays, whoever was left out can be put back, and where help is."""
    way, step = route(scene), scene.draft.cursor
    asked = scene.definition.steps[step]
    rows: tuple[Row, ...] = ((button(say.TRY_AGAIN, step, "again"),), *_strikes(scene, way), *bottom(scene, asked))
    return Screen((*kind, say.NOBODY_LEFT, *outside(way.outside, scene.known)), rows)


def _strikes(scene: Scene, way: Way) -> tuple[Row, ...]:
    roster, struck = scene.known.roster, scene.draft.struck
    shown = {reader.lead for reader in way.readers} | struck
    return tuple(
        (Press(_strike_label(reader, struck), presses.strike(roster, index)),)
        for index, reader in enumerate(roster)
        if reader.lead in shown
    )


def _strike_label(reader: Reader, struck: frozenset[LeadId]) -> Text:
    sentence = say.PUT_BACK if reader.lead in struck else say.NOT_THIS_PERSON
    return Text(sentence.msgid, args={"name": reader.name})


def _not_sure(scene: Scene) -> Press:
    return Press(say.SURE_AGAIN if scene.draft.unsure else say.NOT_SURE, presses.unsure(scene.known.roster))


def _line(reader: Reader) -> Text:
    return Text(say.READER_LINE.msgid, args={"name": reader.name, "title": reader.title})


def _withheld(reader: Reader) -> Text:
    return Text(say.WITHHELD.msgid, args={"name": reader.name})
