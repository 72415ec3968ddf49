"""The calendar: 14 days or a month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from production.calendarview import Span, calendar_page
from production.doors import seated
from production.ids import is_id
from production.permissions import Seat

PARAMETERS = ("view", "from", "channel", "pillar")


@require_safe
@seated("calendar.see")
def calendar(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The days asked for; for script only what lies below the head."""
    try:
        context = context_of(seat, request.GET)
    except ValueError as error:
        unknown = {"unknown": [str(error)], "plain_url": request.path}
        return render(request, "production/log/not_understood.html", unknown, status=400)
    remember(request, seat, context["kept"].urlencode())
    part = "#plan" if request.headers.get("HX-Target") == "plan" else ""
    return render(request, f"production/calendar/calendar.html{part}", context)


def remember(request: HttpRequest, seat: Seat, query: str) -> None:
    """So that planning on a card leads back to the calendar as it was."""
    if seen(request, seat) != query:
        request.session[f"calendar-{seat.workspace.public_id}"] = query


def seen(request: HttpRequest, seat: Seat) -> str:
    """The query of the calendar that the person looked at last."""
    return str(request.session.get(f"calendar-{seat.workspace.public_id}", ""))


def context_of(seat: Seat, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page needs; ValueError with the parameter that cannot be understood."""
    if unknown := [name for name in asked if name not in PARAMETERS]:
        raise ValueError(unknown[0])
    for name in ("channel", "pillar"):
        if asked.get(name) and not is_id(asked[name]):
            raise ValueError(name)
    now = timezone.now()
    today = now.astimezone(ZoneInfo(seat.workspace.time_zone)).date()
    span = Span.read(asked.get("view", ""), asked.get("from", ""), today)
    page = calendar_page(
        seat, span, now, channel=asked.get("channel", ""), pillar=asked.get("pillar", "")
    )
    kept = QueryDict(mutable=True)
    kept.update({name: asked[name] for name in PARAMETERS if asked.get(name)})
    return {
        "page": page,
        "span": span,
        "asked": {name: asked.get(name, "") for name in PARAMETERS},
        "kept": kept,
        "may_plan": seat.may("slot.change"),
        "may_change_windows": seat.may("window.change"),
    }


def asked_where(request: HttpRequest) -> dict[str, str]:
    """The parameters of the calendar page that script was on; none that it could not have."""
    query = urlsplit(request.headers.get("HX-Current-URL", "")).query[:1000]
    return {name: value for name, value in QueryDict(query).items() if name in PARAMETERS}
