"""Publications as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration, vText

from production import walltime
from production.models import CalendarFeed, ContentItem, Publication
from production.permissions import Seat
from production.publications import states

BEHIND, AHEAD = timedelta(days=90), timedelta(days=366)
MOST = 2_000
LASTS = timedelta(minutes=15)  # a calendar shows nothing that takes no time
REFRESH = timedelta(hours=1)
PRODUCT = "-//Putki//Publishing plan//EN"
_CONFIRMED = frozenset({*states.HANDED_OVER, states.PUBLISHED})
_GONE = frozenset({states.CANCELLED, states.REMOVED})


def written(feed: CalendarFeed, seat: Seat, now: datetime) -> bytes:
    """The calendar as the program of the feed's person reads it; CRLF, folded, UTF-8.

    The same plan gives the same bytes. Captions only where the feed was made with them.
    """
    with translation.override(seat.user.language or seat.workspace.language):
        made = Calendar()
        made.add("prodid", PRODUCT)
        made.add("version", "2.0")
        made.add("calscale", "GREGORIAN")
        made.add("method", "PUBLISH")
        made.add("x-wr-calname", _name(feed))
        made.add("x-wr-timezone", seat.workspace.time_zone)
        made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(REFRESH))
        rows = list(_rows(feed, seat, now))
        for publication in rows:
            made.add_component(_event(publication, feed, seat))
        if rows:
            made.add_missing_timezones(
                first_date=(now - BEHIND).date(), last_date=(now + AHEAD).date()
            )
    return made.to_ical()


def _rows(feed: CalendarFeed, seat: Seat, now: datetime) -> Iterable[Publication]:
    """What the person may see, and asked for: from a season ago until a year ahead."""
    begins, ends = now - BEHIND, now + AHEAD
    items: QuerySet[ContentItem] = ContentItem.objects.visible_to(seat.user)
    if feed.of == CalendarFeed.Of.PERSON:
        items = items.filter(assignments__user=seat.user)
    within = Q(publish_at__range=(begins, ends)) | Q(
        publish_at=None, published_at__range=(begins, ends)
    )
    rows = Publication.objects.filter(within, workspace=feed.workspace, item__in=items.values("pk"))
    if feed.of == CalendarFeed.Of.CHANNEL:
        rows = rows.filter(channel=feed.channel)
    return rows.select_related("channel", "item__workspace").order_by("publish_at", "id")[:MOST]


def _event(publication: Publication, feed: CalendarFeed, seat: Seat) -> Event:
    item = publication.item
    made = Event()
    made.add("uid", publication.public_id)
    made.add("dtstamp", publication.updated_at.astimezone(UTC))
    made.add("created", publication.created_at.astimezone(UTC))
    made.add("last-modified", publication.updated_at.astimezone(UTC))
    made.add("sequence", publication.version)
    made.add("status", _status(publication))
    begins = _begins(publication, seat)
    made.add("dtstart", begins)
    made.add("duration", LASTS)
    made.add("summary", _summary(publication))
    if publication.channel:
        made.add("categories", [publication.channel.name])
    address = reverse("item", args=[item.workspace.slug, item.key])
    made.add("url", f"{settings.SITE_URL.rstrip('/')}{address}")
    made.add("transp", "TRANSPARENT")  # it takes nobody's time
    if feed.with_captions and publication.caption:
        made.add("description", vText(publication.caption))
    return made


def _status(publication: Publication) -> str:
    if publication.state in _GONE:
        return "CANCELLED"
    return "CONFIRMED" if publication.state in _CONFIRMED else "TENTATIVE"


def _begins(publication: Publication, seat: Seat) -> datetime:
    """The moment on the clock of its zone; in UTC where that clock says the hour twice."""
    at = publication.publish_at or publication.published_at
    zone = publication.time_zone or seat.workspace.time_zone
    there = at.replace(second=0, microsecond=0).astimezone(ZoneInfo(zone))  # type: ignore[union-attr]
    meant = walltime.resolve(there.strftime("%Y-%m-%dT%H:%M"), zone)
    return there if not meant.note else there.astimezone(UTC)


def _summary(publication: Publication) -> str:
    item = publication.item
    words = f"{item.key} {publication.title or item.title}"
    words += f" · {publication.channel.name}" if publication.channel else ""
    return f"{words} · {publication.variant}" if publication.variant else words


def _name(feed: CalendarFeed) -> str:
    workspace = feed.workspace.name
    if feed.of == CalendarFeed.Of.CHANNEL and feed.channel:
        return f"{feed.channel.name} · {workspace}"
    if feed.of == CalendarFeed.Of.PERSON:
        return _("Mine · %(workspace)s") % {"workspace": workspace}
    return workspace
