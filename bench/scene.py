"""Makes what a benchmark runs on; runs inside the house, on its database, and prints JSON."""

from __future__ import annotations

import json
from time import perf_counter, process_time
from typing import Any

import psutil
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import history
from bench.years import make as years_of
from bench.years import moves_of, sample_differs
from production import flowview, moves, stays, tokens
from production.models import ContentItem, Kind, Membership, Role, Stage, Workspace
from production.permissions import seat_of
from tests.races.scene import SCOPES, sign_in

# Between these a card may go to and fro: all their gates are met.
ROOM_TO_MOVE = (Kind.IDEA, Kind.SCRIPT, Kind.SHOOT, Kind.EDIT)
# Every figure of the Flow page.
SHOWN = (
    "headline", "trend", "scatter", "sle", "rework", "unknown", "throughput", "where", "efficiency",
    "time_columns", "bottleneck_traffic", "cfd", "wip", "ageing", "stage_loads", "person_loads",
    "ahead", "titles",
)  # fmt: skip


def team(name: str, cards: int, *, boards: int = 1, clients: int = 16) -> None:
    """Print a new team: its boards with their stages and cards, keys and sessions."""
    made = history.make(name, cards, boards=boards)
    keys = [
        tokens.create(
            seat=made.seats[n % len(made.seats)],
            name=f"Client {n}",
            scopes=SCOPES,
            at=timezone.now(),
        )[1]
        for n in range(clients)
    ]
    told = {
        "slug": made.workspace.slug,
        "tokens": keys,
        "sessions": [sign_in(seat.user) for seat in made.seats],
        "boards": [
            {
                "id": board.public_id,
                "stages": list(
                    board.stages.filter(kind__in=ROOM_TO_MOVE)
                    .order_by("position")
                    .values_list("public_id", flat=True)
                ),
                "items": list(
                    ContentItem.objects.filter(board=board, stage__kind__in=ROOM_TO_MOVE)
                    .order_by("id")
                    .values_list("public_id", flat=True)
                ),
                "people": [seat.user.public_id for seat in made.seats],
            }
            for board in made.boards
        ],
    }
    print(json.dumps(told))


def queries(slug: str, path: str) -> None:
    """Print how many queries an answer takes, asked as the team's owner."""
    owner = Membership.objects.select_related("user").get(workspace__slug=slug, role=Role.OWNER)
    client = Client(headers={"Putki-Workspace": slug, "Host": "127.0.0.1"})
    client.force_login(owner.user)
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    print(json.dumps(len(asked)))


def years(name: str, items: int) -> None:
    """Print a new team with three years behind it, and how long its log took to be folded."""
    began = perf_counter()
    made = years_of(name, items)
    told: dict[str, Any] = {"slug": made.workspace.slug, "made s": perf_counter() - began}
    began = perf_counter()
    stays.catch_up(made.workspace)
    told["folded s"] = perf_counter() - began
    told["moves"] = moves_of(made.workspace)
    told["items"] = ContentItem.objects.filter(workspace=made.workspace).count()
    told["differ"] = sample_differs(made.workspace)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(told))


def flow_figures(slug: str, days: int, times: int) -> None:
    """Print what all figures of the Flow page cost: first in this process, again, after a move."""
    workspace = Workspace.objects.get(slug=slug)
    stays.catch_up(workspace)
    cold = _figures(workspace, days)
    memory = psutil.Process().memory_info().rss
    began = process_time()
    warm = [_figures(workspace, days) for _ in range(times)]
    warm_used = (process_time() - began) * 1000 / times
    after, after_used, folding = [], [], []
    for _ in range(times):
        _move(workspace)
        before = perf_counter()
        stays.catch_up(workspace)
        folding.append((perf_counter() - before) * 1000)
        _move(workspace)
        used = process_time()
        after.append(_figures(workspace, days))
        after_used.append((process_time() - used) * 1000)
    told = {
        "cold": cold,
        "warm": sorted(warm)[times // 2],
        "after": sorted(after)[times // 2],
        "warm CPU": warm_used,
        "after CPU": sorted(after_used)[times // 2],
        "folding": sorted(folding)[times // 2],
        "MB": psutil.Process().memory_info().rss / 1e6,
        "first MB": memory / 1e6,
    }
    with CaptureQueriesContext(connection) as asked:
        _figures(workspace, days)
    print(json.dumps(told | {"queries": len(asked)}))


def _figures(workspace: Workspace, days: int) -> float:
    """Milliseconds for every figure that the page shows, the stays brought up to date first."""
    began = perf_counter()
    found = flowview.of_workspace(workspace, timezone.now(), days=str(days))
    for name in SHOWN:
        getattr(found, name)
    return (perf_counter() - began) * 1000


def _move(workspace: Workspace) -> None:
    """One card goes to and fro, by the verb."""
    there = ContentItem.objects.filter(workspace=workspace, archived_at=None)
    item = there.filter(stage__kind__in=ROOM_TO_MOVE).select_related("stage").latest("pk")
    kind = Kind.SCRIPT if item.stage.kind == Kind.SHOOT else Kind.SHOOT
    to = Stage.objects.get(board=item.board_id, kind=kind, retired_at=None)
    owner = Membership.objects.get(workspace=workspace, role=Role.OWNER)
    moves.move(item, to=to, seat=seat_of(owner), at=timezone.now(), override="bench")
