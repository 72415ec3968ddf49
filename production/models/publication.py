from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.fields import PublicIdField
from production.models.item import ContentItem
from production.models.people import User
from production.models.plan import Channel
from production.models.workspace import Workspace


class Publication(models.Model):
    """One appearance of an item on its channel: the first run, a variant, a re-run."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Ready")
        PUBLISHED = "published", _("Published")

    public_id = PublicIdField("pub")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="publications")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="publications")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="publications", null=True)
    state = models.CharField(_("State"), max_length=20, choices=State, default=State.DRAFT)
    title = models.CharField(_("Title"), max_length=200, blank=True)
    caption = models.TextField(_("Caption"), max_length=10_000, blank=True)
    link_url = models.URLField(_("Link"), max_length=500, blank=True)
    permalink = models.URLField(_("Where it is"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("Published at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="published_has_a_time",
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["channel", "permalink"],
                condition=~models.Q(permalink=""),
                name="one_publication_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} on {self.channel_id} ({self.state})"
