"""As whom a command acts."""

from __future__ import annotations

from django.core.management.base import CommandError

from production.models import Membership, Role
from production.permissions import Seat, seat_of


def owner_of(slug: str) -> Seat:
    """The seat of the workspace's first owner; CommandError when there is none."""
    rows = Membership.objects.filter(
        workspace__slug=slug, role=Role.OWNER, removed_at=None
    ).select_related("workspace", "user")
    found = rows.order_by("id").first()
    if found is None:
        raise CommandError(f"No workspace with an owner has the address {slug}.")
    return seat_of(found)
