"""What has happened in the workspace, newest first, in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from production import eventwords
from production.doors import seated
from production.ids import is_id
from production.models import ContentItem, Event, Membership
from production.permissions import Seat

ON_PAGE = 50
LARGEST_SEQ = 18  # digits
PARAMETERS = frozenset({"person", "kind", "item", "before"})
# Those of the board's owner; ticks belong to the cards.
GATE_ACTS = ("added", "changed", "retired", "restored", "reordered")
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "moves": (_("Moves"), ("item.moved", "item.move_undone")),
    "cards": (_("Cards"), ("item.", "outcome.", "gate.ticked", "gate.unticked")),
    "texts": (_("Scripts and openings"), ("script.", "hook.")),
    "talk": (_("Comments"), ("comment.",)),
    "reviews": (_("Reviews"), ("review.",)),
    "publications": (_("Publications"), ("publication.",)),
    "boards": (_("Boards"), ("board.", "stage.", *(f"gate.{act}" for act in GATE_ACTS))),
    "people": (_("People and keys"), ("member.", "invitation.", "token.", "workspace.")),
    "imports": (_("Imports"), ("import.", "export.")),
}


@dataclass(frozen=True, slots=True)
class Line:
    event: Event
    words: str
    item: ContentItem | None


@require_safe
@seated("log.see")
def activity(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One page of the log, narrowed to a person, a kind of thing or a card."""
    asked = request.GET
    unknown = sorted(set(asked) - PARAMETERS)
    if unknown or (asked.get("kind") and asked["kind"] not in KINDS):
        context: dict[str, Any] = {"unknown": unknown or ["kind"], "plain_url": request.path}
        return render(request, "production/log/not_understood.html", context, status=400)
    found = list(_narrowed(request, seat).select_related("actor").order_by("-seq")[: ON_PAGE + 1])
    people = (
        Membership.objects.filter(workspace=seat.workspace)
        .order_by("user__name", "id")
        .values_list("user__public_id", "user__name")
    )
    onward = asked.copy()
    if len(found) > ON_PAGE:
        onward["before"] = str(found[ON_PAGE - 1].seq)
    lines = _lines(found[:ON_PAGE], seat)
    context = {
        "days": [
            (day, list(group))
            for day, group in groupby(
                lines, key=lambda line: timezone.localtime(line.event.occurred_at).date()
            )
        ],
        "people": people,
        "kinds": [(key, label) for key, (label, _types) in KINDS.items()],
        "asked": {name: asked.get(name, "") for name in PARAMETERS},
        "next_url": f"?{onward.urlencode()}" if len(found) > ON_PAGE else "",
    }
    return render(request, "production/log/activity.html", context)


def _narrowed(request: HttpRequest, seat: Seat) -> Any:
    events = Event.objects.filter(workspace=seat.workspace)
    asked = request.GET
    if person := asked.get("person"):
        events = events.filter(actor__public_id=person) if is_id(person) else events.none()
    if kind := asked.get("kind"):
        events = events.filter(type__in=_types(kind))
    if item := asked.get("item"):
        events = events.filter(subject__in=_subjects(item, seat))
    before = asked.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= LARGEST_SEQ:
        events = events.filter(seq__lt=int(before))
    return events


def _types(kind: str) -> list[str]:
    """Every type of the catalogue that begins as the kind says."""
    return [each for each in eventwords.PREDICATES if each.startswith(KINDS[kind][1])]


def _subjects(key: str, seat: Seat) -> list[str]:
    number = key.strip().rpartition("-")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return []
    items = ContentItem.objects.visible_to(seat.user).filter(workspace=seat.workspace)
    return list(items.filter(number=int(number)).values_list("public_id", flat=True))


def _lines(events: list[Event], seat: Seat) -> list[Line]:
    subjects = {event.subject for event in events if event.subject.startswith("itm_")}
    items = ContentItem.objects.filter(workspace=seat.workspace, public_id__in=subjects)
    known = {item.public_id: item for item in items.only("public_id", "number", "title")}
    for item in known.values():
        item.workspace = seat.workspace
    return [Line(event, eventwords.predicate(event), known.get(event.subject)) for event in events]
