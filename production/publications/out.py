"""A publication that is out since a moment: said by a person, and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import flow, parts
from production.errors import Invalid, Refused
from production.models import ContentItem, Event, Publication, Report, User
from production.permissions import Seat
from production.publications.drafts import create
from production.publications.held import end_claim, hold, hold_item, record, save, turn
from production.publications.states import CLOSED, HANDED_OVER, PUBLISHED, REMOVED, Act
from production.publications.texts import checked
from production.rules import Refusal

CLOCK_SLACK = timedelta(minutes=5)
UNDO_ACCEPTED = timedelta(seconds=30)


@transaction.atomic
def i_posted_it(
    item: ContentItem,
    *,
    by: User,
    at: datetime,
    permalink: str = "",
    published_at: datetime | None = None,
    publication: Publication | None = None,
) -> Publication:
    """Note that somebody posted the item by hand, now or at a moment since its idea.

    Uses the publication given, else the oldest one that is not out, else a new one. The item's
    first and last delivery follow. Raises Invalid (future, before the idea, no address, an address
    that is taken) and Refused for a publication that is out already.
    """
    permalink = checked({"permalink": permalink})["permalink"]
    item = hold_item(item)
    published_at = moment_of(item, published_at or at, at)
    publication = _to_publish(item, publication) or create(item, by, at, {})
    publication.permalink, publication.mode = permalink, Publication.Mode.MANUAL
    end_claim(publication, at)
    event = deliver(publication, item, published_at, by=by, at=at)
    Report.objects.create(
        workspace=item.workspace,
        publication=publication,
        status=Report.Status.PUBLISHED,
        report_id=event.public_id,
        accepted=True,
        body={"mode": publication.mode, "permalink": permalink},
        occurred_at=published_at,
        received_at=at,
        by=by,
    )
    return publication


def deliver(
    publication: Publication,
    item: ContentItem,
    published_at: datetime,
    *,
    by: User | None,
    at: datetime,
    **more: Any,
) -> Event:
    """It is out since then: the held publication and the item's delivery follow; part of a verb.

    Raises Refused when it was out before, Invalid for an address that is taken.
    """
    before = Publication.objects.filter(item=item, state__in=(PUBLISHED, REMOVED)).exists()
    turn(publication, Act.PUBLISHED)
    publication.published_at = published_at
    save(publication, by=by, at=at)
    _deliver(item, published_at, before, at)
    return record(
        "publication.published",
        item,
        publication,
        by=by,
        at=at,
        published_at=published_at,
        permalink=publication.permalink,
        mode=publication.mode,
        **more,
    )


@transaction.atomic
def remove(publication: Publication, *, seat: Seat, at: datetime, reason: str = "") -> None:
    """Take a publication away that should not be there; the item's delivery is folded anew.

    One that is out: by whoever said so within 30 s, later by an owner with a reason; Refused.
    """
    reason = parts.line_of("reason", reason, limit=300)
    item, publication = hold(publication)
    was_out = publication.state == PUBLISHED
    if publication.state in HANDED_OVER:
        raise Refused([Refusal("publication_with_a_tool")])
    if was_out and not _is_slip(publication, item, seat.user, at):
        if not seat.may("item.override"):
            raise Refused([Refusal("publication_is_out")])
        if not reason:
            raise Invalid({"reason": [("blank", _("Say why it should go."))]})
    public_id, channel = publication.public_id, publication.channel
    publication.delete()
    if was_out:
        _fold_delivery(item, public_id)
        item.version += 1
        item.save(update_fields=["published_at", "last_published_at", "reopened_count", "version"])
    parts.changed(item, by=seat.user, at=at)
    data: dict[str, Any] = {
        "publication": public_id,
        "channel": channel.public_id if channel else None,
    }
    if reason:
        data["reason"] = reason
    parts.record("publication.removed", item, by=seat.user, at=at, **data)


def _to_publish(item: ContentItem, asked: Publication | None) -> Publication | None:
    waiting = Publication.objects.filter(item=item).exclude(state__in=CLOSED)
    if asked is None:
        return waiting.select_related("channel").order_by("id").first()
    found = waiting.select_related("channel").filter(pk=asked.pk).first()
    if found is None:
        raise Refused([Refusal("already_out")])
    return found


def moment_of(item: ContentItem, published_at: datetime, at: datetime) -> datetime:
    """The moment as it is stored: forms know minutes only, and clocks differ a little."""
    if published_at > at + CLOCK_SLACK:
        raise Invalid({"published_at": [("future", _("This moment is still to come."))]})
    if published_at < item.idea_at - timedelta(minutes=1):
        raise Invalid(
            {"published_at": [("before_idea", _("This was before the card was written down."))]}
        )
    return max(min(published_at, at), item.idea_at)


def _deliver(item: ContentItem, published_at: datetime, before: bool, at: datetime) -> None:
    stamps = flow.after_publication(_stamps(item), published_at, has_publication=before)
    item.published_at, item.last_published_at = stamps.published_at, stamps.last_published_at
    item.version, item.updated_at = item.version + 1, at
    item.save(update_fields=["published_at", "last_published_at", "version", "updated_at"])


def _stamps(item: ContentItem) -> flow.Stamps:
    return flow.Stamps(
        idea_at=item.idea_at,
        stage_entered_at=item.stage_entered_at,
        published_at=item.published_at,
        last_published_at=item.last_published_at,
    )


def _fold_delivery(item: ContentItem, removed: str) -> None:
    """First and last delivery as the log tells them once this publication is not in it."""
    events = list(
        Event.objects.filter(workspace=item.workspace_id, subject=item.public_id)
        .order_by("seq")
        .values("seq", "type", "occurred_at", "source", "data")
    )
    gone = {removed} | {
        event["data"]["publication"] for event in events if event["type"] == "publication.removed"
    }
    standing = [
        event
        for event in events
        if event["type"] != "publication.published" or event["data"]["publication"] not in gone
    ]
    stamps = flow.history(standing).stamps
    item.published_at, item.last_published_at = stamps.published_at, stamps.last_published_at
    item.reopened_count = stamps.reopened_count


def _is_slip(publication: Publication, item: ContentItem, by: User, at: datetime) -> bool:
    """Whether this very person said so a moment ago."""
    said = (
        Event.objects.filter(
            workspace=item.workspace_id,
            subject=item.public_id,
            type="publication.published",
            actor=by,
            recorded_at__gte=at - UNDO_ACCEPTED,
        )
        .order_by("-seq")
        .first()
    )
    return said is not None and said.data["publication"] == publication.public_id
