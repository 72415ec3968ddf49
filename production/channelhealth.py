"""How a channel stands as a place to publish: connected or not, how reliably it delivers (R6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from production.models import Channel, Publication, Workspace
from production.publications import states
from production.punctuality import Due, Punctuality, punctuality

DAYS = 28
MOST_DAYS = 365
# Stopped on purpose: nobody promised that it goes out.
_NOT_MEANT = (states.CANCELLED, states.ON_HOLD)


@dataclass(frozen=True, slots=True)
class Health:
    """One channel over the last `days`; moments are those of the question."""

    channel: Channel
    begins: datetime
    ends: datetime
    days: int
    grace: timedelta
    delivery: Punctuality


def health_of(
    workspace: Workspace, channels: Collection[Channel], now: datetime, *, days: int = DAYS
) -> list[Health]:
    """Each channel's health, in the order given; one query for all of them.

    Counted is what had a time within the period, by the time it had last.
    """
    begins, grace = now - timedelta(days=days), timedelta(minutes=workspace.grace_minutes)
    rows = (
        Publication.objects.filter(
            workspace=workspace, channel__in=channels, publish_at__gte=begins, publish_at__lt=now
        )
        .exclude(state__in=_NOT_MEANT)
        .values_list("channel", "publish_at", "published_at")
    )
    dues: dict[int, list[Due]] = defaultdict(list)
    for channel, at, out_at in rows:
        dues[channel].append(Due(at, out_at))  # type: ignore[arg-type]  # chosen by it
    return [
        Health(
            channel, begins, now, days, grace, punctuality(dues[channel.pk], now=now, grace=grace)
        )
        for channel in channels
    ]
