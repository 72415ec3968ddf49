"""Who has signed exactly this content, and how many must (R83)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from production.models import ContentItem, Publication, Review


@dataclass(frozen=True, slots=True)
class Signatures:
    """How many people have signed exactly the present content, and how many must."""

    have: int
    need: int

    @property
    def complete(self) -> bool:
        return self.have >= self.need


def on_item(item: ContentItem) -> Signatures:
    """The signatures that count: on the content as it is now, not by its last editor."""
    counting = Review.objects.filter(
        item=item, verdict=Review.Verdict.APPROVED, digest=item.content_digest
    ).exclude(reviewer=None, guest=None, guest_name="")
    if item.content_edited_by_id is not None:
        counting = counting.exclude(reviewer=item.content_edited_by_id)
    return Signatures(_people(counting, item), item.workspace.min_reviewers)


def on_publication(publication: Publication) -> Signatures:
    """Who has signed exactly what this publication shows.

    A signature on the item covers all publications that it had then, each by its own digest.
    """
    item = publication.item
    covered = {f"request__covers__{publication.public_id}": publication.content_digest}
    counting = Review.objects.filter(item=item, verdict=Review.Verdict.APPROVED, **covered)
    if item.content_edited_by_id is not None:
        own = {"digest": item.content_digest, "reviewer": item.content_edited_by_id}
        counting = counting.exclude(**own)
    return Signatures(_people(counting, item), item.workspace.min_reviewers)


def _people(rows: QuerySet[Review], item: ContentItem) -> int:
    """How many different people: one guest under two links is one, where guests count at all."""
    if not item.workspace.guests_count:
        rows = rows.filter(Q(guest=None, guest_name="") | Q(reviewer__isnull=False))
    named = rows.values_list("reviewer", "guest__email", "guest", "guest_name")
    return len(
        {
            ("person", reviewer) if reviewer else ("guest", (email or "").lower() or guest or name)
            for reviewer, email, guest, name in named
        }
    )
