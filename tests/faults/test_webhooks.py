"""Webhooks by the whole product: its own worker and clock, which are killed."""

from __future__ import annotations

from time import monotonic, sleep

from tests.faults.test_jobs import count
from tests.house import House
from tests.production.webhooks.receiver import receiver, says, stays_silent

WORLD = """
from django.utils import timezone
from production import items
from production.webhooks import endpoints
from tests.people import make_world
world = make_world()
now = timezone.now()
endpoints.add("{url}", seat=world.seat("ann"), at=now, types=["item.created", "item.edited"])
item = items.create(world.board, title="First", seat=world.seat("ben"), at=now)
for title in ("Second", "Third"):
    items.edit(item, {{"title": title}}, by=world.ben, at=now)
"""
DONE = "production_webhookdelivery WHERE state = 'delivered'"


def test_a_message_survives_the_death_of_its_worker(house: House) -> None:
    house.environment["WEBHOOK_ALLOW_PRIVATE"] = "true"
    with receiver() as hook:
        hook.mood = stays_silent()
        house.start().python(WORLD.format(url=hook.url))
        until = monotonic() + 60
        while not hook.got:
            assert monotonic() < until, house.log()
            sleep(0.05)

        for worker in house.children("putki-worker"):
            worker.kill()
        hook.mood = says(200)
        killed = monotonic()
        while count(house, DONE) < 3:
            assert monotonic() < killed + 90, house.log()
            sleep(0.2)

        numbers = [got.message["data"]["subject_seq"] for got in hook.got]
        assert numbers == [1, 1, 2, 3]
        assert len(set(hook.ids)) == 3
        assert hook.got[0].body == hook.got[1].body
        assert monotonic() - killed < 60
    assert count(house, "production_webhookdelivery") == 3
    assert count(house, "production_webhookattempt WHERE error = 'interrupted'") == 1
