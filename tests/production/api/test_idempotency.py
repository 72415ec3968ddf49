"""A request sent twice under one key has one effect."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from production import idempotency
from production.models import Asset, ContentItem, Event, Gate, IdempotencyRecord
from tests.people import World, make_strangers, make_world
from tests.production.api.calls import Caller
from tests.production.api.tokens import token_of

Browser = Callable[[str], Caller]
KEY = {"Idempotency_Key": "f3b9-1"}


def test_the_same_key_gets_the_same_answer_and_no_second_effect(
    world: World, browser: Browser
) -> None:
    ben = browser("ben")

    first = ben.post("/items/", {"title": "Once"}, **KEY)
    second = ben.post("/items/", {"title": "Once"}, **KEY)

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert first["ETag"] == second["ETag"]
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert ContentItem.objects.filter(title="Once").count() == 1
    assert Event.objects.filter(type="item.created").count() == 1


def test_spelling_the_same_body_differently_is_the_same_request(
    world: World, browser: Browser
) -> None:
    ben = browser("ben")

    ben.post("/items/", '{"title": "Once", "cta": "Save"}', **KEY)
    again = ben.post("/items/", '{ "cta":"Save",\n"title":"Once" }', **KEY)

    assert again["Idempotent-Replayed"] == "true"


def test_another_body_under_the_key_is_refused(world: World, browser: Browser) -> None:
    ben = browser("ben")
    ben.post("/items/", {"title": "Once"}, **KEY)

    other = ben.post("/items/", {"title": "Twice"}, **KEY)

    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert ContentItem.objects.count() == 1


def test_another_file_of_the_same_name_and_size_is_another_body(
    world: World, browser: Browser
) -> None:
    ben, item = browser("ben"), world.item()

    def send(content: bytes) -> Any:
        return ben.client.post(
            f"/api/v1/items/{item.public_id}/assets/",
            {"file": SimpleUploadedFile("notes.txt", content), "role": "raw"},
            headers=ben.headers | {"Idempotency-Key": "file-1"},
        )

    first, same, other = send(b"one"), send(b"one"), send(b"two")

    assert first.status_code == 201
    assert same.content == first.content
    assert other.status_code == 422
    assert Asset.objects.get().bytes == 3


def test_a_key_belongs_to_one_address_one_caller_and_one_workspace(
    world: World, browser: Browser
) -> None:
    make_strangers()
    item = world.item()
    ben, ann = browser("ben"), browser("ann")
    ben.post("/items/", {"title": "Once"}, **KEY)

    anns = ann.post("/items/", {"title": "Once"}, **KEY)
    elsewhere = ben.post(f"/items/{item.public_id}/archive/", **KEY)

    assert "Idempotent-Replayed" not in anns
    assert anns.status_code == 201
    assert elsewhere.status_code == 200
    assert "Idempotent-Replayed" not in elsewhere


@pytest.mark.parametrize("key", ["", "x" * 256, "ä", "a\tb"])
def test_a_bad_key_is_said(world: World, browser: Browser, key: str) -> None:
    answer = browser("ben").post("/items/", {"title": "No"}, Idempotency_Key=key)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_key"
    assert not ContentItem.objects.exists()


def test_what_was_invalid_stays_so_and_what_was_refused_is_tried_anew(
    world: World, browser: Browser
) -> None:
    ben, item = browser("ben"), world.item(stage="script")
    gate = Gate.objects.create(
        workspace=world.workspace, stage=world.stages["edit"], label="Shots are in"
    )
    move = (f"/items/{item.public_id}/move/", {"stage": world.stages["edit"].public_id})

    invalid = [ben.post("/items/", {"title": ""}, **KEY) for _ in range(2)]
    refused = ben.post(*move, **KEY)
    ben.post(f"/items/{item.public_id}/gates/{gate.public_id}/tick/", {"evidence": "seen"})
    moved = ben.post(*move, **KEY)

    assert [each.status_code for each in invalid] == [400, 400]
    assert invalid[1]["Idempotent-Replayed"] == "true"
    assert refused.status_code == 409
    assert moved.status_code == 200
    assert "Idempotent-Replayed" not in moved


def test_a_secret_is_shown_once_and_kept_nowhere(world: World, browser: Browser) -> None:
    body = {"name": "n8n", "scopes": ["content:read"]}

    first = browser("ann").post("/tokens/", body, **KEY)
    second = browser("ann").post("/tokens/", body, **KEY)

    plain = first.json()["token"]
    assert plain.startswith("putki_")
    assert second.json() == first.json() | {"token": None}
    assert not IdempotencyRecord.objects.filter(body__contains=plain).exists()


def test_old_answers_are_forgotten_after_three_days(world: World, browser: Browser) -> None:
    browser("ben").post("/items/", {"title": "Once"}, **KEY)
    now = timezone.now()

    kept = idempotency.forget(at=now + timedelta(hours=71))
    dropped = idempotency.forget(at=now + timedelta(hours=73))

    assert (kept, dropped) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_twins_at_the_same_moment_have_one_effect() -> None:
    world = make_world()
    headers = token_of(world.seat("ben"), "content:write") | {"Idempotency-Key": "twin"}
    together = Barrier(8)

    def send(_number: int) -> Any:
        caller = Caller(Client(), headers)
        together.wait()
        try:
            return caller.post("/items/", {"title": "Once"})
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    made = [each for each in answers if each.status_code == 201]
    waiting = [each for each in answers if each.status_code in (409, 503)]
    assert len(made) >= 1
    assert len(made) + len(waiting) == 8
    assert len({each.content for each in made}) == 1
    assert sum("Idempotent-Replayed" not in each for each in made) == 1
    assert ContentItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_key_the_same_twins_have_as_many_effects_as_there_are() -> None:
    world = make_world()
    headers = token_of(world.seat("ben"), "content:write")

    def send(_number: int) -> int:
        try:
            return Caller(Client(), headers).post("/items/", {"title": "Each"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))

    assert ContentItem.objects.count() == answers.count(201) > 1
