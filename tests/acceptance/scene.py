"""What schedulers race for, and what is said of it afterwards; runs inside the house."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from django.utils import timezone

from production import clock, tokens
from production.models import (
    Channel,
    ContentItem,
    Event,
    KpiDefinition,
    Lease,
    Notice,
    Publication,
    Report,
    Workspace,
)
from production.publications import due
from tests.people import World, make_world

SCOPES = ("publications:read", "publications:lease", "publications:report", "events:read")


def plan(*, publications: int, tokens_wanted: int = 2) -> None:
    """Print the keys of schedulers and the ids of so many publications, signed, ready and due."""
    world = make_world()
    made = [each.public_id for each in _ready(world, publications)]
    keys = [_key(world, number) for number in range(tokens_wanted)]
    print(json.dumps({"publications": made, "tokens": keys}))


def _ready(world: World, count: int) -> list[Publication]:
    channel = Channel.objects.get(workspace=world.workspace)
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    found = []
    for number in range(count):
        item = world.item(f"Card {number}", channel=channel, primary_kpi=kpi)
        found.append(world.publication(item, caption=f"Words {number}"))
    return found


def _key(world: World, number: int) -> str:
    seat = world.seat("ann" if number % 2 else "ben")
    return tokens.create(seat=seat, name=f"Tool {number}", scopes=SCOPES, at=timezone.now())[1]


def sweep(*, hours_later: float = 0) -> None:
    """Everything that falls due by then."""
    print(json.dumps(due.sweep(clock.database_now() + timedelta(hours=hours_later))))


def verdict(*, hours_later: float) -> None:
    """Print what the rows and the log say of the race once everything has fallen due by then."""
    due.sweep(clock.database_now() + timedelta(hours=hours_later))
    workspace = Workspace.objects.get(slug="studio-aalto")
    rows = Publication.objects.filter(workspace=workspace)
    events = list(Event.objects.filter(workspace=workspace).order_by("seq"))
    published = Counter(
        each.data["publication"] for each in events if each.type == "publication.published"
    )
    told = {
        "states": dict(rows.values_list("public_id", "state")),
        "counts": dict(Counter(rows.values_list("state", flat=True))),
        "external": dict(rows.values_list("public_id", "external_id")),
        "published_events": published,
        "types": dict(Counter(event.type for event in events)),
        "gapless": [event.seq for event in events] == list(range(1, len(events) + 1)),
        "two_holders": _two_holders(events),
        "fences_grow": _fences_grow(),
        "alarms": Notice.objects.filter(reason="alarm").count(),
        "evidence": Report.objects.filter(accepted=False).count(),
        "holding": Lease.objects.filter(state__in=Lease.HOLDING).count(),
        "delivered": ContentItem.objects.exclude(published_at=None).count(),
    }
    print(json.dumps(told))


def _two_holders(events: list[Event]) -> list[str]:
    """Publications that were claimed while the log says that somebody had them."""
    free_again = (
        *("publication.released", "publication.ready", "publication.published"),
        *("publication.failed", "publication.resolved", "publication.hold_requested"),
        *("publication.cancelled",),
    )
    held: set[str] = set()
    twice = []
    for event in events:
        publication = event.data.get("publication", "")
        if event.type == "publication.leased":
            twice += [publication] if publication in held else []
            held.add(publication)
        elif event.type in free_again:
            held.discard(publication)
    return twice


def _fences_grow() -> bool:
    fences: dict[int, list[int]] = defaultdict(list)
    for publication, fence in Lease.objects.order_by("id").values_list("publication", "fence"):
        fences[publication].append(fence)
    return all(found == list(range(1, len(found) + 1)) for found in fences.values())


def kept(public_id: str) -> Any:
    """Print what is known of one publication."""
    row = Publication.objects.get(public_id=public_id)
    reports = Report.objects.filter(publication=row).order_by("id")
    told = {
        "state": row.state,
        "version": row.version,
        "external_id": row.external_id,
        "reports": [[each.status, each.accepted] for each in reports],
        "alarms": Notice.objects.filter(reason="alarm").count(),
    }
    print(json.dumps(told))
