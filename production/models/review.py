from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.fields import PublicIdField
from production.models.item import ContentItem
from production.models.people import User
from production.models.publication import Publication
from production.models.workspace import Workspace


class ReviewRequest(models.Model):
    """A question to a second person: is exactly this content right?"""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        APPROVED = "approved", _("Signed")
        CHANGES = "changes_requested", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    public_id = PublicIdField("rev")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="review_requests")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="review_requests")
    publication = models.ForeignKey(
        Publication,
        models.CASCADE,
        related_name="review_requests",
        null=True,
        blank=True,
    )
    reviewer = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="reviews_asked",
        verbose_name=_("Reviewer"),
    )  # fmt: skip
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(_("Note"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    digest = models.CharField(max_length=71, help_text=_("sha256:… of the content asked about."))
    content = models.JSONField(default=dict)
    # The digests of the item's publications at that moment, by their public ids.
    covers = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(state="open"),
                name="one_open_review_request_per_item",
            )
        ]

    def __str__(self) -> str:
        return f"review of {self.item_id} ({self.state})"


class GuestReviewer(models.Model):
    """Somebody without an account who may look at one item under a secret link, and answer.

    `request` is the one they were invited to; while the link lasts it leads to whatever is asked
    about the item now. Only the SHA-256 of the link's secret is kept.
    """

    public_id = PublicIdField("gst")
    request = models.ForeignKey(ReviewRequest, models.CASCADE, related_name="guests")
    name = models.CharField(_("Name"), max_length=100)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("Expires"))
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class Review(models.Model):
    """One person's answer, on exactly one content digest. Written once, never changed."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Signed")
        CHANGES = "changes_requested", _("Sent back")

    public_id = PublicIdField("sig")
    request = models.ForeignKey(ReviewRequest, models.CASCADE, related_name="reviews")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(
        GuestReviewer, models.SET_NULL, null=True, blank=True, related_name="reviews"
    )
    guest_name = models.CharField(max_length=100, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict)
    facts = models.BooleanField(_("Facts"), default=False)
    brand = models.BooleanField(_("Brand"), default=False)
    cta = models.BooleanField(_("Call to action"), default=False)
    comment = models.TextField(_("Comment"), max_length=4_000, blank=True)
    digest = models.CharField(max_length=71)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "reviewer", "digest", "verdict"],
                name="one_signature_per_content",
            ),
            models.UniqueConstraint(
                fields=["item", "guest", "digest", "verdict"],
                condition=models.Q(guest__isnull=False),
                name="one_signature_per_guest",
            ),
            models.CheckConstraint(
                name="signature_ticks_all_three",
                condition=~models.Q(verdict="approved")
                | models.Q(facts=True, brand=True, cta=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.reviewer_id}"

    @property
    def who(self) -> str:
        """The name of whoever answered; empty where nobody is left to name."""
        return self.reviewer.name if self.reviewer else self.guest_name
