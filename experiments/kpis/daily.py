"""The daily look at two numbers a channel, and how many days in a row somebody took it (R73)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from experiments.kpis import tracking
from experiments.models import DailyCheck
from production.models import Workspace
from production.permissions import Seat

LONGEST = 90


def all_well(*, seat: Seat, at: datetime) -> DailyCheck:
    """Note that the person looked today and found all well; twice is once."""
    seat.require("metric.see")
    made, _new = DailyCheck.objects.get_or_create(
        workspace=seat.workspace,
        user=seat.user,
        day=tracking.today(seat.workspace, at),
        defaults={"at": at},
    )
    return made


def days_looked(workspace: Workspace, today: date) -> set[date]:
    """On which of the last days anybody of the team looked."""
    rows = DailyCheck.objects.filter(
        workspace=workspace, day__gt=today - timedelta(days=LONGEST), day__lte=today
    )
    return set(rows.values_list("day", flat=True))


def streak(days: Collection[date], today: date) -> int:
    """How many days in a row, up to today or, while today is still to come, to yesterday."""
    day = today if today in days else today - timedelta(days=1)
    count = 0
    while day in days:
        count, day = count + 1, day - timedelta(days=1)
    return count
