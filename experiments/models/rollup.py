from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from production.models import Channel, Publication, Workspace


class MetricDay(models.Model):
    """The sum of one metric on one channel for one day: what a KPI's figures are added up from.

    Derived from the observations, kept up to date by whoever writes them, made anew by `rebuild`.
    """

    class Basis(models.IntegerChoices):
        CHANNEL = 0, _("told of the channel, by day")
        DAY = 1, _("told of publications, by day")
        POST = 2, _("of the publications of that day, at their newest numbers")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    # Empty: told of the workspace as a whole.
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", null=True)
    basis = models.PositiveSmallIntegerField(choices=Basis)
    traffic = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=60)  # a code, or a product such as avg_view_pct*views
    day = models.DateField()
    total = models.FloatField()
    posts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace",
                "metric",
                Coalesce("channel", 0),
                "basis",
                "traffic",
                "day",
                name="one_sum_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} on {self.day}: {self.total}"


class PostReading(models.Model):
    """One metric of one publication at one age, so that posts are compared at equal age.

    Derived from the observations like `MetricDay`.
    """

    class Age(models.IntegerChoices):
        NEWEST = 0, _("newest")
        DAY = 24, _("24 hours")
        THREE_DAYS = 72, _("72 hours")
        WEEK = 168, _("7 days")
        FOUR_WEEKS = 672, _("28 days")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="readings")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    age_hours = models.PositiveSmallIntegerField(choices=Age)
    traffic = models.PositiveSmallIntegerField(default=0)
    metric = models.CharField(max_length=60)
    value = models.FloatField()
    as_of = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication", "age_hours", "traffic", "metric"],
                name="one_reading_per_age",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "metric", "age_hours"], name="reading_of_posts")
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.publication_id} at {self.age_hours} h"
