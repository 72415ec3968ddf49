"""Finding a card from anywhere: the search page, and what the command palette shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from production.doors import seated
from production.filters import ItemFilters
from production.models import Board, ContentItem
from production.permissions import Seat

ON_PAGE = 50
IN_PALETTE = 8
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Result:
    url: str
    text: str
    key: str = ""
    note: str = ""


@require_safe
@seated("search")
def search(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Cards of all boards and the archive that have the words in title, key or texts."""
    words = _words(request)
    rows = _found(seat, words).select_related("stage", "board", "channel") if words else None
    page = Paginator(rows, ON_PAGE).get_page(request.GET.get("page")) if rows is not None else None
    context = {"words": words, "page": page, "prefix": seat.workspace.item_prefix}
    return render(request, "production/log/search.html", context)


@require_safe
@seated("item.see")
def palette(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the palette offers for the words typed so far."""
    words = _words(request)
    groups: list[dict[str, Any]] = []
    if words:
        cards = _found(seat, words).select_related("stage")[:IN_PALETTE]
        groups = [
            {"label": gettext("Cards"), "results": [_card(item, seat) for item in cards]},
            {"label": gettext("Boards"), "results": _boards(seat, words)},
        ]
        if seat.may("search"):
            everything = f"{reverse('search', args=[seat.workspace.slug])}?{_query(words)}"
            text = gettext("Search everything for “%(words)s”") % {"words": words}
            groups.append({"label": gettext("Search"), "results": [Result(everything, text)]})
    return render(request, "includes/palette_results.html", {"groups": groups})


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]


def _query(words: str) -> str:
    query = QueryDict(mutable=True)
    query["q"] = words
    return query.urlencode()


def _found(seat: Seat, words: str) -> QuerySet[ContentItem]:
    """Whatever has the words, archived or not: the key first, then titles, then the rest."""
    visible = ContentItem.objects.visible_to(seat.user).filter(workspace=seat.workspace)
    filters = ItemFilters({}, visible, seat=seat)
    number = filters.number_of(words)
    rank = Case(
        When(number=number or 0, then=Value(0)),
        When(title__istartswith=words, then=Value(1)),
        When(title__icontains=words, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = filters.by_words(visible, "q", words)
    return found.annotate(nearness=rank).order_by("nearness", "-updated_at", "-id")


def _card(item: ContentItem, seat: Seat) -> Result:
    item.workspace = seat.workspace
    note = gettext("Archive") if item.archived_at else item.stage.name
    return Result(f"/w/{seat.workspace.slug}/items/{item.key}/", item.title, item.key, note)


def _boards(seat: Seat, words: str) -> list[Result]:
    boards = Board.objects.filter(Q(name__icontains=words), workspace=seat.workspace).active()
    return [
        Result(reverse("board-page", args=[seat.workspace.slug, board.public_id]), board.name)
        for board in boards.order_by("position", "id")[:IN_PALETTE]
    ]
