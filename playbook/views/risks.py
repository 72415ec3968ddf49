"""The risk register: what could go wrong, who watches, what is done when it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from playbook import risks
from playbook.forms import RiskForm
from playbook.models import RegisteredRisk, RiskSignal
from playbook.risks import detectors, seeing, words
from production import cycles
from production.doors import seated
from production.errors import Invalid
from production.permissions import Seat
from production.views.plan.asked import asked

CLOSED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A risk with what its detector sees today, and what is open."""

    risk: RegisteredRisk
    now: str
    fires: bool
    open: RiskSignal | None
    why: str
    is_late: bool
    is_overdue: bool
    closed: list[RiskSignal]


@require_safe
@seated("cycle.see")
def register(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The risks, those that show first; the detectors look anew for every reader."""
    at = timezone.now()
    today = cycles.today_in(seat.workspace, at)
    rows = RegisteredRisk.objects.filter(workspace=seat.workspace).exclude(
        state=RegisteredRisk.State.RETIRED
    )
    found = list(rows.select_related("owner").prefetch_related("kpis", "signals__closed_by"))
    seen = seeing.see(seat.workspace, at=at) if found else detectors.Seen()
    shown = [_shown(risk, seen, today) for risk in found]
    context = {
        "risks": sorted(shown, key=lambda each: (each.open is None, each.risk.position)),
        "raised": sum(each.open is not None for each in shown),
        "outcomes": RiskSignal.Outcome.choices,
        "may_work": seat.may("cycle.work"),
        "may_change": seat.may("cycle.change"),
    }
    return render(request, "playbook/risks.html", context)


@require_POST
@seated("cycle.change")
def take_up(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take up the five and let their detectors look at once."""
    at = timezone.now()
    risks.take_up(seat=seat, at=at)
    risks.evaluate(seat.workspace, at=at)
    return redirect("risks", seat.workspace.slug)


@seated("cycle.change")
def add(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A risk of the team's own."""
    form = RiskForm(request.POST or None, workspace=seat.workspace)
    return _asked(
        request, seat, form, lambda: risks.add(form.values, seat=seat, at=timezone.now()),
        title=_("Add a risk"),
    )  # fmt: skip


@seated("cycle.change")
def change(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Another owner, threshold or mitigation."""
    risk = _risk(seat, id)
    initial = {name: getattr(risk, name) for name in risks.FIELDS}
    form = RiskForm(request.POST or None, workspace=seat.workspace, initial=initial)
    return _asked(
        request, seat, form,
        lambda: risks.change(risk, form.values, seat=seat, at=timezone.now()), title=risk.name,
    )  # fmt: skip


@require_POST
@seated("cycle.work")
def act(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Note a look, close with an outcome, or retire."""
    risk, at, sent = _risk(seat, id), timezone.now(), request.POST
    try:
        if "review" in sent:
            risks.review(risk, seat=seat, at=at)
        elif "retire" in sent:
            risks.retire(risk, seat=seat, at=at)
        else:
            said = {"outcome": sent.get("outcome", ""), "note": sent.get("note", "")}
            risks.close(risk, **said, seat=seat, at=at)
    except Invalid as invalid:
        for reasons in invalid.errors.values():
            for _code, sentence in reasons:
                messages.error(request, sentence)
    return redirect("risks", seat.workspace.slug)


def _shown(risk: RegisteredRisk, seen: detectors.Seen, today: Any) -> Shown:
    found = detectors.detect(risk.detector, seen)
    signals = sorted(risk.signals.all(), key=lambda each: each.at, reverse=True)
    opened = next((each for each in signals if each.closed_at is None), None)
    watched = risk.detector != RegisteredRisk.Detector.NONE
    return Shown(
        risk=risk,
        now=words.say(risk.detector, found.numbers if found else {}) if watched else "",
        fires=bool(found and found.fires),
        open=opened,
        why=words.say(risk.detector, opened.numbers) if opened else "",
        is_late=bool(opened and opened.due_on < today),
        is_overdue=bool(risk.next_review_on and risk.next_review_on < today),
        closed=[each for each in signals if each.closed_at is not None][:CLOSED_SHOWN],
    )


def _risk(seat: Seat, id: str) -> RegisteredRisk:
    return get_object_or_404(RegisteredRisk, workspace=seat.workspace, public_id=id)


def _asked(
    request: HttpRequest, seat: Seat, form: RiskForm, do: Any, *, title: str
) -> HttpResponse:
    then = reverse("risks", args=[seat.workspace.slug])
    context = {"title": title, "submit": _("Save"), "above": _("Risks")}
    return asked(request, form, do, then=then, context=context, template="playbook/cycle_form.html")
