"""What is done on the page of an experiment. Each finds, calls one verb, goes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from experiments import register, snapshots
from experiments import results as recording
from experiments.forms.register import DecisionForm, ReasonForm, ResultsForm
from experiments.models import VariantDay
from experiments.views.register.found import experiment_of
from production.doors import seated
from production.errors import Invalid, Refused
from production.permissions import Seat
from production.sentences import say

ACTS: dict[str, Callable[..., Any]] = {
    "draw": register.draw,
    "start": register.start,
    "end": register.end,
    "cancel": register.cancel,
    "discount": register.discount,
}
WITH_REASON = ("cancel", "discount")


@seated("experiment.change")
@require_POST
def act(request: HttpRequest, seat: Seat, number: int, act: str) -> HttpResponse:
    """Start, end, call off, say that it does not count; note what the platform says."""
    experiment, at = experiment_of(seat, number), timezone.now()
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if act == "platform":
        return _do(request, experiment, lambda: register.note_platform(
            experiment, reason, seat=seat, at=at
        ))  # fmt: skip
    if act not in ACTS:
        raise Http404
    more = {"reason": reason} if act in WITH_REASON else {}
    return _do(request, experiment, lambda: ACTS[act](experiment, seat=seat, at=at, **more))


@seated("experiment.change")
@require_POST
def decide(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Repeat, drop or improve, with a reason."""
    experiment, form = experiment_of(seat, number), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a decision and say why."))
        return redirect("experiment", seat.workspace.slug, number)
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
    return _do(request, experiment, lambda: register.decide(
        experiment, decision, reason=reason, seat=seat, at=timezone.now()
    ))  # fmt: skip


@seated("experiment.change")
@require_POST
def results(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Typed or from a file, a line for each variant and day."""
    experiment, form = experiment_of(seat, number), ResultsForm(request.POST, request.FILES)
    if not form.is_valid():
        for sentence in form.errors.get("__all__", [_("The lines cannot be read.")]):
            messages.error(request, str(sentence))
        return redirect("experiment", seat.workspace.slug, number)
    has_file, at = bool(request.FILES), timezone.now()
    origin = VariantDay.Origin.FILE if has_file else VariantDay.Origin.TYPED

    def do() -> None:
        lines = form.cleaned_data["lines"]
        _say(request, recording.record(experiment, lines, seat=seat, at=at, origin=origin))
        snapshots.take(experiment, at=at)

    return _do(request, experiment, do)


@seated("experiment.change")
@require_POST
def read(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """From what is known of the publications that show the variants."""
    experiment, at = experiment_of(seat, number), timezone.now()

    def do() -> None:
        told = recording.read_publications(experiment, seat=seat, at=at)
        if not told:
            messages.info(request, _("No numbers of its publications are known yet."))
            return
        _say(request, told)
        snapshots.take(experiment, at=at)

    return _do(request, experiment, do)


def _say(request: HttpRequest, told: list[Any]) -> None:
    count = Counter(each.status for each in told)
    taken = count["accepted"]
    text = ngettext("%(count)s line taken.", "%(count)s lines taken.", taken)
    messages.info(request, text % {"count": taken})
    codes = Counter(each.code for each in told if each.status == "rejected")
    if codes:
        why = ", ".join(f"{code} × {n}" for code, n in codes.most_common())
        messages.error(request, _("Not taken: %(why)s") % {"why": why})


def _do(request: HttpRequest, experiment: Any, do: Callable[[], Any]) -> HttpResponse:
    try:
        do()
    except Invalid as invalid:
        for problems in invalid.errors.values():
            for _code, sentence in problems:
                messages.error(request, str(sentence))
    except Refused as refused:
        messages.error(request, " ".join(say(each) for each in refused.refusals))
    return redirect("experiment", experiment.workspace.slug, experiment.number)
