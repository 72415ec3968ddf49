"""The filters of items, in the words of the board page."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from production.api.fields import parse_moment
from production.api.paging import PARAMETERS as OF_PAGES
from production.api.paging import bad
from production.api.problems import invalid
from production.filters import IdsFilter, ItemFilters, KindsFilter, YesNoFilter
from production.models import ContentItem, Kind
from production.permissions import Seat


def _schema(each: django_filters.Filter) -> dict[str, Any]:
    if isinstance(each, YesNoFilter):
        return {"type": "string", "enum": ["true", "false"]}
    if isinstance(each, KindsFilter):
        return {
            "type": "array",
            "items": {"type": "string", "enum": list(Kind.values)},
            "maxItems": len(Kind.values),
        }
    if isinstance(each, django_filters.IsoDateTimeFilter):
        return {"type": "string", "format": "date-time"}
    return {"type": "string", "maxLength": 2000 if isinstance(each, IdsFilter) else 200}


def _about(each: django_filters.Filter) -> str:
    words = sorted(each.extra.get("words", ()))
    also = f" Also: {', '.join(words)}." if words else ""
    return f"{each.label}." + (f" Ids, separated by commas.{also}" if "words" in each.extra else "")


FILTERS = tuple(
    OpenApiParameter(name, _schema(each), description=_about(each), explode=True)
    for name, each in ItemFilters.base_filters.items()
)
_MOMENTS = tuple(
    name
    for name, each in ItemFilters.base_filters.items()
    if isinstance(each, django_filters.IsoDateTimeFilter)
)


def filtered(request: Request, rows: QuerySet[ContentItem], seat: Seat) -> QuerySet[ContentItem]:
    """The rows that the query string asks for. Raises what becomes a 400."""
    asked = request.query_params.copy()
    for name in _MOMENTS:
        if asked.get(name):
            asked[name] = _moment(name, asked[name])
    filters = ItemFilters(asked, rows, seat=seat)
    filters.require_known(OF_PAGES)
    return filters.qs


def _moment(name: str, text: str) -> str:
    try:
        return parse_moment(text).isoformat()
    except ValueError as error:
        raise invalid([bad(name, str(error), "A moment with its offset.")]) from None
