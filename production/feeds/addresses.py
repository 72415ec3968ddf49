"""Secret addresses of calendars: made, shown once, found again by their hash, revoked."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import events
from production.errors import Invalid, NotAllowed, Refused
from production.models import CalendarFeed, Channel, Membership
from production.permissions import Seat, seat_of
from production.rules import Refusal

MOST = 20  # of one person in one workspace
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # 32 random bytes
_NOTE_USE_EVERY = timedelta(hours=1)


@transaction.atomic
def create(
    *,
    seat: Seat,
    at: datetime,
    of: str = CalendarFeed.Of.PERSON,
    channel: Channel | None = None,
    with_captions: bool = False,
) -> tuple[CalendarFeed, str]:
    """An address for a calendar program, and its secret, which is never to be had again.

    It shows what the person may see at the time of reading. Raises Invalid, NotAllowed, Refused.
    """
    seat.require("feed.own")
    if of not in CalendarFeed.Of.values:
        raise Invalid({"of": [("invalid_choice", _("Choose what the calendar shows."))]})
    if of != CalendarFeed.Of.PERSON and not seat.may("calendar.see"):
        raise NotAllowed("calendar.see")
    if of != CalendarFeed.Of.CHANNEL:
        channel = None
    elif channel is None or channel.workspace_id != seat.workspace.pk:
        raise Invalid({"channel": [("required", _("Choose a channel."))]})
    mine = CalendarFeed.objects.filter(workspace=seat.workspace, user=seat.user, revoked_at=None)
    if mine.count() >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        workspace=seat.workspace,
        user=seat.user,
        of=of,
        channel=channel,
        with_captions=with_captions,
        digest=_digest(secret),
        hint=f"{secret[:6]}…",
        created_at=at,
    )
    told = {"channel": channel.public_id} if channel else {}
    _record("feed.created", feed, seat, at, **told)
    return feed, secret


@transaction.atomic
def revoke(feed: CalendarFeed, *, seat: Seat, at: datetime) -> CalendarFeed:
    """From the next request on the address shows nothing. Twice is once."""
    seat.require("feed.own")
    if (feed.user_id, feed.workspace_id) != (seat.user.pk, seat.workspace.pk):
        raise NotAllowed("feed.own")
    feed = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    if feed.revoked_at is None:
        feed.revoked_at = at
        feed.save(update_fields=["revoked_at"])
        _record("feed.revoked", feed, seat, at)
    return feed


def find(secret: str, at: datetime) -> tuple[CalendarFeed, Seat] | None:
    """The calendar behind the secret and the seat of whose it is; None when it shows nothing."""
    if not _SECRET.fullmatch(secret):
        return None
    feed = (
        CalendarFeed.objects.filter(digest=_digest(secret), revoked_at=None, user__is_active=True)
        .select_related("workspace", "user", "channel")
        .first()
    )
    if feed is None:
        return None
    membership = (
        Membership.objects.filter(user=feed.user, workspace=feed.workspace, removed_at=None)
        .select_related("user", "workspace")
        .first()
    )
    if membership is None:
        return None
    if feed.last_read_at is None or at - feed.last_read_at >= _NOTE_USE_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=at)
    return feed, seat_of(membership)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(type: str, feed: CalendarFeed, seat: Seat, at: datetime, **data: Any) -> None:
    events.record(
        type,
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data={"feed": feed.public_id, "of": feed.of, **data},
    )
