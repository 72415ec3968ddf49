"""Keys for programs: what they open, and when they cease to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from production import members, tokens
from production.models import ApiToken, Membership
from tests.people import World
from tests.production.api.calls import Caller
from tests.production.api.tokens import token_of

Browser = Callable[[str], Caller]


def test_a_token_needs_the_scope_whatever_its_role(world: World) -> None:
    reader = Caller(Client(), token_of(world.seat("ann"), "content:read"))
    writer = Caller(Client(), token_of(world.seat("ann"), "content:write"))

    refused = reader.post("/items/", {"title": "No"})
    made = writer.post("/items/", {"title": "Yes"})

    assert refused.status_code == 403
    assert refused.json()["code"] == "scope_missing"
    assert refused.json()["scope"] == "content:write"
    assert made.status_code == 201


def test_a_key_is_one_query_its_name_another_and_it_says_what_it_may(
    world: World, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    program = Caller(Client(), token_of(world.seat("ben"), "content:read"))
    program.get("/me/")  # notes its use, once a minute

    with django_assert_num_queries(2):
        me = program.get("/me/")

    assert me.json()["scopes"] == ["content:read"]
    assert me.json()["role"] == "creator"
    assert me.json()["workspace"]["slug"] == world.workspace.slug


def test_a_revoked_key_opens_nothing_from_the_next_request_on(
    world: World, browser: Browser
) -> None:
    ann = browser("ann")
    made = ann.post("/tokens/", {"name": "n8n", "scopes": ["content:read"]}).json()
    program = Caller(Client(), {"Authorization": f"Bearer {made['token']}"})
    before = program.get("/me/")

    revoked = ann.delete(f"/tokens/{made['id']}/")

    assert before.status_code == 200
    assert revoked.status_code == 204
    assert program.get("/me/").status_code == 401


def test_a_key_ends_with_its_time_and_with_its_owners_seat(world: World) -> None:
    headers = token_of(world.seat("ben"), "content:read")
    program = Caller(Client(), headers)
    late = ApiToken.objects.create(
        workspace=world.workspace,
        user=world.ben,
        name="late",
        digest="0" * 64,
        scopes=["content:read"],
        created_at=timezone.now(),
        expires_at=timezone.now() - timedelta(seconds=1),
    )
    before = program.get("/me/").status_code

    ben = Membership.objects.get(user=world.ben)
    members.remove(ben, seat=world.seat("ann"), at=timezone.now())

    assert before == 200
    assert program.get("/me/").status_code == 401
    assert not late.is_valid(timezone.now())


def test_a_key_hands_on_no_scope_that_it_does_not_have(world: World) -> None:
    program = Caller(Client(), token_of(world.seat("ann"), "content:read", "workspace:admin"))

    more = program.post("/tokens/", {"name": "more", "scopes": ["content:write"]})
    same = program.post("/tokens/", {"name": "same", "scopes": ["content:read"]})

    assert more.status_code == 403
    assert same.status_code == 201
    assert tokens.find(same.json()["token"], timezone.now()) is not None
