"""Narrowing the board: the form of all filters, and views that keep them under a name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from production import savedviews
from production.doors import seated
from production.errors import Invalid
from production.filters import ItemFilters
from production.ids import is_id
from production.models import (
    Channel,
    Format,
    KpiDefinition,
    Label,
    Membership,
    Pillar,
    SavedView,
)
from production.permissions import Seat
from production.views.boards import answers
from production.views.boards.sight import Boards, the_board

_PLAN = (("channel", Channel), ("pillar", Pillar), ("format", Format), ("label", Label))


@require_safe
@seated("board.see")
def filter_form(request: HttpRequest, seat: Seat, board: str) -> HttpResponse:
    """All filters as a form whose answer is the board's own address."""
    boards = the_board(seat, board)
    context = {
        "board": boards.board,
        "board_url": _board_url(seat, boards),
        "choices": _choices(seat),
        "flags": _flags(request),
        "kept": [
            (name, value) for name, value in request.GET.items() if name in ("q", "lanes") and value
        ],
    }
    for choice in context["choices"]:  # type: ignore[attr-defined]
        choice["chosen"] = request.GET.getlist(choice["name"])
    return render(request, "production/boards/filter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("view.save")
def views(request: HttpRequest, seat: Seat, board: str) -> HttpResponse:
    """The views one sees here, and a form that keeps the filters of the address as one more."""
    boards = the_board(seat, board)
    if request.method != "POST":
        return _views(request, seat, boards, query=request.GET.urlencode())
    query = request.POST.get("query", "")
    try:
        view = savedviews.save(
            boards.board,
            name=request.POST.get("name", ""),
            query=query,
            seat=seat,
            shared=request.POST.get("shared") == "true",
        )
    except Invalid as invalid:
        said = answers.sentences(invalid)
        return _views(request, seat, boards, query=query, said=said, status=422)
    messages.success(request, gettext("The view %(name)s is kept.") % {"name": view.name})
    return redirect(f"{_board_url(seat, boards)}?{view.query}")


@require_POST
@seated("view.save")
def view(request: HttpRequest, seat: Seat, board: str, view: str) -> HttpResponse:
    """Share a view, keep it to oneself again, or forget it."""
    boards = the_board(seat, board)
    rows = savedviews.views_for(seat, boards.board)
    found = rows.filter(public_id=view).first() if is_id(view) else None
    if found is None:
        raise Http404
    verb = request.POST.get("do", "")
    if verb == "delete":
        savedviews.delete(found, seat=seat)
        messages.success(request, gettext("The view %(name)s is gone.") % {"name": found.name})
    elif verb in ("share", "unshare"):
        savedviews.share(found, seat=seat, shared=verb == "share")
        messages.success(request, _shared_words(found))
    else:
        raise Http404
    return redirect(_board_url(seat, boards))


def _shared_words(view: SavedView) -> str:
    if view.shared:
        return gettext("The team sees the view %(name)s now.") % {"name": view.name}
    return gettext("The view %(name)s is yours alone again.") % {"name": view.name}


def _views(
    request: HttpRequest,
    seat: Seat,
    boards: Boards,
    *,
    query: str,
    said: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "board": boards.board,
        "board_url": _board_url(seat, boards),
        "query": query,
        "views": savedviews.views_for(seat, boards.board).select_related("owner"),
        "may_share": seat.may("view.share"),
        "said": said or [],
        "name": request.POST.get("name", ""),
    }
    return render(request, "production/boards/views.html", context, status=status)


def _board_url(seat: Seat, boards: Boards) -> str:
    return reverse("board-page", args=[seat.workspace.slug, boards.board.public_id])


def _choices(seat: Seat) -> list[dict[str, Any]]:
    labels = ItemFilters.base_filters
    found: list[dict[str, Any]] = []
    if not seat.is_external:
        people = (
            Membership.objects.filter(workspace=seat.workspace, removed_at=None)
            .order_by("user__name", "id")
            .values_list("user__public_id", "user__name")
        )
        found.append(
            {"name": "assignee", "label": labels["assignee"].label, "options": list(people)}
        )
    for name, model in _PLAN:
        rows = model.objects.filter(workspace=seat.workspace, retired_at=None)  # type: ignore[attr-defined]
        options = list(rows.order_by("position", "name").values_list("public_id", "name"))
        found.append({"name": name, "label": labels[name].label, "options": options})
    kpis = KpiDefinition.objects.filter(workspace=seat.workspace, retired_at=None)
    options = list(kpis.order_by("position", "name").values_list("public_id", "name"))
    found.append({"name": "kpi", "label": labels["kpi"].label, "options": options})
    return [choice for choice in found if choice["options"]]


def _flags(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": ItemFilters.base_filters[name].label,
            "on": request.GET.get(name) == "true",
        }
        for name in ("mine", "blocked", "late", "will_miss", "overdue")
    ]
