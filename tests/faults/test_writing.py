"""People write while web processes are killed and the database is cut off: nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import sleep
from urllib.parse import unquote, urlsplit

import psutil
import pytest

from tests.faults.proxy import Proxy
from tests.faults.writers import Writers, assert_nothing_was_lost
from tests.house import House, house_of_its_own
from tests.races import crowd
from tests.races.client import Client

WRITERS = 6


def kill_a_web_process(house: House, chance: random.Random) -> int:
    """How many died: 0 when none was there at the moment."""
    webs = house.children("putki-web")
    if not webs:
        return 0
    with suppress(psutil.NoSuchProcess):
        chance.choice(webs).kill()
        return 1
    return 0


def write_through_kills(kills: int) -> None:
    with crowd.racing() as house:
        world = crowd.scene(house, f"board(cards=36, clients={WRITERS})")
        writers, chance, killed = Writers(house, world).begin(), random.Random(1), 0

        while killed < kills:
            writers.go_on()
            killed += kill_a_web_process(house, chance)
        writers.go_on()

        answers = assert_nothing_was_lost(house, writers.end(), least=12 * kills)
        assert answers[0] > 0  # somebody was hit


def test_what_was_acknowledged_survives_killed_web_processes() -> None:
    write_through_kills(4)


@pytest.mark.soak
def test_what_was_acknowledged_survives_a_hundred_killed_web_processes() -> None:
    write_through_kills(100)


@contextmanager
def behind_a_network() -> Iterator[tuple[House, Proxy]]:
    """A running house whose way to the database can be broken."""
    with house_of_its_own() as house:
        direct = house.environment["DATABASE_URL"]
        address = urlsplit(direct)
        host = unquote(address.hostname or "/")
        assert "/" not in host, "A socket has no way to break: name a PostgreSQL that has a port."
        proxy = Proxy((host, address.port or 5432))
        who = address.netloc.rpartition("@")[0]
        through = address._replace(netloc=f"{who}@127.0.0.1:{proxy.port}").geturl()
        house.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.races.settings",
            "WEB_PROCESSES": "2",
            "LOG_LEVEL": "CRITICAL",
            "DATABASE_URL": through,
        }
        house.start()
        # What the test itself asks goes the direct way.
        house.environment["DATABASE_URL"] = direct
        try:
            yield house, proxy
        finally:
            proxy.close()


def write_through_cuts(rounds: int) -> None:
    with behind_a_network() as (house, proxy):
        world = crowd.scene(house, f"board(cards=36, clients={WRITERS})")
        writers = Writers(house, world).begin()

        for _ in range(rounds):
            for fault in (proxy.cut, proxy.deaf, proxy.hole):
                writers.go_on()
                with fault():
                    sleep(0.7)
            with proxy.late(0.01):
                writers.go_on(3)
        writers.go_on()

        answers = assert_nothing_was_lost(house, writers.end(), least=36 * rounds)
        assert answers[503] > 0  # somebody was hit, and told so


@pytest.mark.postgres
def test_what_was_acknowledged_survives_a_broken_way_to_the_database() -> None:
    write_through_cuts(1)


@pytest.mark.postgres
@pytest.mark.soak
def test_what_was_acknowledged_survives_a_hundred_breaks() -> None:
    write_through_cuts(25)


@pytest.mark.postgres
def test_without_its_database_everybody_is_told_to_come_back() -> None:
    with behind_a_network() as (house, proxy):
        world = crowd.scene(house, "board(cards=1, clients=1)")
        client = Client(house.port, token=world["tokens"][0])
        item = f"/api/v1/items/{world['items'][0]}/"

        with proxy.cut():
            away = client.get(item)
            assert house.status("/health/ready") == 503
            assert house.status("/health/live") == 200

        assert away.status == 503
        assert away.headers["content-type"] == "application/problem+json"
        assert away.json["code"] == "busy"
        until_back = 0
        while client.get(item).status != 200:
            until_back += 1
            assert until_back < 100
            sleep(0.1)
