"""When rules are judged: once a day, and when numbers have come in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from experiments.kpis import tracking
from experiments.models import ThresholdRule, TrackedKpi
from experiments.thresholds.opening import evaluate
from production.models import Event, ReaderCursor, Workspace

READER = "thresholds"
_NEWS = ("metrics.imported", "metrics.import_undone", "kpi.baselined")


def evaluate_all(*, at: datetime) -> None:
    """Judge the rules of every workspace that has some: days pass without news too."""
    for workspace in _tracking():
        tracking.freeze_due(workspace, at=at)
    for workspace in _with_rules():
        evaluate(workspace, at=at)


def follow_news(*, at: datetime) -> None:
    """Judge where the log tells of numbers since the last look, however many pushes there were.

    The cursor moves last: what is lost in between is done again, and finds nothing to open.
    """
    for workspace in _with_rules():
        cursor, _made = ReaderCursor.objects.get_or_create(workspace=workspace, reader=READER)
        last = workspace.last_seq
        if last <= cursor.seq:
            continue
        news = Event.objects.filter(
            workspace=workspace, seq__gt=cursor.seq, seq__lte=last, type__in=_NEWS
        )
        if news.exists():
            evaluate(workspace, at=at)
        with transaction.atomic():
            ReaderCursor.objects.filter(pk=cursor.pk, seq__lt=last).update(seq=last)


def _tracking() -> list[Workspace]:
    lines = TrackedKpi.objects.filter(retired_at=None, cycle__ended_at=None, cycle__isnull=False)
    return list(Workspace.objects.filter(pk__in=lines.values("workspace")).order_by("pk"))


def _with_rules() -> list[Workspace]:
    rules = ThresholdRule.objects.filter(retired_at=None)
    return list(Workspace.objects.filter(pk__in=rules.values("workspace")).order_by("pk"))
