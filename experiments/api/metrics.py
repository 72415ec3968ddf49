"""Numbers in: pushed in batches, and the posts among them that nobody knows."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from experiments import observations
from experiments.metrics import BY_CODE
from experiments.models import MetricSubject
from experiments.observations.push import MOST_ITEMS
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Choice, Linked, Strict, Text
from production.models import Publication

KINDS = [("api", "api"), ("file", "file"), ("manual", "manual")]
_ID = {"type": "string", "maxLength": 30}
_MONEY = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "maxLength": 30, "example": "42.50"},
        "currency": {"type": "string", "maxLength": 3, "example": "EUR"},
    },
}


@extend_schema_field(
    {
        "type": "object",
        "description": "One subject (a publication, a post by its id on the platform, a channel, "
        "or the workspace when none is named) and its numbers. Units are in the names; null is "
        "not available and is never stored as 0.",
        "properties": {
            "publication": _ID,
            "external": {
                "type": "object",
                "properties": {
                    "platform": {"type": "string", "maxLength": 20},
                    "channel": _ID,
                    "id": {"type": "string", "maxLength": 200},
                },
            },
            "channel": _ID,
            "as_of": {
                "type": "string",
                "maxLength": 40,
                "description": "A day, or a moment. Without an offset: in the channel's zone.",
            },
            "grain": {"type": "string", "enum": ["lifetime", "day"]},
            "traffic": {"type": "string", "enum": ["all", "organic", "paid"]},
            "metrics": {
                "type": "object",
                "additionalProperties": {"oneOf": [{"type": "number", "nullable": True}, _MONEY]},
                "description": f"By code: {', '.join(BY_CODE)}.",
            },
            "curve": {
                "type": "object",
                "properties": {
                    "axis": {"type": "string", "enum": ["fraction", "seconds"]},
                    "points": {
                        "type": "array",
                        "maxItems": 1000,
                        "items": {
                            "type": "array", "maxItems": 2, "items": {"type": "number"},
                        },
                    },
                },
            },
        },
        "example": {"channel": "", "as_of": "2026-04-05", "grain": "day", "metrics": {"saves": 3}},
    }
)  # fmt: skip
class Item(serializers.Field):
    """Anything: each item is judged by itself."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class SourceBody(Strict):
    tool = Text(max_length=60, min_length=1)
    kind = Choice(KINDS, required=False)
    note = Text(max_length=200, required=False, allow_blank=True)


class PushBody(Strict):
    """Up to 1 000 items of one source."""

    source = SourceBody()
    observations = serializers.ListField(
        child=Item(allow_null=True), max_length=MOST_ITEMS, min_length=1
    )


class RejectedAnswer(serializers.Serializer):
    index = serializers.IntegerField(min_value=0, max_value=MOST_ITEMS)
    code = serializers.CharField(max_length=60)
    field = serializers.CharField(max_length=60)


class PushAnswer(serializers.Serializer):
    """Numbers that are new, changed and as before; items of unknown posts; items not taken."""

    created = serializers.IntegerField(min_value=0, max_value=2**31)
    updated = serializers.IntegerField(min_value=0, max_value=2**31)
    unchanged = serializers.IntegerField(min_value=0, max_value=2**31)
    unmatched = serializers.IntegerField(min_value=0, max_value=MOST_ITEMS)
    rejected = RejectedAnswer(many=True)


class UnmatchedAnswer(serializers.Serializer):
    """A post that no publication is known for."""

    id = serializers.CharField(source="public_id", max_length=30)
    platform = serializers.CharField(max_length=20)
    channel = serializers.CharField(source="channel.public_id", allow_null=True, default=None)
    external_id = serializers.CharField(max_length=200)
    permalink = serializers.CharField(max_length=500)
    title = serializers.CharField(max_length=300)
    published_at = serializers.DateTimeField(allow_null=True)


class AttachBody(Strict):
    publication = Linked(queryset=Publication.objects.all())


class Metrics(Door):
    """Numbers of publications and channels."""

    noun: ClassVar[str] = "metrics"

    @does("metric.write", body=PushBody, answer=PushAnswer)
    def observations(self, request: Request) -> Response:
        """Push numbers; the same again changes nothing, a later `as_of` replaces."""
        said = self.read(PushBody)
        pushed = observations.push(
            said["source"]["tool"], said["observations"], seat=self.seat, at=self.at
        )
        done = pushed.applied
        return Response(
            {
                "created": done.created,
                "updated": done.updated,
                "unchanged": done.unchanged,
                "unmatched": done.unmatched,
                "rejected": pushed.rejected,
            }
        )

    @does("metric.see", answer=UnmatchedAnswer, is_page=True)
    def unmatched(self, request: Request) -> Response:
        """Posts that numbers came for and that nobody knows."""
        return self.page(_unmatched(self.seat), UnmatchedAnswer, {"id": "public_id"})

    @does("metric.write", body=AttachBody, answer=PushAnswer)
    def attach(self, request: Request, id: str) -> Response:
        """Say which publication the post is; its numbers become those of the publication."""
        subject = self.found(_unmatched(self.seat), id)
        said = self.read(AttachBody)
        done = observations.attach(subject, said["publication"], seat=self.seat, at=self.at)
        counts = {"created": done.created, "updated": done.updated}
        return Response(counts | {"unchanged": done.unchanged, "unmatched": 0, "rejected": []})


def _unmatched(seat: Any) -> Any:
    rows = MetricSubject.objects.filter(workspace=seat.workspace)
    return rows.filter(kind=MetricSubject.Kind.UNMATCHED).select_related("channel")
