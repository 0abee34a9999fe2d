"""Values by key in bounded memory: where a flood of new keys comes, what it pushes out is what may be forgotten."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, ItemsView, ValuesView
from typing import Final, Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
#: Held values that are looked past for one new key: a table that is full of them is not looked through each time.
_LOOKED_PAST: Final = 16


class Bounded(Generic[_K, _V]):
    """At most `most` values; beyond that the one goes that was used longest ago and is not `held`."""

    def __init__(self, most: int, held: Callable[[_V], bool] = lambda _: False) -> None:
        """`held` tells of a value that no new key may push out."""
        self._most = most
        self._held = held
        self._values: OrderedDict[_K, _V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: _K) -> bool:
        return key in self._values

    def get(self, key: _K) -> _V | None:
        """Give a value without using it, or None."""
        return self._values.get(key)

    def items(self) -> ItemsView[_K, _V]:
        """Give all of them."""
        return self._values.items()

    def values(self) -> ValuesView[_V]:
        """Give all of them without their keys."""
        return self._values.values()

    def put(self, key: _K, value: _V) -> None:
        """Keep a value; it is the one that was used last then.

        Where the table is full, the one goes that was used longest ago and is not held; where the first 16 are all
        held, the very oldest goes all the same.
        """
        if key not in self._values and len(self._values) >= self._most and not self._make_room():
            self._values.popitem(last=False)
        self._values[key] = value
        self._values.move_to_end(key)

    def admit(self, key: _K, value: _V) -> bool:
        """Keep a value like `put` and push out none that is held; false, and nothing changed, if there is no room."""
        if key not in self._values and len(self._values) >= self._most and not self._make_room():
            return False
        self.put(key, value)
        return True

    def pop(self, key: _K) -> _V | None:
        """Forget a key; give what it had, or None."""
        return self._values.pop(key, None)

    def clear(self) -> None:
        """Forget all of them."""
        self._values.clear()

    def _make_room(self) -> bool:
        for _ in range(min(_LOOKED_PAST, len(self._values))):
            key, value = next(iter(self._values.items()))
            if not self._held(value):
                del self._values[key]
                return True
            self._values.move_to_end(key)
        return False
