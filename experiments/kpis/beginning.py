"""What a cycle that begins does to the KPI table: every line starts on its day 1 (R57)."""

from __future__ import annotations

from datetime import datetime

from experiments.kpis import tracking
from experiments.models import TrackedKpi
from production.models import Cycle
from production.permissions import Seat


def begin(cycle: Cycle, *, seat: Seat, at: datetime) -> None:
    """Put every line on the path of the cycle, with the baseline of the 28 days before, frozen.

    A target stays what it is: the path runs from the new baseline to it. Where day 1 is still to
    come the baseline waits for it. Part of a verb.
    """
    if not seat.may("kpi.change"):
        return
    lines = tracking.lines_of(cycle.workspace)
    for line in lines:
        line.cycle = cycle
        line.version += 1
    TrackedKpi.objects.bulk_update(lines, ["cycle", "version"])
    if lines and cycle.starts_on <= tracking.today(cycle.workspace, at):
        tracking.freeze(lines, seat=seat, at=at)
