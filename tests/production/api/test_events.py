"""The feed of changes: nothing missed, nothing twice."""

from __future__ import annotations

from collections.abc import Callable

from tests.people import World
from tests.production.api.calls import Caller

Browser = Callable[[str], Caller]


def test_a_reader_that_keeps_its_cursor_misses_nothing(world: World, browser: Browser) -> None:
    ann, seen, cursor = browser("ann"), [], "evt_000000000000"

    for _round in range(4):
        for number in range(3):
            world.item(f"item {number}")
        more = True
        while more:
            page = ann.get(f"/events/?limit=2&cursor={cursor}").json()
            seen += [event["id"] for event in page["data"]]
            cursor, more = page["next_cursor"], page["has_more"]

    assert seen == [f"evt_{seq:012d}" for seq in range(1, 13)]


def test_the_newest_come_first_when_asked_for(world: World, browser: Browser) -> None:
    for number in range(5):
        world.item(f"item {number}")
    ann = browser("ann")

    first = ann.get("/events/?order=desc&limit=2").json()
    second = ann.get(f"/events/?order=desc&limit=2&cursor={first['next_cursor']}").json()

    ids = [event["id"] for event in first["data"] + second["data"]]
    assert ids == [f"evt_{seq:012d}" for seq in (5, 4, 3, 2)]


def test_only_the_types_and_the_subject_asked_for(world: World, browser: Browser) -> None:
    item, ben = world.item("moved"), browser("ben")
    world.item("other")
    ben.post(f"/items/{item.public_id}/move/", {"stage": world.stages["script"].public_id})

    moves = ben.get("/events/?types=item.moved").json()["data"]
    own = ben.get(f"/events/?subject={item.public_id}").json()["data"]
    history = ben.get(f"/items/{item.public_id}/history/").json()["data"]

    assert [event["type"] for event in moves] == ["item.moved"]
    assert [event["type"] for event in own] == ["item.created", "item.moved"]
    assert history == own
    assert moves[0]["actor"] == {"id": world.ben.public_id, "name": "Ben Laine"}
    assert moves[0]["source"] == "api"


def test_an_event_names_the_request_that_made_it(world: World, browser: Browser) -> None:
    ben = browser("ben")

    made = ben.post("/items/", {"title": "One"}, X_Request_Id="my-own-request-7")

    assert made["X-Request-Id"] == "my-own-request-7"
    assert ben.get("/events/").json()["data"][0]["request_id"] == "my-own-request-7"
