"""The OpenAPI document as data, for those who derive something from it."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


@cache
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)
