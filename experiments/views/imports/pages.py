"""Imports → Metrics: choose an export, look at what it says, bring it in, take it back."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from experiments import importing
from experiments.forms.metricfiles import AnswersForm, MetricFileForm, is_too_large, status_of
from experiments.importing import progress as progress_of
from experiments.imports.sentences import PROBLEMS, sentence
from experiments.imports.values import Issue
from experiments.models import MetricImport
from production.doors import seated
from production.errors import Refused
from production.models import Channel
from production.permissions import Seat
from production.sentences import say

State = MetricImport.State
PER_PAGE = 25
AT_ONCE = 2_000  # as many rows are written while the person waits; more, a worker writes
_PUBLIC_ID = re.compile(r"mim_[0-9A-Z]{26}", re.ASCII)


@seated("metric.write")
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The exports brought in so far, and the form for the next one."""
    form = MetricFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if not is_too_large(form, upload.size):
            received = importing.receive(upload, upload.name, seat=seat, at=timezone.now())
            if received.unchanged:
                messages.info(request, _("This file is here already; nothing has changed."))
            return redirect("metric-import", seat.workspace.slug, received.run.public_id)
    runs = MetricImport.objects.filter(workspace=seat.workspace).select_related("created_by")
    page = Paginator(runs.order_by("-id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "experiments/imports/files.html", context, status=status_of(form))


@seated("metric.write")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, seat: Seat, run: str) -> HttpResponse:
    """One export: its preview with what is asked, how far it is, or what came of it."""
    found = _found(seat, run)
    if found.state != State.PREVIEWED:
        return render(request, "experiments/imports/one.html", _context(seat, found))
    channels = Channel.objects.filter(workspace=seat.workspace).order_by("id")
    form = AnswersForm(request.POST or None, run=found, channels=list(channels))
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _answered(request, seat, found, form)
        except Refused as no:
            refused = [say(each) for each in no.refusals]
            found = _found(seat, run)
    context = _context(seat, found) | {"form": form, "refused": refused}
    status = 422 if form.errors else 409 if refused else 200
    return render(request, "experiments/imports/one.html", context, status=status)


@seated("metric.write")
@require_GET
def progress(request: HttpRequest, seat: Seat, run: str) -> HttpResponse:
    """How far the import is; asked every second by the page, which is told when to reload."""
    found = _found(seat, run)
    answer = render(request, "experiments/imports/one.html#progress", _context(seat, found))
    if found.state not in (State.APPLYING, State.UNDOING):
        answer["HX-Refresh"] = "true"
    return answer


@seated("import.undo")
@require_POST
def undo(request: HttpRequest, seat: Seat, run: str) -> HttpResponse:
    """Bring back what stood before the file."""
    found = _found(seat, run)
    try:
        found = importing.undo(found, seat=seat, at=timezone.now())
    except Refused as refused:
        for each in refused.refusals:
            messages.error(request, say(each))
    else:
        if found.state == State.UNDONE:
            messages.success(request, _("The import has been taken back."))
    return redirect("metric-import", seat.workspace.slug, found.public_id)


def _answered(
    request: HttpRequest, seat: Seat, run: MetricImport, form: AnswersForm
) -> HttpResponse:
    at = timezone.now()
    run = importing.settle(run, form.said(), seat=seat, at=at)
    if request.POST.get("action") == "commit":
        run = importing.begin(run, seat=seat, at=at)
        if run.progress_total <= AT_ONCE:
            importing.apply(run)
    return redirect("metric-import", seat.workspace.slug, run.public_id)


def _found(seat: Seat, public_id: str) -> MetricImport:
    if not _PUBLIC_ID.fullmatch(public_id):
        raise Http404
    runs = MetricImport.objects.filter(workspace=seat.workspace, public_id=public_id)
    return get_object_or_404(runs.select_related("workspace", "source", "channel", "created_by"))


def _context(seat: Seat, run: MetricImport) -> dict[str, Any]:
    done = progress_of.read(run)
    report = run.report
    return {
        "run": run,
        "report": report,
        "refusals": _sentences(report, "refusals"),
        "questions": _sentences(report, "questions"),
        "warnings": _sentences(report, "warnings") if not report.get("refusals") else [],
        "rejected": _sentences(report, "rejected"),
        "problem": PROBLEMS.get(report.get("problem", "")),
        "may_undo": seat.may("import.undo") and run.state == State.APPLIED,
        "done": done,
        "share": done / run.progress_total if run.progress_total else 0,
    }


def _sentences(report: dict[str, Any], name: str) -> list[str]:
    return [sentence(Issue(**each)) for each in report.get(name, ())]
