"""A KPI that left its baseline, or a day that stands out: told once, in one sentence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from experiments.kpis import tracking
from experiments.kpis.readings import TRAILING, Series, series
from experiments.kpis.table import write
from experiments.models import KpiAlert, TrackedKpi
from experiments.stats import kpi as stats
from experiments.stats.kpi.shifts import SPIKE
from production import durations, events
from production.models import KpiDefinition, Workspace

LOOKS_BACK = 56
QUIET_DAYS = 28  # the same is not told again while it may be the same
MONDAY = 0
Kind = KpiAlert.Kind


@transaction.atomic
def look(workspace: Workspace, *, at: datetime) -> list[KpiAlert]:
    """What has left its baseline, asked on Mondays only, and whether yesterday stands out.

    One look a week keeps false alarms at 4 % for a KPI in 90 days.
    """
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    today = tracking.today(workspace, at)
    last = today - timedelta(days=1)
    lines = [
        each
        for each in tracking.lines_of(workspace)
        if each.kpi.kind != KpiDefinition.Kind.DURATION
    ]
    wanted = [(each.kpi, each.channel) for each in lines]
    found = series(workspace, wanted, last - timedelta(days=LOOKS_BACK - 1), last) if lines else []
    told = []
    for line, counted in zip(lines, found, strict=True):
        if today.weekday() == MONDAY and (numbers := _shifted(line, counted, last)):
            told.append((Kind.SHIFT, line, numbers))
        if numbers := _stands_out(counted, last):
            told.append((Kind.SPIKE, line, numbers))
    return _keep(workspace, told, today, at)


def recent(workspace: Workspace, at: datetime) -> list[KpiAlert]:
    """What was told in the last two weeks, the newest first."""
    rows = KpiAlert.objects.filter(workspace=workspace, at__gte=at - timedelta(days=14))
    rows = rows.filter(tracked__retired_at=None, tracked__isnull=False)
    return list(rows.select_related("tracked__kpi", "tracked__channel").order_by("-at", "-id")[:10])


def sentence(alert: KpiAlert) -> str:
    """What the numbers say."""
    if alert.tracked is None:
        return ""
    kpi, told = alert.tracked.kpi, alert.numbers
    words = {"kpi": kpi.name, "value": write(kpi, told["value"])}
    if alert.kind == Kind.SPIKE:
        words["day"] = date_format(date.fromisoformat(told["day"]))
        return _("One-off: %(kpi)s was %(value)s on %(day)s, far from its usual weekday.") % words
    words |= {name: _percent(told[name]) for name in ("change", "low", "high")}
    words["baseline"] = write(kpi, told["baseline"])
    return _(
        "%(kpi)s has shifted by %(change)s (80 %% interval %(low)s to %(high)s): %(value)s over 14 "
        "days, baseline %(baseline)s."
    ) % words  # fmt: skip


def _shifted(line: TrackedKpi, counted: Series, last: date) -> dict[str, Any] | None:
    baseline = line.baselines.order_by("-number").first()
    first = last - timedelta(days=TRAILING - 1)
    now = counted.between(first, last)
    if baseline is None or now is None or baseline.last_day >= first or now.value <= 0:
        return None
    if not baseline.value or baseline.value < 0 or baseline.standard_error is None:
        return None
    base = stats.Ratio(baseline.value, baseline.standard_error, baseline.days_with_data)
    found = stats.shift(base, stats.Ratio(now.value, now.se, now.days))
    if not found.is_alert:
        return None
    low, high = found.interval()
    return {"value": now.value, "baseline": baseline.value, "change": found.change,
            "low": low, "high": high, "z": found.z}  # fmt: skip


def _stands_out(counted: Series, last: date) -> dict[str, Any] | None:
    above, below = np.array(counted.above), np.array(counted.below)
    daily = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    if not np.isfinite(daily[-1]):
        return None
    try:
        z = float(stats.spikes(daily, counted.first.weekday())[-1])
    except ValueError:
        return None
    if not abs(z) > SPIKE:
        return None
    return {"value": float(daily[-1]) * counted.kpi.per, "z": z, "day": last.isoformat()}


def _keep(
    workspace: Workspace,
    told: list[tuple[Kind, TrackedKpi, dict[str, Any]]],
    today: date,
    at: datetime,
) -> list[KpiAlert]:
    made, recorded = [], []
    week = today - timedelta(days=today.weekday())
    for kind, line, numbers in told:
        since = week if kind == Kind.SPIKE else today - timedelta(days=QUIET_DAYS - 1)
        known = KpiAlert.objects.filter(workspace=workspace, kind=kind, tracked=line)
        if any(each.numbers["z"] * numbers["z"] > 0 for each in known.filter(week__gte=since)):
            continue
        if known.filter(week=week).exists():
            continue
        alert = KpiAlert.objects.create(
            workspace=workspace, kind=kind, tracked=line, channel=line.channel, week=week,
            numbers=numbers, at=at,
        )  # fmt: skip
        made.append(alert)
        data: dict[str, Any] = {"alert": alert.public_id, "kind": kind.value, "kpi": line.kpi.name}
        data["week"] = week.isoformat()
        if line.channel:
            data["channel"] = line.channel.name
        recorded.append(events.Line("kpi.alerted", line.kpi.public_id, at, data))
    if recorded:
        events.record_many(recorded, workspace_id=workspace.pk)
    return made


def _percent(part: float) -> str:
    language = translation.get_language() or "en"
    sign = "+" if part >= 0 else "−"
    return f"{sign}{durations.number(abs(part) * 100, 0, language)}\u00a0%"
