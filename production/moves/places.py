"""Where in a stage a card stands: finds the neighbours, asks for a number between them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Min, OuterRef, QuerySet, Subquery

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
    others = ContentItem.objects.filter(stage=stage, archived_at=None)
    if item is not None:
        others = others.exclude(pk=item.pk)
    wanted = [anchor.pk for anchor in (anchors.before, anchors.after) if anchor]
    found = _neighbours(others, wanted) if wanted else {}
    gone = len(found) < len(wanted)
    if anchors.before and anchors.before.pk in found:
        above, below, _ = found[anchors.before.pk]
    elif anchors.after and anchors.after.pk in found:
        _, above, below = found[anchors.after.pk]
    elif (anchors.before and not anchors.after) or (not anchors and stage.kind == Kind.DONE):
        above, below = None, others.aggregate(rank=Min("rank"))["rank"]
    else:
        above, below = others.aggregate(rank=Max("rank"))["rank"], None
    rank = ordering.between(above, below)
    if rank is not None:
        return Place(rank, {}, gone)
    return _respread(item, stage, above, gone)


def _neighbours(
    others: QuerySet[ContentItem], wanted: list[int]
) -> dict[int, tuple[int | None, int | None, int | None]]:
    """For each anchor that is still there: (rank above it, its own, rank below it)."""
    above = others.filter(rank__lt=OuterRef("rank")).order_by("-rank").values("rank")[:1]
    below = others.filter(rank__gt=OuterRef("rank")).order_by("rank").values("rank")[:1]
    rows = others.filter(pk__in=wanted).values_list("pk", Subquery(above), "rank", Subquery(below))
    return {pk: (over, own, under) for pk, over, own, under in rows}


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
