"""The same figures as a table: one line for each row of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework.renderers import BaseRenderer

from production.api.reading import dumps
from production.csvlines import BOM, line


class CsvOut(BaseRenderer):
    """CSV for a spreadsheet; a problem stays a problem document."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        response = (renderer_context or {}).get("response")
        if response is not None and response.exception:
            return dumps(data)
        return table(data)


def table(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows under one header: the fields of the JSON, inner ones as `p50_lead_seconds`.

    A row may lack fields that others have; lists are written with spaces between their entries.
    """
    flat = [dict(_flat(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    lines = [line(names)] if names else []
    lines += [line(row.get(name, "") for name in names) for row in flat]
    return BOM.encode() + b"".join(lines)


def _flat(row: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{start}{name}_")
        else:
            yield f"{start}{name}", _cell(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return " ".join(map(_cell, value))
    return str(value)
