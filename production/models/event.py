from __future__ import annotations

from django.db import models

from production.models.people import User
from production.models.workspace import Workspace


class EventQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def after(self, workspace_id: int, seq: int) -> EventQuerySet:
        return self.filter(workspace_id=workspace_id, seq__gt=seq).order_by("seq")


class Event(models.Model):
    """One thing that happened. Written once, never changed, read by everyone.

    `seq` counts up by one within a workspace, in commit order, so a reader needs only the last
    number it saw to know what it has missed. `subject` is a public id, so the past survives it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=32)
    subject_seq = models.PositiveIntegerField()
    board_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=10, default="page")
    request_id = models.CharField(max_length=64, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    data = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "seq"], name="one_event_per_seq"),
            models.UniqueConstraint(
                fields=["workspace", "subject", "subject_seq"],
                name="one_event_per_subject_seq",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "type", "seq"], name="event_by_type")]

    def __str__(self) -> str:
        return f"{self.seq} {self.type} {self.subject}"

    @property
    def public_id(self) -> str:
        """`evt_000000018233`: strictly increasing within the workspace."""
        return f"evt_{self.seq:012d}"


class ReaderCursor(models.Model):
    """How far a reader of the log has come."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    reader = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "reader"], name="one_cursor_per_reader")
        ]

    def __str__(self) -> str:
        return f"{self.reader} at {self.seq}"
