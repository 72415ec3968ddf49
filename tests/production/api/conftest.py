from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from production.models import User
from tests.people import World, make_strangers, make_world
from tests.production.api.calls import Caller
from tests.production.api.furnished import furnish
from tests.production.api.standing import Standing


@pytest.fixture(scope="module")
def _standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Standing(furnish(make_world()), make_strangers())
        transaction.set_rollback(True)


@pytest.fixture
def standing(_standing: Standing, db: None, settings: Any) -> Standing:
    """A furnished world, made once for the module; what a test does to it is taken back."""
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 0
    return _standing


@pytest.fixture
def browser(world: World) -> Callable[[str], Caller]:
    """A signed-in person of the world, by name, calling as a browser does."""

    def sign_in(name: str) -> Caller:
        user: User = getattr(world, name)
        client = Client()
        client.force_login(user)
        return Caller(client, {"Putki-Workspace": world.workspace.slug})

    return sign_in
