from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.board import Board, Gate, Kind, Stage
from production.models.fields import PublicIdField
from production.models.imports import ImportRun
from production.models.people import User
from production.models.plan import (
    Channel,
    Format,
    Goal,
    KpiDefinition,
    Label,
    Partner,
    Pillar,
)
from production.models.workspace import Membership, Role, Workspace


class ItemQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: User) -> ItemQuerySet:
        """Everything in the person's workspaces; for an external contributor what is theirs."""
        seats = Membership.objects.filter(user=user, removed_at=None)
        return self.filter(
            models.Q(workspace__in=seats.exclude(role=Role.EXTERNAL).values("workspace"))
            | models.Q(
                workspace__in=seats.filter(role=Role.EXTERNAL).values("workspace"),
                pk__in=Assignment.objects.filter(user=user).values("item"),
            )
        )

    def active(self) -> ItemQuerySet:
        return self.filter(archived_at=None)

    def in_stage(self, stage: Stage) -> ItemQuerySet:
        return self.active().filter(stage=stage).order_by("rank", "id")

    def in_progress(self) -> ItemQuerySet:
        """Committed and not out: what counts as WIP."""
        return (
            self.active()
            .filter(committed_at__isnull=False, published_at=None)
            .exclude(stage__kind__in=[Kind.LEARN, Kind.DONE])
        )


class ContentItem(models.Model):
    """One piece of content for one channel; on the board, a card."""

    class ContentType(models.TextChoices):
        VIDEO = "video", _("Video")
        SHORT = "short", _("Short video")
        POST = "post", _("Post")
        CAROUSEL = "carousel", _("Carousel")
        STORY = "story", _("Story")
        LIVE = "live", _("Live")
        ARTICLE = "article", _("Article")
        LANDING_PAGE = "landing_page", _("Landing page")
        NEWSLETTER = "newsletter", _("Newsletter")
        CONVERSION = "conversion", _("Conversion post")
        QUESTION = "question", _("Question")

    class Decision(models.TextChoices):
        REPEAT = "repeat", _("Repeat")
        IMPROVE = "improve", _("Improve")
        DROP = "drop", _("Drop")

    public_id = PublicIdField("itm")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="items")
    board = models.ForeignKey(Board, models.PROTECT, related_name="items")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="items")
    number = models.PositiveIntegerField(editable=False)
    rank = models.BigIntegerField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    # What it is
    title = models.CharField(_("Title"), max_length=200)
    content_type = models.CharField(
        _("Type"), max_length=20, choices=ContentType, default=ContentType.VIDEO
    )
    description = models.TextField(_("Description"), max_length=20_000, blank=True)
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="items", null=True, blank=True,
        verbose_name=_("Channel"),
    )  # fmt: skip
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, related_name="items", null=True, blank=True,
        verbose_name=_("Pillar"),
    )  # fmt: skip
    format = models.ForeignKey(
        Format, models.PROTECT, related_name="items", null=True, blank=True,
        verbose_name=_("Format"),
    )  # fmt: skip
    goal = models.ForeignKey(
        Goal,
        models.PROTECT,
        related_name="items",
        null=True,
        blank=True,
        verbose_name=_("Goal"),
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="items", null=True, blank=True,
        verbose_name=_("Partner"),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="derivatives", null=True, blank=True,
        verbose_name=_("Main piece"),
    )  # fmt: skip
    labels = models.ManyToManyField(Label, related_name="items", blank=True)
    assignees: models.ManyToManyField[User, Assignment] = models.ManyToManyField(
        User, through="Assignment", related_name="assigned_items"
    )
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    url = models.URLField(_("Address"), max_length=500, blank=True)
    cost = models.DecimalField(_("Cost"), max_digits=10, decimal_places=2, null=True, blank=True)

    # What it says
    hypothesis = models.CharField(_("Hypothesis"), max_length=500, blank=True)
    promise = models.CharField(_("Promise"), max_length=300, blank=True)
    pacing = models.CharField(_("Pacing"), max_length=300, blank=True)
    cta = models.CharField(_("Call to action"), max_length=200, blank=True)
    length_min_seconds = models.PositiveIntegerField(_("Planned from, s"), null=True, blank=True)
    length_max_seconds = models.PositiveIntegerField(_("Planned to, s"), null=True, blank=True)
    length_actual_seconds = models.PositiveIntegerField(
        _("Actual length, s"), null=True, blank=True
    )
    b_roll = models.JSONField(_("B-roll list"), default=list, blank=True)
    sources = models.JSONField(_("Sources"), default=list, blank=True)
    image_sources = models.JSONField(_("Image sources"), default=list, blank=True)
    ai_used_for = models.JSONField(_("AI used for"), default=list, blank=True)
    custom = models.JSONField(_("Other fields"), default=dict, blank=True)

    # What it is for, and what came of it
    primary_kpi = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("Primary KPI"),
    )  # fmt: skip
    secondary_kpi = models.ForeignKey(
        KpiDefinition, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("Secondary KPI"),
    )  # fmt: skip
    target_value = models.DecimalField(
        _("Target"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    result_value = models.DecimalField(
        _("Result"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    decision = models.CharField(_("Decision"), max_length=10, choices=Decision, blank=True)
    decision_reason = models.CharField(_("Why this decision"), max_length=500, blank=True)
    learning = models.CharField(_("Learning"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    # Where it stands
    blocked_reason = models.CharField(_("Blocked because"), max_length=300, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Stamps, set by verbs only; equal at any time to a replay of the log.
    idea_at = models.DateTimeField(editable=False)
    committed_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    last_published_at = models.DateTimeField(null=True, editable=False)
    learned_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    stage_entered_at = models.DateTimeField(editable=False)
    reopened_count = models.PositiveSmallIntegerField(default=0, editable=False)
    rework_count = models.PositiveSmallIntegerField(default=0, editable=False)
    # Imported cards whose beginning the source does not tell: history starts here.
    history_from = models.DateTimeField(null=True, blank=True, editable=False)

    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(editable=False)
    # Whoever last changed what the public will see may not sign it.
    content_digest = models.CharField(max_length=71, blank=True, editable=False)
    content_edited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    import_run = models.ForeignKey(
        ImportRun,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        editable=False,
    )
    source_ref = models.CharField(max_length=100, blank=True, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_item_per_key"),
            models.UniqueConstraint(fields=["workspace", "id"], name="item_in_workspace"),
            models.UniqueConstraint(
                fields=["stage", "rank"],
                condition=models.Q(archived_at=None),
                name="one_item_per_place",
            ),
            models.CheckConstraint(
                name="item_length_range",
                condition=models.Q(length_min_seconds=None)
                | models.Q(length_max_seconds=None)
                | models.Q(length_max_seconds__gte=models.F("length_min_seconds")),
            ),
            models.CheckConstraint(
                name="item_blocked_has_reason",
                condition=models.Q(blocked_at=None, blocked_reason="")
                | (models.Q(blocked_at__isnull=False) & ~models.Q(blocked_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["board", "stage", "rank"], name="item_board_order"),
            models.Index(fields=["workspace", "published_at"], name="item_published"),
            models.Index(fields=["workspace", "updated_at"], name="item_updated"),
            models.Index(
                fields=["workspace", "committed_at"],
                name="item_in_progress",
                condition=models.Q(archived_at=None, published_at=None, committed_at__isnull=False),
            ),
            models.Index(fields=["parent"], name="item_parent"),
            models.Index(
                fields=["workspace", "source_ref"],
                name="item_source",
                condition=~models.Q(source_ref=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def key(self) -> str:
        """`VID-42`; needs `workspace` to be loaded."""
        return f"{self.workspace.item_prefix}-{self.number}"


class Assignment(models.Model):
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="one_assignment_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.item_id}"


class GatePass(models.Model):
    """A manual gate, ticked for one item by one person with what they saw."""

    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="gate_passes")
    gate = models.ForeignKey(Gate, models.CASCADE, related_name="passes")
    evidence = models.CharField(_("Evidence"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "gate"], name="one_pass_per_gate")]

    def __str__(self) -> str:
        return f"{self.gate_id} for {self.item_id}"


class Hook(models.Model):
    """One opening for the first two seconds; at most one per item is chosen, with a reason."""

    class HookType(models.TextChoices):
        QUESTION = "question", _("Question")
        NUMBER = "number", _("Number")
        CLAIM = "claim", _("Claim")
        CONTRAST = "contrast", _("Contrast")
        HOW_TO = "how_to", _("How-to")
        STORY = "story", _("Story")
        MISTAKE = "mistake", _("Mistake")
        OTHER = "other", _("Other")

    public_id = PublicIdField("hok")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="hooks")
    text = models.CharField(_("Opening"), max_length=300)
    hook_type = models.CharField(_("Type"), max_length=10, choices=HookType, default=HookType.OTHER)
    note = models.CharField(_("What the try showed"), max_length=300, blank=True)
    chosen = models.BooleanField(default=False)
    chosen_reason = models.CharField(_("Why this one"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(chosen=True), name="one_chosen_hook"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Script(models.Model):
    """The text of an item, saved as it is typed; a resource of its own with its own version."""

    item = models.OneToOneField(ContentItem, models.CASCADE, related_name="script")
    text = models.TextField(_("Script"), max_length=200_000, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"script of {self.item_id}"


class ScriptVersion(models.Model):
    """What the script said at some time. Written once, never changed."""

    script = models.ForeignKey(Script, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["script", "number"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"v{self.number} of {self.script_id}"


class ChecklistEntry(models.Model):
    """A line to tick on a card: B-roll, sub-tasks, imported checklists."""

    public_id = PublicIdField("chk")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="checklist")
    group = models.CharField(_("List"), max_length=100, blank=True)
    text = models.CharField(_("What"), max_length=500)
    done = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.text
