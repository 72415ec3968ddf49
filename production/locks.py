"""The one order of locks: board, then item, then (last, by the log) workspace."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from production import faults
from production.errors import Refused
from production.models import Board, ContentItem
from production.rules import Refusal


def lock_board(board_id: int) -> Board:
    """Hold the board's row until the transaction ends: one mover at a time.

    Limits, places and order concern the whole board, so nothing smaller would do.
    """
    boards = Board.objects.select_related("workspace")
    if not faults.is_on("no-board-lock"):
        boards = boards.select_for_update(of=("self",))
    board = boards.get(pk=board_id)
    faults.point("board-locked")
    return board


def hold_board(board_id: int) -> None:
    """As `lock_board`, for who needs the lock and nothing of the board."""
    lock = "SELECT id FROM production_board WHERE id = %s"
    if connection.features.has_select_for_update and not faults.is_on("no-board-lock"):
        lock += " FOR UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(lock, [board_id])
    faults.point("board-locked")


def lock_item(
    item_id: int, *, related: Sequence[str] = ("stage", "workspace", "channel")
) -> ContentItem:
    """Hold the item's row and read it anew: a move and an edit never both make the same version."""
    items = ContentItem.objects.select_related(*related) if related else ContentItem.objects.all()
    if not faults.is_on("no-board-lock"):
        items = items.select_for_update(of=("self",))
    return items.get(pk=item_id)


def require_unarchived(item: ContentItem) -> ContentItem:
    """The item itself; Refused when it is archived: nobody changes it until it is restored."""
    if item.archived_at:
        raise Refused([Refusal("archived")])
    return item
