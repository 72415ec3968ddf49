"""The page that says what is automated is written from what is really set up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from production import automation, tokens
from production.models import ApiToken, Channel, Membership
from production.webhooks import endpoints
from tests.people import World


@pytest.fixture
def set_up(world: World) -> None:
    now, ann = timezone.now(), world.seat("ann")
    scopes = ("publications:read", "publications:lease")
    tokens.create(seat=ann, name="n8n", scopes=scopes, at=now)
    tokens.create(seat=ann, name="Sheets", scopes=("content:read",), at=now)
    gone, _plain = tokens.create(seat=ann, name="Gone", scopes=scopes, at=now)
    tokens.revoke(gone, seat=ann, at=now)
    tokens.create(
        seat=ann, name="Late", scopes=scopes, at=now, expires_at=now + timedelta(seconds=1)
    )
    ApiToken.objects.filter(name="Late").update(expires_at=now - timedelta(days=1))
    ApiToken.objects.filter(name="n8n").update(
        channels=[Channel.objects.get(workspace=world.workspace).public_id]
    )
    endpoints.add(
        "https://hooks.example.org/secret-path", types=["publication.ready"], seat=ann, at=now
    )


def test_only_keys_that_open_something_are_told_with_scopes_and_channels(
    world: World, set_up: None
) -> None:
    policy = automation.policy_of(world.workspace, timezone.now())

    told = {each.token.name: (each.may_publish, each.channels) for each in policy.programs}
    assert told == {"n8n": (True, ("TikTok",)), "Sheets": (False, ())}
    assert [(each.host, each.types) for each in policy.receivers] == [
        ("hooks.example.org", ("publication.ready",))
    ]
    assert policy.digests == 5


def test_a_key_of_somebody_who_left_is_none(world: World, set_up: None) -> None:
    Membership.objects.filter(user=world.ann).update(removed_at=timezone.now())

    assert automation.policy_of(world.workspace, timezone.now()).programs == []


def test_the_team_reads_it_and_no_secret_is_on_it(
    world: World, strangers: World, set_up: None, client: Client
) -> None:
    client.force_login(world.kim)
    page = client.get("/w/studio-aalto/settings/automation/")
    text = page.content.decode()

    assert page.status_code == 200
    assert "claim what is ready to be published" in text and "Claims on: TikTok" in text
    assert "a publication is ready to go out" in text
    assert "secret-path" not in text and "putki_" not in text
    client.force_login(world.otto)
    assert client.get("/w/studio-aalto/settings/automation/").status_code == 403
    client.force_login(strangers.eve)
    assert client.get("/w/studio-aalto/settings/automation/").status_code == 404


def test_the_same_is_told_by_the_api(world: World, set_up: None, client: Client) -> None:
    channel = Channel.objects.get(workspace=world.workspace).public_id
    client.force_login(world.kim)
    told = client.get("/api/v1/automation-policy/", headers={"Putki-Workspace": "studio-aalto"})

    assert told.status_code == 200, told.content
    said = told.json()
    assert {
        each["name"]: (each["publishes"], each["channels"], each["scopes"])
        for each in said["programs"]
    } == {
        "n8n": (True, [channel], ["publications:read", "publications:lease"]),
        "Sheets": (False, [], ["content:read"]),
    }
    assert [each["host"] for each in said["receivers"]] == ["hooks.example.org"]
    assert {each["person"] for each in said["programs"]} == {world.ann.public_id}
    assert said["min_reviewers"] == 1 and said["daily_digests"] == 5
    assert b"secret-path" not in told.content
