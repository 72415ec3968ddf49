from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.board import Board
from production.models.fields import PublicIdField
from production.models.people import User
from production.models.workspace import Workspace


class ImportRun(models.Model):
    """One file brought in: previewed, committed and undone as one unit."""

    class Kind(models.TextChoices):
        TRELLO = "trello", "Trello"
        CSV = "csv", "CSV"
        PUTKI = "putki", "Putki"

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        PREVIEWED = "previewed", _("Previewed")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")
        REFUSED = "refused", _("Refused")

    public_id = PublicIdField("imp")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="import_runs")
    board = models.ForeignKey(
        Board, models.SET_NULL, null=True, blank=True, related_name="import_runs"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to="imports/", max_length=300)
    digest = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "digest"],
                condition=models.Q(state__in=["applying", "applied"]),
                name="one_applied_import_per_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"
