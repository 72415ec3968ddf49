from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models import (
    ContentItem,
    Cycle,
    Format,
    Hook,
    KpiDefinition,
    Pillar,
    Publication,
    User,
    Workspace,
)
from production.models.fields import PublicIdField


class WeeklyReview(models.Model):
    """Thirty minutes, only KPIs, three repeats and three stops (R55)."""

    public_id = PublicIdField("wkr")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="weekly_reviews")
    cycle = models.ForeignKey(
        Cycle, models.SET_NULL, related_name="weekly_reviews", null=True, blank=True
    )
    week = models.DateField()  # its Monday
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    # The KPI tiles as they were shown.
    kpis = models.JSONField(default=list)
    notes = models.TextField(_("Notes"), max_length=4_000, blank=True)
    minutes_sent_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "week"], name="one_review_a_week")
        ]

    def __str__(self) -> str:
        return f"review of {self.week}"


class ReviewChoice(models.Model):
    """One of the three repeats or stops, the KPI it stands on, and what it led to (R7)."""

    class Kind(models.TextChoices):
        REPEAT = "repeat", _("Repeat")
        STOP = "stop", _("Stop")

    review = models.ForeignKey(WeeklyReview, models.CASCADE, related_name="choices")
    kind = models.CharField(max_length=6, choices=Kind)
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(ContentItem, models.SET_NULL, null=True, blank=True, related_name="+")
    format = models.ForeignKey(Format, models.SET_NULL, null=True, blank=True, related_name="+")
    hook = models.ForeignKey(Hook, models.SET_NULL, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=200)
    reason = models.CharField(_("Why"), max_length=300, blank=True)
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+")
    value = models.FloatField(null=True)
    # Cards made, formats retired, slots cancelled: their public ids.
    consequences = models.JSONField(default=dict, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "kind", "position"], name="one_choice_a_place"
            ),
            models.CheckConstraint(
                name="three_of_each", condition=models.Q(position__gte=1, position__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


class Audit(models.Model):
    """The best and the worst of ninety days, and why (R31)."""

    public_id = PublicIdField("aud")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="audits")
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+", verbose_name=_("KPI"))
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    size = models.PositiveSmallIntegerField(_("How many of each"), default=20)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"audit of {self.first_day} to {self.last_day}"


class AuditEntry(models.Model):
    class Reason(models.TextChoices):
        HOOK = "hook", _("Hook")
        TOPIC = "topic", _("Topic")
        LENGTH = "length", _("Length")
        CTA = "cta", _("Call to action")
        TIMING = "timing", _("Timing")

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="entries")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="+")
    best = models.BooleanField()
    position = models.PositiveSmallIntegerField()
    value = models.FloatField()
    reasons = models.JSONField(default=list, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        ordering = ("-best", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "publication"], name="one_entry_a_post")
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.audit_id}"


class Learning(models.Model):
    """What one card taught, carried into others (R27)."""

    public_id = PublicIdField("lrn")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="learnings")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="learnings")
    text = models.CharField(_("Learning"), max_length=500)
    pillar = models.ForeignKey(Pillar, models.SET_NULL, null=True, blank=True, related_name="+")
    format = models.ForeignKey(Format, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.text


class LearningUse(models.Model):
    learning = models.ForeignKey(Learning, models.CASCADE, related_name="uses")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="applied_learnings")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["learning", "item"], name="one_use_a_card")
        ]

    def __str__(self) -> str:
        return f"{self.learning_id} in {self.item_id}"
