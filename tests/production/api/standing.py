"""One furnished world that stands for a whole module; every call is taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.people import World
from tests.production.api.bodies import QUERIES, body_of
from tests.production.api.calls import Caller
from tests.production.api.furnished import Furnished

NOBODY = "nobody"


@dataclass
class Standing:
    furnished: Furnished
    strangers: World
    clients: dict[str, Client] = field(default_factory=dict)

    def ask(self, name: str, method: str, path: str, operation_id: str) -> HttpResponse:
        """What this person is answered when they ask for it with a body that works."""
        made = self.furnished
        address = made.fill(path, name) + QUERIES.get(operation_id, "")
        return self.send(name, method, address, body_of(operation_id, made))

    def send(
        self, name: str, method: str, address: str, body: Any = None, **headers: str
    ) -> HttpResponse:
        slug = self.furnished.world.workspace.slug
        caller = Caller(self.clients[name], {"Putki-Workspace": slug})
        with transaction.atomic():
            answer = caller.call(method, address.removeprefix("/api/v1"), body, **headers)
            transaction.set_rollback(True)
        return answer

    def __post_init__(self) -> None:
        """Everybody signs in once."""
        self.clients = {NOBODY: Client()}
        seated = [(self.strangers, "eve")]
        seated += [(self.furnished.world, name) for name in self.furnished.world.seats]
        for world, name in seated:
            self.clients[name] = Client()
            self.clients[name].force_login(getattr(world, name))
