"""Every minute: whether each notice that waits stands in the outbox as it was written; what does not is put back.

What is remembered stands beside the key file too, so that nothing is taken away between two runs either. It holds what
the outbox holds: ids, kinds and times, no name and no content.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from flows.duty.escalation import CLIMBING
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound, mac_of
from storage.core.register import put_version_file
from storage.database.schema.notices import outbox
from storage.database.turn import Cells, Insert, Row, UpdateAll
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.values import CaseId
from storage.values.errors import Unavailable

_LABEL: Final = "kept-notices/1"
_OTHERS: Final = select(outbox).where(outbox.c.kind.not_in(CLIMBING))
_NOTHING: Final[Mapping[str, Any]] = {"ended": True, "rows": []}
_AT_ONCE: Final = 200  # rows that are put back in one turn


def notices_beside(checkpoint: Path) -> Path:
    """Give where the notices stand, beside the roster's version."""
    return checkpoint.with_name(f"{checkpoint.name}.notices")


class KeptNotices:
    """Compares the outbox with what is remembered; one for the process that tells notices."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self._path = notices_beside(core.checkpoint)
        self._looks = False
        self._written = ""
        #: Remembered by a process that did not end well: it may have told them and not noted that any more.
        self._unsure: set[int] = set()

    async def look(self) -> int:
        """Compare, put right what is not as it was written, and note what waits beside the key file.

        Returns:
            How many notices were put back.

        Raises:
            Unavailable: The database cannot be read or written, or the file not be.
        """
        self._looks = True
        wrong = await self._wrong()
        if wrong:  # what was committed while the rows were read is known after one more turn
            await self._core.commit()
            wrong = {own: cells for own, cells in wrong.items() if self._core.known_notices.get(own) == cells}
        for own, cells in wrong.items():
            if own not in self._unsure:
                self._core.forgeries.record(CaseId(case) if isinstance(case := cells["case_id"], str) else None)
        rows = [row for own, cells in wrong.items() for row in _put_back(own, cells)]
        for begin in range(0, len(rows), _AT_ONCE):
            await self._core.commit(*rows[begin : begin + _AT_ONCE])
        self._unsure.clear()
        self.note()
        return len(wrong)

    def note(self, *, ended: bool = False) -> None:
        """Write what waits beside the key file, where this process looks; `ended`: it tells nothing any more.

        Raises:
            Unavailable: It cannot be written.
        """
        if not self._looks:
            return
        rows = [_as_json(cells) for _, cells in sorted(self._core.known_notices.all().items())]
        text = json.dumps({"ended": ended, "rows": rows}, sort_keys=True)
        if text != self._written:
            _write(self._path, self._core.server_key, text)
            self._written = text

    def begin(self) -> None:
        """Remember what the process of before has noted; where it is not genuine that is counted, and nothing is.

        Call it before anything is told.

        Raises:
            Unavailable: The file cannot be read.
        """
        try:
            noted = _read(self._path, self._core.server_key)
        except OSError:
            raise Unavailable from None
        except NotGenuine:
            self._core.forgeries.record()
            noted = dict(_NOTHING)
        for row in noted["rows"]:
            self._core.known_notices.learn({**row, "mac": bytes.fromhex(row["mac"])})
            if not noted["ended"]:
                self._unsure.add(row["id"])

    async def _wrong(self) -> dict[int, Cells]:
        """Give what is remembered and does not stand there; what stands there and is genuine is remembered."""
        known = self._core.known_notices.all()
        async with self._core.read() as connection:
            there = {row["id"]: row for row in await all_rows(connection, _OTHERS)}
        for row in there.values():
            if is_bound(self._core.server_key, outbox, row):
                self._core.known_notices.learn(row)
        return {own: cells for own, cells in known.items() if not self._is_there(there.get(own), cells)}

    def _is_there(self, row: Mapping[str, Any] | None, cells: Cells) -> bool:
        """Whether a row is the one remembered, or a newer one."""
        if row is None or not is_bound(self._core.server_key, outbox, row):
            return False
        return bool(row["version"] >= cells["version"])


def bind_kept_notices(path: Path, old: ServerKey, new: ServerKey) -> None:
    """Bind what stands beside the key file under another server key, each notice too; harmless where that was done.

    What is not genuine stays as it is.

    Raises:
        OSError: It cannot be read.
        Unavailable: It cannot be written; nothing changed.
    """
    try:
        noted = _read(path, old)
    except NotGenuine:
        return
    if path.exists():
        rows = [_bound_anew(old, new, row) for row in noted["rows"]]
        _write(path, new, json.dumps({**noted, "rows": rows}, sort_keys=True))


def _bound_anew(old: ServerKey, new: ServerKey, row: dict[str, Any]) -> dict[str, Any]:
    bound = is_bound(old, outbox, {**row, "mac": bytes.fromhex(row["mac"])})
    return {**row, "mac": mac_of(new, outbox, row).hex()} if bound else row


def _read(path: Path, key: ServerKey) -> dict[str, Any]:
    try:
        text, mac = path.read_text(encoding="ascii").splitlines()
        key.verify(bytes.fromhex(mac), _LABEL, text)
        noted: dict[str, Any] = json.loads(text)
    except FileNotFoundError:
        return dict(_NOTHING)
    except ValueError:
        raise NotGenuine from None
    return noted


def _write(path: Path, key: ServerKey, text: str) -> None:
    put_version_file(path, f"{text}\n{key.mac(_LABEL, text).hex()}\n")


def _put_back(own: int, cells: Cells) -> tuple[Row, ...]:
    rest = {name: value for name, value in cells.items() if name != "id"}
    return Insert(outbox, cells, quiet=True), UpdateAll(outbox, {"id": own}, rest)


def _as_json(cells: Cells) -> dict[str, object]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in cells.items()}
