from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from production.models import Channel, Cycle, Publication, User, Workspace
from production.models.fields import PublicIdField


class Spend(models.Model):
    """Money put into distribution, and what for (R24, R90)."""

    class Purpose(models.TextChoices):
        TEST = "test", _("Testing")
        SCALE = "scale", _("Scaling")
        REMARKETING = "remarketing", _("Remarketing")
        SERVICE = "service", _("Bought service")

    public_id = PublicIdField("spd")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="spends")
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Channel")
    )
    publication = models.ForeignKey(
        Publication, models.SET_NULL, related_name="spends", null=True, blank=True
    )
    experiment = models.ForeignKey(
        "experiments.Experiment", models.SET_NULL, related_name="spends", null=True, blank=True,
        verbose_name=_("Experiment"),
    )  # fmt: skip
    purpose = models.CharField(_("What for"), max_length=12, choices=Purpose)
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    note = models.CharField(_("Note"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="spend_not_negative", condition=models.Q(amount__gte=0)),
            models.CheckConstraint(
                name="spend_days_in_order",
                condition=models.Q(last_day__gte=models.F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Budget(models.Model):
    """The media money of a cycle, and which share of it is for testing (R28)."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="budget")
    media_total = models.DecimalField(_("Media in all"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    test_share_min = models.FloatField(_("Least for testing"), default=0.10)
    test_share_max = models.FloatField(_("Most for testing"), default=0.20)

    def __str__(self) -> str:
        return f"{self.media_total} {self.currency}"
