from __future__ import annotations

from datetime import datetime

from django.db import transaction

from production import events, rules
from production.errors import Refused
from production.locks import lock_board, lock_item
from production.models import ContentItem, Stage
from production.moves.places import Anchors, find_place
from production.moves.stamps import brief
from production.permissions import Seat


@transaction.atomic
def archive(item: ContentItem, *, seat: Seat, at: datetime) -> ContentItem:
    """Take the item off the board; it keeps its key and its past. Twice is once."""
    item = _locked(item)
    if item.archived_at:
        return item
    item.archived_at, item.updated_at, item.version = at, at, item.version + 1
    item.save(update_fields=["archived_at", "updated_at", "version"])
    events.record(
        "item.archived",
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=seat.user,
        at=at,
        data={"stage": brief(item.stage)},
    )
    return item


@transaction.atomic
def restore(item: ContentItem, *, seat: Seat, at: datetime) -> ContentItem:
    """Put an archived item back, last in its stage; a retired stage gives way to the first one.

    Raises Refused when a blocking limit leaves no room.
    """
    item = _locked(item)
    if not item.archived_at:
        return item
    stage = item.stage
    if stage.retired_at:
        stage = Stage.objects.filter(board=item.board_id, retired_at=None).order_by("position")[0]
    wip = ContentItem.objects.filter(stage=stage, archived_at=None).count()
    full = rules.room_in_stage(
        rules.ProposedMove(
            stage.name,
            stage.kind,
            stage.kind,
            wip=wip,
            wip_limit=stage.wip_limit,
            limit_blocks=stage.limit_mode == Stage.LimitMode.BLOCK,
        )
    )
    if full:
        raise Refused(full)
    place = find_place(item, stage, Anchors())
    item.archived_at, item.updated_at, item.version = None, at, item.version + 1
    item.stage, item.rank = stage, place.rank
    item.save(update_fields=["archived_at", "updated_at", "version", "stage", "rank"])
    data = {"stage": brief(stage), "rank": item.rank} | (
        {"ranks": place.ranks} if place.ranks else {}
    )
    events.record(
        "item.restored",
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=seat.user,
        at=at,
        data=data,
    )
    return item


def _locked(item: ContentItem) -> ContentItem:
    lock_board(item.board_id)
    return lock_item(item.pk)
