from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.event import Event
from production.models.fields import PublicIdField
from production.models.item import ContentItem
from production.models.people import User
from production.models.workspace import Workspace


class Comment(models.Model):
    public_id = PublicIdField("cmt")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # Imported comments name people who may have no account here.
    author_name = models.CharField(max_length=100, blank=True)
    guest = models.ForeignKey(
        "production.GuestReviewer", models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    text = models.TextField(_("Comment"), max_length=10_000)
    mentions = models.ManyToManyField(User, related_name="+", blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "created_at"], name="comment_order")]

    def __str__(self) -> str:
        return self.text[:60]


class Asset(models.Model):
    """A file or a link that belongs to an item."""

    class Role(models.TextChoices):
        MAIN = "main", _("Main file")
        THUMBNAIL = "thumbnail", _("Thumbnail")
        CAPTIONS = "captions", _("Captions")
        RAW = "raw", _("Raw material")
        REFERENCE = "reference", _("Reference")

    public_id = PublicIdField("ast")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="assets")
    role = models.CharField(_("What it is"), max_length=10, choices=Role, default=Role.REFERENCE)
    name = models.CharField(_("Name"), max_length=200)
    url = models.URLField(_("Link"), max_length=1000, blank=True)
    file = models.FileField(_("File"), upload_to="assets/%Y/%m/", max_length=300, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    alt_text = models.CharField(_("Alternative text"), max_length=500, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="asset_is_file_or_link",
                condition=(models.Q(url="") & ~models.Q(file=""))
                | (~models.Q(url="") & models.Q(file="")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """A line in somebody's inbox: mentioned, assigned, asked to review, or a card at risk."""

    class Reason(models.TextChoices):
        MENTION = "mention", _("mentioned you")
        ASSIGNED = "assigned", _("assigned you")
        REVIEW = "review", _("asks for your review")
        ANSWERED = "answered", _("answered your review request")
        COMMENTED = "commented", _("commented")
        WILL_MISS = "will_miss", _("will miss the target")
        AGEING = "ageing", _("is older than usual in its stage")
        ALARM = "alarm", _("needs somebody to look at its publication")
        OUTCOME = "outcome", _("waits for a decision")

    public_id = PublicIdField("ntc")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    reason = models.CharField(max_length=10, choices=Reason)
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "reason"], name="one_notice_per_event")
        ]
        indexes = [
            models.Index(
                fields=["user", "workspace"],
                condition=models.Q(read_at=None),
                name="notice_unread",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} for {self.user_id}"
