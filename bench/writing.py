"""Moves and new items, by one client and by sixteen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from bench.load import Ask
from tests.races.client import Client


def movers(port: int, teams: Sequence[dict[str, Any]], clients: int) -> list[Ask]:
    """Clients that move random cards, spread evenly over the boards of the teams."""
    places = [(team, board) for team in teams for board in team["boards"]]
    return [_mover(port, n, *places[n % len(places)]) for n in range(clients)]


def _mover(port: int, number: int, team: dict[str, Any], board: dict[str, Any]) -> Ask:
    chance = random.Random(number)
    client = Client(port, token=team["tokens"][number % len(team["tokens"])])
    items, stages = board["items"], board["stages"]

    def ask() -> int:
        wish: dict[str, Any] = {"stage": chance.choice(stages)}
        if chance.random() < 0.6:
            wish[chance.choice(["before", "after"])] = chance.choice(items)
        return client.post(f"/api/v1/items/{chance.choice(items)}/move/", wish).status

    return ask


def creators(port: int, team: dict[str, Any], clients: int) -> list[Ask]:
    """Clients that write down new items, each for one person."""
    return [_creator(port, n, team) for n in range(clients)]


def _creator(port: int, number: int, team: dict[str, Any]) -> Ask:
    client = Client(port, token=team["tokens"][number % len(team["tokens"])])
    board = team["boards"][number % len(team["boards"])]

    def ask() -> int:
        person = board["people"][number % len(board["people"])]
        new = {"board": board["id"], "title": "Why most hooks fail", "assignees": [person]}
        return client.post("/api/v1/items/", new).status

    return ask
