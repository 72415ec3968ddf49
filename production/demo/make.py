from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from production import members, origin, tokens, workspaces
from production.demo import fortnight, texts
from production.demo.people import seats_of
from production.demo.timeline import Timeline
from production.models import Membership, User, Workspace
from production.permissions import seat_of

DEMO_SLUG = "studio-aalto"
DEMO_EMAIL = "ann@putki.example"
DEMO_PASSWORD = "putki-demo-2026"  # noqa: S105  the demo's, printed at every start
SCOPES = [
    "content:read",
    "content:write",
    "publications:read",
    "publications:lease",
    "publications:report",
    "events:read",
]


@transaction.atomic
def make(language: str, *, now: datetime, seed: int = 42) -> tuple[Workspace, str]:
    """The studio's workspace with its ninety days up to `now`, and an API token of Ann's.

    The same seed and the same hour give the same team. Raises ValueError when it is there already.
    """
    if Workspace.objects.filter(slug=DEMO_SLUG).exists():
        raise ValueError(f"the workspace {DEMO_SLUG} is there already")
    with origin.coming_from(origin.COMMAND):
        people = _people(language)
        workspace = workspaces.create(
            texts.STUDIO, by=people["ann"], at=Timeline.start(now), language=language
        )
        for login, _name, role in texts.PEOPLE[1:]:
            _join(workspace, people[login], role, Timeline.start(now))
        seats = seats_of(workspace, people)
        Timeline(workspace, seats, language, now, seed).run()
        fortnight.plan(workspace, seats, now)
        owner = Membership.objects.select_related("user", "workspace").get(
            workspace=workspace, user=people["ann"]
        )
        _row, token = tokens.create(
            seat=seat_of(owner), name="Demo", scopes=SCOPES, expires_at=None, at=now
        )
    return workspace, token


def _people(language: str) -> dict[str, User]:
    made: dict[str, User] = {}
    for login, name, _role in texts.PEOPLE:
        email = f"{login}@putki.example"
        person = User.objects.filter(email=email).first()
        if person is None:
            extra: dict[str, Any] = {"name": name, "language": language}
            person = User.objects.create_user(email, DEMO_PASSWORD, **extra)
        made[login] = person
    return made


def _join(workspace: Workspace, person: User, role: str, at: datetime) -> None:
    members.join(workspace, person, role=role, at=at)
