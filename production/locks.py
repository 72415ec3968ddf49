"""The one order of locks: board, then item, then (last, by the log) workspace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import QuerySet

from production import faults
from production.errors import Refused
from production.models import Board, ContentItem
from production.prepared import Prepared, Slot
from production.rules import Refusal


def lock_board(board_id: int) -> Board:
    """Hold the board's row until the transaction ends: one mover at a time.

    Limits, places and order concern the whole board, so nothing smaller would do.
    """
    board = _BOARD.models(board=board_id)[0]
    faults.point("board-locked")
    return board


def _board() -> QuerySet[Board]:
    boards = Board.objects.filter(pk=Slot("board")).select_related("workspace")
    if faults.is_on("no-board-lock"):
        return boards
    return boards.select_for_update(no_key=True, of=("self",))


_BOARD = Prepared(_board)


def hold_board(board_id: int) -> None:
    """As `lock_board`, for who needs the lock and nothing of the board."""
    _hold("production_board", board_id)
    faults.point("board-locked")


def lock_item(
    item_id: int, *, related: Sequence[str] = ("stage", "workspace", "channel")
) -> ContentItem:
    """Hold the item's row and read it anew: a move and an edit never both make the same version.

    Two statements: one that joined while it waits would look for the stage the item has just left.
    """
    _hold("production_contentitem", item_id)
    items = ContentItem.objects.select_related(*related) if related else ContentItem.objects.all()
    return items.get(pk=item_id)


def hold_all(items: Iterable[ContentItem]) -> None:
    """Hold many items, before the first of them is changed in a transaction that changes all.

    Each change ends with the workspace's row; who asked for the next item only then could wait
    for somebody who waits for that row.
    """
    rows = list(items)
    for board_id in sorted({item.board_id for item in rows}):
        hold_board(board_id)
    for item_id in sorted({item.pk for item in rows}):
        _hold("production_contentitem", item_id)


def _hold(table: str, pk: int) -> None:
    """Lock the row, though not against who only refers to it: that wait could go in a circle."""
    if not connection.features.has_select_for_update or faults.is_on("no-board-lock"):
        return
    with connection.cursor() as cursor:
        lock = f"SELECT id FROM {table} WHERE id = %s FOR NO KEY UPDATE"  # noqa: S608  no value in it
        cursor.execute(lock, [pk])


def require_unarchived(item: ContentItem) -> ContentItem:
    """The item itself; Refused when it is archived: nobody changes it until it is restored."""
    if item.archived_at:
        raise Refused([Refusal("archived")])
    return item
