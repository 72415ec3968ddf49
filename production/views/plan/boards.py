"""Boards and their stages: one page with all of them, and a page for each change."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from production import boards
from production.doors import seated
from production.errors import Invalid, Refused
from production.forms import order_of, show
from production.forms.boards import BoardForm
from production.models import Board, Stage
from production.permissions import Seat
from production.sentences import say


@seated("plan.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every board with its stages; archived ones below."""
    stages = (
        Stage.objects.filter(retired_at=None)
        .annotate(cards=Count("items", filter=Q(items__archived_at=None)))
        .order_by("position", "id")
    )
    retired = Stage.objects.exclude(retired_at=None).order_by("retired_at", "id")
    there = list(
        Board.objects.filter(workspace=seat.workspace)
        .prefetch_related(
            Prefetch("stages", queryset=stages, to_attr="columns"),
            Prefetch("stages", queryset=retired, to_attr="retired"),
        )
        .order_by("position", "id")
    )
    return render(
        request,
        "production/plan/boards.html",
        {
            "boards": [
                (board, boards.warnings(board.columns)) for board in there if not board.archived_at
            ],
            "archived": [board for board in there if board.archived_at],
            "may_change": seat.may("board.change"),
        },
    )


@seated("board.change")
def add(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A further board."""
    form = BoardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            boards.add(form.cleaned_data["name"], seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect(_list(seat))
    about = {"form": form, "title": _("Add a board"), "submit": _("Add"), "list_url": _list(seat)}
    return render(request, "production/plan/board_form.html", about)


@seated("board.change")
def rename(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Another name for the board."""
    board = board_of(seat, public_id)
    form = BoardForm(request.POST or None, initial={"name": board.name})
    if request.method == "POST" and form.is_valid():
        try:
            boards.rename(board, form.cleaned_data["name"], seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect(_list(seat))
    about = {"form": form, "title": board.name, "submit": _("Rename"), "list_url": _list(seat)}
    return render(request, "production/plan/board_form.html", about)


@seated("board.change")
@require_POST
def order(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The order of the boards."""
    boards.reorder(order_of(request.POST), seat=seat, at=timezone.now())
    return redirect(_list(seat))


@seated("board.change")
@require_POST
def archive(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Put a board away, with a way back."""
    try:
        board = boards.archive(board_of(seat, public_id), seat=seat, at=timezone.now())
    except Refused as refused:
        for refusal in refused.refusals:
            messages.error(request, say(refusal))
    else:
        messages.info(
            request,
            _("%(name)s is archived.") % {"name": board.name},
            extra_tags=reverse("settings-board-restore", args=[seat.workspace.slug, public_id]),
        )
    return redirect(_list(seat))


@seated("board.change")
@require_POST
def restore(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Bring an archived board back."""
    boards.restore(board_of(seat, public_id), seat=seat, at=timezone.now())
    return redirect(_list(seat))


def board_of(seat: Seat, public_id: str) -> Board:
    """The workspace's board; Http404 otherwise."""
    board = Board.objects.filter(workspace=seat.workspace, public_id=public_id).first()
    if board is None:
        raise Http404
    return board


def _list(seat: Seat) -> str:
    return reverse("settings-boards", args=[seat.workspace.slug])
