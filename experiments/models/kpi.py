from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from production.models import (
    Channel,
    ContentItem,
    Cycle,
    Format,
    KpiDefinition,
    User,
    Workspace,
)
from production.models.fields import PublicIdField


class TrackedKpi(models.Model):
    """One line of the KPI table: a KPI that somebody owns, on its way to a target (R56)."""

    public_id = PublicIdField("tkp")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="tracked_kpis")
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="tracked")
    # Empty: all primary channels together.
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Channel")
    )
    cycle = models.ForeignKey(
        Cycle, models.SET_NULL, related_name="tracked_kpis", null=True, blank=True
    )
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    cadence_days = models.PositiveSmallIntegerField(_("Reviewed every, days"), default=7)
    next_review_on = models.DateField(_("Next review"), null=True, blank=True)
    target = models.FloatField(_("Target on the last day"), null=True, blank=True)
    # One of the two that remain in a lean cycle (R85).
    lean = models.BooleanField(_("Shown when lean"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace",
                "kpi",
                Coalesce("channel", 0),
                condition=models.Q(retired_at=None),
                name="one_line_per_kpi_and_channel",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} on {self.channel_id}"


class Baseline(models.Model):
    """A KPI over the 28 days before a cycle, frozen (R57). Written once, never changed."""

    tracked = models.ForeignKey(TrackedKpi, models.CASCADE, related_name="baselines")
    number = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    # Empty: there was nothing to count.
    value = models.FloatField(null=True)
    standard_error = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    days_with_data = models.PositiveSmallIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)
    definition = models.PositiveIntegerField()  # the version of the KPI's definition
    typed = models.BooleanField(default=False)  # said by a person, not counted
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tracked", "number"], name="one_baseline_per_number")
        ]

    def __str__(self) -> str:
        return f"baseline {self.number} of {self.tracked_id}"


class KpiReview(models.Model):
    """Somebody looked at a KPI on its day and said what they saw (R56, R73)."""

    tracked = models.ForeignKey(TrackedKpi, models.CASCADE, related_name="reviews")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    value = models.FloatField(null=True)
    note = models.CharField(_("Note"), max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.tracked_id} seen at {self.at}"


class DailyCheck(models.Model):
    """The ten-minute routine of one person on one day (R73)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="daily_checks")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    day = models.DateField()
    well = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user", "day"], name="one_check_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.day}"


class ThresholdRule(models.Model):
    """When a KPI does this for that long, somebody has to do something (R66)."""

    class Condition(models.TextChoices):
        BELOW = "below", _("falls below a line")
        ABOVE = "above", _("rises above a line")
        WORSE = "worse", _("is worse than its baseline")
        RISING = "rising", _("rises")
        RISING_OTHER_FLAT = "gap", _("rises while another does not")

    class Scope(models.TextChoices):
        SERIES = "series", _("the KPI as a whole")
        POST = "post", _("each publication")

    class Step(models.TextChoices):
        """The next step that an action opens with."""

        SHORTEN = "shorten", _("Shorten by 10–20 % and change the hook")
        SEQUELS = "sequels", _("Three sequels within seven days")
        LANDING_PAGE = "landing_page", _("Mend the landing page or the form")
        OTHER = "other", _("In own words")

    public_id = PublicIdField("thr")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="threshold_rules")
    name = models.CharField(_("Name"), max_length=120)
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+", verbose_name=_("KPI"))
    other_kpi = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("Other KPI"),
    )  # fmt: skip
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Channel")
    )
    scope = models.CharField(_("Looks at"), max_length=6, choices=Scope, default=Scope.SERIES)
    condition = models.CharField(_("When it"), max_length=6, choices=Condition)
    line = models.FloatField(_("Line"), null=True, blank=True)
    # Over when the KPI is back beyond this; empty: beyond its baseline, or the line.
    clear_line = models.FloatField(_("Over when back at"), null=True, blank=True)
    # Of each publication: how old its numbers are.
    for_days = models.PositiveSmallIntegerField(_("For, days"), default=14)
    min_posts = models.PositiveSmallIntegerField(_("Fewest publications"), default=8)
    # Of each publication: impressions, views … below which its number says nothing.
    min_base = models.PositiveIntegerField(_("Fewest in the denominator"), default=0)
    format = models.ForeignKey(
        Format, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Format")
    )
    step = models.CharField(_("Next step"), max_length=12, choices=Step, default=Step.OTHER)
    step_text = models.CharField(_("In own words"), max_length=300, blank=True)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    due_days = models.PositiveSmallIntegerField(_("Due within, days"), default=7)
    preset = models.CharField(max_length=40, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Crossing(models.Model):
    """A rule that came true for something, with the numbers that made it so."""

    public_id = PublicIdField("crs")
    rule = models.ForeignKey(ThresholdRule, models.CASCADE, related_name="crossings")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", null=True)
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="crossings", null=True)
    at = models.DateTimeField()
    # value, low, high, line, baseline, n, first_day, last_day: what the sentence is made of
    numbers = models.JSONField(default=dict)
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "rule",
                Coalesce("channel", 0),
                Coalesce("item", 0),
                condition=models.Q(cleared_at=None),
                name="one_open_crossing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} at {self.at}"


class Action(models.Model):
    """What one person does about a KPI until a day; closed only with an outcome (R66, R72)."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done, it helped")
        NO_HELP = "no_help", _("Done, it did not help")
        NOT_NEEDED = "not_needed", _("Not needed any more")

    public_id = PublicIdField("act")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="actions")
    crossing = models.OneToOneField(
        Crossing, models.CASCADE, related_name="action", null=True, blank=True
    )
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", null=True, blank=True)
    item = models.ForeignKey(
        ContentItem, models.CASCADE, related_name="actions", null=True, blank=True
    )
    step = models.CharField(_("Next step"), max_length=12, choices=ThresholdRule.Step)
    # What the step starts with: a new length, the theme of sequels, …
    proposal = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("What to do"), max_length=500, blank=True)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    due_on = models.DateField(_("Due"))
    value_when_opened = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # Cards that were made by it.
    made = models.ManyToManyField(ContentItem, related_name="made_by_actions", blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=10, choices=Outcome, blank=True)
    outcome_note = models.CharField(_("What came of it"), max_length=500, blank=True)
    value_when_closed = models.FloatField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="action_closes_with_an_outcome",
                condition=models.Q(closed_at=None, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "due_on"],
                name="action_open",
                condition=models.Q(closed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} until {self.due_on}"


class KpiAlert(models.Model):
    """A shift or a divergence that the numbers show, said in one sentence (statistics)."""

    class Kind(models.TextChoices):
        SHIFT = "shift", _("Shift")
        EARLY_HINT = "hint", _("Early hint")
        SPIKE = "spike", _("One-off")
        CONTENT_FLOOD = "flood", _("Content flood")
        HOLLOW_GROWTH = "hollow", _("Hollow growth")
        LANDING_PAGE = "landing", _("Clicks without leads")
        ALGORITHM = "algorithm", _("Reach falls on several formats")
        NEGATIVE = "negative", _("Tone turns negative")

    public_id = PublicIdField("alr")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="kpi_alerts")
    kind = models.CharField(max_length=10, choices=Kind)
    tracked = models.ForeignKey(TrackedKpi, models.CASCADE, related_name="alerts", null=True)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", null=True)
    week = models.DateField()  # its Monday
    numbers = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace",
                "kind",
                Coalesce("tracked", 0),
                Coalesce("channel", 0),
                "week",
                name="one_alert_a_week",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} in the week of {self.week}"
