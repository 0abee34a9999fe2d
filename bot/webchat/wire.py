"""The shapes that cross the wire, and the one error the Bot API side answers with."""

from dataclasses import dataclass
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Refusal(Exception):  # noqa: N818 - named for what it is on the wire, not for being raised
    """A Bot API call that is refused.

    ``code`` is the HTTP status, ``description`` Telegram's wording, ``retry_after`` whole seconds for 429.
    Source: https://core.telegram.org/bots/api#making-requests
    """

    code: int
    description: str
    retry_after: int | None = None

    def body(self) -> JsonObject:
        """Say the refusal in Telegram's error shape."""
        said: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            said["parameters"] = {"retry_after": self.retry_after}
        return said


def bad_request(why: str) -> Refusal:
    """Return the 400 that Telegram words as "Bad Request: why"."""
    return Refusal(400, f"Bad Request: {why}")
