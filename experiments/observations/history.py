"""What was ever told of a post, without what was taken back or corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from experiments.models import Grain, MetricImport, Observation, ObservationChange
from experiments.observations.tables import Told

TAKEN_BACK = (MetricImport.State.UNDOING, MetricImport.State.UNDONE)


def of_posts(subjects: Iterable[int], *, without: int | None = None) -> Iterator[Told]:
    """Every lifetime number of these subjects; of two for the same moment the later one."""
    ids = list(subjects)
    old = ObservationChange.objects.filter(subject__in=ids, grain=Grain.LIFETIME)
    old = old.filter(Q(run=None) | ~Q(run__state__in=TAKEN_BACK)).order_by("replaced_at", "pk")
    if without is not None:
        old = old.exclude(run=without)
    for each in old.iterator(chunk_size=5_000):
        yield _told(each, 0)
    new = Observation.objects.filter(subject__in=ids, grain=Grain.LIFETIME)
    for row in new.iterator(chunk_size=5_000):
        yield _told(row, row.workspace_id)


def _told(row: Observation | ObservationChange, workspace: int) -> Told:
    return Told(
        row.subject_id, row.metric, row.grain, row.period, row.traffic, row.source_id, workspace,
        row.value, row.currency, row.as_of, row.received_at, row.run_id,
    )  # fmt: skip
