"""What the published items say, as the OpenAPI page describes it."""

from __future__ import annotations

from rest_framework import serializers

from production.api.flow.answers import (
    MOST,
    MOST_DAYS,
    MOST_IDS,
    TOO_FEW,
    Count,
    FlowDay,
    FlowFigures,
    FlowFrame,
    FlowItems,
    FlowPeriod,
    FlowPoint,
    FlowShare,
    FlowSpent,
    Id,
    Seconds,
)


class FlowBefore(FlowFigures):
    period = FlowPeriod()


class FlowChange(serializers.Serializer):
    """Now − before; null when either side has too few items."""

    p50_seconds = Seconds(allow_null=True)
    p85_seconds = Seconds(allow_null=True)
    share_within_target = serializers.FloatField(min_value=-1, max_value=1, allow_null=True)


class FlowHeadline(FlowFrame, FlowFigures):
    target_seconds = Seconds()
    baseline_seconds = Seconds("What it was before the method.")
    before = FlowBefore(help_text="The same number of days before.")
    change = FlowChange()
    items = FlowItems()


class FlowWeek(FlowFigures):
    week = serializers.CharField(max_length=8, help_text="ISO 8601: 2026-W47.")
    monday = serializers.DateField()
    whole = serializers.BooleanField(help_text="False: only some of its days are in the period.")
    items = FlowItems()


class FlowTrend(FlowFrame):
    n = Count(help_text="Items with a known lead time, of all weeks.")
    target_seconds = Seconds()
    weeks = FlowWeek(many=True, help_text="At least twelve, oldest first; empty ones included.")


class FlowGroupFigures(FlowFigures):
    """The items of one channel, format, pillar or person."""

    id = serializers.CharField(max_length=30, help_text="`none`: the items without one.")
    name = serializers.CharField(max_length=100, allow_blank=True)
    all = serializers.CharField(max_length=8_000, help_text="The address that lists its items.")


class FlowGroups(FlowFrame):
    n = Count(help_text="Items with a known lead time.")
    per = serializers.CharField(max_length=20)
    target_seconds = Seconds()
    groups = FlowGroupFigures(
        many=True, help_text="Most items first. An item of two people counts for both."
    )


class FlowItem(FlowPoint):
    title = serializers.CharField(max_length=200)
    rework_count = Count(help_text="How often it went backwards.")
    reopened_count = Count(help_text="How often it went back after it was out.")


class FlowGroup(serializers.Serializer):
    n = Count()
    stages = FlowSpent(many=True)


class FlowMedian(FlowGroup):
    item = FlowPoint()


class FlowSlow(FlowGroup):
    """The items at or above the 80th percentile of lead time."""

    items = FlowItems()


class FlowTraffic(serializers.Serializer):
    monday = serializers.DateField()
    arrivals = Count()
    departures = Count()
    net = serializers.IntegerField(min_value=-MOST, max_value=MOST)


class FlowBottleneck(FlowSpent):
    """The stage with the largest share of the time; its times are those of all items together."""

    traffic = FlowTraffic(many=True, help_text="Per ISO week of the period.")


class FlowStages(FlowFrame):
    n = Count()
    too_few = serializers.BooleanField()
    median = FlowMedian(allow_null=True, help_text="The real item at p50.")
    slow_fifth = FlowSlow(allow_null=True, help_text="Per item, the mean of the slow ones.")
    all = FlowGroup(allow_null=True, help_text="Per item, the mean of all.")
    bottleneck = FlowBottleneck(allow_null=True)
    items = FlowItems()


class FlowThroughput(FlowFrame):
    n = Count()
    per_day = serializers.FloatField(help_text="The mean, days of none included.")
    zero_days = Count()
    days = serializers.ListField(child=FlowDay(), max_length=MOST_DAYS)
    items = FlowItems()


class FlowRework(FlowFrame):
    n = Count(help_text="Items published in the period.")
    reworked = Count(help_text="Of those: went backwards at least once.")
    share_reworked = FlowShare(allow_null=True, help_text=TOO_FEW)
    moves_back = Count()
    reopened = Count(help_text="Of those: went back after they were out.")
    reworked_ids = serializers.ListField(child=Id(), max_length=MOST_IDS)
    reopened_ids = serializers.ListField(child=Id(), max_length=MOST_IDS)
    items = FlowItems()


class FlowEfficiency(FlowFrame):
    n = Count(help_text="Items with a known cycle time.")
    share = serializers.FloatField(
        min_value=0, max_value=1, allow_null=True, help_text="(active − blocked) ÷ cycle time."
    )
    missing = serializers.ChoiceField(
        ["too_few", "no_waiting_stage"],
        allow_null=True,
        help_text="Why there is no share: without a stage that waits it would always be 1.",
    )
    active_seconds = Seconds("Of all items together.", allow_null=True)
    waiting_seconds = Seconds("Of all items together.", allow_null=True)
    blocked_seconds = Seconds("Of all items together.", allow_null=True)
    items = FlowItems()


class FlowSle(FlowFrame):
    n = Count()
    promised_share = serializers.FloatField(min_value=0, max_value=1)
    within_seconds = Seconds("Null: nobody chose it, and the items are too few.", allow_null=True)
    own = serializers.BooleanField(help_text="The team chose the time itself.")
    hits = Count(allow_null=True, help_text="Items that took no longer.")
    share_kept = FlowShare(allow_null=True, help_text=TOO_FEW)
    kept = serializers.BooleanField(allow_null=True)
    missed_ids = serializers.ListField(child=Id(), max_length=MOST_IDS, help_text="Slowest last.")
    items = FlowItems()


class FlowSoMany(serializers.Serializer):
    chance = serializers.FloatField(min_value=0, max_value=1)
    items = Count(help_text="So many or more.")


class FlowByThen(serializers.Serializer):
    chance = serializers.FloatField(min_value=0, max_value=1)
    day = serializers.DateField(allow_null=True, help_text="Null: later than in ten years.")


class FlowHowMany(serializers.Serializer):
    by = serializers.DateField()
    chances = FlowSoMany(many=True)


class FlowWhen(serializers.Serializer):
    items = Count()
    chances = FlowByThen(many=True)


class FlowForecast(FlowFrame):
    n = Count(help_text="Items published in the history.")
    missing = serializers.ChoiceField(
        ["no_day_over", "nothing_published"], allow_null=True, help_text="Why there is none."
    )
    history = FlowPeriod(allow_null=True, help_text="The days it draws from; today is not over.")
    zero_days = Count(allow_null=True)
    short_history = serializers.BooleanField(
        allow_null=True, help_text="Under ten days: little more than a guess."
    )
    runs = Count(allow_null=True)
    seed = Count(help_text="With the same history it gives the same forecast.")
    how_many = FlowHowMany(allow_null=True)
    when = FlowWhen(allow_null=True)
    items = FlowItems()
