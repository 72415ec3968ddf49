"""How a workspace reckons its flow: the clock, the promise, the calendar, the stages that wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from production import boards, workspaces
from production.locks import hold_board
from production.models import Kind, Stage, Workspace
from production.permissions import Seat

_BEFORE_DELIVERY = (Kind.IDEA, Kind.SCRIPT, Kind.SHOOT, Kind.EDIT, Kind.PUBLISH)


@transaction.atomic
def change(
    changes: Mapping[str, Any], *, waiting: Collection[str] | None, seat: Seat, at: datetime
) -> Workspace:
    """Change the named fields, and let exactly the stages of `waiting` (public ids) wait.

    None leaves the stages as they are. Raises Invalid.
    """
    seat.require("flow.change")
    if waiting is not None:
        others = [each for each in stages(seat) if each.waiting != (each.public_id in waiting)]
        # Boards before the workspace, as every verb does.
        for board_id in sorted({each.board_id for each in others}):
            hold_board(board_id)
        for stage in others:
            boards.change_stage(stage, {"waiting": not stage.waiting}, seat=seat, at=at)
    return workspaces.change(changes, seat=seat, at=at)


def stages(seat: Seat) -> Sequence[Stage]:
    """The stages in which an item may wait before it is out, board by board in order."""
    rows = Stage.objects.filter(
        workspace=seat.workspace,
        retired_at=None,
        board__archived_at=None,
        kind__in=_BEFORE_DELIVERY,
    )
    ordered = rows.select_related("board").order_by("board__position", "board_id", "position", "id")
    return list(ordered)
