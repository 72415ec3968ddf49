"""How often one may call, told in every answer; counted by a real broker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from production import limits
from production.doorbell import Breaker
from tests.people import World
from tests.production.api.calls import Caller
from tests.production.api.tokens import token_of

Browser = Callable[[str], Caller]


@pytest.fixture
def counted(valkey: str, settings: Any, monkeypatch: Any) -> Any:
    """Small limits, and a clock that stands at the beginning of a minute."""
    settings.API_READS_PER_MINUTE, settings.API_WRITES_PER_MINUTE = 5, 2
    monkeypatch.setattr(limits, "_breaker", Breaker())
    clock = {"now": 6_000_000.0}
    monkeypatch.setattr(limits, "time", lambda: clock["now"])
    return clock


def test_reads_and_writes_are_counted_apart_and_told(
    world: World, browser: Browser, counted: Any
) -> None:
    ben = browser("ben")

    reads = [ben.get("/me/") for _ in range(6)]
    write = ben.post("/items/", {"title": "One"})

    assert [answer.status_code for answer in reads] == [200] * 5 + [429]
    assert reads[0]["RateLimit-Policy"] == '"reads";q=5;w=60'
    assert reads[0]["RateLimit"].startswith('"reads";r=4;')
    assert reads[5]["Content-Type"] == "application/problem+json"
    assert reads[5].json()["code"] == "rate_limited"
    assert 0 < int(reads[5]["Retry-After"]) <= 120
    assert write.status_code == 201
    assert write["RateLimit"].startswith('"writes";r=1;')


def test_after_the_time_told_there_is_room_again(
    world: World, browser: Browser, counted: Any
) -> None:
    ben = browser("ben")
    while (answer := ben.get("/me/")).status_code == 200:
        pass

    counted["now"] += int(answer["Retry-After"])

    assert ben.get("/me/").status_code == 200


def test_no_minute_wherever_it_begins_has_more_than_the_limit(
    world: World, browser: Browser, counted: Any, settings: Any
) -> None:
    settings.API_READS_PER_MINUTE = 60
    ben, allowed = browser("ben"), []

    for _second in range(0, 180, 2):
        counted["now"] += 2
        allowed += [counted["now"] for _ in range(4) if ben.get("/me/").status_code == 200]

    fullest = max(sum(at <= each < at + 60 for each in allowed) for at in allowed)
    assert fullest <= 60 * 1.2
    assert len(allowed) >= 60 * 2.5


def test_one_callers_limit_is_nobody_elses(world: World, browser: Browser, counted: Any) -> None:
    program = Caller(Client(), token_of(world.seat("ben")))
    for _ in range(6):
        last = program.get("/me/")

    assert last.status_code == 429
    assert browser("ben").get("/me/").status_code == 200
    assert Caller(Client(), token_of(world.seat("ben"))).get("/me/").status_code == 200


def test_what_has_not_changed_costs_nothing(world: World, browser: Browser, counted: Any) -> None:
    ben, path = browser("ben"), f"/items/{world.item().public_id}/"
    tag = ben.get(path)["ETag"]

    answers = [ben.get(path, If_None_Match=tag).status_code for _ in range(20)]

    assert answers == [304] * 20


def test_without_a_broker_nobody_is_counted(world: World, browser: Browser, settings: Any) -> None:
    settings.API_READS_PER_MINUTE = 1

    answers = [browser("ben").get("/me/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[0]
