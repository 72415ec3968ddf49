"""The parts of cards brought in: comments, checklists, links, labels, people, publications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from production.imports.draft import CardDraft
from production.imports.plan import SourceCard, SourceField
from production.models import (
    Asset,
    Assignment,
    ChecklistEntry,
    Comment,
    ContentItem,
    ImportRun,
    Label,
    Publication,
    User,
)

TITLE_LENGTH = 200
FIELD_LENGTH = 2_000
FIELDS = 40  # of the 50 a card may have; some are made here
_BATCH = 500
_ADDRESS_LENGTH = 1000
_PERMALINK_LENGTH = 500


class Parts:
    """Collects the rows that belong to items, and saves them at once."""

    def __init__(
        self,
        run: ImportRun,
        people: Mapping[str, User],
        names: Mapping[str, str],
        by: User,
        at: datetime,
    ) -> None:
        self.run, self.people, self.names, self.by, self.at = run, people, names, by, at
        self.comments: list[Comment] = []
        self.entries: list[ChecklistEntry] = []
        self.assets: list[Asset] = []
        self.assignments: list[Assignment] = []
        self.publications: list[Publication] = []
        self.labelled: list[tuple[ContentItem, Label]] = []
        self.checklists = 0
        self.taken: set[tuple[int | None, str]] = set(
            Publication.objects.filter(workspace=run.workspace)
            .exclude(permalink="")
            .values_list("channel", "permalink")
        )

    def add(self, item: ContentItem, made: CardDraft, labels: Sequence[Label]) -> list[str]:
        """Everything of one card but its publication; the public ids of its comments."""
        card = made.card
        self.labelled += [(item, label) for label in dict.fromkeys(labels)]
        users = dict.fromkeys(self.people[ident] for ident in card.members if ident in self.people)
        self.assignments += [Assignment(item=item, user=user) for user in users]
        self._add_checklists(item, card)
        self._add_links(item, card)
        return self._add_comments(item, card)

    def publication(self, item: ContentItem, at: datetime, url: str) -> Publication:
        """The item was out at `at`; an address that another publication has is left out."""
        place = (item.channel_id, url)
        usable = url and len(url) <= _PERMALINK_LENGTH and place not in self.taken
        if usable:
            self.taken.add(place)
        publication = Publication(
            workspace=item.workspace,
            item=item,
            channel=item.channel,
            state=Publication.State.PUBLISHED,
            title=item.title,
            permalink=url if usable else "",
            published_at=at,
            created_at=at,
            updated_at=self.at,
            by=None,
        )
        self.publications.append(publication)
        return publication

    def save(self) -> None:
        """Write all rows; the items must have been written before."""
        Comment.objects.bulk_create(self.comments, _BATCH)
        ChecklistEntry.objects.bulk_create(self.entries, _BATCH)
        Asset.objects.bulk_create(self.assets, _BATCH)
        Assignment.objects.bulk_create(self.assignments, _BATCH)
        Publication.objects.bulk_create(self.publications, _BATCH)
        through = ContentItem.labels.through
        through.objects.bulk_create(
            [through(contentitem_id=item.pk, label_id=label.pk) for item, label in self.labelled],
            _BATCH,
        )

    def counts(self) -> dict[str, int]:
        return {
            "comments": len(self.comments),
            "checklists": self.checklists,
            "links": len(self.assets),
            "assignments": len(self.assignments),
            "publications": len(self.publications),
        }

    def _add_comments(self, item: ContentItem, card: SourceCard) -> list[str]:
        made = []
        for comment in card.comments:
            author = self.people.get(comment.by)
            name = self.names.get(comment.by, "")
            made.append(
                Comment(
                    item=item,
                    author=author,
                    author_name=(str(author) if author else name)[:100],
                    text=comment.text,
                    created_at=min(comment.at, self.at),
                )
            )
        self.comments += made
        return [comment.public_id for comment in made]

    def _add_checklists(self, item: ContentItem, card: SourceCard) -> None:
        position = 0
        for checklist in card.checklists:
            self.checklists += 1
            for entry in checklist.items:
                self.entries.append(
                    ChecklistEntry(
                        item=item,
                        group=checklist.name[:100],
                        text=entry.text[:500],
                        done=entry.done,
                        position=position,
                    )
                )
                position += 1

    def _add_links(self, item: ContentItem, card: SourceCard) -> None:
        for link in card.links:
            if len(link.url) <= _ADDRESS_LENGTH:
                self.assets.append(
                    Asset(
                        item=item,
                        role=Asset.Role.REFERENCE,
                        name=link.name[:200],
                        url=link.url,
                        added_by=None,
                        added_at=self.at,
                    )
                )


def title_of(card: SourceCard) -> str:
    """The title; one that is too long ends in an ellipsis and opens the description."""
    if len(card.title) <= TITLE_LENGTH:
        return card.title
    return card.title[: TITLE_LENGTH - 1].rstrip() + "…"


def described(card: SourceCard) -> str:
    """The description, with all that found no room elsewhere."""
    kept = fitting(card)
    return "\n\n".join(
        filter(
            None,
            [
                card.title if len(card.title) > TITLE_LENGTH else "",
                card.description,
                *(f"{entry.name}: {entry.value}" for entry in card.fields if entry not in kept),
            ],
        )
    )


def fitting(card: SourceCard) -> list[SourceField]:
    """The source's own fields that a card has room for; the others go into the description."""
    short = [entry for entry in card.fields if len(entry.value) <= FIELD_LENGTH]
    return short[:FIELDS]
