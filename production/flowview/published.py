"""What was published: the items of the period, of the one before, and of the last weeks."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from production import flow
from production.flowview.ask import Ask
from production.flowview.moments import Micros, moment
from production.models import ContentItem, Kind

TREND_WEEKS = 12  # a trend looks back at least so far
MOST_POINTS = 2_000  # above this many a scatter plot counts its points in fields
FIELDS_HIGH = 40
MOST_NAMED = 200


class Row(NamedTuple):
    """What is read of an item that is out."""

    pk: int
    public_id: str
    published_at: datetime
    rework_count: int
    reopened_count: int


@dataclass(frozen=True, slots=True)
class Out:
    """The items that came out in a period; deliveries and rows in the order of publication."""

    rows: tuple[Row, ...]
    deliveries: tuple[flow.Delivery, ...]

    def both(self) -> Iterator[tuple[Row, flow.Delivery]]:
        return zip(self.rows, self.deliveries, strict=True)


@dataclass(frozen=True, slots=True)
class Field:
    """So many items of one day whose lead time lies above `low` and is at most `high`."""

    day: date
    low: timedelta
    high: timedelta
    n: int


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points where there are not too many to draw, else fields; `n` items in either case."""

    n: int
    points: tuple[flow.Delivery, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the rows cannot tell, said instead of guessed.

    `no_beginning` came out in the period without a known start of the clock. `undated` stand on
    the board as published, but nobody said when; the first of them are named by public id.
    """

    no_beginning: tuple[str, ...]
    undated: int
    undated_ids: tuple[str, ...]


def trend_period(ask: Ask) -> flow.Period:
    """The weeks of the trend: those of the period, and at least the last twelve."""
    end = ask.period.end
    first = flow.monday(end) - timedelta(weeks=TREND_WEEKS - 1)
    return replace(ask.period, start=min(first, ask.period.start))


def read(ask: Ask) -> Out:
    """Every item that any figure of publications speaks of, oldest first, in one query."""
    begins = min(ask.period.before().begins, trend_period(ask).begins)
    found = ask.all_items().filter(published_at__gte=begins, published_at__lt=ask.period.ends)
    moments = [Micros(name) for name in ("idea_at", "history_from", "committed_at", "published_at")]
    counts = ("rework_count", "reopened_count")
    in_order = found.order_by("published_at", "pk").values_list(
        "pk", "public_id", "number", *counts, *moments
    )
    prefix = f"{ask.workspace.item_prefix}-"
    rows: list[Row] = []
    deliveries: list[flow.Delivery] = []
    for pk, id, number, rework, reopened, idea, since, committed, published in in_order:
        out_at = moment(published)
        cycle = None
        if committed is not None and (since is None or committed > since):
            cycle = _length(committed, published)
        lead = _length(idea, published) if since is None else None
        rows.append(Row(pk, id, out_at, rework, reopened))
        deliveries.append(
            flow.Delivery(
                id, f"{prefix}{number}", out_at, cycle if ask.from_commitment else lead, cycle
            )
        )
    return Out(tuple(rows), tuple(deliveries))


def out(found: Out, period: flow.Period) -> Out:
    """Those of them that came out in the period."""
    first, end = (
        bisect_left(found.rows, moment, key=lambda row: row.published_at)
        for moment in (period.begins, period.ends)
    )
    return Out(found.rows[first:end], found.deliveries[first:end])


def scatter(deliveries: Sequence[flow.Delivery], period: flow.Period) -> Scatter:
    """The points, or how many lie in each field when they are too many to draw."""
    timed = [each for each in deliveries if each.lead is not None]
    if len(timed) <= MOST_POINTS:
        return Scatter(len(timed), points=tuple(timed))
    longest = max(each.lead for each in timed if each.lead is not None)
    step = _step(longest)
    counts: Counter[tuple[date, int]] = Counter()
    for each in timed:
        if each.lead is not None:
            counts[period.day_of(each.published_at), -(-each.lead // step)] += 1
    fields = (
        Field(day, (number - 1) * step, number * step, n)
        for (day, number), n in sorted(counts.items())
    )
    return Scatter(len(timed), fields=tuple(fields))


def unknown(ask: Ask, of_period: Out) -> Unknown:
    """The items that have no place in the figures, and why."""
    undated = ask.all_items().filter(published_at=None, stage__kind__in=[Kind.LEARN, Kind.DONE])
    ids = undated.order_by("pk").values_list("public_id", flat=True)
    first = tuple(ids[:MOST_NAMED])
    return Unknown(
        tuple(each.id for each in of_period.deliveries if each.lead is None),
        len(first) if len(first) < MOST_NAMED else ids.count(),
        first,
    )


def titles(ask: Ask, ids: Iterable[str]) -> dict[str, str]:
    """The titles of these items by public id."""
    named = list(dict.fromkeys(ids))[:MOST_NAMED]
    found = ContentItem.objects.filter(workspace=ask.workspace, public_id__in=named)
    return dict(found.values_list("public_id", "title"))


def _length(begin: int, end: int) -> timedelta | None:
    """As `flow.lead_time` and `flow.cycle_time` have it; a test compares them."""
    return timedelta(microseconds=end - begin) if end > begin else None


def _step(longest: timedelta) -> timedelta:
    """Whole hours, so that the fields of one plot are about FIELDS_HIGH high."""
    hours = longest / timedelta(hours=1) / FIELDS_HIGH
    return timedelta(hours=max(1, round(hours)))
