"""Threshold rules: what is watched, what came of it, and what a new one would have done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from experiments import actionwords, rulewords, thresholds
from experiments.forms.kpis import RuleForm
from experiments.kpis import tracking
from experiments.kpis.table import write
from experiments.models import ThresholdRule
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.permissions import Seat
from production.views.plan.asked import asked

CROSSINGS_SHOWN = 50
SWITCHES = {"off": thresholds.retire, "on": thresholds.restore}


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in words."""

    rule: ThresholdRule
    when: str
    is_over: str
    needs: str
    step: str


@require_safe
@seated("metric.see")
def rules(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What is watched, and below what is no longer."""
    rows = _rules(seat).annotate(
        times=Count("crossings", distinct=True),
        open_now=Count("crossings", filter=Q(crossings__cleared_at=None), distinct=True),
    )
    shown = [_shown(each) for each in rows.order_by("kpi__position", "pk")]
    return render(
        request,
        "experiments/rules.html",
        {
            "live": [each for each in shown if each.rule.retired_at is None],
            "retired": [each for each in shown if each.rule.retired_at is not None],
            "may_change": seat.may("kpi.change"),
        },
    )


@require_safe
@seated("metric.see")
def rule(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """One rule: what it says, what it would have done lately, every crossing so far."""
    row, at = _rule(seat, id), timezone.now()
    crossings = row.crossings.select_related("action__owner", "item__workspace")  # type: ignore[attr-defined]
    found = list(crossings.order_by("-at", "-id")[:CROSSINGS_SHOWN])
    for each in found:
        each.rule = row
    return render(
        request,
        "experiments/rule.html",
        {
            "shown": _shown(row),
            "crossings": [(each, actionwords.crossed(each)) for each in found],
            "preview": _preview(row, at),
            "may_change": seat.may("kpi.change"),
        },
    )


@seated("kpi.change")
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write one down; *Preview* shows what it would have done, and keeps nothing."""
    form = RuleForm(request.POST or None, seat=seat, initial={"owner": seat.user})
    at = timezone.now()

    def do() -> None:
        thresholds.add(form.values, seat=seat, at=at)

    return _asked(request, seat, form, do, {"title": _("New rule"), "submit": _("Keep")})


@seated("kpi.change")
def edit(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Change it."""
    row, at = _rule(seat, id), timezone.now()
    form = RuleForm(request.POST or None, seat=seat, instance=row)

    def do() -> None:
        version = form.cleaned_data["version"]
        thresholds.change(row, form.values, seat=seat, at=at, version=version)

    return _asked(request, seat, form, do, {"title": row.name, "submit": _("Save")})


@require_POST
@seated("kpi.change")
def switch(request: HttpRequest, seat: Seat, id: str, to: str) -> HttpResponse:
    """Off or on."""
    if to not in SWITCHES:
        raise Http404
    SWITCHES[to](_rule(seat, id), seat=seat, at=timezone.now())
    return redirect("kpi-rules", seat.workspace.slug)


@require_POST
@seated("kpi.change")
def presets(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take up the method's rules that are not here yet, and judge them at once."""
    at = timezone.now()
    thresholds.take_up(seat=seat, at=at)
    thresholds.evaluate(seat.workspace, at=at)
    return redirect("kpi-rules", seat.workspace.slug)


def _asked(
    request: HttpRequest, seat: Seat, form: RuleForm, do: Any, context: dict[str, Any]
) -> HttpResponse:
    then = reverse("kpi-rules", args=[seat.workspace.slug])
    if request.method == "POST" and "preview" in request.POST:
        shown = _drafted(form, seat)
        more = {"form": form, "problems": [], "list_url": then, "preview": shown}
        return render(request, "experiments/rule_form.html", context | more)
    return asked(request, form, do, then=then, context=context,
                 template="experiments/rule_form.html")  # fmt: skip


def _drafted(form: RuleForm, seat: Seat) -> dict[str, Any] | None:
    if not form.is_valid():
        return None
    at = timezone.now()
    try:
        draft = thresholds.drafted(form.values, seat=seat, at=at)
    except Invalid as invalid:
        show(form, invalid)
        return None
    return _preview(draft, at)


def _preview(row: ThresholdRule, at: Any) -> dict[str, Any]:
    fired = thresholds.would_have_fired(row, at)
    return {
        "fired": [(each, write(row.kpi, each.value)) for each in fired],
        "today": tracking.today(row.workspace, at),
    }


def _shown(row: ThresholdRule) -> Shown:
    return Shown(row, rulewords.when(row), rulewords.is_over(row), rulewords.needs(row),
                 rulewords.step(row))  # fmt: skip


def _rules(seat: Seat) -> QuerySet[ThresholdRule]:
    rows = ThresholdRule.objects.filter(workspace=seat.workspace)
    return rows.select_related("kpi", "other_kpi", "channel", "format", "owner", "workspace")


def _rule(seat: Seat, id: str) -> ThresholdRule:
    return get_object_or_404(_rules(seat), public_id=id)
