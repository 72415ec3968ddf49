"""Who a number is about: the row that stands for a publication, a channel, a workspace, a post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from experiments.models import MetricSubject
from experiments.observations.rows import Row, UnknownPost
from production.models import Channel, Publication, Workspace

Kind = MetricSubject.Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject with what sums need to know of it."""

    id: int
    kind: str
    channel: int | None = None
    publication: int | None = None
    published_at: datetime | None = None
    zone: str = "UTC"  # in which its platform counts days

    @property
    def published_on(self) -> date | None:
        """The day it came out, where its platform counts."""
        if self.published_at is None:
            return None
        return self.published_at.astimezone(ZoneInfo(self.zone)).date()


# publication, channel, unknown post (with its channel): whichever is named
Name = tuple[int | None, int | None, str, str]


def name_of(row: Row) -> Name:
    """Rows with the same name are about the same subject."""
    if row.publication is not None:
        return (row.publication, None, "", "")
    if row.unknown is not None:
        return (None, row.channel, row.unknown.platform, row.unknown.key)
    return (None, row.channel, "", "")


def lock(workspace: Workspace, channels: Iterable[int | None]) -> None:
    """One writer at a time for the numbers of each of these channels.

    The rows that stand for the channels are held, in order, and the workspace's for what has none.
    """
    wanted = {channel for channel in channels if channel is not None}
    _make(workspace, [(None, channel, "", "") for channel in wanted], {})
    _make(workspace, [(None, None, "", "")], {})
    rows = MetricSubject.objects.filter(
        Q(kind=Kind.CHANNEL, channel__in=wanted) | Q(kind=Kind.WORKSPACE), workspace=workspace
    )
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def of_rows(workspace: Workspace, rows: Sequence[Row], at: datetime) -> dict[Name, Subject]:
    """The subject of each row by its name; those not met before are made. Locks their channels."""
    posts: dict[Name, UnknownPost] = {}
    names: dict[Name, None] = {}
    for row in rows:
        name = name_of(row)
        names[name] = None
        if row.unknown is not None:
            posts[name] = row.unknown
    publications = _publications(workspace, {name[0] for name in names if name[0] is not None})
    lock(workspace, {one.channel_id for one in publications.values()} | {n[1] for n in names})
    ids = _make(workspace, list(names), posts, at)
    zones = _zones(workspace)
    found = {}
    for name in names:
        publication = publications.get(name[0]) if name[0] is not None else None
        channel = publication.channel_id if publication else name[1]
        found[name] = Subject(
            id=ids[name],
            kind=_kind(name),
            channel=channel,
            publication=publication.pk if publication else None,
            published_at=publication.published_at if publication else None,
            zone=zones.get(channel, workspace.time_zone),
        )
    return found


def of_ids(workspace: Workspace, ids: Iterable[int]) -> dict[int, Subject]:
    """The subjects with these keys."""
    zones = _zones(workspace)
    rows = MetricSubject.objects.filter(workspace=workspace, pk__in=set(ids))
    found = {}
    for row in rows.select_related("publication"):
        channel = row.publication.channel_id if row.publication else row.channel_id
        found[row.pk] = Subject(
            id=row.pk,
            kind=row.kind,
            channel=channel,
            publication=row.publication_id,
            published_at=row.publication.published_at if row.publication else None,
            zone=zones.get(channel, workspace.time_zone),
        )
    return found


def _kind(name: Name) -> str:
    if name[0] is not None:
        return Kind.PUBLICATION
    if name[3]:
        return Kind.UNMATCHED
    return Kind.CHANNEL if name[1] is not None else Kind.WORKSPACE


def _publications(workspace: Workspace, ids: set[int]) -> dict[int, Publication]:
    rows = Publication.objects.filter(workspace=workspace, pk__in=ids)
    return {row.pk: row for row in rows.only("channel", "published_at")}


def _zones(workspace: Workspace) -> dict[int | None, str]:
    rows = Channel.objects.filter(workspace=workspace).values_list("pk", "reporting_zone")
    return {pk: zone or workspace.time_zone for pk, zone in rows}


def _make(
    workspace: Workspace,
    names: Sequence[Name],
    posts: dict[Name, UnknownPost],
    at: datetime | None = None,
) -> dict[Name, int]:
    found = _known(workspace, names)
    missing = [name for name in names if name not in found]
    if not missing:
        return found
    MetricSubject.objects.bulk_create(
        [_new(workspace, name, posts.get(name), at) for name in missing],
        ignore_conflicts=True,
        batch_size=500,
    )
    return found | _known(workspace, missing)


def _new(
    workspace: Workspace, name: Name, post: UnknownPost | None, at: datetime | None
) -> MetricSubject:
    made = MetricSubject(
        workspace=workspace,
        kind=_kind(name),
        publication_id=name[0],
        channel_id=name[1],
        created_at=at or workspace.created_at,
    )
    if post is not None:
        made.platform, made.external_id = post.platform[:20], post.key
        made.permalink, made.title = post.permalink[:500], post.title[:300]
        made.published_at = post.published_at
    return made


def _known(workspace: Workspace, names: Sequence[Name]) -> dict[Name, int]:
    kinds: dict[str, list[Name]] = {}
    for name in names:
        kinds.setdefault(_kind(name), []).append(name)
    rows = MetricSubject.objects.filter(workspace=workspace)
    found: dict[Name, int] = {}
    if some := kinds.get(Kind.PUBLICATION):
        known = rows.filter(publication__in=[name[0] for name in some])
        found |= {(to, None, "", ""): pk for pk, to in known.values_list("pk", "publication")}
    if some := kinds.get(Kind.CHANNEL):
        known = rows.filter(kind=Kind.CHANNEL, channel__in=[name[1] for name in some])
        found |= {(None, to, "", ""): pk for pk, to in known.values_list("pk", "channel")}
    if Kind.WORKSPACE in kinds:
        only = rows.filter(kind=Kind.WORKSPACE).values_list("pk", flat=True).first()
        found |= {(None, None, "", ""): only} if only else {}
    if some := kinds.get(Kind.UNMATCHED):
        known = rows.filter(kind=Kind.UNMATCHED, external_id__in=[name[3] for name in some])
        columns = known.values_list("pk", "channel", "platform", "external_id")
        found |= {(None, channel, where, key): pk for pk, channel, where, key in columns}
    return found
