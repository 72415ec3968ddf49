from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.duration import duration_iso_string
from django.utils.functional import Promise

from production import doorbell, origin
from production.events.catalogue import TYPES
from production.models import Event, User


@dataclass(frozen=True, slots=True)
class Line:
    """One event of many, for `record_many`."""

    type: str
    subject: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    board_id: int | None = None
    by: User | None = None
    actor_name: str = ""


def record(
    type: str,
    subject: str,
    *,
    workspace_id: int,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    board_id: int | None = None,
    actor_name: str = "",
) -> Event:
    """Append one event, inside the transaction that makes it true.

    `actor_name` is for somebody who has no account; who has one is named by it.

    Call it last: it holds the workspace's row until that transaction commits, which is what keeps
    `seq` in commit order.
    """
    line = Line(type, subject, at, data or {}, board_id, by, actor_name)
    return record_many([line], workspace_id=workspace_id)[0]


def record_many(lines: Sequence[Line], *, workspace_id: int) -> list[Event]:
    """Append events in the order given, under one run of numbers; the same rules as `record`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded inside the transaction that makes it true")
    if unknown := {line.type for line in lines} - TYPES.keys():
        raise ValueError(f"not in the catalogue of events: {', '.join(sorted(unknown))}")
    if not lines:
        return []
    last = _take_numbers(workspace_id, len(lines))
    first = last - len(lines) + 1
    events = [
        _event(line, workspace_id=workspace_id, seq=seq) for seq, line in enumerate(lines, first)
    ]
    if len(events) == 1:
        _insert_one(events[0])
    else:
        _insert_all(events)
    # Robust: what is saved stays saved, even when nobody can be told of it right now. A lambda,
    # because Django names the hook it logs, and a partial has no name.
    transaction.on_commit(lambda: doorbell.after_commit(workspace_id, last), robust=True)
    return events


def _event(line: Line, *, workspace_id: int, seq: int) -> Event:
    return Event(
        workspace_id=workspace_id,
        seq=seq,
        type=line.type,
        subject=line.subject,
        board_id=line.board_id,
        actor=line.by,
        actor_name=str(line.by)[:100] if line.by else line.actor_name[:100],
        source=origin.current().source,
        request_id=origin.current().request_id,
        occurred_at=line.at,
        data=_plain(line.data),
    )


_INSERT = """
INSERT INTO production_event (
    workspace_id, seq, type, subject, board_id, actor_id, actor_name, source, request_id,
    occurred_at, recorded_at, data, subject_seq
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1 + COALESCE(
    (SELECT MAX(subject_seq) FROM production_event WHERE workspace_id = %s AND subject = %s), 0
)) RETURNING id, subject_seq
"""


def _insert_one(event: Event) -> None:
    """Number within the subject and insert, in one statement: every change waits for it."""
    event.recorded_at = timezone.now()
    moments = [event.occurred_at, event.recorded_at]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                event.workspace_id,
                event.seq,
                event.type,
                event.subject,
                event.board_id,
                event.actor_id,
                event.actor_name,
                event.source,
                event.request_id,
                *map(connection.ops.adapt_datetimefield_value, moments),
                orjson.dumps(event.data).decode(),
                event.workspace_id,
                event.subject,
            ],
        )
        event.pk, event.subject_seq = cursor.fetchone()
    event._state.adding, event._state.db = False, connection.alias


def _insert_all(events: Sequence[Event]) -> None:
    numbers = _subject_numbers(events[0].workspace_id, {event.subject for event in events})
    for event in events:
        numbers[event.subject] += 1
        event.subject_seq = numbers[event.subject]
    Event.objects.bulk_create(events, batch_size=500)


def _take_numbers(workspace_id: int, count: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE production_workspace SET last_seq = last_seq + %s WHERE id = %s "
            "RETURNING last_seq",
            [count, workspace_id],
        )
        return int(cursor.fetchone()[0])


def _subject_numbers(workspace_id: int, subjects: set[str]) -> defaultdict[str, int]:
    rows = (
        Event.objects.filter(workspace_id=workspace_id, subject__in=subjects)
        .values_list("subject")
        .annotate(last=Max("subject_seq"))
    )
    return defaultdict(int, rows)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """As JSON will keep it. Moments to the microsecond: a replay has to give the same ones."""
    return orjson.loads(orjson.dumps(data, default=_plain_value))


def _plain_value(value: Any) -> Any:
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, dict):
        return dict(value)
    raise TypeError(type(value).__name__)
