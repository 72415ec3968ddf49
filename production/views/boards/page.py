"""The board: the page, the rest of a column, single cards as they change."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from production import boardview
from production.attention import strip
from production.boardview import Column, LaneBy, Sight
from production.doors import seated
from production.errors import Invalid
from production.filters import ItemFilters
from production.ids import is_id
from production.ordering import LARGEST
from production.permissions import Seat
from production.savedviews import views_for
from production.views.boards import chips, words
from production.views.boards.sight import (
    AFTER,
    LANES,
    NAMED,
    SHOWN_AT,
    Boards,
    find_boards,
    sight_of,
    the_board,
)

MOST_NAMED = 100
_RANK = re.compile(r"-?[0-9]{1,19}", re.ASCII)
USUAL_VIEWS = ("mine=true", "late=true")


@require_safe
@seated("board.see")
def board(request: HttpRequest, seat: Seat, board: str = "") -> HttpResponse:
    """The board through the filters of the address."""
    boards = find_boards(seat, board)
    if boards is None:
        return render(request, "production/boards/no_board.html")
    if any("" in values for _name, values in request.GET.lists()):
        return redirect(f"{request.path}?{_without_empty(request).urlencode()}")
    try:
        if words.has_words(request.GET.get("q", "")):
            return redirect(f"{request.path}?{words.translate(request.GET, seat).urlencode()}")
        sight, filters = sight_of(request, seat, boards)
        lanes_by = _lanes(request)
    except Invalid as invalid:
        return not_understood(request, invalid)
    numbers = boardview.counts(sight)
    context: dict[str, Any] = _around(request, seat, boards) | {
        "numbers": numbers,
        "may_start": not numbers.all and not filters.asked and seat.may("playbook.change"),
        "filters": filters,
        "asked": bool(filters.asked),
        "chips": _chips(request, filters, seat),
        "lanes_by": lanes_by,
        "lane_choices": _lane_choices(request, lanes_by),
        "views": views_for(seat, boards.board),
        "current_view": _query_without_place(request),
        "headline": None if seat.is_external else boardview.headline(seat.workspace, sight.now),
        "alarms": None if seat.is_external else strip(seat, sight.now),
        "back": request.get_full_path(),
        "at": request.GET.get(SHOWN_AT, ""),
        "kept": _kept(request),
    }
    if lanes_by:
        context["lanes"] = boardview.lanes(sight, numbers, lanes_by)
        context["columns"] = _bare_columns(boards, numbers)
    else:
        context["columns"] = boardview.columns(sight, numbers)
    return render(request, "production/boards/board.html", context)


@require_safe
@seated("board.see")
def column(request: HttpRequest, seat: Seat, board: str, stage: str) -> HttpResponse:
    """The next cards of a column: a fragment for script, else a page of this stage alone."""
    boards = the_board(seat, board)
    to = boards.stage(stage)
    try:
        sight, filters = sight_of(request, seat, boards)
        after = _rank(request)
    except Invalid as invalid:
        return not_understood(request, invalid)
    cards = boardview.column_after(sight, to, after)
    numbers = boardview.counts(sight)
    shown = Column(to, numbers.wip.get(to.pk, 0), numbers.matching.get(to.pk, 0), cards)
    last = cards[-1].item.rank if len(cards) == boardview.COLUMN else None
    rest = last is not None and sight.items.filter(stage=to, rank__gt=last).exists()
    context = _around(request, seat, boards) | {
        "column": shown,
        "next_url": _next_url(request, last) if rest else "",
        "asked": bool(filters.asked),
    }
    if request.headers.get("HX-Request"):
        return render(request, "production/boards/board.html#more", context)
    return render(request, "production/boards/column.html", context)


@require_safe
@seated("board.see")
def cards(request: HttpRequest, seat: Seat, board: str) -> HttpResponse:
    """Those of the named cards that are shown, as they are now, and the counts of all stages."""
    boards = the_board(seat, board)
    try:
        sight, _ = sight_of(request, seat, boards)
    except Invalid as invalid:
        return not_understood(request, invalid)
    return render(
        request,
        "production/boards/board.html#patch",
        patch(request, seat, boards, sight, request.GET.getlist(NAMED)[:MOST_NAMED]),
    )


@require_safe
@seated("log.see")
def alarms(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What went wrong on the way out, as the strip above the columns shows it; 204 if no news."""
    found = strip(seat, timezone.now())
    if request.GET.get("known") == found.stamp:
        return HttpResponse(status=204)
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{shown.path}?{shown.query}" if shown.query else shown.path
    context = {"alarms": found, "back": back or reverse("board", args=[seat.workspace.slug])}
    return render(request, "production/boards/alarms.html", context)


def patch(
    request: HttpRequest, seat: Seat, boards: Boards, sight: Sight, named: list[str]
) -> dict[str, Any]:
    """What the fragment `patch` needs: the named cards and the counts."""
    numbers = boardview.counts(sight)
    return _around(request, seat, boards) | {
        "numbers": numbers,
        "lanes_by": _lanes_shown(request),
        "cards": boardview.some_cards(sight, filter(is_id, named)),
        "columns": _bare_columns(boards, numbers),
    }


def _around(request: HttpRequest, seat: Seat, boards: Boards) -> dict[str, Any]:
    return {
        "board": boards.board,
        "boards": boards.all,
        "seat": seat,
        "workspace": seat.workspace,
        "board_url": reverse("board-page", args=[seat.workspace.slug, boards.board.public_id]),
        "sees_counts": not seat.is_external,
        "may_add": seat.may("item.create"),
        "may_move": seat.may("item.move"),
        "may_pick": seat.may("item.bulk"),
        "query_string": request.GET.urlencode(),
    }


def _lanes_shown(request: HttpRequest) -> LaneBy:
    """The lanes of the page that asks: its query string, or what it sends along."""
    sent = QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET
    asked = sent.get(LANES, "")
    return LaneBy(asked) if asked in tuple(LaneBy) else LaneBy.NONE


def _bare_columns(boards: Boards, numbers: boardview.Counts) -> list[Column]:
    return [
        Column(stage, numbers.wip.get(stage.pk, 0), numbers.matching.get(stage.pk, 0))
        for stage in boards.stages
    ]


def _lanes(request: HttpRequest) -> LaneBy:
    asked = request.GET.get(LANES, "")
    if asked not in tuple(LaneBy):
        sentence = gettext("There are no lanes by this.")
        raise Invalid({LANES: [("invalid", sentence)]})
    return LaneBy(asked)


def _lane_choices(request: HttpRequest, current: LaneBy) -> list[tuple[LaneBy, str, bool]]:
    found = []
    for choice in LaneBy:
        left = request.GET.copy()
        left.pop(LANES, None)
        if choice:
            left[LANES] = choice.value
        found.append((choice, f"?{left.urlencode()}", choice == current))
    return found


def _chips(request: HttpRequest, filters: ItemFilters, seat: Seat) -> list[chips.FilterChip]:
    """The filters in use, but for the views that say so themselves."""
    if _query_without_place(request) in USUAL_VIEWS:
        return []
    return chips.chips(request.GET, filters, seat)


def _without_empty(request: HttpRequest) -> QueryDict:
    """The address without what a form left open."""
    left = request.GET.copy()
    for name, values in request.GET.lists():
        left.setlist(name, [value for value in values if value])
    return left


def _query_without_place(request: HttpRequest) -> str:
    left = request.GET.copy()
    left.pop(SHOWN_AT, None)
    return left.urlencode()


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What stays in the address when other words are searched for."""
    return [
        (name, value)
        for name, values in request.GET.lists()
        if name not in ("q", SHOWN_AT)
        for value in values
    ]


def _rank(request: HttpRequest) -> int | None:
    text = request.GET.get(AFTER, "")
    if not text:
        return None
    if not _RANK.fullmatch(text) or abs(int(text)) > LARGEST:
        raise Invalid({AFTER: [("invalid", gettext("A place in a column is a number."))]})
    return int(text)


def _next_url(request: HttpRequest, last: int | None) -> str:
    onward = request.GET.copy()
    onward[AFTER] = str(last)
    return f"{request.path}?{onward.urlencode()}"


def not_understood(request: HttpRequest, invalid: Invalid) -> HttpResponse:
    problems = [
        (field, sentence) for field, found in invalid.errors.items() for _, sentence in found
    ]
    context = {"problems": problems, "plain_url": request.path}
    return render(request, "production/boards/not_understood.html", context, status=400)
