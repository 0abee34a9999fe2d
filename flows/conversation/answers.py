"""How an answer is taken: a choice, several choices, words over several messages, or passing over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from flows.conversation.results import Reduction
from flows.danger.crisis_phrases import look
from flows.drafts.scene import ASIDE, Scene, answered, following, items_of, words
from flows.loading.definition import Option, Step
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import help_button
from flows.screens.question import codes_of, opened, page_with
from flows.screens.review import page_of, record_screen
from flows.values.draft import Answer, Chose, Draft, Skipped, Wrote, careful
from flows.values.screen import Press, Screen

#: Letters of an unsent draft, about 35,000 words: it is sealed anew with each message. After sending there is no bound.
FULL: Final = 200_000
#: The same where all drafts together take too much room: who begins, or writes some 2,800 words, notices nothing.
CROWDED: Final = 16_000


def tapped(scene: Scene, step: Step, choice: str) -> Reduction:
    """The option `choice` of the question on the screen; one that is not there now changes nothing.

    Of a record it opens an item or a page, of categories a group; of several it ticks or unticks; else it is the
    answer.
    """
    if step.kind == "record":
        return _item(scene, step, choice)
    if step.kind == "several" and step.categories and (screen := opened(scene, step, choice)):
        return Reduction(scene.draft, screen=screen)
    option = next((one for one in scene.options(step) if one.id == choice), None)
    if step.kind == "several" and (option or choice in codes_of(scene, step)):
        return toggled(scene, step, (choice,))
    return _chosen(scene, step, option) if option else Reduction(scene.draft, (say.OLD_SCREEN,))


def toggled(scene: Scene, step: Step, choices: Iterable[str]) -> Reduction:
    """Several choices: each one of `choices` is ticked, or no longer; the question stays.

    What contradicts the choice that was made last goes. Without any tick left the question has no answer; what it
    raised stays raised.
    """
    answer = scene.draft.answers.get(step.id)
    had = set(answer.options) if isinstance(answer, Chose) else set()
    wanted = _apart(step, had, had.symmetric_difference(choices))
    order = (*(option.id for option in step.options), *codes_of(scene, step))
    kept = tuple(one for one in order if one in wanted)
    draft = answered(scene.draft, step.id, Chose(kept)) if kept else without(scene.draft, step.id)
    after = scene.with_draft(draft)
    return Reduction(draft, screen=_same_group(after, step, choices))


def written(scene: Scene, step: Step, text: str) -> Reduction:
    """Words: one more message of them; after sending each is appended to the case at once.

    What does not fit before sending is told at once; words of danger have room of their own.
    """
    if not scene.draft.sent and not _fits(scene, text):
        return Reduction(scene.draft, (say.FULL, say.FULL_SEND), message=text)
    answer = scene.draft.answers.get(step.id)
    had = answer.words if isinstance(answer, Wrote) else ()
    hidden = scene.draft.hidden & {step.id}
    draft = answered(scene.draft, step.id, Wrote((*had, text)))
    draft = replace(draft, hidden=draft.hidden | hidden)
    given = (step.id, Wrote((text,))) if scene.draft.sent else None
    return Reduction(draft, (say.HEARD_AND_CLEARED if careful(draft) else say.HEARD_WORDS,), given=given)


def beside(scene: Scene, text: str, *, danger: bool) -> Reduction:
    """Text that answers nothing: a kind sentence and the question again.

    Words of danger are kept all the same, as long as the draft takes them: they are sent with the rest, and what they
    mean is asked about.
    """
    if not danger or not _fits(scene, text):
        return Reduction(scene.draft, (say.TAP_PLEASE,))
    return Reduction(with_aside(scene.draft, text), (say.WORDS_KEPT, say.TAP_PLEASE))


def with_aside(draft: Draft, text: str) -> Draft:
    """`draft` with `text` among the words that answer nothing, so that what they mean is asked about."""
    answer = draft.answers.get(ASIDE)
    had = answer.words if isinstance(answer, Wrote) else ()
    return answered(draft, ASIDE, Wrote((*had, text)))


def done(scene: Scene, step: Step) -> Reduction:
    """[Done] or [Next]: goes on with the words or choices there are.

    Without any it passes over what can be skipped, and asks for words where the question cannot be; on a question of
    another kind it is the button of an old screen.
    """
    answer = scene.draft.answers.get(step.id)
    if step.kind == "words" and not isinstance(answer, Wrote):
        if step.skip or scene.draft.sent:
            return given(scene, step.id, Skipped())
        return Reduction(scene.draft, (say.WORDS_PLEASE,))
    if step.kind == "several":
        return given(scene, step.id, answer or Skipped())
    if step.kind == "words":
        return Reduction(moved_on(scene))
    return Reduction(scene.draft, (say.OLD_SCREEN,))


def skipped(scene: Scene, step: Step) -> Reduction:
    """[Skip]: passes over a question, and never takes back what was answered before."""
    answer = scene.draft.answers.get(step.id)
    if answer is None:
        return given(scene, step.id, Skipped())
    return given(scene, step.id, answer) if step.kind == "several" else Reduction(moved_on(scene))


def given(scene: Scene, step: str, answer: Answer) -> Reduction:
    """`answer` to `step` is complete: on to what follows."""
    after = scene.with_draft(answered(scene.draft, step, answer))
    return Reduction(moved_on(after), given=(step, answer))


def moved_on(scene: Scene) -> Draft:
    """The draft with the cursor on the question that follows."""
    return replace(scene.draft, cursor=following(scene))


def without(draft: Draft, step: str) -> Draft:
    """`draft` without an answer to `step`; what it raised stays raised."""
    left = {name: answer for name, answer in draft.answers.items() if name != step}
    return replace(draft, answers=left, hidden=draft.hidden - {step})


def _fits(scene: Scene, text: str) -> bool:
    """Whether the draft takes this text as well."""
    most = CROWDED if scene.situation.crowded else FULL
    room = 2 * FULL if look(text, scene.flows.phrases) else most
    return sum(map(len, words(scene.draft))) + len(text) <= room


def _chosen(scene: Scene, step: Step, option: Option) -> Reduction:
    if option.ends:
        rows = ((Press(say.START_NEW, buttons.ask("new")),), (help_button(),))
        return Reduction(None, screen=Screen((say.GOOD_BYE,), rows))
    if option.more:
        return Reduction(scene.draft, (scene.say(option.more),))
    return given(scene, step.id, Chose((option.id,)))


def _item(scene: Scene, step: Step, choice: str) -> Reduction:
    page = page_of(choice)
    if page is not None:
        return Reduction(scene.draft, screen=record_screen(scene, step, page=page))
    if choice in items_of(scene, step):
        return Reduction(replace(scene.draft, cursor=choice))
    own = next((one for one in scene.options(step) if one.id == choice), None)
    return (
        Reduction(scene.draft, (scene.say(own.more),))
        if own and own.more
        else Reduction(scene.draft, (say.OLD_SCREEN,))
    )


def _apart(step: Step, had: set[str], wanted: set[str]) -> set[str]:
    """`wanted` without what contradicts the choice that was made last: "no one" goes with nobody else."""
    alone = {option.id for option in step.options if option.alone}
    added = wanted - had
    return (added & alone or wanted - alone) if added else wanted


def _same_group(scene: Scene, step: Step, choices: Iterable[str]) -> Screen | None:
    pages = [page for one in choices if step.categories and (page := page_with(scene, one))]
    return opened(scene, step, pages[0]) if len(pages) == 1 else None
