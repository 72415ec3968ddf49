"""What came of an attempt to deliver, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from production.models import WebhookAttempt, WebhookDelivery

State = WebhookDelivery.State
ERRORS = {
    "timeout": gettext_lazy("no answer within 20 seconds"),
    "refused": gettext_lazy("nobody listens there"),
    "connection": gettext_lazy("the connection broke"),
    "unresolvable": gettext_lazy("the name leads nowhere"),
    "private": gettext_lazy("the name leads into a private network: not sent"),
    "invalid": gettext_lazy("the address cannot be read: not sent"),
    "credentials": gettext_lazy("the address holds a password: not sent"),
    "port": gettext_lazy("the port is not allowed: not sent"),
    "certificate": gettext_lazy("the certificate is not valid for this name"),
    "tls": gettext_lazy("no secure connection came about"),
    "not_http": gettext_lazy("the answer was no HTTP"),
    "secret_unreadable": gettext_lazy("the secret cannot be read any more: give it a new one"),
    "interrupted": gettext_lazy("under way, or broken off"),
    "internal": gettext_lazy("an error here"),
}


def came_of(attempt: WebhookAttempt) -> str:
    """`answered 503`, `no answer within 20 seconds`."""
    if attempt.status is not None:
        return _("answered %(status)s") % {"status": attempt.status}
    return str(ERRORS.get(attempt.error, attempt.error))


def tone(delivery: WebhookDelivery) -> str:
    if delivery.state == State.DELIVERED:
        return "good"
    if delivery.state == State.DEAD:
        return "bad"
    return "warn" if delivery.attempts else "unsure"
