"""Where the time went, summed by the database: by stage, for all items and for the slow ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet, Sum

from production import flow
from production.flow.where import SLOW
from production.flowview.ask import Ask
from production.flowview.columns import Columns, spent
from production.flowview.published import Out
from production.models import Stay

_NOTHING = timedelta(0)


def where(ask: Ask, of_period: Out, columns: Columns) -> flow.Where | None:
    """The median item, the slow fifth and all; None under the fewest that say anything."""
    ordered = flow.timed(of_period.deliveries)
    if len(ordered) < flow.FEWEST:
        return None
    median, least = flow.at_rank(ordered, 0.50), flow.at_rank(ordered, SLOW).lead or _NOTHING
    slow = tuple(each for each in ordered if (each.lead or _NOTHING) >= least)
    pks = {row.public_id: row.pk for row in of_period.rows}
    stays = _stays(ask, [row.pk for row, each in of_period.both() if each.lead is None])
    if ask.from_commitment:
        stays = stays.filter(committed=True)

    def of(n: int, stays: QuerySet[Stay]) -> flow.Spent:
        return spent(_sums(stays), n, columns)

    return flow.Where(
        median=median,
        of_median=of(1, stays.filter(item=pks[median.id])),
        slow=slow,
        of_slow=of(len(slow), stays.filter(item__in=[pks[each.id] for each in slow])),
        all=of(len(ordered), stays),
    )


def cycles(ask: Ask, of_period: Out, columns: Columns) -> flow.Spent | None:
    """The time between commitment and publication, of the items where both are known."""
    n = sum(each.cycle is not None for each in of_period.deliveries)
    if not n:
        return None
    unknown = [row.pk for row, each in of_period.both() if each.cycle is None]
    stays = _stays(ask, unknown).filter(committed=True)
    return spent(_sums(stays), n, columns)


def _stays(ask: Ask, unknown: Sequence[int]) -> QuerySet[Stay]:
    """Every piece before publication, of the items of the period without those named."""
    begins, ends = ask.period.begins, ask.period.ends
    stays = ask.stays().filter(published_at__gte=begins, published_at__lt=ends)
    return stays.exclude(item__in=unknown) if unknown else stays


def _sums(stays: QuerySet[Stay]) -> list[tuple[int | None, str, timedelta, timedelta]]:
    return list(
        stays.order_by()
        .values_list("stage", "kind")
        .annotate(Sum("lasted"), Sum("blocked"))
        .values_list("stage", "kind", "lasted__sum", "blocked__sum")
    )
