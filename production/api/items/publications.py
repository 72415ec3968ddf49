from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import publishing
from production.api.actions import does
from production.api.door import Door
from production.api.fields import (
    Address,
    Answer,
    Linked,
    Moment,
    PublicId,
    Strict,
    StrictModel,
    Text,
)
from production.api.items.base import ItemPart
from production.api.items.items import UPDATED_SINCE
from production.api.lookups import items_of
from production.api.paging import since
from production.models import Publication


class PublicationAnswer(Answer):
    """One appearance of an item on its channel."""

    id = PublicId()
    item = serializers.CharField(source="item.public_id", max_length=30, read_only=True)
    channel = Linked(read_only=True, allow_null=True)

    class Meta:
        model = Publication
        fields = (
            "id", "item", "channel", "state", "title", "caption", "link_url", "permalink",
            "published_at", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class Texts(StrictModel):
    class Meta:
        model = Publication
        fields = ("title", "caption", "link_url")


class Changes(StrictModel):
    """Before it is out: its texts. Once it is out: its address."""

    class Meta:
        model = Publication
        fields = ("title", "caption", "link_url", "permalink")


class Posted(Strict):
    """Somebody posted it by hand."""

    published_at = Moment(required=False, help_text="Without it: now.")
    permalink = Address(required=False, allow_blank=True, max_length=500)
    publication = Text(
        required=False, max_length=30,
        help_text="Which one; without it the oldest that is not out, or a new one.",
    )  # fmt: skip


class Removal(Strict):
    reason = Text(required=False, allow_blank=True, max_length=300)


def _whole(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.select_related("item", "channel")


class ItemPublications(ItemPart):
    noun: ClassVar[str] = "publications"

    @does("publication.see", answer=PublicationAnswer, is_page=True)
    def of_item(self, request: Request, id: str) -> Response:
        """The appearances of an item."""
        rows = _whole(Publication.objects.filter(item=self.item(id)))
        return self.page(rows, PublicationAnswer, {"created": "public_id"})

    @does("publication.publish", body=Texts, answer=PublicationAnswer, status=201)
    def create(self, request: Request, id: str) -> Response:
        """Prepare one more appearance of the item."""
        item = self.workable(id)
        made = publishing.draft(item, **self.read(Texts), by=self.seat.user, at=self.at)
        place = request.build_absolute_uri(f"/api/v1/publications/{made.public_id}/")
        return Response(PublicationAnswer(made).data, 201, headers={"Location": place})

    @does("publication.publish", body=Posted, answer=PublicationAnswer, refuses=True)
    def posted(self, request: Request, id: str) -> Response:
        """Say "I posted it": the item is out since then, at that address."""
        item, wish = self.workable(id), self.read(Posted)
        if public_id := wish.pop("publication", None):
            wish["publication"] = self.part(Publication.objects.all(), item, public_id)
        out = publishing.i_posted_it(item, **wish, by=self.seat.user, at=self.at)
        return Response(PublicationAnswer(out).data)


class Publications(Door):
    """Appearances of items on their channels."""

    noun: ClassVar[str] = "publications"

    @does("publication.see", answer=PublicationAnswer, is_page=True, parameters=[UPDATED_SINCE])
    def list(self, request: Request) -> Response:
        """Every appearance, in the order in which they were prepared."""
        rows = since(request, _whole(self._rows()))
        return self.page(rows, PublicationAnswer, {"created": "public_id"})

    @does("publication.see", answer=PublicationAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One appearance."""
        return self._answer(self._found(id))

    @does(
        "publication.publish", body=Changes, answer=PublicationAnswer, versioned=True, refuses=True
    )
    def partial_update(self, request: Request, id: str) -> Response:
        """Change its texts; of one that is out only the address may be corrected."""
        found, changes = self._found(id), self.read(Changes, partial=True)
        changed = publishing.change(
            found,
            changes,
            by=self.seat.user,
            at=self.at,
            version=self.if_match(found.version),
        )
        return self._answer(changed)

    @does("publication.publish", answer=PublicationAnswer, refuses=True)
    def ready(self, request: Request, id: str) -> Response:
        """It may go out as it is. Twice is once."""
        return self._answer(publishing.mark_ready(self._found(id), by=self.seat.user, at=self.at))

    @does("publication.publish", body=Removal, status=204, refuses=True)
    def remove(self, request: Request, id: str) -> Response:
        """Take one away that should not be there; the item's delivery is counted anew."""
        reason = self.read(Removal).get("reason", "")
        publishing.remove(self._found(id), seat=self.seat, at=self.at, reason=reason)
        return Response(status=204)

    def _rows(self) -> QuerySet[Publication]:
        return Publication.objects.filter(item__in=items_of(self.seat))

    def _found(self, id: str) -> Any:
        return self.found(_whole(self._rows()), id)

    def _answer(self, publication: Publication) -> Response:
        return self.with_version(PublicationAnswer(publication).data, publication.version)
