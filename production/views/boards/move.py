"""Moving a card: its own form, what may be chosen there, and taking it back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from production import moves
from production.doors import item_by_key, seated
from production.errors import Refused, Stale
from production.ids import is_id
from production.models import ContentItem, Kind, Stage
from production.moves import Anchors
from production.permissions import Seat
from production.sentences import say
from production.undo import undo_request
from production.views.boards import answers
from production.views.boards.sight import Boards, items_of, the_board

FIRST, LAST = "first", "last"
MOST_PLACES = 200
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
WORDS = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the form wants the card; `version` is the one that the page showed."""

    to: Stage
    anchors: Anchors
    version: int | None
    override: str


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.move")
def move(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """The form *Move to…*, and the move."""
    item = item_by_key(seat, key)
    boards = the_board(seat, item.board.public_id)
    if request.method != "POST":
        return _form(request, seat, item, boards)
    wish = _wish(request, seat, item, boards)
    if wish is None:
        sentence = gettext("Choose a stage and a place that exist.")
        return _form(request, seat, item, boards, said=sentence, status=422)
    try:
        moved = moves.move(
            item,
            to=wish.to,
            seat=seat,
            at=timezone.now(),
            anchors=wish.anchors,
            version=wish.version,
            override=wish.override,
        )
    except Refused as refused:
        return _refuse(request, seat, item, boards, wish, refused)
    except Stale:
        return _stale(request, seat, item.key, boards)
    notes = [say(warning) for warning in moved.warnings]
    if moved.anchor_gone:
        notes.append(gettext("The card beside that place had gone; it went to the nearest one."))
    return answers.changed(
        request,
        seat,
        boards,
        [moved.item],
        said=_said(moved, item),
        notes=notes,
        undoable=moved.event is not None and moved.event.type == "item.moved",
        quiet=moved.event is not None and moved.event.type == "item.reordered",
    )


@require_safe
@seated("item.move")
def options(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """For every stage: may the card go there, and every reason why not."""
    item = item_by_key(seat, key)
    context = answers.context_of(item, seat, options=_options(item, seat))
    return render(request, "production/boards/options.html", context)


@require_POST
@seated("item.see")
def undo(request: HttpRequest, seat: Seat, request_id: str) -> HttpResponse:
    """Take back all that one earlier request of this person did."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    back = answers.url_back(request, seat)
    if not _REQUEST_ID.fullmatch(request_id):
        raise Http404
    try:
        items = undo_request(request_id, seat=seat, at=timezone.now())
    except Refused as refused:
        sentence = " ".join(dict.fromkeys(say(each) for each in refused.refusals))
        if wants_json:
            return JsonResponse({"detail": sentence}, status=409)
        messages.error(request, sentence)
        return redirect(back)
    if wants_json:
        return JsonResponse({"items": [item.public_id for item in items]})
    messages.success(request, gettext("Undone."))
    return redirect(back)


def _options(item: ContentItem, seat: Seat) -> list[dict[str, Any]]:
    found = []
    may_override = seat.may("item.override")
    for option in moves.options(item, seat=seat):
        overridable = all(refusal.overridable for refusal in option.refusals)
        found.append(
            {
                "stage": option.stage,
                "here": option.stage.pk == item.stage_id,
                "problems": answers.problems(item, option.refusals),
                "more": len(option.refusals) - 1,
                "overridable": bool(option.refusals) and overridable,
                "closed": bool(option.refusals) and not (may_override and overridable),
                "warnings": [say(warning) for warning in option.warnings],
            }
        )
    return found


def _wish(request: HttpRequest, seat: Seat, item: ContentItem, boards: Boards) -> Wish | None:
    to = next((s for s in boards.stages if s.public_id == request.POST.get("stage", "")), None)
    if to is None:
        return None
    anchors = _anchors(request, seat, item, boards, to)
    version = request.POST.get("version", "")
    if anchors is None or (version and not re.fullmatch("[0-9]{1,9}", version)):
        return None
    override = request.POST.get("override", "").replace("\x00", "").strip()[:WORDS]
    return Wish(to, anchors, int(version) if version else None, override)


def _anchors(
    request: HttpRequest, seat: Seat, item: ContentItem, boards: Boards, to: Stage
) -> Anchors | None:
    """Script names its neighbours, the form a place; neither means last, and first when done."""
    beside = ContentItem.objects.filter(board=item.board, workspace=seat.workspace)
    named = {name: request.POST.get(name, "") for name in ("before", "after")}
    if any(is_id(each) for each in named.values()):
        ids = [each for each in named.values() if is_id(each)]
        rows = {row.public_id: row for row in beside.filter(public_id__in=ids)}
        return Anchors(before=rows.get(named["before"]), after=rows.get(named["after"]))
    place = request.POST.get("place", "")
    if place == FIRST or (not place and to.kind == Kind.DONE and to.pk != item.stage_id):
        top = beside.filter(stage=to, archived_at=None).exclude(pk=item.pk)
        return Anchors(before=top.order_by("rank", "id").first())
    if place in ("", LAST):
        last = beside.filter(stage=to, archived_at=None).exclude(pk=item.pk)
        moves_within = place == LAST and to.pk == item.stage_id
        return Anchors(after=last.order_by("rank", "id").last()) if moves_within else Anchors()
    after = beside.filter(public_id=place).first() if is_id(place) else None
    return Anchors(after=after) if after else None


def _form(
    request: HttpRequest,
    seat: Seat,
    item: ContentItem,
    boards: Boards,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    here = _options(item, seat)
    places = items_of(seat, boards.board).filter(archived_at=None).exclude(pk=item.pk)  # type: ignore[attr-defined]
    context = answers.context_of(
        item,
        seat,
        options=here,
        places=_places(boards, places, seat),
        may_override=seat.may("item.override") and any(each["overridable"] for each in here),
        chosen=more.get("chosen") or item.stage.public_id,
        next=request.POST.get("next") or request.GET.get("next", ""),
    )
    return render(request, "production/boards/move.html", context | more, status=status)


def _places(boards: Boards, items: Any, seat: Seat) -> list[dict[str, Any]]:
    """The cards after which one may go, by stage, as far as a list of them can be read."""
    prefix = seat.workspace.item_prefix
    rows = items.order_by("stage__position", "rank", "id").values_list(
        "stage_id", "public_id", "number", "title"
    )[:MOST_PLACES]
    by_stage: dict[int, list[tuple[str, str]]] = {stage.pk: [] for stage in boards.stages}
    for stage_id, public_id, number, title in rows:
        if stage_id in by_stage:
            by_stage[stage_id].append((public_id, f"{prefix}-{number} {title}"))
    return [
        {"stage": stage, "cards": by_stage[stage.pk]}
        for stage in boards.stages
        if by_stage[stage.pk]
    ]


def _refuse(
    request: HttpRequest,
    seat: Seat,
    item: ContentItem,
    boards: Boards,
    wish: Wish,
    refused: Refused,
) -> HttpResponse:
    more = {
        "refused": answers.problems(item, refused.refusals),
        "refused_stage": wish.to,
        "chosen": wish.to.public_id,
    }
    return _form(request, seat, item, boards, status=409, **more)


def _stale(request: HttpRequest, seat: Seat, key: str, boards: Boards) -> HttpResponse:
    fresh = item_by_key(seat, key)
    said = gettext("%(key)s has changed meanwhile: it is in %(stage)s now. Look, then try again.")
    words = {"key": fresh.key, "stage": fresh.stage.name}
    return _form(request, seat, fresh, boards, status=409, said=said % words, stale=True)


def _said(moved: moves.Moved, before: ContentItem) -> str:
    words = {"key": before.key, "stage": moved.item.stage.name}
    if moved.event is None:
        return gettext("%(key)s stands there already.") % words
    if moved.event.type == "item.reordered":
        return gettext("%(key)s has a new place in %(stage)s.") % words
    return gettext("%(key)s moved to %(stage)s.") % words
