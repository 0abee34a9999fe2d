"""An unlocked lead: keys in memory for one chat, behind a curtain when idle, gone after the duty."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flows.measures.stats import CaseFigure
from flows.values.bounds import Bounded
from storage.cases.entries import Author
from storage.cases.loaded import Loaded
from storage.cases.people.name_index import NameIndex
from storage.cases.rows.case_row import Copy
from storage.sealing.keys.case_keys import CaseKeys
from storage.sealing.keys.lead_keys import LeadKeys, lead_keys, open_former_seed, seal_former_seed
from storage.sealing.keys.pin_lock import Curtain
from storage.sealing.primitives.derive import wipe
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId, PrivateKey
from storage.values import Address, Glance, LeadCard
from storage.values.errors import SessionOver, Tampered

_PROVED = 5_000  # rows of the queue, some 600 bytes each, so that counting costs no MACs
_LEARNT = 500  # headers remembered with what was told since
_LOADED = 1_000  # cases of pages, some 12 kB each, so that to show one again costs neither MAC nor seal
_CASE_KEYS = 5_000  # unwrapped keys remembered: 64 bytes each, so that paging through the queue is cheap


@dataclass(frozen=True, slots=True)
class CountedStates:
    """Rows of a queue that were counted, by what tells one state of a row from another; and what was known then."""

    states: frozenset[str]
    since: int


class Checked(NamedTuple):
    """A case that was checked and opened, with all the rows that were read for it; see `storage/deeds/loading.py`."""

    row: dict[str, Any]
    access: list[dict[str, Any]]
    loaded: Loaded


class LeadSession:
    """What handlers hold of an unlocked lead; storage reads its keys, nobody else does."""

    def __init__(
        self,
        lead: LeadCard,
        address: Address,
        seed: bytearray,
        since: datetime,
        until: datetime,
        before: datetime | None = None,
        former: tuple[bytes, int] | None = None,
    ) -> None:
        """Take the seed over: it is wiped when the curtain is drawn. `before` is when the lead unlocked before that.

        Args:
            lead: Who.
            address: In which chat.
            seed: The lead's 32 bytes.
            since: When it began (aware).
            until: When the duty ends.
            before: When the lead unlocked before that; None where it is not known.
            former: While the lead's keys are renewed: the seed of before, sealed under the new keys, and the version
                it is bound to.

        Raises:
            Tampered: `former` is not this lead's.
        """
        self.lead = lead
        self.before = before
        self.address = address
        self.since = since
        self.until = until
        self.touched = since
        self.curtain: Curtain | None = None
        #: When a fresh code was given that no deed has used yet (`FreshCodes`).
        self.code_at: datetime | None = None
        #: When both factors were given anew, for one change of what she signs in with (`OwnFactors`).
        self.proved_at: datetime | None = None
        #: By case and epoch.
        self.case_keys: Bounded[tuple[str, int], CaseKeys] = Bounded(_CASE_KEYS)
        #: What a case told up to a state of it.
        self.learnt: Bounded[bytes, Glance] = Bounded(_LEARNT)
        #: By case, the latest that were shown.
        self.loaded: Bounded[str, Checked] = Bounded(_LOADED)
        #: Rows of the queue, by case, that were found genuine: the same again needs no proof.
        self.proved: Bounded[str, Copy] = Bounded(_PROVED)
        #: Cases of others for which a reason was given: it is asked once a session and case.
        self.reasoned: set[str] = set()
        #: The seal of the audit log as it was when this session began, where it was told.
        self.seal: str | None = None
        #: By queue, the rows that were counted: each was proved.
        self.counted: dict[str, CountedStates] = {}
        #: The people in her cases, once that was read after unlocking (`storage/desk/names/indexing.py`).
        self.names: NameIndex | None = None
        #: Boxes that were opened, by their name: at which version, and what they tell.
        self.boxes: dict[str, tuple[int, Any]] = {}
        #: What is counted of each of her cases, with its site; at which versions; and how her queue stood then.
        self.figures: dict[str, tuple[str, CaseFigure]] = {}
        self.figure_versions: dict[str, int] = {}
        self.figures_state: tuple[object, ...] = ()
        #: Held while they are brought up to her cases: one at a time.
        self.counting = asyncio.Lock()
        #: Held while that is brought up to her cases: one at a time.
        self.indexing = asyncio.Lock()
        self._seed = seed
        self._keys: LeadKeys | None = lead_keys(seed)
        self._former_sealed = former
        self._former = self._open_former()

    @property
    def has_pin(self) -> bool:
        """Whether idleness draws a curtain; otherwise it locks."""
        return self.curtain is not None

    @property
    def is_open(self) -> bool:
        """Whether the keys are there."""
        return self._keys is not None

    @property
    def keys(self) -> LeadKeys | None:
        """The lead's keys, or None behind the curtain and after the lock."""
        return self._keys

    def open_keys(self) -> LeadKeys:
        """Give the lead's keys.

        Raises:
            SessionOver: The curtain is drawn, or the session is locked.
        """
        if self._keys is None:
            raise SessionOver
        return self._keys

    def require_keys(self, keys: LeadKeys) -> None:
        """Refuse to go on with what these keys opened, also where a curtain was drawn and lifted since.

        Raises:
            SessionOver: They are not those of now: what was read with them is gone.
        """
        if self._keys is not keys:
            raise SessionOver

    @property
    def private_keys(self) -> Mapping[KeyId, PrivateKey]:
        """What opens wraps, by the key's name: of now and, while they are renewed, of before. Empty when locked."""
        return {keys.card.key_id: keys.private for keys in (self._keys, self._former) if keys is not None}

    @property
    def former(self) -> KeyId | None:
        """The name of the key of before, while there is one."""
        return self._former.card.key_id if self._former else None

    @property
    def author(self) -> Author | None:
        """Who signs this lead's entries."""
        return Author(self.lead.id, self._keys.signing_seed) if self._keys else None

    def seed_copy(self) -> bytearray:
        """Give a copy of the seed, for a curtain; the caller wipes it.

        Behind the curtain and after the lock it is all zeros: the session has to be open.
        """
        return bytearray(self._seed)

    def draw(self) -> None:
        """Forget all keys; the curtain, if there is one, still holds the seed.

        Seed and keys are overwritten in place; what was unwrapped, learnt and proved with them goes too.
        """
        wipe(self._seed)
        if self._keys is not None:
            self._keys.wipe()
        if self._former is not None:
            self._former.wipe()
        self._keys = self._former = self.code_at = self.proved_at = self.names = None
        self.case_keys.clear()
        self.loaded.clear()
        self.learnt.clear()
        self.boxes.clear()
        self.figures.clear()
        self.figure_versions.clear()
        self.figures_state = ()
        self.proved.clear()
        self.counted.clear()

    def lift(self, seed: bytearray, curtain: Curtain, now: datetime) -> None:
        """Work again with the seed that a curtain gave back; a new curtain takes the place of the old.

        Args:
            seed: Taken over: it is wiped when the curtain is drawn again.
            curtain: Prepared with a copy of the seed.
            now: When (aware).

        Raises:
            Tampered: The keys of before, while they are renewed, are not this lead's.
        """
        self._seed = seed
        self._keys = lead_keys(seed)
        self._former = self._open_former()
        self.curtain = curtain
        self.touched = now

    def renew(self, seed: bytearray, former: tuple[bytes, int] | None) -> None:
        """Work with new keys, or without those of before once nothing is sealed for them; an earlier curtain is gone.

        Args:
            seed: Taken over, like the one at the beginning.
            former: As at the beginning.

        Raises:
            Tampered: `former` is not this lead's.
        """
        if self.curtain is not None:
            self.curtain.lock()
        self.draw()
        self.curtain = None
        self._seed, self._keys, self._former_sealed = seed, lead_keys(seed), former
        self._former = self._open_former()

    def former_for(self, version: int) -> tuple[bytes, int] | None:
        """Seal the seed of before anew, for another version of the lead's seed; None where none is kept.

        Raises:
            Tampered: What is kept is not this lead's.
        """
        seed = self._former_seed()
        if seed is None or self._keys is None:
            return None
        try:
            return seal_former_seed(self._keys, seed, self.lead.id, version), version
        finally:
            wipe(seed)

    def keep_former(self, former: tuple[bytes, int] | None) -> None:
        """Hold what `former_for` gave, once it is on disk: a curtain that is lifted opens it."""
        self._former_sealed = former

    def _open_former(self) -> LeadKeys | None:
        seed = self._former_seed()
        if seed is None:
            return None
        try:
            return lead_keys(seed)
        finally:
            wipe(seed)

    def _former_seed(self) -> bytearray | None:
        if self._former_sealed is None or self._keys is None:
            return None
        sealed, version = self._former_sealed
        try:
            return open_former_seed(self._keys, sealed, self.lead.id, version)
        except CannotOpen:
            raise Tampered from None

    def lock(self) -> None:
        """End for good: keys and curtain are gone, and nothing opens this session again."""
        self.draw()
        if self.curtain is not None:
            self.curtain.lock()
