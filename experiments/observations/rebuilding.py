"""Sums and readings anew, from the observations alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db import transaction

from experiments.models import Grain, MetricDay, MetricSubject, Observation, PostReading
from experiments.observations import rollups, subjects
from experiments.observations.tables import Told
from production.models import Workspace

SUBJECTS_AT_ONCE = 500


@transaction.atomic
def rebuild(workspace: Workspace) -> None:
    """Make the sums and readings of the workspace anew; its numbers stand still meanwhile."""
    channels = MetricSubject.objects.filter(workspace=workspace).values_list("channel", flat=True)
    subjects.lock(workspace, {*channels, *workspace.channels.values_list("pk", flat=True)})  # type: ignore[attr-defined]
    MetricDay.objects.filter(workspace=workspace).delete()
    PostReading.objects.filter(workspace=workspace).delete()
    for ids in _in_batches(workspace):
        found = subjects.of_ids(workspace, ids)
        rows = Observation.objects.filter(subject__in=ids, grain=Grain.DAY).order_by("subject")
        for _subject, some in groupby(_told(rows), key=lambda each: each.subject):
            rollups.recount_days(workspace.pk, found, (), some)
        rollups.reread(workspace.pk, found.values())


def _in_batches(workspace: Workspace) -> Iterator[list[int]]:
    rows = MetricSubject.objects.filter(workspace=workspace).exclude(
        kind=MetricSubject.Kind.UNMATCHED
    )
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), SUBJECTS_AT_ONCE):
        yield ids[first : first + SUBJECTS_AT_ONCE]


def _told(rows: object) -> Iterator[Told]:
    columns = rows.values_list(  # type: ignore[attr-defined]
        "subject_id", "metric", "grain", "period", "traffic", "source_id", "workspace_id",
        "value", "currency", "as_of", "received_at", "run_id",
    )  # fmt: skip
    for row in columns.iterator(chunk_size=5_000):
        yield Told(*row)
