"""The filters in use as chips: what each is called, and the address without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from production.filters import ME, NONE, ItemFilters
from production.models import (
    Channel,
    ContentItem,
    Format,
    Kind,
    KpiDefinition,
    Label,
    Pillar,
    Stage,
    User,
)
from production.permissions import Seat

_ROWS: dict[str, Any] = {
    "channel": Channel,
    "pillar": Pillar,
    "format": Format,
    "kpi": KpiDefinition,
    "label": Label,
    "stage": Stage,
}


@dataclass(frozen=True, slots=True)
class FilterChip:
    text: str
    without: str  # the query string that is left when the chip is taken away


def chips(parameters: QueryDict, filters: ItemFilters, seat: Seat) -> list[FilterChip]:
    """One chip for each filter but the words, which stand in their own line."""
    asked = [(name, value) for name, value in filters.asked if name != "q"]
    names = _names(asked, seat)
    return [
        FilterChip(
            _text(filters, name, value, names.get(value, "")), _without(parameters, name, value)
        )
        for name, value in asked
    ]


def _text(filters: ItemFilters, name: str, value: str, called: str) -> str:
    label = str(filters.filters[name].label)
    if value == "true":
        return label
    if value == "false":
        return gettext("Not: %(filter)s") % {"filter": label}
    if name == "kind":
        called = str(Kind(value).label)
    called = called or {ME: gettext("me"), NONE: gettext("none")}.get(value, value)
    return f"{label}: {called}"


def _names(asked: list[tuple[str, str]], seat: Seat) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in dict.fromkeys(name for name, _ in asked):
        ids = [value for each, value in asked if each == name]
        if model := _ROWS.get(name):
            rows = model.objects.filter(workspace=seat.workspace, public_id__in=ids)
            found |= dict(rows.values_list("public_id", "name"))
        elif name == "assignee":
            people = User.objects.filter(workspaces=seat.workspace, public_id__in=ids)
            found |= dict(people.values_list("public_id", "name"))
        elif name == "parent":
            main = ContentItem.objects.filter(workspace=seat.workspace, public_id__in=ids)
            found |= dict(main.values_list("public_id", "title"))
    return found


def _without(parameters: QueryDict, name: str, value: str) -> str:
    left = parameters.copy()
    values = [each for each in left.getlist(name) if each != value]
    left.setlist(name, values)
    if not values:
        del left[name]
    return f"?{left.urlencode()}"
