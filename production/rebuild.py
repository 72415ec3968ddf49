"""Everything derived, from the log: each item's row is compared with a replay and mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from production import digests, replay
from production.models import ContentItem, Event, ReaderCursor, Workspace
from production.moves.stamps import STAMPS


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of one item that is not what the log says."""

    item: str
    field: str
    row: Any
    log: Any


def differences(workspace: Workspace) -> list[Difference]:
    """Where the rows and a replay of the log disagree; empty when all is well.

    Stage, place, title, archive, block and every stamp of every item are compared.
    """
    said = replayed(workspace).items
    rows = {item.public_id: item for item in _items(workspace)}
    found = [Difference(id, "exists", id in rows, id in said) for id in rows.keys() ^ said.keys()]
    for id in rows.keys() & said.keys():
        found += _compare(rows[id], said[id])
    return found


@transaction.atomic
def rebuild(workspace: Workspace) -> list[Difference]:
    """Bring the stamps, blocks and digests of every item to what the log says.

    Returns what was mended.

    The workspace stands still meanwhile. Readers start again from the beginning of the log.
    """
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    found = differences(workspace)
    said = replayed(workspace).items
    mendable = {*STAMPS, "blocked_reason", "title"}
    for item in _items(workspace):
        wrong = [each for each in found if each.item == item.public_id and each.field in mendable]
        for each in wrong:
            setattr(item, each.field, getattr(said[item.public_id], each.field))
        if wrong:
            item.save(update_fields=[each.field for each in wrong])
        digests.refresh(item)
    ReaderCursor.objects.filter(workspace=workspace).delete()
    return found


def replayed(workspace: Workspace) -> replay.Replayed:
    """The whole log of the workspace, folded."""
    return replay.replay(
        Event.objects.filter(workspace=workspace)
        .order_by("seq")
        .values("seq", "type", "subject", "occurred_at", "data", "source")
        .iterator(chunk_size=2000)
    )


def _items(workspace: Workspace) -> list[ContentItem]:
    return list(
        ContentItem.objects.filter(workspace=workspace).select_related(
            "workspace", "board", "stage", "channel"
        )
    )


def _compare(row: ContentItem, log: replay.Item) -> list[Difference]:
    values: Mapping[str, Any] = {
        "key": row.key,
        "title": row.title,
        "board": row.board.public_id,
        "stage": row.stage.public_id,
        "rank": row.rank,
        "archived": row.archived_at is not None,
        "blocked_reason": row.blocked_reason,
        **{name: getattr(row, name) for name in STAMPS},
    }
    return [
        Difference(row.public_id, name, value, getattr(log, name))
        for name, value in values.items()
        if value != getattr(log, name)
        and not (name == "rank" and row.archived_at)  # an archived card has no place
    ]
