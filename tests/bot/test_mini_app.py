"""Telegram's word for whoever opened a Mini App: what it signed just now for this bot, and nothing else."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from bot.sign_in.mini_app import LONGEST, read_launch
from handlers.desk.chat.page_links import LASTS, Launch
from tests.handlers.desk.page_door import telegram_says

TOKEN = "42:TEST"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
#: Made once by Telegram's own description with the test bot's token, so that a change on both sides does not go unseen.
FROZEN = (
    "auth_date=1795512600&query_id=AAHdF6IQAAAAAN0XohDhrOrc&signature=not-looked-at"
    "&user=%7B%22id%22%3A9100001%2C%22first_name%22%3A%22Zebrafish-canary%22%7D&hash="
    "45adeac45075590b3f0c830016b00e15513b465f93294e20feb2ffd31c4b32a4"
)


def signed(fields: dict[str, str], token: str = TOKEN) -> str:
    """Sign any fields as Telegram does."""
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    made = hmac.new(hmac.digest(b"WebAppData", token.encode(), "sha256"), text.encode(), "sha256").hexdigest()
    return urlencode({**fields, "hash": made})


def test_what_was_frozen_is_read() -> None:
    assert read_launch(FROZEN, TOKEN, NOW) == Launch(9100001, FROZEN[-64:])


@pytest.mark.parametrize(
    ("age", "good"),
    [
        (timedelta(0), True),
        (LASTS, True),
        (LASTS + timedelta(seconds=1), False),
        (-timedelta(seconds=60), True),
        (-timedelta(seconds=61), False),
        (timedelta(days=400), False),
    ],
)
def test_it_is_of_now(age: timedelta, *, good: bool) -> None:
    assert (read_launch(telegram_says(7, NOW - age), TOKEN, NOW) is not None) is good


@pytest.mark.parametrize(
    "changed",
    [
        {"user": '{"id":8}'},
        {"auth_date": str(int(NOW.timestamp()) + 1)},
        {"query_id": "other"},
        {"signature": "other"},
        {"more": "x"},
        {"hash": "0" * 64},
        {"hash": "é" * 64},
        {"hash": ""},
        {"hash": "A" * 64},
    ],
    ids=lambda one: next(iter(one)),
)
def test_no_field_can_be_changed_or_added(changed: dict[str, str]) -> None:
    assert read_launch(telegram_says(7, NOW, **changed), TOKEN, NOW) is None


@pytest.mark.parametrize("at", range(4))
def test_no_field_can_be_left_out(at: int) -> None:
    fields = telegram_says(7, NOW).split("&")
    assert read_launch("&".join(fields[:at] + fields[at + 1 :]), TOKEN, NOW) is None


def test_a_field_that_is_there_twice_is_refused() -> None:
    good = telegram_says(7, NOW)
    assert read_launch(f"user=%7B%22id%22%3A8%7D&{good}", TOKEN, NOW) is None


def test_another_bot_signs_nothing_here() -> None:
    assert read_launch(telegram_says(7, NOW, token="43:OTHER"), TOKEN, NOW) is None


@pytest.mark.parametrize(
    "user",
    ["", "7", "[7]", "null", '"7"', '{"id":"7"}', '{"id":true}', '{"id":7.5}', "{", "[" * 900, '{"first_name":"a"}'],
)
def test_a_user_without_a_number_is_nobody(user: str) -> None:
    fields = {"auth_date": str(int(NOW.timestamp())), "user": user or "-"}
    assert read_launch(signed(fields), TOKEN, NOW) is None


@pytest.mark.parametrize("seconds", ["", "-1", "1e9", "9" * 12, "١٧٩٥", "x"])
def test_a_time_that_is_no_number_is_refused(seconds: str) -> None:
    fields = {"auth_date": seconds or "-", "user": '{"id":7}'}
    assert read_launch(signed(fields), TOKEN, NOW) is None


@pytest.mark.parametrize(
    "data", ["", "&", "=", "hash", "hash=", "%", "a" * (LONGEST + 1), "&".join(["a=b"] * 99), "\ud800"]
)
def test_whatever_else_comes_is_refused_quietly(data: str) -> None:
    assert read_launch(data, TOKEN, NOW) is None
