"""When a post turns out to have come out at another moment, its ages and its day follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from experiments import metrics
from experiments.models import MetricDay, MetricSubject, PostReading
from experiments.observations import rollups, subjects
from production.models import Channel, Event, Publication, ReaderCursor, Workspace

READER = "moments"
_NEWS = ("publication.published", "publication.removed")


def follow_moments() -> int:
    """Read anew the posts that the log says came out or were taken away; how many workspaces.

    The cursor moves last: what is lost in between is done again, with the same result.
    """
    cursors = ReaderCursor.objects.filter(workspace=OuterRef("pk"), reader=READER)
    known = Coalesce(Subquery(cursors.values("seq")[:1]), 0)
    behind = list(Workspace.objects.filter(last_seq__gt=known).order_by("pk"))
    for workspace in behind:
        _follow(workspace)
    return len(behind)


def _follow(workspace: Workspace) -> None:
    cursor, _made = ReaderCursor.objects.get_or_create(workspace=workspace, reader=READER)
    last = workspace.last_seq
    news = Event.objects.filter(
        workspace=workspace, seq__gt=cursor.seq, seq__lte=last, type__in=_NEWS
    )
    told = list(news.values_list("type", "data"))
    posts = {data["publication"] for _type, data in told}
    gone = {data.get("channel") for type_, data in told if type_ == "publication.removed"}
    if told:
        reread(workspace, posts, {each for each in gone if isinstance(each, str)})
    with transaction.atomic():
        ReaderCursor.objects.filter(pk=cursor.pk, seq__lt=last).update(seq=last)


@transaction.atomic
def reread(workspace: Workspace, posts: Collection[str], channels: Collection[str] = ()) -> None:
    """Make the readings of these publications anew, and the sums by day of their channels.

    `posts` and `channels` are public ids; channels are those that a post vanished from.
    """
    rows = MetricSubject.objects.filter(workspace=workspace, publication__public_id__in=posts)
    found = subjects.of_ids(workspace, rows.values_list("pk", flat=True))
    some = Channel.objects.filter(workspace=workspace, public_id__in=channels)
    wanted = {one.channel for one in found.values()} | set(some.values_list("pk", flat=True))
    if not wanted:
        return
    subjects.lock(workspace, wanted)
    rollups.reread(workspace.pk, found.values())
    for channel in sorted(wanted, key=lambda each: each or 0):
        _recount(workspace, channel)


def _recount(workspace: Workspace, channel: int | None) -> None:
    """The sums of a channel's posts by the day they came out, from their newest numbers.

    The day on which a post was counted before is not known any more, so all are counted anew.
    """
    zones = dict(Channel.objects.filter(pk=channel).values_list("pk", "reporting_zone"))
    zone = ZoneInfo(zones.get(channel) or workspace.time_zone)  # type: ignore[arg-type]
    moments = dict(
        Publication.objects.filter(
            workspace=workspace, channel=channel, published_at__isnull=False
        ).values_list("pk", "published_at")
    )
    newest: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    rows = PostReading.objects.filter(publication__in=list(moments), age_hours=0)
    for post, traffic, name, value in rows.values_list(
        "publication", "traffic", "metric", "value"
    ).iterator(chunk_size=5_000):
        newest[post, traffic][name] = value
    cells: dict[tuple[int, str, date], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (post, traffic), told in newest.items():
        day = moments[post].astimezone(zone).date()
        for name, value in metrics.contributions(told).items():
            cell = cells[traffic, name, day]
            cell[0] += value
            cell[1] += 1
    basis = MetricDay.Basis.POST
    MetricDay.objects.filter(workspace=workspace, channel=channel, basis=basis).delete()
    MetricDay.objects.bulk_create(
        [
            MetricDay(
                workspace=workspace, channel_id=channel, basis=basis, traffic=traffic,
                metric=name, day=day, total=total, posts=int(posts),
            )
            for (traffic, name, day), (total, posts) in cells.items()
        ],
        batch_size=1_000,
    )  # fmt: skip
