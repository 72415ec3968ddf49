from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.fields import PublicIdField
from production.models.item import ContentItem
from production.models.people import User
from production.models.plan import Channel, Format, KpiDefinition, Pillar
from production.models.publication import Publication
from production.models.workspace import Workspace


class Window(models.Model):
    """Hours of the week in which a channel publishes, in the workspace's zone (R46)."""

    public_id = PublicIdField("win")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="windows")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="windows")
    # ISO weekdays, Monday is 1.
    weekdays = models.JSONField(_("Days"), default=list)
    begins = models.TimeField(_("From"))
    ends = models.TimeField(_("Until"))
    locked_until = models.DateField(_("Locked until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="window_begins_before_it_ends",
                condition=models.Q(begins__lt=models.F("ends")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.begins}–{self.ends}"


class Slot(models.Model):
    """A place in the calendar that needs no item yet; it starts no clock."""

    public_id = PublicIdField("slo")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="slots")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="slots")
    starts_local = models.CharField(_("Time"), max_length=16)
    time_zone = models.CharField(_("Time zone"), max_length=64)
    starts_at = models.DateTimeField()
    time_note = models.CharField(
        max_length=4, choices=Publication.TimeNote, blank=True, editable=False
    )
    content_type = models.CharField(
        _("Type"), max_length=20, choices=ContentItem.ContentType, blank=True
    )
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Pillar")
    )
    format = models.ForeignKey(
        Format, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Format")
    )
    kpi = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("KPI"),
    )  # fmt: skip
    is_experiment = models.BooleanField(_("For an experiment"), default=False)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    waived_reason = models.CharField(_("Outside the windows because"), max_length=300, blank=True)
    publication = models.OneToOneField(
        Publication, models.SET_NULL, related_name="slot", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "starts_at"], name="slot_plan")]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.starts_local}"


class MixRule(models.Model):
    """How much of something a week shall hold (R40, R41)."""

    class Counts(models.TextChoices):
        POSTS = "posts", _("Pieces")
        EXPERIMENTS = "experiments", _("Experiments")
        PROVEN = "proven", _("Pieces in a proven format, % of all")
        TESTS = "tests", _("Pieces that test something new, % of all")
        NEW_MESSAGE = "new_message", _("Pieces with a new message")
        CONVERSION = "conversion", _("Conversion posts")
        QUESTIONS = "questions", _("Questions")

    public_id = PublicIdField("mix")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="mix_rules")
    counts = models.CharField(_("What is counted"), max_length=12, choices=Counts)
    # Empty: over all channels together.
    channel_role = models.CharField(
        _("On channels that are"), max_length=10, choices=Channel.Role, blank=True
    )
    # 1 to 4; empty: in every phase of the cycle.
    phase = models.PositiveSmallIntegerField(_("In phase"), null=True, blank=True)
    at_least = models.PositiveSmallIntegerField(_("At least"), null=True, blank=True)
    at_most = models.PositiveSmallIntegerField(_("At most"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mix_rule_asks_something",
                condition=models.Q(at_least__isnull=False) | models.Q(at_most__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.counts} {self.at_least}–{self.at_most}"


class CalendarFeed(models.Model):
    """A secret address under which a calendar program reads the plan. Only its hash is kept."""

    class Of(models.TextChoices):
        PERSON = "person", _("What is mine")
        CHANNEL = "channel", _("One channel")
        WORKSPACE = "workspace", _("The whole plan")

    public_id = PublicIdField("cal")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="calendar_feeds")
    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    of = models.CharField(_("Shows"), max_length=10, choices=Of, default=Of.PERSON)
    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("Channel")
    )
    with_captions = models.BooleanField(_("With captions"), default=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="feed_of_a_channel_names_it",
                condition=~models.Q(of="channel") | models.Q(channel__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.of} of {self.user_id}"
