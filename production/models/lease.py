from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.fields import PublicIdField
from production.models.people import User
from production.models.publication import Publication
from production.models.token import ApiToken
from production.models.workspace import Workspace


class Lease(models.Model):
    """A scheduler's temporary claim of a publication, with a fencing number that only grows."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        KEPT = "kept", _("Kept: the tool has scheduled it")
        RELEASED = "released", _("Given back")
        EXPIRED = "expired", _("Expired")
        ENDED = "ended", _("Ended")

    # Of these a publication has one at most.
    HOLDING = (State.ACTIVE, State.KEPT)

    public_id = PublicIdField("lse")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="leases")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="leases")
    token = models.ForeignKey(ApiToken, models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    client_name = models.CharField(max_length=100)
    client_run = models.CharField(max_length=200, blank=True)
    fence = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    # What was handed over.
    content_digest = models.CharField(max_length=71)
    publication_version = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    # By the database's clock; null once the tool has scheduled it: that claim does not expire.
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication"],
                condition=models.Q(state__in=["active", "kept"]),
                name="one_lease_per_publication",
            ),
            models.UniqueConstraint(fields=["publication", "fence"], name="one_lease_per_fence"),
            models.CheckConstraint(
                name="active_lease_expires",
                condition=~models.Q(state="active") | models.Q(expires_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=models.Q(state="active"), name="lease_expiry"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_name} has {self.publication_id}"


class Report(models.Model):
    """What a tool, or a person, said of a publication. Written once, never changed."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHING = "publishing", _("publishing")
        PUBLISHED = "published", _("published")
        FAILED = "failed", _("failed")
        UNCONFIRMED = "unconfirmed", _("unconfirmed")
        CANCELLED = "cancelled", _("cancelled")
        REMOVED = "removed", _("removed")

    public_id = PublicIdField("rpt")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="reports")
    lease = models.ForeignKey(Lease, models.SET_NULL, null=True, related_name="reports")
    fence = models.PositiveBigIntegerField(null=True)
    status = models.CharField(max_length=12, choices=Status)
    report_id = models.CharField(max_length=100)
    # False: kept as evidence, changed nothing.
    accepted = models.BooleanField()
    warnings = models.JSONField(default=list)
    body = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lease", "status", "report_id"],
                condition=models.Q(lease__isnull=False),
                name="one_report_per_lease_and_id",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["publication", "received_at"], name="report_of_publication")
        ]

    def __str__(self) -> str:
        return f"{self.status} of {self.publication_id}"
