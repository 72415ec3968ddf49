"""A snapshot is taken when the numbers, the KPI or the method say something new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from experiments import rules
from experiments.models import Experiment, Snapshot
from experiments.reckoning import statistics
from experiments.snapshots.drawn import analyse_drawn
from experiments.snapshots.gathering import Gathered, gather
from experiments.snapshots.plain import plain
from production import events

AT_ONCE = 200  # experiments analysed in one transaction
Reason = Snapshot.Reason


def take(experiment: Experiment, *, at: datetime) -> Snapshot | None:
    """A new snapshot of the experiment; None when nothing is new since the last one."""
    taken = take_all([experiment.pk], at=at)
    return taken[0] if taken else None


def take_all(experiments: Sequence[int], *, at: datetime) -> list[Snapshot]:
    """Snapshots of those of the experiments of which something is new, some hundred at a time."""
    taken: list[Snapshot] = []
    for some in _portions(experiments):
        taken += _take_some(some, at)
    return taken


@transaction.atomic
def _take_some(experiments: Sequence[int], at: datetime) -> list[Snapshot]:
    rows = Experiment.objects.select_for_update(of=("self",)).filter(pk__in=experiments)
    rows = rows.exclude(state__in=(Experiment.State.PLANNED, Experiment.State.CANCELLED))
    rows = rows.select_related("kpi").prefetch_related("variants", "guardrails__kpi")
    gathered = gather(list(rows.order_by("pk")))
    before = _last([each.experiment.pk for each in gathered])
    taken, lines = [], []
    for each in gathered:
        last = before.get(each.experiment.pk)
        digest = each.digest()
        if not each.days or (last and last.digest == digest):
            continue
        snapshot = _snapshot(each, last, digest, at)
        taken.append(snapshot)
        if last is None or last.verdict != snapshot.verdict:
            lines.append((each.experiment, _news(snapshot, last)))
    Snapshot.objects.bulk_create(taken, batch_size=100)
    _tell(lines, at)
    return taken


def _snapshot(each: Gathered, last: Snapshot | None, digest: str, at: datetime) -> Snapshot:
    row, days = each.experiment, each.days
    data = each.data()
    found = statistics().analyse(data)
    analysis = plain(data, found, days)
    if row.allocation == Experiment.Allocation.RANDOM_SLOTS:
        analysis = analyse_drawn(each, analysis)
    analysis |= {
        "grade": rules.grade(row.allocation),
        "kpi": row.kpi.code,
        "statistic": row.kpi.statistic,
        "direction": row.kpi.direction,
        "min_days": data.metric.min_days,
        "min_events": data.metric.min_events,
        "lines": each.digest(days[-1]),
        "invalid_reason": row.invalid_reason,
    }
    return Snapshot(
        experiment=row,
        number=last.number + 1 if last else 1,
        at=at,
        reason=_reason(each, last, analysis),
        method=int(found.method_version),
        definition=row.kpi.version,
        digest=digest,
        verdict=analysis["verdict"]["state"],
        analysis=analysis,
    )


def _reason(each: Gathered, last: Snapshot | None, analysis: dict[str, Any]) -> str:
    """Why there is another one: the first that holds."""
    if last is None:
        return Reason.FIRST
    was = last.analysis
    if last.method != int(statistics().METHOD_VERSION):
        return Reason.METHOD_VERSION
    if last.definition != each.experiment.kpi.version:
        return Reason.KPI_VERSION
    if was.get("invalid_reason", "") != analysis["invalid_reason"]:
        return Reason.MANUAL
    is_split_off = bool((analysis["srm"] or {}).get("flagged"))
    if is_split_off != bool((was.get("srm") or {}).get("flagged")):
        return Reason.SRM
    if each.digest(date.fromisoformat(was["last_day"])) != was["lines"]:
        return Reason.LATE_DATA
    if analysis["last_day"] == was["last_day"]:
        return Reason.MANUAL  # no number is new: a person ended it or changed how it is read
    return Reason.NEW_DATA


def _last(experiments: Sequence[int]) -> dict[int, Snapshot]:
    newest = Snapshot.objects.filter(experiment=OuterRef("experiment")).order_by("-number")
    rows = Snapshot.objects.filter(experiment__in=experiments)
    rows = rows.filter(pk=Subquery(newest.values("pk")[:1]))
    return {row.experiment_id: row for row in rows}


def _news(snapshot: Snapshot, last: Snapshot | None) -> dict[str, Any]:
    return {
        "verdict": snapshot.verdict,
        "was": last.verdict if last else None,
        "reason": snapshot.reason,
        "snapshot": snapshot.public_id,
    }


def _tell(lines: Sequence[tuple[Experiment, dict[str, Any]]], at: datetime) -> None:
    by_workspace: dict[int, list[events.Line]] = {}
    for row, data in lines:
        line = events.Line("experiment.verdict", row.public_id, at, {"key": row.key, **data})
        by_workspace.setdefault(row.workspace_id, []).append(line)
    for workspace, found in by_workspace.items():
        events.record_many(found, workspace_id=workspace)


def _portions(experiments: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(experiments), AT_ONCE):
        yield experiments[start : start + AT_ONCE]
