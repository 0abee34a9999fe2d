"""The types of this folder's fixtures, for the signatures of its tests."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from tests.bot.webchat.bot_api import Api
from tests.person import Person

Arrive = Callable[..., Awaitable[Person]]
Started = Callable[..., AbstractAsyncContextManager[Api]]
