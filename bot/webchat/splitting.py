"""Cutting a long text into messages, as Telegram's own clients do before they send."""

from bot.webchat.entities import units
from bot.webchat.limits import TEXT_CHARS


def split_text(text: str) -> list[str]:
    """Return the text in trimmed parts of at most 4096 UTF-16 units, cut at a line end or a space if there is one."""
    parts, rest = [], text.strip()
    while units(rest) > TEXT_CHARS:
        room = _letters_within(rest, TEXT_CHARS)
        at = max(rest.rfind("\n", room // 2, room), rest.rfind(" ", room // 2, room))
        at = at if at > 0 else room
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest else parts


def _letters_within(text: str, limit: int) -> int:
    used = 0
    for number, letter in enumerate(text):
        used += units(letter)
        if used > limit:
            return number
    return len(text)
