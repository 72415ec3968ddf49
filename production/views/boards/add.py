"""Writing down a new card: a title and Enter, or from a format with its title formula."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import items
from production.doors import seated
from production.errors import Invalid, Refused
from production.ids import is_id
from production.models import Channel, ContentItem, Format, Stage
from production.moves import Anchors
from production.permissions import Seat
from production.views.boards import answers
from production.views.boards.sight import Boards, the_board


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.create")
def add(request: HttpRequest, seat: Seat, board: str) -> HttpResponse:
    """The form for a new card, and the card."""
    boards = the_board(seat, board)
    if request.method != "POST":
        return _form(request, seat, boards)
    stage = next((s for s in boards.stages if s.public_id == request.POST.get("stage")), None)
    title = request.POST.get("title", "").strip()
    template = _row(Format, request.POST.get("format", ""), seat)
    channel = _row(Channel, request.POST.get("channel", ""), seat)
    wish: dict[str, Any] = {
        "title": title,
        "seat": seat,
        "at": timezone.now(),
        "stage": stage,
        "anchors": _anchors(request, boards, stage),
        "values": {"channel": channel} if channel else {},
    }
    try:
        if template:
            item = items.from_format(boards.board, template, **wish)
        else:
            item = items.create(boards.board, **wish)
    except Invalid as invalid:
        return _form(request, seat, boards, said=answers.sentences(invalid), status=422)
    except Refused as refused:
        said = [problem.sentence for problem in answers.new_problems(refused.refusals)]
        return _form(request, seat, boards, said=said, status=409)
    said_so = gettext("%(key)s added to %(stage)s.") % {"key": item.key, "stage": item.stage.name}
    if request.POST.get("again"):
        messages.success(request, said_so)
        again = reverse("board-add", args=[seat.workspace.slug, boards.board.public_id])
        return redirect(f"{again}?stage={item.stage.public_id}")
    return answers.changed(request, seat, boards, [item], said=said_so, undoable=False)


def _form(
    request: HttpRequest,
    seat: Seat,
    boards: Boards,
    *,
    said: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    slug, board = seat.workspace.slug, boards.board
    context = {
        "board": board,
        "workspace": seat.workspace,
        "stages": boards.stages,
        "formats": Format.objects.filter(workspace=seat.workspace, retired_at=None)
        .exclude(state=Format.State.RETIRED)
        .order_by("position", "name"),
        "channels": Channel.objects.filter(workspace=seat.workspace, retired_at=None).order_by(
            "position", "name"
        ),
        "chosen": {name: data.get(name, "") for name in ("stage", "format", "channel", "title")},
        "said": said or [],
        "add_url": reverse("board-add", args=[slug, board.public_id]),
        "board_url": reverse("board-page", args=[slug, board.public_id]),
    }
    template = "production/boards/add.html"
    if request.method != "POST" and request.headers.get("HX-Target") == "quick":
        template += "#quick"
    return render(request, template, context, status=status)


def _anchors(request: HttpRequest, boards: Boards, stage: Stage | None) -> Anchors:
    """On top of the column where the line to write in stands; otherwise last."""
    if request.POST.get("place") != "first":
        return Anchors()
    return Anchors(before=ContentItem.objects.in_stage(stage or boards.stages[0]).first())


def _row(model: Any, public_id: str, seat: Seat) -> Any:
    """The word of the plan that is meant, in this workspace; nothing for an unknown one."""
    if not is_id(public_id):
        return None
    return model.objects.filter(
        workspace=seat.workspace, public_id=public_id, retired_at=None
    ).first()
