"""The KPI table, a KPI by itself, and what an owner does with them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from experiments import alerts, thresholds
from experiments.forms.kpis import LineForm
from experiments.kpis import keeping, picture, table, tracking
from experiments.models import TrackedKpi
from production.doors import seated
from production.permissions import Seat
from production.views.plan.asked import asked


@require_safe
@seated("metric.see")
def kpis(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every KPI on its way from the baseline to the target; lean: two of them."""
    at = timezone.now()
    lines = table.read(seat.workspace, at)
    cycle = tracking.running_cycle(seat.workspace)
    if cycle is not None and cycle.lean and any(line.tracked.lean for line in lines):
        lines = [line for line in lines if line.tracked.lean]
    return render(
        request,
        "experiments/kpis.html",
        {
            "lines": lines,
            "cycle": cycle,
            "day": lines[0].day if lines else 0,
            "days": tracking.days_of(lines[0].tracked) if lines else 0,
            "overdue": [line for line in lines if line.overdue_days],
            "may_change": seat.may("kpi.change"),
            "may_review": seat.may("kpi.review"),
            "alerts": [(each, alerts.sentence(each)) for each in alerts.recent(seat.workspace, at)],
            "weekly": picture.weekly_table(lines),
        },
    )


@require_safe
@seated("metric.see")
def kpi(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """One KPI week by week, with its path, its baseline and its definition."""
    tracked = _tracked(seat, id)
    lines = table.read(seat.workspace, timezone.now())
    line = next(each for each in lines if each.tracked.pk == tracked.pk)
    return render(
        request,
        "experiments/kpi.html",
        {
            "line": line,
            "figure": picture.figure(line),
            "versions": picture.versions(line),
            "deadline": tracking.last_day_of(tracked),
            "reviews": tracked.reviews.select_related("by").order_by("-at", "-id")[:10],
            "may_change": seat.may("kpi.change"),
            "may_review": seat.may("kpi.review"),
        },
    )


@require_POST
@seated("kpi.change")
def track(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take up the method's KPIs, each with its baseline."""
    at = timezone.now()
    made = tracking.track_method(seat=seat, at=at)
    thresholds.take_up(seat=seat, at=at)
    if not made:
        messages.info(request, _("Every KPI of the method that is defined here is tracked."))
    return redirect("kpis", seat.workspace.slug)


@require_POST
@seated("kpi.change")
def freeze(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Count the baseline anew, as a new version."""
    tracking.freeze([_tracked(seat, id)], seat=seat, at=timezone.now())
    return redirect("kpi", seat.workspace.slug, id)


@seated("kpi.change")
def edit(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Owner, target, rhythm and next review of a line."""
    line = _tracked(seat, id)
    form = LineForm(request.POST or None, seat=seat, instance=line)

    def do() -> None:
        version = form.cleaned_data["version"]
        keeping.change(line, form.values, seat=seat, at=timezone.now(), version=version)

    then = reverse("kpi", args=[seat.workspace.slug, id])
    context = {"title": line.kpi.name, "deadline": tracking.last_day_of(line)}
    return asked(request, form, do, then=then, context=context,
                 template="experiments/line_form.html")  # fmt: skip


@require_POST
@seated("kpi.review")
def review(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Note that somebody looked at the KPI; from the table one goes back to the table."""
    note = request.POST.get("note", "").strip()
    tracking.review(_tracked(seat, id), note=note, seat=seat, at=timezone.now())
    if "from_table" in request.POST:
        return redirect("kpis", seat.workspace.slug)
    return redirect("kpi", seat.workspace.slug, id)


def _tracked(seat: Seat, id: str) -> TrackedKpi:
    rows = TrackedKpi.objects.filter(workspace=seat.workspace, retired_at=None)
    joined = rows.select_related("kpi", "channel", "owner", "cycle", "workspace")
    return get_object_or_404(joined, public_id=id)
