"""Telegram's MarkdownV2 style: marks that become message entities.

Source: https://core.telegram.org/bots/api#markdownv2-style
"""

import re

from bot.webchat.entities import in_order, units
from bot.webchat.wire import JsonObject, Refusal, bad_request

_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_FENCE = re.compile(r"```(?:([\w+-]*)\n)?((?:\\.|[^\\])*?)```", re.DOTALL)
_CODE = re.compile(r"`((?:\\.|[^\\`])*)`", re.DOTALL)
_LINK_END = re.compile(r"\]\(((?:\\.|[^\\)])*)\)")
_ESCAPED = re.compile(r"\\([\x01-\x7e])")


def parse_markdown(source: str) -> tuple[str, list[JsonObject]]:
    """Return the plain text and its entities.

    Raises:
        Refusal: 400 "can't parse entities" for a reserved character without a backslash or a mark left open.
    """
    reading = _Reading(source)
    while reading.at < len(source):
        reading.step()
    return reading.done()


class _Reading:
    """Where the reader stands, what it said so far, and which marks are open."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.text: list[str] = []
        self.length = 0
        self.open: list[tuple[str, int]] = []
        self.quote: int | None = None
        self.entities: list[JsonObject] = []

    def step(self) -> None:
        rest = self.source[self.at : self.at + 3]
        if rest[0] == "\\" and len(rest) > 1 and rest[1].isascii():
            self._say(rest[1], 2)
        elif rest[0] == ">" and self._at_line_start():
            self.quote = self.length if self.quote is None else self.quote
            self.at += 1
        elif rest[0] == "\n":
            self._line_end()
        elif rest[0] == "`":
            self._code()
        elif rest[0] == "[":
            self._push("[", 1)
        elif rest[0] == "]":
            self._link()
        else:
            self._mark_or_letter(rest)

    def _mark_or_letter(self, rest: str) -> None:
        mark = rest[:2] if rest[:2] in _MARKS else rest[0]
        if mark in _MARKS:
            self._mark(mark)
        elif mark in _RESERVED:
            raise _unreadable(f"Character '{mark}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._say(mark, 1)

    def _say(self, text: str, consumed: int) -> None:
        self.text.append(text)
        self.length += units(text)
        self.at += consumed

    def _push(self, mark: str, consumed: int) -> None:
        self.open.append((mark, self.length))
        self.at += consumed

    def _add(self, kind: str, since: int, **more: str) -> None:
        self.entities.append({"type": kind, "offset": since, "length": self.length - since, **more})

    def _mark(self, mark: str) -> None:
        if self.open and self.open[-1][0] == mark:
            self._add(_MARKS[mark], self.open.pop()[1])
            self.at += len(mark)
        elif any(mark == earlier for earlier, _ in self.open):
            raise _unreadable(f"Can't find end of {_name(self.open[-1][0])} entity")
        else:
            self._push(mark, len(mark))

    def _code(self) -> None:
        fence, code = _FENCE.match(self.source, self.at), _CODE.match(self.source, self.at)
        since = self.length
        if fence:
            self._say(_ESCAPED.sub(r"\1", fence[2]), len(fence[0]))
            self._add("pre", since, **({"language": fence[1]} if fence[1] else {}))
        elif code:
            self._say(_ESCAPED.sub(r"\1", code[1]), len(code[0]))
            self._add("code", since)
        else:
            raise _unreadable("Can't find end of Code entity")

    def _link(self) -> None:
        end = _LINK_END.match(self.source, self.at)
        if not self.open or self.open[-1][0] != "[" or end is None:
            raise _unreadable("Character ']' is reserved and must be escaped with the preceding '\\'")
        self._add("text_link", self.open.pop()[1], url=_ESCAPED.sub(r"\1", end[1]))
        self.at += len(end[0])

    def _at_line_start(self) -> bool:
        return self.at == 0 or self.source[self.at - 1] == "\n"

    def _line_end(self) -> None:
        if self.quote is not None and not self.source.startswith(">", self.at + 1):
            self._add("blockquote", self.quote)
            self.quote = None
        self._say("\n", 1)

    def done(self) -> tuple[str, list[JsonObject]]:
        if self.quote is not None:
            self._add("blockquote", self.quote)
        if self.open:
            raise _unreadable(f"Can't find end of {_name(self.open[-1][0])} entity")
        return "".join(self.text), in_order(self.entities)


def _name(mark: str) -> str:
    return _MARKS.get(mark, "TextUrl").capitalize()


def _unreadable(why: str) -> Refusal:
    return bad_request(f"can't parse entities: {why}")
