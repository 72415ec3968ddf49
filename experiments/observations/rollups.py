"""Sums by channel and day, and posts at equal age: kept while observations are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from experiments import metrics
from experiments.models import Grain, MetricDay, PostReading
from experiments.observations import history, store
from experiments.observations.subjects import Subject
from experiments.observations.tables import DAYS, READINGS, Key, Told

Basis, Age = MetricDay.Basis, PostReading.Age
AGES = (Age.DAY, Age.THREE_DAYS, Age.WEEK, Age.FOUR_WEEKS)
OWN_CURRENCY = "EUR"

# (subject, period, traffic) → metric → value
_Days = dict[tuple[int, Any, int], dict[str, float]]
# (channel, basis, traffic, metric, day) → (total, posts)
_Cells = defaultdict[tuple[int | None, int, int, str, date], list[float]]
# (publication, age, traffic, metric) → (value, as_of)
_Readings = dict[tuple[int, int, int, str], tuple[float, datetime]]


def tolerance(age: int) -> timedelta:
    """How far from an age a number may have been told and still count as of that age."""
    return timedelta(hours=max(12.0, age * 0.15))


def name_of(told: Told) -> str:
    """Under which name a number is summed: money in other currencies apart."""
    metric = metrics.BY_NUMBER[told.metric]
    if metric.unit is metrics.Unit.MONEY and told.currency not in ("", OWN_CURRENCY):
        return f"{metric.code}.{told.currency}"
    return metric.code


def believed(rows: Iterable[Told]) -> dict[Key, Told]:
    """Of several sources that tell the same number, the one that told it last."""
    found: dict[Key, Told] = {}
    for row in rows:
        known = found.get(row.key)
        if known is None or _when(row) > _when(known):
            found[row.key] = row
    return found


def change(
    workspace: int,
    subjects: Mapping[int, Subject],
    before: Iterable[Told],
    after: Iterable[Told],
    *,
    told: Sequence[Told],
) -> None:
    """Bring sums and readings from what was believed before to what is believed after.

    `told` are the numbers that came anew.
    """
    cells = _no_cells()
    was, now = _by_day(believed(before), subjects), _by_day(believed(after), subjects)
    for place in was.keys() | now.keys():
        subject, day, traffic = place
        basis = _basis(subjects[subject])
        if basis is not None:
            where = (subjects[subject].channel, basis, traffic)
            _count(cells, where, day, was.get(place, {}), now.get(place, {}))
    _read(workspace, subjects, told, cells)
    _settle(workspace, cells)


def recount_days(
    workspace: int, subjects: Mapping[int, Subject], before: Iterable[Told], after: Iterable[Told]
) -> None:
    """As `change`, for the sums of days alone."""
    change(workspace, subjects, before, after, told=())


def reread(workspace: int, subjects: Iterable[Subject], *, without: int | None = None) -> None:
    """Read the posts anew from all that was told of them, and mend the sums they are part of.

    `without` is a run that is being taken back.
    """
    posts = {one.id: one for one in subjects if one.publication is not None}
    if not posts:
        return
    of_post = {one.publication: one for one in posts.values() if one.publication is not None}
    rows = PostReading.objects.filter(publication__in=of_post)
    was: _Readings = {
        (row.publication_id, row.age_hours, row.traffic, row.metric): (row.value, row.as_of)
        for row in rows.iterator(chunk_size=5_000)
    }
    now: _Readings = {}
    for key, value in _candidates(posts, history.of_posts(posts, without=without)):
        if _is_nearer(key, value, now.get(key), of_post):
            now[key] = value
    cells = _no_cells()
    _count_posts(of_post, was, now, cells)
    store.drop(READINGS, [key for key in was if key not in now])
    _keep(workspace, {key: value for key, value in now.items() if was.get(key) != value})
    _settle(workspace, cells)


def partner_numbers(metric: int) -> set[int]:
    """The numbers of the metrics whose values the sums of this one need."""
    codes = metrics.partners(metrics.BY_NUMBER[metric].code)
    return {metrics.BY_CODE[code].number for code in codes}


def _no_cells() -> _Cells:
    return defaultdict(lambda: [0.0, 0])


def _when(row: Told) -> tuple[datetime, datetime, int]:
    return row.as_of, row.received_at, row.source


def _basis(subject: Subject) -> int | None:
    if subject.publication is not None:
        return Basis.DAY
    return None if subject.kind == "unmatched" else Basis.CHANNEL


def _by_day(rows: Mapping[Key, Told], subjects: Mapping[int, Subject]) -> _Days:
    found: _Days = defaultdict(dict)
    for key, row in rows.items():
        if key.grain == Grain.DAY and key.subject in subjects:
            found[key.subject, key.period, key.traffic][name_of(row)] = row.value
    return found


def _count(
    cells: _Cells,
    where: tuple[int | None, int, int],
    day: date,
    was: Mapping[str, float],
    now: Mapping[str, float],
) -> None:
    """Add to the cells what the change of one subject's numbers makes."""
    if was == now:
        return
    for values, sign in ((metrics.contributions(was), -1), (metrics.contributions(now), 1)):
        for name, value in values.items():
            cell = cells[(*where, name, day)]
            cell[0] += sign * value
            cell[1] += sign


def _settle(workspace: int, cells: _Cells) -> None:
    changes = {key: cell for key, cell in cells.items() if cell[0] or cell[1]}
    if not changes:
        return
    keys = {
        (workspace, metric, channel, basis, traffic, day): (channel, basis, traffic, metric, day)
        for channel, basis, traffic, metric, day in changes
    }
    known = {row[:6]: row[6:] for row in store.find(DAYS, DAYS.key, list(keys))}
    kept, gone = [], []
    for key, place in keys.items():
        total, posts = known.get(key, (0.0, 0))
        more, most = changes[place]
        if posts + most <= 0:
            gone.append(key)
        else:
            kept.append((*key, total + more, int(posts + most)))
    store.drop(DAYS, [key for key in gone if key in known])
    store.put(DAYS, kept)


# --- posts at equal age ---------------------------------------------------------------------------


def _read(
    workspace: int, subjects: Mapping[int, Subject], told: Sequence[Told], cells: _Cells
) -> None:
    of_post = {one.publication: one for one in subjects.values() if one.publication is not None}
    nearest: _Readings = {}
    for key, value in _candidates(subjects, told):
        if _is_nearer(key, value, nearest.get(key), of_post):
            nearest[key] = value
    if not nearest:
        return
    asked = {
        (publication, age, traffic, near)
        for publication, age, traffic, name in nearest
        for near in (metrics.partners(name) if name in metrics.BY_CODE and not age else {name})
    }
    found = store.find(READINGS, READINGS.key, list(asked))
    known: _Readings = {row[:4]: (row[5], row[6]) for row in found}
    better = {
        key: value
        for key, value in nearest.items()
        if _is_nearer(key, value, known.get(key), of_post)
    }
    _count_posts(of_post, known, known | better, cells)
    _keep(workspace, better)


def _candidates(
    subjects: Mapping[int, Subject], told: Iterable[Told]
) -> Iterator[tuple[tuple[int, int, int, str], tuple[float, datetime]]]:
    """What each number could be a reading of: the newest, and the ages near which it was told."""
    for row in told:
        subject = subjects.get(row.subject)
        if row.grain != Grain.LIFETIME or subject is None or subject.publication is None:
            continue
        post, name, value = subject.publication, name_of(row), (row.value, row.as_of)
        yield (post, int(Age.NEWEST), row.traffic, name), value
        if subject.published_at is None:
            continue
        age = row.as_of - subject.published_at
        for each in AGES:
            if abs(age - timedelta(hours=each)) <= tolerance(each):
                yield (post, int(each), row.traffic, name), value


def _is_nearer(
    key: tuple[int, int, int, str],
    new: tuple[float, datetime],
    old: tuple[float, datetime] | None,
    of_post: Mapping[int, Subject],
) -> bool:
    """Whether the new number is a better reading; one told for the same moment corrects."""
    if old is None or new[1] == old[1]:
        return True
    if key[1] == Age.NEWEST:
        return new[1] > old[1]
    published_at = of_post[key[0]].published_at
    assert published_at is not None  # noqa: S101  there is no age without it
    aim = published_at + timedelta(hours=key[1])
    return abs(new[1] - aim) < abs(old[1] - aim)


def _count_posts(
    of_post: Mapping[int, Subject], was: _Readings, now: _Readings, cells: _Cells
) -> None:
    """Add to the cells what the change of the posts' newest numbers makes."""
    sides: list[dict[tuple[int, int], dict[str, float]]] = []
    for readings in (was, now):
        newest: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
        for (post, age, traffic, name), (value, _as_of) in readings.items():
            if age == Age.NEWEST:
                newest[post, traffic][name] = value
        sides.append(newest)
    for post, traffic in sides[0].keys() | sides[1].keys():
        subject, place = of_post[post], (post, traffic)
        if (day := subject.published_on) is not None:
            where = (subject.channel, int(Basis.POST), traffic)
            _count(cells, where, day, sides[0].get(place, {}), sides[1].get(place, {}))


def _keep(workspace: int, readings: _Readings) -> None:
    rows = [(*key, workspace, value, as_of) for key, (value, as_of) in readings.items()]
    store.put(READINGS, rows)
