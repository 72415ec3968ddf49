from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models import Cycle, User, Workspace
from production.models.fields import PublicIdField


class Strategy(models.Model):
    """What the team stands for, on one page (R1). A cycle starts from a page without gaps."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="strategy")
    goals = models.TextField(_("Goals"), max_length=4_000, blank=True)
    audience = models.TextField(_("Audience"), max_length=4_000, blank=True)
    channels = models.TextField(_("Channels"), max_length=4_000, blank=True)
    rhythm = models.TextField(_("Weekly rhythm"), max_length=4_000, blank=True)
    kpis = models.TextField(_("KPIs today"), max_length=4_000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"strategy of {self.workspace_id}"


class StrategyVersion(models.Model):
    """The page as it was; with a cycle: as it stands for these ninety days. Never changed."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    cycle = models.OneToOneField(
        Cycle, models.SET_NULL, related_name="strategy", null=True, blank=True
    )
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="one_strategy_a_number")
        ]

    def __str__(self) -> str:
        return f"v{self.number} of {self.strategy_id}"


class Responsibility(models.Model):
    """Who owns the data, the production and the community (R12)."""

    class Area(models.TextChoices):
        DATA = "data", _("Data: the KPIs")
        PRODUCTION = "production", _("Production")
        COMMUNITY = "community", _("Community: comments and messages")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="responsibilities")
    area = models.CharField(_("Area"), max_length=10, choices=Area)
    person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Person")
    )
    deputy = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Deputy")
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "area"], name="one_person_an_area")
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.person_id}"


class Routine(models.Model):
    """A duty that comes again: who has it, how often, how long it takes (R51)."""

    class Every(models.TextChoices):
        DAY = "day", _("Every working day")
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")

    public_id = PublicIdField("rtn")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="routines")
    name = models.CharField(_("Duty"), max_length=120)
    every = models.CharField(_("How often"), max_length=5, choices=Every, default=Every.DAY)
    minutes = models.PositiveSmallIntegerField(_("Minutes"), default=20)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class RoutineTick(models.Model):
    """A duty that was done, once in its day, week or month."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="routine_ticks")
    routine = models.ForeignKey(Routine, models.CASCADE, related_name="ticks")
    period = models.DateField()  # the first day of its day, week or month
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField(_("Minutes"), default=20)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["routine", "period"], name="one_tick_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.routine_id} on {self.day}"


class PhaseTick(models.Model):
    """A line of a phase's checklist that no rule can tick by itself."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="ticks")
    code = models.CharField(max_length=40)
    evidence = models.CharField(_("What shows it"), max_length=500, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "code"], name="one_tick_a_line")
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.cycle_id}"


class Retrospective(models.Model):
    """What a cycle taught, written at its end; the next one begins with it."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="retrospective")
    kept = models.TextField(_("What we keep"), max_length=4_000, blank=True)
    changed = models.TextField(_("What we change"), max_length=4_000, blank=True)
    stopped = models.TextField(_("What we stop"), max_length=4_000, blank=True)
    # What the next cycle took over from it: formats, gates, targets, by their public ids.
    seed = models.JSONField(default=dict, blank=True)
    seeded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"retrospective of {self.cycle_id}"
