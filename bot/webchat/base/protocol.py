"""The shapes that cross the wire, the one error, and every bound: Telegram's own limits first, then ours.

Also the address that a browser opens.
"""

from dataclasses import dataclass
from ipaddress import ip_address
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
        """Say the refusal in Telegram's error shape, with ``parameters`` for 429.

        Source: https://core.telegram.org/bots/api#responseparameters
        """
        said: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            said["parameters"] = {"retry_after": self.retry_after}
        return said


def bad_request(why: str) -> Refusal:
    """Return the 400 that Telegram words as "Bad Request: why"."""
    return Refusal(400, f"Bad Request: {why}")


# Telegram's, https://core.telegram.org/bots/api and /bots/faq
TEXT_CHARS = 4096  # UTF-16 units, after entities were parsed
SOURCE_BYTES = 32 * 1024  # of a text before white space at its ends is taken off
CAPTION_CHARS = 1024  # likewise
CALLBACK_DATA_BYTES = 64
COPY_TEXT_CHARS = 256
CALLBACK_ANSWER_CHARS = 200
BUTTONS = 100
DELETE_IDS = 100
UPDATES_AT_ONCE = 100
COMMANDS = 100
DELETABLE_SECONDS = 48 * 3600
PHOTO_BYTES = 10 * 1024 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
WEBHOOK_CONNECTIONS = 40  # unless the bot asks for another number, up to the most
WEBHOOK_CONNECTIONS_MOST = 100

# Ours
CALLBACK_ANSWER_SECONDS = 15 * 60  # Telegram does not publish its own
LONG_POLL_SECONDS = 50.0
PAGE_POLL_SECONDS = 25.0
FIRST_ANSWER_SECONDS = 0.5  # that a tab which opens waits for the bot's first words; later they come as any others
TYPING_SECONDS = 5.0
GREETING_SECONDS = 0.2  # that the page waits for what the bot would say first; without it the page comes alone
GREETING_KEPT_SECONDS = 5.0
NOTICES_KEPT = 20
TOMBSTONES_KEPT = 2000
INPUTS_KEPT = 1000
PERSON_TEXT_CHARS = 32_768  # one send of the page; it arrives as several messages
MESSAGE_ENTITIES = 100
PRESSED = 24  # updates that wait before tabs with a proof of work go ahead in numbers too
UNPROVED_AT_ONCE = 8  # updates of the others that the bot is given then before it has confirmed them
UNPROVED_SLICE = 2  # of these at the same moment, while somebody with a proof is there
UNPROVED_PARTS = 4  # and the time that they take is then one part in so many
HELD_PER_SECOND = 100.0  # inputs of which such tabs hear that they were taken, while many updates wait
HELD_SECONDS_MOST = 10.0  # and after so long at the latest: some are people whose browser finds no proof
PROVED_SECONDS = 60.0  # somebody is there for so long after an input
OF_ONE_CHAT = 8  # updates that the bot is given of one chat before it has confirmed them
WATCHERS = 4  # requests of one tab that wait at the same time; a page has one, and an old one after a reload
KEEP_ALIVE_SECONDS = 75.0  # a connection that asks for nothing
BODY_SECONDS = 30.0  # a body of words; files get ten minutes
FILE_SECONDS = 600.0
UPLOAD_SECONDS = 180.0  # for a file that the bot asked for
UPLOADS_AT_ONCE = 4  # of these
UPLOAD_KEPT_SECONDS = 600.0  # and so long it waits for the bot
CHAT_BYTES = 20_000  # what a chat may keep however many there are


@dataclass(frozen=True)
class Bounds:
    """What one deployment may hold in memory, and how fast one tab may go.

    ``all_chats_bytes`` are shared: the more chats there are, the less of each is kept here (its page keeps it all).
    ``pending_letters`` are what waits for the bot. ``connections`` are those of the public port; fewer where the system
    allows fewer. ``webhook_wait`` seconds pass before an update that was not taken is brought again. ``pace_burst``
    actions at once, then ``pace_per_second``; likewise for newly opened chats over all people.
    While many updates wait, a tab without a proof of work hears ``held_seconds`` later that an input was taken, and in
    all ``HELD_PER_SECOND`` of them hear it a second.
    """

    chats: int = 20_000
    messages_per_chat: int = 400
    bytes_per_chat: int = 1_000_000
    file_bytes: int = 64 * 1024 * 1024
    all_chats_bytes: int = 256 * 1024 * 1024
    pending_updates: int = 50_000
    pending_letters: int = 32 * 1024 * 1024
    connections: int = 10_000
    idle_seconds: float = 24 * 3600
    pace_burst: int = 30
    pace_per_second: float = 2.0
    opening_burst: int = 2000
    opening_per_second: float = 50.0
    webhook_wait: float = 1.0
    held_seconds: float = 3.0


def page_address(host: str, port: int) -> str:
    """Return the address that a browser on this machine opens, with a slash at its end; an IPv6 address in brackets.

    A server that listens on every address of the machine is shown by the one that means this machine.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if address.version == 6:
        return f"http://[{'::1' if address.is_unspecified else address}]:{port}/"
    return f"http://{'127.0.0.1' if address.is_unspecified else address}:{port}/"
