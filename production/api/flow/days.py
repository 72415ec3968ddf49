"""What stood where at the end of a day: the items behind cumulative flow and work in progress."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from production import flow, flowview
from production.api.actions import does
from production.api.door import Door
from production.api.flow import examples
from production.api.flow.asking import ASK, ON, PAGING, Asked
from production.api.flow.standing import FlowStanding
from production.api.paging import bad
from production.api.problems import invalid
from production.models import Stay

OUT = Q(after_publication=True) | Q(kind__in=[k for k in flow.KINDS if flow.reaches(k, "learn")])


class FlowDays(Door):
    """The flow, looked at on one day."""

    noun: ClassVar[str] = "flow"

    @does(
        "flow.see", answer=FlowStanding, is_page=True, parameters=(*ASK, ON),
        examples=examples.STANDING,
    )  # fmt: skip
    def standing(self, request: Request) -> Response:
        """The items that stood somewhere when a local day ended: those that `cfd` and `wip` count.

        What was archived before it was out is not among them.
        """
        asked = Asked(request, self.seat, self.at, also=(*PAGING, ON.name))
        ask, columns = asked.found.ask, asked.found.columns
        rows = standing_at_end_of(_day(request, ask), ask)

        def write(stay: Any) -> dict[str, Any]:
            return {
                "id": stay.public_id,
                "key": f"{ask.workspace.item_prefix}-{stay.number}",
                "column": columns.of(stay.stage_id, stay.kind),
                "entered_at": stay.entered_at,
                "in_progress": stay.in_progress,
                "out": stay.after_publication or flow.reaches(stay.kind, flow.DELIVERY),
            }

        return self.page(rows, write, {"item": "public_id"})


def standing_at_end_of(day: date, ask: flowview.Ask) -> QuerySet[Stay]:
    """One stay of each item: the one it was in when the day ended, or is in now."""
    end = flow.Period(day, day, ask.zone).ends
    rows = ask.live_stays().filter(Q(left_at=None) | Q(left_at__gte=end), entered_at__lt=end)
    named = rows.annotate(public_id=F("item__public_id"), number=F("item__number"))
    return named.filter(OUT | Q(archived=False))


def _day(request: Request, ask: flowview.Ask) -> date:
    text = request.query_params.get(ON.name)
    if text is None:
        return ask.period.end
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise invalid([bad(ON.name, "invalid", "A day: 2026-11-20.")]) from None
    if not ask.period.start <= day <= ask.period.end:
        raise invalid([bad(ON.name, "out_of_range", "A day of the period.")])
    return day
