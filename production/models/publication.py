from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from production.models.comment import Asset
from production.models.fields import PublicIdField
from production.models.item import ContentItem
from production.models.people import User
from production.models.plan import Channel
from production.models.workspace import Workspace


class Publication(models.Model):
    """One appearance of an item on its channel: the first run, a variant, a re-run.

    Its state changes in `production/publications/` alone; which change may follow which stands in
    `production/publications/states.py`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        READY = "ready", _("Ready")
        LEASED = "leased", _("Claimed")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHING = "publishing", _("Being published")
        PUBLISHED = "published", _("Published")
        UNCONFIRMED = "unconfirmed", _("Unconfirmed")
        FAILED = "failed", _("Failed, will be tried again")
        NEEDS_ATTENTION = "needs_attention", _("Needs attention")
        ON_HOLD = "on_hold", _("On hold")
        CANCELLED = "cancelled", _("Cancelled")
        REMOVED = "removed", _("Removed")

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic", _("by a scheduler")
        MANUAL = "manual", _("by hand")

    class TimeNote(models.TextChoices):
        """What became of a wall time on the night when the clocks change."""

        GAP = "gap", _("This time does not exist that night; moved forward.")
        FOLD = "fold", _("This time comes twice that night; the first one is meant.")

    public_id = PublicIdField("pub")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="publications")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="publications")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="publications", null=True)
    state = models.CharField(_("State"), max_length=20, choices=State, default=State.DRAFT)
    variant = models.CharField(_("Variant"), max_length=20, blank=True)

    # What the public will see
    title = models.CharField(_("Title"), max_length=200, blank=True)
    caption = models.TextField(_("Caption"), max_length=10_000, blank=True)
    hashtags = models.JSONField(_("Hashtags"), default=list, blank=True)
    mentions = models.JSONField(_("Mentions"), default=list, blank=True)
    first_comment = models.TextField(_("First comment"), max_length=2_200, blank=True)
    first_comment_delay = models.PositiveIntegerField(_("First comment after, s"), default=60)
    first_comment_required = models.BooleanField(
        _("The first comment must be there"), default=False
    )
    link_url = models.URLField(_("Link"), max_length=500, blank=True)
    platform_settings = models.JSONField(_("Settings of the platform"), default=dict, blank=True)
    allow_duplicate = models.BooleanField(
        _("The same content again within 24 hours is meant"), default=False
    )
    content_digest = models.CharField(max_length=71, blank=True, editable=False)

    # When it shall go out: the wall time that was meant, its zone, and the moment that makes.
    publish_local = models.CharField(_("Time"), max_length=16, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    publish_at = models.DateTimeField(_("Publish at"), null=True, blank=True)
    time_note = models.CharField(max_length=4, choices=TimeNote, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(_("Priority"), default=50)
    waived_reason = models.CharField(_("Outside the windows because"), max_length=300, blank=True)
    waived_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    # Who has it
    fence = models.PositiveBigIntegerField(default=0, editable=False)
    hold_reason = models.CharField(_("On hold because"), max_length=300, blank=True)
    held_from = models.CharField(max_length=20, blank=True, editable=False)

    # What was reported of it
    scheduled_for = models.DateTimeField(null=True, blank=True, editable=False)
    confirm_by = models.DateTimeField(null=True, blank=True, editable=False)
    reported_digest = models.CharField(max_length=71, blank=True, editable=False)
    tool_name = models.CharField(max_length=100, blank=True, editable=False)
    tool_ref = models.CharField(max_length=200, blank=True, editable=False)
    mode = models.CharField(max_length=10, choices=Mode, blank=True, editable=False)
    external_id = models.CharField(_("Id on the platform"), max_length=200, blank=True)
    external_id_pending = models.BooleanField(default=False, editable=False)
    publish_handle = models.CharField(max_length=200, blank=True, editable=False)
    permalink = models.URLField(_("Where it is"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("Published at"), null=True, blank=True)
    failure = models.JSONField(default=dict, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    retry_after = models.DateTimeField(null=True, blank=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="published_has_a_time",
                condition=~models.Q(state__in=["published", "removed"])
                | models.Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="publication_time_is_whole",
                condition=models.Q(publish_local="", publish_at=None)
                | (~models.Q(publish_local="") & models.Q(publish_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["channel", "permalink"],
                condition=~models.Q(permalink=""),
                name="one_publication_per_address",
            ),
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_publication_per_external_id",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "publish_at", "id"], name="publication_plan"),
            models.Index(
                fields=["workspace", "state", "publish_at", "id"], name="publication_by_state"
            ),
            models.Index(fields=["workspace", "updated_at"], name="publication_updated"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} on {self.channel_id} ({self.state})"


class PublicationMedia(models.Model):
    """A file of the item as this publication uses it."""

    class Role(models.TextChoices):
        MAIN = "main", pgettext_lazy("medium", "Main")
        COVER = "cover", _("Cover")
        SLIDE = "slide", _("Slide")
        CAPTIONS = "captions", _("Captions")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="media")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role, default=Role.MAIN)
    position = models.PositiveSmallIntegerField(default=0)
    alt_text = models.CharField(_("Alternative text"), max_length=500, blank=True)
    cover_offset_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication", "asset", "role"], name="one_medium_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} of {self.publication_id}"


class TrackedLink(models.Model):
    """A link as it goes out, with its campaign parameters (R4)."""

    class Role(models.TextChoices):
        CTA = "cta", _("Call to action")
        BIO = "bio", _("Link in the profile")
        COMMENT = "comment", _("First comment")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="links")
    role = models.CharField(max_length=10, choices=Role, default=Role.CTA)
    target = models.URLField(_("Address"), max_length=500)
    utm = models.JSONField(default=dict)
    url = models.URLField(max_length=1000)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["publication", "role"], name="one_link_per_role")
        ]

    def __str__(self) -> str:
        return self.url


class UtmTemplate(models.Model):
    """How tracked links are named: one for the workspace, or for one channel."""

    public_id = PublicIdField("utm")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="utm_templates")
    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="utm_templates", null=True, blank=True,
        verbose_name=_("Only for channel"),
    )  # fmt: skip
    source = models.CharField(_("Source"), max_length=100, default="{platform}")
    medium = models.CharField(_("Medium"), max_length=100, default="social")
    campaign = models.CharField(_("Campaign"), max_length=100, default="{year}q{quarter}")
    content = models.CharField(_("Content"), max_length=100, default="{publication}")
    term = models.CharField(_("Term"), max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(channel=None, retired_at=None),
                name="one_utm_template_per_workspace",
            ),
            models.UniqueConstraint(
                fields=["channel"],
                condition=models.Q(channel__isnull=False, retired_at=None),
                name="one_utm_template_per_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} / {self.medium} / {self.campaign}"
