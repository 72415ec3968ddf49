from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from production import events, presets
from production.arranging import put_in_order
from production.checks import check
from production.errors import Refused
from production.locks import lock_board
from production.models import Board
from production.permissions import Seat
from production.rules import Refusal


@transaction.atomic
def add(name: str, *, seat: Seat, at: datetime) -> Board:
    """A further board, with one stage per kind and without gates. Raises Invalid."""
    seat.require("board.change")
    boards = Board.objects.filter(workspace=seat.workspace)
    last = boards.aggregate(last=Max("position"))["last"]
    board = Board(
        workspace=seat.workspace,
        name=name.strip(),
        position=0 if last is None else last + 1,
        created_at=at,
    )
    check(board)
    board.save(force_insert=True)
    presets.add_stages(board, seat.workspace.language)
    _record("board.added", board, seat, at, {"name": board.name})
    return board


@transaction.atomic
def rename(board: Board, name: str, *, seat: Seat, at: datetime) -> Board:
    """Give the board another name. Raises Invalid."""
    seat.require("board.change")
    board = lock_board(board.pk)
    former, board.name = board.name, name.strip()
    if board.name == former:
        return board
    board.version += 1
    check(board)
    board.save(update_fields=["name", "version"])
    _record("board.changed", board, seat, at, {"changes": {"name": [former, board.name]}})
    return board


@transaction.atomic
def reorder(order: Sequence[str], *, seat: Seat, at: datetime) -> list[Board]:
    """Put the workspace's boards into this order of public ids; the first is where people land."""
    seat.require("board.change")
    boards = list(_all(seat))
    arranged = put_in_order(boards, order)
    if arranged != boards:
        events.record(
            "board.reordered",
            seat.workspace.public_id,
            workspace_id=seat.workspace.pk,
            by=seat.user,
            at=at,
            data={"order": [board.public_id for board in arranged]},
        )
    return arranged


@transaction.atomic
def archive(board: Board, *, seat: Seat, at: datetime) -> Board:
    """Put the board away with its cards; the last one stays. Twice is once. Raises Refused."""
    seat.require("board.change")
    # All boards are held, so that the last two cannot go at the same moment.
    there = [each for each in _all(seat) if each.archived_at is None]
    board = lock_board(board.pk)
    if board.archived_at:
        return board
    if len(there) < 2:
        raise Refused([Refusal("last_board", {"board": board.name})])
    board.archived_at, board.version = at, board.version + 1
    board.save(update_fields=["archived_at", "version"])
    _record("board.archived", board, seat, at, {"name": board.name})
    return board


@transaction.atomic
def restore(board: Board, *, seat: Seat, at: datetime) -> Board:
    """Bring an archived board back as it was. Twice is once."""
    seat.require("board.change")
    board = lock_board(board.pk)
    if board.archived_at is None:
        return board
    board.archived_at, board.version = None, board.version + 1
    board.save(update_fields=["archived_at", "version"])
    _record("board.restored", board, seat, at, {"name": board.name})
    return board


def _all(seat: Seat) -> Sequence[Board]:
    """The workspace's boards as they stand, held; always in the order of their ids."""
    held = Board.objects.select_for_update(no_key=True)
    rows = held.filter(workspace=seat.workspace).order_by("id")
    return sorted(rows, key=lambda board: (board.position, board.pk))


def _record(type: str, board: Board, seat: Seat, at: datetime, data: dict[str, Any]) -> None:
    events.record(
        type,
        board.public_id,
        workspace_id=board.workspace_id,
        board_id=board.pk,
        by=seat.user,
        at=at,
        data=data,
    )
