from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from experiments.models.observation import MetricImport
from production.models import (
    Channel,
    ContentItem,
    KpiDefinition,
    Pillar,
    Publication,
    Slot,
    User,
    Workspace,
)
from production.models.fields import PublicIdField


class ExperimentImport(models.Model):
    """A file of experiments: previewed, committed and undone as one unit."""

    class Kind(models.TextChoices):
        DAILY = "daily", _("a line for each variant and day")
        UPWORTHY = "upworthy", _("Upworthy archive, totals only")

    State = MetricImport.State

    public_id = PublicIdField("xim")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="experiment_imports")
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    # What is counted where the file does not name a KPI.
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=MetricImport.State, default="uploaded")
    file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to="experiments/", max_length=300)
    digest = models.CharField(max_length=64)
    report = models.JSONField(default=dict, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "digest"],
                condition=models.Q(state__in=["applying", "applied", "undoing"]),
                name="one_experiment_import_per_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class Experiment(models.Model):
    """Two to ten variants that differ in exactly one thing, and what came of them (R41)."""

    class Variable(models.TextChoices):
        HOOK = "hook", _("Hook")
        TITLE = "title", _("Title")
        LENGTH = "length", _("Length")
        THUMBNAIL = "thumbnail", _("Thumbnail")
        CTA = "cta", _("Call to action")
        OPENING = "opening", _("Opening")

    class Allocation(models.TextChoices):
        """Who sees which variant is decided by …"""

        PLATFORM_SPLIT = "platform_split", _("the platform, at random")
        OWN_RANDOM = "own_random", _("us, at random for each viewer")
        RANDOM_SLOTS = "random_slots", _("a draw of publishing slots")
        PLATFORM_DELIVERY = "delivery", _("the platform, by its own optimisation")
        NONE = "none", _("nobody: compared afterwards")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended, to be decided")
        DECIDED = "decided", _("Decided")
        CANCELLED = "cancelled", _("Cancelled")

    public_id = PublicIdField("exp")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="experiments")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(_("Title"), max_length=200)
    hypothesis = models.CharField(_("Hypothesis"), max_length=500, blank=True)
    variable = models.CharField(_("What differs"), max_length=10, choices=Variable)
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="experiments", null=True, blank=True,
        verbose_name=_("Channel"),
    )  # fmt: skip
    item = models.ForeignKey(
        ContentItem, models.SET_NULL, related_name="experiments", null=True, blank=True,
        verbose_name=_("Card"),
    )  # fmt: skip
    kpi = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="experiments", verbose_name=_("Primary KPI")
    )
    definition = models.PositiveIntegerField(default=1)  # the version of the KPI's definition
    allocation = models.CharField(_("Who sees what"), max_length=14, choices=Allocation)
    # Monday of the ISO week whose two slots it takes.
    week = models.DateField(_("Week"), null=True, blank=True)
    starts_on = models.DateField(_("From"), null=True, blank=True)
    ends_on = models.DateField(_("Planned end"), null=True, blank=True)
    detectable = models.FloatField(_("Lift to be seen"), null=True, blank=True)
    # Departures from the KPI's own rules for a verdict, said on every page that shows one.
    waived = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    decision = models.CharField(max_length=10, choices=ContentItem.Decision, blank=True)
    decision_reason = models.CharField(_("Why"), max_length=500, blank=True)
    overridden = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # Why its result counts nowhere: edited in between, numbers that are not true.
    invalid_reason = models.CharField(_("Does not count because"), max_length=300, blank=True)
    # What the platform itself said, in its words and its measure.
    platform_verdict = models.CharField(_("The platform says"), max_length=300, blank=True)
    source_ref = models.CharField(max_length=100, blank=True, editable=False)
    # The file that made it; taking the file back takes it along.
    brought_by = models.ForeignKey(
        ExperimentImport, models.SET_NULL, null=True, blank=True, related_name="experiments"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_experiment_per_key"),
            models.UniqueConstraint(
                fields=["workspace", "source_ref"],
                condition=~models.Q(source_ref=""),
                name="one_experiment_per_source",
            ),
            models.CheckConstraint(
                name="experiment_decided_with_a_reason",
                condition=models.Q(decided_at=None) | ~models.Q(decision=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "week"], name="experiment_week")]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        return f"EXP-{self.number}"

    @property
    def waivers(self) -> list[str]:
        """What it leaves out of the KPI's own rules, in words, wherever a verdict is shown."""
        return [str(WAIVERS[name]) for name in WAIVERS if self.waived.get(name)]


WAIVERS = {
    "totals_only": _("From an archive with totals only: one period, no rule for fewest days."),
    "no_control": _("No variant is the control: each is held against all others."),
    "second_variable": _("Headline and picture differ at once, so nobody knows which did it."),
}


class Guardrail(models.Model):
    """A KPI that the experiment must not harm by more than a margin."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="guardrails")
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+")
    margin = models.FloatField(_("Margin"), default=0.1)  # relative: 0.1 is 10 %

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["experiment", "kpi"], name="one_guardrail_per_kpi")
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} of {self.experiment_id}"


class Variant(models.Model):
    """One of the things compared; the first is the control."""

    public_id = PublicIdField("var")
    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="variants")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("Letter"), max_length=4)
    text = models.CharField(_("What it says"), max_length=500, blank=True)
    share = models.FloatField(_("Share"), default=1)  # of the traffic, in proportion to the others
    # hook_type, length_seconds, cta_type, thumbnail, …: what the playbook pools by
    attributes = models.JSONField(default=dict, blank=True)
    publications = models.ManyToManyField(Publication, related_name="variants", blank=True)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["experiment", "position"], name="one_variant_a_place"),
            models.UniqueConstraint(fields=["experiment", "label"], name="one_variant_a_letter"),
            models.CheckConstraint(name="variant_share_positive", condition=models.Q(share__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.label} of {self.experiment_id}"

    @property
    def is_control(self) -> bool:
        return self.position == 0


class VariantDay(models.Model):
    """What one variant did on one day, for one KPI."""

    class Origin(models.TextChoices):
        PUSHED = "pushed", _("pushed")
        FILE = "file", _("from a file")
        READ = "read", _("read from its publications")
        TYPED = "typed", _("typed")

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="days")
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+")
    day = models.DateField()
    exposures = models.FloatField()
    total = models.FloatField()
    sum_squares = models.FloatField(null=True, blank=True)  # of means only
    viewers = models.PositiveBigIntegerField(null=True, blank=True)  # the randomised unit, if known
    origin = models.CharField(max_length=6, choices=Origin)
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["variant", "kpi", "day"], name="one_line_a_day"),
            models.CheckConstraint(
                name="exposures_not_negative", condition=models.Q(exposures__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} on {self.day}"


class ReplacedDay(models.Model):
    """What a line of an experiment said before a file changed it; empty: there was none."""

    run = models.ForeignKey(ExperimentImport, models.CASCADE, related_name="replaced")
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="+")
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+")
    day = models.DateField()
    exposures = models.FloatField(null=True)
    total = models.FloatField(null=True)
    sum_squares = models.FloatField(null=True)
    viewers = models.PositiveBigIntegerField(null=True)
    origin = models.CharField(max_length=6, blank=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "variant", "kpi", "day"], name="one_replaced_line_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} on {self.day} before {self.run_id}"


class Snapshot(models.Model):
    """What the numbers said at some moment. Written once; a later one gives its reason."""

    class Reason(models.TextChoices):
        FIRST = "first", _("first look")
        NEW_DATA = "new_data", _("new numbers")
        LATE_DATA = "late_data", _("numbers of earlier days came late")
        KPI_VERSION = "kpi_version", _("the KPI is defined otherwise")
        METHOD_VERSION = "method_version", _("the method is newer")
        SRM = "srm", _("the split is not as planned")
        MANUAL = "manual", _("changed by a person")

    public_id = PublicIdField("snp")
    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=14, choices=Reason)
    method = models.PositiveSmallIntegerField()
    definition = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # of the lines, the KPI's and the method's version
    verdict = models.CharField(max_length=20)
    analysis = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["experiment", "number"], name="one_snapshot_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.experiment_id}"


class SlotDraw(models.Model):
    """Which variant goes to which publishing slot, drawn before publication (R3 evidence)."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="draws")
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="draws")
    slot = models.OneToOneField(Slot, models.CASCADE, related_name="draw")
    block = models.CharField(max_length=40)  # ISO week and channel
    seed = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.slot_id}"


class HookSprint(models.Model):
    """Ten hooks for each of the two main themes, tried within seven days (R54)."""

    public_id = PublicIdField("spr")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="hook_sprints")
    name = models.CharField(_("Name"), max_length=100)
    starts_on = models.DateField(_("From"))
    days = models.PositiveSmallIntegerField(default=7)
    per_theme = models.PositiveSmallIntegerField(_("Hooks per theme"), default=10)
    themes = models.ManyToManyField(Pillar, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class HookTry(models.Model):
    """One hook of a sprint, and where it is tried."""

    sprint = models.ForeignKey(HookSprint, models.CASCADE, related_name="tries")
    theme = models.ForeignKey(Pillar, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("Opening"), max_length=300)
    planned_on = models.DateField(_("Tried on"), null=True, blank=True)
    item = models.ForeignKey(ContentItem, models.SET_NULL, null=True, related_name="+")
    experiment = models.ForeignKey(Experiment, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sprint", "theme", "position"], name="one_hook_a_place")
        ]

    def __str__(self) -> str:
        return self.text
