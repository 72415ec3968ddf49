"""What people are told at once: a post nobody can vouch for, one too many, a lost channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from production import events, notices
from production.models import (
    Channel,
    ContentItem,
    Event,
    Membership,
    Publication,
    Report,
    Role,
    User,
)
from production.publications import states
from production.publications.held import end_claim, record, save
from production.publications.states import Act


def of_an_earlier_holder(
    publication: Publication, item: ContentItem, report: Report, at: datetime
) -> None:
    """A tool whose claim was over says that it did post: nobody else may post it now.

    Whoever holds the claim loses it, and a person has to look.
    """
    data: dict[str, Any] = {"report": report.public_id, "fence": report.fence}
    if publication.state == states.PUBLISHED:
        event = record("publication.posted_twice", item, publication, by=report.by, at=at, **data)
    elif Act.UNCONFIRMED in states.allowed(publication.state):
        end_claim(publication, at)
        publication.state = states.after(publication.state, Act.UNCONFIRMED)
        publication.confirm_by = None
        save(publication, by=None, at=at)
        event = record(
            "publication.unconfirmed",
            item,
            publication,
            by=report.by,
            at=at,
            reason="stale_published",
            **data,
        )
    else:
        event = record("publication.evidence", item, publication, by=report.by, at=at, **data)
    alarm(event, item)


def alarm(event: Event, item: ContentItem) -> None:
    """Into the inbox of the owners and of whoever the card is assigned to."""
    owners = Membership.objects.filter(
        workspace=item.workspace_id, removed_at=None, role=Role.OWNER
    ).values("user")
    people = User.objects.filter(pk__in=owners) | User.objects.filter(assigned_items=item)
    notices.tell(event, item, "alarm", people.distinct())


def disconnected(channel: Channel, item: ContentItem, *, by: User, at: datetime) -> None:
    """The channel cannot be published to until somebody reconnects the tool."""
    event = events.record(
        "channel.disconnected",
        item.workspace.public_id,
        workspace_id=item.workspace_id,
        by=by,
        at=at,
        data={
            "channel": channel.public_id,
            "name": channel.name,
            "reason": channel.disconnected_reason,
        },
    )
    alarm(event, item)
