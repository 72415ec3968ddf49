"""The risk register over the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from playbook import risks
from playbook.models import RegisteredRisk, RiskSignal
from production.api.actions import does
from production.api.door import Door
from production.api.fields import (
    Answer,
    Choice,
    Day,
    LinkedPerson,
    PersonBrief,
    PublicId,
    Strict,
    Text,
)
from production.models import User


class SignalAnswer(Answer):
    """A symptom that showed, with the sentence of its numbers."""

    id = PublicId()
    sentence = serializers.CharField(max_length=500)

    class Meta:
        model = RiskSignal
        fields = (
            "id", "sentence", "at", "due_on", "cleared_at", "outcome", "outcome_note", "closed_at",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: RiskSignal) -> dict[str, Any]:
        data = {name: getattr(instance, name) for name in self.Meta.fields if name[0] not in "is"}
        sentence = risks.words.say(instance.risk.detector, instance.numbers)
        return {"id": instance.public_id, "sentence": sentence} | data


class RiskAnswer(Answer):
    """A risk; `open` is what shows and is not closed."""

    id = PublicId()
    owner = PersonBrief(allow_null=True)
    open = SignalAnswer(allow_null=True, help_text="What shows and is not closed.")

    class Meta:
        model = RegisteredRisk
        fields = (
            "id", "name", "symptom", "mitigation", "threshold", "detector", "owner", "state",
            "reviewed_on", "next_review_on", "open", "version",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: RegisteredRisk) -> dict[str, Any]:
        plain = [name for name in self.Meta.fields if name not in ("id", "owner", "open")]
        row = instance.signals.filter(closed_at=None).select_related("risk").first()
        return {name: getattr(instance, name) for name in plain} | {
            "id": instance.public_id,
            "owner": PersonBrief(instance.owner).data if instance.owner else None,
            "open": SignalAnswer(row).data if row else None,
        }


class RiskChange(Strict):
    """The fields that are sent, and no others."""

    name = Text(max_length=120, required=False)
    symptom = Text(max_length=500, required=False)
    mitigation = Text(max_length=500, required=False)
    threshold = Text(max_length=300, required=False, allow_blank=True)
    owner = LinkedPerson(queryset=User.objects.all(), required=False, allow_null=True)
    next_review_on = Day(required=False, allow_null=True)


class RiskBody(RiskChange):
    name = Text(max_length=120)
    symptom = Text(max_length=500)
    mitigation = Text(max_length=500)


class RiskOutcome(Strict):
    outcome = Choice(choices=RiskSignal.Outcome.choices)
    note = Text(max_length=500, help_text="What came of it.")


class Risks(Door):
    """What could go wrong, who watches, what is done then."""

    noun: ClassVar[str] = "risks"

    @does("cycle.see", answer=RiskAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """The register."""
        return self.page(self._rows(), RiskAnswer, {"created": "public_id"})

    @does("cycle.change", body=RiskBody, answer=RiskAnswer, status=201)
    def create(self, request: Request) -> Response:
        """A risk of one's own, which no detector watches."""
        made = risks.add(self.read(RiskBody), seat=self.seat, at=self.at)
        return self.created(RiskAnswer(made).data, made, ETag=f'"{made.version}"')

    @does("cycle.change", answer=RiskAnswer, is_list=True)
    def take_up(self, request: Request) -> Response:
        """Take up the five of the method that are not there yet; their detectors look at once."""
        risks.take_up(seat=self.seat, at=self.at)
        risks.evaluate(self.seat.workspace, at=self.at)
        return self.all(self._rows(), RiskAnswer)

    @does("cycle.see", answer=RiskAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One risk."""
        return self._say(id)

    @does("cycle.change", body=RiskChange, answer=RiskAnswer, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Another owner, threshold, mitigation or day of review."""
        row = self._risk(id)
        wish = self.read(RiskChange)
        risks.change(row, wish, seat=self.seat, at=self.at, version=self.if_match(row.version))
        return self._say(id)

    @does("cycle.work", answer=RiskAnswer)
    def review(self, request: Request, id: str) -> Response:
        """Note that it was looked at; the next look is due in thirty days."""
        risks.review(self._risk(id), seat=self.seat, at=self.at)
        return self._say(id)

    @does("cycle.work", body=RiskOutcome, answer=RiskAnswer)
    def close(self, request: Request, id: str) -> Response:
        """End what shows with what came of it."""
        risks.close(self._risk(id), **self.read(RiskOutcome), seat=self.seat, at=self.at)
        return self._say(id)

    @does("cycle.change", answer=RiskAnswer)
    def retire(self, request: Request, id: str) -> Response:
        """Watch it no more."""
        risks.retire(self._risk(id), seat=self.seat, at=self.at)
        return self._say(id)

    def _say(self, id: str) -> Response:
        row = self._risk(id)
        return self.with_version(RiskAnswer(row).data, row.version)

    def _rows(self) -> QuerySet[RegisteredRisk]:
        return RegisteredRisk.objects.filter(workspace=self.seat.workspace).select_related("owner")

    def _risk(self, id: str) -> RegisteredRisk:
        return self.found(self._rows(), id)
