"""The rows of digests: one for each member and day, claimed by whoever sends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from production import calendars
from production.digestmail import rules
from production.models import DigestMail, Membership

# A sender that dies before it hands the mail over loses its claim after this long.
CLAIM_HOLDS = timedelta(minutes=5)
TRIED_FOR = timedelta(hours=12)
AT_ONCE = 500
SENT_AT_ONCE = 15  # a server that answers slowly must not keep a worker beyond its time


def plan(now: datetime) -> int:
    """Write a row for every member whose hour has come and who has none for the day; how many."""
    due = [
        (membership, day)
        for membership in _wanting().iterator(chunk_size=2000)
        if (day := day_for(membership, now)) is not None
    ]
    planned = 0
    for first in range(0, len(due), AT_ONCE):
        planned += _write(due[first : first + AT_ONCE], now)
    return planned


def day_for(membership: Membership, now: datetime) -> date | None:
    """The day in the member's zone whose digest may go out now, by their hour and quiet time."""
    return rules.day_due(
        now.astimezone(zone_of(membership)),
        wanted=membership.digest,
        hour=membership.digest_hour,
        quiet_from=membership.quiet_from,
        quiet_until=membership.quiet_until,
        works=calendars.works_on(membership.workspace),
    )


def zone_of(membership: Membership) -> ZoneInfo:
    return ZoneInfo(membership.user.time_zone or membership.workspace.time_zone)


def waiting(now: datetime) -> list[DigestMail]:
    """The rows to be sent now, the oldest first."""
    rows = DigestMail.objects.filter(
        sent_at=None,
        empty=False,
        next_attempt_at__lte=now,
        created_at__gt=now - TRIED_FOR,
    )
    related = rows.select_related("membership__user", "membership__workspace")
    return list(related.order_by("next_attempt_at", "id")[:SENT_AT_ONCE])


def claim(row: DigestMail, now: datetime) -> bool:
    """Take the row for this process alone, for a while; False when somebody else has it."""
    taken = DigestMail.objects.filter(
        pk=row.pk, sent_at=None, empty=False, attempts=row.attempts, next_attempt_at__lte=now
    ).update(attempts=F("attempts") + 1, next_attempt_at=now + CLAIM_HOLDS)
    row.attempts += taken
    return bool(taken)


def _wanting():  # type: ignore[no-untyped-def]
    return (
        Membership.objects.filter(removed_at=None, user__is_active=True)
        .exclude(digest=Membership.Digest.OFF)
        .exclude(user__email="")
        .select_related("user", "workspace")
        .order_by("id")
    )


def _write(due: Iterable[tuple[Membership, date]], now: datetime) -> int:
    due = list(due)
    there = set(
        DigestMail.objects.filter(
            membership__in=[membership.pk for membership, _ in due],
            day__in={day for _, day in due},
        ).values_list("membership", "day")
    )
    new = [
        DigestMail(membership=membership, day=day, created_at=now, next_attempt_at=now)
        for membership, day in due
        if (membership.pk, day) not in there
    ]
    # Two clocks at once write it once: the row is unique.
    DigestMail.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
