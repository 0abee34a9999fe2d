"""Telegram's first Markdown style, which it keeps for old bots: four marks, none inside another.

Source: https://core.telegram.org/bots/api#markdown-style
"""

import re

from bot.webchat.entities import in_order, units
from bot.webchat.wire import JsonObject, bad_request

_MARK = re.compile(r"\\(?P<escaped>[_*`\[])|(?P<pre>```)|(?P<mark>[_*`\[])")
_KINDS = {"_": "italic", "*": "bold", "`": "code"}
_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_ADDRESS = re.compile(r"\(([^)]*)\)?")


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
    address = _ADDRESS.match(source, end + 1)
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
