"""The content digest: a fingerprint of exactly what a reviewer signs.

Canonical form: JSON with sorted keys, no spaces, UTF-8, of what the public will see; SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from production.models import Asset, ContentItem, Hook, Publication, Script

# Fields of the item that the public will see or that the piece is made from.
CONTENT_FIELDS = ("title", "cta", "promise", "url", "channel")
_PUBLIC_ROLES = (Asset.Role.MAIN, Asset.Role.THUMBNAIL, Asset.Role.CAPTIONS)


def content_of(item: ContentItem) -> dict[str, Any]:
    """What a signature on this item covers, in plain values."""
    hook = Hook.objects.filter(item=item, chosen=True).first()
    publications = Publication.objects.filter(item=item).order_by("id")
    assets = Asset.objects.filter(item=item, role__in=_PUBLIC_ROLES).order_by("id")
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
        "publications": [
            {"title": each.title, "caption": each.caption, "link": each.link_url}
            for each in publications
            if each.title or each.caption or each.link_url
        ],
        "media": [
            {
                "role": each.role,
                "sha256": each.sha256,
                "url": each.url,
                "alt": each.alt_text,
            }
            for each in assets
        ],
    }


def digest_of(content: dict[str, Any]) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def refresh(item: ContentItem) -> str:
    """Bring `item.content_digest` up to date in memory and in its row; call it inside a verb."""
    digest = digest_of(content_of(item))
    if digest != item.content_digest:
        item.content_digest = digest
        ContentItem.objects.filter(pk=item.pk).update(content_digest=digest)
    return digest
