"""What a person sees at one time: paragraphs and buttons, without a messenger and without a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from flows.values.text import Text, Value

#: How much a button stands out: the one that goes forward, a choice, what stands beside it, or what is good for as long
#: as its message stands, whatever was answered since.
Rank = Literal["main", "choice", "plain", "lasting"]

#: The next thing typed is a secret; the web page shows a real field of this kind, and the message is deleted once read.
Secret = Literal["password", "new-password", "one-time-code", "password+one-time-code", "pin"]


@dataclass(frozen=True)
class Press:
    """A button that comes back as `data`: opaque ids only, at most 64 UTF-8 bytes (Bot API, `callback_data`).

    Without a `rank` its data says how much it stands out (`buttons.rank`). `checked` is whether a button that can be
    ticked is ticked, None for any other; its label says so too, since Telegram knows no such button.
    """

    label: Value
    data: str
    rank: Rank | None = None
    checked: bool | None = None


@dataclass(frozen=True)
class Copy:
    """A button that puts `text` (1 to 256 characters) on the clipboard; the bot is not told."""

    label: Value
    text: str


@dataclass(frozen=True)
class Link:
    """A button that opens an address. Telegram refuses `tel:`; numbers are text."""

    label: Value
    url: str


@dataclass(frozen=True)
class WebApp:
    """A button that opens a page within Telegram as a Mini App (Bot API, `web_app`); `url` begins with https://."""

    label: Value
    url: str


Button: TypeAlias = Press | Copy | Link | WebApp
Row: TypeAlias = tuple[Button, ...]


@dataclass(frozen=True)
class Screen:
    """One message to one person.

    The first button of the first row goes forward. `code` is shown as the message's only `code` entity, in one
    block that a tap copies; `below` is said under it. `verbatim` is somebody's own words, shown after the paragraphs
    as they were written; `marks` are places in it, in characters, that are shown bold.
    `secret` asks for a secret in a real field, labelled by the last paragraph.
    `urgent` goes ahead of what others wait for.
    `private` says that nobody else sees the device: the page may keep what was answered, and what is not sent yet.
    `keep_device` says that the device which the last secret came from is to be known again.
    `file` asks for a file: the web page has a button for one then.
    `beside` has the web page show it beside the conversation where there is room for both, and not at all elsewhere.
    """

    paragraphs: tuple[Text, ...]
    rows: tuple[Row, ...] = ()
    code: str | None = None
    below: tuple[Text, ...] = ()
    verbatim: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    secret: Secret | None = None
    urgent: bool = False
    private: bool = False
    keep_device: bool = False
    beside: bool = False
    file: bool = False
