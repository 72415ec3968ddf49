from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from production import changes as changing
from production import events, ordering, origin
from production.arranging import arranged, put_in_order
from production.checks import check
from production.errors import Invalid, Refused
from production.locks import lock_board
from production.models import Board, ContentItem, Kind, Stage
from production.moves.move import brief
from production.permissions import Seat
from production.rules import Refusal

CHANGEABLE = ("name", "kind", "waiting", "wip_limit", "limit_mode")
# A card begins in the one and ends in the other: a board without them has no clock.
INDISPENSABLE = (Kind.IDEA, Kind.DONE)


@transaction.atomic
def add_stage(
    board: Board,
    values: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    after: Stage | None = None,
) -> Stage:
    """A new stage behind `after`, or as the last of its kind. Raises Invalid."""
    seat.require("board.change")
    board = lock_board(board.pk)
    stages = _stages(board)
    stage = Stage(workspace=board.workspace, board=board, position=len(stages))
    changing.apply(stage, values, fields=CHANGEABLE)
    stage.name = stage.name.strip()
    _check(stage)
    stage.save(force_insert=True)
    index = _place_for(stage, stages, after)
    put_in_order([*stages[:index], stage, *stages[index:]])
    data = {
        "stage": stage.public_id,
        "name": stage.name,
        "kind": stage.kind,
        "position": stage.position,
    }
    _record("stage.added", board, seat, at, data)
    return stage


@transaction.atomic
def change_stage(
    stage: Stage,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> Stage:
    """Change the named fields. Another kind changes no time that a card already carries.

    Raises Invalid; Stale; Refused for the kind of the last stage of kind idea or done.
    """
    seat.require("board.change")
    board, stage = _held(stage)
    changing.require_version(stage, version, changes.keys())
    if changes.get("kind", stage.kind) != stage.kind:
        _require_another_of_its_kind(stage)
    noted = changing.apply(stage, changes, fields=CHANGEABLE)
    if not noted:
        return stage
    stage.name = stage.name.strip()
    _check(stage)
    stage.version += 1
    stage.save(update_fields=[*noted, "version"])
    _record("stage.changed", board, seat, at, {"stage": stage.public_id, "changes": noted})
    return stage


@transaction.atomic
def reorder_stages(board: Board, order: Sequence[str], *, seat: Seat, at: datetime) -> list[Stage]:
    """Put the stages into this order of public ids; those not named follow as they stood."""
    seat.require("board.change")
    board = lock_board(board.pk)
    stages = _stages(board)
    if arranged(stages, order) == stages:
        return stages
    stages = put_in_order(stages, order)
    ids = [stage.public_id for stage in stages]
    _record("stage.reordered", board, seat, at, {"order": ids})
    return stages


def split_stage(stage: Stage, name: str, *, seat: Seat, at: datetime) -> Stage:
    """A second stage of the same kind directly behind this one; the cards stay where they are."""
    values = {"name": name, "kind": stage.kind, "waiting": stage.waiting}
    return add_stage(stage.board, values, seat=seat, at=at, after=stage)


@transaction.atomic
def retire_stage(stage: Stage, *, seat: Seat, at: datetime, to: Stage | None = None) -> Stage:
    """Take the stage off the board; its cards go to the end of `to`.

    That is a migration, not a move: no gate is asked and no time on a card changes. Raises Refused
    for the last stage of kind idea or done and for cards without a destination; Invalid for a
    destination that is none.
    """
    seat.require("board.change")
    board, stage = _held(stage)
    if stage.retired_at:
        return stage
    _require_another_of_its_kind(stage)
    stages = [each for each in _stages(board) if each.pk != stage.pk]
    to = _destination(to, stages)
    migrated = _migrate(stage, to, at)
    stage.retired_at, stage.version = at, stage.version + 1
    stage.save(update_fields=["retired_at", "version"])
    put_in_order(stages)
    data = {"stage": stage.public_id, "name": stage.name}
    if migrated and to is not None:
        with origin.coming_from(origin.MIGRATION, origin.current().request_id):
            moved = {"items": migrated, "from": brief(stage), "to": brief(to)}
            _record("stage.migrated", board, seat, at, moved)
        data["moved_to"] = to.public_id
    _record("stage.retired", board, seat, at, data)
    return stage


@transaction.atomic
def restore_stage(stage: Stage, *, seat: Seat, at: datetime) -> Stage:
    """Put a retired stage back where it stood, with its gates; its cards stay where they went.

    Twice is once. Raises Refused when another stage has its name by now.
    """
    seat.require("board.change")
    board, stage = _held(stage)
    if stage.retired_at is None:
        return stage
    if _same_name(stage).exists():
        raise Refused([Refusal("stage_name_taken", {"stage": stage.name})])
    stages = _stages(board)
    stage.retired_at, stage.version = None, stage.version + 1
    stage.save(update_fields=["retired_at", "version"])
    index = min(stage.position, len(stages))
    put_in_order([*stages[:index], stage, *stages[index:]])
    data = {"stage": stage.public_id, "name": stage.name, "position": stage.position}
    _record("stage.restored", board, seat, at, data)
    return stage


def _migrate(stage: Stage, to: Stage | None, at: datetime) -> dict[str, int]:
    """Put the stage's cards behind those of `to`; each card's new rank by its public id."""
    cards = list(ContentItem.objects.filter(stage=stage).order_by("rank", "id"))
    on_board = [card for card in cards if card.archived_at is None]
    if to is None and on_board:
        raise Refused([Refusal("stage_not_empty", {"stage": stage.name, "count": len(on_board)})])
    if to is None:
        return {}
    there = ContentItem.objects.filter(stage=to, archived_at=None)
    last = there.aggregate(last=Max("rank"))["last"] or 0
    for number, card in enumerate(on_board, start=1):
        card.rank = last + number * ordering.GAP
    for card in cards:
        card.stage, card.version, card.updated_at = to, card.version + 1, at
    ContentItem.objects.bulk_update(
        cards, ["stage", "rank", "version", "updated_at"], batch_size=200
    )
    return {card.public_id: card.rank for card in cards}


def _destination(to: Stage | None, stages: Sequence[Stage]) -> Stage | None:
    """The row among the board's own stages; Invalid when it is not there."""
    if to is None:
        return None
    for stage in stages:
        if stage.pk == to.pk:
            return stage
    message = _("Choose another stage of the same board.")
    raise Invalid({"to": [("does_not_exist", message)]})


def _require_another_of_its_kind(stage: Stage) -> None:
    if stage.kind not in INDISPENSABLE:
        return
    others = Stage.objects.filter(board=stage.board_id, kind=stage.kind, retired_at=None)
    if not others.exclude(pk=stage.pk).exists():
        raise Refused([Refusal("last_stage_of_kind", {"stage": stage.name})])


def _check(stage: Stage) -> None:
    if stage.wip_limit == 0:
        message = _("A limit is at least 1. Leave it empty for no limit.")
        raise Invalid({"wip_limit": [("range", message)]})
    if _same_name(stage).exists():
        message = _("Another stage has this name. Choose a different one.")
        raise Invalid({"name": [("taken", message)]})
    check(stage, only=[*CHANGEABLE])


def _same_name(stage: Stage) -> QuerySet[Stage]:
    """The other stages in use that are called so."""
    named = Stage.objects.filter(board=stage.board_id, name=stage.name, retired_at=None)
    return named.exclude(pk=stage.pk)


def _place_for(stage: Stage, stages: Sequence[Stage], after: Stage | None) -> int:
    """Behind `after`; else behind the last stage of the same or an earlier kind."""
    if after is not None and after in stages:
        return stages.index(after) + 1
    order = Kind.values.index(stage.kind)
    return sum(1 for each in stages if Kind.values.index(each.kind) <= order)


def _held(stage: Stage) -> tuple[Board, Stage]:
    board = lock_board(stage.board_id)
    return board, Stage.objects.select_related("board").get(pk=stage.pk)


def _stages(board: Board) -> list[Stage]:
    return list(Stage.objects.filter(board=board, retired_at=None).order_by("position", "id"))


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
