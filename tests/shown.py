"""What a person sees in the web chat: messages and their buttons, as the page is told them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Button:
    """A button under a message; exactly one of ``data``, ``url`` and ``copy`` is set. ``style`` is its colour."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str = ""


@dataclass(frozen=True)
class Shown:
    """A message on the screen. ``field`` is what a forced reply asks for: ``{"parts": [...], "label": str}``."""

    id: int
    mine: bool
    text: str
    entities: tuple[dict[str, Any], ...]
    rows: tuple[tuple[Button, ...], ...]
    field: dict[str, Any] | None
    secret: bool
    protect: bool
    file: dict[str, Any] | None
    client: str | None

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons, row after row."""
        return tuple(button for row in self.rows for button in row)

    @property
    def codes(self) -> list[str]:
        """The texts of the ``code`` entities, such as a receipt."""
        return self.marked("code")

    def marked(self, kind: str) -> list[str]:
        """Return the texts of the entities of one kind."""
        raw = self.text.encode("utf-16-le")
        spans = [(one["offset"], one["offset"] + one["length"]) for one in self.entities if one["type"] == kind]
        return [raw[2 * first : 2 * last].decode("utf-16-le") for first, last in spans]


def shown_from(view: dict[str, Any]) -> Shown:
    """Read one message of the page's protocol."""
    rows = tuple(
        tuple(Button(key["text"], key.get("data"), key.get("url"), key.get("copy"), key["style"]) for key in row)
        for row in view["buttons"]
    )
    same = {name: view[name] for name in ("id", "mine", "text", "field", "secret", "protect", "file", "client")}
    return Shown(entities=tuple(view["entities"]), rows=rows, **same)
