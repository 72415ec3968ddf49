"""What waits for one person: their cards by urgency, and the reviews they are asked for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from production import attention, gates
from production.boardview import Card, Desk
from production.doors import seated
from production.models import ContentItem, Kind, Stage
from production.permissions import Seat

MOST = 200
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One card and the stage it would go to next; None at the end of its board."""

    card: Card
    next_stage: Stage | None


@require_safe
@seated("item.see")
def my_work(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everything that is assigned to the person, the most urgent first."""
    lines = _lines(seat)
    context = {
        "now": [line for line in lines if line.card.item.stage.kind != Kind.IDEA],
        "ideas": [line for line in lines if line.card.item.stage.kind == Kind.IDEA],
        "today": attention.today(seat, timezone.now(), own=True),
    }
    return render(request, "production/log/my_work.html", context)


@require_safe
@seated("item.see")
def today(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All that needs somebody; of an external contributor's cards, what needs them."""
    found = attention.today(seat, timezone.now(), most=MOST)
    return render(request, "production/log/today.html", {"today": found})


@require_safe
@seated("review.see")
def reviews(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The open review requests: those the person can answer, then those of the others."""
    mine, others = attention.reviews_waiting(seat)
    return render(request, "production/log/reviews.html", {"mine": mine, "others": others})


def _lines(seat: Seat) -> list[Line]:
    by_board: dict[int, list[ContentItem]] = defaultdict(list)
    for item in _assigned(seat):
        by_board[item.board_id].append(item)
    stages = Stage.objects.filter(board__in=by_board, retired_at=None)
    of_board: dict[int, list[Stage]] = defaultdict(list)
    for stage in stages.order_by("position", "id"):
        of_board[stage.board_id].append(stage)
    now = timezone.now()
    found: list[Line] = []
    for board_id, items in by_board.items():
        own = of_board[board_id]
        for card in Desk(seat, own, now).write(items, gates.of_board(board_id)):
            place = card.item.stage.position
            onward = next((stage for stage in own if stage.position > place), None)
            found.append(Line(card, onward))
    return sorted(found, key=lambda line: (line.card.deadline or _NEVER, line.card.item.pk))


def _assigned(seat: Seat) -> list[ContentItem]:
    undecided = Q(stage__kind=Kind.LEARN, decision="")
    ahead = ~Q(stage__kind__in=(Kind.LEARN, Kind.DONE))
    items = ContentItem.objects.filter(
        undecided | ahead,
        workspace=seat.workspace,
        assignments__user=seat.user,
        archived_at=None,
    )
    return list(
        items.select_related("stage", "channel", "format", "pillar", "primary_kpi").order_by("id")[
            :MOST
        ]
    )
