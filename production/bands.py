"""How old published cards were when they left each stage, and how long they usually stayed there.

A reader of the log: it keeps its figures on the stages, so that a board needs no history to show
them. What it measures are the stays that `production.stays` folds. Definitions: the ageing band
and "fits?" of the flow metrics (`production.flow`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from production import flow, stays
from production.models import (
    Board,
    ContentItem,
    Event,
    ReaderCursor,
    Stage,
    Stay,
    Workspace,
)

READER = "bands"
# The figures are of the latest so many published cards of a board: they follow the team as it is
# now, and one more event costs the same however long the log has become.
LATEST = 200
FAR_BEHIND = 500  # events after which a page no longer waits for the worker

# What can change the past of a published card, or make one.
TELLING = (
    "item.moved",
    "item.move_undone",
    "item.restored",
    "publication.published",
    "publication.removed",
    "stage.migrated",
    "import.committed",
    "import.undone",
)


def catch_up(workspace: Workspace) -> bool:
    """Read the log to its end and bring the figures up to date; whether anything was new."""
    stays.catch_up(workspace)
    return _catch_up(workspace)


@transaction.atomic
def _catch_up(workspace: Workspace) -> bool:
    last = Workspace.objects.values_list("last_seq", flat=True).get(pk=workspace.pk)
    cursor, _ = ReaderCursor.objects.select_for_update().get_or_create(
        workspace=workspace, reader=READER
    )
    if cursor.seq >= last:
        return False
    published = ContentItem.objects.filter(workspace=workspace, published_at__isnull=False)
    news = Event.objects.after(workspace.pk, cursor.seq).filter(
        Q(subject__in=published.values("public_id")) | Q(type__startswith="import."),
        seq__lte=last,
        type__in=TELLING,
    )
    for board in Board.objects.filter(pk__in=_boards(workspace, news)):
        measure(board)
    cursor.seq = last
    cursor.save(update_fields=["seq"])
    return True


def is_far_behind(workspace: Workspace, seq: int | None) -> bool:
    """Whether the figures, which know the log up to `seq`, are too old to wait for the worker."""
    return workspace.last_seq - (seq or 0) > FAR_BEHIND


def behind() -> list[Workspace]:
    """The workspaces whose log has grown since the figures were taken."""
    seen = dict(ReaderCursor.objects.filter(reader=READER).values_list("workspace", "seq"))
    return [each for each in Workspace.objects.all() if each.last_seq > seen.get(each.pk, 0)]


def measure(board: Board) -> None:
    """Take the figures of every stage of the board anew."""
    ages: dict[Hashable, list[timedelta]] = defaultdict(list)
    times: dict[Hashable, list[timedelta]] = defaultdict(list)
    for committed_at, visits in _pasts(board):
        for stage, age in flow.ages_on_leaving(visits, committed_at).items():
            ages[stage].append(age)
        for stage, time in flow.time_in_stage(visits, _end(visits)).items():
            times[stage].append(time)
    for stage in Stage.objects.filter(board=board):
        bands = flow.bands(ages[stage.pk])
        stage.p50_seconds = _seconds(bands.p50) if bands else None
        stage.p70_seconds = _seconds(bands.p70) if bands else None
        stage.p85_seconds = _seconds(bands.p85) if bands else None
        usual = flow.bands(times[stage.pk])
        stage.median_seconds = _seconds(usual.p50) if usual else None
        stage.save(update_fields=["p50_seconds", "p70_seconds", "p85_seconds", "median_seconds"])


def _boards(workspace: Workspace, news: Any) -> list[int]:
    """The boards that the news may concern; all of them where an event names none."""
    named = set(news.order_by().values_list("board_id", flat=True).distinct())
    if None in named:
        return list(Board.objects.filter(workspace=workspace).values_list("pk", flat=True))
    return sorted(named)


def _pasts(board: Board) -> list[tuple[datetime | None, list[flow.Visit]]]:
    """When each of the latest published cards was committed, and its stays until it was out."""
    out = dict(
        ContentItem.objects.filter(board=board, published_at__isnull=False)
        .order_by("-published_at", "-id")
        .values_list("pk", "committed_at")[:LATEST]
    )
    visits: dict[int, list[flow.Visit]] = defaultdict(list)
    before = Stay.objects.filter(item__in=list(out), after_publication=False, left_at__isnull=False)
    of_a_visit = ("item", "stage", "kind", "entered_at", "left_at")
    for item, *visit in before.order_by("item", "entered_at", "pk").values_list(*of_a_visit):
        visits[item].append(flow.Visit(*visit))
    return [(out[item], stayed) for item, stayed in visits.items()]


def _end(visits: Sequence[flow.Visit]) -> datetime:
    return visits[-1].left_at or visits[-1].entered_at


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
