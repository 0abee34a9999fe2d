"""Somebody who has every key that a lead ever had, and every copy of the database that there ever was."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import lru_cache
from typing import Any

from storage.sealing.keys.case_keys import CaseKeys, Commitments, Epoch, Wrap, WrapKind, unwrap_case_keys
from storage.sealing.keys.lead_keys import LeadKeys, lead_keys
from storage.sealing.primitives.box import Place, open_text
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId
from storage.values import CaseId
from tests.access.knowledge import Key
from tests.raw_database import Rows


class Thief:
    """Collects the keys of cases, by the seed that gave them, from each copy that is shown."""

    def __init__(self) -> None:
        self._found: dict[tuple[bytes, CaseId], dict[int, CaseKeys]] = defaultdict(dict)
        self._tried: set[tuple[bytes, bytes]] = set()
        self._opens: dict[tuple[bytes, bytes], bool] = {}

    def takes(self, rows: Rows, seeds: dict[str, set[bytes]]) -> None:
        """Try every seed on every wrap of a copy, whomever it is said to be for."""
        committed = {(row["case_id"], row["epoch"]): Commitments(row["talk"], row["desk"]) for row in rows["epochs"]}
        for seed in set().union(*seeds.values()):
            for row in rows["wraps"]:
                if row["blob"] and (seed, row["blob"]) not in self._tried:
                    self._tried.add((seed, row["blob"]))
                    self._unwrap(seed, row, committed[row["case_id"], row["epoch"]])

    def _unwrap(self, seed: bytes, row: dict[str, Any], committed: Commitments) -> None:
        epoch = Epoch(row["case_id"], row["epoch"])
        wrapped = Wrap(epoch, WrapKind(row["kind"]), KeyId(row["key_id"]), row["blob"])
        with suppress(CannotOpen):
            found = unwrap_case_keys(_keys(seed).private, wrapped, committed)
            self._found[seed, row["case_id"]][row["epoch"]] = found

    def reads(self, seeds: set[bytes], case: CaseId, rows: Rows) -> set[tuple[int, Key]]:
        """Try every key that these seeds gave on each entry of a case, and give what opens: its number, and its key."""
        found = [both for seed in seeds for both in self._found[seed, case].values()]
        keys = [key for both in found for key in (both.talk, both.desk) if key]
        return {
            (row["number"], (row["epoch"], row["kind"]))
            for row in rows["entries"]
            if row["case_id"] == case and any(self._open(key, row) for key in keys)
        }

    def _open(self, key: bytes, row: dict[str, Any]) -> bool:
        tried = (key, row["sealed"])
        if tried not in self._opens:
            place = Place("entries", row["case_id"], row["number"], row["kind"], row["epoch"])
            self._opens[tried] = False
            with suppress(CannotOpen):
                open_text(key, place, row["sealed"])
                self._opens[tried] = True
        return self._opens[tried]


@lru_cache(maxsize=256)
def _keys(seed: bytes) -> LeadKeys:
    return lead_keys(bytearray(seed))
