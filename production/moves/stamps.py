"""The times an item carries, and how a move changes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from production.models import ContentItem, Stage
from production.rules import order

STAMPS = (
    "stage_entered_at",
    "committed_at",
    "published_at",
    "last_published_at",
    "learned_at",
    "done_at",
    "reopened_count",
    "rework_count",
)


def read(item: ContentItem) -> dict[str, Any]:
    """The stamps as they are, to be kept with a move so that an undo can bring them back."""
    return {name: getattr(item, name) for name in STAMPS}


def restore(item: ContentItem, stamps: dict[str, Any]) -> None:
    for name in STAMPS:
        value = stamps[name]
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        setattr(item, name, value)


def stamp(item: ContentItem, came_from: Stage, to: Stage, at: datetime) -> None:
    """Commitment and delivery happen once; going back is counted, never wiped."""
    here, there = order(came_from.kind), order(to.kind)
    item.stage_entered_at = at
    if there >= order("script"):
        item.committed_at = item.committed_at or at
    if there >= order("learn"):
        item.published_at = item.published_at or at
        item.last_published_at = item.last_published_at or item.published_at
        item.learned_at = item.learned_at or at
    if there >= order("done"):
        item.done_at = item.done_at or at
    if there < here or (there == here and to.position < came_from.position):
        item.rework_count += 1
        if item.published_at and there < order("publish") <= here:
            item.reopened_count += 1
