from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import guests
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Email, Moment, PersonBrief, PublicId, Strict, Text, Truth
from production.api.items.base import ItemPart
from production.api.lookups import items_of
from production.models import GuestReviewer


class GuestAnswer(Answer):
    """Somebody without an account who may review one item under a link."""

    id = PublicId()
    item = serializers.CharField(source="request.item.public_id", max_length=30, read_only=True)
    review = serializers.CharField(source="request.public_id", max_length=30, read_only=True)
    invited_by = PersonBrief(source="created_by", read_only=True, allow_null=True)

    class Meta:
        model = GuestReviewer
        fields = (
            "id", "item", "review", "name", "email", "invited_by", "created_at", "expires_at",
            "seen_at", "revoked_at",
        )  # fmt: skip
        read_only_fields = fields


class NewGuestAnswer(GuestAnswer):
    link = serializers.CharField(
        max_length=300, allow_null=True, help_text=_("The address to open, shown this once.")
    )
    mailed = serializers.BooleanField(help_text=_("Whether the mail server took the link."))

    class Meta(GuestAnswer.Meta):
        fields = (*GuestAnswer.Meta.fields, "link", "mailed")
        read_only_fields = fields


class NewGuest(Strict):
    name = Text(max_length=100)
    email = Email(max_length=254, required=False, allow_blank=True)
    expires_at = Moment(
        required=False, help_text=_("Without one: in 14 days. At most 90 days from now.")
    )
    mail = Truth(required=False, default=True, help_text=_("Send the link to the address."))


def _rows(rows: QuerySet[GuestReviewer]) -> QuerySet[GuestReviewer]:
    return rows.select_related("created_by", "request__item", "request__workspace")


class ItemGuests(ItemPart):
    noun: ClassVar[str] = "guests"

    @does("review.see", answer=GuestAnswer, is_page=True)
    def of_item(self, request: Request, id: str) -> Response:
        """Every link by which somebody without an account may review this item."""
        rows = _rows(guests.links_of(self.item(id)))
        return self.page(rows, GuestAnswer, {"created": "public_id"})

    @does(
        "review.invite",
        body=NewGuest,
        answer=NewGuestAnswer,
        status=201,
        refuses=True,
        secrets=("link",),
    )
    def create(self, request: Request, id: str) -> Response:
        """Make a link for a guest; where nobody is asked about the present content, this asks.

        An earlier link of the same address to the item ends.
        """
        item, wish = self.workable(id), self.read(NewGuest)
        by_mail = wish.pop("mail")
        guest, secret = guests.invite(item, **wish, seat=self.seat, at=self.at)
        guest = _rows(GuestReviewer.objects.all()).get(pk=guest.pk)
        mailed = by_mail and bool(guest.email) and guests.send(guest, secret)
        place = request.build_absolute_uri(f"/api/v1/guests/{guest.public_id}/")
        said = GuestAnswer(guest).data | {"link": guests.link(secret), "mailed": mailed}
        return Response(said, 201, headers={"Location": place})


class Guests(Door):
    """Reviewers without an account: one link, one item."""

    noun: ClassVar[str] = "guests"

    @does("review.see", answer=GuestAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One link; never its secret."""
        return Response(GuestAnswer(self._found(id)).data)

    @does("review.invite", status=204)
    def destroy(self, request: Request, id: str) -> Response:
        """Close a link: from the next request on it opens nothing. Twice is once."""
        guests.revoke(self._found(id), seat=self.seat, at=self.at)
        return Response(status=204)

    def _found(self, id: str) -> GuestReviewer:
        rows = GuestReviewer.objects.filter(request__item__in=items_of(self.seat))
        return self.found(_rows(rows), id)
