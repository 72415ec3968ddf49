"""The verbs of an owner: state, event and refusal; and what is kept of a secret."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from production import purge
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import Event, WebhookDelivery, WebhookEndpoint
from production.sealing import Unreadable, seal, unseal
from production.webhooks import delivery, endpoints
from tests.people import NOON, World
from tests.production.webhooks.receiver import Receiver

URL = "https://hooks.example.org/in/T0KEN?key=hidden"
DAY = timedelta(days=1)


def add(world: World, url: str = URL, **more: Any) -> tuple[WebhookEndpoint, str]:
    return endpoints.add(url, seat=world.seat("ann"), at=NOON, **more)


def test_a_secret_is_random_sealed_and_shown_once(world: World) -> None:
    endpoint, secret = add(world)
    _other, another = add(world, "https://b.example.org/")

    stored = WebhookEndpoint.objects.get(pk=endpoint.pk)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret != another
    assert secret not in stored.secret
    assert secret.removeprefix("whsec_") not in stored.secret
    assert endpoints.secrets_of(stored, at=NOON) == [secret]


def test_the_log_tells_the_host_and_not_the_address(world: World) -> None:
    endpoint, secret = add(world, types=["item.moved"])
    endpoints.change(endpoint, {"url": f"{URL}&more=1"}, seat=world.seat("ann"), at=NOON)

    said = str(list(Event.objects.values_list("data", flat=True)))
    assert "hooks.example.org" in said
    assert "T0KEN" not in said and "hidden" not in said and secret not in said
    event = Event.objects.get(type="webhook.added")
    assert (event.subject, event.actor) == (world.workspace.public_id, world.ann)
    assert event.data["types"] == ["item.moved"]


def test_a_former_secret_key_still_opens_and_the_night_seals_anew(
    world: World, settings: Any
) -> None:
    former = settings.SECRET_KEY
    endpoint, secret = add(world)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [former]
    still = endpoints.secrets_of(endpoint, at=NOON)

    purge.purge(at=NOON)

    settings.SECRET_KEY_FALLBACKS = []
    endpoint.refresh_from_db()
    assert still == endpoints.secrets_of(endpoint, at=NOON) == [secret]


def test_a_secret_that_nobody_can_read_any_more_is_said_in_the_log(
    world: World, hook: Receiver, settings: Any
) -> None:
    add(world, hook.url, types=["item.created"])
    sealed = seal("x")
    world.item()
    settings.SECRET_KEY = "n" * 60

    delivery.run(lambda: NOON)

    assert WebhookDelivery.objects.get().tries.get().error == "secret_unreadable"
    assert hook.got == []
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_the_former_secret_is_forgotten_after_its_day(world: World) -> None:
    endpoint, _secret = add(world)
    endpoints.rotate(endpoint, seat=world.seat("ann"), at=NOON)
    endpoint.refresh_from_db()
    before = len(endpoints.secrets_of(endpoint, at=NOON + DAY - timedelta(seconds=1)))

    purge.purge(at=NOON + DAY)

    endpoint.refresh_from_db()
    assert before == 2
    assert (endpoint.old_secret, endpoint.old_secret_until) == ("", None)


def test_what_was_done_with_thirty_days_ago_is_purged_and_what_waits_stays(
    world: World, hook: Receiver
) -> None:
    add(world, hook.url, types=["item.created"])
    world.item("Old")
    delivery.run(lambda: NOON)
    world.item("Waiting")
    delivery.outbox.fill(at=NOON)

    purge.purge(at=NOON + 31 * DAY)

    assert [each.state for each in WebhookDelivery.objects.all()] == ["pending"]


def test_the_same_address_twice_is_refused_until_the_first_is_removed(world: World) -> None:
    endpoint, _secret = add(world)
    with pytest.raises(Invalid) as refused:
        add(world)

    endpoints.remove(endpoint, seat=world.seat("ann"), at=NOON)
    again, _secret = add(world)

    assert refused.value.errors["url"][0][0] == "taken"
    assert again.pk != endpoint.pk
    endpoint.refresh_from_db()
    assert (endpoint.secret, endpoint.old_secret) == ("", "")


def test_what_happened_before_is_not_told(world: World, hook: Receiver) -> None:
    world.item("Before")
    add(world, hook.url)
    after = world.item("After")

    delivery.run(lambda: NOON)

    assert [got.message["data"]["subject"] for got in hook.got] == [after.public_id]


def test_a_removed_or_stopped_one_is_sent_nothing(world: World, hook: Receiver) -> None:
    ann = world.seat("ann")
    removed, _secret = add(world, hook.url)
    stopped, _secret = add(world, f"{hook.url}?2")
    world.item()
    delivery.outbox.fill(at=NOON)

    endpoints.remove(removed, seat=ann, at=NOON)
    endpoints.disable(stopped, seat=ann, at=NOON)
    delivery.run(lambda: NOON)
    silent = list(hook.got)
    endpoints.enable(stopped, seat=ann, at=NOON)
    delivery.run(lambda: NOON)

    assert silent == []
    assert [got.path for got in hook.got] == ["/hook?2"]


def test_unknown_types_and_too_many_endpoints_are_refused(world: World) -> None:
    with pytest.raises(Invalid) as unknown:
        add(world, types=["item.exploded"])
    for number in range(endpoints.MOST):
        add(world, f"https://h{number}.example.org/")
    with pytest.raises(Refused) as full:
        add(world)

    assert unknown.value.errors["types"][0][0] == "unknown_type"
    assert full.value.refusals[0].code == "limit_reached"


def test_who_saw_an_older_version_changes_nothing(world: World) -> None:
    endpoint, _secret = add(world)
    ann = world.seat("ann")
    endpoints.change(endpoint, {"description": "n8n"}, seat=ann, at=NOON, version=1)

    with pytest.raises(Stale):
        endpoints.change(endpoint, {"description": "Make"}, seat=ann, at=NOON, version=1)

    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.version) == ("n8n", 2)


@pytest.mark.parametrize("name", ["ben", "vera", "kim", "otto"])
def test_only_owners(world: World, name: str) -> None:
    endpoint, _secret = add(world)
    seat, before = world.seat(name), Event.objects.count()

    for verb in ("remove", "rotate", "test", "enable", "disable"):
        with pytest.raises(NotAllowed):
            getattr(endpoints, verb)(endpoint, seat=seat, at=NOON)
    with pytest.raises(NotAllowed):
        endpoints.add("https://b.example.org/", seat=seat, at=NOON)
    with pytest.raises(NotAllowed):
        endpoints.change(endpoint, {"description": "x"}, seat=seat, at=NOON)
    with pytest.raises(NotAllowed):
        endpoints.replay(endpoint, WebhookDelivery.objects.all(), seat=seat, at=NOON)

    assert Event.objects.count() == before
