"""What stands on the boards, as the OpenAPI page describes it."""

from __future__ import annotations

from rest_framework import serializers

from production.api.flow.answers import (
    KINDS,
    MOST_DAYS,
    Count,
    FlowColumn,
    FlowDay,
    FlowFrame,
    FlowItems,
    Id,
    Seconds,
)


class FlowAged(serializers.Serializer):
    id = Id()
    key = serializers.CharField(max_length=20)
    title = serializers.CharField(max_length=200)
    column = Id(help_text="The stage's id, or the kind where several boards are asked for.")
    stage = serializers.CharField(max_length=60, help_text="Its name.")
    age_seconds = Seconds("Since the commitment.")
    age_at_least = serializers.BooleanField(help_text="Its beginning is unknown: at least so old.")
    since_idea_seconds = Seconds()
    in_stage_seconds = Seconds()
    past = serializers.ChoiceField(
        ["", "p50", "p70", "p85"],
        help_text="The band of its stage that its age has passed: so many had left by then.",
    )
    blocked_reason = serializers.CharField(max_length=200)


class FlowAgeing(FlowFrame):
    n = Count(help_text="Items in progress.")
    items = FlowAged(many=True, help_text="The oldest first, at most 1 000.")


class FlowReached(serializers.Serializer):
    day = serializers.DateField()
    reached = serializers.ListField(
        child=Count(), max_length=200, help_text="In the order of the rungs: there or further."
    )


class FlowCumulative(FlowFrame):
    n = Count(help_text="Items that stand somewhere at the end of the period.")
    rungs = FlowColumn(many=True, help_text="Lowest first; above the last one comes: published.")
    days = serializers.ListField(child=FlowReached(), max_length=MOST_DAYS)
    standing = serializers.CharField(max_length=8_000, help_text="The items at a day's end.")


class FlowStageLoad(serializers.Serializer):
    stage = Id()
    name = serializers.CharField(max_length=60)
    board = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(KINDS)
    n = Count(help_text="Cards that the filters leave.")
    whole = Count(help_text="All cards in the stage: what the limit counts.")
    limit = Count(allow_null=True)
    over = serializers.BooleanField()


class FlowPersonLoad(serializers.Serializer):
    person = Id()
    name = serializers.CharField(max_length=100)
    n = Count()
    limit = Count(allow_null=True)
    over = serializers.BooleanField()


class FlowWip(FlowFrame):
    n = Count(help_text="Items in progress now.")
    days = serializers.ListField(
        child=FlowDay(), max_length=MOST_DAYS, help_text="At each local day end; today: now."
    )
    stages = FlowStageLoad(many=True)
    people = FlowPersonLoad(many=True)
    items = FlowItems()
    standing = serializers.CharField(max_length=8_000, help_text="The items at a day's end.")


class FlowStanding(serializers.Serializer):
    id = Id()
    key = serializers.CharField(max_length=20)
    column = Id(help_text="The stage's id, or the kind where several boards are asked for.")
    entered_at = serializers.DateTimeField()
    in_progress = serializers.BooleanField()
    out = serializers.BooleanField(help_text="Published before, wherever it stands.")
