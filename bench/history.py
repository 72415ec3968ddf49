"""Boards with a past, of any size, in seconds: written in bulk, but as the verbs would have.

Every row and every line of the log is what the verbs leave behind, so that a replay of the log
gives the rows (`manage.py rebuild --check`). Gates, openings, scripts and people are there too,
because a move that asks for nothing would be no measure of one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from production import flow, presets, workspaces
from production.models import (
    Assignment,
    Board,
    Channel,
    ContentItem,
    Event,
    Gate,
    GatePass,
    Goal,
    Hook,
    Kind,
    Label,
    Membership,
    Pillar,
    Role,
    Script,
    Stage,
    User,
    Workspace,
)
from production.moves.stamps import STAMPS, brief
from production.ordering import GAP
from production.permissions import Seat, seat_of

# Of a hundred cards: most wait as ideas or are done with.
SHARES = (
    (Kind.IDEA, 30), (Kind.SCRIPT, 10), (Kind.SHOOT, 10), (Kind.EDIT, 10), (Kind.PUBLISH, 10),
    (Kind.LEARN, 10), (Kind.DONE, 20),
)  # fmt: skip
STAY = timedelta(hours=9)
BATCH = 1000
ROOMY = 30_000  # a limit that is counted at every move and never reached


@dataclass(frozen=True, slots=True)
class Team:
    workspace: Workspace
    boards: list[Board]
    seats: list[Seat]


@transaction.atomic
def make(name: str, cards: int, *, boards: int = 1, people: int = 8) -> Team:
    """A workspace with the whole method, `boards` boards of `cards` cards each, and its people.

    The first person owns it. Limits stand but leave room; every gate before *publish* is met.
    """
    now = timezone.now()
    chance = random.Random(f"{name} {cards}")
    slug = name.lower().replace(" ", "-")
    crowd = [
        User.objects.create_user(f"{slug}-{n}@bench.example", None, name=f"Person {n}")
        for n in range(people)
    ]
    workspace = workspaces.create(name, by=crowd[0], at=now)
    Membership.objects.bulk_create(
        Membership(workspace=workspace, user=user, role=Role.CREATOR) for user in crowd[1:]
    )
    Label.objects.bulk_create(Label(workspace=workspace, name=f"label {n}") for n in range(6))
    first = Board.objects.get(workspace=workspace)
    Stage.objects.filter(board=first).update(wip_limit=ROOMY)
    made = [first, *(_another(first, number) for number in range(2, boards + 1))]
    for board in made:
        _fill(board, cards, crowd, now, chance)
    seats = Membership.objects.filter(workspace=workspace).select_related("user", "workspace")
    return Team(Workspace.objects.get(pk=workspace.pk), made, [seat_of(s) for s in seats])


def _another(first: Board, number: int) -> Board:
    """A board with the stages and gates of the first."""
    board = Board.objects.create(workspace=first.workspace, name=f"Board {number}", position=number)
    presets.add_stages(board, "en")
    Stage.objects.filter(board=board).update(wip_limit=ROOMY)
    stages = {stage.kind: stage for stage in board.stages.all()}
    for gate in Gate.objects.filter(stage__board=first).select_related("stage"):
        gate.stage, gate.pk = stages[gate.stage.kind], None
        gate.public_id = Gate._meta.get_field("public_id").get_default()
        gate.save(force_insert=True)
    return board


@dataclass(slots=True)
class _Past:
    """One card: its row, and the lines of the log that led there."""

    item: ContentItem
    lines: list[tuple[datetime, str, dict[str, Any]]]


def _fill(
    board: Board, cards: int, crowd: Sequence[User], now: datetime, chance: random.Random
) -> None:
    workspace = Workspace.objects.get(pk=board.workspace_id)
    stages = list(board.stages.order_by("position"))
    kinds = [kind for kind, share in SHARES for _ in range(share)]
    plan = _Plan(workspace)
    pasts = []
    for number in range(1, cards + 1):
        goal = next(i for i, s in enumerate(stages) if s.kind == kinds[number % 100])
        item = plan.item(board, workspace.last_item_number + number, chance)
        pasts.append(_past(item, stages[: goal + 1], number * GAP, now, chance, crowd[0]))
    items = ContentItem.objects.bulk_create([past.item for past in pasts], batch_size=BATCH)
    _add_parts(items, board, crowd, now, chance)
    _write_log(workspace, pasts, crowd)
    workspace.last_item_number += cards
    workspace.save(update_fields=["last_item_number", "last_seq"])


class _Plan:
    """What items point to."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.channels = list(Channel.objects.filter(workspace=workspace))
        self.pillars = list(Pillar.objects.filter(workspace=workspace))
        self.goals = list(Goal.objects.filter(workspace=workspace))

    def item(self, board: Board, number: int, chance: random.Random) -> ContentItem:
        goal = chance.choice(self.goals)
        return ContentItem(
            workspace=self.workspace,
            board=board,
            number=number,
            title=f"{chance.choice(OPENERS)} {chance.choice(THINGS)}, part {number}",
            channel=chance.choice(self.channels),
            pillar=chance.choice(self.pillars),
            goal=goal,
            primary_kpi_id=goal.primary_kpi_id,
            secondary_kpi_id=goal.secondary_kpi_id,
            promise="After this you know what to do on Monday.",
            sources=["https://example.org/study"],
            target_value=chance.randint(5, 90),
        )


OPENERS = ("Why most", "Three ways to", "What nobody says about", "How we made", "Stop buying")
THINGS = ("hooks fail", "winter tyres", "oat drinks", "a studio of two", "captions in Finnish")


def _past(
    item: ContentItem,
    way: Sequence[Stage],
    rank: int,
    now: datetime,
    chance: random.Random,
    by: User,
) -> _Past:
    """Let the item wander from the first stage to the last of `way`."""
    at = now - timedelta(days=90) * chance.random() - STAY * len(way)
    stamps = flow.born(way[0].kind, at)
    created = {
        "key": item.key, "title": item.title, "board": item.board.public_id,
        "stage": brief(way[0]), "rank": rank, "idea_at": at.isoformat(),
    }  # fmt: skip
    lines: list[tuple[datetime, str, dict[str, Any]]] = [(at, "item.created", created)]
    item.created_at, item.created_by, item.content_edited_by = at, by, by
    for came_from, to in pairwise(way):
        at += STAY * (0.2 + chance.random() * 0.8)
        step = flow.Move(0, at, _place(came_from), _place(to))
        stamps = flow.after_move(stamps, step, has_publication=False)
        data = {"from": brief(came_from), "to": brief(to), "rank": rank, "was_rank": rank}
        lines.append((at, "item.moved", data))
    for name in STAMPS:
        setattr(item, name, getattr(stamps, name))
    item.stage, item.rank, item.version, item.updated_at = way[-1], rank, len(lines), at
    return _Past(item, lines)


def _place(stage: Stage) -> flow.Place:
    return flow.Place(stage.public_id, stage.kind, stage.name, stage.position)


def _add_parts(
    items: Sequence[ContentItem],
    board: Board,
    crowd: Sequence[User],
    now: datetime,
    chance: random.Random,
) -> None:
    labels = list(Label.objects.filter(workspace=board.workspace))
    gates = list(Gate.objects.filter(stage__board=board, check_kind=Gate.Check.MANUAL))
    Assignment.objects.bulk_create(
        (Assignment(item=item, user=chance.choice(crowd)) for item in items), batch_size=BATCH
    )
    label_of = ContentItem.labels.through
    label_of.objects.bulk_create(
        (label_of(contentitem=item, label=chance.choice(labels)) for item in items[::2]),
        batch_size=BATCH,
    )
    GatePass.objects.bulk_create(
        (GatePass(item=item, gate=gate, by=crowd[0], at=now) for item in items for gate in gates),
        batch_size=BATCH,
    )
    Script.objects.bulk_create(
        (Script(item=item, text="Begin with the end.", updated_at=now) for item in items),
        batch_size=BATCH,
    )
    Hook.objects.bulk_create(
        (
            Hook(
                item=item, text=f"Opening {n}", position=n,
                chosen=n == 0, chosen_reason="It asks something." if n == 0 else "",
            )
            for item in items
            for n in range(3)
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _write_log(workspace: Workspace, pasts: Sequence[_Past], crowd: Sequence[User]) -> None:
    for rows in _batches(_events(workspace, pasts, crowd)):
        Event.objects.bulk_create(rows, batch_size=BATCH)


def _events(workspace: Workspace, pasts: Sequence[_Past], crowd: Sequence[User]) -> Iterator[Event]:
    lines = [(*line, n, past.item) for past in pasts for n, line in enumerate(past.lines, 1)]
    for at, type, data, subject_seq, item in sorted(lines, key=lambda line: line[0]):
        workspace.last_seq += 1
        yield Event(
            workspace=workspace,
            seq=workspace.last_seq,
            type=type,
            subject=item.public_id,
            subject_seq=subject_seq,
            board_id=item.board_id,
            actor=crowd[0],
            actor_name=crowd[0].name,
            occurred_at=at,
            data=data,
        )


def _batches(rows: Iterator[Event]) -> Iterator[list[Event]]:
    batch: list[Event] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
