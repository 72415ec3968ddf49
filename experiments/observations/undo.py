"""Taking back what a file told, some thousand numbers at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from experiments.models import (
    MetricImport,
    MetricSubject,
    Observation,
    ObservationChange,
    RetentionCurve,
)
from experiments.observations import rollups, store, subjects
from experiments.observations.history import TAKEN_BACK
from experiments.observations.tables import CHANGES, NEAR, OBSERVATIONS, Told

AT_ONCE = 5_000


@transaction.atomic
def undo_some(run: MetricImport, *, at: datetime) -> int:
    """Bring some of the numbers that the run told back to what they were; how many.

    Called until it says 0: a run of millions of rows neither stands in the way of others nor in
    memory. What somebody told later stands. Numbers that did not exist before the run go; what
    the run said is kept in the history. The run is in the state UNDOING.
    """
    rows = Observation.objects.filter(run=run).order_by("subject", "metric", "period")
    told = [Told(*row) for row in rows.values_list(*_COLUMNS)[:AT_ONCE]]
    curves = RetentionCurve.objects.filter(run=run)
    touched = {each.subject for each in told}
    if not told:
        touched = set(curves.order_by("subject").values_list("subject", flat=True)[:AT_ONCE])
    found = subjects.of_ids(run.workspace, touched)
    subjects.lock(run.workspace, {one.channel for one in found.values()})
    if told:
        _take_back(run.workspace_id, found, told, run, at)
    curves.filter(subject__in=touched).delete()
    rollups.reread(run.workspace_id, found.values(), without=run.pk)
    unused = MetricSubject.objects.filter(pk__in=touched, kind=MetricSubject.Kind.UNMATCHED)
    unused.filter(observations=None, curves=None).delete()
    return len(told) or len(touched)


_COLUMNS = (
    "subject_id", "metric", "grain", "period", "traffic", "source_id", "workspace_id",
    "value", "currency", "as_of", "received_at", "run_id",
)  # fmt: skip


def _take_back(
    workspace: int,
    found: dict[int, subjects.Subject],
    told: Sequence[Told],
    run: MetricImport,
    at: datetime,
) -> None:
    keys = {(each.subject, each.metric, each.grain, each.period) for each in told}
    numbers = {
        (subject, number, grain, period)
        for subject, metric, grain, period in keys
        for number in rollups.partner_numbers(metric)
    }
    around = [Told(*row) for row in store.find(OBSERVATIONS, NEAR, list(numbers))]
    earlier = _earlier(told, run)
    back = [earlier[each.natural] for each in told if each.natural in earlier]
    gone = [each for each in told if each.natural not in earlier]
    store.put(OBSERVATIONS, back)
    store.drop(OBSERVATIONS, [each.natural for each in gone])
    store.add(
        CHANGES,
        [
            (
                *each.natural,
                each.value,
                each.currency,
                each.as_of,
                each.received_at,
                at,
                run.pk,
                None,
            )
            for each in told
        ],
    )
    after = {each.natural: each for each in around}
    for each in gone:
        after.pop(each.natural, None)
    after |= {each.natural: each for each in back}
    rollups.recount_days(workspace, found, around, after.values())


def _earlier(told: Iterable[Told], run: MetricImport) -> dict[tuple[object, ...], Told]:
    """What stood before the run, by natural key: the last that nobody took back."""
    by_key = {each.natural: each for each in told}
    rows = ObservationChange.objects.filter(subject__in={each.subject for each in by_key.values()})
    rows = rows.filter(Q(run=None) | ~Q(run__state__in=TAKEN_BACK)).exclude(run=run)
    found: dict[tuple[object, ...], Told] = {}
    for row in rows.order_by("replaced_at", "pk").iterator(chunk_size=5_000):
        natural = (
            row.subject_id, row.metric, row.grain, row.period, row.traffic, row.source_id
        )  # fmt: skip
        if natural in by_key:
            found[natural] = Told(
                *natural, by_key[natural].workspace, row.value, row.currency, row.as_of,
                row.received_at, row.run_id,
            )  # fmt: skip
    return found
