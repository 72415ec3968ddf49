"""Settings → Imports: choose a file, look at what it would make, commit, undo."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from production import imports
from production.doors import seated
from production.errors import Invalid, Refused
from production.forms import show
from production.forms.imports import FileForm, MappingForm
from production.imports import preview
from production.imports import progress as progress_of
from production.imports.plan import ImportProblem, Limits
from production.imports.runs import people_in
from production.imports.sentences import sentence
from production.models import Board, ImportRun, Stage
from production.permissions import Seat
from production.rules import Refusal
from production.sentences import say
from production.views.imports.told import told

State = ImportRun.State
PER_PAGE = 25
_PUBLIC_ID = re.compile(r"imp_[0-9A-Z]{26}", re.ASCII)


@seated("import.run")
@require_http_methods(["GET", "HEAD", "POST"])
def imports_(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The files brought in so far, and the form for the next one."""
    boards = _boards(seat)
    form = FileForm(request.POST or None, request.FILES or None, boards=boards)
    if request.method == "POST" and form.is_valid():
        try:
            received = _receive(form, seat, boards)
        except ImportProblem as problem:
            form.add_error("file", sentence(problem))
        else:
            if received.unchanged:
                messages.info(request, _("This file is here already; nothing has changed."))
            return redirect("import", seat.workspace.slug, received.run.public_id)
    runs = ImportRun.objects.filter(workspace=seat.workspace).select_related("created_by", "board")
    page = Paginator(runs.order_by("-id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(
        request, "production/imports/imports.html", context, status=422 if form.errors else 200
    )


@seated("import.run")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, seat: Seat, run: str) -> HttpResponse:
    """One file: its preview with every choice, how far it is, or what came of it."""
    found = _found(seat, run)
    if found.state != State.PREVIEWED:
        if request.method == "POST":
            messages.info(request, say(Refusal("import_settled")))
        return render(request, "production/imports/run.html", _context(seat, found))
    form = _form(request, seat, found)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _settled(request, seat, found, form)
        except Invalid as invalid:
            show(form, invalid)
        except ImportProblem as problem:
            form.add_error(None, sentence(problem))
        except Refused as refused:
            refusals = [say(each) for each in refused.refusals]
            found = _found(seat, run)
            form = _form(request, seat, found, bound=False)
    context = _context(seat, found) | {"form": form, "refused": refusals}
    status = 422 if form.errors else 409 if refusals else 200
    return render(request, "production/imports/preview.html", context, status=status)


@seated("import.run")
@require_GET
def progress(request: HttpRequest, seat: Seat, run: str) -> HttpResponse:
    """How far the import is; asked every second by the page, which is told when to reload."""
    found = _found(seat, run)
    answer = render(request, "production/imports/run.html#progress", _context(seat, found))
    if found.state != State.APPLYING:
        answer["HX-Refresh"] = "true"
    return answer


@seated("import.undo")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, seat: Seat, run: str) -> HttpResponse:
    """Asks, then takes back everything that the import made."""
    found = _found(seat, run)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            imports.undo(found, seat=seat, at=timezone.now())
        except Refused as refused:
            refusals = [say(each) for each in refused.refusals]
        else:
            messages.success(request, _("The import has been taken back."))
            return redirect("import", seat.workspace.slug, found.public_id)
    context = _context(seat, found) | {
        "refused": refusals,
        "items": found.items.count(),
        "changed": imports.changed_since(found),
    }
    return render(request, "production/imports/undo.html", context, status=409 if refusals else 200)


def _settled(request: HttpRequest, seat: Seat, run: ImportRun, form: MappingForm) -> HttpResponse:
    action = request.POST.get("action", "look")
    at = timezone.now()
    if action in ("by-kind", "one-each"):
        said = {name: value for name, value in form.said().items() if name != "lists"}
        imports.settle(run, said | {"by_kind": action == "by-kind"}, seat=seat, at=at)
    else:
        imports.settle(run, form.said(), seat=seat, at=at)
    if action == "commit":
        override = request.POST.get("override") == "on"
        imports.begin(run, seat=seat, at=at, override=override, in_background=True)
    return redirect("import", seat.workspace.slug, run.public_id)


def _receive(form: FileForm, seat: Seat, boards: list[Board]) -> imports.Received:
    upload = form.cleaned_data["file"]
    limits = Limits(bytes=settings.UPLOAD_LIMIT)
    if upload.size > limits.bytes:
        raise ImportProblem("file_too_large", megabytes=limits.bytes // (1024 * 1024))
    board = next((b for b in boards if b.public_id == form.cleaned_data["board"]), None)
    return imports.receive(
        upload.read(), upload.name, seat=seat, at=timezone.now(), board=board, limits=limits
    )


def _found(seat: Seat, public_id: str) -> ImportRun:
    if not _PUBLIC_ID.fullmatch(public_id):
        raise Http404
    runs = ImportRun.objects.filter(workspace=seat.workspace, public_id=public_id)
    return get_object_or_404(runs.select_related("workspace", "board", "created_by"))


def _form(request: HttpRequest, seat: Seat, run: ImportRun, *, bound: bool = True) -> MappingForm:
    stages = Stage.objects.filter(board=run.board, retired_at=None) if run.board else []
    return MappingForm(
        request.POST if bound and request.method == "POST" else None,
        run=run,
        plan=imports.plan_of(run),
        boards=_boards(seat),
        stages=sorted(stages, key=lambda stage: (stage.position, stage.pk)),
        people=people_in(seat.workspace),
    )


def _boards(seat: Seat) -> list[Board]:
    boards = Board.objects.filter(workspace=seat.workspace, archived_at=None)
    return list(boards.order_by("position", "id"))


def _context(seat: Seat, run: ImportRun) -> dict[str, Any]:
    done = progress_of.read(run)
    return {
        "run": run,
        "told": told(run),
        "refusals": preview.sentences_of(run.report),
        "may_override": seat.may("item.override"),
        "may_undo": seat.may("import.undo") and run.state == State.APPLIED,
        "done": done,
        "share": done / run.progress_total if run.progress_total else 0,
    }
