"""The pages of webhooks: what an owner sees and does there, and that nobody else does."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production.models import Event, WebhookDelivery, WebhookEndpoint
from production.webhooks import delivery, endpoints
from tests.people import NOON, World
from tests.production.webhooks.receiver import Receiver, says

SLUG = "studio-aalto"


@pytest.fixture
def ann(world: World, client: Client) -> Client:
    client.force_login(world.ann)
    return client


@pytest.fixture
def endpoint(world: World, hook: Receiver) -> WebhookEndpoint:
    return endpoints.add(hook.url, seat=world.seat("ann"), at=NOON, types=["item.created"])[0]


def page(name: str, *more: str) -> str:
    return reverse(f"settings-webhook{name}", args=[SLUG, *more])


def test_ann_adds_one_and_sees_its_secret_once(ann: Client, world: World) -> None:
    empty = ann.get(page("s")).content.decode()
    wish = {"url": "https://hooks.example.org/n8n", "types": ["item.moved"]}

    added = ann.post(page("s"), wish).content.decode()
    later = ann.get(page("s")).content.decode()

    endpoint = WebhookEndpoint.objects.get()
    (secret,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]{44}", added))
    assert "None yet" in empty
    assert secret not in later
    assert "hooks.example.org" in later
    assert endpoint.types == ["item.moved"]
    assert secret not in str(list(Event.objects.values("data")))


def test_a_bad_address_is_said_beside_the_field(ann: Client) -> None:
    answer = ann.post(page("s"), {"url": "https://ann:secret@example.org/"})

    assert "Leave the user name and the password out" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_test_is_sent_and_stands_in_the_log(
    ann: Client, endpoint: WebhookEndpoint, hook: Receiver
) -> None:
    before = ann.get(page("", endpoint.public_id)).content.decode()
    answer = ann.post(page("-test", endpoint.public_id), follow=True).content.decode()
    delivery.run(timezone.now)
    log = ann.get(page("-log", endpoint.public_id)).content.decode()

    assert "Nothing was sent yet" in before
    assert "on its way" in answer
    assert 'hx-trigger="every 2s"' in answer
    assert hook.types == ["webhook.test"]
    assert "answered 200" in log
    assert "hx-trigger" not in log


def test_what_failed_is_found_and_sent_again(
    ann: Client, endpoint: WebhookEndpoint, hook: Receiver, world: World
) -> None:
    hook.mood = says(500, "<script>alert(1)</script>")
    world.item("First")
    world.item("Second")
    delivery.run(lambda: NOON)
    WebhookDelivery.objects.update(state="dead", done_at=NOON)
    address = page("", endpoint.public_id)
    dead = ann.get(f"{address}?state=dead").content.decode()
    none = ann.get(f"{address}?state=delivered").content.decode()
    newest = WebhookDelivery.objects.latest("id")

    ann.post(page("-replay", endpoint.public_id), {"one": newest.public_id})
    one = WebhookDelivery.objects.filter(state="pending").count()
    ann.post(page("-replay", endpoint.public_id), {"since": newest.public_id})
    since = WebhookDelivery.objects.filter(state="pending").count()
    ann.post(page("-replay", endpoint.public_id))
    all_dead = WebhookDelivery.objects.filter(state="pending").count()

    assert "answered 500" in dead
    assert "&lt;script&gt;" in dead and "<script>alert" not in dead
    assert "None of these" in none
    assert (one, since, all_dead) == (1, 1, 2)


def test_stopping_rotating_changing_and_removing(
    ann: Client, endpoint: WebhookEndpoint, world: World
) -> None:
    ann.post(page("-switch", endpoint.public_id), {"to": "off"})
    stopped = ann.get(page("", endpoint.public_id)).content.decode()
    refused = ann.post(page("-test", endpoint.public_id), follow=True).content.decode()
    ann.post(page("-switch", endpoint.public_id), {"to": "on"})
    rotated = ann.post(page("-rotate", endpoint.public_id)).content.decode()
    ann.post(
        page("", endpoint.public_id),
        {"url": endpoint.url, "description": "n8n", "types": ["item.moved"]},
    )
    endpoint.refresh_from_db()
    gone = ann.post(page("-remove", endpoint.public_id), follow=True).content.decode()

    assert "Stopped by hand" in stopped
    assert "Start the webhook first" in refused
    assert "whsec_" in rotated
    assert (endpoint.description, endpoint.types) == ("n8n", ["item.moved"])
    assert endpoint.disabled_at is None
    assert "Nothing is sent there any more" in gone
    types = list(Event.objects.filter(type__startswith="webhook.").values_list("type", flat=True))
    assert sorted(types) == [
        "webhook.added", "webhook.changed", "webhook.disabled", "webhook.enabled",
        "webhook.removed", "webhook.secret_rotated",
    ]  # fmt: skip


def test_types_that_the_page_has_no_words_for_survive_it(
    ann: Client, world: World, hook: Receiver
) -> None:
    endpoint, _secret = endpoints.add(
        hook.url, seat=world.seat("ann"), at=NOON, types=["gate.ticked"]
    )

    shown = ann.get(page("", endpoint.public_id)).content.decode()
    ann.post(page("", endpoint.public_id), {"url": endpoint.url, "types": ["gate.ticked"]})

    endpoint.refresh_from_db()
    assert 'value="gate.ticked"' in shown
    assert endpoint.types == ["gate.ticked"]


@pytest.mark.parametrize(
    ("name", "status"), [("ben", 403), ("vera", 403), ("kim", 403), ("otto", 403), ("eve", 404)]
)
def test_nobody_else_gets_near_it(
    name: str,
    status: int,
    client: Client,
    world: World,
    strangers: World,
    endpoint: WebhookEndpoint,
) -> None:
    client.force_login(strangers.eve if name == "eve" else getattr(world, name))

    pages = [client.get(page(each, endpoint.public_id)) for each in ("", "-log")]
    posts = [
        client.post(page(each, endpoint.public_id))
        for each in ("-test", "-rotate", "-switch", "-remove", "-replay")
    ]

    assert {answer.status_code for answer in (*pages, *posts)} == {status}
    endpoint.refresh_from_db()
    assert (endpoint.version, endpoint.removed_at) == (1, None)


def test_an_owner_elsewhere_is_told_that_there_is_nothing(
    client: Client, world: World, strangers: World, endpoint: WebhookEndpoint
) -> None:
    client.force_login(strangers.eve)

    answer = client.get(reverse("settings-webhook", args=["rival-media", endpoint.public_id]))

    assert answer.status_code == 404
