from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models import Cycle, User, Workspace


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


class RoutineTick(models.Model):
    """One person's minutes in the comments on one day (R51)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="routine_ticks")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField(_("Minutes"), default=20)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user", "day"], name="one_tick_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.day}"


class PhaseTick(models.Model):
    """A line of a phase's checklist that no rule can tick by itself."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="ticks")
    code = models.CharField(max_length=40)
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
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"retrospective of {self.cycle_id}"
