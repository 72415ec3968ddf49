"""The same figures for each channel, format, pillar or person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from production import flow
from production.filters import NONE
from production.flowview.ask import FILTERS, Ask
from production.flowview.published import Out

_PATHS = {
    "channel": ("channel__public_id", "channel__name"),
    "format": ("format__public_id", "format__name"),
    "pillar": ("pillar__public_id", "pillar__name"),
    "assignee": ("assignments__user__public_id", "assignments__user__name"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The published items of one channel, format, pillar or person; `id` is the filter's value.

    Items that have none are the group `none`, without a name. An item of two people counts for
    both, so groups of people may add up to more than all.
    """

    id: str
    name: str
    figures: flow.Figures


def per(ask: Ask, by: str, of_period: Out) -> tuple[Group, ...]:
    """Every group of the items of the period, those with the most items first.

    Raises ValueError unless `by` is one of the filters.
    """
    if by not in FILTERS:
        raise ValueError(f"figures are grouped by {', '.join(FILTERS)}, not by {by}")
    begins, ends = ask.period.begins, ask.period.ends
    out = ask.all_items().filter(published_at__gte=begins, published_at__lt=ends)
    own = {row.pk: each for row, each in of_period.both()}
    groups: dict[tuple[str, str], list[flow.Delivery]] = defaultdict(list)
    for pk, id, name in out.order_by().values_list("pk", *_PATHS[by]):
        if pk in own:  # or it came out a moment ago
            groups[id or NONE, name or ""].append(own[pk])
    found = [
        Group(id, name, flow.figures(those, ask.target)) for (id, name), those in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.figures.n, each.name, each.id)))
