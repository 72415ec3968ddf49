"""The words of the plan as the API reads and says them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from production.api.calendar.windows import Clock
from production.api.fields import Answer, Linked, PersonBrief, PublicId, StrictModel, Text
from production.api.publishing.shapes import CAPTION_LIMITS
from production.models import (
    Channel,
    Format,
    Goal,
    KpiDefinition,
    KpiDefinitionVersion,
    Label,
    Partner,
    Pillar,
)
from production.plan import WORDS, signals

COMMON = ("version", "position", "retired_at", "updated_at")


def _kpi(**kwargs: Any) -> Linked:
    return Linked(queryset=KpiDefinition.objects.all(), **kwargs)


def _lines() -> serializers.ListField:
    return serializers.ListField(child=Text(max_length=500), max_length=100, required=False)


class ChannelBody(StrictModel):
    winning_kpi = _kpi(required=False, allow_null=True)
    signals = serializers.ListField(
        child=Text(max_length=60), max_length=3, required=False,
        help_text="What the platform rewards, most important first.",
    )  # fmt: skip

    class Meta:
        model = Channel
        fields = WORDS["channel"].fields


class LimitsAnswer(serializers.Serializer):
    caption_chars = serializers.IntegerField(
        min_value=0, max_value=100_000, allow_null=True, help_text="Null where nobody says."
    )
    repeats_after_hours = serializers.IntegerField(
        min_value=0, max_value=24, help_text="The same words and files again before that: refused."
    )


class ChannelWindow(serializers.Serializer):
    id = serializers.CharField(source="public_id", max_length=30)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), max_length=7,
        help_text="ISO 8601: Monday is 1.",
    )  # fmt: skip
    begins = Clock(format="%H:%M")
    ends = Clock(format="%H:%M")
    locked_until = serializers.DateField(allow_null=True)


class ChannelAnswer(Answer):
    """Where the team publishes."""

    id = PublicId()
    winning_kpi = Linked(read_only=True, allow_null=True)
    signals = serializers.SerializerMethodField()
    time_zone = serializers.CharField(
        source="workspace.time_zone", max_length=64, help_text="Of its windows and wall times."
    )
    limits = serializers.SerializerMethodField(help_text="What its platform takes.")
    windows = serializers.SerializerMethodField(help_text="When it publishes.")
    disconnected_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Since when no tool can publish there."
    )
    disconnected_reason = serializers.CharField(read_only=True, allow_blank=True)

    class Meta:
        model = Channel
        fields = (
            "id", *WORDS["channel"].fields, *COMMON, "time_zone", "limits", "windows",
            "disconnected_at", "disconnected_reason",
        )  # fmt: skip
        read_only_fields = fields

    def get_signals(self, channel: Channel) -> list[str]:
        return signals.names_of(channel)

    @extend_schema_field(LimitsAnswer)
    def get_limits(self, channel: Channel) -> dict[str, Any]:
        return {"caption_chars": CAPTION_LIMITS.get(channel.platform), "repeats_after_hours": 24}

    @extend_schema_field(ChannelWindow(many=True, max_length=20))
    def get_windows(self, channel: Channel) -> list[dict[str, Any]]:
        in_use = [each for each in channel.windows.all() if each.retired_at is None]
        return list(ChannelWindow(sorted(in_use, key=lambda each: each.pk), many=True).data)


class PillarBody(StrictModel):
    kpi = _kpi()

    class Meta:
        model = Pillar
        fields = WORDS["pillar"].fields


class PillarAnswer(Answer):
    """A theme the team returns to, measured by one KPI."""

    id = PublicId()
    kpi = Linked(read_only=True)

    class Meta:
        model = Pillar
        fields = ("id", *WORDS["pillar"].fields, *COMMON)
        read_only_fields = fields


class FormatBody(StrictModel):
    b_roll = _lines()

    class Meta:
        model = Format
        fields = WORDS["format"].fields


class FormatAnswer(Answer):
    """A repeatable shape of content, with its template."""

    id = PublicId()
    b_roll = serializers.ListField(child=serializers.CharField(max_length=500))

    class Meta:
        model = Format
        fields = ("id", *WORDS["format"].fields, *COMMON)
        read_only_fields = fields


class KpiBody(StrictModel):
    class Meta:
        model = KpiDefinition
        fields = WORDS["kpi"].fields


class KpiAnswer(Answer):
    """What is counted, over what, from which source."""

    id = PublicId()

    class Meta:
        model = KpiDefinition
        fields = ("id", "code", *WORDS["kpi"].fields, *COMMON)
        read_only_fields = fields


class KpiVersionAnswer(Answer):
    by = PersonBrief(read_only=True, allow_null=True)
    definition = serializers.DictField()

    class Meta:
        model = KpiDefinitionVersion
        fields = ("number", "definition", "at", "by")
        read_only_fields = fields


class GoalBody(StrictModel):
    primary_kpi = _kpi()
    secondary_kpi = _kpi(required=False, allow_null=True)

    class Meta:
        model = Goal
        fields = WORDS["goal"].fields


class GoalAnswer(Answer):
    """What a piece is for; presets its KPIs."""

    id = PublicId()
    primary_kpi = Linked(read_only=True)
    secondary_kpi = Linked(read_only=True, allow_null=True)

    class Meta:
        model = Goal
        fields = ("id", *WORDS["goal"].fields, *COMMON)
        read_only_fields = fields


class PartnerBody(StrictModel):
    class Meta:
        model = Partner
        fields = WORDS["partner"].fields


class PartnerAnswer(Answer):
    """Somebody outside the team who lends trust to a piece."""

    id = PublicId()

    class Meta:
        model = Partner
        fields = ("id", *WORDS["partner"].fields, *COMMON)
        read_only_fields = fields


class LabelBody(StrictModel):
    class Meta:
        model = Label
        fields = WORDS["label"].fields


class LabelAnswer(Answer):
    """A word on a card."""

    id = PublicId()

    class Meta:
        model = Label
        fields = ("id", *WORDS["label"].fields, *COMMON)
        read_only_fields = fields
