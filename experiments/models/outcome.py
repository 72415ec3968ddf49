from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models import ContentItem, KpiDefinition, Publication, User, Workspace


class Outcome(models.Model):
    """What an item did in its first seven days, beside comparable posts (R42).

    Result, decision and learning stand on the item; here is what Putki read, and what came next.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="outcomes")
    item = models.OneToOneField(ContentItem, models.CASCADE, related_name="outcome")
    kpi = models.ForeignKey(KpiDefinition, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("Due"))
    # Empty: nobody told a number at that age.
    value = models.FloatField(_("Value at seven days"), null=True, blank=True)
    median = models.FloatField(_("Median of comparable posts"), null=True, blank=True)
    percentile = models.FloatField(_("Above so many of a hundred"), null=True, blank=True)
    others = models.PositiveIntegerField(_("Comparable posts"), default=0)
    read_at = models.DateTimeField()
    # The card that repeats or improves it.
    next_item = models.OneToOneField(
        ContentItem, models.SET_NULL, related_name="grew_from", null=True, blank=True
    )

    def __str__(self) -> str:
        return f"outcome of {self.item_id}"


class PostNote(models.Model):
    """Why a post departed from the others, and what is done about it (R81)."""

    publication = models.OneToOneField(Publication, models.CASCADE, related_name="deviation_note")
    text = models.CharField(_("Note"), max_length=500)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note on {self.publication_id}"
