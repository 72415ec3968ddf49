from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from production.models import Channel, KpiDefinition, User, Workspace
from production.models.fields import PublicIdField


class RegisteredRisk(models.Model):
    """A line of the risk register: symptom, KPIs, threshold, mitigation, owner (R74 to R82)."""

    class Detector(models.TextChoices):
        CONTENT_FLOOD = "flood", _("impressions up, share viewed or saves down")
        ALGORITHM = "algorithm", _("reach per post down on two formats at once")
        TRUST = "trust", _("tone, reports or unfollows worsen")
        MEASUREMENT = "measurement", _("impressions up, clicks and leads not")
        OVERLOAD = "overload", _("fewer come out, lead time grows, learnings are missing")
        NONE = "none", _("nobody but us")

    class State(models.TextChoices):
        QUIET = "quiet", _("Quiet")
        RAISED = "raised", _("Raised")
        HANDLED = "handled", _("Being handled")
        RETIRED = "retired", _("Retired")

    public_id = PublicIdField("rsk")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="risks")
    code = models.SlugField(max_length=40, blank=True)
    name = models.CharField(_("Risk"), max_length=120)
    symptom = models.CharField(_("Symptom"), max_length=500)
    mitigation = models.CharField(_("What we do then"), max_length=500)
    threshold = models.CharField(_("What sets it off"), max_length=300, blank=True)
    kpis = models.ManyToManyField(KpiDefinition, related_name="+", blank=True)
    detector = models.CharField(
        _("Watched by"), max_length=12, choices=Detector, default=Detector.NONE
    )
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.QUIET)
    reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(_("Next review"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "code"],
                condition=~models.Q(code=""),
                name="one_risk_a_code",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RiskSignal(models.Model):
    """A detector went off, with the numbers that made it: one open notice with one owner.

    It ends with an outcome, whether or not the symptom has gone (`cleared_at`).
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done, it helped")
        NO_HELP = "no_help", _("Done, it did not help")
        NOT_NEEDED = "not_needed", _("Not needed")

    public_id = PublicIdField("rsg")
    risk = models.ForeignKey(RegisteredRisk, models.CASCADE, related_name="signals")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", null=True)
    week = models.DateField()
    numbers = models.JSONField(default=dict)
    at = models.DateTimeField()
    due_on = models.DateField(_("Due"))
    cleared_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=10, choices=Outcome, blank=True)
    outcome_note = models.CharField(_("What came of it"), max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "risk",
                Coalesce("channel", 0),
                condition=models.Q(closed_at=None),
                name="one_open_signal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} in the week of {self.week}"


class RealityCheck(models.Model):
    """The monthly question whether the numbers are true (R77)."""

    class Verdict(models.TextChoices):
        SOUND = "sound", _("Sound")
        DOUBTFUL = "doubtful", _("Doubtful")
        BROKEN = "broken", _("Broken")

    public_id = PublicIdField("rck")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="reality_checks")
    month = models.DateField()  # its first day
    numbers = models.JSONField(default=dict)

    class Decision(models.TextChoices):
        KEEP = "keep", _("Keep the targets")
        RESTATE = "restate", _("Restate the targets")

    verdict = models.CharField(_("Verdict"), max_length=8, choices=Verdict, blank=True)
    decision = models.CharField(_("Decision"), max_length=8, choices=Decision, blank=True)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "month"], name="one_check_a_month")
        ]

    def __str__(self) -> str:
        return f"reality of {self.month}"
