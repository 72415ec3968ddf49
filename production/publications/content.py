"""The fingerprint of what one publication shows, and what happens when it changes."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from production import digests
from production.models import ContentItem, Publication, PublicationMedia, User
from production.publications import states
from production.publications.held import locked, record, save

# What is out, or will never be, keeps the fingerprint it had.
SETTLED = (states.PUBLISHED, states.REMOVED, states.CANCELLED)


def digests_of(item: ContentItem) -> dict[int, str]:
    """The digest of each of the item's publications that is still to come, by its key."""
    rows = list(_open(item))
    if not rows:
        return {}
    of_item = digests.content_of(item)
    media = _media(rows)
    return {
        each.pk: digests.digest_of(digests.publication_content(each, of_item, media[each.pk]))
        for each in rows
    }


def refresh(publication: Publication) -> str:
    """Bring the digest up to date in memory; the caller writes the row."""
    of_item = digests.content_of(publication.item)
    media = _media([publication])[publication.pk]
    content = digests.publication_content(publication, of_item, media)
    publication.content_digest = digests.digest_of(content)
    return publication.content_digest


def follow(item: ContentItem, *, by: User | None, at: datetime) -> None:
    """The held item's content has changed: so have its publications; part of a verb.

    What was ready is a draft again, since nobody has signed it as it is now. What a tool already
    has becomes a new version, and the tool is told.
    """
    found = digests_of(item)
    for publication in _open(item):
        digest = found.get(publication.pk, "")
        if digest == publication.content_digest:
            continue
        before, publication.content_digest = publication.content_digest, digest
        publication.item = item
        publication.state = states.after(publication.state, states.Act.EDIT)
        save(publication, by=by, at=at)
        changes = {"content_digest": [before, digest]}
        record("publication.changed", item, publication, by=by, at=at, changes=changes)


def media_of(publication: Publication) -> list[dict[str, Any]]:
    """The files that go out, as the digest names them: its own, or the item's."""
    return _media([publication])[publication.pk] or digests.media_of(publication.item)


def _open(item: ContentItem) -> Any:
    rows = Publication.objects.filter(item=item).exclude(state__in=SETTLED)
    return locked(rows.select_related("channel").order_by("id"))


def _media(publications: list[Publication]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = PublicationMedia.objects.filter(publication__in=publications).select_related("asset")
    for each in rows.order_by("position", "id"):
        found[each.publication_id].append(digests.medium_of(each))
    return found
