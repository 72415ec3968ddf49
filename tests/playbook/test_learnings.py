"""Learnings go from the card that taught them to the cards that use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from playbook import learnings
from playbook.models import Learning, LearningUse
from production.errors import NotAllowed
from production.models import Event
from tests.people import World


def test_a_learning_is_noted_and_applied_once(world: World, client: Client) -> None:
    source, target = world.item("Source"), world.item("Target")
    page = f"/w/{world.workspace.slug}/learnings/"
    client.force_login(world.ben)

    client.post(page + "note/", {"text": "Begin with the result.", "card": source.key})
    refused = client.post(page + "note/", {"text": "Kept as typed.", "card": "NO-1"})
    assert refused.status_code == 422 and "Kept as typed." in refused.content.decode()
    row = Learning.objects.get()
    for card in (target.key, target.key, source.key, "NO-1"):
        client.post(f"{page}{row.public_id}/apply/", {"card": card})

    assert LearningUse.objects.get().item == target
    assert Event.objects.get(type="learning.noted").data == {"card": source.key}
    assert Event.objects.get(type="learning.applied").data == {"card": target.key}
    now = timezone.now()
    assert learnings.applied_in_week(world.workspace, until=now) == 1
    assert learnings.applied_in_week(world.workspace, until=now + timedelta(days=8)) == 0
    assert "Begin with the result." in client.get(page).content.decode()
    world.ben.language = "fi"
    world.ben.save()
    assert "<h1>Opit</h1>" in client.get(page).content.decode()


def test_who_only_looks_writes_none_and_strangers_see_none(
    world: World, strangers: World, client: Client
) -> None:
    with pytest.raises(NotAllowed):
        learnings.note(world.item("Card"), "No.", seat=world.seat("kim"), at=timezone.now())
    assert not Learning.objects.exists()

    client.force_login(strangers.eve)
    assert client.get(f"/w/{world.workspace.slug}/learnings/").status_code == 404
