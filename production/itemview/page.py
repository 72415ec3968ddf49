from __future__ import annotations

from functools import cached_property
from typing import Any

from production import answered, guests, reviews, signatures
from production.itemview import chips, needs
from production.itemview.around import Around
from production.itemview.chips import Chip
from production.itemview.work import Work
from production.models import ContentItem, Event, Review, ReviewRequest, User

# Every panel of the page, in the order of a phone: needs, work, the rest.
PANELS = (
    "head", "gates", "review", "script", "hooks", "outcome", "publication", "history",
    "details", "checklist", "derivatives", "sources", "files", "comments",
)  # fmt: skip


class ItemPage(Work, Around):
    """One item as one person sees it. Reads what a panel asks for, once."""

    @cached_property
    def chips(self) -> list[Chip]:
        return chips.of(self.item, self.seat, self.stages, self.now)

    @cached_property
    def assignees(self) -> list[User]:
        return list(self.item.assignees.order_by("assignments__id"))

    @cached_property
    def previous(self) -> ContentItem | None:
        return self._beside("-rank", rank__lt=self.item.rank)

    @cached_property
    def next(self) -> ContentItem | None:
        return self._beside("rank", rank__gt=self.item.rank)

    def _beside(self, order: str, **where: Any) -> ContentItem | None:
        if self.item.archived_at:
            return None
        found = self.visible.filter(stage=self.item.stage_id, archived_at=None, **where)
        return found.select_related("workspace").order_by(order, "id").first()

    # -- what it needs

    @cached_property
    def ahead(self) -> list[needs.Ahead]:
        return needs.ahead(self.item, self.seat, self.stages)

    @cached_property
    def request(self) -> ReviewRequest | None:
        """The open review request."""
        return (
            ReviewRequest.objects.filter(item=self.item, state=ReviewRequest.State.OPEN)
            .select_related("reviewer", "requested_by")
            .first()
        )

    @property
    def request_outdated(self) -> bool:
        return self.request is not None and self.request.digest != self.item.content_digest

    @cached_property
    def signatures(self) -> signatures.Signatures:
        return signatures.on_item(self.item)

    @cached_property
    def answers(self) -> list[Review]:
        """The last answers, newest first."""
        found = Review.objects.filter(item=self.item).select_related("reviewer")
        return list(found.order_by("-at", "-id")[:4])

    @cached_property
    def since(self) -> answered.Since | None:
        """What this person has to look at again: changes since their answer, or anybody's."""
        if not self.answers or self.answers[0].digest == self.item.content_digest:
            return None
        return answered.since(self.item, by=self.seat.user)

    @cached_property
    def links(self) -> list[guests.Visit]:
        """The links by which people without an account review it."""
        return guests.visits_of(self.item, self.now) if self.seat.may("review.see") else []

    @property
    def open_links(self) -> list[guests.Visit]:
        return [each for each in self.links if each.guest.is_open(self.now)]

    @property
    def ended_links(self) -> list[guests.Visit]:
        return [each for each in self.links if not each.guest.is_open(self.now)]

    @property
    def edited_it_last(self) -> bool:
        return self.item.content_edited_by_id == self.seat.user.pk

    @cached_property
    def reviewers(self) -> list[User]:
        return reviews.reviewers_of(self.item)

    def news(self, since: int) -> list[Event]:
        """What happened to this item after that number of the log."""
        return list(
            Event.objects.filter(
                subject=self.item.public_id, workspace=self.workspace, seq__gt=since
            )
            .select_related("actor")
            .order_by("seq")[:200]
        )
