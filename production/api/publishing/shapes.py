"""A publication as schedulers see it: what is in the list, and what is in the whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from production.assets import signed
from production.models import (
    Asset,
    ContentItem,
    Lease,
    Publication,
    PublicationMedia,
    Slot,
    TrackedLink,
    Workspace,
)

# How many signs a caption may have, as the platforms say it in their own documentation.
CAPTION_LIMITS = {
    "instagram": 2_200, "tiktok": 4_000, "facebook": 63_206, "linkedin": 3_000, "x": 280,
    "threads": 500, "pinterest": 800, "youtube": 5_000, "youtube_shorts": 5_000,
}  # fmt: skip
AI_DISCLOSED = ("image", "video", "voice", "images")


def whole(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """The rows with everything that the shapes below read, in a constant number of queries."""
    holding = Lease.objects.filter(state__in=Lease.HOLDING)
    return rows.select_related("item", "channel", "item__primary_kpi").prefetch_related(
        Prefetch("leases", holding, to_attr="holding"),
        Prefetch("slot", Slot.objects.all()),
        "channel__windows",
        Prefetch("links", TrackedLink.objects.order_by("id")),
        Prefetch(
            "media", PublicationMedia.objects.select_related("asset").order_by("position", "id")
        ),
        Prefetch(
            "item__assets",
            Asset.objects.filter(role=Asset.Role.MAIN).order_by("id"),
            to_attr="main_files",
        ),
    )


def brief(publication: Publication, workspace: Workspace, at: datetime) -> dict[str, Any]:
    """What stands in a list."""
    item, channel = publication.item, publication.channel
    item.workspace = workspace
    return {
        "id": publication.public_id,
        "state": publication.state,
        "version": publication.version,
        "content_digest": publication.content_digest,
        "item": {
            "id": item.public_id,
            "key": item.key,
            "title": item.title,
            "url": f"{settings.SITE_URL}/w/{workspace.slug}/items/{item.key}/",
        },
        "channel": {
            "id": channel.public_id,
            "platform": channel.platform,
            "handle": channel.handle,
            "placement": str(publication.platform_settings.get("post_type", "")),
        }
        if channel
        else None,
        "publish_at": publish_at(publication),
        "window": _window(publication),
        "variant": publication.variant,
        "priority": publication.priority,
        "primary_kpi": item.primary_kpi.code if item.primary_kpi else None,
        "is_test": bool(publication.variant) or _slot_is_test(publication),
        "lease": _lease(publication),
        "published_at": publication.published_at,
        "permalink": publication.permalink,
        "external_id": publication.external_id or None,
        "external_id_pending": publication.external_id_pending,
        "failure": publication.failure or None,
        "retry_after": publication.retry_after,
        "created_at": publication.created_at,
        "updated_at": publication.updated_at,
    }


def full(publication: Publication, workspace: Workspace, at: datetime) -> dict[str, Any]:
    """The same with everything that has to be posted."""
    return brief(publication, workspace, at) | content(publication, at)


def content(publication: Publication, at: datetime) -> dict[str, Any]:
    """What goes out: words, files, links, and the settings of the platform."""
    platform = publication.channel.platform if publication.channel else ""
    return {
        "caption": {
            "text": publication.caption,
            "chars": len(publication.caption),
            "platform_limit": CAPTION_LIMITS.get(platform),
        },
        "title": publication.title or None,
        "hashtags": publication.hashtags,
        "mentions": publication.mentions,
        "media": [_medium(each, at) for each in _media(publication)],
        "links": [
            {"role": each.role, "url": each.url, "utm": each.utm}
            for each in publication.links.all()
        ],
        "first_comment": {
            "text": publication.first_comment,
            "delay_seconds": publication.first_comment_delay,
            "required": publication.first_comment_required,
        }
        if publication.first_comment
        else None,
        "platform_settings": {
            "ai_disclosure": _uses_ai(publication.item),
            **publication.platform_settings,
        },
    }


def publish_at(publication: Publication) -> dict[str, Any] | None:
    """The wall time that was meant, its zone, and the moment; null without a time."""
    if publication.publish_at is None:
        return None
    return {
        "local": publication.publish_local,
        "timezone": publication.time_zone,
        "utc": publication.publish_at.astimezone(UTC),
    }


def lease_answer(lease: Lease, workspace: Workspace, at: datetime) -> dict[str, Any]:
    """A claim with what was claimed."""
    publication = lease.publication
    return {
        "id": lease.public_id,
        "fence": lease.fence,
        "state": lease.state,
        "expires_at": lease.expires_at,
        "client": {"name": lease.client_name, "run": lease.client_run},
        "publication": full(publication, workspace, at),
    }


def _window(publication: Publication) -> dict[str, Any] | None:
    """The window that the time lies in, as the list of windows names it."""
    if publication.publish_at is None or publication.channel is None:
        return None
    windows = [each for each in publication.channel.windows.all() if each.retired_at is None]
    local = publication.publish_at.astimezone(ZoneInfo(publication.time_zone or "UTC"))
    for each in windows:
        if local.isoweekday() in each.weekdays and each.begins <= local.time() < each.ends:
            return {"id": each.public_id, "locked_until": each.locked_until}
    return None


def _slot_is_test(publication: Publication) -> bool:
    slot = getattr(publication, "slot", None)
    return bool(slot and slot.is_experiment)


def _lease(publication: Publication) -> dict[str, Any] | None:
    holding: Sequence[Lease] = getattr(publication, "holding", ())
    if not holding:
        return None
    lease = holding[0]
    return {"id": lease.public_id, "holder": lease.client_name, "expires_at": lease.expires_at}


def _media(publication: Publication) -> list[PublicationMedia]:
    """Its own files, or the item's main ones where it names none."""
    own = list(publication.media.all())
    if own:
        return own
    mains = getattr(publication.item, "main_files", None)
    if mains is None:
        mains = publication.item.assets.filter(role=Asset.Role.MAIN).order_by("id")
    return [PublicationMedia(asset=each, position=n) for n, each in enumerate(mains)]


def _medium(medium: PublicationMedia, at: datetime) -> dict[str, Any]:
    asset = medium.asset
    url, until = signed.address_of(asset, at)
    return {
        "id": asset.public_id,
        "role": medium.role,
        "url": url,
        "url_expires_at": until,
        "sha256": asset.sha256 or None,
        "mime": asset.mime or None,
        "bytes": asset.bytes or None,
        "alt_text": medium.alt_text or asset.alt_text,
        "cover": {"offset_ms": medium.cover_offset_ms}
        if medium.cover_offset_ms is not None
        else None,
    }


def _uses_ai(item: ContentItem) -> bool:
    return any(str(use).casefold() in AI_DISCLOSED for use in item.ai_used_for)
