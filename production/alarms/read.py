"""Which publications and channels somebody has to look at now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from production.models import Channel, ContentItem, Publication, Workspace
from production.permissions import Seat
from production.publications import states

MOST = 500


class What(StrEnum):
    """The gravest first: what may be posted twice, what cannot go out, what should be out."""

    DISCONNECTED = "disconnected"
    UNCONFIRMED = "unconfirmed"
    NEEDS_ATTENTION = "needs_attention"
    FAILED = "failed"
    OVERDUE = "overdue"


_ORDER = {what: place for place, what in enumerate(What)}
_STATES = {
    states.UNCONFIRMED: What.UNCONFIRMED,
    states.NEEDS_ATTENTION: What.NEEDS_ATTENTION,
    states.FAILED: What.FAILED,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: with a publication, or with a channel as a whole."""

    what: What
    since: datetime
    channel: Channel | None
    publication: Publication | None = None

    @property
    def item(self) -> ContentItem | None:
        return self.publication.item if self.publication else None


def alarms_of(seat: Seat, now: datetime, *, own: bool = False) -> list[Alarm]:
    """Everything that is wrong now, the gravest and oldest first; with `own` of one's own cards.

    An external contributor sees their own cards alone, and no channels.
    """
    rows = Publication.objects.filter(
        _wrong(seat.workspace, now), workspace=seat.workspace, item__archived_at=None
    )
    if own or seat.is_external:
        rows = rows.filter(item__assignments__user=seat.user)
    publications = rows.select_related("channel", "item__stage").order_by("publish_at", "id")
    found = [_of_publication(each) for each in publications[:MOST]]
    for each in found:
        if each.item:
            each.item.workspace = seat.workspace
    if not (own or seat.is_external):
        lost = Channel.objects.filter(
            workspace=seat.workspace, retired_at=None, disconnected_at__isnull=False
        )
        found += [
            Alarm(What.DISCONNECTED, each.disconnected_at, each)  # type: ignore[arg-type]
            for each in lost.order_by("position", "id")
        ]
    return sorted(found, key=lambda each: (_ORDER[each.what], each.since))


def of_items(items: Iterable[ContentItem], workspace: Workspace, now: datetime) -> dict[int, Alarm]:
    """Item → the gravest that is wrong with one of its publications; one query."""
    rows = Publication.objects.filter(
        _wrong(workspace, now), item__in=[each.pk for each in items if each.archived_at is None]
    )
    found: dict[int, Alarm] = {}
    for each in rows.select_related("channel").order_by("publish_at", "id"):
        alarm = _of_publication(each)
        known = found.get(each.item_id)
        if known is None or _ORDER[alarm.what] < _ORDER[known.what]:
            found[each.item_id] = alarm
    return found


def overdue(workspace: Workspace, now: datetime) -> Q:
    """Its time is past by more than the grace, and no tool has it."""
    last = now - timedelta(minutes=workspace.grace_minutes)
    return Q(state__in=states.WAITING, publish_at__lte=last)


def _wrong(workspace: Workspace, now: datetime) -> Q:
    return Q(state__in=_STATES) | overdue(workspace, now)


def _of_publication(publication: Publication) -> Alarm:
    what = _STATES.get(publication.state, What.OVERDUE)
    overdue_since = publication.publish_at or publication.updated_at
    since = overdue_since if what == What.OVERDUE else publication.updated_at
    return Alarm(what, since, publication.channel, publication)
