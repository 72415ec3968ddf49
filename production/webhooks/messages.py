"""What a message says: the event, and of what it happened to only what tells whether to look.

The content itself is fetched from the API, where the reader's permissions hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings
from django.urls import reverse

from production.models import (
    ContentItem,
    Event,
    Publication,
    User,
    WebhookDelivery,
    WebhookEndpoint,
    Workspace,
)

LARGEST = 20_000  # bytes, of the whole body
LONGEST_TEXT = 300
TEST = "webhook.test"
# Places of other cards and whole orders: they concern those who draw boards.
_LEFT_OUT = frozenset({"rank", "was_rank", "ranks", "items", "order"})


class Briefs:
    """The items and publications that a stretch of the log names, read in two queries."""

    def __init__(self, workspace: Workspace, news: Iterable[Event]) -> None:
        self.workspace = workspace
        news = list(news)
        named = {str(event.data.get("publication", "")) for event in news}
        subjects = {event.subject for event in news}
        self.items = {
            item.public_id: _item(item, workspace)
            for item in ContentItem.objects.filter(
                workspace=workspace, public_id__in=subjects
            ).select_related("stage")
        }
        self.publications = {
            each.public_id: _publication(each)
            for each in Publication.objects.filter(
                workspace=workspace, public_id__in=named - {""}
            ).select_related("channel")
        }

    def of(self, event: Event) -> dict[str, Any]:
        found = {}
        if item := self.items.get(event.subject):
            found["item"] = item
        if publication := self.publications.get(str(event.data.get("publication", ""))):
            found["publication"] = publication
        return found


def of_event(
    endpoint: WebhookEndpoint, event: Event, briefs: Briefs, *, at: datetime
) -> WebhookDelivery:
    """The message that tells the endpoint of the event; its bytes never change again."""
    data = {
        "id": event.public_id,
        "workspace": briefs.workspace.public_id,
        "subject": event.subject,
        "subject_seq": event.subject_seq,
        "actor": event.actor_name,
        "source": event.source,
        **briefs.of(event),
    }
    moment = event.occurred_at
    body = _written(event.type, moment, data | {"details": _thin(event.data)})
    if len(body) >= LARGEST:
        body = _written(event.type, moment, data | {"details": None})
    return WebhookDelivery(
        endpoint=endpoint,
        event=event,
        message_id=_message_id(briefs.workspace, event),
        type=event.type,
        subject=event.subject,
        body=body,
        next_at=at,
        created_at=at,
    )


def of_test(endpoint: WebhookEndpoint, *, by: User, at: datetime) -> WebhookDelivery:
    """A message that somebody sends to see whether it arrives."""
    data = {
        "workspace": endpoint.workspace.public_id,
        "endpoint": endpoint.public_id,
        "actor": str(by),
    }
    delivery = WebhookDelivery(
        endpoint=endpoint,
        type=TEST,
        body=_written(TEST, at, data),
        next_at=at,
        created_at=at,
    )
    # A queue of its own: it shows whether the address answers, whatever else waits.
    delivery.subject = delivery.public_id
    delivery.message_id = f"msg_{delivery.public_id.removeprefix('whd_')}"
    return delivery


def _message_id(workspace: Workspace, event: Event) -> str:
    """The same for every attempt and every replay, and in no other workspace."""
    return f"msg_{workspace.public_id.partition('_')[2]}_{event.seq}"


def _written(type: str, moment: datetime, data: Mapping[str, Any]) -> bytes:
    timestamp = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps({"type": type, "timestamp": timestamp, "data": data})


def _thin(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the log says of it without long texts: of changes, the names of the fields."""
    found = {name: value for name, value in data.items() if name not in _LEFT_OUT}
    if isinstance(found.get("changes"), dict):
        found["changes"] = sorted(found["changes"])
    return {name: _short(value) for name, value in found.items()}


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[: LONGEST_TEXT - 1]}…"
    return value


def _item(item: ContentItem, workspace: Workspace) -> dict[str, Any]:
    item.workspace = workspace  # its key begins with the workspace's letters
    page = reverse("item", args=[workspace.slug, item.key])
    return {
        "id": item.public_id,
        "key": item.key,
        "title": item.title,
        "stage": {"id": item.stage.public_id, "kind": item.stage.kind, "name": item.stage.name},
        "version": item.version,
        "url": f"{settings.SITE_URL}{page}",
    }


def _publication(publication: Publication) -> dict[str, Any]:
    channel, moment = publication.channel, publication.publish_at
    return {
        "id": publication.public_id,
        "state": publication.state,
        "version": publication.version,
        "content_digest": publication.content_digest or None,
        "channel": {"id": channel.public_id, "platform": channel.platform} if channel else None,
        "publish_at": {
            "local": publication.publish_local or None,
            "timezone": publication.time_zone or None,
            "utc": moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }
        if moment
        else None,
        "permalink": publication.permalink or None,
    }
