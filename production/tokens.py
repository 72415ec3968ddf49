"""Keys for programs: made, shown once, found again by their hash, revoked."""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from production import events
from production.checks import check
from production.errors import Invalid, NotAllowed
from production.models import ApiToken, Channel, Membership
from production.permissions import Seat, seat_of
from production.prepared import Prepared, Slot

PREFIX = "putki_"
SCOPES = (
    "content:read",
    "content:write",
    "publications:read",
    "publications:lease",
    "publications:report",
    "events:read",
    "webhooks:manage",
    "metrics:write",
    "imports:run",
    "workspace:admin",
)
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECKSUM = 32, 6  # 32 letters of 62 are 190 bits
_NOTE_USE_EVERY = timedelta(minutes=1)
_BY_DIGEST = Prepared(
    lambda: (
        Membership.objects.filter(
            user__tokens__digest=Slot("digest"),
            user__tokens__workspace=F("workspace"),
            removed_at=None,
            user__is_active=True,
        )
        .select_related("user", "workspace")
        .annotate(
            token_id=F("user__tokens__id"),
            scopes=F("user__tokens__scopes"),
            token_channels=F("user__tokens__channels"),
            expires_at=F("user__tokens__expires_at"),
            revoked_at=F("user__tokens__revoked_at"),
            used_at=F("user__tokens__last_used_at"),
        )
    )
)


@transaction.atomic
def create(
    *,
    seat: Seat,
    name: str,
    scopes: Collection[str],
    at: datetime,
    expires_at: datetime | None = None,
    channels: Collection[str] = (),
) -> tuple[ApiToken, str]:
    """A new key for the seat's workspace and its text, which is never to be had again.

    The key can do no more than the person may at the time of use, and claims only on `channels`
    (public ids), if any are named. Raises Invalid.
    """
    seat.require("token.own")
    if "workspace:admin" in scopes:
        seat.require("token.all")
    _check_scopes(scopes)
    _check_channels(channels, seat)
    if expires_at is not None and expires_at <= at:
        raise Invalid({"expires_at": [("past", _("Choose a time that is still to come."))]})
    plain = _new()
    token = ApiToken(
        workspace=seat.workspace,
        user=seat.user,
        name=name.strip(),
        hint=f"{plain[:10]}…",
        digest=_digest(plain),
        scopes=[scope for scope in SCOPES if scope in scopes],
        channels=sorted(set(channels)),
        created_at=at,
        expires_at=expires_at,
    )
    check(token, only=["name"])
    token.save(force_insert=True)
    events.record(
        "token.created",
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data={"token": token.public_id, "name": token.name, "scopes": token.scopes},
    )
    return token, plain


@transaction.atomic
def revoke(token: ApiToken, *, seat: Seat, at: datetime) -> ApiToken:
    """End the key; from the next request on it opens nothing. Twice is once."""
    if token.workspace_id != seat.workspace.pk or not (
        seat.may("token.all") or (seat.may("token.own") and token.user_id == seat.user.pk)
    ):
        raise NotAllowed("token.own")
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        events.record(
            "token.revoked",
            seat.workspace.public_id,
            workspace_id=token.workspace_id,
            by=seat.user,
            at=at,
            data={"token": token.public_id, "name": token.name},
        )
    return token


def find(plain: str, at: datetime) -> Seat | None:
    """The seat that the key stands for, with its scopes; None when it opens nothing.

    Mistyped and cut-off keys are told by their checksum, without a query.
    """
    if not is_well_formed(plain):
        return None
    membership = next(iter(_BY_DIGEST.models(digest=_digest(plain))), None)
    if membership is None or membership.revoked_at is not None:
        return None
    if membership.expires_at is not None and membership.expires_at <= at:
        return None
    if membership.used_at is None or at - membership.used_at >= _NOTE_USE_EVERY:
        ApiToken.objects.filter(pk=membership.token_id).update(last_used_at=at)
    return replace(
        seat_of(membership),
        scopes=frozenset(membership.scopes),
        token=membership.token_id,
        channels=frozenset(membership.token_channels),
    )


def is_well_formed(plain: str) -> bool:
    """Whether the text can be one of our keys at all."""
    body = plain.removeprefix(PREFIX)
    if not plain.startswith(PREFIX) or len(body) != _RANDOM + _CHECKSUM:
        return False
    return _checksum(body[:_RANDOM]) == body[_RANDOM:]


def _new() -> str:
    body = "".join(secrets.choice(_BASE62) for _ in range(_RANDOM))
    return f"{PREFIX}{body}{_checksum(body)}"


def _checksum(body: str) -> str:
    """CRC-32 of the random part in base 62: finds typing errors, guards nothing."""
    number, digits = zlib.crc32(body.encode()), ""
    for _place in range(_CHECKSUM):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def _check_scopes(scopes: Collection[str]) -> None:
    if unknown := sorted(set(scopes) - set(SCOPES)):
        sentence = _("%(scope)s is not a scope.") % {"scope": unknown[0]}
        raise Invalid({"scopes": [("unknown_scope", sentence)]})
    if not scopes:
        raise Invalid({"scopes": [("required", _("Choose what the key may do."))]})


def _check_channels(channels: Collection[str], seat: Seat) -> None:
    known = Channel.objects.filter(workspace=seat.workspace, public_id__in=channels)
    if unknown := sorted(set(channels) - set(known.values_list("public_id", flat=True))):
        sentence = _("%(channel)s is not a channel.") % {"channel": unknown[0]}
        raise Invalid({"channels": [("does_not_exist", sentence)]})
