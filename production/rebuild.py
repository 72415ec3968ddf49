"""Everything derived, from the log: each item's row is compared with a replay and mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby, zip_longest
from typing import Any

from django.db import transaction

from production import digests, replay, stays
from production.models import ContentItem, Event, ReaderCursor, Stage, Stay, Workspace
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

    Stage, place, title, archive, block, every stamp and every stay of every item are compared,
    the stays as their reader leaves them at the end of the log.
    """
    stays.catch_up(workspace)
    log = replayed(workspace)
    said = log.items
    rows = {item.public_id: item for item in _items(workspace)}
    found = [Difference(id, "exists", id in rows, id in said) for id in rows.keys() ^ said.keys()]
    both = rows.keys() & said.keys()
    for id in both:
        found += _compare(rows[id], said[id])
    return found + _stays_apart(workspace, log, both)


def _stays_apart(workspace: Workspace, log: replay.Replayed, items: Set[str]) -> list[Difference]:
    """The items whose stays are not what the log says, each with the first that is wrong."""
    found = []
    stages = set(Stage.objects.filter(workspace=workspace).values_list("public_id", flat=True))
    rows = Stay.objects.filter(workspace=workspace).select_related("item", "stage")
    in_order = rows.order_by("item", "entered_at", "pk").iterator(chunk_size=2000)
    left = set(items)
    for id, those in groupby(in_order, key=lambda stay: stay.item.public_id):
        if id in items:
            left.discard(id)
            found += _first_apart(id, [_as_told(stay) for stay in those], log.stays(id), stages)
    for id in left:
        found += _first_apart(id, [], log.stays(id), stages)
    return found


def _first_apart(
    id: str, rows: Sequence[_Told], log: Sequence[replay.Stood], stages: Set[str]
) -> list[Difference]:
    told = [
        (replace(each, stage=each.stage if each.stage in stages else ""), _length(each))
        for each in log
    ]
    for number, (row, line) in enumerate(zip_longest(rows, told)):
        if row != line:
            return [Difference(id, f"stay {number + 1}", row, line)]
    return []


# A stay and how long it lasted, which the row keeps beside its ends.
_Told = tuple[replay.Stood, timedelta | None]


def _as_told(stay: Stay) -> _Told:
    told = replay.Stood(
        stage=stay.stage.public_id if stay.stage else "",
        kind=stay.kind,
        entered_at=stay.entered_at,
        left_at=stay.left_at,
        arrived=stay.arrived,
        departed=stay.departed,
        archived=stay.archived,
        committed=stay.committed,
        in_progress=stay.in_progress,
        after_publication=stay.after_publication,
        published_at=stay.published_at,
        blocked=stay.blocked,
    )
    return told, stay.lasted


def _length(stood: replay.Stood) -> timedelta | None:
    return stood.left_at - stood.entered_at if stood.left_at else None


@transaction.atomic
def rebuild(workspace: Workspace) -> list[Difference]:
    """Bring the stamps, blocks, digests and stays of every item to what the log says.

    Returns what was mended.

    The workspace stands still meanwhile. Readers start again from the beginning of the log.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
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
    stays.refill(workspace)
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
