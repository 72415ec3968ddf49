"""Schedulers race for what is ready, die and repeat themselves: nothing is posted twice.

What was posted is counted in the platform's own ledger.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import psutil
import pytest

from tests.acceptance.client import POINTS
from tests.acceptance.crowd import Race, Street, race, street


def every_now_and_then(act: Callable[[], None], seconds: float) -> Callable[[], None]:
    """Called all the time, acts only so often."""
    last = monotonic()

    def beside() -> None:
        nonlocal last
        if monotonic() - last >= seconds:
            act()
            last = monotonic()

    return beside


def assert_all_is_well(found: Race, *, kills: int, publications: int) -> None:
    assert found.wrongs == [], found.tally
    assert found.kills >= kills, found.tally  # a run that killed few proves nothing
    assert len(found.verdict["states"]) == publications
    assert found.verdict["counts"]["published"] >= publications / 2, found.verdict["counts"]
    assert found.tally["repeated"] > 0
    assert found.tally["refused 409 stale_fence"] > 0, found.tally


def killer(place: Street, killed: list[str]) -> Callable[[], None]:
    """Kills a process of the house: a web process, a worker, or the broker."""
    chance = random.Random(1)

    def kill() -> None:
        kind = ("putki-web", "putki-worker", "valkey")[len(killed) % 3]
        victims = place.house.children(kind)
        with suppress(psutil.NoSuchProcess, IndexError):
            chance.choice(victims).kill()
            killed.append(kind)

    return kill


def test_schedulers_die_and_so_does_the_house_and_nothing_is_posted_twice() -> None:
    with street(12) as place:
        killed: list[str] = []
        strike = killer(place, killed)

        def beside() -> None:
            place.let_claims_run_out()
            if len(killed) < 3:
                strike()

        found = race(place, 4, kills=4, kill=0.2, beside=every_now_and_then(beside, 0.5))

        assert_all_is_well(found, kills=4, publications=12)
        assert set(killed) == {"putki-web", "putki-worker", "valkey"}


@pytest.mark.soak
def test_twenty_schedulers_race_for_five_hundred_and_die_at_every_point() -> None:
    with street(500, tokens=20) as place:
        beside = every_now_and_then(place.let_claims_run_out, 5)

        found = race(place, 20, kills=120, kill=0.08, beside=beside)

        assert_all_is_well(found, kills=50, publications=500)
        for point in POINTS:
            assert found.tally[f"killed {point}"] > 0, found.tally


@pytest.mark.soak
def test_web_worker_and_broker_die_fifty_times() -> None:
    with street(300, tokens=8) as place:
        killed: list[str] = []

        found = race(
            place, 8, kills=30, kill=0.05, beside=every_now_and_then(killer(place, killed), 1)
        )

        assert found.wrongs == [], found.tally
        assert len(killed) + found.kills >= 50, (killed, found.tally)
