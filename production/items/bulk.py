from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from production import moves
from production.errors import Invalid, Refused
from production.items.archive import archive
from production.items.edit import edit
from production.locks import hold_all
from production.models import ContentItem, Stage
from production.permissions import Seat
from production.rules import Refusal


@dataclass(slots=True)
class BulkResult:
    """What happened to each item: done, or why not. One refusal does not stop the others."""

    done: list[ContentItem] = field(default_factory=list)
    refused: list[tuple[ContentItem, tuple[Refusal, ...]]] = field(default_factory=list)
    invalid: list[tuple[ContentItem, Invalid]] = field(default_factory=list)


def edit_many(
    items: Sequence[ContentItem],
    *,
    seat: Seat,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    to: Stage | None = None,
    archiving: bool = False,
    add_labels: Sequence[Any] = (),
    add_assignees: Sequence[Any] = (),
) -> BulkResult:
    """The same change to many items, each under its own rules and with its own events."""
    result = BulkResult()
    if connection.in_atomic_block:  # a request with a key is one transaction with its answer
        hold_all(items)
    for item in items:
        try:
            _one(item, seat, at, changes or {}, to, archiving, add_labels, add_assignees)
        except Refused as refused:
            result.refused.append((item, refused.refusals))
        except Invalid as invalid:
            result.invalid.append((item, invalid))
        else:
            result.done.append(item)
    return result


@transaction.atomic
def _one(
    item: ContentItem,
    seat: Seat,
    at: datetime,
    changes: Mapping[str, Any],
    to: Stage | None,
    archiving: bool,
    add_labels: Sequence[Any],
    add_assignees: Sequence[Any],
) -> None:
    """All of it or nothing, and more labels are added to those that are there now."""
    hold_all([item])
    wanted = dict(changes)
    if add_labels:
        wanted["labels"] = list({*item.labels.order_by("id"), *add_labels})
    if add_assignees:
        wanted["assignees"] = list({*item.assignees.order_by("id"), *add_assignees})
    if wanted:
        edit(item, wanted, by=seat.user, at=at)
    if to is not None:
        moves.move(item, to=to, seat=seat, at=at)
    if archiving:
        archive(item, seat=seat, at=at)
