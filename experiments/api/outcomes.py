"""What came of an item at seven days, and deciding about it."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from experiments import outcomes
from experiments.models import Outcome
from experiments.outcomes import rules
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Choice, Strict, Text
from production.api.lookups import whole_items_of
from production.models import ContentItem


class OutcomeDecisionBody(Strict):
    decision = Choice(ContentItem.Decision.choices)
    decision_reason = Text(max_length=500, min_length=1)
    learning = Text(max_length=500, required=False, allow_blank=True)
    go_on = serializers.BooleanField(
        default=True, help_text="Make the next card of what is repeated or improved."
    )


class OutcomeDecisionAnswer(serializers.Serializer):
    """An item beside comparable posts: same channel and format, the 90 days before it."""

    id = serializers.CharField(max_length=30, help_text="Of the item.")
    version = serializers.IntegerField(min_value=1, max_value=2**31)
    decision = serializers.CharField(max_length=10, help_text="Empty: not decided.")
    due_at = serializers.DateTimeField(allow_null=True)
    value = serializers.FloatField(
        allow_null=True, help_text="Of the primary KPI at seven days; null when nobody told it."
    )
    median = serializers.FloatField(allow_null=True)
    above_percent = serializers.FloatField(
        allow_null=True, help_text="Of so many of them it lies above; null among fewer than five."
    )
    compared_with = serializers.IntegerField(min_value=0, max_value=2**31)
    next = serializers.CharField(
        max_length=30, allow_null=True, help_text="The item that carries it on."
    )


class Outcomes(Door):
    noun: ClassVar[str] = "outcomes"

    @does("metric.see", answer=OutcomeDecisionAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """What an item did in its first seven days, beside comparable posts."""
        return self._say(self.found(whole_items_of(self.seat), id))

    @does(
        "outcome.record",
        body=OutcomeDecisionBody,
        answer=OutcomeDecisionAnswer,
        refuses=True,
        versioned=True,
    )
    def decide(self, request: Request, id: str) -> Response:
        """Repeat, improve or drop, with a reason; the next item is made once."""
        item = self.found(whole_items_of(self.seat), id)
        self.seat.require_work_on(item, "outcome.record")
        said = self.read(OutcomeDecisionBody)
        done = outcomes.decide(
            item,
            decision=said["decision"],
            reason=said["decision_reason"],
            learning=said.get("learning", ""),
            go_on=said["go_on"],
            seat=self.seat,
            at=self.at,
            version=self.if_match(item.version),
        )
        return self._say(done.item)

    def _say(self, item: ContentItem) -> Response:
        stands = outcomes.standing_of(item)
        kept = Outcome.objects.filter(item=item).select_related("next_item").first()
        said = {
            "id": item.public_id,
            "version": item.version,
            "decision": item.decision,
            "due_at": rules.due_at(item.published_at) if item.published_at else None,
            "value": stands.value if stands else None,
            "median": stands.median if stands else None,
            "above_percent": stands.percentile if stands else None,
            "compared_with": stands.others if stands else 0,
            "next": kept.next_item.public_id if kept and kept.next_item else None,
        }
        return self.with_version(OutcomeDecisionAnswer(said).data, item.version)
