from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from production.models import User
from tests.people import World
from tests.production.api.calls import Caller


@pytest.fixture
def browser(world: World) -> Callable[[str], Caller]:
    """A signed-in person of the world, by name, calling as a browser does."""

    def sign_in(name: str) -> Caller:
        user: User = getattr(world, name)
        client = Client()
        client.force_login(user)
        return Caller(client, {"Putki-Workspace": world.workspace.slug})

    return sign_in
