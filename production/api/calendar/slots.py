from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import slots
from production.api.actions import does
from production.api.calendar.times import When, WhenAnswer, moment_asked, said, warnings_of
from production.api.calendar.windows import CHANNEL
from production.api.door import Door
from production.api.fields import Answer, Choice, Linked, PublicId, Strict, Text, Truth
from production.api.lookups import items_of
from production.api.paging import bad
from production.api.problems import invalid
from production.models import Channel, ContentItem, Format, KpiDefinition, Pillar, Slot

PARAMETERS = (
    CHANNEL,
    OpenApiParameter("from", str, description="From this moment on, with its offset."),
    OpenApiParameter("to", str, description="Before this moment, with its offset."),
    OpenApiParameter(
        "free",
        {"type": "string", "enum": ["true", "false"]},
        description="Only empty slots, or only filled ones.",
    ),
)


class SlotAnswer(Answer):
    """A place in the calendar that needs no item yet."""

    id = PublicId()
    channel = Linked(read_only=True)
    starts_at = serializers.SerializerMethodField()
    pillar = Linked(read_only=True, allow_null=True)
    format = Linked(read_only=True, allow_null=True)
    kpi = Linked(read_only=True, allow_null=True)
    publication = Linked(read_only=True, allow_null=True)
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Slot
        fields = (
            "id", "channel", "starts_at", "content_type", "pillar", "format", "kpi",
            "is_experiment", "note", "waived_reason", "publication", "warnings", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WhenAnswer)
    def get_starts_at(self, slot: Slot) -> Any:
        return said(slot.starts_local, slot.time_zone, slot.starts_at)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, slot: Slot) -> list[str]:
        return warnings_of(slot.time_note)


def _about(base: type) -> type:
    """The fields that say what a slot is for; all may be left out."""
    fields = {
        "content_type": Choice(
            choices=ContentItem.ContentType.choices, required=False, allow_blank=True
        ),
        "pillar": Linked(queryset=Pillar.objects.all(), required=False, allow_null=True),
        "format": Linked(queryset=Format.objects.all(), required=False, allow_null=True),
        "kpi": Linked(queryset=KpiDefinition.objects.all(), required=False, allow_null=True),
        "is_experiment": Truth(required=False),
        "note": Text(max_length=200, required=False, allow_blank=True),
        "waive": Text(
            max_length=300, required=False, allow_blank=True,
            help_text="Why an owner plans outside the windows.",
        ),
    }  # fmt: skip
    return type(base.__name__, (base,), fields | {"__doc__": base.__doc__})


@_about
class SlotBody(Strict):
    channel = Linked(queryset=Channel.objects.all())
    starts_at = When()


@_about
class SlotChange(Strict):
    starts_at = When(required=False)


class FillBody(Strict):
    item = Linked(queryset=ContentItem.objects.all())
    waive = Text(max_length=300, required=False, allow_blank=True, default="")


class Slots(Door):
    noun: ClassVar[str] = "slots"

    @does("calendar.see", answer=SlotAnswer, is_page=True, parameters=PARAMETERS)
    def list(self, request: Request) -> Response:
        """Slots of the plan, earliest first; `free=true` for those that wait for an item."""
        asked, rows = request.query_params, self._rows()
        if (begins := moment_asked("from", asked.get("from"))) is not None:
            rows = rows.filter(starts_at__gte=begins)
        if (ends := moment_asked("to", asked.get("to"))) is not None:
            rows = rows.filter(starts_at__lt=ends)
        if (channel := asked.get("channel")) is not None:
            rows = rows.filter(channel__public_id=channel[:40])
        if (free := asked.get("free")) is not None:
            if free not in ("true", "false"):
                raise invalid([bad("free", "invalid_choice", "true or false.")])
            rows = rows.filter(publication__isnull=free == "true")
        return self.page(rows, SlotAnswer, {"starts_at": "starts_at"})

    @does("slot.change", body=SlotBody, answer=SlotAnswer, status=201, refuses=True)
    def create(self, request: Request) -> Response:
        """Plan a slot."""
        wish = self.read(SlotBody)
        channel, when, waive = wish.pop("channel"), wish.pop("starts_at"), wish.pop("waive", "")
        made = slots.add(channel, when, wish, seat=self.seat, at=self.at, waive=waive)
        row = self._slot(str(made.public_id))
        return self.created(SlotAnswer(row).data, row, ETag=f'"{row.version}"')

    @does("calendar.see", answer=SlotAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One slot."""
        return self._say(self._slot(id))

    @does("slot.change", body=SlotChange, answer=SlotAnswer, refuses=True, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Move it, or say what it is for; what fills it moves along."""
        slot, wish = self._slot(id), self.read(SlotChange)
        when, waive = wish.pop("starts_at", None), wish.pop("waive", "")
        version = self.if_match(slot.version)
        slots.change(
            slot, wish, when=when, seat=self.seat, at=self.at, version=version, waive=waive
        )
        return self._say(self._slot(id))

    @does("slot.change", body=FillBody, answer=SlotAnswer, refuses=True)
    def fill(self, request: Request, id: str) -> Response:
        """Plan an item into it: its next publication, or a new one, gets the slot's time."""
        slot, wish = self._slot(id), self.read(FillBody)
        item = self.found(items_of(self.seat), str(wish["item"].public_id))
        slots.fill(slot, item, seat=self.seat, at=self.at, waive=wish["waive"])
        return self._say(self._slot(id))

    @does("slot.change", answer=SlotAnswer, refuses=True)
    def empty(self, request: Request, id: str) -> Response:
        """Take out what fills it: that loses its time, the slot stays."""
        slots.empty(self._slot(id), seat=self.seat, at=self.at)
        return self._say(self._slot(id))

    @does("slot.change", status=204, refuses=True)
    def destroy(self, request: Request, id: str) -> Response:
        """Take an empty slot out of the plan."""
        slots.cancel(self._slot(id), seat=self.seat, at=self.at)
        return Response(status=204)

    def _rows(self) -> QuerySet[Slot]:
        rows = Slot.objects.filter(workspace=self.seat.workspace, cancelled_at=None)
        return rows.select_related("channel", "pillar", "format", "kpi", "publication")

    def _slot(self, id: str) -> Slot:
        return self.found(self._rows(), id)

    def _say(self, slot: Slot) -> Response:
        return self.with_version(SlotAnswer(slot).data, slot.version)
