"""A channel that no tool could publish to can be published to again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from production import events
from production.models import Channel, User
from production.permissions import Seat


@transaction.atomic
def reconnect(channel: Channel, *, seat: Seat, at: datetime) -> Channel:
    """Somebody has connected the tool again. Connected already is fine."""
    seat.require("channel.reconnect")
    return connected(channel, by=seat.user, at=at)


@transaction.atomic
def connected(channel: Channel, *, by: User, at: datetime) -> Channel:
    """The channel works: somebody says so, or a tool has just published there."""
    held = Channel.objects.select_for_update(of=("self",)).select_related("workspace")
    channel = held.get(pk=channel.pk)
    if channel.disconnected_at is None:
        return channel
    channel.disconnected_at, channel.disconnected_reason = None, ""
    channel.version += 1
    channel.save(update_fields=["disconnected_at", "disconnected_reason", "version", "updated_at"])
    events.record(
        "channel.reconnected",
        channel.workspace.public_id,
        workspace_id=channel.workspace_id,
        by=by,
        at=at,
        data={"channel": channel.public_id, "name": channel.name},
    )
    return channel
