"""The buttons of a conversation: their data, read back into inputs, and the rows that stand on every screen.

| data | meaning |
|---|---|
| `q:STEP:OPTION` | an option of a question |
| `k:STEP:KEY` | a key beside it |
| `r:HASH:N`, `r:HASH:unsure` | a reader of the roster with that hash, by place; or [Not sure] |
| `c:STEP` | change this answer before sending |
| `g:REGISTER`, `l:LANGUAGE` | who is speaking; in which language |
| `x:NAME`, `x:w:TOKEN` | something that is not part of a conversation; `w` is the button that is the receipt |
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, TypeAlias, cast, get_args

from flows.drafts.scene import Scene, before, place
from flows.loading.definition import Step
from flows.screens import copy as say
from flows.values.ids import Register
from flows.values.inputs import Changed, Key, Pressed, Struck, Tapped
from flows.values.screen import Press, Rank, Row, Screen
from flows.values.situation import Reader
from flows.values.text import Text

Name = Literal[
    "leave",
    "tidy",
    "new",
    "carry_on",
    "return",
    "notice_on",
    "notice_off",
    "languages",
    "privacy",
    "help",
    "said_yes",
    "said_other",
    "changed",
    "file",
    "bare_yes",
    "bare_unsure",
    "bare_no",
    "w",
]

#: The keys that go forward.
_FORWARD: Final[frozenset[Key]] = frozenset({"done", "send", "carry_on", "questions"})
#: Longest data of a button, in UTF-8 bytes (Bot API, `callback_data`).
LONGEST: Final = 64

#: The step that keys carry which belong to no question; such keys are never "from an earlier message".
ANYWHERE = "-"


@dataclass(frozen=True)
class ChoseRegister:
    """Said who is speaking."""

    register: Register


@dataclass(frozen=True)
class ChoseLanguage:
    """Asked for another language, by its tag."""

    language: str


@dataclass(frozen=True)
class Asked:
    """Asked for something outside the questions; `argument` is the receipt's token for `w`, else empty."""

    name: Name
    argument: str = ""


PressedData: TypeAlias = Tapped | Pressed | Struck | Changed | ChoseRegister | ChoseLanguage | Asked


def heard_from(data: str) -> PressedData | None:
    """Return what the button with `data` means, or None for data that no button of a reporter carries.

    Anybody can send any data: whether the step, the option or the reader is there is for `hear` to find out.
    """
    kind, _, rest = data.partition(":")
    first, _, second = rest.partition(":")
    if not first:
        return None
    match kind:
        case "q" if second:
            return Tapped(first, second)
        case "k" if second in get_args(Key):
            return Pressed(first, cast("Key", second))
        case "r":
            return _struck(first, second)
        case "c" if not second:
            return Changed(first)
        case "g" if rest in get_args(Register):
            return ChoseRegister(cast("Register", rest))
        case "l":
            return ChoseLanguage(rest)
        case "x" if first in get_args(Name) and bool(second) == (first == "w"):
            return Asked(cast("Name", first), second)
    return None


def rank(data: str) -> Rank:
    """Return the visual rank of a button with `data`, wherever it stands: at most one of a screen is the main one."""
    kind, _, rest = data.partition(":")
    if kind == "k":
        return "main" if rest.rpartition(":")[2] in _FORWARD else "plain"
    if kind == "x":
        return "lasting" if rest.startswith("w:") else "plain"
    return "choice"


def option(step: str, choice: str) -> str:
    """Return the data of the option `choice` of `step`.

    Raises:
        ValueError: The data would be longer than 64 bytes (Bot API, `callback_data`); a bug of the definition.
    """
    return _short(f"q:{step}:{choice}")


def key(step: str, name: Key) -> str:
    """Return the data of a key on the screen of `step`.

    Raises:
        ValueError: The data would be longer than 64 bytes (Bot API, `callback_data`); a bug of the definition.
    """
    return _short(f"k:{step}:{name}")


def strike(roster: tuple[Reader, ...], index: int) -> str:
    """Return the data of the row that leaves out, or puts back, the reader at `index`, good for exactly this roster.

    After a change of the roster the hash is another one, so that an old row leaves out nobody else.
    """
    return f"r:{roster_hash(roster)}:{index}"


def unsure(roster: tuple[Reader, ...]) -> str:
    """Return the data of [Not sure] on the readers screen."""
    return f"r:{roster_hash(roster)}:unsure"


def change(step: str) -> str:
    """Return the data of the button that changes the answer to `step`.

    Raises:
        ValueError: The data would be longer than 64 bytes (Bot API, `callback_data`); a bug of the definition.
    """
    return _short(f"c:{step}")


def register(name: Register) -> str:
    """Return the data of the button that says who is speaking."""
    return f"g:{name}"


def language(tag: str) -> str:
    """Return the data of the button that asks for a language.

    Raises:
        ValueError: The data would be longer than 64 bytes (Bot API, `callback_data`); a bug of the definition.
    """
    return _short(f"l:{tag}")


def ask(name: Name, argument: str = "") -> str:
    """Return the data of a button outside the questions; `w` takes the receipt's token.

    Raises:
        ValueError: The data would be longer than 64 bytes (Bot API, `callback_data`); a bug of the definition.
    """
    return _short(f"x:{name}:{argument}" if argument else f"x:{name}")


def roster_hash(roster: tuple[Reader, ...]) -> str:
    """Return eight hexadecimal digits of a hash of the readers in their order.

    A button of an old list has another hash, and so strikes out nobody.
    """
    return sha256("\n".join(reader.lead for reader in roster).encode()).hexdigest()[:8]


def _struck(roster: str, index: str) -> Struck | None:
    if index == "unsure":
        return Struck(roster, None)
    return Struck(roster, int(index)) if index.isascii() and index.isdigit() and len(index) < 4 else None


def _short(data: str) -> str:
    if len(data.encode()) > LONGEST:
        raise ValueError("a button's data is longer than 64 bytes")
    return data


def bottom(scene: Scene, step: Step) -> tuple[Row, ...]:
    """Return the last rows: [That is enough] once sent, then one row of Back, Skip, Help now and More."""
    rows: tuple[Row, ...] = ((button(say.ENOUGH, step.id, "enough"),),) if scene.draft.sent else ()
    row: list[Press] = []
    if before(scene) is not None:
        row.append(button(say.BACK, step.id, "back"))
    if may_skip(scene, step):
        row.append(button(say.SKIP, step.id, "skip"))
    return (*rows, (*row, help_button(), button(say.MORE, step.id, "more")))


def progress(scene: Scene) -> tuple[Text, ...]:
    """Return how far along the conversation is, as one short line ("2/8"); empty after sending."""
    if scene.draft.sent:
        return ()
    number, total = place(scene)
    return (Text(say.STEP_OF.msgid, args={"number": number, "total": total}),)


def may_skip(scene: Scene, step: Step) -> bool:
    """Return whether `step` can be skipped: after sending always, before it where the definition says so.

    The readers screen and records can never be skipped.
    """
    return (step.skip or scene.draft.sent) and step.kind not in {"readers", "record"}


def button(label: Text, step: str, name: Key) -> Press:
    """Return the button of the key `name` on the screen of `step`."""
    return Press(label, key(step, name))


def help_button() -> Press:
    """Return the button that shows the help screen; it is valid on every screen, however old."""
    return button(say.HELP, ANYWHERE, "help")


def more_screen() -> Screen:
    """Return the screen behind [More]: everything that is not part of a question."""
    rows: list[Row] = [
        (button(say.CARRY_ON, ANYWHERE, "carry_on"),),
        (Press(say.LEAVE, ask("leave")),),
        (Press(say.TIDY, ask("tidy")), Press(say.START_AGAIN, ask("new"))),
        (Press(say.LANGUAGES, ask("languages")), Press(say.PRIVACY, ask("privacy"))),
        (help_button(),),
    ]
    return Screen((say.WHAT_NEXT,), tuple(rows))
