from __future__ import annotations

from collections.abc import Mapping

from production.models import Membership, User, Workspace
from production.permissions import Seat, seat_of


def seats_of(workspace: Workspace, people: Mapping[str, User]) -> dict[str, Seat]:
    """Each person's seat by login name."""
    found = Membership.objects.filter(workspace=workspace).select_related("user", "workspace")
    seats = {membership.user_id: seat_of(membership) for membership in found}
    return {login: seats[person.pk] for login, person in people.items()}
