"""An item's appearances on its channel: drafted, made ready, and out since a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from production import flow, parts
from production.assets.store import address
from production.errors import Invalid, Refused, Stale
from production.models import Board, ContentItem, Event, Publication, User
from production.permissions import Seat
from production.rules import Refusal

CLOCK_SLACK = timedelta(minutes=5)
UNDO_ACCEPTED = timedelta(seconds=30)
_TEXTS = ("title", "caption", "link_url")
_LIMITS = {"title": 200, "caption": 10_000, "link_url": 500, "permalink": 500}


@transaction.atomic
def draft(item: ContentItem, *, by: User, at: datetime, **texts: str) -> Publication:
    """Prepare one more appearance: `title`, `caption`, `link_url`. Raises Invalid."""
    parts.only(texts, _TEXTS)
    values = _checked(texts)
    item = _held_with_board(item)
    publication = _create(item, by, at, values)
    parts.changed(item, by=by, at=at)
    _record("publication.created", item, publication, by=by, at=at, state=publication.state)
    return publication


@transaction.atomic
def change(
    publication: Publication,
    changes: Mapping[str, str],
    *,
    by: User,
    at: datetime,
    version: int | None = None,
) -> Publication:
    """Change title, caption or link of an appearance, or the address of one that is out.

    What is out stays as it was published: only `permalink` may be corrected then, and only then.
    Raises Stale, Invalid, Refused.
    """
    item, publication = _held(publication)
    is_out = publication.state == Publication.State.PUBLISHED
    parts.only(changes, ("permalink",) if is_out else _TEXTS)
    values = _checked(changes)
    if version is not None and version != publication.version:
        raise Stale(publication.version, {name: getattr(publication, name) for name in changes})
    noted = {name: [getattr(publication, name), value] for name, value in values.items()}
    noted = {name: pair for name, pair in noted.items() if pair[0] != pair[1]}
    if not noted:
        return publication
    for name, (_old, value) in noted.items():
        setattr(publication, name, value)
    if publication.state == Publication.State.READY:
        publication.state = Publication.State.DRAFT  # ready was said of other words
    _save(publication, by, at)
    parts.changed(item, by=by, at=at)
    _record("publication.changed", item, publication, by=by, at=at, changes=noted)
    return publication


@transaction.atomic
def mark_ready(publication: Publication, *, by: User, at: datetime) -> Publication:
    """It may go out as it is. Twice is once; Refused for one that is out."""
    item, publication = _held(publication)
    if publication.state == Publication.State.READY:
        return publication
    if publication.state == Publication.State.PUBLISHED:
        raise Refused([Refusal("already_out")])
    publication.state = Publication.State.READY
    _save(publication, by, at)
    _record("publication.ready", item, publication, by=by, at=at)
    return publication


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
    permalink = _checked({"permalink": permalink})["permalink"]
    item = _held_with_board(item)
    published_at = _moment(item, published_at or at, at)
    publication = _to_publish(item, publication) or _create(item, by, at, {})
    before = Publication.objects.filter(item=item, state=Publication.State.PUBLISHED).exists()
    publication.state = Publication.State.PUBLISHED
    publication.permalink, publication.published_at = permalink, published_at
    _save(publication, by, at)
    _deliver(item, published_at, before, at)
    _record(
        "publication.published",
        item,
        publication,
        by=by,
        at=at,
        published_at=published_at,
        permalink=permalink,
        mode="manual",
    )
    return publication


@transaction.atomic
def remove(publication: Publication, *, seat: Seat, at: datetime, reason: str = "") -> None:
    """Take a publication away that should not be there; the item's delivery is folded anew.

    One that is out: by whoever said so within 30 s, later by an owner with a reason; Refused.
    """
    reason = parts.line_of("reason", reason, limit=300)
    item, publication = _held(publication)
    was_out = publication.state == Publication.State.PUBLISHED
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
    data = {"publication": public_id, "channel": channel.public_id if channel else None}
    if reason:
        data["reason"] = reason
    parts.record("publication.removed", item, by=seat.user, at=at, **data)


def _held_with_board(item: ContentItem) -> ContentItem:
    """A delivery changes what a move looks at: the board first, as movers do."""
    Board.objects.select_for_update(no_key=True).get(pk=item.board_id)
    return parts.held(item)


def _held(publication: Publication) -> tuple[ContentItem, Publication]:
    item = _held_with_board(publication.item)
    return item, Publication.objects.select_related("channel").get(pk=publication.pk)


def _create(item: ContentItem, by: User, at: datetime, values: Mapping[str, str]) -> Publication:
    return Publication.objects.create(
        workspace=item.workspace,
        item=item,
        channel=item.channel,
        created_at=at,
        updated_at=at,
        by=by,
        **values,
    )


def _to_publish(item: ContentItem, asked: Publication | None) -> Publication | None:
    waiting = Publication.objects.filter(item=item).exclude(state=Publication.State.PUBLISHED)
    if asked is None:
        return waiting.select_related("channel").order_by("id").first()
    found = waiting.select_related("channel").filter(pk=asked.pk).first()
    if found is None:
        raise Refused([Refusal("already_out")])
    return found


def _save(publication: Publication, by: User, at: datetime) -> None:
    publication.version += 1
    publication.updated_at, publication.by = at, by
    taken = Publication.objects.filter(
        channel=publication.channel_id, permalink=publication.permalink
    ).exclude(pk=publication.pk)
    refused = Invalid({"permalink": [("taken", _("Another publication has this address."))]})
    if publication.permalink and publication.channel_id and taken.exists():
        raise refused
    try:
        with transaction.atomic():
            publication.save()
    except IntegrityError:  # somebody on another board was faster by a moment
        raise refused from None


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    checked = {}
    for name, value in values.items():
        if name in ("link_url", "permalink"):
            checked[name] = address(name, value, limit=_LIMITS[name], required=False)
        elif name == "caption":
            checked[name] = parts.text_of(name, value, limit=_LIMITS[name])
        else:
            checked[name] = parts.line_of(name, value, limit=_LIMITS[name])
    return checked


def _moment(item: ContentItem, published_at: datetime, at: datetime) -> datetime:
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


def _record(
    type: str, item: ContentItem, publication: Publication, *, by: User, at: datetime, **data: Any
) -> Event:
    channel = publication.channel.public_id if publication.channel else None
    return parts.record(
        type, item, by=by, at=at, publication=publication.public_id, channel=channel, **data
    )
