"""Lines to tick on an item, in groups: shots to take, sub-tasks, what an import brought along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from production import parts
from production.errors import Refused
from production.models import ChecklistEntry, ContentItem, User
from production.rules import Refusal

MOST = 200


@transaction.atomic
def add(item: ContentItem, *, text: str, by: User, at: datetime, group: str = "") -> ChecklistEntry:
    """One more line, below the others. Raises Invalid or Refused."""
    text = parts.line_of("text", text, limit=500, required=True)
    group = parts.line_of("group", group, limit=100)
    item = parts.held(item)
    there = ChecklistEntry.objects.filter(item=item)
    if there.count() >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    last = there.aggregate(last=Max("position"))["last"]
    entry = ChecklistEntry.objects.create(
        item=item, text=text, group=group, position=0 if last is None else last + 1
    )
    _record("checklist.added", item, entry, by=by, at=at)
    return entry


@transaction.atomic
def tick(entry: ChecklistEntry, *, by: User, at: datetime) -> ChecklistEntry:
    """It is done. Twice is once."""
    return _set(entry, True, by=by, at=at)


@transaction.atomic
def untick(entry: ChecklistEntry, *, by: User, at: datetime) -> ChecklistEntry:
    """It is not done after all. Twice is once."""
    return _set(entry, False, by=by, at=at)


@transaction.atomic
def remove(entry: ChecklistEntry, *, by: User, at: datetime) -> None:
    item = parts.held(entry.item)
    entry = ChecklistEntry.objects.get(pk=entry.pk)
    ChecklistEntry.objects.filter(pk=entry.pk).delete()
    _record("checklist.removed", item, entry, by=by, at=at)


@transaction.atomic
def reorder(
    item: ContentItem, order: Sequence[str], *, by: User, at: datetime
) -> list[ChecklistEntry]:
    """Put the lines into this order of public ids; those not named follow as they were.

    Raises Invalid for a line that is not of this item.
    """
    item = parts.held(item)
    entries = list(ChecklistEntry.objects.filter(item=item).order_by("position", "id"))
    arranged = parts.arranged(entries, order)
    if arranged == entries:
        return entries
    for position, entry in enumerate(arranged):
        entry.position = position
    ChecklistEntry.objects.bulk_update(arranged, ["position"])
    parts.record("checklist.reordered", item, by=by, at=at, order=[e.public_id for e in arranged])
    return arranged


def _set(entry: ChecklistEntry, done: bool, *, by: User, at: datetime) -> ChecklistEntry:
    item = parts.held(entry.item)
    entry = ChecklistEntry.objects.get(pk=entry.pk)
    if entry.done == done:
        return entry
    entry.done = done
    entry.save(update_fields=["done"])
    _record("checklist.ticked" if done else "checklist.unticked", item, entry, by=by, at=at)
    return entry


def _record(type: str, item: ContentItem, entry: ChecklistEntry, *, by: User, at: datetime) -> None:
    parts.changed(item, by=by, at=at)
    parts.record(type, item, by=by, at=at, entry=entry.public_id, text=entry.text)
