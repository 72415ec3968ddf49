"""Pages by key, not by number: stable while rows come and go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework.request import Request

from production.api.fields import parse_moment
from production.api.problems import Problem, invalid

DEFAULT, MOST = 50, 200
_LIMIT = re.compile(r"[0-9]{1,3}", re.ASCII)
PARAMETERS = ("cursor", "limit", "order", "updated_since")


class Page:
    """One page of a list, as the parameters `cursor`, `limit` and `order` ask for it.

    `orders` maps the words a caller may use to the column they mean; every order ends with the
    public id, so that no two rows are equal.
    """

    def __init__(self, request: Request, orders: Mapping[str, str]) -> None:
        self.limit = read_limit(request)
        self.order = request.query_params.get("order", next(iter(orders)))
        if self.order.removeprefix("-") not in orders:
            raise invalid([bad("order", "invalid_choice", f"Known orders: {', '.join(orders)}.")])
        self.column = orders[self.order.removeprefix("-")]
        self.is_falling = self.order.startswith("-")
        self.salt = f"page {request.path} {self.order}"
        self.after = self._read(request.query_params.get("cursor", ""))

    def of(self, rows: QuerySet[Any], write: Callable[[Any], Any]) -> dict[str, Any]:
        """The rows of this page, written by `write`, with the cursor of the next."""
        sign = "-" if self.is_falling else ""
        columns = [self.column] if self.column == "public_id" else [self.column, "public_id"]
        if self.after:
            rows = rows.filter(self._beyond())
        ordered = rows.order_by(*(f"{sign}{name}" for name in columns))
        if rows.query.select_related and not rows.query.annotations:
            # Find first, then join: otherwise every row is joined to be thrown away.
            asked = ordered.select_related(None).prefetch_related(None)
            keys = list(asked.values_list("pk", self.column, "public_id")[: self.limit + 1])
            places = [key[1:] for key in keys]
            found = _whole(rows, [key[0] for key in keys[: self.limit]])
        else:
            found = list(ordered[: self.limit + 1])
            places = [(getattr(row, self.column), row.public_id) for row in found]
            found = found[: self.limit]
        more = len(places) > self.limit
        cursor = self._cursor(*places[self.limit - 1]) if more else None
        return envelope([write(row) for row in found], cursor)

    def _beyond(self) -> Q:
        beyond = "lt" if self.is_falling else "gt"
        value, public_id = self.after  # type: ignore[misc]
        if self.column == "public_id":
            return Q(**{f"public_id__{beyond}": public_id})
        same = Q(**{self.column: value, f"public_id__{beyond}": public_id})
        return Q(**{f"{self.column}__{beyond}": value}) | same

    def _cursor(self, value: Any, public_id: str) -> str:
        if isinstance(value, datetime):
            value = value.isoformat()
        return signing.dumps([value, public_id], salt=self.salt)

    def _read(self, cursor: str) -> tuple[Any, str] | None:
        if not cursor:
            return None
        try:
            value, public_id = signing.loads(cursor, salt=self.salt)
        except (signing.BadSignature, ValueError, UnicodeError):
            raise Problem(400, "invalid_cursor") from None
        is_moment = self.column.endswith("_at")
        return (datetime.fromisoformat(value) if is_moment else value), public_id


def _whole(rows: QuerySet[Any], keys: list[int]) -> list[Any]:
    """The rows with these keys, in their order, with all that `rows` brings along."""
    fresh: QuerySet[Any] = rows.model._default_manager.filter(pk__in=keys)
    fresh.query.select_related = rows.query.select_related
    found = fresh.prefetch_related(*rows._prefetch_related_lookups).in_bulk()  # type: ignore[attr-defined]
    return [found[key] for key in keys if key in found]


def envelope(data: list[Any], next_cursor: str | None) -> dict[str, Any]:
    return {"data": data, "next_cursor": next_cursor, "server_time": timezone.now()}


def read_limit(request: Request) -> int:
    text = request.query_params.get("limit", str(DEFAULT))
    if not _LIMIT.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise invalid([bad("limit", "out_of_range", f"From 1 to {MOST}.")])
    return int(text)


def since(request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Only rows changed at or after `updated_since`."""
    text = request.query_params.get("updated_since")
    if text is None:
        return rows
    try:
        moment = parse_moment(text)
    except ValueError as error:
        raise invalid([bad("updated_since", str(error), "A moment with its offset.")]) from None
    return rows.filter(updated_at__gte=moment)


def bad(field: str, code: str, message: str) -> dict[str, str]:
    return {"field": field, "code": code, "message": message}
