"""Makes what a benchmark runs on; runs inside the house, on its database, and prints JSON."""

from __future__ import annotations

import json

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import history
from production import tokens
from production.models import ContentItem, Kind, Membership, Role
from tests.races.scene import SCOPES, sign_in

# Between these a card may go to and fro: all their gates are met.
ROOM_TO_MOVE = (Kind.IDEA, Kind.SCRIPT, Kind.SHOOT, Kind.EDIT)


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
