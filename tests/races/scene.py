"""What a race runs on and what is said of it afterwards; runs inside the house, on its database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from production import items, rebuild, tokens
from production.models import (
    ContentItem,
    Event,
    IdempotencyRecord,
    KpiDefinition,
    Stage,
    User,
    Workspace,
)
from tests.people import World, make_world

SCOPES = ["content:read", "content:write", "events:read"]


def board(*, cards: int, clients: int, limit: int | None = None) -> None:
    """Print a new board: its stages by kind, its cards, a key for every client, a session.

    `limit` is the blocking limit of the stage of kind edit.
    """
    world = make_world()
    made = _fill(world, cards)
    if limit is not None:
        Stage.objects.filter(board=world.board, kind="edit").update(
            wip_limit=limit, limit_mode=Stage.LimitMode.BLOCK
        )
    told = {
        "board": world.board.public_id,
        "stages": {kind: stage.public_id for kind, stage in world.stages.items()},
        "items": [item.public_id for item in made],
        "tokens": [_key(world, number) for number in range(clients)],
        "sessions": [sign_in(world.ann), sign_in(world.kim)],
    }
    print(json.dumps(told))


def _fill(world: World, cards: int) -> list[ContentItem]:
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    at, ben = timezone.now(), world.seat("ben")
    return [
        items.create(world.board, title=f"Card {n}", seat=ben, at=at, values={"primary_kpi": kpi})
        for n in range(cards)
    ]


def _key(world: World, number: int) -> str:
    seat = world.seat("ann" if number % 2 else "ben")
    return tokens.create(seat=seat, name=f"Client {number}", scopes=SCOPES, at=timezone.now())[1]


def sign_in(user: User) -> str:
    """The cookie of a new session."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def verdict() -> None:
    """Print what rows, log and replay say of the race."""
    workspace = Workspace.objects.get(slug="studio-aalto")
    events = list(Event.objects.filter(workspace=workspace).order_by("seq"))
    rows = ContentItem.objects.filter(workspace=workspace)
    told = {
        "cards": rows.filter(archived_at=None).count(),
        "titles": dict(Counter(rows.values_list("title", flat=True))),
        "gapless": [event.seq for event in events] == list(range(1, len(events) + 1))
        and workspace.last_seq == len(events),
        "subjects_gapless": _subjects_are_gapless(events),
        "respreads": sum("ranks" in event.data for event in events),
        "types": dict(Counter(event.type for event in events)),
        "seqs": [event.seq for event in events],
        "requests": [event.request_id for event in events],
        "most_in_edit": _most_in_edit(events, workspace),
        "versions": dict(rows.values_list("public_id", "version")),
        "promises": dict(rows.values_list("public_id", "promise")),
        "order": _order_of_rows(rows),
        "open_keys": IdempotencyRecord.objects.filter(status=0).count(),
        **_replayed(workspace),
    }
    print(json.dumps(told))


def _replayed(workspace: Workspace) -> dict[str, Any]:
    try:
        replayed = rebuild.replayed(workspace)
        differing = [str(each) for each in rebuild.differences(workspace)]
    except (ValueError, KeyError) as contradiction:
        return {"differences": [f"contradiction: {contradiction}"], "ties": [], "replayed": {}}
    stages = Stage.objects.filter(workspace=workspace).values_list("public_id", flat=True)
    order = {stage: replayed.order(stage) for stage in stages}
    return {"differences": differing, "ties": replayed.ties(), "replayed": order}


def _most_in_edit(events: Sequence[Event], workspace: Workspace) -> int:
    """How many cards the limited stage ever held, by the log."""
    edit = Stage.objects.get(workspace=workspace, kind="edit").public_id
    where: dict[str, str] = {}
    held = most = 0
    for event in events:
        stage = event.data.get("to") or event.data.get("stage") or {}
        if event.type in ("item.created", "item.moved", "item.move_undone"):
            held += (stage["id"] == edit) - (where.get(event.subject) == edit)
            where[event.subject] = stage["id"]
            most = max(most, held)
    return most


def _subjects_are_gapless(events: Sequence[Event]) -> bool:
    numbers: dict[str, list[int]] = {}
    for event in events:
        numbers.setdefault(event.subject, []).append(event.subject_seq)
    return all(seen == list(range(1, len(seen) + 1)) for seen in numbers.values())


def _order_of_rows(rows: Any) -> dict[str, list[str]]:
    order: dict[str, list[str]] = {}
    on_board = rows.filter(archived_at=None).order_by("stage__position", "rank", "id")
    for stage, item in on_board.values_list("stage__public_id", "public_id"):
        order.setdefault(stage, []).append(item)
    return order
