"""The moments an item carries in its row; what they are is `flow`'s to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from production import flow
from production.models import ContentItem, Event, Stage

STAMPS = tuple(field.name for field in fields(flow.Stamps))


def read(item: ContentItem) -> flow.Stamps:
    return flow.Stamps(**{name: getattr(item, name) for name in STAMPS})


def write(item: ContentItem, stamps: flow.Stamps) -> None:
    """Into the row in memory; the verb saves it."""
    for name in STAMPS:
        setattr(item, name, getattr(stamps, name))


def after_move(
    item: ContentItem, came_from: Stage, to: Stage, at: datetime, *, has_publication: bool
) -> flow.Stamps:
    step = flow.Move(0, at, _place(came_from), _place(to))
    return flow.after_move(read(item), step, has_publication=has_publication)


def from_log(item: ContentItem, more: Iterable[Mapping[str, Any]] = ()) -> flow.Stamps:
    """The stamps folded from the item's whole log, and from lines about to be written."""
    lines = Event.objects.filter(workspace=item.workspace_id, subject=item.public_id)
    past = lines.order_by("seq").values("seq", "type", "occurred_at", "data", "source")
    return flow.history([*past, *more]).stamps


def brief(stage: Stage) -> dict[str, Any]:
    """A stage as the log names it."""
    return {
        "id": stage.public_id,
        "name": stage.name,
        "kind": stage.kind,
        "position": stage.position,
    }


def _place(stage: Stage) -> flow.Place:
    return flow.Place(stage.public_id, stage.kind, stage.name, stage.position)
