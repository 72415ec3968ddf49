"""The stages of a board: add, change, reorder, split, retire."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from production import boards
from production.doors import seated
from production.errors import Invalid, Refused, Stale
from production.forms import order_of, show
from production.forms.boards import RetireStageForm, SplitForm, StageForm
from production.models import ContentItem, Stage
from production.permissions import Seat
from production.sentences import say
from production.views.plan.boards import board_of


@seated("board.change")
def add(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """A new stage of the board."""
    board = board_of(seat, public_id)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            boards.add_stage(board, form.values(), seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect(_list(seat))
    return _page(request, seat, form, title=_("Add a stage"), submit=_("Add"))


@seated("board.change")
def change(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Another name, kind or limit."""
    stage = stage_of(seat, public_id)
    form = StageForm(request.POST or None, instance=stage)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            boards.change_stage(stage, form.values(), seat=seat, at=timezone.now(), version=version)
        except Invalid as invalid:
            show(form, invalid)
        except Refused as refused:
            form.add_error("kind", [say(refusal) for refusal in refused.refusals])
        except Stale as stale:
            form = StageForm(instance=stage)
            form.initial["version"] = stale.current
            messages.warning(
                request, _("Somebody has just changed this stage; here is what it says now.")
            )
        else:
            messages.success(request, _("Saved."))
            return redirect(_list(seat))
    return _page(request, seat, form, title=stage.name, submit=_("Save"), stage=stage)


@seated("board.change")
@require_POST
def order(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """The whole order as dragged, or one step to the left or right."""
    board = board_of(seat, public_id)
    boards.reorder_stages(board, order_of(request.POST), seat=seat, at=timezone.now())
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect(_list(seat))


@seated("board.change")
def split(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """A second stage of the same kind behind it."""
    stage = stage_of(seat, public_id)
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            boards.split_stage(stage, form.cleaned_data["name"], seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect(_list(seat))
    title = _("Split %(stage)s") % {"stage": stage.name}
    return _page(request, seat, form, title=title, submit=_("Split"))


@seated("board.change")
def retire(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Asks where the cards go, then takes the stage off the board."""
    stage = stage_of(seat, public_id)
    cards = ContentItem.objects.active().filter(stage=stage).count()
    form = RetireStageForm(request.POST or None, stage=stage)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            boards.retire_stage(stage, seat=seat, at=timezone.now(), to=to)
        except Refused as refused:
            form.add_error(None, [say(refusal) for refusal in refused.refusals])
        else:
            messages.success(request, _("%(stage)s is off the board.") % {"stage": stage.name})
            return redirect(_list(seat))
    title = _("Retire %(stage)s?") % {"stage": stage.name}
    return _page(request, seat, form, title=title, submit=_("Retire"), cards=cards, danger=True)


@seated("board.change")
@require_POST
def restore(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Back on its board, where it stood."""
    rows = Stage.objects.filter(workspace=seat.workspace).select_related("board")
    try:
        boards.restore_stage(
            get_object_or_404(rows, public_id=public_id), seat=seat, at=timezone.now()
        )
    except Refused as refused:
        for refusal in refused.refusals:
            messages.error(request, say(refusal))
    return redirect(_list(seat))


def stage_of(seat: Seat, public_id: str) -> Stage:
    """A stage in use in the workspace; Http404 otherwise."""
    stage = stages_of(seat).filter(public_id=public_id).first()
    if stage is None:
        raise Http404
    return stage


def stages_of(seat: Seat) -> QuerySet[Stage]:
    return Stage.objects.filter(workspace=seat.workspace, retired_at=None).select_related("board")


def _page(
    request: HttpRequest,
    seat: Seat,
    form: BaseForm,
    *,
    title: str,
    submit: str,
    stage: Stage | None = None,
    cards: int | None = None,
    danger: bool = False,
) -> HttpResponse:
    about = {
        "form": form,
        "title": title,
        "submit": submit,
        "stage": stage,
        "cards": cards,
        "danger": danger,
        "list_url": _list(seat),
    }
    return render(request, "production/plan/stage_form.html", about)


def _list(seat: Seat) -> str:
    return reverse("settings-boards", args=[seat.workspace.slug])
