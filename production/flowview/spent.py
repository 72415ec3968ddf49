"""Where the time went, summed by the database: by stage, for all items and for the slow ones."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, QuerySet, Sum

from production import flow
from production.flow.where import SLOW
from production.flowview.ask import Ask
from production.flowview.columns import Columns, spent
from production.flowview.published import Out, cycled, known
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
    stays = _stays(ask, known(ask))
    if ask.from_commitment:
        stays = stays.filter(entered_at__gte=F("item__committed_at"))

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
    begins, ends = ask.period.begins, ask.period.ends
    out = Q(published_at__gte=begins, published_at__lt=ends) & cycled()
    stays = _stays(ask, out).filter(entered_at__gte=F("item__committed_at"))
    return spent(_sums(stays), n, columns)


def _stays(ask: Ask, which: Q) -> QuerySet[Stay]:
    """Of these items, every piece before their publication."""
    items = ask.all_items().filter(which).values("pk")
    return Stay.objects.filter(item__in=items, after_publication=False, left_at__isnull=False)


def _sums(stays: QuerySet[Stay]) -> list[tuple[int | None, str, timedelta, timedelta]]:
    return list(
        stays.order_by()
        .values_list("stage", "kind")
        .annotate(Sum("lasted"), Sum("blocked"))
        .values_list("stage", "kind", "lasted__sum", "blocked__sum")
    )
