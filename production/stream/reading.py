"""What the stream asks the database, and how an event looks on the wire."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from production.models import ContentItem, Event, Membership, Workspace
from production.permissions import Seat, may_see_event

LONGEST_GAP = 10_000
BATCH = 500
RESET = b"event: reset\ndata: {}\n\n"


def after(workspace_id: int, seq: int, upto: int | None = None) -> list[Event]:
    """The next events of the log, at most a batch."""
    events = Event.objects.after(workspace_id, seq).only("seq", "type", "subject", "board_id")
    if upto is not None:
        events = events.filter(seq__lte=upto)
    return list(events[:BATCH])


def as_lines(event: Event) -> bytes:
    """One server-sent event; its id is what the browser sends back when it reconnects."""
    data = {
        "seq": event.seq,
        "type": event.type,
        "subject": event.subject,
        "board": event.board_id,
    }
    return b"id: %d\ndata: %s\n\n" % (event.seq, orjson.dumps(data))


def visible(seat: Seat, events: Iterable[Event]) -> list[Event]:
    """Those of the events that the person may know of; asked anew each time, for roles change."""
    own = own_subjects(seat) if seat.is_external else frozenset()
    return [event for event in events if may_see_event(seat, event, own)]


def own_subjects(seat: Seat) -> frozenset[str]:
    items = ContentItem.objects.filter(workspace=seat.workspace).visible_to(seat.user)
    return frozenset(items.values_list("public_id", flat=True))


def missed(seat: Seat, since: int, upto: int) -> bytes:
    """Everything between two numbers, or `reset` when that is too much to send."""
    if since > upto or upto - since > LONGEST_GAP:
        return b"id: %d\n" % upto + RESET
    found: list[bytes] = []
    while events := after(seat.workspace.pk, since, upto):
        since = events[-1].seq
        found += map(as_lines, visible(seat, events))
    return b"".join(found)


def heights(workspace_ids: Iterable[int]) -> dict[int, int]:
    """How far each workspace's log has come."""
    workspaces = Workspace.objects.filter(pk__in=list(workspace_ids))
    return dict(workspaces.values_list("pk", "last_seq"))


def still_welcome(listeners: Iterable[tuple[int, int, str]]) -> set[tuple[int, int, str]]:
    """Of (person, workspace, session): those who are members still and still signed in."""
    asked = set(listeners)
    seats = Q(user__in={user for user, _, _ in asked})
    members = set(
        Membership.objects.filter(seats, removed_at=None, user__is_active=True).values_list(
            "user_id", "workspace_id"
        )
    )
    sessions = set(
        Session.objects.filter(
            session_key__in={session for _, _, session in asked}, expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return {one for one in asked if one[:2] in members and one[2] in sessions}
