"""Updates that wait to be given to the bot: which is next, and when tabs without a proof of work have to rest.

The length of a slice stands for what the machine had to do for it; so a slow or busy machine is asked for less.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from bot.webchat.base.protocol import JsonObject

_LONGEST_SLICE_SECONDS = 0.05  # what takes longer waits for something else than the processor


class DutyCycle:
    """Says when the next slice may begin: slices take one part in ``parts`` of the time. ``clock`` in seconds."""

    def __init__(self, parts: int, clock: Callable[[], float]) -> None:
        self._parts, self._clock = parts, clock
        self._began: float | None = None
        self._next = float("-inf")

    def begin(self) -> None:
        """Note that a slice begins now."""
        self._began = self._clock()
        self._next = self._began + self._parts * _LONGEST_SLICE_SECONDS

    def end(self) -> None:
        """Note that the slice ends now, if one is under way."""
        if self._began is not None:
            took = min(self._clock() - self._began, _LONGEST_SLICE_SECONDS)
            self._next = self._began + self._parts * took
            self._began = None

    @property
    def rests_for(self) -> float:
        """How many seconds it is until the next slice may begin, at most; 0 or less if it may begin now."""
        return self._next - self._clock()


class Rank(NamedTuple):
    """The order of an update among those of other chats: lower goes first; ``spent`` are recent actions."""

    unproved: bool = True
    spent: int = 0


@dataclass(eq=False)
class Waiting:
    """An update that waits, with ``settle`` for when the bot has it, and the offset that confirms its batch."""

    update: JsonObject
    settle: Callable[[], None]
    rank: Rank
    revived: bool
    confirmed_by: int | None = None

    @property
    def number(self) -> int:
        """The update's id."""
        return int(self.update["update_id"])

    @property
    def chat(self) -> object:
        """The chat it is about, or None."""
        return chat_of(self.update)

    @property
    def letters(self) -> int:
        """How long its text is."""
        message = self.update.get("message") or {}
        return len(message.get("text") or message.get("caption") or "")

    def confirmed(self, offset: int) -> bool:
        """Tell whether a call with ``offset`` confirms it.

        Source: https://core.telegram.org/bots/api#getupdates: an update below the offset is confirmed, once it was
        given out.
        """
        if self.confirmed_by is None or self.number >= offset:
            return False
        # An id from before a restart is below offsets that were meant for others: only its own batch confirms it.
        return offset == self.confirmed_by if self.revived else True


class Backlog:
    """Adding and taking cost the logarithm of how many chats wait."""

    def __init__(self) -> None:
        self._lines: dict[object, deque[Waiting]] = {}
        # The first of each line, apart by whether it is proved; what is no longer a line's first is passed over.
        self._firsts: tuple[list[_First], list[_First]] = ([], [])
        self._count = self._added = 0

    @property
    def proved(self) -> bool:
        """Whether a tab with a proof of work waits."""
        firsts = self._firsts[False]
        while firsts and not self._is_first(firsts[0].one):
            heappop(firsts)
        return bool(firsts)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Waiting]:
        """Give all of them, by their ids."""
        return iter(sorted((one for line in self._lines.values() for one in line), key=lambda one: one.number))

    def add(self, one: Waiting) -> None:
        """Put an update into its chat's line, where its id belongs."""
        line = self._lines.setdefault(one.chat, deque())
        later = []
        while line and line[-1].number > one.number:  # only ids from before a restart come late
            later.append(line.pop())
        line.append(one)
        line.extend(reversed(later))
        self._count += 1
        self._offer(line)

    def take(self, most: int, may: Callable[[Waiting], bool], *, unproved: bool) -> list[Waiting]:
        """Take out up to ``most`` of the tabs that are ``unproved``, or of the others, as long as each ``may`` go.

        Of each chat the oldest goes first. Among chats those go first that have done least of late.
        """
        taken: list[Waiting] = []
        for one in self._in_turn(self._firsts[unproved], may):
            if len(taken) >= most:
                break
            self.remove(one)
            taken.append(one)
        return taken

    def first(self, may: Callable[[Waiting], bool]) -> Waiting | None:
        """Give whose turn it is among those that ``may`` go; it stays."""
        return next((one for firsts in self._firsts for one in self._in_turn(firsts, may)), None)

    def find(self, update: JsonObject) -> Waiting | None:
        """Give the one that waits with this very update."""
        return next((one for one in self._lines.get(chat_of(update), ()) if one.update is update), None)

    def remove(self, one: Waiting) -> None:
        """Take out an update, if it is there; what is behind it in its line may go then."""
        line = self._lines.get(one.chat, deque())
        if one not in line:
            return
        line.remove(one)
        self._count -= 1
        if line:
            self._offer(line)
        else:
            del self._lines[one.chat]

    def _offer(self, line: deque[Waiting]) -> None:
        self._added += 1
        first = _First(line[0].rank.spent, line[0].number, self._added, line[0])
        heappush(self._firsts[line[0].rank.unproved], first)

    def _in_turn(self, firsts: list["_First"], may: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        passed: list[_First] = []
        try:
            while firsts:
                first = heappop(firsts)
                if not self._is_first(first.one):
                    continue
                passed.append(first)
                if may(first.one):
                    yield first.one
        finally:
            for first in passed:
                if self._is_first(first.one):
                    heappush(firsts, first)

    def _is_first(self, one: Waiting) -> bool:
        line = self._lines.get(one.chat)
        return line is not None and line[0] is one


class _First(NamedTuple):
    spent: int
    number: int
    added: int
    one: Waiting


def chat_of(update: JsonObject) -> object:
    """Give the id of the chat that an update is about, or None."""
    query = update.get("callback_query")
    body = update.get("message") or update.get("my_chat_member") or (query or {}).get("message") or {}
    return body.get("chat", {}).get("id")
