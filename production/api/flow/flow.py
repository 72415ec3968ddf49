"""The figures of flow over the API: the same that the page shows, with n, period and items."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from production import flow, flowview
from production.api.actions import does
from production.api.flow import examples, published, writing
from production.api.flow.asking import AHEAD, ASK, PAGING, PER, period_of
from production.api.flow.base import SEE, FlowDoor
from production.api.flow.forecasts import forecast_of
from production.api.flow.stages import stages_of
from production.api.paging import bad
from production.api.problems import invalid
from production.flowview.published import trend_period
from production.models import ContentItem

MOST_GROUPS = 1_000


class Flow(FlowDoor):
    """Lead time and all that is said of published items."""

    @does(SEE, answer=published.FlowHeadline, parameters=ASK, csv=True, examples=examples.HEADLINE)
    def headline(self, request: Request) -> Response:
        """How many items came out within the target, the median, and within what 85 % did.

        Of the items first published in the period, beside those of the period before.
        """
        asked = self._asked()
        found = asked.found
        compared = found.headline
        said = {
            **asked.frame(asked.clock, "publication"),
            **writing.figures(compared.now),
            "target_seconds": writing.seconds(found.ask.target),
            "baseline_seconds": writing.seconds(found.baseline),
            "before": {
                "period": period_of(found.ask.period.before()),
                **writing.figures(compared.before),
            },
            "change": writing.changes(compared),
            "items": asked.published(each.id for each in found.deliveries),
        }
        return self._answer(said, [said])

    @does(SEE, answer=published.FlowTrend, parameters=ASK, csv=True, examples=examples.TREND)
    def trend(self, request: Request) -> Response:
        """The headline of each ISO week of publication, weeks without items included."""
        asked = self._asked()
        period = trend_period(asked.found.ask)
        weeks = [
            {
                "week": f"{each.year}-W{each.number:02d}",
                "monday": each.monday,
                "whole": each.whole,
                **writing.figures(each.figures),
                "items": asked.published((item.id for item in each.items), _days_of(each, period)),
            }
            for each in asked.found.trend
        ]
        said = {
            **asked.frame(asked.clock, "publication"),
            "period": period_of(period),
            "n": sum(week["n"] for week in weeks),
            "target_seconds": writing.seconds(asked.found.ask.target),
            "weeks": weeks,
        }
        return self._answer(said, weeks)

    @does(
        SEE, answer=published.FlowGroups, parameters=(*ASK, PER), csv=True,
        examples=examples.GROUPS,
    )  # fmt: skip
    def groups(self, request: Request) -> Response:
        """The headline of each channel, format, pillar or person."""
        asked = self._asked(also=(PER.name,))
        per = request.query_params.get(PER.name, flowview.FILTERS[0])
        if per not in flowview.FILTERS:
            message = f"One of {', '.join(flowview.FILTERS)}."
            raise invalid([bad(PER.name, "invalid_choice", message)])
        rows = [
            {
                "id": each.id,
                "name": each.name,
                **writing.figures(each.figures),
                "all": asked.address("items", narrowed={per: (each.id,)}),
            }
            for each in asked.found.per(per)[:MOST_GROUPS]
        ]
        said = {
            **asked.frame(asked.clock, "publication"),
            "n": asked.found.headline.now.n,
            "per": per,
            "target_seconds": writing.seconds(asked.found.ask.target),
            "groups": rows,
        }
        return self._answer(said, rows)

    @does(
        SEE, answer=published.FlowItem, is_page=True, parameters=ASK, csv=True,
        examples=examples.ITEMS,
    )  # fmt: skip
    def items(self, request: Request) -> Response:
        """The items published in the period, each with its times; as CSV all of them at once."""
        asked = self._asked(also=PAGING)
        ask = asked.found.ask
        rows = ask.all_items().filter(
            published_at__gte=ask.period.begins, published_at__lt=ask.period.ends
        )

        def write(item: ContentItem) -> Any:
            return _item(item, ask)

        if self.wants_csv:
            in_order = rows.order_by("published_at", "public_id")
            return Response(map(write, in_order.iterator(chunk_size=2_000)))
        return self.page(rows, write, {"published": "published_at"})

    @does(SEE, answer=published.FlowStages, parameters=ASK, csv=True, examples=examples.STAGES)
    def stages(self, request: Request) -> Response:
        """Where the time went: of the median item, the slow fifth, of all; and the bottleneck."""
        said, rows = stages_of(self._asked())
        return self._answer(said, rows)

    @does(
        SEE, answer=published.FlowThroughput, parameters=ASK, csv=True,
        examples=examples.THROUGHPUT,
    )  # fmt: skip
    def throughput(self, request: Request) -> Response:
        """Items published per local day, days of none included."""
        asked = self._asked()
        found = asked.found.throughput
        days = writing.days(found.days)
        said = {
            **asked.frame(None, "publication"),
            "n": found.n,
            "per_day": found.per_day,
            "zero_days": found.zero_days,
            "days": days,
            "items": asked.published(each.id for each in asked.found.deliveries),
        }
        return self._answer(said, days)

    @does(SEE, answer=published.FlowRework, parameters=ASK, csv=True, examples=examples.REWORK)
    def rework(self, request: Request) -> Response:
        """How many of the published items went backwards, and how often."""
        asked = self._asked()
        found = asked.found.rework
        said = {
            **asked.frame("idea", "now"),
            "n": found.n,
            "reworked": len(found.reworked),
            "share_reworked": writing.share(found.share),
            "moves_back": found.moves_back,
            "reopened": len(found.reopened),
            "reworked_ids": asked.first(found.reworked),
            "reopened_ids": asked.first(found.reopened),
            "items": asked.published(each.id for each in asked.found.deliveries),
        }
        return self._answer(said, [said])

    @does(
        SEE, answer=published.FlowEfficiency, parameters=ASK, csv=True,
        examples=examples.EFFICIENCY,
    )  # fmt: skip
    def efficiency(self, request: Request) -> Response:
        """The part of the cycle time in which somebody worked: neither waiting nor blocked."""
        asked = self._asked()
        found = asked.found
        cycled = [each.id for each in found.deliveries if each.cycle is not None]
        whole = found.cycles.total if found.cycles else None
        said = {
            **asked.frame("commitment", "publication"),
            "n": len(cycled),
            "share": found.efficiency,
            "missing": _missing_efficiency(found, len(cycled)),
            "active_seconds": writing.seconds(whole and whole.active),
            "waiting_seconds": writing.seconds(whole and whole.waiting),
            "blocked_seconds": writing.seconds(whole and whole.blocked),
            "items": asked.published(cycled),
        }
        return self._answer(said, [said])

    @does(SEE, answer=published.FlowSle, parameters=ASK, csv=True, examples=examples.SLE)
    def sle(self, request: Request) -> Response:
        """The promise "85 % within so much", and the share of the items that kept it."""
        asked = self._asked()
        found = asked.found.sle
        said = {
            **asked.frame(asked.clock, "publication"),
            "n": found.n,
            "promised_share": found.share,
            "within_seconds": writing.seconds(found.within),
            "own": found.own,
            "hits": found.hit.hits if found.hit else None,
            "share_kept": writing.share(found.hit),
            "kept": found.is_kept,
            "missed_ids": asked.first(each.id for each in found.misses),
            "items": asked.published(each.id for each in asked.found.deliveries),
        }
        return self._answer(said, [said])

    @does(
        SEE, answer=published.FlowForecast, parameters=(*ASK, *AHEAD), csv=True,
        examples=examples.FORECAST,
    )  # fmt: skip
    def forecast(self, request: Request) -> Response:
        """How many items until a day, and by what day so many: drawn from the throughput.

        10 000 runs, each of which draws a past day at random for each day to come. It holds while
        the team and its week stay as they were.
        """
        asked = self._asked()
        said, rows = forecast_of(asked)
        return self._answer(said, rows)


def _days_of(week: flow.Week, period: flow.Period) -> flow.Period:
    """The days of the week that are in the period."""
    sunday = week.monday + timedelta(days=6)
    return replace(period, start=max(week.monday, period.start), end=min(sunday, period.end))


def _item(item: ContentItem, ask: flowview.Ask) -> dict[str, Any]:
    """A published item as a point of the scatter plot."""
    key = f"{ask.workspace.item_prefix}-{item.number}"
    delivery = flow.delivery(item.public_id, key, item)
    if delivery is None:
        raise ValueError(f"{key} is not out")
    said = writing.point(delivery.from_commitment() if ask.from_commitment else delivery)
    return {
        **(said or {}),
        "title": item.title,
        "rework_count": item.rework_count,
        "reopened_count": item.reopened_count,
    }


def _missing_efficiency(found: flowview.Flow, n: int) -> str | None:
    if found.efficiency is not None:
        return None
    return "too_few" if n < flow.FEWEST else "no_waiting_stage"
