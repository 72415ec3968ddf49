"""Where in a stage a card stands: finds the neighbours, asks for a number between them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from production import ordering
from production.models import ContentItem, Kind, Stage


@dataclass(frozen=True, slots=True)
class Anchors:
    """Directly above `before`, or directly below `after`; none: last, but first among the done."""

    before: ContentItem | None = None
    after: ContentItem | None = None

    def __bool__(self) -> bool:
        return self.before is not None or self.after is not None


@dataclass(frozen=True, slots=True)
class Place:
    rank: int
    ranks: dict[str, int]  # everybody's new rank by public id, when the stage was respread
    anchor_gone: bool = False


def find_place(item: ContentItem | None, stage: Stage, anchors: Anchors) -> Place:
    """The place asked for, or beside the nearest anchor still there; holds the board's lock.

    `item` is left out of its own neighbourhood; None for a card that is not on the board yet.
    """
    wanted = [anchor.pk for anchor in (anchors.before, anchors.after) if anchor]
    first, last, found = _neighbours(item, stage, wanted)
    gone = len(found) < len(wanted)
    if anchors.before and anchors.before.pk in found:
        above, below, _ = found[anchors.before.pk]
    elif anchors.after and anchors.after.pk in found:
        _, above, below = found[anchors.after.pk]
    elif (anchors.before and not anchors.after) or (not anchors and stage.kind == Kind.DONE):
        above, below = None, first
    else:
        above, below = last, None
    rank = ordering.between(above, below)
    if rank is not None:
        return Place(rank, {}, gone)
    return _respread(item, stage, above, gone)


# Written out, because every move and every new card asks this under the board's lock.
_OTHERS = "FROM production_contentitem WHERE stage_id = %s AND archived_at IS NULL AND id <> %s"
_EDGES = f"SELECT 0, (SELECT MIN(rank) {_OTHERS}), (SELECT MAX(rank) {_OTHERS}), NULL"
_NEAREST = f"""
UNION ALL SELECT anchor.id,
    (SELECT MAX(rank) {_OTHERS} AND rank < anchor.rank),
    anchor.rank,
    (SELECT MIN(rank) {_OTHERS} AND rank > anchor.rank)
FROM (SELECT id, rank {_OTHERS} AND id IN (%s, %s)) anchor
"""  # noqa: S608  no value in it

Around = tuple[int | None, int | None, int | None]


def _neighbours(
    item: ContentItem | None, stage: Stage, wanted: list[int]
) -> tuple[int | None, int | None, dict[int, Around]]:
    """The first and the last rank of the stage, and around each anchor that is still there: the
    rank above it, its own, the rank below it."""
    others = [stage.pk, item.pk if item else 0]
    statement, values = _EDGES, [*others, *others]
    if wanted:
        statement += _NEAREST
        values += [*others, *others, *others, wanted[0], wanted[-1]]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (_, first, last, _), *found = sorted(cursor.fetchall(), key=lambda row: row[0])
    return first, last, {pk: (over, own, under) for pk, over, own, under in found}


def place_last(stage: Stage) -> Place:
    return find_place(None, stage, Anchors())


def _respread(item: ContentItem | None, stage: Stage, above: int | None, gone: bool) -> Place:
    rows = list(
        ContentItem.objects.filter(stage=stage, archived_at=None)
        .exclude(pk=item.pk if item else None)
        .order_by("rank", "id")
        .values_list("pk", "public_id", "rank")
    )
    index = sum(1 for *_, rank in rows if above is not None and rank <= above)
    leaves = [item.rank] if item and item.stage_id == stage.pk else []
    given = ordering.seat([rank for *_, rank in rows], index, also_taken=leaves)
    fresh = given.others or ()
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE production_contentitem SET rank = %s WHERE id = %s",
            [(rank, pk) for (pk, *_), rank in zip(rows, fresh, strict=True)],
        )
    ranks = {public_id: rank for (_, public_id, _), rank in zip(rows, fresh, strict=True)}
    return Place(given.rank, ranks, gone)
