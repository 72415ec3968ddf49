"""Every operation of the document, by everybody: the table of permissions is what happens."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from production.models import Role
from production.permissions import TABLE
from tests.people import World
from tests.production.api.bodies import QUERIES, body_of
from tests.production.api.calls import Caller
from tests.production.api.furnished import Furnished, furnish
from tests.production.api.test_description import operations
from tests.production.api.tokens import token_of

CAST = {
    "ann": Role.OWNER,
    "ben": Role.CREATOR,
    "vera": Role.REVIEWER,
    "kim": Role.VIEWER,
    "otto": Role.EXTERNAL,
}
# Allowed by the table, and then refused for this world's own reasons.
REFUSED = {
    ("reviews_sign", "ben"): 409,  # he made the last edit
    ("assets_file", None): 404,  # the asset is a link
    ("items_undo", None): 409,  # nobody has moved it
    ("boards_archive", None): 409,  # it is the last one
}
OPERATIONS = [(method, path, each) for method, path, each in operations()]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    OPERATIONS,
    ids=[each["operationId"] for *_, each in OPERATIONS],
)
def test_the_table_decides_who_may(
    method: str, path: str, operation: dict[str, Any], world: World, strangers: World
) -> None:
    allowed_roles = TABLE[operation["x-permission"]]
    operation_id = operation["operationId"]
    allowed, denied = 0, 0

    for name, role in CAST.items():
        with transaction.atomic():
            made = furnish(world, by=name)
            answer = _call(getattr(world, name), made, method, path, operation_id)
            transaction.set_rollback(True)
        if role in allowed_roles:
            expected = REFUSED.get((operation_id, name)) or REFUSED.get((operation_id, None))
            wanted = {expected} if expected else {200, 201, 204}
            assert answer.status_code in wanted, (name, answer.status_code, answer.content[:500])
            allowed += 1
        else:
            assert answer.status_code == 403, (name, answer.status_code, answer.content[:500])
            assert answer.json()["code"] == "not_allowed"
            denied += 1

    made = furnish(world)
    eve = _call(strangers.eve, made, method, path, operation_id)
    nobody = _call(None, made, method, path, operation_id)
    assert eve.status_code == 404
    assert nobody.status_code == 401
    assert nobody["WWW-Authenticate"].startswith("Bearer")
    assert allowed  # a check that refuses everybody would pass all the rest
    assert allowed + denied == len(CAST)


def test_a_token_needs_the_scope_whatever_its_role(world: World) -> None:
    reader = Caller(Client(), token_of(world.seat("ann"), "content:read"))
    writer = Caller(Client(), token_of(world.seat("ann"), "content:write"))

    refused = reader.post("/items/", {"title": "No"})
    made = writer.post("/items/", {"title": "Yes"})

    assert refused.status_code == 403
    assert refused.json()["code"] == "scope_missing"
    assert refused.json()["scope"] == "content:write"
    assert made.status_code == 201


def _call(person: Any, made: Furnished, method: str, path: str, operation_id: str) -> HttpResponse:
    client = Client()
    if person is not None:
        client.force_login(person)
    caller = Caller(client, {"Putki-Workspace": made.world.workspace.slug})
    address = made.fill(path).removeprefix("/api/v1") + QUERIES.get(operation_id, "")
    return caller.call(method, address, body_of(operation_id, made))
