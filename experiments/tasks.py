"""What the worker does for measuring. A job finds its work in the rows, so it may run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from experiments import (
    alerts,
    archives,
    importing,
    observations,
    outcomes,
    snapshots,
    thresholds,
)
from experiments.kpis import tracking


@shared_task(name="experiments.snapshots")
def take_snapshots() -> None:
    """Say anew what experiments show, where numbers came or a planned end is over."""
    now = timezone.now()
    snapshots.end_what_is_due(at=now)
    for workspace in snapshots.behind():
        snapshots.follow(workspace, at=now)


@shared_task(name="experiments.apply_imports")
def apply_imports() -> None:
    """Write down the numbers of files that were committed, take back what was given back."""
    importing.apply_waiting()
    importing.undo_waiting()
    archives.apply_waiting()
    archives.undo_waiting()


@shared_task(name="experiments.thresholds")
def judge_thresholds() -> None:
    """Hold the rules against numbers that have come in since the last look."""
    thresholds.follow_news(at=timezone.now())


@shared_task(name="experiments.thresholds_daily")
def judge_thresholds_daily() -> None:
    """Hold every rule against the days that are over."""
    now = timezone.now()
    thresholds.evaluate_all(at=now)
    for workspace in tracking.workspaces():
        alerts.look(workspace, at=now)


@shared_task(name="experiments.outcomes")
def fill_outcomes() -> None:
    """Read what has been out for seven days, and ask for its decision."""
    outcomes.fill_due(at=timezone.now())


@shared_task(name="experiments.moments")
def follow_moments() -> None:
    """Read anew the posts whose moment of publication was told or taken back."""
    observations.follow_moments()
