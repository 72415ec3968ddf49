from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.fields import PublicIdField
from production.models.people import User
from production.models.plan import Channel, KpiDefinition
from production.models.workspace import Workspace


class Cycle(models.Model):
    """Ninety days in which the strategy stands still and the execution does not (R8, R86)."""

    class Template(models.TextChoices):
        B2C = "b2c", _("Consumers")
        B2B = "b2b", _("Companies")

    public_id = PublicIdField("cyc")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="cycles")
    name = models.CharField(_("Name"), max_length=100)
    template = models.CharField(_("For"), max_length=3, choices=Template, default=Template.B2C)
    starts_on = models.DateField(_("First day"))
    days = models.PositiveSmallIntegerField(_("Days"), default=90)
    # The last day of each phase, as its rows say; read on every page.
    phase_ends = models.JSONField(default=list, editable=False)
    # The one conversion that everything leads to (R3).
    core_conversion = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("Core conversion"),
    )  # fmt: skip
    # Two tiles instead of the whole table (R85).
    lean = models.BooleanField(_("Lean: two KPIs only"), default=False)
    campaign = models.SlugField(_("Campaign in links"), max_length=60, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(started_at__isnull=False, ended_at=None),
                name="one_running_cycle",
            ),
            models.CheckConstraint(name="cycle_has_days", condition=models.Q(days__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ends_on(self) -> date:
        """The last day of it."""
        return self.starts_on + timedelta(days=self.days - 1)

    def day_on(self, today: date) -> int:
        """Day 1 is the first; smaller before it, greater than `days` after it."""
        return (today - self.starts_on).days + 1


class CyclePhase(models.Model):
    """One of the four phases: its days, what must hold at its end, what was decided then (R29)."""

    class Decision(models.TextChoices):
        GO = "go", _("Go on")
        EXTEND = "extend", _("Extend")
        STOP = "stop", _("Stop")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField(_("Phase"))
    first_day = models.PositiveSmallIntegerField(_("From day"))
    last_day = models.PositiveSmallIntegerField(_("To day"))
    decision = models.CharField(_("Decision"), max_length=6, choices=Decision, blank=True)
    decision_note = models.CharField(_("Why"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "number"], name="one_phase_per_number"),
            models.CheckConstraint(
                name="phase_days_in_order",
                condition=models.Q(last_day__gte=models.F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} phase {self.number}"


class CycleChannel(models.Model):
    """A channel of a cycle, locked for its length (R10)."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="channels")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    role = models.CharField(_("Role"), max_length=10, choices=Channel.Role)
    override_reason = models.CharField(_("Unlocked because"), max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "channel"], name="one_channel_per_cycle")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} in {self.cycle_id}"
