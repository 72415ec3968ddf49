from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import reviews
from production.api.actions import does
from production.api.door import Door
from production.api.fields import (
    Answer,
    Linked,
    LinkedPerson,
    Moment,
    PersonBrief,
    PublicId,
    Strict,
    Text,
    Truth,
)
from production.api.items.base import ItemPart
from production.api.lookups import items_of
from production.models import Review, ReviewRequest, User


class SignatureAnswer(Answer):
    id = PublicId()
    reviewer = PersonBrief(read_only=True, allow_null=True, help_text="Null: a guest answered.")
    guest = Linked(read_only=True, allow_null=True)

    class Meta:
        model = Review
        fields = (
            "id", "reviewer", "guest", "guest_name", "verdict", "facts", "brand", "cta", "comment",
            "digest", "at",
        )  # fmt: skip
        read_only_fields = fields


class ReviewAnswer(Answer):
    """A question to a second person: is exactly this content right?"""

    id = PublicId()
    item = serializers.CharField(source="item.public_id", max_length=30, read_only=True)
    reviewer = PersonBrief(read_only=True, allow_null=True)
    requested_by = PersonBrief(read_only=True, allow_null=True)
    answers = SignatureAnswer(many=True, read_only=True, source="reviews")
    content = serializers.DictField(help_text="What was asked about, in plain values.")
    is_current = serializers.SerializerMethodField(
        help_text="Whether the content is still the one asked about."
    )

    class Meta:
        model = ReviewRequest
        fields = (
            "id", "item", "reviewer", "requested_by", "note", "due_at", "state", "digest",
            "content", "is_current", "created_at", "closed_at", "answers",
        )  # fmt: skip
        read_only_fields = fields

    def get_is_current(self, asked: ReviewRequest) -> bool:
        return asked.digest == asked.item.content_digest


class NewReview(Strict):
    reviewer = LinkedPerson(
        queryset=User.objects.all(), required=False, allow_null=True,
        help_text="Without one: whoever reviews here.",
    )  # fmt: skip
    note = Text(required=False, allow_blank=True, max_length=500)
    due_at = Moment(required=False, allow_null=True)


class Signature(Strict):
    facts = Truth()
    brand = Truth()
    cta = Truth()
    comment = Text(required=False, allow_blank=True, max_length=4_000)
    digest = Text(required=False, max_length=71, help_text="Of the content you have seen: sha256:…")


class SentBack(Strict):
    comment = Text(max_length=4_000, help_text="What should change.")
    digest = Text(required=False, max_length=71, help_text="Of the content you have seen: sha256:…")
    facts = Truth(required=False, default=False, help_text="Right all the same.")
    brand = Truth(required=False, default=False)
    cta = Truth(required=False, default=False)


def _whole(rows: QuerySet[ReviewRequest]) -> QuerySet[ReviewRequest]:
    answers = Review.objects.select_related("reviewer", "guest").order_by("id")
    rows = rows.select_related("item", "reviewer", "requested_by")
    return rows.prefetch_related(Prefetch("reviews", answers))


class ItemReviews(ItemPart):
    noun: ClassVar[str] = "reviews"

    @does("review.see", answer=ReviewAnswer, is_page=True)
    def of_item(self, request: Request, id: str) -> Response:
        """Every request about an item, with its answers."""
        rows = _whole(ReviewRequest.objects.filter(item=self.item(id)))
        return self.page(rows, ReviewAnswer, {"created": "public_id"})

    @does("review.request", body=NewReview, answer=ReviewAnswer, status=201, refuses=True)
    def create(self, request: Request, id: str) -> Response:
        """Ask for a signature on the content as it is now."""
        item = self.workable(id)
        asked = reviews.request(item, **self.read(NewReview), by=self.seat.user, at=self.at)
        found = _whole(ReviewRequest.objects.all()).get(pk=asked.pk)
        place = request.build_absolute_uri(f"/api/v1/reviews/{asked.public_id}/")
        return Response(ReviewAnswer(found).data, 201, headers={"Location": place})


class Reviews(Door):
    """The quality gate: a second person signs facts, brand and call to action."""

    noun: ClassVar[str] = "reviews"

    @does("review.see", answer=ReviewAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """Every request of the workspace, oldest first."""
        return self.page(_whole(self._rows()), ReviewAnswer, {"created": "public_id"})

    @does("review.see", answer=ReviewAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One request with its answers."""
        return self._answer(self._found(id))

    @does("review.sign", body=Signature, answer=ReviewAnswer, refuses=True)
    def sign(self, request: Request, id: str) -> Response:
        """Sign facts, brand and call to action on exactly this content; never one's own edit."""
        asked, wish = self._found(id), self.read(Signature)
        reviews.sign(asked, **wish, by=self.seat.user, at=self.at)
        return self._answer(self._found(id))

    @does("review.sign", body=SentBack, answer=ReviewAnswer, refuses=True)
    def send_back(self, request: Request, id: str) -> Response:
        """Send the content back and say what should change."""
        asked, wish = self._found(id), self.read(SentBack)
        reviews.request_changes(asked, **wish, by=self.seat.user, at=self.at)
        return self._answer(self._found(id))

    @does("review.request", answer=ReviewAnswer, refuses=True)
    def withdraw(self, request: Request, id: str) -> Response:
        """Nobody needs to look any more."""
        reviews.withdraw(self._found(id), by=self.seat.user, at=self.at)
        return self._answer(self._found(id))

    def _rows(self) -> QuerySet[ReviewRequest]:
        return ReviewRequest.objects.filter(item__in=items_of(self.seat))

    def _found(self, id: str) -> Any:
        return self.found(_whole(self._rows()), id)

    def _answer(self, asked: ReviewRequest) -> Response:
        return Response(ReviewAnswer(asked).data)
