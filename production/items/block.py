from __future__ import annotations

from datetime import datetime

from django.db import transaction

from production import events
from production.items import fields
from production.locks import lock_item, require_unarchived
from production.models import ContentItem, User


@transaction.atomic
def block(item: ContentItem, *, reason: str, by: User, at: datetime) -> ContentItem:
    """Say why the item cannot go on; a new reason replaces the old. Raises Invalid without one."""
    return _set(item, reason.strip(), "item.blocked", by=by, at=at)


@transaction.atomic
def unblock(item: ContentItem, *, by: User, at: datetime) -> ContentItem:
    """The item may go on. Twice is once."""
    return _set(item, "", "item.unblocked", by=by, at=at)


def _set(item: ContentItem, reason: str, type: str, *, by: User, at: datetime) -> ContentItem:
    item = require_unarchived(lock_item(item.pk, related=("stage", "workspace")))
    if item.blocked_reason == reason and type == "item.unblocked":
        return item
    if not reason and type == "item.blocked":
        fields.require_text("reason", reason)
    old, item.blocked_reason = item.blocked_reason, reason
    item.blocked_at = (item.blocked_at or at) if reason else None
    fields.validate(item, {"blocked_reason"})
    item.updated_at, item.version = at, item.version + 1
    item.save(update_fields=["blocked_reason", "blocked_at", "updated_at", "version"])
    events.record(
        type,
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=by,
        at=at,
        data={"reason": reason or old},
    )
    return item
