"""KPIs, threshold rules and actions as the API reads and says them."""

from __future__ import annotations

from math import isfinite
from typing import Any

from rest_framework import serializers

from experiments import actionwords, rulewords
from experiments.api.register.answers import Number
from experiments.kpis import tracking
from experiments.kpis.table import Line
from experiments.models import Action, Crossing, ThresholdRule
from experiments.stats.kpi import Standing
from production.api.fields import (
    Choice,
    Day,
    Linked,
    LinkedPerson,
    PersonBrief,
    Strict,
    Text,
    Whole,
)
from production.models import Channel, ContentItem, Format, KpiDefinition, User

MOST = 2**53


def Id(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=30, **kwargs)


def Count(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST, **kwargs)


class KpiReading(serializers.Serializer):
    """A KPI over some days, from sums."""

    value = serializers.FloatField(help_text="In the KPI's unit; durations in hours.")
    low = serializers.FloatField(allow_null=True, help_text="80 % interval.")
    high = serializers.FloatField(allow_null=True, help_text="Null: no end to be told.")
    n = serializers.FloatField(help_text="The sum in the denominator.")
    days = Count(help_text="Days with numbers.")
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class KpiBaseline(serializers.Serializer):
    value = serializers.FloatField(allow_null=True)
    number = Count(help_text="Its version; counting anew makes another.")
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    days = Count(help_text="Days with numbers.")


class KpiLineAnswer(serializers.Serializer):
    """A line of the KPI table: where it stands on its way from the baseline to the target."""

    id = Id()
    version = Count()
    kpi = Id()
    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=100)
    unit = serializers.CharField(max_length=20)
    direction = serializers.ChoiceField(KpiDefinition.Direction.choices)
    channel = Id(allow_null=True, help_text="Null: all primary channels together.")
    owner = PersonBrief(allow_null=True)
    cadence_days = Count()
    next_review_on = serializers.DateField(allow_null=True)
    overdue_days = Count()
    baseline = KpiBaseline(allow_null=True)
    now = KpiReading(allow_null=True, help_text="The last 14 days that are over.")
    path = serializers.FloatField(allow_null=True, help_text="Where it should be today.")
    target = serializers.FloatField(allow_null=True)
    deadline = serializers.DateField(help_text="The last day of the path.")
    status = serializers.ChoiceField(
        [each.value for each in Standing], allow_null=True, help_text="Null: no path yet."
    )
    open_actions = serializers.ListField(child=Id(), max_length=200)


def line_data(line: Line) -> dict[str, Any]:
    """A line as `KpiLineAnswer` and the CSV say it."""
    tracked, kpi, base = line.tracked, line.kpi, line.baseline
    last = line.last_day
    return {
        "id": tracked.public_id,
        "version": tracked.version,
        "kpi": kpi.public_id,
        "code": kpi.code,
        "name": kpi.name,
        "unit": kpi.unit,
        "direction": kpi.direction,
        "channel": tracked.channel.public_id if tracked.channel else None,
        "owner": PersonBrief(tracked.owner).data if tracked.owner else None,
        "cadence_days": tracked.cadence_days,
        "next_review_on": tracked.next_review_on,
        "overdue_days": line.overdue_days,
        "baseline": base and {
            "value": finite(base.value), "number": base.number, "first_day": base.first_day,
            "last_day": base.last_day, "days": base.days_with_data,
        },
        "now": line.now and {
            "value": line.now.value, "low": finite(line.now.low), "high": finite(line.now.high),
            "n": line.now.below, "days": line.now.days,
            "first_day": line.first_day, "last_day": last,
        },
        "path": finite(line.path.at(max(line.day, 0))) if line.path else None,
        "target": tracked.target,
        "deadline": tracking.last_day_of(tracked),
        "status": line.standing.value if line.standing else None,
        "open_actions": [each.public_id for each in line.actions],
    }  # fmt: skip


def finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


class KpiLineBody(Strict):
    """The fields that are sent, and no others."""

    owner = LinkedPerson(queryset=User.objects.all(), required=False, allow_null=True)
    target = Number(required=False, allow_null=True)
    cadence_days = Whole(required=False, min_value=1, max_value=90)
    next_review_on = Day(required=False, allow_null=True)
    lean = serializers.BooleanField(required=False)


class KpiReviewBody(Strict):
    note = Text(max_length=500, allow_blank=True, required=False)


# --- rules ----------------------------------------------------------------------------------------


class ThresholdRuleChange(Strict):
    """The fields that are sent, and no others."""

    name = Text(max_length=120, required=False)
    kpi = Linked(queryset=KpiDefinition.objects.all(), required=False)
    other_kpi = Linked(queryset=KpiDefinition.objects.all(), required=False, allow_null=True)
    channel = Linked(queryset=Channel.objects.all(), required=False, allow_null=True)
    format = Linked(queryset=Format.objects.all(), required=False, allow_null=True)
    scope = Choice(ThresholdRule.Scope.choices, required=False)
    condition = Choice(ThresholdRule.Condition.choices, required=False)
    line = Number(required=False, allow_null=True)
    clear_line = Number(required=False, allow_null=True, help_text="Null: at the baseline.")
    for_days = Whole(min_value=1, max_value=90, required=False)
    min_posts = Whole(min_value=0, max_value=10_000, required=False)
    min_base = Whole(min_value=0, max_value=2**31 - 1, required=False)
    step = Choice(ThresholdRule.Step.choices, required=False)
    step_text = Text(max_length=300, required=False, allow_blank=True)
    owner = LinkedPerson(queryset=User.objects.all(), required=False, allow_null=True)
    due_days = Whole(min_value=1, max_value=90, required=False)


class ThresholdRuleBody(ThresholdRuleChange):
    """When a KPI, or a publication at an age, does this, its owner has something to do."""

    name = Text(max_length=120)
    kpi = Linked(queryset=KpiDefinition.objects.all())
    condition = Choice(ThresholdRule.Condition.choices)


class ThresholdRuleAnswer(serializers.Serializer):
    id = Id(source="public_id")
    version = Count()
    name = serializers.CharField(max_length=120)
    sentence = serializers.SerializerMethodField()
    kpi = Id(source="kpi.public_id")
    other_kpi = Id(source="other_kpi.public_id", allow_null=True, default=None)
    channel = Id(source="channel.public_id", allow_null=True, default=None)
    format = Id(source="format.public_id", allow_null=True, default=None)
    scope = serializers.ChoiceField(ThresholdRule.Scope.choices)
    condition = serializers.ChoiceField(ThresholdRule.Condition.choices)
    line = serializers.FloatField(allow_null=True)
    clear_line = serializers.FloatField(allow_null=True)
    for_days = Count()
    min_posts = Count()
    min_base = Count()
    step = serializers.ChoiceField(ThresholdRule.Step.choices)
    step_text = serializers.CharField(max_length=300)
    owner = PersonBrief(allow_null=True)
    due_days = Count()
    retired_at = serializers.DateTimeField(allow_null=True)

    def get_sentence(self, row: ThresholdRule) -> str:
        return rulewords.when(row)


class RuleFired(serializers.Serializer):
    day = serializers.DateField()
    value = serializers.FloatField()
    item = Id(source="item.public_id", allow_null=True, default=None)


class RulePreview(serializers.Serializer):
    """What the rule would have done in the last 28 days."""

    times = Count()
    fired = RuleFired(many=True)


class CrossingAnswer(serializers.Serializer):
    """A time that the rule came true."""

    id = Id(source="public_id")
    at = serializers.DateTimeField()
    cleared_at = serializers.DateTimeField(allow_null=True)
    item = Id(source="item.public_id", allow_null=True, default=None)
    sentence = serializers.SerializerMethodField()
    action = Id(source="action.public_id")

    def get_sentence(self, row: Crossing) -> str:
        return actionwords.crossed(row)


# --- actions --------------------------------------------------------------------------------------


class ActionAnswer(serializers.Serializer):
    """What one person does about a KPI until a day."""

    id = Id(source="public_id")
    version = Count()
    kpi = Id(source="kpi.public_id")
    channel = Id(source="channel.public_id", allow_null=True, default=None)
    item = Id(source="item.public_id", allow_null=True, default=None)
    rule = Id(source="crossing.rule.public_id", allow_null=True, default=None)
    why = serializers.SerializerMethodField()
    step = serializers.ChoiceField(ThresholdRule.Step.choices)
    next_step = serializers.SerializerMethodField()
    owner = PersonBrief(allow_null=True)
    due_on = serializers.DateField()
    opened_at = serializers.DateTimeField()
    value_when_opened = serializers.FloatField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)
    made = serializers.SerializerMethodField()
    outcome = serializers.ChoiceField([("", ""), *Action.Outcome.choices])
    outcome_note = serializers.CharField(max_length=500)
    value_when_closed = serializers.FloatField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    def get_why(self, row: Action) -> str:
        return actionwords.why(row)

    def get_next_step(self, row: Action) -> str:
        return actionwords.next_step(row)

    def get_made(self, row: Action) -> list[str]:
        return [item.public_id for item in row.made.all()]


class CloseBody(Strict):
    """An action closes only with an outcome and a sentence."""

    outcome = Choice(Action.Outcome.choices)
    note = Text(max_length=500)


class ApplyBody(Strict):
    source = Linked(queryset=ContentItem.objects.all(), help_text="Whose theme goes on.")
