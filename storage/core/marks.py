"""How updates, chats and sources are known again for a few days, and what is sealed for as long: all under day keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime

from flows.values.ids import LeadId
from storage.core.integrity import Forgeries
from storage.database.instrumentation import Failures
from storage.database.schema import chats
from storage.database.turn import Insert, Row, Unseen
from storage.sealing.keys.day_keys import DayKey, DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_text, seal_text
from storage.sealing.primitives.errors import CannotOpen, KeyFileUnusable
from storage.values import Address, Arrival
from storage.values.errors import Unavailable


class DayKeyring:
    """The day keys by the store's clock. Files that cannot be used are told as `Unavailable`, forgeries are counted."""

    def __init__(self, keys: DayKeys, now: Callable[[], datetime], forgeries: Forgeries, failures: Failures) -> None:
        """`now` gives the time, aware."""
        self._keys = keys
        self._now = now
        self._forgeries = forgeries
        self._failures = failures

    def today(self) -> DayKey:
        """Give today's key, drawing it the first time.

        Raises:
            Unavailable: There is none and none can be written.
        """
        try:
            return self._keys.current(self._now())
        except (OSError, KeyFileUnusable) as error:
            self._failures.record(error)
            raise Unavailable from None

    def living(self) -> tuple[DayKey, ...]:
        """Give all keys that are there, today's first.

        Raises:
            Unavailable: One cannot be read, or was destroyed at this moment; or there is none of today and none can be
                written.
        """
        today = self.today()
        try:
            return (today, *(key for key in self._keys.recent(self._now()) if key.day != today.day))
        except (CannotOpen, OSError, KeyFileUnusable):
            raise Unavailable from None

    def open(self, day: str, place: Place, sealed: bytes) -> str | None:
        """Open what was sealed under the key of a day (ISO 8601), or give None where that day's key is gone.

        Raises:
            Tampered: The key is there, and it does not open.
        """
        try:
            key = self._keys.for_day(date.fromisoformat(day))
        except (CannotOpen, OSError, KeyFileUnusable, ValueError):
            return None
        try:
            return open_text(key.box_key(), place, sealed)
        except CannotOpen:
            raise self._forgeries.record() from None

    def seal(self, day: str, place: Place, text: str) -> bytes:
        """Seal under the key of a day (ISO 8601) of which something was just opened.

        Raises:
            Unavailable: The key has gone meanwhile, or cannot be read.
        """
        try:
            return seal_text(self._keys.for_day(date.fromisoformat(day)).box_key(), place, text)
        except (CannotOpen, OSError, KeyFileUnusable):
            raise Unavailable from None

    def destroy_old(self) -> list[str]:
        """Destroy every key whose 72 hours are over; give their days (ISO 8601).

        Raises:
            Unavailable: The directory cannot be read or written; what was destroyed stays destroyed.
        """
        try:
            return [day.isoformat() for day in self._keys.destroy_old(self._now())]
        except (OSError, KeyFileUnusable):
            raise Unavailable from None


def owner_at(address: Address) -> str:
    """Name whoever writes at an address, as the owner of a draft."""
    return f"{address.door}:{address.chat_id}"


def recorder(lead: LeadId) -> str:
    """Name a lead as the owner of what she takes down, in whichever chat her desk is open."""
    return f"recording:{lead}"


class Marks:
    """Gives the bytes by which an update, a source or a chat is known again, and the rows that note an update."""

    def __init__(self, server_key: ServerKey, day_keys: DayKeyring) -> None:
        self._server_key = server_key
        self._day_keys = day_keys

    def of(self, arrival: Arrival) -> tuple[bytes, ...]:
        """Give the marks that an update has or would have, today's first: its idempotency keys.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        return tuple(key.mark("seen", arrival.address.door, arrival.update_id) for key in self._day_keys.living())

    def of_address(self, address: Address) -> bytes:
        """Give the 32 bytes by which an address is found again: an HMAC under a server subkey."""
        return self.of_owner(owner_at(address))

    def of_owner(self, owner: str) -> bytes:
        """Give the 32 bytes by which a draft is found again: whose it is, as `owner_at` or `recorder` give it."""
        return self._server_key.address_mark(owner.encode())

    def of_source(self, address: Address) -> bytes:
        """Give the mark by which limits know an address today: an HMAC under the day key.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        return self._day_keys.today().mark("limit", address.door, address.chat_id)

    def seen_rows(self, arrival: Arrival) -> tuple[Row, ...]:
        """Give the rows that an update adds to its turn: its mark, and the person's own message for tidying up.

        There are none for an update of which that is on disk already.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        if arrival.kept:
            return ()
        newest, *earlier = self.of(arrival)
        rows: list[Row] = [Unseen(newest, self._day_keys.today().day.isoformat(), tuple(earlier))]
        if arrival.message_id is not None:
            rows.append(self.message_row(arrival.address, arrival.message_id))
        return tuple(rows)

    def message_row(self, address: Address, message_id: int, delete_at: datetime | None = None) -> Insert:
        """Give the row of a message that is to be tidied up; with `delete_at`, to be deleted then.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        key = self._day_keys.today()
        mark, day = self.of_address(address), key.day.isoformat()
        content = json.dumps([address.door, address.chat_id, message_id])
        at = None if delete_at is None else int(delete_at.timestamp())
        sealed = seal_text(key.box_key(), Place("spoken", None, mark, "message", 0), content)
        return Insert(chats.spoken, {"address": mark, "day": day, "delete_at": at, "sealed": sealed})
