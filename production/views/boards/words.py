"""The words of the filter line: `channel:tiktok @ann is:late retention` as plain parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext

from production.errors import Invalid
from production.filters import ME, NONE
from production.models import (
    Channel,
    Format,
    Kind,
    KpiDefinition,
    Label,
    Membership,
    Pillar,
    Stage,
)
from production.permissions import Seat

_WORD = re.compile(r'(@|[a-z]+:)("[^"]*"|\S*)', re.IGNORECASE)
_YES = ("mine", "blocked", "late", "will_miss", "overdue", "archived")
_PLAN = {
    "channel": Channel,
    "pillar": Pillar,
    "format": Format,
    "label": Label,
    "kpi": KpiDefinition,
}


def has_words(text: str) -> bool:
    """Whether the line holds more than what to search for."""
    return any(_finder(match[1]) for match in _WORD.finditer(text))


def translate(parameters: QueryDict, seat: Seat) -> QueryDict:
    """The same question with the words of `q` turned into filters; Invalid for unknown names."""
    found = parameters.copy()
    unknown: list[str] = []

    def take(match: re.Match[str]) -> str:
        finder, name = _finder(match[1]), match[2].strip('"')
        if finder is None:
            return match[0]
        hit = finder(match[1].rstrip(":").lower(), name, seat)
        if hit is None:
            unknown.append(match[0])
        else:
            found.appendlist(*hit)
        return " "

    rest = " ".join(_WORD.sub(take, found.get("q", "")).split())
    if unknown:
        sentence = gettext("Nothing here is called %(names)s.") % {"names": ", ".join(unknown)}
        raise Invalid({"q": [("unknown_name", sentence)]})
    found.pop("q", None)
    if rest:
        found["q"] = rest
    return found


Finder = Callable[[str, str, Seat], tuple[str, str] | None]


def _finder(sign: str) -> Finder | None:
    word = sign.rstrip(":").lower()
    if word in ("@", "assignee"):
        return _person
    if word in _PLAN:
        return _plan_entry
    return {"is": _is, "kind": _kind, "stage": _stage}.get(word)


def _person(word: str, name: str, seat: Seat) -> tuple[str, str] | None:
    if name.lower() in (ME, NONE):
        return "assignee", name.lower()
    people = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    found = people.filter(Q(user__name__istartswith=name) | Q(user__email__istartswith=name))
    hit = found.order_by("user__name", "id").values_list("user__public_id", flat=True).first()
    return ("assignee", hit) if name and hit and not seat.is_external else None


def _plan_entry(word: str, name: str, seat: Seat) -> tuple[str, str] | None:
    if name.lower() == NONE:
        return word, NONE
    named = Q(name__iexact=name) | Q(name__istartswith=name)
    if word == "channel":
        named |= Q(platform=name.lower()) | Q(handle__iexact=name)
    if word == "kpi":
        named |= Q(code=name.lower()) | Q(short_name__iexact=name)
    rows: Any = _PLAN[word].objects.filter(named, workspace=seat.workspace)
    hits = sorted(rows, key=lambda row: (row.name.lower() != name.lower(), row.position, row.pk))
    return (word, hits[0].public_id) if name and hits else None


def _is(word: str, name: str, seat: Seat) -> tuple[str, str] | None:
    return (name.lower(), "true") if name.lower() in _YES else None


def _kind(word: str, name: str, seat: Seat) -> tuple[str, str] | None:
    return ("kind", name.lower()) if name.lower() in Kind.values else None


def _stage(word: str, name: str, seat: Seat) -> tuple[str, str] | None:
    rows = Stage.objects.filter(
        workspace=seat.workspace, retired_at=None, name__istartswith=name
    ).order_by("position", "id")
    hit = rows.values_list("public_id", flat=True).first()
    return ("stage", hit) if name and hit else None
