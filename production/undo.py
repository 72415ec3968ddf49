"""Taking back what one request did: every move, edit and archiving in it, last first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from production import items, moves
from production.errors import Refused
from production.items.undo import UNDO_ACCEPTED
from production.models import ContentItem, Event
from production.permissions import Seat
from production.rules import Refusal

UNDOABLE = ("item.moved", "item.edited", "outcome.recorded", "item.archived")


@transaction.atomic
def undo_request(request_id: str, *, seat: Seat, at: datetime) -> list[ContentItem]:
    """Undo all that this person did in that request; all of it or, Refused, nothing."""
    done = list(
        Event.objects.filter(
            workspace=seat.workspace,
            actor=seat.user,
            request_id=request_id,
            type__in=UNDOABLE,
            recorded_at__gte=at - UNDO_ACCEPTED,
        ).order_by("-seq")
    )
    if not request_id or not done:
        raise Refused([Refusal("undo_too_late")])
    changed: dict[int, ContentItem] = {}
    for event in done:
        item = (
            ContentItem.objects.visible_to(seat.user)
            .select_related("stage", "workspace")
            .get(workspace=seat.workspace, public_id=event.subject)
        )
        changed[item.pk] = _undo(event, item, seat, at)
    return list(changed.values())


def _undo(event: Event, item: ContentItem, seat: Seat, at: datetime) -> ContentItem:
    if event.type == "item.moved":
        return moves.undo(item, seat=seat, at=at).item
    if event.type == "item.archived":
        return items.restore(item, seat=seat, at=at)
    return items.undo_edit(item, event, by=seat.user, at=at).item
