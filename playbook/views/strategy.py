"""The strategy on one page: what it says, what it lacks, how it stood, who is responsible."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from playbook import strategies
from playbook.forms import ResponsibilityForm, StrategyForm
from playbook.models import Responsibility, StrategyVersion
from production import cycles
from production.doors import seated
from production.errors import Invalid, Stale
from production.forms import show
from production.permissions import Seat


@seated("playbook.see")
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """As it stands now."""
    strategy = strategies.strategy_of(seat.workspace)
    return _sheet(request, seat, strategies.content_of(strategy), {"strategy": strategy})


@seated("playbook.see")
def version(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """As it stood under a number."""
    versions = StrategyVersion.objects.filter(strategy__workspace=seat.workspace)
    kept = get_object_or_404(versions.select_related("by", "cycle"), number=number)
    return _sheet(request, seat, kept.content, {"kept": kept})


@seated("playbook.change")
def edit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write it; where somebody was faster, both are shown and yours is kept."""
    strategy = strategies.strategy_of(seat.workspace)
    initial = {"version": strategy.version if strategy else 0}
    instance = strategies.strategy_of(seat.workspace)  # a form writes into the row it is given
    form = StrategyForm(request.POST or None, instance=instance, initial=initial)
    now: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        read = form.cleaned_data["version"]
        try:
            strategies.save(form.values, version=read, seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        except Stale as stale:
            written = form.values
            now = [
                (strategies.label(name), text)
                for name, text in stale.values.items()
                if text != written[name]
            ]
            sent = request.POST.copy()
            sent["version"] = str(stale.current)
            form.data = sent
        else:
            messages.success(request, _("Saved."))
            return redirect("strategy", seat.workspace.slug)
    context = {"form": form, "now": now, "title": _("Write the strategy")}
    return render(request, "playbook/strategy_form.html", context)


@seated("playbook.change")
def people(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who is responsible for what."""
    form = ResponsibilityForm(request.POST or None, workspace=seat.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            strategies.entrust(form.pairs, seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.success(request, _("Saved."))
            return redirect("strategy", seat.workspace.slug)
    context = {"form": form, "title": _("Who is responsible"), "two_up": True}
    return render(request, "playbook/strategy_form.html", context)


def _sheet(
    request: HttpRequest, seat: Seat, content: dict[str, str], known: dict[str, Any]
) -> HttpResponse:
    versions = StrategyVersion.objects.filter(strategy__workspace=seat.workspace)
    rows = Responsibility.objects.filter(workspace=seat.workspace)
    by_area = {row.area: row for row in rows.select_related("person", "deputy")}
    cycle = cycles.running(seat.workspace)
    context = {
        "parts": [(strategies.label(name), content.get(name, "")) for name in strategies.FIELDS],
        "gaps": strategies.gaps(content),
        "versions": versions.select_related("by", "cycle").order_by("-number"),
        "frozen": cycle and versions.filter(cycle=cycle).first(),
        "cycle": cycle,
        "areas": [(area.label, by_area.get(area.value)) for area in Responsibility.Area],
        "may_change": seat.may("playbook.change"),
    }
    return render(request, "playbook/strategy.html", context | known)
