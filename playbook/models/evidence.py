from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from experiments.models import Experiment, Variant
from production.models import Channel, ContentItem, KpiDefinition, User, Workspace
from production.models.fields import PublicIdField


class Attribute(models.TextChoices):
    """What content is told apart by."""

    HOOK = "hook", _("Hook")
    LENGTH = "length", _("Length")
    CTA = "cta", _("Call to action")
    FORMAT = "format", _("Format")
    THUMBNAIL = "thumbnail", _("Thumbnail")
    WINDOW = "window", _("Publishing window")


class Level(models.Model):
    """A word of the workspace's vocabulary: one type of hook, one bucket of length (R52)."""

    public_id = PublicIdField("lvl")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="levels")
    attribute = models.CharField(_("Of"), max_length=10, choices=Attribute)
    code = models.SlugField(_("Code"), max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("attribute", "position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "attribute", "code"], name="one_level_a_code"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """One variant of one experiment, as the playbook counts it for one attribute.

    Derived from the experiments; made anew by `rebuild`.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="evidence")
    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="evidence")
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="evidence")
    kpi = models.ForeignKey(KpiDefinition, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", null=True)
    attribute = models.CharField(max_length=10, choices=Attribute)
    level = models.CharField(max_length=40)  # a level's code
    effect = models.FloatField()  # y: the log of the rate, sign turned where lower is better
    variance = models.FloatField()
    day = models.DateField()  # the last day with numbers
    randomised = models.BooleanField()
    excluded = models.CharField(max_length=20, blank=True)  # srm, invalid, one_level: why not

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["variant", "kpi", "attribute"], name="one_line_of_evidence"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "kpi", "attribute"], name="evidence_pool")
        ]

    def __str__(self) -> str:
        return f"{self.attribute}={self.level} of {self.variant_id}"


class Label(models.TextChoices):
    UNPROVEN = "unproven", _("unproven")
    PROMISING = "promising", _("promising")
    PROVEN = "proven", _("proven")
    LOSING = "losing", _("losing")
    STALE = "stale", _("stale")
    WORTH_TESTING = "worth", _("worth testing")  # the most that observed posts can say


class PooledLevel(models.Model):
    """What all experiments together say of one level on one channel for one KPI.

    Derived from the evidence; made anew by `rebuild`.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="pooled")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", null=True)
    kpi = models.ForeignKey(KpiDefinition, models.CASCADE, related_name="+")
    attribute = models.CharField(max_length=10, choices=Attribute)
    level = models.CharField(max_length=40)
    randomised = models.BooleanField(default=True)
    label = models.CharField(max_length=10, choices=Label)
    label_since = models.DateField()
    tests = models.PositiveIntegerField()
    effective = models.FloatField()
    variants = models.PositiveIntegerField()
    # Lifts as shares: 0.06 is +6 %.
    lift = models.FloatField()
    low80 = models.FloatField()
    high80 = models.FloatField()
    low95 = models.FloatField()
    high95 = models.FloatField()
    better = models.FloatField()
    best = models.FloatField()
    next_better = models.FloatField()
    next_low80 = models.FloatField()
    next_high80 = models.FloatField()
    tests_missing = models.PositiveIntegerField(null=True)
    method = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace",
                Coalesce("channel", 0),
                "kpi",
                "attribute",
                "level",
                "randomised",
                name="one_pool_a_level",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attribute}={self.level}: {self.label}"


class Play(models.Model):
    """A rule of the playbook, with the evidence it stands on (R52)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ADOPTED = "adopted", _("Adopted")
        RETIRED = "retired", _("Retired")

    public_id = PublicIdField("ply")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="plays")
    statement = models.CharField(_("Rule"), max_length=200)
    attribute = models.CharField(_("About"), max_length=10, choices=Attribute, blank=True)
    level = models.CharField(max_length=40, blank=True)
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Channel")
    )
    kpi = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("KPI"),
    )  # fmt: skip
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.DRAFT)
    reason = models.CharField(_("Why"), max_length=500, blank=True)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    uses = models.ManyToManyField(ContentItem, related_name="plays", blank=True)

    def __str__(self) -> str:
        return self.statement


class PlayRevision(models.Model):
    """A play as it was, and what the evidence said then. Written once, never changed."""

    play = models.ForeignKey(Play, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    statement = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=Play.State)
    label = models.CharField(max_length=10, choices=Label, blank=True)
    lift = models.FloatField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["play", "number"], name="one_revision_a_number")
        ]

    def __str__(self) -> str:
        return f"v{self.number} of {self.play_id}"


class PlaybookEdition(models.Model):
    """The whole playbook as a document, as it was at the end of a week or a cycle (R49)."""

    public_id = PublicIdField("edn")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="playbook_editions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_edition_a_number")
        ]

    def __str__(self) -> str:
        return f"edition {self.number}"
