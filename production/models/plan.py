"""The vocabulary of the plan: channels, pillars, formats, KPI definitions, goals."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.fields import PublicIdField
from production.models.people import User
from production.models.workspace import Workspace


class PlanQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: User) -> PlanQuerySet:
        return self.filter(
            workspace__memberships__user=user, workspace__memberships__removed_at=None
        )

    def active(self) -> PlanQuerySet:
        return self.filter(retired_at=None)


class PlanEntry(models.Model):
    """What every word of the plan has: a workspace, a version, an end."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        abstract = True


class KpiDefinition(PlanEntry):
    """What is counted, over what, from which source. A change makes a new version (R71)."""

    class Kind(models.TextChoices):
        RATIO = "ratio", _("Ratio of sums")
        MEAN = "mean", _("Weighted mean")
        COUNT = "count", _("Count")
        DURATION = "duration", _("Duration")
        MONEY = "money", _("Money per piece")

    class Direction(models.TextChoices):
        UP = "up", _("Higher is better")
        DOWN = "down", _("Lower is better")

    class Basis(models.TextChoices):
        """What a period's figure is made of."""

        AUTO = "auto", _("by day where daily numbers exist, else by publication")
        DAY = "day", _("what happened on these days")
        POST = "post", _("of what was published on these days")

    class Statistic(models.TextChoices):
        """How one exposure counts: see docs/statistics.md."""

        COUNT = "count", _("Events per exposure")
        PROPORTION = "proportion", _("Each exposure yes or no")
        MEAN = "mean", _("A measured value per exposure")

    public_id = PublicIdField("kpi")
    code = models.SlugField(_("Code"), max_length=60, help_text=_("For programs; stays the same."))
    name = models.CharField(_("Name"), max_length=100)
    short_name = models.CharField(
        _("Short name"), max_length=24, blank=True, help_text=_("For cards.")
    )
    numerator = models.CharField(_("Numerator"), max_length=200)
    denominator = models.CharField(_("Denominator"), max_length=200, blank=True)
    per = models.PositiveIntegerField(_("Per"), default=1, help_text=_("1 000 for “per 1 000”."))
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.RATIO)
    direction = models.CharField(
        _("Direction"), max_length=4, choices=Direction, default=Direction.UP
    )
    source = models.CharField(_("Source"), max_length=200, blank=True)
    # What is added up, in metric codes: `comments+saves`, `avg_view_pct*views`. Empty: the KPI is
    # computed elsewhere (lead time), or only typed.
    numerator_metrics = models.CharField(_("Numerator, in metrics"), max_length=120, blank=True)
    denominator_metrics = models.CharField(_("Denominator, in metrics"), max_length=120, blank=True)
    basis = models.CharField(_("Counted"), max_length=8, choices=Basis, default=Basis.AUTO)
    # Only publications that are this old count, at that age; empty: at their newest numbers.
    age_hours = models.PositiveIntegerField(_("At the age of, h"), null=True, blank=True)
    statistic = models.CharField(
        _("For experiments"), max_length=10, choices=Statistic, default=Statistic.COUNT
    )
    min_events = models.PositiveIntegerField(_("Fewest events for a verdict"), default=20)
    min_days = models.PositiveSmallIntegerField(_("Fewest days for a verdict"), default=7)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="one_kpi_per_code"),
            models.CheckConstraint(name="kpi_per_positive", condition=models.Q(per__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class KpiDefinitionVersion(models.Model):
    """How a KPI was defined at some time. Written once, never changed."""

    kpi = models.ForeignKey(KpiDefinition, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kpi", "number"], name="one_kpi_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.kpi} v{self.number}"


class Goal(PlanEntry):
    """What a piece is for; presets its primary and secondary KPI (R14 to R16)."""

    public_id = PublicIdField("gol")
    name = models.CharField(_("Name"), max_length=100)
    primary_kpi = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="+", verbose_name=_("Primary KPI")
    )
    secondary_kpi = models.ForeignKey(
        KpiDefinition,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("Secondary KPI"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_goal_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Channel(PlanEntry):
    """Where the team publishes: one handle on one platform."""

    class Platform(models.TextChoices):
        YOUTUBE = "youtube", "YouTube"
        YOUTUBE_SHORTS = "youtube_shorts", "YouTube Shorts"
        INSTAGRAM = "instagram", "Instagram"
        TIKTOK = "tiktok", "TikTok"
        LINKEDIN = "linkedin", "LinkedIn"
        FACEBOOK = "facebook", "Facebook"
        X = "x", "X"
        THREADS = "threads", "Threads"
        PINTEREST = "pinterest", "Pinterest"
        WEB = "web", _("Web site")
        NEWSLETTER = "newsletter", _("Newsletter")
        OTHER = "other", _("Other")

    class Role(models.TextChoices):
        PRIMARY = "primary", _("Primary")
        SUPPORT = "support", _("Support")

    MARKS: ClassVar[dict[str, str]] = {
        "youtube": "YT", "youtube_shorts": "YS", "instagram": "IG", "tiktok": "TT",
        "linkedin": "LI", "facebook": "FB", "x": "X", "threads": "TH", "pinterest": "PI",
        "web": "WEB", "newsletter": "NL", "other": "··",
    }  # fmt: skip

    public_id = PublicIdField("chn")
    name = models.CharField(_("Name"), max_length=60)
    platform = models.CharField(_("Platform"), max_length=20, choices=Platform)
    handle = models.CharField(_("Handle"), max_length=100, blank=True)
    role = models.CharField(_("Role"), max_length=10, choices=Role, default=Role.PRIMARY)
    winning_kpi = models.ForeignKey(
        KpiDefinition,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("Winning KPI"),
    )
    reporting_zone = models.CharField(
        _("Reporting zone"),
        max_length=64,
        default="America/Los_Angeles",
        help_text=_("The zone in which the platform counts its days."),
    )
    locked_until = models.DateField(_("Locked until"), null=True, blank=True)
    # A tool said that it may not publish there any more.
    disconnected_at = models.DateTimeField(null=True, blank=True, editable=False)
    disconnected_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_channel_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        return self.MARKS[self.platform]


class ChannelSignal(models.Model):
    """One of the three signals that the channel's algorithm rewards (R2)."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="signals")
    rank = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3)])
    name = models.CharField(_("Signal"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "rank"], name="one_signal_per_rank"),
            models.CheckConstraint(
                name="signal_rank_1_to_3", condition=models.Q(rank__gte=1, rank__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Pillar(PlanEntry):
    """A theme the team returns to, measured by one KPI (R18, R19)."""

    public_id = PublicIdField("pil")
    name = models.CharField(_("Name"), max_length=60)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+", verbose_name=_("KPI"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_pillar_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Format(PlanEntry):
    """A repeatable shape of content with its template (R20, R21)."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("Candidate")
        TESTING = "testing", _("Testing")
        PROVEN = "proven", _("Proven")
        RETIRED = "retired", _("Retired")

    public_id = PublicIdField("fmt")
    name = models.CharField(_("Name"), max_length=60)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.CANDIDATE)
    title_formula = models.CharField(
        _("Title formula"),
        max_length=200,
        blank=True,
        help_text=_("Slots in braces: {number} mistakes in {topic}"),
    )
    hook_pattern = models.CharField(_("Hook"), max_length=200, blank=True)
    b_roll = models.JSONField(_("B-roll list"), default=list, blank=True)
    cta = models.CharField(_("Call to action"), max_length=200, blank=True)
    length_min_seconds = models.PositiveIntegerField(_("Shortest, seconds"), null=True, blank=True)
    length_max_seconds = models.PositiveIntegerField(_("Longest, seconds"), null=True, blank=True)
    script_template = models.TextField(_("Script template"), max_length=20_000, blank=True)
    definition_of_done = models.TextField(_("Definition of done"), max_length=4_000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_format_per_name"),
            models.CheckConstraint(
                name="format_length_range",
                condition=models.Q(length_min_seconds=None)
                | models.Q(length_max_seconds=None)
                | models.Q(length_max_seconds__gte=models.F("length_min_seconds")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(PlanEntry):
    """Somebody outside the team who lends trust to a piece (R25)."""

    public_id = PublicIdField("prt")
    name = models.CharField(_("Name"), max_length=100)
    handle = models.CharField(_("Handle"), max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_partner_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Label(PlanEntry):
    public_id = PublicIdField("lbl")
    name = models.CharField(_("Name"), max_length=50)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_label_per_name")
        ]

    def __str__(self) -> str:
        return self.name
