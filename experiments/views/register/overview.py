"""The register: the weeks with their two places, and every experiment with its verdict."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from experiments import register, rules, verdictwords
from experiments.forms.register import ExperimentForm
from experiments.models import Experiment, Snapshot
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.permissions import Seat

WEEKS = range(-1, 3)  # around the present one
A_PAGE = 50


@seated("experiment.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Weeks and list; `?state=` narrows the list."""
    today = _today(seat)
    rows = Experiment.objects.filter(workspace=seat.workspace)
    state = request.GET.get("state", "")
    listed = rows.filter(state=state) if state in Experiment.State.values else rows
    listed = listed.select_related("kpi", "item__workspace", "channel").order_by("-number")
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "weeks": _weeks(seat, today),
        "page": page,
        "entries": _entries(list(page.object_list)),
        "state": state,
        "states": Experiment.State.choices,
        "has_any": rows.exists(),
        "may_change": seat.may("experiment.change"),
    }
    return render(request, "experiments/register/overview.html", context)


@seated("experiment.change")
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Plan one."""
    today = _today(seat)
    week = parse_date(request.GET.get("week", "")) if request.GET.get("week") else None
    begins = max(week or today, today)
    initial = {"starts_on": begins, "ends_on": begins + timedelta(days=rules.DAYS - 1)}
    form = ExperimentForm(request.POST or None, seat=seat, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = register.create(
                form.values, form.texts, seat=seat, at=timezone.now(), guardrails=form.rails
            )
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect("experiment", seat.workspace.slug, made.number)
    return render(request, "experiments/register/new.html", {"form": form})


def _entries(experiments: list[Experiment]) -> list[dict[str, Any]]:
    newest = Snapshot.objects.filter(experiment=OuterRef("experiment")).order_by("-number")
    found = Snapshot.objects.filter(experiment__in=experiments)
    snapshots = {
        each.experiment_id: each for each in found.filter(pk=Subquery(newest.values("pk")[:1]))
    }
    return [
        {
            "experiment": each,
            "label": verdictwords.label(each, snapshots.get(each.pk)),
            "tone": verdictwords.TONES.get(verdictwords.state_of(each, snapshots.get(each.pk)), ""),
            "grade": rules.grade(each.allocation),
        }
        for each in experiments
    ]


def _weeks(seat: Seat, today: date) -> list[dict[str, Any]]:
    mondays = [rules.monday(today) + timedelta(weeks=n) for n in WEEKS]
    rows = Experiment.objects.filter(workspace=seat.workspace, week__in=mondays)
    found: dict[date | None, list[Experiment]] = defaultdict(list)
    for each in rows.exclude(state=Experiment.State.CANCELLED).order_by("number"):
        found[each.week].append(each)
    return [
        {
            "monday": monday,
            "is_now": monday == mondays[-WEEKS.start],
            "is_open": monday >= rules.monday(today),
            "experiments": found[monday],
            "free": range(max(rules.A_WEEK - len(found[monday]), 0)),
            "too_many": len(found[monday]) > rules.A_WEEK,
        }
        for monday in mondays
    ]


def _today(seat: Seat) -> date:
    return timezone.now().astimezone(ZoneInfo(seat.workspace.time_zone)).date()
