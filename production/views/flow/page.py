"""The Flow page: within the target, how often, where the time goes, what comes next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from production import attention, flow, flowview
from production.doors import seated
from production.errors import Invalid
from production.models import Board, ContentItem
from production.permissions import Seat
from production.views.flow import (
    ahead,
    days,
    filters,
    groups,
    headline,
    published,
    time,
    work,
)
from production.views.flow.answers import not_understood
from production.views.flow.words import Words

MOST_TODAY = 5


@require_safe
@seated("flow.see")
def flow_page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every figure of the period and filters of the address."""
    now = timezone.now()
    try:
        ask = flowview.Ask.of(request.GET, seat.workspace, now, user=seat.user)
    except Invalid as invalid:
        return not_understood(request, invalid)
    words = Words(ask)
    context: dict[str, Any] = {
        "ask": ask,
        "csv_url": f"{reverse('flow-items', args=[seat.workspace.slug])}?{ask.query}",
        "line": _line(ask, words),
        "mode": _mode(ask),
        "may_change": seat.may("flow.change"),
        "controls": filters.controls(seat, ask, words),
    }
    if not ContentItem.objects.filter(workspace=seat.workspace).exists():
        return render(request, "production/flow/empty.html", context)
    found = flowview.read(ask)
    context |= {
        "headline": headline.headline(found, words),
        "trend": published.trend(found, words),
        "scatter": published.scatter(found, words),
        "today": attention.today(seat, now, most=MOST_TODAY),
        "where": time.where(found, words),
        "traffic": time.traffic(found, words),
        "traffic_title": time.traffic_title(found, words),
        "ageing": work.ageing(found, words),
        "loads": work.loads(found, words),
        "cfd": days.cumulative(found, words),
        "throughput": days.throughput(found, words),
        "rework": days.rework(found, words),
        "reworked": days.reworked(found, words),
        "groups": groups.groups(found, words),
        "forecast": ahead.forecast(found, words),
    }
    return render(request, "production/flow/flow.html", context)


def _line(ask: flowview.Ask, words: Words) -> list[str]:
    """Both ends of the clock, the boards, the days and their zone."""
    begins = _("Commitment") if ask.from_commitment else _("Idea")
    said = [
        _("%(begin)s → first publication") % {"begin": begins},
        _boards(ask),
        _days(ask, words),
        ask.workspace.time_zone,
    ]
    return [each for each in said if each]


def _boards(ask: flowview.Ask) -> str:
    if ask.boards:
        return ", ".join(each.name for each in ask.boards)
    names = list(
        Board.objects.filter(workspace=ask.workspace, archived_at=None)
        .order_by("position", "pk")
        .values_list("name", flat=True)
    )
    return _("boards %(names)s") % {"names": ", ".join(names)} if len(names) > 1 else ""


def _days(ask: flowview.Ask, words: Words) -> str:
    period = words.period(ask.period)
    if ask.days is None:
        return period
    text = ngettext("last %(count)s day, %(period)s", "last %(count)s days, %(period)s", ask.days)
    return text % {"count": ask.days, "period": period}


def _mode(ask: flowview.Ask) -> str:
    """How durations are shown, where that is not simply what passed."""
    mode = flow.Mode(ask.workspace.duration_mode)
    if mode == flow.Mode.CALENDAR:
        return _("Figures are elapsed time; beside them calendar days, first and last included.")
    if mode == flow.Mode.WORKING:
        return _("Figures are elapsed time; beside them working days of this workspace.")
    return ""
