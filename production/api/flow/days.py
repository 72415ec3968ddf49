"""Work in progress, its age, and what stood where at the end of each day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from production import flow, flowview
from production.api.actions import does
from production.api.flow import examples, standing, writing
from production.api.flow.asking import ASK, ON, PAGING
from production.api.flow.base import SEE, FlowDoor
from production.api.paging import bad
from production.api.problems import invalid
from production.models import Stay

OUT = Q(after_publication=True) | Q(kind__in=[k for k in flow.KINDS if flow.reaches(k, "learn")])


class FlowDays(FlowDoor):
    """What stands on the boards, now and at the end of each day."""

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

    @does(
        SEE, answer=standing.FlowStanding, is_page=True, parameters=(*ASK, ON),
        examples=examples.STANDING,
    )  # fmt: skip
    def standing(self, request: Request) -> Response:
        """The items that stood somewhere when a local day ended: those that `cfd` and `wip` count.

        What was archived before it was out is not among them.
        """
        asked = self._asked(also=(*PAGING, ON.name))
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
