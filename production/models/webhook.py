from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.event import Event
from production.models.fields import PublicIdField
from production.models.people import User
from production.models.workspace import Workspace


class WebhookEndpoint(models.Model):
    """An address that is told of events, signed as Standard Webhooks 1.0.0 says."""

    public_id = PublicIdField("whk")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="webhook_endpoints")
    url = models.URLField(_("Address"), max_length=500)
    description = models.CharField(_("Description"), max_length=200, blank=True)
    # Event types; empty: all of them.
    types = models.JSONField(_("Types"), default=list, blank=True)
    # Encrypted with a key from SECRET_KEY; the older one stays valid for a day after a rotation.
    secret = models.TextField(editable=False)
    old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    # The log has been turned into deliveries up to here.
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_reason = models.CharField(max_length=300, blank=True, editable=False)
    # When the letter that it was stopped is to be sent; empty: it was, or there is none.
    letter_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "url"],
                condition=models.Q(removed_at=None),
                name="one_endpoint_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint; the same bytes and the same id at every attempt."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Given up")

    public_id = PublicIdField("whd")
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    # Null for a test that somebody sent by hand.
    event = models.ForeignKey(Event, models.CASCADE, related_name="+", null=True)
    message_id = models.CharField(max_length=64)
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=32)
    body = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    # While a worker is at it; a worker that dies gives it back when this has passed.
    taken_until = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint", "event"],
                condition=models.Q(event__isnull=False),
                name="one_delivery_per_event",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], condition=models.Q(state="pending"), name="delivery_due"
            ),
            models.Index(fields=["endpoint", "subject", "id"], name="delivery_order"),
        ]

    def __str__(self) -> str:
        return f"{self.type} to {self.endpoint_id} ({self.state})"


class WebhookAttempt(models.Model):
    """One try to deliver, as the log on the screen shows it."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    excerpt = models.CharField(max_length=4000, blank=True)
    # Sent again because somebody asked for it.
    replay = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="one_try_per_number")
        ]

    def __str__(self) -> str:
        return f"try {self.number} of {self.delivery_id}"
