"""The one way in for numbers: pushed, typed or from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from experiments import metrics
from experiments.models import Grain, MetricImport, MetricSource, RetentionCurve
from experiments.observations import rollups, store
from experiments.observations.rows import Applied, Row
from experiments.observations.subjects import Name, Subject, name_of, of_rows
from experiments.observations.tables import CHANGES, NEAR, OBSERVATIONS, Told

ROWS_AT_ONCE = 2_000


@transaction.atomic
def apply(
    rows: Iterable[Row], *, source: MetricSource, at: datetime, run: MetricImport | None = None
) -> Applied:
    """Write down what the source tells; telling the same twice changes nothing.

    Of two tellings of the same number the one with the later `as_of` stands, and what it replaced
    is kept. Sums and readings follow in the same transaction. The rows must be without `faults`.
    """
    done = Applied()
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == ROWS_AT_ONCE:
            _apply(some, source, run, at, done)
            some = []
    if some:
        _apply(some, source, run, at, done)
    return done


def _apply(
    rows: Sequence[Row],
    source: MetricSource,
    run: MetricImport | None,
    at: datetime,
    done: Applied,
) -> None:
    by_name = of_rows(source.workspace, rows, at)
    subjects = {one.id: one for one in by_name.values()}
    told: dict[tuple[object, ...], Told] = {}
    for row in rows:
        subject = by_name[name_of(row)]
        done.unmatched += row.unknown is not None
        for each in _tellings(row, subject, source, run, at):
            known = told.get(each.natural)
            if known is None or each.as_of >= known.as_of:
                told[each.natural] = each
    around = [Told(*row) for row in store.find(OBSERVATIONS, NEAR, _near(told.values()))]
    _write(source.workspace_id, subjects, told, around, run, at, done)
    _draw(rows, by_name, source, run)


def _tellings(
    row: Row, subject: Subject, source: MetricSource, run: MetricImport | None, at: datetime
) -> Iterator[Told]:
    for metric, value in row.known():
        yield Told(
            subject.id, metric.number, int(row.grain), row.period, int(row.traffic), source.pk,
            source.workspace_id, value,
            row.currency if metric.unit is metrics.Unit.MONEY else "",
            row.as_of, at, run.pk if run else None,
        )  # fmt: skip


def _near(told: Iterable[Told]) -> list[tuple[object, ...]]:
    """The keys of the numbers, and of those that make products with them."""
    keys: dict[tuple[object, ...], None] = {}
    for each in told:
        metric = metrics.BY_NUMBER[each.metric]
        near = metrics.partners(metric.code) if each.grain == Grain.DAY else {metric.code}
        for code in near:
            number = metrics.BY_CODE[code].number
            keys[each.subject, number, each.grain, each.period] = None
    return list(keys)


def _write(
    workspace: int,
    subjects: Mapping[int, Subject],
    told: Mapping[tuple[object, ...], Told],
    around: Sequence[Told],
    run: MetricImport | None,
    at: datetime,
    done: Applied,
) -> None:
    known = {each.natural: each for each in around}
    new, old = [], []
    for natural, each in told.items():
        before = known.get(natural)
        if before is None:
            done.created += 1
        elif each.as_of < before.as_of or _says(each) == _says(before):
            done.unchanged += 1
            if each.as_of <= before.as_of:
                continue
            # The same number, still true later: no news, but newer.
            each = each._replace(run=before.run)
        else:
            done.updated += 1
            old.append(before)
        new.append(each)
        if (channel := subjects[each.subject].channel) is not None:
            done.channels.add(channel)
    store.put(OBSERVATIONS, new)
    by = run.pk if run else None
    store.add(CHANGES, [(*_kept(each), at, each.run, by) for each in old])
    after = known | {each.natural: each for each in new}
    rollups.change(workspace, subjects, around, after.values(), told=new)


def _says(told: Told) -> tuple[float, str]:
    return told.value, told.currency


def _kept(told: Told) -> tuple[object, ...]:
    return (*told.natural, told.value, told.currency, told.as_of, told.received_at)


def _draw(
    rows: Sequence[Row],
    by_name: Mapping[Name, Subject],
    source: MetricSource,
    run: MetricImport | None,
) -> None:
    curves = {}
    for row in rows:
        if row.curve is not None:
            subject = by_name[name_of(row)].id
            curves[subject, row.period] = RetentionCurve(
                subject_id=subject, source=source, period=row.period, axis=row.curve.axis,
                points=[list(point) for point in row.curve.points], as_of=row.as_of, run=run,
            )  # fmt: skip
    RetentionCurve.objects.bulk_create(
        curves.values(),
        update_conflicts=True,
        unique_fields=["subject", "source", "period"],
        update_fields=["axis", "points", "as_of", "run"],
        batch_size=500,
    )
