"""Webhooks over the API, as n8n uses them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from production.models import WebhookDelivery, WebhookEndpoint
from production.webhooks import delivery
from tests.people import World
from tests.production.api.calls import Caller
from tests.production.api.tokens import token_of
from tests.production.webhooks.receiver import receiver, says

Browser = Callable[[str], Caller]
URL = "https://hooks.example.org/putki"


def test_n8n_asks_whether_it_is_there_and_adds_it_once(world: World) -> None:
    n8n = Caller(Client(), token_of(world.seat("ann"), "webhooks:manage"))

    before = n8n.get(f"/webhook-endpoints/?url={URL}").json()["data"]
    made = n8n.post(
        "/webhook-endpoints/", {"url": URL, "types": ["item.moved"]}, Idempotency_Key="a"
    )
    again = n8n.post(
        "/webhook-endpoints/", {"url": URL, "types": ["item.moved"]}, Idempotency_Key="a"
    )
    after = n8n.get(f"/webhook-endpoints/?url={URL}").json()["data"]
    other = n8n.get(f"/webhook-endpoints/?url={URL}2").json()["data"]

    assert (before, other) == ([], [])
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert (again.headers["Idempotent-Replayed"], again.json()["secret"]) == ("true", None)
    assert [each["id"] for each in after] == [made.json()["id"]]
    assert "secret" not in after[0]
    assert WebhookEndpoint.objects.count() == 1


def test_a_token_without_the_scope_gets_nowhere(world: World) -> None:
    reader = Caller(Client(), token_of(world.seat("ann"), "content:read", "workspace:admin"))

    answer = reader.get("/webhook-endpoints/")

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_it_is_changed_stopped_tested_and_removed(world: World, browser: Browser) -> None:
    ann = browser("ann")
    made = ann.post("/webhook-endpoints/", {"url": URL}).json()
    one = f"/webhook-endpoints/{made['id']}/"

    changed = ann.patch(one, {"types": ["item.moved"]}, If_Match='"1"')
    stale = ann.patch(one, {"types": []}, If_Match='"1"')
    stopped = ann.patch(one, {"enabled": False})
    refused = ann.post(f"{one}test/")
    started = ann.patch(one, {"enabled": True})
    rotated = ann.post(f"{one}rotate-secret/")
    removed = ann.delete(one)

    assert (changed.status_code, changed.json()["types"]) == (200, ["item.moved"])
    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    assert (stopped.json()["enabled"], stopped.json()["disabled_reason"]) == (False, "by_hand")
    assert (refused.status_code, refused.json()["refusals"][0]["code"]) == (409, "webhook_disabled")
    assert started.json()["enabled"] is True
    assert rotated.json()["secret"] != made["secret"]
    assert rotated.json()["old_secret_until"] is not None
    assert removed.status_code == 204
    assert ann.get(one).status_code == 404


def test_what_cannot_be_used_is_said_by_field(browser: Browser) -> None:
    ann = browser("ann")

    answers = {
        code: ann.post("/webhook-endpoints/", body)
        for code, body in {
            "invalid": {"url": "ftp://example.org/"},
            "credentials": {"url": "https://a:b@example.org/"},
            "required": {},
            "invalid_choice": {"url": URL, "types": ["item.exploded"]},
            "unknown_field": {"url": URL, "secret": "whsec_mine"},
        }.items()
    }

    for code, answer in answers.items():
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == code


def test_the_log_tells_each_attempt_and_one_or_many_are_sent_again(
    world: World, browser: Browser
) -> None:
    ann = browser("ann")
    with receiver() as hook:
        hook.mood = says(500, "out of order")
        made = ann.post("/webhook-endpoints/", {"url": hook.url, "types": ["item.created"]}).json()
        one = f"/webhook-endpoints/{made['id']}/"
        world.item("First")
        world.item("Second")
        delivery.run(timezone.now)
        waiting = ann.get(f"{one}deliveries/?state=pending&order=-created").json()["data"]
        hook.mood = says(200)
        delivery.run(lambda: timezone.now() + timedelta(minutes=1))
        first = ann.get(f"{one}deliveries/").json()["data"][0]

        again = ann.post(f"/webhook-deliveries/{first['id']}/replay/")
        many = ann.post(f"{one}replay/", {"since": "2020-01-01T00:00:00Z", "state": "delivered"})
        delivery.run(timezone.now)

    assert len(waiting) == 2
    assert waiting[0]["tries"][0]["status"] == 500
    assert waiting[0]["tries"][0]["excerpt"] == "out of order"
    assert again.status_code == 202
    assert (again.json()["state"], again.json()["message_id"]) == ("pending", first["message_id"])
    assert (many.status_code, many.json()) == (202, {"messages": 1})
    replayed = ann.get(f"/webhook-deliveries/{first['id']}/").json()
    assert [each["replay"] for each in replayed["tries"]] == [False, False, True]
    assert hook.ids.count(first["message_id"]) == 3
    assert WebhookDelivery.objects.filter(state="delivered").count() == 2
