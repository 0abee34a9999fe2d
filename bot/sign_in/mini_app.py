"""What Telegram says of whoever opened a Mini App, checked as it documents, and for its age too.

Source: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

from aiogram.utils.web_app import check_webapp_signature

from handlers.desk.chat.page_links import LASTS, Launch

#: A page may be open as long as its link is good; Telegram's clock may be ahead of ours by so much.
_OLDEST: Final = LASTS
_AHEAD: Final = timedelta(minutes=1)
LONGEST: Final = 4096  # characters of data that are looked at
_FIELDS: Final = 32
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_SECONDS: Final = re.compile(r"[0-9]{1,11}")


def read_launch(data: str, token: str, now: datetime) -> Launch | None:
    """Give whose account it is, and a mark by which the same data is known again.

    Args:
        data: `tgWebAppData`, decoded once; anybody can send anything.
        token: The bot's, which Telegram signs with.
        now: Aware.

    Returns:
        None for data that Telegram did not sign for this bot, that was changed, is older than a link, or names no user.
    """
    fields = _fields(data)
    if fields is None or not _HASH.fullmatch(fields.get("hash", "")) or not check_webapp_signature(token, data):
        return None
    user = _user(fields.get("user", ""))
    return Launch(user, fields["hash"]) if user is not None and _is_of_now(fields.get("auth_date", ""), now) else None


def _fields(data: str) -> dict[str, str] | None:
    """Read the fields; None where there are too many, or one is there twice: it is not said which of both counts."""
    if len(data) > LONGEST:
        return None
    try:
        pairs = parse_qsl(data, strict_parsing=True, max_num_fields=_FIELDS)
    except ValueError:
        return None
    return dict(pairs) if len({name for name, _ in pairs}) == len(pairs) else None


def _is_of_now(seconds: str, now: datetime) -> bool:
    if not _SECONDS.fullmatch(seconds):
        return False
    age = now - datetime.fromtimestamp(int(seconds), UTC)
    return -_AHEAD <= age <= _OLDEST


def _user(said: str) -> int | None:
    try:
        user = json.loads(said)
    except ValueError:
        return None
    found = user.get("id") if isinstance(user, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None
