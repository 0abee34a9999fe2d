"""Working together as values: ids and the kinds of what is kept."""

from __future__ import annotations

from typing import Literal, NewType, TypeAlias

ThreadId = NewType("ThreadId", str)
#: What is written together, one after the other: of a goal, or of what is to stand on the board.
ThreadKind: TypeAlias = Literal["goal", "board"]
