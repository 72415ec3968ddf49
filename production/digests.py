"""The content digest: a fingerprint of exactly what a reviewer signs.

Canonical form: JSON with sorted keys, no spaces, UTF-8, of what the public will see; SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from production.locks import lock_item, require_unarchived
from production.models import Asset, ContentItem, Hook, Publication, PublicationMedia, Script

# Fields of the item that the public will see or that the piece is made from.
CONTENT_FIELDS = ("title", "cta", "promise", "url", "channel")
# A publication's own words; those that are empty say nothing and are left out.
WORDS = {
    "title": "title", "caption": "caption", "hashtags": "hashtags", "mentions": "mentions",
    "first_comment": "first_comment", "link": "link_url", "settings": "platform_settings",
    "variant": "variant",
}  # fmt: skip
GONE = (Publication.State.CANCELLED, Publication.State.REMOVED)
_PUBLIC_ROLES = (Asset.Role.MAIN, Asset.Role.THUMBNAIL, Asset.Role.CAPTIONS)


def content_of(item: ContentItem) -> dict[str, Any]:
    """What a signature on this item covers, in plain values."""
    hook = Hook.objects.filter(item=item, chosen=True).first()
    publications = (
        Publication.objects.filter(item=item)
        .exclude(state__in=GONE)
        .prefetch_related("media__asset")
        .order_by("id")
    )
    script = Script.objects.filter(item=item).first()
    return {
        "title": item.title,
        "channel": item.channel.public_id if item.channel else None,
        "hook": hook.text if hook else "",
        "promise": item.promise,
        "cta": item.cta,
        "url": item.url,
        "script": script.text if script else "",
        "sources": item.sources,
        "image_sources": item.image_sources,
        "ai_used_for": item.ai_used_for,
        "publications": [said for each in publications if (said := _said_by(each))],
        "media": media_of(item),
    }


def media_of(item: ContentItem) -> list[dict[str, Any]]:
    """The item's own files that the public will see, in plain values."""
    assets = Asset.objects.filter(item=item, role__in=_PUBLIC_ROLES).order_by("id")
    return [
        {"role": each.role, "sha256": each.sha256, "url": each.url, "alt": each.alt_text}
        for each in assets
    ]


def medium_of(medium: PublicationMedia) -> dict[str, Any]:
    """A file as a publication uses it, in plain values."""
    return {
        "role": medium.role,
        "sha256": medium.asset.sha256,
        "url": medium.asset.url,
        "alt": medium.alt_text or medium.asset.alt_text,
        "cover": medium.cover_offset_ms,
    }


def _said_by(publication: Publication) -> dict[str, Any]:
    """Its own words, and its own files where it names any."""
    rows = sorted(publication.media.all(), key=lambda each: (each.position, each.pk))
    own = {"media": [medium_of(each) for each in rows]} if rows else {}
    return words_of(publication) | own


def words_of(publication: Publication) -> dict[str, Any]:
    """The publication's own words, in plain values."""
    said = {name: getattr(publication, field) for name, field in WORDS.items()}
    return {name: value for name, value in said.items() if value}


def publication_content(
    publication: Publication, of_item: dict[str, Any], media: list[dict[str, Any]]
) -> dict[str, Any]:
    """What a signature covers of one publication: the item without its other publications.

    No id is in it, so that a copy of the workspace has the same fingerprints. `media` are the files
    as this publication uses them, the item's own where it names none.
    """
    channel = publication.channel
    own = {name: value for name, value in of_item.items() if name not in ("publications", "media")}
    return own | {
        "channel": [channel.platform, channel.handle] if channel else None,
        "words": words_of(publication),
        "media": media or of_item["media"],
    }


def digest_of(content: dict[str, Any]) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def held(item: ContentItem) -> ContentItem:
    """The item, locked until the end of the transaction, its content digest up to date.

    Raises Refused for an archived one.
    """
    item = require_unarchived(lock_item(item.pk))
    if not item.content_digest:
        refresh(item)
    return item


def refresh(item: ContentItem) -> str:
    """Bring `item.content_digest` up to date in memory and in its row; call it inside a verb."""
    digest = digest_of(content_of(item))
    if digest != item.content_digest:
        item.content_digest = digest
        ContentItem.objects.filter(pk=item.pk).update(content_digest=digest)
    return digest
