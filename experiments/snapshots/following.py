"""The reader of the log that takes snapshots, and ends what has reached its planned end."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from experiments import register
from experiments.models import Experiment, ReplacedDay
from experiments.snapshots.taking import take_all
from production.models import Event, KpiDefinition, ReaderCursor, Workspace

READER = "snapshots"
_OF_ONE = (
    "experiment.results", "experiment.started", "experiment.ended", "experiment.changed",
    "experiment.discounted", "experiment.counted",
)  # fmt: skip


def behind() -> list[Workspace]:
    """The workspaces whose log has grown since the last look."""
    cursors = ReaderCursor.objects.filter(workspace=OuterRef("pk"), reader=READER)
    known = Coalesce(Subquery(cursors.values("seq")[:1]), 0)
    return list(Workspace.objects.filter(last_seq__gt=known).order_by("pk"))


def follow(workspace: Workspace, *, at: datetime) -> int:
    """Take the snapshots that the news of the log ask for; how many there were.

    The cursor moves after the snapshots: what is lost in between is done again, and again finds
    nothing new.
    """
    cursor, _made = ReaderCursor.objects.get_or_create(workspace=workspace, reader=READER)
    last = Workspace.objects.values_list("last_seq", flat=True).get(pk=workspace.pk)
    wanted = _wanted(workspace, cursor.seq, last)
    taken = take_all(sorted(wanted), at=at)
    with transaction.atomic():
        ReaderCursor.objects.filter(pk=cursor.pk, seq__lt=last).update(seq=last)
    return len(taken)


def end_what_is_due(*, at: datetime) -> None:
    """End the experiments whose planned last day is over on the clock of their team."""
    rows = Experiment.objects.filter(
        state=Experiment.State.RUNNING, ends_on__lte=at.date() + timedelta(days=1)
    )
    for experiment in rows.select_related("workspace").order_by("pk"):
        today = at.astimezone(ZoneInfo(experiment.workspace.time_zone)).date()
        if experiment.ends_on and experiment.ends_on < today:
            register.end(experiment, seat=None, at=at)


def _wanted(workspace: Workspace, after: int, until: int) -> set[int]:
    news = Event.objects.filter(workspace=workspace, seq__gt=after, seq__lte=until)
    rows = Experiment.objects.filter(workspace=workspace)
    subjects = set(news.filter(type__in=_OF_ONE).values_list("subject", flat=True))
    found = set(rows.filter(public_id__in=subjects).values_list("pk", flat=True))
    files = list(news.filter(type="experiments.imported").values_list("data__run", flat=True))
    found |= set(rows.filter(brought_by__public_id__in=files).values_list("pk", flat=True))
    files = list(news.filter(type="experiments.import_undone").values_list("data__run", flat=True))
    as_before = ReplacedDay.objects.filter(run__public_id__in=files)
    found |= set(as_before.values_list("variant__experiment", flat=True))
    changed = news.filter(type="kpi.changed").values_list("subject", flat=True)
    if kpis := KpiDefinition.objects.filter(public_id__in=list(changed)):
        found |= set(rows.filter(kpi__in=kpis).values_list("pk", flat=True))
        found |= set(rows.filter(guardrails__kpi__in=kpis).values_list("pk", flat=True))
    return found
