from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from production import events
from production.errors import Refused
from production.locks import lock_board, lock_item
from production.models import ContentItem, Event, Stage
from production.moves import stamps
from production.moves.move import Moved, data_of
from production.moves.places import Anchors, find_place
from production.permissions import Seat
from production.rules import ProposedMove, Refusal, room_in_stage

NEXT = 2**62  # above every number the log has, for the line that is about to be written
UNDO_ACCEPTED = timedelta(seconds=30)


@transaction.atomic
def undo(item: ContentItem, *, seat: Seat, at: datetime) -> Moved:
    """Take back the last move of the item; both moves then count for nothing.

    Raises Refused: later than 30 s, by somebody else, or after something else has moved it.
    """
    lock_board(item.board_id)
    item = lock_item(item.pk)
    last = (
        Event.objects.filter(workspace=item.workspace_id, subject=item.public_id)
        .filter(
            type__in=[
                "item.moved",
                "item.move_undone",
                "item.reordered",
            ]
        )
        .order_by("-seq")
        .first()
    )
    if item.archived_at:
        raise Refused([Refusal("archived")])
    if last is None or last.type != "item.moved" or last.actor_id != seat.user.pk:
        raise Refused([Refusal("undo_overtaken")])
    if at - last.recorded_at > UNDO_ACCEPTED:
        raise Refused([Refusal("undo_too_late")])
    back = Stage.objects.filter(
        board_id=item.board_id, public_id=last.data["from"]["id"], retired_at=None
    ).first()
    if back is None:
        raise Refused([Refusal("undo_overtaken")])

    _require_room(item, back)
    left = item.stage
    place = find_place(item, back, _old_neighbour(item, back, last))
    data = data_of(left, back, place) | {"voids": last.seq}
    undoing = {"seq": NEXT, "type": "item.move_undone", "occurred_at": at, "data": data}
    stamps.write(item, stamps.from_log(item, [undoing]))
    item.stage, item.rank, item.updated_at = back, place.rank, at
    item.version += 1
    item.save(update_fields=["stage", "rank", "version", "updated_at", *stamps.STAMPS])
    event = events.record(
        "item.move_undone",
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=seat.user,
        at=at,
        data=data,
    )
    return Moved(item, event, (), place.anchor_gone)


def _require_room(item: ContentItem, back: Stage) -> None:
    """Somebody may have taken the free place meanwhile; a blocking limit holds for everyone."""
    wip = ContentItem.objects.filter(stage=back, archived_at=None).exclude(pk=item.pk).count()
    proposed = ProposedMove(
        back.name,
        back.kind,
        item.stage.kind,
        wip=wip,
        wip_limit=back.wip_limit,
        limit_blocks=back.limit_mode == Stage.LimitMode.BLOCK,
    )
    if full := room_in_stage(proposed):
        raise Refused(full)


def _old_neighbour(item: ContentItem, back: Stage, last: Event) -> Anchors:
    """The card that now stands where ours stood: go directly above it."""
    below = (
        ContentItem.objects.filter(stage=back, archived_at=None, rank__gte=last.data["was_rank"])
        .exclude(pk=item.pk)
        .order_by("rank", "id")
        .first()
    )
    return Anchors(before=below)
