"""Taking back what a file told, as one unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

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
def undo_run(run: MetricImport, *, at: datetime) -> int:
    """Bring every number that the run told back to what it was before; how many there were.

    What somebody told later stands. Numbers that did not exist before the run go; what the run
    said is kept in the history.
    """
    workspace = run.workspace
    touched = set(Observation.objects.filter(run=run).values_list("subject", flat=True).distinct())
    found = subjects.of_ids(workspace, touched)
    subjects.lock(workspace, {one.channel for one in found.values()})
    undone = 0
    for some in _in_batches(_of_run(run)):
        _take_back(workspace.pk, found, some, run, at)
        undone += len(some)
    RetentionCurve.objects.filter(run=run).delete()
    rollups.reread(workspace.pk, found.values(), without=run.pk)
    unused = MetricSubject.objects.filter(pk__in=touched, kind=MetricSubject.Kind.UNMATCHED)
    unused.filter(observations=None, curves=None).delete()
    return undone


def _of_run(run: MetricImport) -> Iterator[Told]:
    rows = Observation.objects.filter(run=run).values_list(
        "subject_id", "metric", "grain", "period", "traffic", "source_id", "workspace_id",
        "value", "currency", "as_of", "received_at", "run_id",
    )  # fmt: skip
    # All of it at once: the rows change while they are gone through.
    return iter([Told(*row) for row in rows])


def _in_batches(rows: Iterator[Told]) -> Iterator[list[Told]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


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
