"""The address of the calendar with another day, range or filter."""

from __future__ import annotations

from datetime import date

from django import template
from django.http import QueryDict

register = template.Library()


@register.simple_tag
def plan_query(kept: QueryDict, day: date | str | None = None, **changes: str) -> str:
    """`?from=…&channel=…`: what is kept, with some of it changed; "" drops a parameter."""
    wanted = kept.copy()
    if day is not None:
        changes["from"] = day.isoformat() if isinstance(day, date) else day
    for name, value in changes.items():
        if value:
            wanted[name] = value
        else:
            wanted.pop(name, None)
    return f"?{wanted.urlencode()}" if wanted else ""
