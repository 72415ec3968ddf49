"""The method's eight KPIs as lines that somebody owns, and what each is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from experiments.kpis.readings import Series, series
from experiments.models import Baseline, KpiReview, TrackedKpi
from production import events
from production.models import Cycle, KpiDefinition, User, Workspace
from production.permissions import Seat
from production.plan import definitions

BASELINE_DAYS = 28
CYCLE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Preset:
    """A row of the method's table (R58 to R65)."""

    code: str
    target: float
    cadence_days: int = 7
    lean: bool = False


METHOD = (
    Preset("impressions-per-week", 180_000),
    Preset("average-view-percent", 48),
    Preset("saves-per-1000", 10, lean=True),
    Preset("profile-clicks-per-1000", 18),
    Preset("link-ctr", 2.0),
    Preset("qualified-leads-per-week", 35, lean=True),
    Preset("cost-per-lead", 25, cadence_days=14),
    Preset("lead-time", 72),
)


@transaction.atomic
def track_method(*, seat: Seat, at: datetime) -> list[TrackedKpi]:
    """The method's rows for the KPIs that the workspace has and does not track yet."""
    seat.require("kpi.change")
    workspace = seat.workspace
    kpis = {one.code: one for one in workspace.kpidefinitions.filter(retired_at=None)}  # type: ignore[attr-defined]
    known = set(TrackedKpi.objects.filter(workspace=workspace).values_list("kpi", flat=True))
    cycle = running_cycle(workspace)
    made = [
        TrackedKpi.objects.create(
            workspace=workspace,
            kpi=kpis[preset.code],
            cycle=cycle,
            owner=seat.user,
            cadence_days=preset.cadence_days,
            next_review_on=_next_monday(today(workspace, at)),
            target=preset.target,
            lean=preset.lean,
            position=position,
            created_at=at,
        )
        for position, preset in enumerate(METHOD)
        if preset.code in kpis and kpis[preset.code].pk not in known
    ]
    freeze(made, seat=seat, at=at)
    return made


@transaction.atomic
def freeze(tracked: Sequence[TrackedKpi], *, seat: Seat, at: datetime) -> list[Baseline]:
    """Count week 0 of each line: the 28 days before its first day; kept, never changed (R57).

    Counting again makes a new version.
    """
    seat.require("kpi.change")
    return _freeze(tracked, seat.workspace, by=seat.user, at=at)


@transaction.atomic
def freeze_due(workspace: Workspace, *, at: datetime) -> list[Baseline]:
    """Count week 0 of the lines whose cycle has come to its day 1 and that lack it.

    A cycle may be begun before its first day, when the 28 days before are not over yet.
    """
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    day = today(workspace, at)
    due = [
        line
        for line in lines_of(workspace)
        if line.cycle is not None
        and line.cycle.ended_at is None
        and line.cycle.starts_on <= day
        and not line.baselines.filter(last_day=line.cycle.starts_on - timedelta(days=1)).exists()
    ]
    return _freeze(due, workspace, by=None, at=at) if due else []


def _freeze(
    tracked: Sequence[TrackedKpi], workspace: Workspace, *, by: User | None, at: datetime
) -> list[Baseline]:
    made, recorded = [], []
    for line in tracked:
        first = start_of(line) - timedelta(days=BASELINE_DAYS)
        last = start_of(line) - timedelta(days=1)
        [counted] = series(workspace, [(line.kpi, line.channel)], first, last)
        one = _baseline(line, counted, first, last)
        one.at, one.by = at, by
        one.save()
        made.append(one)
        data = {"kpi": line.kpi.name, "value": one.value, "number": one.number}
        if line.channel:
            data["channel"] = line.channel.name
        recorded.append(events.Line("kpi.baselined", line.kpi.public_id, at, data, by=by))
    events.record_many(recorded, workspace_id=workspace.pk)
    return made


def _baseline(line: TrackedKpi, counted: Series, first: date, last: date) -> Baseline:
    found = counted.between(first, last)
    return Baseline(
        tracked=line,
        number=line.baselines.count() + 1,
        first_day=first,
        last_day=last,
        value=found.value if found else None,
        standard_error=found.se if found else None,
        numerator=found.above if found else None,
        denominator=found.below if found else None,
        days_with_data=found.days if found else 0,
        posts=found.posts if found else 0,
        definition=definitions.number(line.kpi),
    )


@transaction.atomic
def review(line: TrackedKpi, *, note: str, seat: Seat, at: datetime) -> KpiReview:
    """Note that the KPI was looked at; the next look is due a cadence later (R56)."""
    seat.require("kpi.review")
    line = TrackedKpi.objects.select_for_update(of=("self",)).select_related("kpi").get(pk=line.pk)
    day = today(seat.workspace, at)
    [counted] = series(seat.workspace, [(line.kpi, line.channel)], day - timedelta(days=13), day)
    found = counted.between(day - timedelta(days=13), day)
    made = KpiReview.objects.create(
        tracked=line, at=at, by=seat.user, value=found.value if found else None, note=note[:500]
    )
    line.next_review_on = day + timedelta(days=line.cadence_days)
    line.version += 1
    line.save(update_fields=["next_review_on", "version"])
    events.record(
        "kpi.reviewed",
        line.kpi.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data={"kpi": line.kpi.name, "value": made.value},
    )
    return made


def running_cycle(workspace: Workspace) -> Cycle | None:
    """The cycle that is under way."""
    return Cycle.objects.filter(
        workspace=workspace, started_at__isnull=False, ended_at=None
    ).first()


def start_of(line: TrackedKpi) -> date:
    """Day 1 of the line's path: of its cycle; without one the day on which it was taken up."""
    if line.cycle is not None:
        return line.cycle.starts_on
    zone = ZoneInfo(line.workspace.time_zone)
    return line.created_at.astimezone(zone).date()


def days_of(line: TrackedKpi) -> int:
    return line.cycle.days if line.cycle is not None else CYCLE_DAYS


def last_day_of(line: TrackedKpi) -> date:
    """The day on which the target should be reached."""
    return start_of(line) + timedelta(days=days_of(line) - 1)


def today(workspace: Workspace, at: datetime) -> date:
    return at.astimezone(ZoneInfo(workspace.time_zone)).date()


def lines_of(workspace: Workspace) -> list[TrackedKpi]:
    """The lines of the table, in their order."""
    rows = TrackedKpi.objects.filter(workspace=workspace, retired_at=None)
    joined = rows.select_related("kpi", "channel", "owner", "cycle", "workspace")
    return list(joined.order_by("position", "id"))


def workspaces() -> list[Workspace]:
    """Those that track a KPI."""
    lines = TrackedKpi.objects.filter(retired_at=None)
    return list(Workspace.objects.filter(pk__in=lines.values("workspace")).order_by("pk"))


def kpi_of(workspace: Workspace, code: str) -> KpiDefinition | None:
    return KpiDefinition.objects.filter(workspace=workspace, code=code, retired_at=None).first()


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())
