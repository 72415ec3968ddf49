"""Values of an export as the columns take them; a wrong one says where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime

from production.imports.plan import ImportProblem
from production.imports.reading import is_web_address

_UNUSABLE = re.compile(r"[\x00\ud800-\udfff]")


def broken(where: str, reason: str) -> ImportProblem:
    return ImportProblem("export_broken", where=where, reason=reason)


def mapping(said: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise broken(where, "an object is missing")
    return said


def entries(parent: Mapping[str, Any], name: str, where: str = "") -> list[Any]:
    """The list of this name; ImportProblem when there is none."""
    said = parent.get(name)
    if not isinstance(said, list):
        raise broken(f"{where}.{name}".strip("."), "a list is missing")
    return said


def value_of(field: Any, said: Any, where: str) -> Any:
    """What goes into the column; ImportProblem when it is of another kind or too long."""
    if said is None:
        if not field.null:
            raise broken(where, "a value is missing")
        return None
    try:
        for kind, read in _READERS:
            if isinstance(field, kind):
                return read(field, said)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        pass
    raise broken(where, f"this is no value for it: {str(said)[:60]!r}")


def _moment(field: Any, said: Any) -> datetime:
    moment = parse_datetime(said)
    if moment is None or moment.tzinfo is None:
        raise ValueError
    return moment


def _whole(field: Any, said: Any) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or abs(said) >= 2**63:
        raise ValueError
    return said


def _number(field: Any, said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not isfinite(said):
        raise ValueError
    return float(said)


def _truth(field: Any, said: Any) -> bool:
    if not isinstance(said, bool):
        raise ValueError
    return said


def _text(field: Any, said: Any) -> str:
    too_long = field.max_length and len(said) > field.max_length and not _is_open(field)
    if not isinstance(said, str) or too_long or _UNUSABLE.search(said):
        raise ValueError
    if isinstance(field, models.URLField) and said and not is_web_address(said):
        raise ValueError
    if field.choices and said and said not in dict(field.flatchoices):
        raise ValueError
    return said


def _is_open(field: Any) -> bool:
    # Texts without a limit in the database may have come from a board with longer ones.
    return isinstance(field, models.TextField)


def _json(field: Any, said: Any) -> Any:
    if not isinstance(said, dict | list):
        raise ValueError
    return said


_READERS: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.DateTimeField, _moment),
    (models.DateField, lambda field, said: date.fromisoformat(said)),
    (models.TimeField, lambda field, said: time.fromisoformat(said)),
    (models.DecimalField, lambda field, said: Decimal(said)),
    (models.IntegerField, _whole),
    (models.FloatField, _number),
    (models.BooleanField, _truth),
    (models.JSONField, _json),
    (models.FileField, lambda field, said: "" if said == "" else _refused()),
    (models.CharField, _text),
    (models.TextField, _text),
)


def _refused() -> str:
    raise ValueError
