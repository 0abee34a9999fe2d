"""Callback queries that still wait for the bot's answer."""

import secrets
from collections import OrderedDict
from collections.abc import Callable

from bot.webchat.limits import CALLBACK_ANSWER_SECONDS
from bot.webchat.wire import bad_request

_KEPT = 50_000


class Callbacks:
    """Open queries by id: which chat, which of the page's inputs, and since when."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: OrderedDict[str, tuple[int, str, float]] = OrderedDict()

    def ask(self, chat_id: int, client_id: str) -> str:
        """Open a query and return its id, a decimal number as Telegram's are."""
        query_id = str(secrets.randbits(62) | 1 << 62)
        self._open[query_id] = (chat_id, client_id, self._clock())
        while len(self._open) > _KEPT:
            self._open.popitem(last=False)
        return query_id

    def answer(self, query_id: str) -> tuple[int, str]:
        """Close a query; return its chat and the page's input id.

        Raises:
            Refusal: 400 when it is unknown, answered already or too old.
        """
        chat_id, client_id, asked = self._open.pop(query_id, (0, "", float("-inf")))
        if self._clock() - asked > CALLBACK_ANSWER_SECONDS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return chat_id, client_id
