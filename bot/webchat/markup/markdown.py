"""Telegram's two Markdown styles: marks that become message entities.

Source: https://core.telegram.org/bots/api#markdown-style
"""

import re

from bot.webchat.base.protocol import JsonObject, Refusal, bad_request
from bot.webchat.markup.entities import cut, in_order, units

_MARK = re.compile(r"\\(?P<escaped>[_*`\[])|(?P<pre>```)|(?P<mark>[_*`\[])")
_KINDS = {"_": "italic", "*": "bold", "`": "code"}
_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_LINK_V1 = re.compile(r"\(([^)]*)\)?")

_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_FENCE = re.compile(r"```(?:([\w+-]*)\n)?((?:\\.|[^\\])*?)```", re.DOTALL)
_CODE = re.compile(r"`((?:\\.|[^\\`])*)`", re.DOTALL)
_ADDRESS = re.compile(r"\(((?:\\.|[^\\)])*)\)")
_EMOJI = re.compile(r"tg://emoji\?id=(\d+)")
_ESCAPED = re.compile(r"\\([\x01-\x7e])")


def parse_plain_markdown(source: str) -> tuple[str, list[JsonObject]]:
    """Return the plain text and its entities.

    Raises:
        Refusal: 400 "can't parse entities" for a mark that is left open.
    """
    text, found, at = "", [], 0
    while mark := _MARK.search(source, at):
        text += source[at : mark.start()]
        if mark["escaped"]:
            text, at = text + mark["escaped"], mark.end()
            continue
        said, entity, at = _pre(source, mark) if mark["pre"] else _marked(source, mark)
        found.append({**entity, "offset": units(text), "length": units(said)})
        text += said
    return text + source[at:], in_order(one for one in found if one.get("url", True))


def _marked(source: str, mark: re.Match[str]) -> tuple[str, JsonObject, int]:
    """Read one entity; return its text, what it is, and where the source goes on."""
    end = _end(source, mark, "]" if mark["mark"] == "[" else mark["mark"])
    said = source[mark.end() : end]
    if mark["mark"] != "[":
        return said, {"type": _KINDS[mark["mark"]]}, end + 1
    address = _LINK_V1.match(source, end + 1)
    link = {"type": "text_link", "url": address[1] if address else said}
    return said, link, address.end() if address else end + 1


def _pre(source: str, mark: re.Match[str]) -> tuple[str, JsonObject, int]:
    end = _end(source, mark, "```")
    language = _LANGUAGE.match(source, mark.end(), end)
    begin = language.end() if language else mark.end()
    said = re.sub(r"\A(\r\n|\n\r|\n|\r)", "", source[begin:end])
    return said, {"type": "pre", **({"language": language[1]} if language else {})}, end + 3


def _end(source: str, mark: re.Match[str], closing: str) -> int:
    end = source.find(closing, mark.end())
    if end < 0:
        offset = len(source[: mark.start()].encode())
        raise bad_request(f"can't parse entities: Can't find end of the entity starting at byte offset {offset}")
    return end


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
        self.open: list[tuple[str, int, int]] = []  # mark, length of the text when it came, place in the source
        self.quote: int | None = None
        self.line = 0  # the text's length where its last line began
        self.entities: list[JsonObject] = []

    def step(self) -> None:
        rest = self.source[self.at : self.at + 3]
        if rest[0] == "\\" and len(rest) > 1 and rest[1].isascii():
            self._say(rest[1], 2)
        elif rest[0] == ">" and self.length == self.line:
            self.quote = self.length if self.quote is None else self.quote
            self.at += 1
        elif rest[0] == "\n":
            self._line_end()
        elif rest[0] == "`":
            self._code()
        elif rest[0] == "[" or rest[:2] == "![":
            self._push(rest[: 1 + (rest[0] == "!")])
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

    def _push(self, mark: str) -> None:
        self.open.append((mark, self.length, self.at))
        self.at += len(mark)

    def _add(self, kind: str, since: int, **more: str) -> None:
        self.entities.append({"type": kind, "offset": since, "length": self.length - since, **more})

    def _mark(self, mark: str) -> None:
        if self.open and self.open[-1][0] == mark:
            self._add(_MARKS[mark], self.open.pop()[1])
            self.at += len(mark)
        elif any(mark == earlier for earlier, _, _ in self.open):
            raise self._left_open()
        else:
            self._push(mark)

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
            self._push("`")
            raise self._left_open()

    def _link(self) -> None:
        if not self.open or self.open[-1][0] not in {"[", "!["}:
            raise _unreadable("Character ']' is reserved and must be escaped with the preceding '\\'")
        mark, since, _ = self.open.pop()
        self.at += 1
        found = _ADDRESS.match(self.source, self.at)
        if found is None and self.source.startswith("(", self.at):
            raise _unreadable(f"Can't find end of a URL at byte offset {self._bytes(self.at + 1)}")
        self.at = found.end() if found else self.at
        address = _ESCAPED.sub(r"\1", found[1]) if found else cut("".join(self.text), since, self.length - since)
        if mark == "[" and address:
            self._add("text_link", since, url=address)
        elif mark == "![":
            emoji = _EMOJI.fullmatch(address)
            if emoji is None:
                raise _unreadable("The entity must contain a tg://emoji or tg://time URL")
            self._add("custom_emoji", since, custom_emoji_id=emoji[1])

    def _line_end(self) -> None:
        if not self.source.startswith(">", self.at + 1):
            self._end_quote()
        self._say("\n", 1)
        self.line = self.length

    def _end_quote(self) -> None:
        if self.quote is None:
            return
        folded = bool(self.open) and self.open[-1][:2] == ("||", self.length)  # a spoiler's mark with nothing behind it
        if folded:
            self.open.pop()
        self._add("expandable_blockquote" if folded else "blockquote", self.quote)
        self.quote = None

    def done(self) -> tuple[str, list[JsonObject]]:
        self._end_quote()
        if self.open:
            raise self._left_open()
        return "".join(self.text), in_order(self.entities)

    def _left_open(self) -> Refusal:
        mark, _, at = self.open[-1]
        return _unreadable(f"Can't find end of {_name(mark)} entity at byte offset {self._bytes(at)}")

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())


def _name(mark: str) -> str:
    return {"[": "TextUrl", "![": "CustomEmoji", "`": "Code"}.get(mark) or _MARKS[mark].capitalize()


def _unreadable(why: str) -> Refusal:
    return bad_request(f"can't parse entities: {why}")
