from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from production import digests, events, notices
from production.errors import Stale
from production.items import fields
from production.items.fields import EDITABLE
from production.locks import lock_item, require_unarchived
from production.models import Assignment, ContentItem, Event, User
from production.publications import content

__all__ = ["EDITABLE", "Edited", "edit"]


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of an edit. `event` is None when nothing was different."""

    item: ContentItem
    event: Event | None
    changes: dict[str, list[Any]]  # field → [old, new] as the log writes them


@transaction.atomic
def edit(
    item: ContentItem,
    changes: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
    version: int | None = None,
    base: Mapping[str, Any] | None = None,
    voids: int | None = None,
) -> Edited:
    """Change the named fields and no others.

    `by` is None for what Putki fills in by itself.

    `version`: strict, Stale unless it is the item's. `base`: what the form showed (plain values);
    fields that others changed since are merged, and only one changed on both sides is Stale, with
    both values. Raises Invalid.
    """
    item = require_unarchived(_locked(item))
    if version is not None and version != item.version:
        raise Stale(item.version, _now(item, changes))
    if base is not None and (clashing := _clashes(item, changes, base)):
        raise Stale(item.version, clashing)
    fields.check(item, changes)
    noted = _apply(item, changes)
    if not noted:
        return Edited(item, None, {})
    fields.validate(item, noted)
    _stamp(item, noted, by, at)
    written = set(noted) - set(fields.MANY) | {"version", "updated_at", "content_edited_by"}
    item.save(update_fields=[*written, "decided_at", "decided_by"])
    newly_assigned = _save_many(item, changes, noted)
    if fields.CONTENT & noted.keys():
        digests.refresh(item)
        content.follow(item, by=by, at=at)
    data: dict[str, Any] = {"changes": noted}
    if voids is not None:
        data["voids"] = voids
    is_outcome = noted.keys() <= fields.OUTCOME
    event = events.record(
        "outcome.recorded" if is_outcome and voids is None else "item.edited",
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=by,
        at=at,
        data=data | (_outcome(item) if is_outcome else {}),
    )
    notices.tell(event, item, "assigned", newly_assigned)
    return Edited(item, event, noted)


def _locked(item: ContentItem) -> ContentItem:
    return lock_item(item.pk, related=("workspace", "stage", "channel", *fields.LINKS))


def _now(item: ContentItem, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields.plain(fields.present(item, name)) for name in changes if name in EDITABLE}


def _clashes(
    item: ContentItem, changes: Mapping[str, Any], base: Mapping[str, Any]
) -> dict[str, Any]:
    now = _now(item, changes)
    return {
        name: now[name]
        for name, value in changes.items()
        if name in base and now[name] != base[name] and now[name] != fields.plain(value)
    }


def _apply(item: ContentItem, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    noted = {}
    for name, value in changes.items():
        old, new = fields.plain(fields.present(item, name)), fields.plain(value)
        if name in fields.MANY and not new:
            new = []
        if old == new:
            continue
        noted[name] = [old, new]
        if name not in fields.MANY:
            setattr(item, name, value)
    if "goal" in noted and item.goal is not None:
        noted |= _preset_kpis(item, changes)
    return noted


def _preset_kpis(item: ContentItem, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    """A goal fills in the KPIs that are still empty and were not sent along."""
    noted = {}
    for name in ("primary_kpi", "secondary_kpi"):
        preset = getattr(item.goal, name)
        if getattr(item, name) is None and name not in changes and preset is not None:
            setattr(item, name, preset)
            noted[name] = [None, preset.public_id]
    return noted


def _stamp(item: ContentItem, noted: Mapping[str, Any], by: User | None, at: datetime) -> None:
    item.version += 1
    item.updated_at = at
    if fields.CONTENT & noted.keys():
        item.content_edited_by = by
    if "decision" in noted:
        item.decided_at, item.decided_by = (at, by) if item.decision else (None, None)


def _save_many(
    item: ContentItem, changes: Mapping[str, Any], noted: Mapping[str, Any]
) -> list[User]:
    if "labels" in noted:
        item.labels.set(changes["labels"])
    if "assignees" not in noted:
        return []
    wanted = {person.pk: person for person in changes["assignees"]}
    Assignment.objects.filter(item=item).exclude(user__in=wanted).delete()
    there = set(Assignment.objects.filter(item=item).values_list("user", flat=True))
    new = [person for pk, person in wanted.items() if pk not in there]
    Assignment.objects.bulk_create(Assignment(item=item, user=person) for person in new)
    return new


def _outcome(item: ContentItem) -> dict[str, Any]:
    return {
        "kpi": fields.plain(item.primary_kpi),
        "target": fields.plain(item.target_value),
        "result": fields.plain(item.result_value),
        "decision": item.decision,
    }
