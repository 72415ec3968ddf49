"""What is done about crossed thresholds: the open actions, their next steps, their outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from experiments import actions as verbs
from experiments import actionwords, thresholds
from experiments.kpis import tracking
from experiments.kpis.table import write
from experiments.models import Action, ThresholdRule
from production.doors import item_by_key, seated
from production.errors import Invalid, Refused
from production.models import ContentItem
from production.permissions import Seat
from production.sentences import say

CLOSED_SHOWN = 20
SOURCES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """An action in words."""

    action: Action
    why: str
    step: str
    opened_at_value: str
    closed_at_value: str
    is_late: bool


@require_safe
@seated("metric.see")
def actions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Open actions, the most urgent first; below them what came of the closed ones."""
    today = tracking.today(seat.workspace, timezone.now())
    rows = (
        Action.objects.filter(workspace=seat.workspace)
        .select_related("kpi", "channel", "item__workspace", "owner", "closed_by")
        .select_related("crossing__rule__kpi", "crossing__rule__other_kpi")
        .prefetch_related("made__workspace")
    )
    is_open = rows.filter(closed_at=None).order_by("due_on", "id")
    closed = rows.exclude(closed_at=None).order_by("-closed_at", "-id")[:CLOSED_SHOWN]
    shown = [_shown(each, today) for each in is_open]
    wants_source = any(
        each.action.step == ThresholdRule.Step.SEQUELS and not each.action.applied_at
        for each in shown
    )
    rules = ThresholdRule.objects.filter(workspace=seat.workspace, retired_at=None)
    return render(
        request,
        "experiments/actions.html",
        {
            "open": shown,
            "closed": [_shown(each, today) for each in closed],
            "rules": rules.count(),
            "sources": _sources(seat) if wants_source else (),
            "outcomes": Action.Outcome.choices,
            "may_work": seat.may("action.work"),
            "may_change": seat.may("kpi.change"),
        },
    )


@require_POST
@seated("kpi.change")
def take_up(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take up the method's rules and judge them at once."""
    at = timezone.now()
    thresholds.take_up(seat=seat, at=at)
    thresholds.evaluate(seat.workspace, at=at)
    return redirect("actions", seat.workspace.slug)


@require_POST
@seated("action.work")
def apply(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Make the three sequels of the card that is named."""
    action = _action(seat, id)
    source = item_by_key(seat, request.POST.get("source", ""))
    try:
        verbs.apply(action, seat=seat, at=timezone.now(), source=source)
    except Invalid as invalid:
        _tell(request, invalid)
    except Refused as refused:
        for refusal in refused.refusals:
            messages.error(request, str(say(refusal)))
    else:
        messages.success(request, _("Three cards are on the board, due within seven days."))
    return redirect("actions", seat.workspace.slug)


@require_POST
@seated("action.work")
def close(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Close it with what came of it."""
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    try:
        verbs.close(_action(seat, id), outcome=outcome, note=note, seat=seat, at=timezone.now())
    except Invalid as invalid:
        _tell(request, invalid)
    return redirect("actions", seat.workspace.slug)


def _tell(request: HttpRequest, invalid: Invalid) -> None:
    for reasons in invalid.errors.values():
        for _code, sentence in reasons:
            messages.error(request, sentence)


def _shown(action: Action, today: date) -> Shown:
    return Shown(
        action,
        actionwords.why(action),
        actionwords.next_step(action),
        write(action.kpi, action.value_when_opened),
        write(action.kpi, action.value_when_closed),
        action.closed_at is None and action.due_on < today,
    )


def _sources(seat: Seat) -> list[ContentItem]:
    rows = ContentItem.objects.filter(
        workspace=seat.workspace, published_at__isnull=False, archived_at=None
    )
    return list(rows.select_related("workspace").order_by("-published_at", "-id")[:SOURCES_SHOWN])


def _action(seat: Seat, id: str) -> Action:
    return get_object_or_404(Action, workspace=seat.workspace, public_id=id)
