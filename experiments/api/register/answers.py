"""Experiments as the API reads and says them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from experiments import register, rules, verdictwords
from experiments.models import Experiment, Snapshot, Variant
from production.api.fields import (
    Answer,
    Choice,
    Day,
    Linked,
    PersonBrief,
    PublicId,
    Strict,
    Text,
    Whole,
)
from production.models import Channel, ContentItem, KpiDefinition, Publication

MOST_LINES = 5_000


class Number(serializers.FloatField):
    """A JSON number; true and text are none."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        if abs(data) > 1e15 or data != data:
            self.fail("invalid")
        return float(data)


class AttributesBody(Strict):
    hook = Text(max_length=300, required=False)
    hook_type = Text(max_length=60, required=False)
    opening = Text(max_length=300, required=False)
    title = Text(max_length=200, required=False)
    length_seconds = Whole(min_value=0, max_value=86_400, required=False)
    thumbnail = Text(max_length=300, required=False)
    cta = Text(max_length=200, required=False)
    cta_type = Text(max_length=60, required=False)


class VariantBody(Strict):
    text = Text(max_length=500, help_text="What differs: the hook, the title, …")
    share = Number(required=False, min_value=0.001, max_value=1000,
                   help_text="Of the traffic, in proportion to the others.")  # fmt: skip
    attributes = AttributesBody(required=False, help_text="What the playbook compares by.")
    publications = serializers.ListField(
        child=Linked(queryset=Publication.objects.all()), max_length=200, required=False
    )


class GuardrailBody(Strict):
    kpi = Linked(queryset=KpiDefinition.objects.all())
    margin = Number(default=0.1, min_value=0, max_value=10, help_text="Relative: 0.1 is 10 %.")


class ExperimentChange(Strict):
    """The fields that are sent, and no others."""

    title = Text(max_length=200, required=False)
    hypothesis = Text(max_length=500, required=False, allow_blank=True)
    variable = Choice(choices=Experiment.Variable.choices, required=False)
    channel = Linked(queryset=Channel.objects.all(), required=False, allow_null=True)
    item = Linked(queryset=ContentItem.objects.all(), required=False, allow_null=True)
    kpi = Linked(queryset=KpiDefinition.objects.all(), required=False)
    allocation = Choice(choices=Experiment.Allocation.choices, required=False)
    week = Day(required=False, allow_null=True, help_text="Any day of the week whose place it has.")
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)
    detectable = Number(required=False, allow_null=True, min_value=0.001, max_value=100)
    guardrails = GuardrailBody(many=True, required=False, max_length=10)
    variants = VariantBody(many=True, required=False, max_length=20)


class ExperimentBody(ExperimentChange):
    """A plan: one variable, one KPI, 2 to 10 variants; the first is the control."""

    title = Text(max_length=200)
    variable = Choice(choices=Experiment.Variable.choices)
    kpi = Linked(queryset=KpiDefinition.objects.all())
    allocation = Choice(choices=Experiment.Allocation.choices)
    variants = VariantBody(many=True, max_length=20)


class ReasonBody(Strict):
    reason = Text(max_length=300, allow_blank=True)


class PlatformBody(Strict):
    text = Text(max_length=300, allow_blank=True, help_text="In the platform's own words.")


class DecisionBody(Strict):
    decision = Choice(choices=ContentItem.Decision.choices)
    reason = Text(max_length=500)


class LinkBody(Strict):
    publications = serializers.ListField(
        child=Linked(queryset=Publication.objects.all()), max_length=200
    )


class LineBody(Strict):
    variant = Text(max_length=40, help_text="Letter or id.")
    day = Day()
    exposures = Number()
    total = Number(help_text="Events; of a mean the sum of the values.")
    sum_squares = Number(required=False, allow_null=True, help_text="Of means only.")
    viewers = Whole(required=False, allow_null=True, help_text="The unit that was randomised.")
    kpi = Text(max_length=60, required=False, help_text="A code; without it the deciding KPI.")


class ResultsBody(Strict):
    results = LineBody(many=True, max_length=MOST_LINES)


class ToldAnswer(serializers.Serializer):
    status = serializers.ChoiceField(("accepted", "unchanged", "rejected"))
    code = serializers.CharField(allow_blank=True)


class ResultsAnswer(serializers.Serializer):
    """What became of each line, in the order sent."""

    accepted = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    results = ToldAnswer(many=True)


class VariantAnswer(Answer):
    id = PublicId()
    is_control = serializers.BooleanField()
    attributes = serializers.DictField()
    publications = Linked(many=True, read_only=True)

    class Meta:
        model = Variant
        fields = ("id", "label", "is_control", "text", "share", "attributes", "publications")
        read_only_fields = fields


class GuardrailAnswer(serializers.Serializer):
    kpi = Linked(read_only=True)
    margin = serializers.FloatField()


class VerdictAnswer(serializers.Serializer):
    """The verdict in words. Lift, interval and chance stay null until the gate is passed."""

    state = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()
    hidden = serializers.BooleanField()
    best = serializers.CharField(allow_null=True)
    lift = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    realistic = serializers.FloatField(allow_null=True)
    p_better = serializers.FloatField(allow_null=True)


class SnapshotAnswer(Answer):
    """What the numbers said at a moment. Before the gate without any lift."""

    id = PublicId()
    analysis = serializers.SerializerMethodField()

    class Meta:
        model = Snapshot
        fields = ("id", "number", "at", "reason", "method", "definition", "digest", "verdict",
                  "analysis")  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_analysis(self, snapshot: Snapshot) -> dict[str, Any]:
        if verdictwords.state_of(snapshot.experiment, snapshot) in verdictwords.HIDDEN:
            shown = ("verdict", "variants", "srm", "grade", "kpi", "min_days", "min_events",
                     "first_day", "last_day", "method")  # fmt: skip
            return {name: snapshot.analysis.get(name) for name in shown}
        return snapshot.analysis


class ExperimentAnswer(Answer):
    """An experiment of the register."""

    id = PublicId()
    channel = Linked(read_only=True, allow_null=True)
    item = Linked(read_only=True, allow_null=True)
    kpi = Linked(read_only=True)
    grade = serializers.SerializerMethodField()
    decided_by = PersonBrief(read_only=True, allow_null=True)
    variants = VariantAnswer(many=True, read_only=True)
    guardrails = GuardrailAnswer(many=True, read_only=True)
    verdict = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    waived = serializers.DictField()

    class Meta:
        model = Experiment
        fields = (
            "id", "key", "title", "hypothesis", "variable", "channel", "item", "kpi", "definition",
            "allocation", "grade", "week", "starts_on", "ends_on", "detectable", "waived", "state",
            "variants", "guardrails", "verdict", "decision", "decision_reason", "overridden",
            "decided_at", "decided_by", "invalid_reason", "platform_verdict", "warnings",
            "created_at", "started_at", "ended_at", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(("R1", "R2", "R3", "O")))
    def get_grade(self, experiment: Experiment) -> str:
        return rules.grade(experiment.allocation)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, experiment: Experiment) -> list[str]:
        return ["week_full"] if register.is_over_full(experiment) else []

    @extend_schema_field(VerdictAnswer)
    def get_verdict(self, experiment: Experiment) -> dict[str, Any]:
        last = experiment.snapshots.order_by("number").last()
        said = verdictwords.say(experiment, last, self.context["today"])
        row: dict[str, Any] = {}
        best = None
        if last and not said.hidden:
            best = last.analysis.get("best")
            rows = {each["label"]: each for each in last.analysis["compared"]}
            row = rows.get(best or last.analysis.get("leading")) or next(iter(rows.values()))
        names = ("lift", "low", "high", "realistic", "p_better")
        return {
            "state": said.state,
            "label": said.label,
            "text": said.text,
            "hidden": said.hidden,
            "best": best,
            **{name: row.get(name) for name in names},
        }
