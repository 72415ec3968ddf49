"""The figures of flow over the API: the same that the page shows, with n, period and items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from production import flow, flowview
from production.api.actions import does
from production.api.door import Door
from production.api.flow import examples, published, standing, writing
from production.api.flow.asking import AHEAD, ASK, PAGING, Asked, period_of
from production.api.flow.forecasts import forecast_of
from production.flowview.published import trend_period
from production.models import ContentItem

SEE = "flow.see"


class Flow(Door):
    """Lead time and all that belongs to it."""

    noun: ClassVar[str] = "flow"

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
        asked = self._asked()
        found, where = asked.found, asked.found.where
        groups: dict[str, Any] = {"median": None, "slow_fifth": None, "all": None}
        if where is not None:
            groups = {
                "median": {
                    "n": 1,
                    "item": writing.point(where.median),
                    "stages": writing.spent(where.of_median, found.time_columns),
                },
                "slow_fifth": {
                    "n": where.of_slow.n,
                    "stages": writing.spent(where.of_slow, found.time_columns),
                    "items": asked.published(each.id for each in where.slow),
                },
                "all": {
                    "n": where.all.n,
                    "stages": writing.spent(where.all, found.time_columns),
                },
            }
        said = {
            **asked.frame(asked.clock, "publication"),
            "n": found.headline.now.n,
            "too_few": where is None,
            **groups,
            "bottleneck": _bottleneck(found),
            "items": asked.published(each.id for each in found.deliveries),
        }
        rows = [
            {"of": name, "n": group["n"], **stage}
            for name, group in groups.items()
            if group
            for stage in group["stages"]
        ]
        return self._answer(said, rows)

    @does(SEE, answer=standing.FlowAgeing, parameters=ASK, csv=True, examples=examples.AGEING)
    def ageing(self, request: Request) -> Response:
        """The items in progress now, the oldest first, against the bands of their stage."""
        asked = self._asked()
        rows = [writing.aged(each) for each in asked.found.ageing.items]
        said = {**asked.frame("commitment", "now"), "n": asked.found.ageing.n, "items": rows}
        return self._answer(said, rows)

    @does(SEE, answer=standing.FlowCumulative, parameters=ASK, csv=True, examples=examples.CFD)
    def cfd(self, request: Request) -> Response:
        """Per local day end, how many items stand in each stage or a later one."""
        asked = self._asked()
        flowed = asked.found.cfd
        said = {
            **asked.frame(None, "now"),
            "n": flowed.days[-1].reached[0],
            "rungs": [writing.column(each) for each in flowed.rungs],
            "days": [{"day": each.day, "reached": each.reached} for each in flowed.days],
            "standing": asked.standing,
        }
        names = [*(each.name for each in flowed.rungs), "published"]
        rows = [
            {"day": each.day, **dict(zip(names, each.reached, strict=True))} for each in flowed.days
        ]
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

    @does(SEE, answer=standing.FlowWip, parameters=ASK, csv=True, examples=examples.WIP)
    def wip(self, request: Request) -> Response:
        """Work in progress per local day end, and now by stage and person against the limits."""
        asked = self._asked()
        days = writing.days(asked.found.wip)
        said = {
            **asked.frame("commitment", "publication"),
            "n": asked.found.ageing.n,
            "days": days,
            "stages": [writing.stage_load(each) for each in asked.found.stage_loads],
            "people": [writing.person_load(each) for each in asked.found.person_loads],
            "items": asked.in_progress,
            "standing": asked.standing,
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

    def _asked(self, also: tuple[str, ...] = ()) -> Asked:
        return Asked(self.request, self.seat, self.at, also)

    def _answer(self, said: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Response:
        return Response(rows if self.wants_csv else said)


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


def _bottleneck(found: flowview.Flow) -> dict[str, Any] | None:
    bottleneck = found.bottleneck
    if bottleneck is None:
        return None
    column = next(each for each in found.time_columns if each.id == bottleneck.stage)
    return {
        **writing.column(column),
        **writing.split(bottleneck.split),
        "share": bottleneck.share,
        "traffic": [
            {
                "monday": each.monday,
                "arrivals": each.arrivals,
                "departures": each.departures,
                "net": each.net,
            }
            for each in found.bottleneck_traffic
        ],
    }


def _missing_efficiency(found: flowview.Flow, n: int) -> str | None:
    if found.efficiency is not None:
        return None
    return "too_few" if n < flow.FEWEST else "no_waiting_stage"
