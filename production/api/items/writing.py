"""An item as the API says it: a plain dictionary, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from production.api.fields import Answer, Linked
from production.models import ContentItem, Event, Label, User

PLAIN = (
    "version", "title", "content_type", "description", "due_at", "url", "cost", "hypothesis",
    "promise", "pacing", "cta", "length_min_seconds", "length_max_seconds",
    "length_actual_seconds", "b_roll", "sources", "image_sources", "ai_used_for", "custom",
    "target_value", "result_value", "decision", "decision_reason", "learning", "decided_at",
    "blocked_reason", "blocked_at", "archived_at", "idea_at", "committed_at", "published_at",
    "last_published_at", "learned_at", "done_at", "stage_entered_at", "reopened_count",
    "rework_count", "history_from", "created_at", "updated_at",
)  # fmt: skip
LINKED = (
    "board", "stage", "channel", "pillar", "format", "goal", "partner", "parent", "primary_kpi",
    "secondary_kpi", "created_by",
)  # fmt: skip


def write(
    item: ContentItem,
    prefix: str,
    *,
    labels: Iterable[Label] | None = None,
    assignees: Iterable[User] | None = None,
) -> dict[str, Any]:
    """The item; without `labels` and `assignees` they are read from the item."""
    said: dict[str, Any] = {
        "id": item.public_id,
        "key": f"{prefix}-{item.number}",
        "stage_kind": item.stage.kind,
        "labels": sorted(
            row.public_id for row in (item.labels.all() if labels is None else labels)
        ),
        "assignees": sorted(
            row.public_id for row in (item.assignees.all() if assignees is None else assignees)
        ),
    }
    for name in PLAIN:
        said[name] = getattr(item, name)
    for name in LINKED:
        # The id first: asking for an empty link must not cost a query.
        row = getattr(item, name) if getattr(item, f"{name}_id") else None
        said[name] = row.public_id if row else None
    return said


def place(item: ContentItem, prefix: str) -> dict[str, Any]:
    """Where the item stands after a move."""
    return {
        "id": item.public_id,
        "key": f"{prefix}-{item.number}",
        "version": item.version,
        "stage": item.stage.public_id,
        "stage_kind": item.stage.kind,
        "stage_entered_at": item.stage_entered_at,
        "committed_at": item.committed_at,
        "published_at": item.published_at,
        "updated_at": item.updated_at,
    }


class ItemAnswer(Answer):
    """One piece of content for one channel."""

    id = serializers.CharField(source="public_id", max_length=30)
    key = serializers.CharField(max_length=20, help_text="For people: VID-42.")
    stage_kind = serializers.ChoiceField(
        ["idea", "script", "shoot", "edit", "publish", "learn", "done"]
    )
    labels = Linked(many=True, read_only=True)
    assignees = Linked(many=True, read_only=True, help_text="People, by id.")
    board = Linked(read_only=True)
    stage = Linked(read_only=True)
    parent = Linked(read_only=True, allow_null=True, help_text="The main piece it is cut from.")
    channel = Linked(read_only=True, allow_null=True)
    pillar = Linked(read_only=True, allow_null=True)
    format = Linked(read_only=True, allow_null=True)
    goal = Linked(read_only=True, allow_null=True)
    partner = Linked(read_only=True, allow_null=True)
    primary_kpi = Linked(read_only=True, allow_null=True)
    secondary_kpi = Linked(read_only=True, allow_null=True)
    created_by = Linked(read_only=True, allow_null=True)
    b_roll = serializers.ListField(child=serializers.JSONField(), help_text="Shots to collect.")
    sources = serializers.ListField(child=serializers.JSONField())
    image_sources = serializers.ListField(child=serializers.JSONField())
    ai_used_for = serializers.ListField(child=serializers.JSONField())
    custom = serializers.DictField(help_text="Fields of your own.")

    class Meta:
        model = ContentItem
        fields = ("id", "key", "stage_kind", "labels", "assignees", *PLAIN, *LINKED)


class PlaceAnswer(serializers.Serializer):
    id = serializers.CharField(max_length=30)
    key = serializers.CharField(max_length=20)
    version = serializers.IntegerField(min_value=1, max_value=2**31)
    stage = serializers.CharField(max_length=30)
    stage_kind = serializers.CharField(max_length=10)
    stage_entered_at = serializers.DateTimeField()
    committed_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


@extend_schema_field({"type": "string", "pattern": "^evt_[0-9]{12,}$", "maxLength": 30})
class EventId(serializers.CharField):
    pass


def event_id(event: Event | None) -> str | None:
    return event.public_id if event else None
