"""What the worker does for measuring. A job finds its work in the rows, so it may run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from experiments import snapshots


@shared_task(name="experiments.snapshots")
def take_snapshots() -> None:
    """Say anew what experiments show, where numbers came or a planned end is over."""
    now = timezone.now()
    snapshots.end_what_is_due(at=now)
    for workspace in snapshots.behind():
        snapshots.follow(workspace, at=now)
