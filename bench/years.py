"""Three years of a large studio in minutes: 100 000 items and a million moves.

Written in bulk, but as the verbs would have: rows, stamps and log agree (a replay of a sample says
so), and the stays are folded from the log by their own reader.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from bench import history
from bench.history import BATCH, Team
from production import flow, replay
from production.models import Assignment, Board, ContentItem, Event, Stage, Workspace
from production.moves.stamps import STAMPS, brief
from production.ordering import GAP

YEARS = timedelta(days=3 * 365)
HOUR = timedelta(hours=1)
# Of a hundred items so many are never begun, and so many of those that are done are put away.
NEVER_BEGUN, PUT_AWAY, BLOCKED = 3, 60, 12
EVENT = (
    "workspace_id", "seq", "type", "subject", "subject_seq", "board_id", "actor_id", "actor_name",
    "source", "request_id", "occurred_at", "recorded_at", "data",
)  # fmt: skip

Line = tuple[datetime, int, int, str, bytes]  # when, item, number within it, type, data


@dataclass(slots=True)
class _Board:
    board: Board
    stages: list[Stage]
    places: list[flow.Place]
    briefs: list[dict[str, Any]]
    moves: dict[tuple[int, int], bytes]


@transaction.atomic
def make(name: str, items: int, *, boards: int = 3) -> Team:
    """A workspace with so many items of about ten moves each; nothing is folded from it yet."""
    team = history.make(name, 0, boards=boards)
    now = timezone.now()
    chance = random.Random(f"{name} {items}")
    workspace = Workspace.objects.get(pk=team.workspace.pk)
    plan = history._Plan(workspace)
    known = [_known(board) for board in team.boards]
    rows: list[ContentItem] = []
    lines: list[Line] = []
    for number in range(1, items + 1):
        own = known[number % len(known)]
        item = plan.item(own.board, number, chance)
        item.created_by = item.content_edited_by = team.seats[0].user
        born = now - YEARS * chance.random()
        lines += _live(item, len(rows), own, born, now, number * GAP, chance)
        rows.append(item)
    made = ContentItem.objects.bulk_create(rows, batch_size=BATCH)
    Assignment.objects.bulk_create(
        (Assignment(item=item, user=chance.choice(team.seats).user) for item in made),
        batch_size=5 * BATCH,
    )
    lines.sort()
    _write(workspace, team, rows, lines)
    workspace.last_seq += len(lines)
    workspace.last_item_number += items
    workspace.save(update_fields=["last_seq", "last_item_number"])
    return Team(workspace, team.boards, team.seats)


def moves_of(workspace: Workspace) -> int:
    return Event.objects.filter(workspace=workspace, type="item.moved").count()


def sample_differs(workspace: Workspace, size: int = 300) -> list[str]:
    """Items of a sample whose row is not what a replay of their log says; none when all is well."""
    items = ContentItem.objects.filter(workspace=workspace).order_by("pk")
    every = max(1, items.count() // size)
    some = {item.public_id: item for item in items.select_related("stage")[::every]}
    events = Event.objects.filter(workspace=workspace, subject__in=list(some)).order_by("seq")
    said = replay.replay(
        events.values("seq", "type", "subject", "occurred_at", "data", "source")
    ).items
    return [
        f"{id} {name}"
        for id, item in some.items()
        for name in (*STAMPS, "rank")
        if getattr(item, name) != getattr(said[id], name) or item.stage.public_id != said[id].stage
    ]


def _known(board: Board) -> _Board:
    stages = list(board.stages.filter(retired_at=None).order_by("position"))
    places = [history._place(stage) for stage in stages]
    return _Board(board, stages, places, [brief(stage) for stage in stages], {})


def _live(
    item: ContentItem,
    index: int,
    own: _Board,
    at: datetime,
    now: datetime,
    rank: int,
    chance: random.Random,
) -> list[Line]:
    """One item's life until now: forth, now and then back, in the end out and put away."""
    here, last = 0, len(own.stages) - 1
    stamps = flow.born(own.places[0].kind, at)
    item.idea_at = item.created_at = item.updated_at = at
    created = {
        "key": item.key, "title": item.title, "board": own.board.public_id,
        "stage": own.briefs[0], "rank": rank, "idea_at": at.isoformat(),
    }  # fmt: skip
    lines = [(at, index, 1, "item.created", orjson.dumps(created))]

    def add(type: str, data: bytes) -> None:
        lines.append((at, index, len(lines) + 1, type, data))

    slow = chance.lognormvariate(0, 0.6)
    is_held = chance.randrange(100) < BLOCKED
    while here < last and chance.randrange(100) >= (NEVER_BEGUN if here == 0 else 0):
        at += HOUR * (0.5 + chance.expovariate(1 / 6) * slow)
        if at >= now:
            break
        if is_held and own.stages[here].kind == "edit":
            add("item.blocked", _REASON)
            at += HOUR * chance.randrange(1, 30)
            if at >= now:
                item.blocked_reason, item.blocked_at = "music rights", lines[-1][0]
                break
            add("item.unblocked", _REASON)
            is_held = False
        back = 1 < here < last - 1 and chance.random() < 0.35
        to = here - 1 if back else here + 1
        add("item.moved", _moved(own, here, to, rank))
        step = flow.Move(0, at, own.places[here], own.places[to])
        stamps = flow.after_move(stamps, step, has_publication=False)
        here = to
    if here == last and chance.randrange(100) < PUT_AWAY and (at := at + 30 * HOUR) < now:
        add("item.archived", orjson.dumps({"stage": own.briefs[here]}))
        item.archived_at = at
    for name in STAMPS:
        setattr(item, name, getattr(stamps, name))
    item.stage, item.rank, item.version = own.stages[here], rank, len(lines)
    return lines


_REASON = orjson.dumps({"reason": "music rights"})


def _moved(own: _Board, here: int, to: int, rank: int) -> bytes:
    ends = own.moves.get((here, to))
    if ends is None:
        pair = orjson.dumps({"from": own.briefs[here], "to": own.briefs[to]})
        ends = own.moves[here, to] = pair[:-1]
    return ends + b',"rank":%d,"was_rank":%d}' % (rank, rank)


def _write(
    workspace: Workspace, team: Team, items: Sequence[ContentItem], lines: Sequence[Line]
) -> None:
    """The log, the way that is fastest for this database."""
    by = team.seats[0].user
    rows: Iterator[tuple[Any, ...]] = (
        (
            workspace.pk, seq, type, items[index].public_id, number, items[index].board_id, by.pk,
            by.name, "page", "", at, at, data.decode(),
        )
        for seq, (at, index, number, type, data) in enumerate(lines, workspace.last_seq + 1)
    )  # fmt: skip
    table, names = Event._meta.db_table, ", ".join(EVENT)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        moment = connection.ops.adapt_datetimefield_value
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(EVENT))})",
            ((*row[:10], moment(row[10]), moment(row[11]), row[12]) for row in rows),
        )
