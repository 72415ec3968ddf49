from __future__ import annotations

from typing import Any, ClassVar

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production.api.actions import does
from production.api.door import Door
from production.api.fields import PublicId
from production.api.lookups import items_of
from production.api.paging import bad, envelope, read_limit
from production.api.problems import invalid
from production.filters import ItemFilters

Q = OpenApiParameter(
    "q",
    {"type": "string", "minLength": 1, "maxLength": 200},
    required=True,
    description="Words; each must be in title, description or script. Or a key: VID-42.",
)
LIMIT = OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50})


class HitAnswer(serializers.Serializer):
    id = PublicId()
    key = serializers.CharField(max_length=20)
    title = serializers.CharField(max_length=200)
    board = serializers.CharField(max_length=30)
    stage = serializers.CharField(max_length=30)
    stage_kind = serializers.CharField(max_length=10)
    archived_at = serializers.DateTimeField(allow_null=True)


class Search(Door):
    noun: ClassVar[str] = "search"

    @does("search", answer=HitAnswer, is_list=True, parameters=[Q, LIMIT])
    def list(self, request: Request) -> Response:
        """Find items by words or key, archived ones last, the latest changed first."""
        words = request.query_params.get("q", "")
        if not words.strip():
            raise invalid([bad("q", "required", "Say what to look for.")])
        limit = read_limit(request)
        asked = QueryDict(mutable=True)
        asked["q"] = words
        hits: list[Any] = []
        for archived in ("", "true"):
            asked["archived"] = archived
            filters = ItemFilters(asked, items_of(self.seat), seat=self.seat)
            filters.require_known()
            rows = filters.qs.select_related("stage", "board").order_by("-updated_at", "-id")
            hits += rows[: limit - len(hits)]
        prefix = self.seat.workspace.item_prefix
        said = [
            {
                "id": item.public_id,
                "key": f"{prefix}-{item.number}",
                "title": item.title,
                "board": item.board.public_id,
                "stage": item.stage.public_id,
                "stage_kind": item.stage.kind,
                "archived_at": item.archived_at,
            }
            for item in hits
        ]
        return Response(envelope(said, None))
