"""What the worker does for the playbook. A job finds its work in the rows, so it may run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from playbook import evidence, risks


@shared_task(name="playbook.evidence")
def follow_experiments() -> None:
    """Pool anew where experiments ended, were decided or told more, and once a day."""
    now = timezone.now()
    for workspace in evidence.behind(at=now):
        evidence.follow(workspace, at=now)


@shared_task(name="playbook.risks")
def watch_risks() -> None:
    """Let the detectors of every workspace look at the days that are over."""
    risks.evaluate_all(at=timezone.now())
