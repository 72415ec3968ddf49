from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from production.models import Channel, Publication, User, Workspace
from production.models.fields import PublicIdField


class MetricSource(models.Model):
    """Whoever tells numbers: a tool that pushes, a kind of file, a person who types."""

    class Kind(models.TextChoices):
        API = "api", _("pushed")
        FILE = "file", _("from a file")
        MANUAL = "manual", _("typed")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="metric_sources")
    tool = models.CharField(_("Tool"), max_length=60)
    kind = models.CharField(max_length=6, choices=Kind)
    # The zone of its times, asked once.
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "tool"], name="one_source_per_tool")
        ]

    def __str__(self) -> str:
        return self.tool


class MetricSubject(models.Model):
    """What a number is about: a publication, a channel, the workspace, or a post nobody knows."""

    class Kind(models.TextChoices):
        PUBLICATION = "publication", _("Publication")
        CHANNEL = "channel", _("Channel")
        WORKSPACE = "workspace", _("Workspace")
        UNMATCHED = "unmatched", _("Unknown post")

    public_id = PublicIdField("sub")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="metric_subjects")
    kind = models.CharField(max_length=12, choices=Kind)
    publication = models.OneToOneField(
        Publication, models.CASCADE, related_name="metric_subject", null=True, blank=True
    )
    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="metric_subjects", null=True, blank=True
    )
    # What the source said of a post: by these it is matched, or attached by a person.
    platform = models.CharField(max_length=20, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    permalink = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace",
                "platform",
                Coalesce("channel", 0),
                "external_id",
                condition=models.Q(kind="unmatched") & ~models.Q(external_id=""),
                name="one_unknown_post_per_id",
            ),
            models.UniqueConstraint(
                fields=["channel"],
                condition=models.Q(kind="channel"),
                name="one_subject_per_channel",
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(kind="workspace"),
                name="one_subject_per_workspace",
            ),
            models.CheckConstraint(
                name="subject_names_its_kind",
                condition=models.Q(kind="publication", publication__isnull=False)
                | models.Q(kind="channel", channel__isnull=False, publication=None)
                | models.Q(kind__in=["workspace", "unmatched"], publication=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Grain(models.IntegerChoices):
    LIFETIME = 0, _("since publication")
    DAY = 1, _("of one day")


class Traffic(models.IntegerChoices):
    ALL = 0, _("all")
    ORGANIC = 1, _("organic")
    PAID = 2, _("paid")


class MetricImport(models.Model):
    """One file of numbers: previewed, committed and undone as one unit."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        READING = "reading", _("Being read")
        PREVIEWED = "previewed", _("Previewed")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        REFUSED = "refused", _("Refused")

    public_id = PublicIdField("mim")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="metric_imports")
    source = models.ForeignKey(MetricSource, models.PROTECT, related_name="imports", null=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    recognised = models.CharField(max_length=40, blank=True)  # youtube.content, meta.daily, …
    file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to="metrics/", max_length=300)
    digest = models.CharField(max_length=64)
    # What the person said: zone, period, which of two columns.
    answers = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "digest"], name="metric_import_same_file")
        ]
        constraints: ClassVar = [
            # Two people may choose the same file at the same moment: one of them brings it in.
            models.UniqueConstraint(
                fields=["workspace", "digest"],
                condition=models.Q(state__in=["applying", "applied", "undoing"]),
                name="one_metric_import_per_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class Observation(models.Model):
    """One number of one subject for one period, as the source told it last.

    On PostgreSQL the table is partitioned by `period`. The natural key is the primary key; what a
    later telling replaced stands in `ObservationChange`. A row exists only for a number that is
    known: what is missing has no row.
    """

    pk = models.CompositePrimaryKey("subject", "metric", "grain", "period", "traffic", "source")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    subject = models.ForeignKey(
        MetricSubject, models.CASCADE, related_name="observations", db_index=False
    )
    metric = models.PositiveSmallIntegerField()  # experiments/metrics.py names them
    grain = models.PositiveSmallIntegerField(choices=Grain)
    # The day in the source's zone; of a lifetime number, the day on which it was so.
    period = models.DateField()
    traffic = models.PositiveSmallIntegerField(choices=Traffic, default=Traffic.ALL)
    source = models.ForeignKey(
        MetricSource, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    value = models.FloatField()
    currency = models.CharField(max_length=3, blank=True)
    as_of = models.DateTimeField()
    received_at = models.DateTimeField()
    run = models.ForeignKey(
        MetricImport, models.SET_NULL, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["run"], name="observation_run", condition=models.Q(run__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}.{self.metric} on {self.period}: {self.value}"


class ObservationChange(models.Model):
    """What an observation said before it was replaced, or before an import was undone."""

    subject = models.ForeignKey(MetricSubject, models.CASCADE, related_name="changes")
    metric = models.PositiveSmallIntegerField()
    grain = models.PositiveSmallIntegerField(choices=Grain)
    period = models.DateField()
    traffic = models.PositiveSmallIntegerField(choices=Traffic)
    source = models.ForeignKey(MetricSource, models.PROTECT, related_name="+")
    value = models.FloatField()
    currency = models.CharField(max_length=3, blank=True)
    as_of = models.DateTimeField()
    received_at = models.DateTimeField()
    replaced_at = models.DateTimeField()
    # The run that had told the old number, and the one that replaced it.
    run = models.ForeignKey(MetricImport, models.SET_NULL, null=True, related_name="+")
    by_run = models.ForeignKey(MetricImport, models.SET_NULL, null=True, related_name="changes")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "metric", "period"], name="observation_history")
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}.{self.metric} on {self.period} was {self.value}"


class RetentionCurve(models.Model):
    """How many of the viewers were still there, along the length of the piece (R17)."""

    class Axis(models.TextChoices):
        FRACTION = "fraction", _("of the length")
        SECONDS = "seconds", _("seconds")

    subject = models.ForeignKey(MetricSubject, models.CASCADE, related_name="curves")
    source = models.ForeignKey(MetricSource, models.PROTECT, related_name="+")
    period = models.DateField()
    axis = models.CharField(max_length=8, choices=Axis, default=Axis.FRACTION)
    # [[0, 1], [0.25, 0.58], …]; shares from 0, above 1 where viewers rewind.
    points = models.JSONField(default=list)
    as_of = models.DateTimeField()
    run = models.ForeignKey(MetricImport, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "source", "period"], name="one_curve_a_day")
        ]

    def __str__(self) -> str:
        return f"curve of {self.subject_id} on {self.period}"
