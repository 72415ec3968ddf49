"""Open boards hear of every change once, in order, whatever happened on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest
from django.db import connection

from tests.faults.listeners import Listeners
from tests.house import House
from tests.races import crowd
from tests.races.client import Client

SLUG = "studio-aalto"


@pytest.fixture(scope="module")
def hall() -> Iterator[tuple[House, dict[str, Any]]]:
    """A running house with two web processes, a board and somebody who moves cards."""
    with crowd.racing() as house:
        yield house, crowd.scene(house, "board(cards=12, clients=1)")


@contextmanager
def listening(
    house: House, world: dict[str, Any], count: int, since: int | None = None
) -> Iterator[Listeners]:
    listeners = Listeners(house.port, SLUG, world["sessions"], count).begin(since)
    try:
        yield listeners
    finally:
        listeners.end()


def move(house: House, world: dict[str, Any], times: int) -> list[int]:
    """Numbers of the events made."""
    client = Client(house.port, token=world["tokens"][0])
    stages = list(world["stages"].values())
    here = client.get(f"/api/v1/items/{world['items'][0]}/").json["stage"]
    made = []
    for _ in range(times):
        here = stages[0] if here == stages[1] else stages[1]
        answer = client.post(f"/api/v1/items/{world['items'][0]}/move/", {"stage": here})
        assert answer.status == 200, answer.body
        made.append(int(answer.json["event"].removeprefix("evt_")))
    return made


def database_connections(house: House) -> int:
    ((count,),) = house.rows(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'putki-web'"
    )
    return count


def test_two_hundred_listeners_hear_everything_once_and_in_order(hall: Any) -> None:
    house, world = hall
    move(house, world, 1)

    with listening(house, world, 200) as listeners:
        before = database_connections(house) if connection.vendor == "postgresql" else 0
        made = move(house, world, 20)
        listeners.wait_for(made[-1])
        after = database_connections(house) if connection.vendor == "postgresql" else 0

        assert all(heard.seqs == made for heard in listeners.heard)
        assert after <= before + 5  # a stream holds no connection


def test_who_was_away_catches_up_without_a_gap_and_without_hearing_twice(hall: Any) -> None:
    house, world = hall
    with listening(house, world, 3) as listeners:
        first = move(house, world, 3)
        listeners.wait_for(first[-1])
        seen = listeners.heard[0].seqs[-1]

    missed = move(house, world, 30)

    with listening(house, world, 3, since=seen) as listeners:
        live = move(house, world, 3)
        listeners.wait_for(live[-1])
        assert all(heard.seqs == [*missed, *live] for heard in listeners.heard)


def test_while_the_broker_hangs_writes_succeed_and_streams_look_by_themselves(hall: Any) -> None:
    house, world = hall
    brokers = house.children("valkey")
    assert brokers
    with listening(house, world, 5) as listeners:
        for broker in brokers:
            broker.suspend()
        try:
            began = monotonic()
            made = move(house, world, 10)
            took = monotonic() - began
            listeners.wait_for(made[-1], 15)
        finally:
            for broker in brokers:
                broker.resume()

        assert took < 20  # each waits a moment at most once in a while
        assert all(heard.seqs == made for heard in listeners.heard)

        back = move(house, world, 1)
        listeners.wait_for(back[-1], 30)


def test_a_killed_web_process_costs_its_listeners_nothing(hall: Any) -> None:
    house, world = hall
    with listening(house, world, 8) as listeners:
        made = move(house, world, 2)
        listeners.wait_for(made[-1])

        for web in house.children("putki-web"):
            web.kill()
        listeners.wait(lambda: all(heard.ended for heard in listeners.heard))
        seen = made[-1]
    listeners.wait(lambda: house.status("/health/ready") == 200)

    made = move(house, world, 5)
    with listening(house, world, 8, since=seen) as again:
        again.wait_for(made[-1])
        assert all(heard.seqs == made for heard in again.heard)
