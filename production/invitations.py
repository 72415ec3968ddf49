"""Invitations: a link that lets one person in, once, within fourteen days."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from production import events, members
from production.checks import check
from production.errors import Invalid, Refused
from production.models import Invitation, Membership, User
from production.permissions import Seat
from production.rules import Refusal

VALID_FOR = timedelta(days=14)


@transaction.atomic
def invite(email: str, role: str, *, seat: Seat, at: datetime) -> tuple[Invitation, str]:
    """An open invitation and its token, which is never to be had again.

    An earlier one to the same address ends. Raises Invalid.
    """
    seat.require("people.change")
    members.kinds_of(role, ())
    email = email.strip().lower()
    is_member = Membership.objects.filter(
        workspace=seat.workspace, user__email__iexact=email, removed_at=None
    )
    if is_member.exists():
        raise Invalid({"email": [("member", _("This person is in the workspace already."))]})
    _open_ones(seat).filter(email__iexact=email).update(revoked_at=at)
    token = secrets.token_urlsafe(24)  # 192 bits
    invitation = Invitation(
        workspace=seat.workspace,
        email=email,
        role=role,
        token_digest=_digest(token),
        invited_by=seat.user,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    check(invitation, only=["email", "role"])
    invitation.save(force_insert=True)
    _record("member.invited", invitation, seat.user, at, {"email": email, "role": role})
    return invitation, token


@transaction.atomic
def accept(token: str, *, by: User, at: datetime) -> Membership:
    """Let the person in with the role they were invited to.

    Raises Refused when the link was used, revoked, has expired or never was.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .filter(token_digest=_digest(token))
        .first()
    )
    if invitation is None or not invitation.is_open(at):
        raise Refused([Refusal("invitation_gone")])
    invitation.accepted_at, invitation.accepted_by = at, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return members.join(invitation.workspace, by, invitation.role, at=at)


@transaction.atomic
def revoke(invitation: Invitation, *, seat: Seat, at: datetime) -> None:
    """Close the link. An invitation that is closed already stays as it is."""
    seat.require("people.change")
    closed = _open_ones(seat).filter(pk=invitation.pk).update(revoked_at=at)
    if closed:
        data = {"email": invitation.email}
        _record("invitation.revoked", invitation, seat.user, at, data)


def find(token: str, at: datetime) -> Invitation | None:
    """The open invitation that the token stands for."""
    invitation = (
        Invitation.objects.filter(token_digest=_digest(token))
        .select_related("workspace", "invited_by")
        .first()
    )
    return invitation if invitation and invitation.is_open(at) else None


def link(token: str) -> str:
    """The whole address to open."""
    return urljoin(settings.SITE_URL, reverse("join", args=[token]))


def send(invitation: Invitation, token: str) -> bool:
    """Mail the link in the workspace's language; whether the mail server took it."""
    workspace = invitation.workspace
    with override(workspace.language):
        about = {"invitation": invitation, "workspace": workspace, "link": link(token)}
        subject = _("%(name)s invites you to Putki") % {"name": workspace.name}
        body = render_to_string("production/people/invitation.txt", about)
    try:
        return bool(send_mail(" ".join(subject.split()), body, None, [invitation.email]))
    except OSError:
        return False


def _open_ones(seat: Seat) -> QuerySet[Invitation]:
    return Invitation.objects.filter(workspace=seat.workspace, accepted_at=None, revoked_at=None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(
    type: str, invitation: Invitation, by: User, at: datetime, data: dict[str, str]
) -> None:
    events.record(
        type, invitation.public_id, workspace_id=invitation.workspace_id, by=by, at=at, data=data
    )
