"""Who will read it, by name and job: leaving people out, being not sure, and what follows if nobody remains."""

from __future__ import annotations

from flows.cases.routing import Route, readers
from flows.drafts.scene import Scene, words
from flows.loading.definition import Step
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import bottom, button, progress
from flows.screens.help import outside, slow_reply_banner
from flows.values.screen import Press, Row, Screen
from flows.values.situation import Reader
from flows.values.text import Text


def route(scene: Scene) -> Route:
    """Return the route of the present draft, by whom it is about, who was left out, and the names in its words.

    It is worked out anew each time it is asked for: what was written or left out last decides.
    """
    draft = scene.draft
    adult = next(iter(scene.facts["adult"]), "")
    return readers(scene.situation.roster, adult, draft.struck, unsure=draft.unsure, words=words(draft))


def readers_screen(scene: Scene, step: Step, *kind: Text) -> Screen:
    """Return [Send] first, then a ticked row a reader, [Not sure], and reading through.

    Without readers nothing can be sent. A reader who was left out stays as a row without its tick, which puts that
    person back.
    """
    way = route(scene)
    if not way.readers:
        return nobody_screen(scene, *kind)
    withheld = tuple(_named(say.WITHHELD, reader) for reader in scene.situation.roster if reader.lead in way.withheld)
    named = tuple(_named(say.NAMED, reader) for reader in scene.situation.roster if reader.lead in way.named)
    elsewhere = outside(scene.situation.site.outside, scene.situation) if way.outside else ()
    unsure = (say.UNSURE_NOTED,) if scene.draft.unsure else ()
    rows: tuple[Row, ...] = (
        (button(_send(len(way.readers)), step.id, "send"),),
        *_reader_rows(scene, way),
        (_not_sure(scene),),
        (button(say.READ_THROUGH, step.id, "review"),),
        *bottom(scene, step),
    )
    said = (*kind, *progress(scene), scene.say(step.text), *withheld, *named, *unsure)
    return Screen((*said, *elsewhere, *slow_reply_banner(scene.situation)), rows)


def nobody_screen(scene: Scene, *kind: Text) -> Screen:
    """Return the screen shown if no reader remains.

    Nothing is sealed and the draft stays; whoever was left out can be put back, and it says where help is.
    """
    way, step = route(scene), scene.draft.cursor
    asked = scene.definition.steps[step]
    rows: tuple[Row, ...] = ((button(say.TRY_AGAIN, step, "again"),), *_reader_rows(scene, way), *bottom(scene, asked))
    withheld = tuple(_named(say.WITHHELD, reader) for reader in scene.situation.roster if reader.lead in way.withheld)
    put_back = (say.PUT_BACK,) if scene.draft.struck else ()
    elsewhere = outside(scene.situation.site.outside, scene.situation)
    return Screen((*kind, say.NOBODY_LEFT, *put_back, *withheld, *elsewhere), rows)


def _send(readers: int) -> Text:
    return Text(say.SEND.msgid, plural=say.SEND.plural, count=readers)


def _reader_rows(scene: Scene, way: Route) -> tuple[Row, ...]:
    roster, struck = scene.situation.roster, scene.draft.struck
    shown = {reader.lead for reader in way.readers} | struck
    return tuple(
        (_reader_row(reader, buttons.strike(roster, index), checked=reader.lead not in struck),)
        for index, reader in enumerate(roster)
        if reader.lead in shown
    )


def _reader_row(reader: Reader, data: str, *, checked: bool) -> Press:
    label = Text(say.READER.msgid, args={"name": reader.name, "title": reader.title})
    sentence = say.TICKED if checked else say.UNTICKED
    return Press(Text(sentence.msgid, args={"label": label}), data, checked=checked)


def _not_sure(scene: Scene) -> Press:
    return Press(say.SURE_AGAIN if scene.draft.unsure else say.NOT_SURE, buttons.unsure(scene.situation.roster))


def _named(sentence: Text, reader: Reader) -> Text:
    return Text(sentence.msgid, args={"name": reader.name})
