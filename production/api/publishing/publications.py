"""Publications: what can be scheduled, written and changed by people, read by schedulers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import publishing
from production.api.actions import does
from production.api.door import Door
from production.api.fields import (
    Address,
    Moment,
    Strict,
    StrictModel,
    Text,
    Truth,
    Whole,
    parse_moment,
)
from production.api.items.base import ItemPart
from production.api.items.items import UPDATED_SINCE
from production.api.lookups import items_of
from production.api.paging import bad, since
from production.api.problems import invalid
from production.api.publishing import shapes
from production.api.publishing.answers import PublicationBrief
from production.models import Publication
from production.publications.render import RENDERERS, render

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
STATES = tuple(Publication.State.values)


def _listed(name: str, about: str, choices: tuple[str, ...] = ()) -> OpenApiParameter:
    schema: dict[str, Any] = {"type": "string", "maxLength": 2000}
    if choices:
        about = f"{about} One or more of {', '.join(choices)}, separated by commas."
    return OpenApiParameter(name, schema, description=about)


def _moment(name: str, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "format": "date-time"}, description=about)


EXPAND = OpenApiParameter(
    "expand", {"type": "string", "enum": ["content"]}, description="With captions, files, links."
)
FILTERS = (
    _listed("state", "Only in these states.", STATES),
    _moment("from", "Only those to be published at or after this moment."),
    _moment("to", "Only those to be published before this moment."),
    _listed("channel", "Only on these channels: ids, separated by commas."),
    _listed("platform", "Only on these platforms, separated by commas."),
    EXPAND,
    UPDATED_SINCE,
)
RENDER = OpenApiParameter(
    "render", {"type": "string", "enum": sorted(RENDERERS)},
    description="A body ready to be sent to that tool, under `rendered`.",
)  # fmt: skip


class Writing(StrictModel):
    """What goes out."""

    hashtags = serializers.ListField(child=Text(max_length=100), required=False, max_length=30)
    mentions = serializers.ListField(child=Text(max_length=100), required=False, max_length=30)
    platform_settings = serializers.DictField(required=False)

    class Meta:
        model = Publication
        fields = (
            "title", "caption", "hashtags", "mentions", "first_comment", "first_comment_delay",
            "first_comment_required", "link_url", "platform_settings", "variant",
            "allow_duplicate", "priority",
        )  # fmt: skip


class Changes(Writing):
    """Before it is out: what goes out. Once it is out: its address."""

    class Meta:
        model = Publication
        fields = (*Writing.Meta.fields, "permalink")


class Posted(Strict):
    """Somebody posted it by hand."""

    published_at = Moment(required=False, help_text="Without it: now.")
    permalink = Address(required=False, allow_blank=True, max_length=500)
    publication = Text(
        required=False, max_length=30,
        help_text="Which one; without it the oldest that is not out, or a new one.",
    )  # fmt: skip


class CancelReason(Strict):
    reason = Text(required=False, allow_blank=True, max_length=300)


class HoldReason(Strict):
    reason = Text(max_length=300)


class Resolution(Strict):
    """What somebody found who has looked on the platform."""

    out = Truth(help_text="Whether it is there.")
    evidence = Text(required=False, allow_blank=True, max_length=300)
    permalink = Address(required=False, allow_blank=True, max_length=500)
    published_at = Moment(required=False)


class Use(Strict):
    asset = Text(max_length=30)
    role = Text(required=False, max_length=10)
    alt_text = Text(required=False, allow_blank=True, max_length=500)
    cover_offset_ms = Whole(required=False, allow_null=True, min_value=0)


class Uses(Strict):
    media = Use(many=True, max_length=20)


class ItemPublications(ItemPart):
    noun: ClassVar[str] = "publications"

    @does("publication.see", answer=PublicationBrief, is_page=True, parameters=[EXPAND])
    def of_item(self, request: Request, id: str) -> Response:
        """The appearances of an item."""
        rows = shapes.whole(Publication.objects.filter(item=self.item(id)))
        return self.page(rows, _writer(self, request), {"created": "public_id"})

    @does("publication.publish", body=Writing, answer=PublicationBrief, status=201)
    def create(self, request: Request, id: str) -> Response:
        """Prepare one more appearance of the item."""
        item = self.workable(id)
        made = publishing.draft(item, **self.read(Writing), by=self.seat.user, at=self.at)
        place = request.build_absolute_uri(f"/api/v1/publications/{made.public_id}/")
        return Response(_full(self, made), 201, headers={"Location": place})

    @does("publication.publish", body=Posted, answer=PublicationBrief, refuses=True)
    def posted(self, request: Request, id: str) -> Response:
        """Say "I posted it": the item is out since then, at that address."""
        item, wish = self.workable(id), self.read(Posted)
        if public_id := wish.pop("publication", None):
            wish["publication"] = self.part(Publication.objects.all(), item, public_id)
        out = publishing.i_posted_it(item, **wish, by=self.seat.user, at=self.at)
        return Response(_full(self, out))


class Publications(Door):
    """Appearances of items on their channels."""

    noun: ClassVar[str] = "publications"

    @does("publication.see", answer=PublicationBrief, is_page=True, parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """What is planned and out, the earliest first; those without a time come last."""
        rows = shapes.whole(since(request, _filtered(request, self._rows())))
        rows = rows.annotate(due_at=Coalesce("publish_at", Value(_NEVER)))
        orders = {"publish_at": "due_at", "created": "public_id", "updated": "updated_at"}
        return self.page(rows, _writer(self, request), orders)

    @does("publication.see", answer=PublicationBrief, versioned=True, parameters=[RENDER])
    def retrieve(self, request: Request, id: str) -> Response:
        """One appearance with everything that has to be posted."""
        found = self._found(id)
        answer = _full(self, found)
        if (tool := request.query_params.get("render")) is not None:
            if tool not in RENDERERS:
                raise invalid([bad("render", "invalid_choice", ", ".join(RENDERERS))])
            answer["rendered"] = render(answer, tool)
        return self.with_version(answer, found.version)

    @does(
        "publication.publish", body=Changes, answer=PublicationBrief, versioned=True, refuses=True
    )
    def partial_update(self, request: Request, id: str) -> Response:
        """Change what goes out; of one that is out only the address may be corrected."""
        found, changes = self._found(id), self.read(Changes, partial=True)
        version = self.if_match(found.version)
        return self._answer(
            publishing.change(found, changes, by=self.seat.user, at=self.at, version=version)
        )

    @does("publication.publish", body=Uses, answer=PublicationBrief, refuses=True)
    def media(self, request: Request, id: str) -> Response:
        """Which files of the item go out, in this order; none: its main files do."""
        uses = self.read(Uses)["media"]
        found = self._found(id)
        return self._answer(publishing.use_media(found, uses, by=self.seat.user, at=self.at))

    @does("publication.publish", answer=PublicationBrief, refuses=True)
    def ready(self, request: Request, id: str) -> Response:
        """It may go out as it is; refused with everything that is missing. Twice is once."""
        return self._answer(publishing.mark_ready(self._found(id), by=self.seat.user, at=self.at))

    @does("publication.schedule", body=HoldReason, answer=PublicationBrief, refuses=True)
    def hold(self, request: Request, id: str) -> Response:
        """Stop it for now, and say why; a tool that has it is told."""
        reason = self.read(HoldReason)["reason"]
        found = self._found(id)
        return self._answer(
            publishing.put_on_hold(found, reason=reason, by=self.seat.user, at=self.at)
        )

    @does("publication.schedule", answer=PublicationBrief, refuses=True)
    def reopen(self, request: Request, id: str) -> Response:
        """Go on with what was held, cancelled, or needed somebody."""
        return self._answer(publishing.reopen(self._found(id), by=self.seat.user, at=self.at))

    @does("publication.schedule", body=CancelReason, answer=PublicationBrief, refuses=True)
    def cancel(self, request: Request, id: str) -> Response:
        """It shall not go out; a tool that has it is told."""
        reason = self.read(CancelReason).get("reason", "")
        found = self._found(id)
        return self._answer(publishing.cancel(found, reason=reason, by=self.seat.user, at=self.at))

    @does("publication.resolve", body=Resolution, answer=PublicationBrief, refuses=True)
    def resolve(self, request: Request, id: str) -> Response:
        """Say of an unconfirmed one what became of it, with what you saw."""
        found, said = self._found(id), self.read(Resolution)
        is_out = said.pop("out")
        verb = publishing.it_is_out if is_out else publishing.it_is_not_out
        if not is_out:
            said = {"evidence": said.get("evidence", "")}
        return self._answer(verb(found, **said, by=self.seat.user, at=self.at))

    @does("publication.publish", body=CancelReason, status=204, refuses=True)
    def remove(self, request: Request, id: str) -> Response:
        """Take one away that should not be there; the item's delivery is counted anew."""
        reason = self.read(CancelReason).get("reason", "")
        publishing.remove(self._found(id), seat=self.seat, at=self.at, reason=reason)
        return Response(status=204)

    def _rows(self) -> QuerySet[Publication]:
        return Publication.objects.filter(item__in=items_of(self.seat))

    def _found(self, id: str) -> Any:
        return self.found(shapes.whole(self._rows()), id)

    def _answer(self, publication: Publication) -> Response:
        return self.with_version(_full(self, publication), publication.version)


def _writer(door: Door, request: Request) -> Any:
    expand = request.query_params.get("expand")
    if expand not in (None, "content"):
        raise invalid([bad("expand", "invalid_choice", "content")])
    write = shapes.full if expand else shapes.brief
    return lambda row: write(row, door.seat.workspace, door.at)


def _full(door: Door, publication: Publication) -> dict[str, Any]:
    row = shapes.whole(Publication.objects.filter(pk=publication.pk)).get()
    return shapes.full(row, door.seat.workspace, door.at)


def _filtered(request: Request, rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """The rows that the query string asks for. Raises what becomes a 400 with all at fault."""
    asked, wrong = request.query_params, []
    for name, column in _LISTS.items():
        if words := [word for word in asked.get(name, "").split(",") if word]:
            rows = rows.filter(**{f"{column}__in": words})
    if unknown := set(filter(None, asked.get("state", "").split(","))) - set(STATES):
        wrong.append(bad("state", "invalid_choice", f"Not a state: {min(unknown)[:40]}."))
    for name, lookup in _MOMENTS.items():
        try:
            rows = rows.filter(**{lookup: parse_moment(asked[name])}) if name in asked else rows
        except ValueError as error:
            wrong.append(bad(name, str(error), "A moment with its offset."))
    if wrong:
        raise invalid(wrong)
    return rows


_LISTS = {"state": "state", "channel": "channel__public_id", "platform": "channel__platform"}
_MOMENTS = {"from": "publish_at__gte", "to": "publish_at__lt"}
