"""What may be asked of the figures of flow: the query string of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from production import flow, flowview
from production.api.flow.answers import MOST_IDS
from production.permissions import Seat

IDS = {"type": "string", "maxLength": 2000}
DAY = {"type": "string", "format": "date"}
ASK = (
    OpenApiParameter(
        "days",
        {"type": "integer", "enum": list(flowview.DAYS), "default": flowview.DAYS[0]},
        description="The period: so many local days up to and with today.",
    ),
    OpenApiParameter(
        "from", DAY, description="Instead of `days`: the first day. At most five years."
    ),
    OpenApiParameter("to", DAY, description="With `from`: the last day, included. Else today."),
    OpenApiParameter("board", IDS, description="Only these boards: ids, separated by commas."),
    OpenApiParameter("channel", IDS, description="Only these channels; `none`: without one."),
    OpenApiParameter("format", IDS, description="Only these formats; `none`: without one."),
    OpenApiParameter("pillar", IDS, description="Only these pillars; `none`: without one."),
    OpenApiParameter(
        "assignee", IDS, description="Only these people's items; `me`, or `none`: nobody's."
    ),
)
AHEAD = (
    OpenApiParameter(
        "by", DAY, description="The day until which items are counted; else 30 days ahead."
    ),
    OpenApiParameter(
        "items",
        {"type": "integer", "minimum": 1, "maximum": 10_000},
        description="So many items; else as many as are in progress now.",
    ),
)
ON = OpenApiParameter(
    "on", DAY, description="The local day at whose end they stand; else the last of the period."
)
PER = OpenApiParameter(
    "per",
    {"type": "string", "enum": list(flowview.FILTERS), "default": flowview.FILTERS[0]},
    description="What divides the items.",
)
PAGING = ("cursor", "limit", "order")


class Asked:
    """One question by address: its figures, and the addresses of what stands behind them."""

    def __init__(
        self, request: Request, seat: Seat, at: datetime, also: tuple[str, ...] = ()
    ) -> None:
        """Raises Invalid for what means nothing."""
        ask = flowview.Ask.of(request.query_params, seat.workspace, at, user=seat.user, also=also)
        self.found, self.at = flowview.read(ask), at
        self.base = f"{request.path.partition('/flow/')[0]}/flow/"

    @property
    def clock(self) -> str:
        """Where this workspace's clock starts."""
        return "commitment" if self.found.ask.from_commitment else "idea"

    def frame(self, start: str | None, end: str) -> dict[str, Any]:
        """What every figure says of itself: its period, its two ends, how fresh it is."""
        return {
            "period": period_of(self.found.ask.period),
            "ends": {"start": start, "end": end},
            "behind": self.found.lag,
            "server_time": self.at,
        }

    def address(
        self,
        name: str,
        period: flow.Period | None = None,
        narrowed: Mapping[str, tuple[str, ...]] | None = None,
        **more: str,
    ) -> str:
        """Where another figure answers the same question, of another period or narrowed."""
        ask = replace(self.found.ask, by=None, items=None)
        if period is not None:
            ask = replace(ask, period=period, days=None)
        if narrowed:
            ask = replace(ask, filters={**ask.filters, **narrowed})
        return f"{self.base}{name}/?{'&'.join(filter(None, (ask.query, urlencode(more))))}"

    def published(self, ids: Iterable[str], period: flow.Period | None = None) -> dict[str, Any]:
        """The published items behind a figure: the first by id, all by address."""
        return {"ids": self.first(ids), "all": self.address("items", period)}

    @property
    def in_progress(self) -> dict[str, Any]:
        """The items in progress now, in the same way."""
        ids = (each.id for each in self.found.ageing.items)
        return {"ids": self.first(ids), "all": self.address("ageing")}

    def first(self, ids: Iterable[str]) -> list[str]:
        """As many as an answer names."""
        return list(islice(ids, MOST_IDS))

    @property
    def standing(self) -> str:
        """Where the items at a day's end are listed."""
        return self.address("standing", on=self.found.ask.period.end.isoformat())


def period_of(period: flow.Period) -> dict[str, Any]:
    return {
        "start": period.start,
        "end": period.end,
        "days": len(period),
        "time_zone": str(period.zone),
    }
