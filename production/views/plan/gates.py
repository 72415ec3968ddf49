"""Gates: what must hold before a card enters a stage."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from production import boards
from production.doors import seated
from production.errors import Invalid, Stale
from production.forms import order_of, show
from production.forms.boards import GateForm
from production.models import Board, Gate, Stage
from production.permissions import Seat
from production.views.plan.boards import board_of
from production.views.plan.stages import stage_of


@seated("plan.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The stages of one board, each with what it asks for; `?board=` chooses the board."""
    there = list(Board.objects.active().filter(workspace=seat.workspace).order_by("position", "id"))
    wanted = request.GET.get("board")
    board = board_of(seat, wanted) if wanted else there[0]
    gates = Gate.objects.select_related("channel").order_by("position", "id")
    asked, retired = gates.filter(retired_at=None), gates.exclude(retired_at=None)
    stages = (
        Stage.objects.filter(board=board, retired_at=None)
        .prefetch_related(
            Prefetch("gates", queryset=asked, to_attr="asked"),
            Prefetch("gates", queryset=retired, to_attr="retired"),
        )
        .order_by("position", "id")
    )
    return render(
        request,
        "production/plan/gates.html",
        {
            "boards": there,
            "board": board,
            "stages": stages,
            "may_change": seat.may("board.change"),
        },
    )


@seated("board.change")
def add(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """A further gate before the stage."""
    stage = stage_of(seat, public_id)
    form = GateForm(request.POST or None, board=stage.board)
    if request.method == "POST" and form.is_valid():
        try:
            boards.add_gate(stage, form.values(), seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect(_list(seat, stage.board))
    return _page(request, seat, form, stage)


@seated("board.change")
def change(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Another label or check."""
    gate = _gate(seat, public_id)
    form = GateForm(request.POST or None, instance=gate, board=gate.stage.board)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            boards.change_gate(gate, form.values(), seat=seat, at=timezone.now(), version=version)
        except Invalid as invalid:
            show(form, invalid)
        except Stale as stale:
            form = GateForm(instance=gate, board=gate.stage.board)
            form.initial["version"] = stale.current
            messages.warning(
                request, _("Somebody has just changed this gate; here is what it says now.")
            )
        else:
            messages.success(request, _("Saved."))
            return redirect(_list(seat, gate.stage.board))
    return _page(request, seat, form, gate.stage, gate=gate)


@seated("board.change")
@require_POST
def order(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """The order of the stage's gates."""
    stage = stage_of(seat, public_id)
    boards.reorder_gates(stage, order_of(request.POST), seat=seat, at=timezone.now())
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect(_list(seat, stage.board))


@seated("board.change")
@require_POST
def retire(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Ask for it no longer."""
    gate = _gate(seat, public_id)
    boards.retire_gate(gate, seat=seat, at=timezone.now())
    messages.info(
        request,
        _("“%(gate)s” is asked for no longer.") % {"gate": gate.label},
        extra_tags=reverse("settings-gate-restore", args=[seat.workspace.slug, public_id]),
    )
    return redirect(_list(seat, gate.stage.board))


@seated("board.change")
@require_POST
def restore(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Ask for it again."""
    gate = get_object_or_404(_gates_of(seat), public_id=public_id)
    boards.restore_gate(gate, seat=seat, at=timezone.now())
    return redirect(_list(seat, gate.stage.board))


def _gate(seat: Seat, public_id: str) -> Gate:
    return get_object_or_404(_gates_of(seat), public_id=public_id, retired_at=None)


def _gates_of(seat: Seat) -> QuerySet[Gate]:
    return Gate.objects.filter(workspace=seat.workspace).select_related("stage__board")


def _page(
    request: HttpRequest,
    seat: Seat,
    form: GateForm,
    stage: Stage,
    *,
    gate: Gate | None = None,
) -> HttpResponse:
    about = {"form": form, "stage": stage, "gate": gate, "list_url": _list(seat, stage.board)}
    return render(request, "production/plan/gate_form.html", about)


def _list(seat: Seat, board: Board) -> str:
    here = reverse("settings-gates", args=[seat.workspace.slug])
    return f"{here}?board={board.public_id}"
