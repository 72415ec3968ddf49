"""People in a workspace: their roles, and how they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import events, faults
from production.checks import check
from production.errors import Invalid, Refused
from production.models import Event, Kind, Membership, Role, User, Workspace
from production.permissions import Seat
from production.rules import Refusal

HOURS_OF_DIGEST = ("digest_hour", "quiet_from", "quiet_until")
DIGEST = ("digest", *HOURS_OF_DIGEST)


@transaction.atomic
def change_role(
    membership: Membership,
    role: str,
    *,
    seat: Seat,
    at: datetime,
    stage_kinds: Sequence[str] = (),
) -> Membership:
    """Give the person another role; `stage_kinds` are where an external contributor works.

    Raises Refused when nobody would own the workspace, Invalid for an unknown role or kind.
    """
    seat.require("people.change")
    kinds = kinds_of(role, stage_kinds)
    membership = _locked(membership, seat)
    was = _brief(membership.role, membership.stage_kinds)
    if membership.role == Role.OWNER and role != Role.OWNER:
        _require_another_owner(membership)
    membership.role, membership.stage_kinds = role, kinds
    if _brief(role, kinds) != was:
        membership.save(update_fields=["role", "stage_kinds"])
        data = {"from": was, "to": _brief(role, kinds)}
        record("member.role_changed", membership, by=seat.user, at=at, data=data)
    return membership


@transaction.atomic
def remove(membership: Membership, *, seat: Seat, at: datetime) -> None:
    """Take the person out; the past goes on naming them. What they hold open ends by itself.

    Raises Refused for the last owner.
    """
    seat.require("people.change")
    _end(_locked(membership, seat), by=seat.user, at=at)


@transaction.atomic
def leave(*, seat: Seat, at: datetime) -> None:
    """Leave the workspace oneself. Raises Refused for the last owner."""
    own = Membership.objects.get(workspace=seat.workspace, user=seat.user, removed_at=None)
    _end(_locked(own, seat), by=seat.user, at=at)


def join(
    workspace: Workspace, user: User, role: str, *, at: datetime, stage_kinds: Sequence[str] = ()
) -> Membership:
    """Let the person in, or back in; who is in already keeps their role. Part of a verb."""
    membership, is_new = Membership.objects.select_for_update().get_or_create(
        workspace=workspace, user=user, defaults={"role": role, "stage_kinds": list(stage_kinds)}
    )
    if not is_new and membership.removed_at is None:
        return membership
    membership.role, membership.stage_kinds = role, list(stage_kinds)
    membership.removed_at, membership.joined_at = None, at
    membership.save(update_fields=["role", "stage_kinds", "removed_at", "joined_at"])
    record("member.joined", membership, by=user, at=at, data={"role": role})
    return membership


def set_digest(changes: Mapping[str, Any], *, seat: Seat) -> Membership:
    """Change when one's own digest of this workspace comes. Raises Invalid."""
    if unknown := set(changes) - set(DIGEST):
        raise ValueError(f"not of a digest: {', '.join(sorted(unknown))}")
    own = Membership.objects.get(workspace=seat.workspace, user=seat.user, removed_at=None)
    for name, value in changes.items():
        setattr(own, name, value)
    for name in HOURS_OF_DIGEST:
        if getattr(own, name) not in range(24):
            raise Invalid({name: [("range", _("An hour of the day is 0 to 23."))]})
    check(own, only=list(changes))
    own.save(update_fields=list(changes))
    return own


def stop_digest(membership: Membership) -> None:
    """No more digests of this workspace for the member. Twice is once."""
    Membership.objects.filter(pk=membership.pk).update(digest=Membership.Digest.OFF)


def kinds_of(role: str, stage_kinds: Sequence[str]) -> list[str]:
    """The kinds of stage that go with the role, in their order: none but for contributors."""
    if role not in Role.values:
        raise Invalid({"role": [("unknown", _("Choose a role from the list."))]})
    if unknown := set(stage_kinds) - set(Kind.values):
        sentence = _("%(kind)s is not a kind of stage.") % {"kind": sorted(unknown)[0]}
        raise Invalid({"stage_kinds": [("unknown", sentence)]})
    return [kind for kind in Kind.values if kind in stage_kinds] if role == Role.EXTERNAL else []


def record(
    type: str, membership: Membership, *, by: User, at: datetime, data: dict[str, str]
) -> Event:
    return events.record(
        type,
        membership.public_id,
        workspace_id=membership.workspace_id,
        by=by,
        at=at,
        data=data | {"user": membership.user.public_id},
    )


def _end(membership: Membership, *, by: User, at: datetime) -> None:
    if membership.role == Role.OWNER:
        _require_another_owner(membership)
    membership.removed_at = at
    membership.save(update_fields=["removed_at"])
    record("member.removed", membership, by=by, at=at, data={"role": membership.role})


def _locked(membership: Membership, seat: Seat) -> Membership:
    """The row as it is now, with those of all owners held: two last owners cannot both go."""
    rows = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    if not faults.is_on("no-owner-lock"):
        rows = rows.select_for_update(of=("self",))
    owners = rows.filter(role=Role.OWNER).order_by("id")
    held = {owner.pk: owner for owner in owners}
    return held.get(membership.pk) or rows.select_related("user").get(pk=membership.pk)


def _require_another_owner(membership: Membership) -> None:
    others = Membership.objects.filter(
        workspace=membership.workspace_id, role=Role.OWNER, removed_at=None
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused([Refusal("last_owner")])
    faults.point("another-owner-seen")


def _brief(role: str, kinds: Sequence[str]) -> str:
    return f"{role}:{','.join(kinds)}" if kinds else str(role)
