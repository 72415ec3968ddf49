"""Who may open a stream and what it begins with; how it goes on is in tests/faults."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from production.models import Assignment
from production.stream import reading
from tests.people import NOON, World

pytestmark = pytest.mark.django_db


def lines(body: bytes) -> list[dict]:
    return [json.loads(line[6:]) for line in body.split(b"\n") if line.startswith(b"data: ")]


def as_(client: Client, world: World, name: str) -> Client:
    client.force_login(getattr(world, name))
    return client


def test_nobody_gets_nothing(client: Client, world: World) -> None:
    assert client.get("/events/studio-aalto/").status_code == 401


def test_a_stranger_learns_nothing(client: Client, world: World, strangers: World) -> None:
    eve = as_(client, strangers, "eve")

    there, nowhere = eve.get("/events/studio-aalto/"), eve.get("/events/no-such-place/")

    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content
    assert eve.get("/events/rival-media/").status_code == 200


def test_a_member_gets_what_was_missed(client: Client, world: World) -> None:
    before = world.workspace.last_seq
    item = world.item()

    answer = as_(client, world, "kim").get(f"/events/studio-aalto/?since={before}")

    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"
    told = lines(answer.content)
    assert {line["subject"] for line in told} == {item.public_id}
    assert [line["seq"] for line in told] == list(range(before + 1, before + len(told) + 1))
    assert b"id: %d\n" % told[-1]["seq"] in answer.content


def test_the_number_a_browser_saw_last_wins(client: Client, world: World) -> None:
    world.item()
    world.workspace.refresh_from_db()
    last = str(world.workspace.last_seq)

    answer = as_(client, world, "kim").get(
        "/events/studio-aalto/?since=0", headers={"Last-Event-ID": last}
    )

    assert lines(answer.content) == []


@pytest.mark.parametrize("since", ["-1", "x", "٣", "1.5", "9" * 30])
def test_a_number_that_is_none_is_refused(client: Client, world: World, since: str) -> None:
    answer = as_(client, world, "kim").get("/events/studio-aalto/", {"since": since})

    assert answer.status_code == 400


@pytest.mark.parametrize("since", [10**18, 0], ids=["from the future", "too far back"])
def test_too_great_a_gap_means_begin_anew(
    client: Client, world: World, since: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_GAP", 1)
    world.item()
    world.item("Another")

    answer = as_(client, world, "kim").get(f"/events/studio-aalto/?since={since}")

    assert b"event: reset\n" in answer.content


def test_from_outside_one_sees_only_ones_own(client: Client, world: World) -> None:
    mine, other = world.item("Otto's"), world.item("Somebody else's")
    Assignment.objects.create(item=mine, user=world.otto)

    answer = as_(client, world, "otto").get("/events/studio-aalto/?since=0")

    subjects = {line["subject"] for line in lines(answer.content)}
    assert mine.public_id in subjects
    assert other.public_id not in subjects


def test_too_many_streams_are_refused(client: Client, world: World, settings) -> None:
    settings.STREAMS_PER_PERSON = 0

    answer = as_(client, world, "kim").get("/events/studio-aalto/")

    assert answer.status_code == 429
    assert answer["Retry-After"]


def test_who_left_or_signed_out_is_not_welcome(client: Client, world: World) -> None:
    as_(client, world, "kim")
    session = client.session.session_key
    listener = (world.kim.pk, world.workspace.pk, session)
    assert reading.still_welcome([listener]) == {listener}

    assert reading.still_welcome([(*listener[:2], "another")]) == set()
    seat = world.workspace.memberships.get(user=world.kim)
    seat.removed_at = NOON
    seat.save()
    assert reading.still_welcome([listener]) == set()
