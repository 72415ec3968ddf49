"""A whole board as JSON: one line of numbers and ids per card, people and words sent once.

Cards name people, labels and words by their place in the lists beside them; what is empty is left
out. The rows go from the database into the encoder as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework import serializers

from production.api.lookups import items_of
from production.models import (
    Assignment,
    Board,
    Channel,
    ContentItem,
    Format,
    KpiDefinition,
    Label,
    Pillar,
    Stage,
    User,
)
from production.permissions import Seat

_COLUMNS = (
    "id", "public_id", "number", "version", "title", "content_type", "stage_id", "channel_id",
    "pillar_id", "format_id", "primary_kpi_id", "parent_id", "due_at", "blocked_reason",
    "idea_at", "committed_at", "published_at", "stage_entered_at",
)  # fmt: skip


class NamedAnswer(serializers.Serializer):
    id = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=100)


class CardAnswer(serializers.Serializer):
    """A card; what is empty is left out. Moments are told to the second."""

    id = serializers.CharField(max_length=30)
    number = serializers.IntegerField(min_value=1, max_value=2**31, help_text="42 of VID-42.")
    version = serializers.IntegerField(min_value=1, max_value=2**31)
    title = serializers.CharField(max_length=200)
    type = serializers.ChoiceField(ContentItem.ContentType.choices)
    people = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=100_000), required=False,
        help_text="Places in `people`.",
    )  # fmt: skip
    labels = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=100_000), required=False,
        help_text="Places in `labels`.",
    )  # fmt: skip
    channel = serializers.IntegerField(required=False, help_text="A place in `channels`.")
    pillar = serializers.IntegerField(required=False, help_text="A place in `pillars`.")
    format = serializers.IntegerField(required=False, help_text="A place in `formats`.")
    kpi = serializers.IntegerField(required=False, help_text="A place in `kpis`.")
    derived = serializers.BooleanField(required=False)
    due_at = serializers.DateTimeField(required=False)
    blocked = serializers.CharField(required=False, max_length=300, help_text="Why.")
    idea_at = serializers.DateTimeField()
    committed_at = serializers.DateTimeField(required=False)
    published_at = serializers.DateTimeField(required=False)
    stage_entered_at = serializers.DateTimeField()


class ColumnAnswer(serializers.Serializer):
    id = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=60)
    kind = serializers.CharField(max_length=10)
    waiting = serializers.BooleanField()
    wip_limit = serializers.IntegerField(allow_null=True, min_value=0, max_value=32767)
    limit_mode = serializers.CharField(max_length=5)
    cards = CardAnswer(many=True, help_text="In the order of the board.")


class WholeBoardAnswer(serializers.Serializer):
    id = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=100)
    version = serializers.IntegerField(min_value=1, max_value=2**31)
    archived_at = serializers.DateTimeField(allow_null=True)
    item_prefix = serializers.CharField(max_length=8, help_text="VID of VID-42.")
    target_hours = serializers.IntegerField(
        min_value=1, max_value=2**31, help_text="From idea to publication."
    )
    cursor = serializers.CharField(
        max_length=30, help_text="Where the feed of events goes on from this picture."
    )
    people = NamedAnswer(many=True)
    labels = NamedAnswer(many=True)
    channels = NamedAnswer(many=True)
    pillars = NamedAnswer(many=True)
    formats = NamedAnswer(many=True)
    kpis = NamedAnswer(many=True)
    stages = ColumnAnswer(many=True)


class _Places:
    """Rows that cards name by their place: key → place, and the list itself."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        self.named: list[dict[str, str]] = []
        self.place: dict[int | None, int] = {}
        for pk, public_id, name in rows:
            self.place[pk] = len(self.named)
            self.named.append({"id": public_id, "name": name})


def write(board: Board, seat: Seat) -> dict[str, Any]:
    """The board in a constant number of queries."""
    workspace = seat.workspace
    items = items_of(seat).filter(board=board, archived_at=None).order_by()
    people = _people(items)
    words = {
        name: _Places(
            model.objects.filter(workspace=workspace, pk__in=items.values(column).distinct())
            .order_by("position", "id")
            .values_list("pk", "public_id", "name")
        )
        for name, model, column in (
            ("channels", Channel, "channel"),
            ("pillars", Pillar, "pillar"),
            ("formats", Format, "format"),
            ("kpis", KpiDefinition, "primary_kpi"),
            ("labels", Label, "labels"),
        )
    }
    cards = _cards(items, people, words)
    return {
        "id": board.public_id,
        "name": board.name,
        "version": board.version,
        "archived_at": board.archived_at,
        "item_prefix": workspace.item_prefix,
        "target_hours": workspace.target_hours,
        "cursor": f"evt_{workspace.last_seq:012d}",
        "people": people.named,
        **{name: places.named for name, places in words.items()},
        "stages": [
            {
                "id": stage.public_id,
                "name": stage.name,
                "kind": stage.kind,
                "waiting": stage.waiting,
                "wip_limit": stage.wip_limit,
                "limit_mode": stage.limit_mode,
                "cards": cards[stage.pk],
            }
            for stage in Stage.objects.filter(board=board, retired_at=None).order_by(
                "position", "id"
            )
        ],
    }


def _people(items: Any) -> _Places:
    assigned = Assignment.objects.filter(item__in=items.values("pk")).values("user")
    rows = User.objects.filter(pk__in=assigned).order_by("name", "id")
    return _Places(rows.values_list("pk", "public_id", "name"))


def _cards(items: Any, people: _Places, words: dict[str, _Places]) -> dict[int, list[Any]]:
    assigned = _by_item(
        Assignment.objects.filter(item__in=items.values("pk")).values_list("item_id", "user_id"),
        people,
    )
    labelled = _by_item(
        ContentItem.labels.through.objects.filter(contentitem__in=items.values("pk")).values_list(
            "contentitem_id", "label_id"
        ),
        words["labels"],
    )
    channels, pillars = words["channels"].place, words["pillars"].place
    formats, kpis = words["formats"].place, words["kpis"].place
    stages: dict[int, list[Any]] = defaultdict(list)
    for (
        pk, public_id, number, version, title, type_, stage, channel, pillar, format_, kpi, parent,
        due_at, blocked, idea_at, committed_at, published_at, entered_at,
    ) in items.order_by("stage_id", "rank", "id").values_list(*_COLUMNS):  # fmt: skip
        card = {
            "id": public_id,
            "number": number,
            "version": version,
            "title": title,
            "type": type_,
            "idea_at": _to_the_second(idea_at),
            "stage_entered_at": _to_the_second(entered_at),
        }
        for name, value in (
            ("people", assigned.get(pk)),
            ("labels", labelled.get(pk)),
            ("channel", channels.get(channel)),
            ("pillar", pillars.get(pillar)),
            ("format", formats.get(format_)),
            ("kpi", kpis.get(kpi)),
            ("derived", parent and True),
            ("due_at", due_at and _to_the_second(due_at)),
            ("blocked", blocked or None),
            ("committed_at", committed_at and _to_the_second(committed_at)),
            ("published_at", published_at and _to_the_second(published_at)),
        ):
            if value is not None:
                card[name] = value
        stages[stage].append(card)
    return stages


def _to_the_second(moment: datetime) -> datetime:
    """Of a board's packed answer a sixth would be microseconds, which no card shows."""
    return moment.replace(microsecond=0)


def _by_item(pairs: Iterable[tuple[int, int]], places: _Places) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for item, other in pairs:
        found[item].append(places.place[other])
    return found
