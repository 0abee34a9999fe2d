"""The rows of buttons that stand on every screen of a conversation: what goes back, skips, helps, and the rest."""

from __future__ import annotations

from flows import presses
from flows import sentences as say
from flows.definition import Step
from flows.heard import Key
from flows.path import before, place
from flows.scene import Scene
from flows.screens import Press, Row, Screen
from flows.texts import Text

#: The step that keys carry which belong to no question; such keys are never "from an earlier message".
ANYWHERE = "-"


def bottom(scene: Scene, step: Step) -> tuple[Row, ...]:
    """[That is enough] once sent, then one row of Back, Skip, Help now and More."""
    rows: tuple[Row, ...] = ((button(say.ENOUGH, step.id, "enough"),),) if scene.draft.sent else ()
    row: list[Press] = []
    if before(scene) is not None:
        row.append(button(say.BACK, step.id, "back"))
    if may_skip(scene, step):
        row.append(button(say.SKIP, step.id, "skip"))
    return (*rows, (*row, help_button(), button(say.MORE, step.id, "more")))


def progress(scene: Scene) -> tuple[Text, ...]:
    """How far along this is up to sending, in plain words; afterwards nothing has to be finished."""
    if scene.draft.sent:
        return ()
    number, total = place(scene)
    return (Text(say.STEP_OF.msgid, args={"number": number, "total": total}),)


def may_skip(scene: Scene, step: Step) -> bool:
    """Everything after sending can be skipped, and before it what the definition says."""
    return (step.skip or scene.draft.sent) and step.kind not in {"readers", "record"}


def button(label: Text, step: str, name: Key) -> Press:
    """One key of the screen of `step`."""
    return Press(label, presses.key(step, name))


def help_button() -> Press:
    """The key that shows the help screen, good on every screen of any age."""
    return button(say.HELP, ANYWHERE, "help")


def more_screen() -> Screen:
    """Everything that is not part of a question, behind [More]."""
    rows: list[Row] = [
        (button(say.CARRY_ON, ANYWHERE, "carry_on"),),
        (Press(say.LEAVE, presses.ask("leave")),),
        (Press(say.TIDY, presses.ask("tidy")), Press(say.START_AGAIN, presses.ask("new"))),
        (Press(say.LANGUAGES, presses.ask("languages")), Press(say.PRIVACY, presses.ask("privacy"))),
        (help_button(),),
    ]
    return Screen((say.WHAT_NEXT,), tuple(rows))
