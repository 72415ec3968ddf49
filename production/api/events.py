from __future__ import annotations

import re
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production.api.actions import does
from production.api.door import Door
from production.api.fields import PUBLIC_ID
from production.api.items.writing import EventId
from production.api.lookups import items_of
from production.api.paging import bad, read_limit
from production.api.problems import Problem, invalid
from production.events import TYPES
from production.models import Event
from production.permissions import Seat

_ID = re.compile(r"evt_([0-9]{12,18})", re.ASCII)


class Actor(serializers.Serializer):
    id = serializers.CharField(max_length=30, allow_null=True)
    name = serializers.CharField(max_length=100, help_text="As it was then.")


class EventAnswer(serializers.Serializer):
    """One thing that happened. `docs/events.md` says what `data` holds for each type."""

    id = EventId(help_text="Strictly increasing within the workspace, without a gap.")
    type = serializers.CharField(max_length=60)
    occurred_at = serializers.DateTimeField(help_text="May lie in the past: imports.")
    recorded_at = serializers.DateTimeField()
    subject = serializers.CharField(max_length=32, help_text="The id of what it happened to.")
    subject_seq = serializers.IntegerField(
        min_value=1, max_value=2**31, help_text="Counts the events of this subject."
    )
    actor = Actor()
    source = serializers.CharField(max_length=10, help_text="page, api, import, command, system")
    request_id = serializers.CharField(max_length=64)
    data = serializers.DictField()


class EventPage(serializers.Serializer):
    data = EventAnswer(many=True)
    next_cursor = EventId(help_text="Ask again with this, now or later.")
    has_more = serializers.BooleanField(help_text="Whether there is more already.")
    server_time = serializers.DateTimeField()


CURSOR = OpenApiParameter(
    "cursor",
    {"type": "string", "pattern": "^evt_[0-9]{12,18}$", "maxLength": 22},
    description="The id of the last event you have; events after it follow.",
)
LIMIT = OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50})
ORDER = OpenApiParameter(
    "order",
    {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
    description="desc: the newest first; the cursor then leads into the past.",
)
KINDS = OpenApiParameter(
    "types",
    {"type": "string", "maxLength": 2000},
    description="Only these types, separated by commas: `item.moved,item.created`.",
)
SUBJECT = OpenApiParameter(
    "subject", {"type": "string", "maxLength": 32}, description="Only what happened to this id."
)


class Events(Door):
    """The log, for those who want to stay up to date."""

    noun: ClassVar[str] = "events"

    @does(
        "item.see", scope="events:read", answer=EventPage,
        parameters=[CURSOR, LIMIT, ORDER, KINDS, SUBJECT],
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """The feed of changes.

        Begin without a cursor, keep `next_cursor`, ask again. Ids are in the order of the commits,
        so a reader that keeps its cursor misses nothing. An external contributor reads what
        happens to items assigned to them.
        """
        rows = events_of(self.seat)
        if subject := request.query_params.get("subject"):
            if not PUBLIC_ID.fullmatch(subject):
                raise invalid([bad("subject", "invalid", "This is not an id.")])
            rows = rows.filter(subject=subject)
        if types := request.query_params.get("types"):
            rows = rows.filter(type__in=_types(types))
        return Response(feed(request, rows, self.seat))

    @does("item.see", scope="events:read", answer=EventPage, parameters=[CURSOR, LIMIT, ORDER])
    def of_item(self, request: Request, id: str) -> Response:
        """Everything that happened to one item."""
        item = self.found(items_of(self.seat), id)
        rows = Event.objects.filter(workspace=self.seat.workspace, subject=item.public_id)
        return Response(feed(request, rows, self.seat))


def events_of(seat: Seat) -> QuerySet[Event]:
    rows = Event.objects.filter(workspace=seat.workspace)
    if not seat.may("log.see"):
        rows = rows.filter(subject__in=items_of(seat).values("public_id"))
    return rows


def feed(request: Request, rows: QuerySet[Event], seat: Seat) -> dict[str, Any]:
    """One page of the rows, in the order asked for."""
    limit, cursor = read_limit(request), _cursor(request)
    order = request.query_params.get("order", "asc")
    if order not in ("asc", "desc"):
        raise invalid([bad("order", "invalid_choice", "asc or desc.")])
    if order == "asc":
        rows = rows.filter(seq__gt=cursor or 0).order_by("seq")
    else:
        rows = (rows.filter(seq__lt=cursor) if cursor is not None else rows).order_by("-seq")
    found = list(rows.select_related("actor")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    last = found[-1].seq if found else cursor or 0
    return {
        "data": [_write(event, seat) for event in found],
        "next_cursor": f"evt_{last:012d}",
        "has_more": more,
        "server_time": timezone.now(),
    }


def _write(event: Event, seat: Seat) -> dict[str, Any]:
    data = event.data
    if seat.is_external:
        # Places of other people's cards are none of theirs.
        data = {name: value for name, value in data.items() if name != "ranks"}
    return {
        "id": event.public_id,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "subject": event.subject,
        "subject_seq": event.subject_seq,
        "actor": {"id": event.actor.public_id if event.actor else None, "name": event.actor_name},
        "source": event.source,
        "request_id": event.request_id,
        "data": data,
    }


def _cursor(request: Request) -> int | None:
    text = request.query_params.get("cursor")
    if not text:
        return None
    match = _ID.fullmatch(text)
    if match is None:
        raise Problem(400, "invalid_cursor")
    return int(match[1])


def _types(text: str) -> list[str]:
    types = text.split(",")
    if unknown := [each for each in types if each not in TYPES]:
        message = f"Unknown: {', '.join(unknown)[:200]}."
        raise invalid([bad("types", "unknown_type", message)])
    return types
