"""The page of the cycle: begin one, see where it is, decide at the end of a phase."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from playbook import strategies
from production import cycles
from production.models import Channel, Cycle
from tests.people import World


@pytest.fixture
def channel(world: World) -> Channel:
    return Channel.objects.create(workspace=world.workspace, name="Reels", platform="instagram")


def test_an_owner_begins_a_cycle_and_decides(
    world: World, channel: Channel, client: Client
) -> None:
    words = dict.fromkeys(strategies.FIELDS, "As last year.")
    strategies.save(words, version=0, seat=world.seat("ann"), at=timezone.now())
    client.force_login(world.ann)
    home = f"/w/{world.workspace.slug}/cycle/"
    assert "Begin a cycle" in client.get(home).content.decode()
    today = cycles.today_in(world.workspace, timezone.now())
    sent = {
        "name": "Winter",
        "starts_on": (today - timedelta(days=12)).isoformat(),
        "template": "b2c",
        "primary": [channel.pk],
    }

    answer = client.post(f"{home}begin/", sent)

    assert answer.status_code == 302
    page = client.get(home).content.decode()
    assert "day 13 of 90" in page
    assert "decision due" in page
    extend = {"decision": "extend", "days": 7, "note": "The baseline is thin."}
    assert client.post(f"{home}phases/1/", extend).status_code == 302
    assert Cycle.objects.get().phase_ends == [21, 42, 70, 90]
    assert "The baseline is thin." in client.get(home).content.decode()
    again = client.post(f"{home}begin/", sent)
    assert "A cycle is running." in again.content.decode()
    client.post(f"{home}end/")
    assert "Earlier cycles" in client.get(home).content.decode()


def test_a_channel_has_one_role(world: World, channel: Channel, client: Client) -> None:
    client.force_login(world.ann)
    sent = {
        "name": "Winter", "starts_on": "2026-01-05", "template": "b2b",
        "primary": [channel.pk], "support": [channel.pk],
    }  # fmt: skip

    answer = client.post(f"/w/{world.workspace.slug}/cycle/begin/", sent)

    assert "either primary or for support" in answer.content.decode()
    assert not Cycle.objects.exists()


def test_others_look_or_see_nothing(
    world: World, strangers: World, channel: Channel, client: Client
) -> None:
    address = f"/w/{world.workspace.slug}/cycle/"
    for person, look, change in (
        (world.kim, 200, 403),
        (world.otto, 403, 403),
        (strangers.eve, 404, 404),
    ):
        client.force_login(person)
        assert client.get(address).status_code == look
        assert client.post(f"{address}end/").status_code == change
        assert client.get(f"{address}begin/").status_code == change
