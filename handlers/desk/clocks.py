"""When a case is due once its urgency was set by hand, by the hours of its site."""

from __future__ import annotations

from flows.cover import due
from flows.ids import SiteId, Urgency
from handlers.desk.visit import Visit
from storage.values import Clocks


def of(visit: Visit, site: SiteId, urgency: Urgency) -> Clocks:
    """The clocks of `urgency` if they begin now; where a site gave no hours, `flows.cover` says what holds."""
    times = due(visit.deps.hours.get(site), urgency, visit.now())
    return Clocks(times.acknowledge_by, times.act_by)
