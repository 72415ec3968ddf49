"""Writing a publication: one more appearance of an item, and its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import parts
from production.errors import Invalid, Stale
from production.models import Asset, ContentItem, Publication, PublicationMedia, User
from production.publications import content, links, states
from production.publications.held import hold, hold_item, record, save, turn
from production.publications.texts import CONTENT, WRITABLE, checked


@transaction.atomic
def draft(item: ContentItem, *, by: User, at: datetime, **values: Any) -> Publication:
    """Prepare one more appearance, with any of texts.WRITABLE. Raises Invalid."""
    parts.only(values, WRITABLE)
    values = checked(values)
    item = hold_item(item)
    publication = create(item, by, at, values)
    parts.changed(item, by=by, at=at)
    publication.refresh_from_db(fields=["content_digest", "version"])
    record("publication.created", item, publication, by=by, at=at)
    return publication


@transaction.atomic
def change(
    publication: Publication,
    changes: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    version: int | None = None,
) -> Publication:
    """Change what is written, or the address of one that is out.

    What is out stays as it was published: only `permalink` may be corrected then, and only then.
    Other content makes what was ready a draft, and what a tool has a new version.
    Raises Stale, Invalid, Refused.
    """
    item, publication = hold(publication)
    is_out = publication.state in (states.PUBLISHED, states.REMOVED)
    parts.only(changes, ("permalink",) if is_out else WRITABLE)
    values = checked(changes)
    if version is not None and version != publication.version:
        raise Stale(publication.version, {name: getattr(publication, name) for name in changes})
    noted = {name: [getattr(publication, name), value] for name, value in values.items()}
    noted = {name: pair for name, pair in noted.items() if pair[0] != pair[1]}
    if not noted:
        return publication
    for name, (_old, value) in noted.items():
        setattr(publication, name, value)
    if noted.keys() & set(CONTENT):
        turn(publication, states.Act.EDIT)
        links.build(publication, item, at)
        content.refresh(publication)
    save(publication, by=by, at=at)
    parts.changed(item, by=by, at=at)
    record("publication.changed", item, publication, by=by, at=at, changes=noted)
    return publication


@transaction.atomic
def use_media(
    publication: Publication, uses: Sequence[Mapping[str, Any]], *, by: User, at: datetime
) -> Publication:
    """Which of the item's files go out, in this order; `asset`, `role`, `alt_text`,
    `cover_offset_ms` each. Without any, the item's main file does. Raises Invalid, Refused.
    """
    item, publication = hold(publication)
    turn(publication, states.Act.EDIT)
    known = {each.public_id: each for each in Asset.objects.filter(item=item)}
    rows = []
    for position, use in enumerate(uses):
        asset = known.get(use["asset"])
        if asset is None:
            sentence = _("%(id)s is not part of this card.") % {"id": use["asset"]}
            raise Invalid({"media": [("does_not_exist", sentence)]})
        rows.append(
            PublicationMedia(
                publication=publication,
                asset=asset,
                role=use.get("role", PublicationMedia.Role.MAIN),
                position=position,
                alt_text=parts.line_of("alt_text", use.get("alt_text", ""), limit=500),
                cover_offset_ms=use.get("cover_offset_ms"),
            )
        )
    if len({(row.asset_id, row.role) for row in rows}) < len(rows):
        sentence = _("A file stands here once for each use.")
        raise Invalid({"media": [("twice", sentence)]})
    publication.media.all().delete()
    PublicationMedia.objects.bulk_create(rows)
    content.refresh(publication)
    save(publication, by=by, at=at)
    parts.changed(item, by=by, at=at)
    named = [[row.asset.public_id, row.role] for row in rows]
    record("publication.changed", item, publication, by=by, at=at, changes={"media": [None, named]})
    return publication


def create(item: ContentItem, by: User, at: datetime, values: Mapping[str, Any]) -> Publication:
    """The row of one more appearance on the item's channel, with its link; part of a verb."""
    publication = Publication.objects.create(
        workspace=item.workspace,
        item=item,
        channel=item.channel,
        created_at=at,
        updated_at=at,
        by=by,
        **values,
    )
    links.build(publication, item, at)
    content.refresh(publication)
    publication.save(update_fields=["content_digest"])
    return publication
