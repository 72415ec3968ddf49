"""What people do with an address that is told of events: the verbs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from production import events
from production.changes import apply, require_version
from production.checks import check
from production.errors import Invalid, Refused
from production.events import TYPES
from production.models import Event, WebhookDelivery, WebhookEndpoint
from production.permissions import Seat
from production.rules import Refusal
from production.sealing import Unreadable, is_sealed_anew, seal, unseal
from production.webhooks import addresses, messages, signing
from production.webhooks.addresses import Forbidden, Resolver

CHANGEABLE = ("url", "description", "types")
MOST = 20
OLD_SECRET_FOR = timedelta(hours=24)
BY_HAND = "by_hand"

SENTENCES = {
    "invalid": gettext_lazy("This is no address that begins with http:// or https://."),
    "credentials": gettext_lazy("Leave the user name and the password out of the address."),
    "port": gettext_lazy("Nothing is sent to this port. Use one of: %(ports)s."),
    "unresolvable": gettext_lazy("This name leads nowhere. Check it."),
    "private": gettext_lazy("This address lies in a private network; nothing is sent there."),
}


@transaction.atomic
def add(
    url: str,
    *,
    seat: Seat,
    at: datetime,
    types: Collection[str] = (),
    description: str = "",
    resolver: Resolver = addresses.look_up,
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint, told of what happens from now on, and its secret, which is shown once.

    Without `types` it is told of everything but webhooks themselves. Raises Invalid, Refused.
    """
    seat.require("webhook.manage")
    if WebhookEndpoint.objects.filter(workspace=seat.workspace, removed_at=None).count() >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    secret = signing.new_secret()
    endpoint = WebhookEndpoint(
        workspace=seat.workspace,
        url=url.strip(),
        description=description.strip(),
        types=_known(types),
        secret=seal(secret),
        created_at=at,
        created_by=seat.user,
    )
    _check(endpoint, resolver)
    endpoint.save(force_insert=True)
    event = _record("webhook.added", endpoint, seat, at, types=endpoint.types)
    # The workspace is held by now: what came before this number has committed before.
    endpoint.seq = event.seq
    endpoint.save(update_fields=["seq"])
    return endpoint, secret


@transaction.atomic
def change(
    endpoint: WebhookEndpoint,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
    resolver: Resolver = addresses.look_up,
) -> WebhookEndpoint:
    """Another address, description or choice of types. Raises Invalid, Stale."""
    seat.require("webhook.manage")
    endpoint = _held(endpoint)
    require_version(endpoint, version, changes)
    if "types" in changes:
        changes = {**changes, "types": _known(changes["types"])}
    noted = apply(endpoint, changes, fields=CHANGEABLE)
    if not noted:
        return endpoint
    if "url" in noted:
        # The rest of an address often is a secret.
        noted["url"] = [_host(each) for each in noted["url"]]
        _check(endpoint, resolver)
    endpoint.version += 1
    check(endpoint, only=["description"])
    endpoint.save(update_fields=[*changes, "version"])
    _record("webhook.changed", endpoint, seat, at, changes=noted)
    return endpoint


@transaction.atomic
def remove(endpoint: WebhookEndpoint, *, seat: Seat, at: datetime) -> None:
    """Tell it nothing any more; what was on its way stays unsent. Twice is once."""
    seat.require("webhook.manage")
    endpoint = _held(endpoint)
    if endpoint.removed_at is None:
        endpoint.removed_at, endpoint.secret, endpoint.old_secret = at, "", ""
        endpoint.version += 1
        endpoint.save(update_fields=["removed_at", "secret", "old_secret", "version"])
        _record("webhook.removed", endpoint, seat, at)


@transaction.atomic
def rotate(endpoint: WebhookEndpoint, *, seat: Seat, at: datetime) -> str:
    """A new secret, shown once. For 24 hours messages carry a signature by the former one too."""
    seat.require("webhook.manage")
    endpoint = _held(endpoint)
    secret = signing.new_secret()
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, at + OLD_SECRET_FOR
    endpoint.secret, endpoint.version = seal(secret), endpoint.version + 1
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until", "version"])
    _record("webhook.secret_rotated", endpoint, seat, at)
    return secret


@transaction.atomic
def test(endpoint: WebhookEndpoint, *, seat: Seat, at: datetime) -> WebhookDelivery:
    """Send a message of the type `webhook.test`, at once. Raises Refused while it is disabled."""
    seat.require("webhook.manage")
    endpoint = _held(endpoint)
    _require_enabled(endpoint)
    delivery = messages.of_test(endpoint, by=seat.user, at=at)
    delivery.save(force_insert=True)
    _record("webhook.tested", endpoint, seat, at)
    return delivery


@transaction.atomic
def enable(endpoint: WebhookEndpoint, *, seat: Seat, at: datetime) -> WebhookEndpoint:
    """Tell it again, first of everything that it missed. Twice is once."""
    seat.require("webhook.manage")
    endpoint = _held(endpoint)
    if endpoint.disabled_at is None:
        return endpoint
    endpoint.disabled_at, endpoint.disabled_reason, endpoint.failing_since = None, "", None
    endpoint.version += 1
    endpoint.save(update_fields=["disabled_at", "disabled_reason", "failing_since", "version"])
    waiting = endpoint.deliveries.filter(state=WebhookDelivery.State.PENDING)
    waiting.update(attempts=0, next_at=at)
    _record("webhook.enabled", endpoint, seat, at)
    return endpoint


@transaction.atomic
def disable(endpoint: WebhookEndpoint, *, seat: Seat, at: datetime) -> WebhookEndpoint:
    """Tell it nothing until it is enabled again. Twice is once."""
    seat.require("webhook.manage")
    endpoint = _held(endpoint)
    if endpoint.disabled_at is None:
        endpoint.disabled_at, endpoint.disabled_reason = at, BY_HAND
        endpoint.version += 1
        endpoint.save(update_fields=["disabled_at", "disabled_reason", "version"])
        _record("webhook.disabled", endpoint, seat, at, reason=BY_HAND)
    return endpoint


@transaction.atomic
def replay(
    endpoint: WebhookEndpoint,
    deliveries: Any,
    *,
    seat: Seat,
    at: datetime,
) -> int:
    """Send these of its messages again, oldest first, with the same ids and bytes; how many.

    `deliveries` is a QuerySet of its rows; those that wait already just wait less. Raises Refused
    while it is disabled.
    """
    seat.require("webhook.manage")
    endpoint = _held(endpoint)
    _require_enabled(endpoint)
    count = deliveries.filter(endpoint=endpoint).update(
        state=WebhookDelivery.State.PENDING, attempts=0, next_at=at, done_at=None
    )
    if count:
        _record("webhook.replayed", endpoint, seat, at, messages=count)
    return count


def secrets_of(endpoint: WebhookEndpoint, *, at: datetime) -> list[str]:
    """The secrets that sign now, the newest first. Raises Unreadable."""
    found = [unseal(endpoint.secret)]
    if endpoint.old_secret and endpoint.old_secret_until and at < endpoint.old_secret_until:
        with suppress(Unreadable):  # the present one is enough
            found.append(unseal(endpoint.old_secret))
    return found


def forget_old_secrets(*, at: datetime) -> int:
    """Drop former secrets whose day is over, and seal what a former SECRET_KEY sealed anew."""
    there = WebhookEndpoint.objects.filter(removed_at=None)
    for endpoint in there:
        if not is_sealed_anew(endpoint.secret):
            with suppress(Unreadable):
                fresh = seal(unseal(endpoint.secret))
                there.filter(pk=endpoint.pk, secret=endpoint.secret).update(secret=fresh)
    return there.filter(old_secret_until__lte=at).update(old_secret="", old_secret_until=None)


def _known(types: Collection[str]) -> list[str]:
    if unknown := sorted(set(types) - TYPES.keys()):
        sentence = _("%(type)s is not a type of event.") % {"type": unknown[0][:60]}
        raise Invalid({"types": [("unknown_type", sentence)]})
    return [each for each in TYPES if each in types]


def _check(endpoint: WebhookEndpoint, resolver: Resolver) -> None:
    check(endpoint, only=["description"])
    taken = WebhookEndpoint.objects.filter(
        workspace=endpoint.workspace, url=endpoint.url, removed_at=None
    )
    if taken.exclude(pk=endpoint.pk).exists():
        raise Invalid({"url": [("taken", _("There is a webhook to this address already."))]})
    ports = None if settings.WEBHOOK_ALLOW_PRIVATE else settings.WEBHOOK_PORTS
    try:
        # Not by the field's own check: that one knows no names of an intranet (http://n8n:5678).
        target = addresses.read(endpoint.url, ports=ports)
        if not settings.WEBHOOK_ALLOW_PRIVATE:
            addresses.checked(target, resolver=resolver, allow_private=False)
    except Forbidden as forbidden:
        words = {"ports": ", ".join(map(str, settings.WEBHOOK_PORTS))}
        sentence = str(SENTENCES[forbidden.code]) % words
        raise Invalid({"url": [(forbidden.code, sentence)]}) from forbidden


def _held(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return (
        WebhookEndpoint.objects.select_for_update(no_key=True, of=("self",))
        .select_related("workspace")
        .get(pk=endpoint.pk)
    )


def _require_enabled(endpoint: WebhookEndpoint) -> None:
    if endpoint.disabled_at:
        raise Refused([Refusal("webhook_disabled")])


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _record(type: str, endpoint: WebhookEndpoint, seat: Seat, at: datetime, **data: Any) -> Event:
    return events.record(
        type,
        endpoint.workspace.public_id,
        workspace_id=endpoint.workspace_id,
        by=seat.user,
        at=at,
        data={"endpoint": endpoint.public_id, "host": _host(endpoint.url), **data},
    )
