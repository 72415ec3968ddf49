"""What a caller may find: every look-up begins with the seat, so what is foreign does not exist."""

from __future__ import annotations

from django.db.models import QuerySet

from production.models import Assignment, Board, ContentItem, Gate, Membership, Stage
from production.permissions import Seat

ITEM_LINKS = (
    "board", "stage", "channel", "pillar", "format", "goal", "partner", "parent",
    "primary_kpi", "secondary_kpi", "created_by",
)  # fmt: skip


def items_of(seat: Seat) -> QuerySet[ContentItem]:
    """The workspace's items; for an external contributor those assigned to them."""
    rows = ContentItem.objects.filter(workspace=seat.workspace)
    if seat.is_external:
        rows = rows.filter(pk__in=Assignment.objects.filter(user=seat.user).values("item"))
    return rows


def whole_items_of(seat: Seat) -> QuerySet[ContentItem]:
    """As `items_of`, with all that the API says of an item, in three queries."""
    return items_of(seat).select_related(*ITEM_LINKS).prefetch_related("labels", "assignees")


def boards_of(seat: Seat) -> QuerySet[Board]:
    return Board.objects.filter(workspace=seat.workspace)


def stages_of(seat: Seat) -> QuerySet[Stage]:
    return Stage.objects.filter(workspace=seat.workspace).select_related("board")


def gates_of(seat: Seat) -> QuerySet[Gate]:
    return Gate.objects.filter(workspace=seat.workspace).select_related("stage", "channel")


def seats_of(seat: Seat) -> QuerySet[Membership]:
    """Those who sit in the workspace now."""
    rows = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    return rows.select_related("user")
