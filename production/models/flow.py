from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models.board import Board, Kind, Stage
from production.models.event import Event
from production.models.fields import PublicIdField
from production.models.item import ContentItem
from production.models.workspace import Membership, Workspace


class Stay(models.Model):
    """One stay of an item in a stage, folded from the log; `production/stays.py` keeps the rows.

    An item's stays follow each other without a gap, from its creation on. A stay is cut where the
    item was archived or restored, where it was first published and where its stage was retired,
    so that each piece lies wholly before or after those moments. The indexes begin with what is
    asked for; those of the keys alone would only be written.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="+", db_index=False)
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="stays", db_index=False)
    # None: the stage came with an import that was taken back.
    stage = models.ForeignKey(Stage, models.SET_NULL, related_name="+", db_index=False, null=True)
    # Of the stage as it was when the item entered.
    kind = models.CharField(max_length=10, choices=Kind)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    # Of a finished piece, from `entered_at` to `left_at`.
    lasted = models.DurationField(null=True)
    # The item came to this place and left it then; else the piece was only cut at publication.
    arrived = models.BooleanField(default=True)
    departed = models.BooleanField(default=False)
    # The item was in the archive: part of its time, but not of the work in progress.
    archived = models.BooleanField(default=False)
    # Committed, since its beginning or earlier: part of the cycle time.
    committed = models.BooleanField(default=False)
    # Committed, not out and not archived: part of the work in progress.
    in_progress = models.BooleanField(default=False)
    # After the first publication: not part of the lead time.
    after_publication = models.BooleanField(default=False)
    # Of a piece before the first publication, once that has happened: the item's own moment.
    published_at = models.DateTimeField(null=True)
    # How much of a finished piece the item was blocked.
    blocked = models.DurationField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "entered_at"], name="stay_of_item"),
            models.Index(fields=["workspace", "entered_at"], name="stay_entered"),
            models.Index(fields=["workspace", "left_at"], name="stay_left"),
            models.Index(
                fields=["workspace", "published_at"],
                name="stay_published",
                condition=models.Q(published_at__isnull=False),
            ),
            models.Index(
                fields=[
                    "workspace",
                    "board",
                    "stage",
                    "kind",
                    "archived",
                    "in_progress",
                    "after_publication",
                    "entered_at",
                ],
                name="stay_open",
                condition=models.Q(left_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.stage_id} from {self.entered_at}"


class Risk(models.TextChoices):
    WILL_MISS = "will_miss", _("will miss the target")
    AGEING = "ageing", _("is older than usual in its stage")


class FlowAlert(models.Model):
    """A card at risk, said once for each item, stage and risk."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    item = models.ForeignKey(ContentItem, models.CASCADE, related_name="flow_alerts")
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="+")
    risk = models.CharField(max_length=10, choices=Risk)
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    raised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "stage", "risk"], name="one_alert_per_stage")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.risk}"


class DigestMail(models.Model):
    """The e-mail of one day to one member: written first, sent after, tried again when it fails."""

    public_id = PublicIdField("dig")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="digest_mails")
    day = models.DateField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # Nothing to say that day: the row stands, no mail goes out.
    empty = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "day"], name="one_digest_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} on {self.day}"
