"""Two workers at once: every message goes out once, and each card's in order."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import timedelta
from threading import Lock, Thread
from typing import Any

import pytest
from django.db import connection

from production import items
from production.models import Event, WebhookAttempt, WebhookDelivery
from production.webhooks import delivery, endpoints
from tests.people import NOON, World
from tests.production.webhooks.receiver import Got, Receiver, says

CARDS, EDITS = 4, 6


def work_side_by_side(at: Any, workers: int = 2) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            delivery.run(lambda: at)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


class Ledger:
    """What the receiver took, in its own order; it refuses a third of what comes."""

    def __init__(self, seed: int, share: float = 0.3) -> None:
        self.taken: dict[str, list[int]] = defaultdict(list)
        self.ids: Counter[str] = Counter()
        self.refused = 0
        self.lock, self.random, self.share = Lock(), random.Random(seed), share

    def __call__(self, got: Got, connection: Any) -> None:
        data = got.message["data"]
        with self.lock:
            is_refused = self.random.random() < self.share
            if is_refused:
                self.refused += 1
            else:
                self.taken[data["subject"]].append(data["subject_seq"])
                self.ids[got.id] += 1
        says(self.random.choice([500, 503, 429]) if is_refused else 200)(got, connection)


def fill(world: World) -> None:
    cards = [world.item(f"Card {number}") for number in range(CARDS)]
    for edit in range(EDITS):
        for card in cards:
            items.edit(card, {"title": f"{card.number}, edit {edit}"}, by=world.ben, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_doubled_or_overtaken(world: World, hook: Receiver) -> None:
    endpoints.add(hook.url, seat=world.seat("ann"), at=NOON)
    fill(world)
    hook.mood = ledger = Ledger(seed=7)
    at, until = NOON, NOON + timedelta(days=4)

    while at < until:
        work_side_by_side(at)
        later = WebhookDelivery.objects.filter(state="pending", next_at__gt=at)
        if not later.exists():
            break
        at = later.earliest("next_at").next_at

    assert ledger.refused > 3
    assert len(ledger.taken) == CARDS
    for taken in ledger.taken.values():
        assert taken == list(range(1, EDITS + 2))
    assert set(ledger.ids.values()) == {1}
    events = Event.objects.exclude(type__startswith="webhook.").count()
    assert len(ledger.ids) == WebhookDelivery.objects.count() == events
    tries = WebhookAttempt.objects.count()
    assert tries == sum(ledger.ids.values()) + ledger.refused == len(hook.got)


@pytest.mark.django_db(transaction=True)
def test_without_the_rule_of_the_head_the_test_above_would_notice(
    world: World, hook: Receiver, settings: Any
) -> None:
    settings.FAULT_POINTS = ["no-webhook-order"]
    endpoints.add(hook.url, seat=world.seat("ann"), at=NOON)
    fill(world)
    hook.mood = ledger = Ledger(seed=7)

    for step in range(4):
        work_side_by_side(NOON + timedelta(hours=step))

    assert any(taken != sorted(taken) for taken in ledger.taken.values())


@pytest.mark.django_db(transaction=True)
def test_a_sick_receiver_delays_no_other(world: World, hook: Receiver) -> None:
    """The healthy one has everything long before the silent one has timed out once."""
    from_ann = world.seat("ann")
    endpoints.add(f"{hook.url}/silent", seat=from_ann, at=NOON)
    endpoints.add(f"{hook.url}/well", seat=from_ann, at=NOON)
    order: list[str] = []

    def moody(got: Got, connection: Any) -> None:
        if got.path.endswith("silent"):
            connection.settimeout(30)
            connection.recv(1)
        order.append(got.path.rpartition("/")[2])
        says(200)(got, connection)

    hook.mood = moody
    fill(world)

    told = delivery.run(lambda: NOON, seconds=3)

    count = Event.objects.exclude(type__startswith="webhook.").count()
    assert told["delivered"] == count
    assert told["failed"] >= 1
    assert order[:count] == ["well"] * count
