from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from production.models.fields import PublicIdField
from production.models.people import User
from production.models.plan import Channel
from production.models.workspace import Workspace


class BoardQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: User) -> BoardQuerySet:
        return self.filter(
            workspace__memberships__user=user, workspace__memberships__removed_at=None
        )

    def active(self) -> BoardQuerySet:
        return self.filter(archived_at=None)


class Board(models.Model):
    public_id = PublicIdField("brd")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="boards")
    name = models.CharField(_("Name"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_board_per_name"),
            models.UniqueConstraint(fields=["workspace", "id"], name="board_in_workspace"),
        ]

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    """What a stage is for. Stages may be renamed and split; the kind keeps the metrics honest."""

    IDEA = "idea", _("Idea")
    SCRIPT = "script", _("Script")
    SHOOT = "shoot", _("Shoot")
    EDIT = "edit", pgettext_lazy("kind of stage", "Edit")
    PUBLISH = "publish", _("Publish")
    LEARN = "learn", _("Learn")
    DONE = "done", _("Done")


class Stage(models.Model):
    """A column of the board."""

    class LimitMode(models.TextChoices):
        WARN = "warn", _("Warn")
        BLOCK = "block", _("Block")

    public_id = PublicIdField("stg")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, related_name="stages")
    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField()
    wip_limit = models.PositiveSmallIntegerField(_("WIP limit"), null=True, blank=True)
    limit_mode = models.CharField(
        _("Above the limit"), max_length=5, choices=LimitMode, default=LimitMode.WARN
    )
    waiting = models.BooleanField(
        _("Waiting"),
        default=False,
        help_text=_("Cards here wait; nobody works on them."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    source_ref = models.CharField(max_length=64, blank=True, editable=False)
    # Ages at which half, 70 % and 85 % of published items had left this stage; kept by the
    # reader in `production/bands.py`, null while there are too few.
    p50_seconds = models.PositiveBigIntegerField(null=True, editable=False)
    p70_seconds = models.PositiveBigIntegerField(null=True, editable=False)
    p85_seconds = models.PositiveBigIntegerField(null=True, editable=False)
    # The usual time that a published item has spent in this stage; kept by the same reader.
    median_seconds = models.PositiveBigIntegerField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="stage_kind", condition=models.Q(kind__in=Kind.values)),
            models.UniqueConstraint(fields=["board", "id"], name="stage_in_board"),
            models.UniqueConstraint(fields=["workspace", "id"], name="stage_in_workspace"),
            models.UniqueConstraint(
                fields=["board", "name"],
                condition=models.Q(retired_at=None),
                name="one_stage_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Gate(models.Model):
    """A condition that an item must meet before it enters the stage."""

    class Check(models.TextChoices):
        MANUAL = "manual", _("Ticked by hand, with evidence")
        FIELD = "field", _("A field is filled in")
        COUNT = "count", _("At least so many")
        OPENINGS = (
            "openings",
            _("Openings for the first two seconds, one chosen with a reason"),
        )
        REVIEW = "review", _("Signed by a second person")
        OUT = "out", _("Published somewhere")

    class Counted(models.TextChoices):
        HOOKS = "hooks", _("Openings")
        FILES = "files", _("Files")
        LINKS = "links", _("Links")
        SOURCES = "sources", _("Sources")
        IMAGE_SOURCES = "image_sources", _("Image sources")
        DERIVATIVES = "derivatives", _("Derivatives")
        ASSIGNEES = "assignees", _("Assignees")

    class Field(models.TextChoices):
        CHANNEL = "channel", _("Channel")
        PILLAR = "pillar", _("Pillar")
        FORMAT = "format", _("Format")
        GOAL = "goal", _("Goal")
        PRIMARY_KPI = "primary_kpi", _("Primary KPI")
        TARGET_VALUE = "target_value", _("Target")
        HYPOTHESIS = "hypothesis", _("Hypothesis")
        PROMISE = "promise", _("Promise")
        PACING = "pacing", _("Pacing")
        CTA = "cta", _("Call to action")
        SCRIPT = "script", _("Script")
        LENGTH_ACTUAL = "length_actual_seconds", _("Actual length")
        RESULT_VALUE = "result_value", _("Result")
        DECISION = "decision", _("Decision")
        DECISION_REASON = "decision_reason", _("Why this decision")
        LEARNING = "learning", _("Learning")
        SOURCES = "sources", _("Sources")
        AI_USE = "ai_used_for", _("AI use")
        DUE_AT = "due_at", _("Due")

    public_id = PublicIdField("gat")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="gates")
    channel = models.ForeignKey(
        Channel,
        models.CASCADE,
        related_name="gates",
        null=True,
        blank=True,
        verbose_name=_("Only for channel"),
    )
    label = models.CharField(_("What must hold"), max_length=120)
    check_kind = models.CharField(_("Check"), max_length=10, choices=Check, default=Check.MANUAL)
    field = models.CharField(_("Field"), max_length=30, choices=Field, blank=True)
    counted = models.CharField(_("What is counted"), max_length=20, choices=Counted, blank=True)
    at_least = models.PositiveSmallIntegerField(_("At least"), default=1)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="gate_says_what_it_checks",
                condition=(~models.Q(check_kind="field") | ~models.Q(field=""))
                & (~models.Q(check_kind="count") | ~models.Q(counted="")),
            )
        ]

    def __str__(self) -> str:
        return self.label


class SavedView(models.Model):
    """A board's filters under a name; `query` is the page's query string, which is the API's."""

    public_id = PublicIdField("viw")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(_("For the whole team"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "owner", "name"], name="one_saved_view_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
