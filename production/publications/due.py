"""What time alone does to publications: claims run out, reports stay away, retries fall due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from production import leases
from production.models import ContentItem, Publication, Workspace
from production.publications import evidence, states
from production.publications.held import hold, record, save, turn
from production.publications.ready import missing
from production.publications.states import Act

AT_ONCE = 500


def sweep(at: datetime) -> dict[str, int]:
    """Everything that is due at this moment of the database's clock; how many of each."""
    return {
        "expired": leases.expire(at),
        "unconfirmed": _each(_silent(at), _unconfirmed, at),
        "retried": _each(_to_retry(at), _retry, at),
        "overdue": _each(_overdue(at), _tell_overdue, at),
    }


def _silent(at: datetime) -> Q:
    """A tool has it, its time is long past, and nobody has said what became of it."""
    return Q(state__in=(states.SCHEDULED, states.PUBLISHING), confirm_by__lte=at)


def _to_retry(at: datetime) -> Q:
    return Q(state=states.FAILED) & (Q(retry_after=None) | Q(retry_after__lte=at))


def _overdue(at: datetime) -> Q:
    """Its time is past, and no tool has it."""
    past = Q(pk=None)
    for minutes in Workspace.objects.values_list("grace_minutes", flat=True).distinct():
        last = at - timedelta(minutes=minutes)
        past |= Q(workspace__grace_minutes=minutes, publish_at__lte=last)
    return past & Q(state__in=states.WAITING, overdue_told_at=None, item__archived_at=None)


def _each(
    due: Q, settle: Callable[[Publication, ContentItem, datetime], None], at: datetime
) -> int:
    rows = Publication.objects.filter(due).order_by("id")
    settled = 0
    for found in rows.select_related("item")[:AT_ONCE]:
        with transaction.atomic():
            item, publication = hold(found)
            # Whoever was faster has settled it.
            if Publication.objects.filter(due, pk=publication.pk).exists():
                settle(publication, item, at)
                settled += 1
    return settled


def _unconfirmed(publication: Publication, item: ContentItem, at: datetime) -> None:
    turn(publication, Act.UNCONFIRMED)
    publication.confirm_by = None
    save(publication, by=None, at=at)
    event = record("publication.unconfirmed", item, publication, by=None, at=at, reason="no_report")
    evidence.alarm(event, item)


def _retry(publication: Publication, item: ContentItem, at: datetime) -> None:
    turn(publication, Act.RETRY)
    publication.retry_after = None
    reasons = missing(publication)
    if reasons:
        turn(publication, Act.SEND_BACK)
    save(publication, by=None, at=at)
    if reasons:
        changes = {"state": [states.FAILED, publication.state]}
        record("publication.changed", item, publication, by=None, at=at, changes=changes)
    else:
        digest = publication.content_digest
        record("publication.ready", item, publication, by=None, at=at, digest=digest)


def _tell_overdue(publication: Publication, item: ContentItem, at: datetime) -> None:
    publication.overdue_told_at = at
    publication.save(update_fields=["overdue_told_at"])
    event = record("publication.overdue", item, publication, by=None, at=at)
    evidence.alarm(event, item)
