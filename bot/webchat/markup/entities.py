"""Message entities: offsets in UTF-16 units, the ones a caller gives, and the ones Telegram finds by itself."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.webchat.base.protocol import MESSAGE_ENTITIES, JsonObject, bad_request

KINDS = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    ]
)
# Each begins only where a word does, and no part of it is long: whatever somebody sends is looked through in a moment.
_FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}']|www\.[^\s<>\"]*[^\s<>\".,;:!?)\]}']")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}+@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (
        "url",
        re.compile(
            r"(?<![\w.-])(?:[a-z0-9-]{1,63}+\.){1,8}(?:com|org|net|uk|eu|info|gov|edu)\b(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]}'])?",
            re.IGNORECASE,
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])", re.ASCII)),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d ()-]{6,18}\d(?!\w)")),
)
# What Telegram takes out of a text before anybody sees it: control characters, and marks that turn later letters round
_UNSEEN = {**dict.fromkeys(range(32), " "), 9: "\t", 10: "\n", 13: None, **dict.fromkeys(range(0x202A, 0x202F))}


def cleaned(text: str) -> str:
    """Return what somebody wrote without what only a program can have put there."""
    return text.translate(_UNSEEN)


def units(text: str) -> int:
    """Return the length of ``text`` in UTF-16 code units, Telegram's measure of everything."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def given(text: str, entities: object) -> list[JsonObject]:
    """Check explicit entities against the text, and return them in Telegram's order.

    Raises:
        Refusal: 400 for anything that is not a list of known entities, or an entity that the text does not hold whole.
    """
    if not isinstance(entities, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    raw = text.encode("utf-16-le", "surrogatepass")
    return in_order(_checked(entity, raw) for entity in entities)


def _checked(entity: object, raw: bytes) -> JsonObject:
    if not isinstance(entity, dict) or entity.get("type") not in KINDS:
        raise bad_request('can\'t parse MessageEntity: Field "type" has an unsupported value')
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
        raise bad_request("can't parse MessageEntity: entity offset and length must be non-negative")
    if entity["type"] == "text_link" and not isinstance(entity.get("url"), str):
        raise bad_request("can't parse MessageEntity: Can't find field \"url\"")
    _require_whole(raw, offset, length)
    kept = {name: entity[name] for name in ("url", "user", "language", "custom_emoji_id") if entity.get(name)}
    return {"type": entity["type"], "offset": offset, "length": length, **kept}


def _require_whole(raw: bytes, offset: int, length: int) -> None:
    """Refuse an entity that begins or ends outside the text, or in the middle of a letter of two units."""
    end, size = offset + length, len(raw) // 2
    if offset > size:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    beginning = f"entity beginning at UTF-16 offset {offset} ends"
    if end > size:
        raise bad_request(f"{beginning} after the end of the text at UTF-16 offset {end}")
    if _halves(raw, offset):
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {_bytes_before(raw, offset)}")
    if _halves(raw, end):
        raise bad_request(f"{beginning} in a middle of a UTF-16 symbol at byte offset {_bytes_before(raw, end)}")


def _halves(raw: bytes, unit: int) -> bool:
    return 2 * unit < len(raw) and 0xDC <= raw[2 * unit + 1] <= 0xDF  # the second half of a pair


def _bytes_before(raw: bytes, unit: int) -> int:
    """Return how many bytes of UTF-8 the text has up to the end of the letter that this unit halves."""
    return len(raw[: 2 * unit + 2].decode("utf-16-le", "replace").encode())


def in_order(entities: Iterable[JsonObject]) -> list[JsonObject]:
    """Sort entities as Telegram does, outer before inner, without the empty ones and at most 100."""
    kept = [entity for entity in entities if entity["length"] > 0]
    return sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))[:MESSAGE_ENTITIES]


def trimmed(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    """Take white space off both ends of the text, and shift and shorten the entities to match.

    Offsets and lengths are in UTF-16 units. An entity of which nothing is left is dropped.
    """
    start = units(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    size, moved = units(text), []
    for entity in entities:
        first = max(0, entity["offset"] - start)
        last = min(size, entity["offset"] + entity["length"] - start)
        moved.append({**entity, "offset": first, "length": last - first})
    return text, in_order(moved)


def with_found(text: str, entities: list[JsonObject]) -> list[JsonObject]:
    """Add what Telegram finds unasked (commands, links, addresses, numbers) outside code and existing links.

    At most 100 of each kind are looked for.
    """
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in {"code", "pre", "text_link", "url", "bot_command", "email", "mention"}
    ]
    found: list[JsonObject] = []
    for kind, pattern in _FOUND:
        for first, last in islice(_spans(pattern, text), MESSAGE_ENTITIES):
            if all(last <= start or first >= end for start, end in taken):
                taken.append((first, last))
                found.append({"type": kind, "offset": first, "length": last - first})
    return in_order([*entities, *found])


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Give where each match begins and ends, in UTF-16 units."""
    at, counted = 0, 0
    for match in pattern.finditer(text):
        first = counted + units(text[at : match.start()])
        at, counted = match.end(), first + units(match.group())
        yield first, counted
