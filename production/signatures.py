"""Who has signed exactly this content, and how many must (R83)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

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
    """Who has signed exactly what this publication shows."""
    return on_publications([publication])[publication.pk]


def on_publications(publications: Collection[Publication]) -> dict[int, Signatures]:
    """The same for many, by key, in one query.

    A signature on the item covers all publications that it had then, each by its own digest.
    """
    signed: dict[int, list[Any]] = defaultdict(list)
    approved = Review.objects.filter(
        item__in={each.item_id for each in publications}, verdict=Review.Verdict.APPROVED
    )
    for item, digest, covers, *who in approved.values_list(
        "item", "digest", "request__covers", *_WHO
    ):
        signed[item].append((digest, covers or {}, who))
    found = {}
    for each in publications:
        item = each.item
        people = [
            who
            for digest, covers, who in signed[item.pk]
            if covers.get(each.public_id) == each.content_digest
            and not (digest == item.content_digest and _is_editor(who, item))
        ]
        found[each.pk] = Signatures(_count(people, item), item.workspace.min_reviewers)
    return found


_WHO = ("reviewer", "guest__email", "guest", "guest_name")


def _is_editor(who: Sequence[Any], item: ContentItem) -> bool:
    return who[0] is not None and who[0] == item.content_edited_by_id


def _people(rows: QuerySet[Review], item: ContentItem) -> int:
    return _count(rows.values_list(*_WHO), item)


def _count(signed: Iterable[Sequence[Any]], item: ContentItem) -> int:
    """How many different people: one guest under two links is one, where guests count at all."""
    counts_guests = item.workspace.guests_count
    return len(
        {
            ("person", reviewer) if reviewer else ("guest", (email or "").lower() or guest or name)
            for reviewer, email, guest, name in signed
            if reviewer or counts_guests or (guest is None and name == "")
        }
    )
