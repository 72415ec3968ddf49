"""Lines in people's inboxes: mentions, assignments, reviews, cards at risk.

Nothing for one's own acts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from production.models import ContentItem, Event, Notice, User


def tell(event: Event, item: ContentItem, reason: str, people: Iterable[User]) -> None:
    """Put the event into the inbox of each of the people but its actor; part of a verb."""
    Notice.objects.bulk_create(
        [
            Notice(
                workspace_id=item.workspace_id,
                user=person,
                reason=reason,
                item=item,
                event=event,
                created_at=event.occurred_at,
            )
            for person in people
            if person.pk != event.actor_id
        ],
        ignore_conflicts=True,
    )


def read_all(user: User, workspace_id: int, *, at: datetime) -> int:
    """Mark everything in the inbox as read; how many there were."""
    return Notice.objects.filter(user=user, workspace=workspace_id, read_at=None).update(read_at=at)


def read(notice: Notice, *, at: datetime) -> None:
    """Mark one notice as read; twice is once."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
