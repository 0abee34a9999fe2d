"""Telegram's HTML style: a small set of tags that become message entities.

Source: https://core.telegram.org/bots/api#html-style
"""

import html
import re
from dataclasses import dataclass

from bot.webchat.base.protocol import JsonObject, Refusal, bad_request
from bot.webchat.markup.entities import in_order, units

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TOKEN = re.compile(
    r"<(?P<end>/?)(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>[^<>]*)>|&(?P<name>#\d+|#x[0-9A-Fa-f]+|\w+);|<"
)
_ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass(frozen=True)
class _Open:
    tag: str
    entity: JsonObject | None
    at: int


def parse_html(source: str) -> tuple[str, list[JsonObject]]:
    """Return the plain text and its entities.

    Raises:
        Refusal: 400 "can't parse entities" for an unknown tag, a wrong nesting or one left open.
    """
    reading = _Reading()
    at = 0
    for token in _TOKEN.finditer(source):
        reading.say(source[at : token.start()])
        at = token.end()
        reading.meet(token, len(source[: token.start()].encode()))
    reading.say(source[at:])
    return reading.done()


class _Reading:
    """What was read so far: text, its length in UTF-16 units, open tags, finished entities."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[JsonObject] = []

    def say(self, text: str) -> None:
        self.text.append(text)
        self.length += units(text)

    def meet(self, token: re.Match[str], offset: int) -> None:
        if token["name"] is not None:
            self.say(_character(token[0], token["name"]))
        elif token["tag"] is None:
            raise _unreadable(f'Unsupported start tag "" at byte offset {offset}')
        elif token["end"]:
            self._close(token["tag"].lower(), offset)
        else:
            entity = _entity(token["tag"].lower(), _attributes(token["attributes"]), offset, self._inside("pre"))
            self.open.append(_Open(token["tag"].lower(), entity, self.length))

    def _inside(self, tag: str) -> bool:
        return bool(self.open) and self.open[-1].tag == tag

    def _close(self, tag: str, offset: int) -> None:
        if not self.open:
            raise _unreadable(f"Unexpected end tag at byte offset {offset}")
        last = self.open.pop()
        if last.tag != tag:
            raise _unreadable(f'Unmatched end tag at byte offset {offset}, expected "</{last.tag}>", found "</{tag}>"')
        if last.entity is None:
            return
        if last.entity["type"] == "language":
            self.open[-1] = _with_language(self.open[-1], last.entity["language"])
            return
        if last.entity.get("url", True):
            self.entities.append({**last.entity, "offset": last.at, "length": self.length - last.at})

    def done(self) -> tuple[str, list[JsonObject]]:
        if self.open:
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.text), in_order(self.entities)


def _with_language(pre: _Open, language: str) -> _Open:
    return _Open(pre.tag, {**(pre.entity or {}), "language": language}, pre.at)


def _entity(tag: str, attributes: dict[str, str], offset: int, in_pre: bool) -> JsonObject | None:  # noqa: FBT001 - a fact, not a switch
    if tag == "code" and in_pre:
        language = attributes.get("class", "").removeprefix("language-")
        return {"type": "language", "language": language} if language else None
    if tag in _SIMPLE:
        return {"type": _SIMPLE[tag]}
    if tag == "span":
        if attributes.get("class") != "tg-spoiler":
            raise _unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        return {"type": "spoiler"}
    if tag == "a":
        return {"type": "text_link", "url": attributes.get("href", "")}
    if tag == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
    if tag == "tg-emoji" and attributes.get("emoji-id"):
        return {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
    raise _unreadable(f'Unsupported start tag "{tag}" at byte offset {offset}')


def _attributes(source: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(source)
    return {name.lower(): html.unescape(double or single or bare) for name, double, single, bare in found}


def _character(whole: str, name: str) -> str:
    return html.unescape(whole) if name.startswith("#") else _NAMES.get(name, whole)


def _unreadable(why: str) -> Refusal:
    return bad_request(f"can't parse entities: {why}")
