"""The letter to the owners that an endpoint was stopped: tried until a mail server takes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from production.models import Membership, Role, WebhookEndpoint

log = structlog.get_logger("putki.webhooks")

PAUSE = timedelta(minutes=10)
TRIED_FOR = timedelta(days=3)


def due(at: datetime) -> QuerySet[WebhookEndpoint]:
    """The endpoints whose letter is to be sent now."""
    return WebhookEndpoint.objects.filter(
        letter_at__lte=at, disabled_at__isnull=False, removed_at=None
    )


def send_due(at: datetime) -> int:
    """Send what is due; how many letters the mail server took. Two workers at once send one."""
    return sum(_send(each, at) for each in due(at).select_related("workspace").order_by("id"))


def _send(endpoint: WebhookEndpoint, at: datetime) -> int:
    row = WebhookEndpoint.objects.filter(pk=endpoint.pk, letter_at=endpoint.letter_at)
    if not row.update(letter_at=at + PAUSE):  # somebody else is at it
        return 0
    sent, failed = _tell_owners(endpoint)
    is_old = endpoint.disabled_at is None or at - endpoint.disabled_at > TRIED_FOR
    if sent or not failed or is_old:
        WebhookEndpoint.objects.filter(pk=endpoint.pk, letter_at=at + PAUSE).update(letter_at=None)
    return sent


def _tell_owners(endpoint: WebhookEndpoint) -> tuple[int, int]:
    """How many letters the server took, and how many it did not."""
    workspace = endpoint.workspace
    owners = Membership.objects.filter(
        workspace=workspace, role=Role.OWNER, removed_at=None, user__is_active=True
    ).select_related("user")
    page = reverse("settings-webhook", args=[workspace.slug, endpoint.public_id])
    sent = failed = 0
    for owner in owners.order_by("id"):
        with override(owner.user.language or workspace.language):
            about = {
                "endpoint": endpoint,
                "workspace": workspace,
                "host": urlsplit(endpoint.url).hostname,
                "link": f"{settings.SITE_URL}{page}",
            }
            subject = _("Putki has stopped sending to %(host)s") % about
            body = render_to_string("production/people/webhook_disabled.txt", about)
        try:
            sent += send_mail(" ".join(subject.split()), body, None, [owner.user.email])
        except OSError as error:
            failed += 1
            log.warning("no mail", error=str(error)[:200], endpoint=endpoint.public_id)
    return sent, failed
