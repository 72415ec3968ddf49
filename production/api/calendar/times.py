"""Times as the API takes and says them: with an offset, or as wall time and zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from production import walltime
from production.api.fields import parse_moment
from production.api.paging import bad
from production.api.problems import invalid
from production.walltime import WallTime

_SHAPE = {
    "oneOf": [
        {"type": "string", "format": "date-time"},
        {
            "type": "object",
            "properties": {
                "local": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$"},
                "timezone": {"type": "string"},
            },
            "required": ["local", "timezone"],
            "additionalProperties": False,
        },
    ]
}
WARNINGS = {walltime.GAP: "time_does_not_exist", walltime.FOLD: "time_exists_twice"}


@extend_schema_field(_SHAPE)
class When(serializers.Field):
    """ISO 8601 with an offset, or `{"local": "2026-03-30T18:00", "timezone": "Europe/Helsinki"}`.

    A time without either is refused, not guessed.
    """

    default_error_messages = {
        "invalid": _("Use ISO 8601 with an offset, or local time and time zone."),
        "naive_datetime": _("Say the offset, or time zone and local time."),
        "unknown_zone": _("Choose a time zone from the list."),
        "out_of_range": _("This day lies too far away."),
    }

    def to_internal_value(self, data: Any) -> WallTime:
        try:
            if isinstance(data, dict):
                if set(data) != {"local", "timezone"}:
                    raise ValueError("invalid")
                return walltime.resolve(data["local"], data["timezone"])
            zone = self.context["seat"].workspace.time_zone
            return walltime.of_moment(parse_moment(data), zone)
        except (ValueError, TypeError) as error:
            code = str(error)
            self.fail(code if code in self.default_error_messages else "invalid")

    def to_representation(self, value: Any) -> Any:
        return value


class WhenAnswer(serializers.Serializer):
    """The wall time that was meant, its zone, and the moment that makes."""

    local = serializers.CharField(read_only=True)
    timezone = serializers.CharField(read_only=True)
    utc = serializers.DateTimeField(read_only=True)


def said(local: str, zone: str, at: datetime | None) -> dict[str, Any] | None:
    """`{local, timezone, utc}`; None without a time."""
    return {"local": local, "timezone": zone, "utc": at} if at else None


def warnings_of(note: str) -> list[str]:
    """What became of a wall time on the night when the clocks change."""
    return [WARNINGS[note]] if note else []


def moment_asked(name: str, text: str | None) -> datetime | None:
    """A moment in a query; raises what becomes a 400."""
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise invalid([bad(name, str(error), "A moment with its offset.")]) from None
