"""What Prometheus may know: one deployment as a whole, in fives where cases are counted, and no id in any label.

Why it is so coarse: docs/decisions/0008-figures-in-fives.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Final, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics_core import Metric

from bot.monitoring.rounding import Lots, rounded
from flows.values.ids import Door, Urgency
from storage.database.instrumentation import Measures
from storage.upkeep.counts import Overdue, QueueDepth
from storage.values import URGENCIES, Alert, AlertKind

_QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
#: From the quarter of an hour in which something immediate is to be read, to a week.
_WAITS: Final = (15 * _MINUTE, 30 * _MINUTE, *(hours * _HOUR for hours in (1, 4, 8, 24, 48, 72, 168)))
#: A notice that waits less than this is on its way; its age is told in steps of it.
_STEP: Final = 5 * _MINUTE
_MIB: Final = 1024 * 1024
#: Every open page holds one of these.
_DESCRIPTORS: Final = "process_open_fds"


class _Process(ProcessCollector):
    """The process's own figures, with its descriptors in whole fives."""

    def collect(self) -> Iterable[Metric]:
        """Give them anew."""
        for metric in super().collect():
            if metric.name == _DESCRIPTORS:
                metric.samples = [one._replace(value=rounded(int(one.value))) for one in metric.samples]
            yield metric


class _InLots:
    """A histogram that is told of observations five at a time."""

    def __init__(self, shown: Histogram) -> None:
        self._shown, self._held = shown, Lots[float]()

    def observe(self, seconds: float) -> None:
        """Hold one more, and show a lot that is full."""
        self._held.add(seconds)
        for one in self._held.take():
            self._shown.observe(one)


class Metrics:
    """All figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        made = self.registry = CollectorRegistry()
        for collector in (_Process, PlatformCollector, GCCollector):
            collector(registry=made)
        turns = Histogram("hark_turn_seconds", "From taking an update to its answer, in fives", ["door"],
                          registry=made, buckets=_QUICK)  # fmt: skip
        self._turns = {door: _InLots(turns.labels(door)) for door in get_args(Door)}
        self._writes = _InLots(Histogram("hark_write_seconds", "One transaction, in fives", registry=made,
                                         buckets=_QUICK))  # fmt: skip
        self._failed = Counter("hark_write_failures", "Transactions that the database did not take", registry=made)
        self._refused = Counter("hark_refused_inputs", "Buttons, links, invites, receipts and references that were"
                                " refused, in fives", registry=made)  # fmt: skip
        self._refusals = Lots[None]()
        self._waits = Histogram("hark_acknowledgement_seconds", "From sending to the first acknowledgement, in fives",
                                ["urgency"], registry=made, buckets=_WAITS)  # fmt: skip
        self._queue = Gauge("hark_queue_depth", "Open cases in fives, counted once an hour", ["urgency", "state"],
                            registry=made)  # fmt: skip
        self._overdue = Gauge("hark_outbox_overdue", "Notices that should be delivered by now, in fives", registry=made)
        self._age = Gauge("hark_outbox_age_seconds", "Age of the oldest of them, in steps of 5 minutes", registry=made)
        self._fetch = Gauge("hark_fetch_quiet_seconds", "Since the Bot API last answered", ["door"], registry=made)
        self._answers = Gauge("hark_database_up", "Whether the database answers", registry=made)
        self._size = Gauge("hark_database_bytes", "The database's files, in MiB steps", registry=made)
        self._free = Gauge("hark_disk_free_bytes", "Free space beside the database, in MiB steps", registry=made)
        self._alerts = Gauge("hark_alert_standing", "What is wrong with Hark itself", ["kind"], registry=made)
        self._links = Gauge("hark_sign_in_links_refused", "Sign-in links that were not good, since the start, in fives",
                            registry=made)  # fmt: skip
        self._held = {urgency: Lots[float]() for urgency in URGENCIES}
        for urgency in URGENCIES:  # all of them from the start, so that none appears with its first case
            self._waits.labels(urgency)
        self.depth(QueueDepth({}, {}))

    @property
    def measures(self) -> Measures:
        """What the store is to call."""
        return Measures(self._wrote, self._acknowledged, self._note_refused)

    @contextmanager
    def turn(self, door: Door) -> Iterator[None]:
        """Time the block as one turn, whether it succeeds or not."""
        began = monotonic()
        try:
            yield
        finally:
            self._turns[door].observe(monotonic() - began)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text exposition format 0.0.4."""
        return generate_latest(self.registry)

    # What is looked up when somebody asks

    def count_refused_links(self, refused: Callable[[], int]) -> None:
        """Ask `refused` from now on how many sign-in links were refused since the start."""
        self._links.set_function(lambda: rounded(refused()))

    def depth(self, depth: QueueDepth) -> None:
        """Show the queue, and whole lots of waits; call it once an hour.

        In fives, and held back until a lot is full: a step of one would tell somebody of one case (decision 8).
        """
        for urgency in URGENCIES:
            self._queue.labels(urgency, "open").set(rounded(depth.open.get(urgency, 0)))
            self._queue.labels(urgency, "unacknowledged").set(rounded(depth.unacknowledged.get(urgency, 0)))
            for seconds in self._held[urgency].take():
                self._waits.labels(urgency).observe(seconds)

    def outbox(self, overdue: Overdue) -> None:
        """Show what waits to be delivered."""
        self._overdue.set(rounded(overdue.count))
        self._age.set(overdue.seconds // _STEP * _STEP)

    def alerts(self, standing: tuple[Alert, ...]) -> None:
        """Show the alerts that stand, and 0 for every other kind."""
        kinds = {alert.kind for alert in standing}
        for kind in get_args(AlertKind):
            self._alerts.labels(kind).set(kind in kinds)

    def fetched(self, door: Door, quiet: float) -> None:
        """Show for how many seconds a door's Bot API has not answered."""
        self._fetch.labels(door).set(quiet)

    def database(self, *, answers: bool) -> None:
        """Show whether the database answers."""
        self._answers.set(answers)

    def disk(self, size: int, free: int) -> None:
        """Show the bytes of the database's files, and those that are left for them, each in whole MiB."""
        self._size.set(size // _MIB * _MIB)
        self._free.set(free // _MIB * _MIB)

    def _wrote(self, seconds: float, done: bool) -> None:  # noqa: FBT001 - the shape of `Measures.wrote`
        self._writes.observe(seconds)
        if not done:
            self._failed.inc()

    def _note_refused(self) -> None:
        self._refusals.add(None)
        self._refused.inc(len(self._refusals.take()))

    def _acknowledged(self, urgency: Urgency, wait: timedelta) -> None:
        self._held[urgency].add(wait.total_seconds())
