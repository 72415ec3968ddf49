from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from production.errors import Refused, Stale
from production.items import fields
from production.items.edit import Edited, edit
from production.models import ContentItem, Event, User
from production.rules import Refusal

UNDO_ACCEPTED = timedelta(seconds=30)


@transaction.atomic
def undo_edit(item: ContentItem, event: Event, *, by: User, at: datetime) -> Edited:
    """Bring back what the edit changed, where nobody has changed it since.

    Raises Refused: later than 30 s, somebody else's edit, or the same fields changed again.
    """
    if event.actor_id != by.pk or event.subject != item.public_id:
        raise Refused([Refusal("undo_overtaken")])
    if at - event.recorded_at > UNDO_ACCEPTED:
        raise Refused([Refusal("undo_too_late")])
    changes: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for name, (old, new) in event.data["changes"].items():
        if fields.plain(fields.present(item, name)) != new:
            raise Refused([Refusal("undo_overtaken")])
        changes[name], made[name] = _row(item, name, old), new
    try:
        return edit(item, changes, by=by, at=at, base=made, voids=event.seq)
    except Stale:  # changed between the look above and the lock
        raise Refused([Refusal("undo_overtaken")]) from None


def _row(item: ContentItem, name: str, value: Any) -> Any:
    """The logged plain value as the field takes it."""
    model_field = ContentItem._meta.get_field(name)
    if name in fields.MANY:
        return list(model_field.related_model.objects.filter(public_id__in=value or []))
    if name in fields.LINKS:
        rows = model_field.related_model.objects.filter(public_id=value)
        return rows.first() if value else None
    return model_field.to_python(value)
