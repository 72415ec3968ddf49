from __future__ import annotations

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import gates
from production.api.actions import does
from production.api.fields import PersonBrief, PublicId, Strict, Text
from production.api.items.base import ItemPart
from production.api.lookups import gates_of
from production.api.paging import envelope
from production.errors import Invalid
from production.gates import GateLine
from production.models import ContentItem, Gate


class PassAnswer(serializers.Serializer):
    by = PersonBrief(allow_null=True)
    at = serializers.DateTimeField()
    evidence = serializers.CharField(max_length=500)


class GateLineAnswer(serializers.Serializer):
    """A condition for entering a stage, and how far the item is."""

    id = PublicId(help_text="Of the gate.")
    label = serializers.CharField(max_length=120)
    stage = serializers.CharField(max_length=30, help_text="The stage that it guards.")
    check_kind = serializers.ChoiceField(Gate.Check.choices)
    met = serializers.BooleanField()
    have = serializers.IntegerField(min_value=0, max_value=100_000)
    need = serializers.IntegerField(min_value=0, max_value=100_000)
    passed = PassAnswer(allow_null=True, help_text="Who ticked it, when, and what they saw.")


class Evidence(Strict):
    evidence = Text(required=False, allow_blank=True, max_length=500)


class ItemGates(ItemPart):
    noun: ClassVar[str] = "items"

    @does("item.see", answer=GateLineAnswer, is_list=True)
    def gates(self, request: Request, id: str) -> Response:
        """Every gate of the board that concerns this item, in the order of the stages."""
        item = self.item(id)
        there = [
            gate
            for gate in gates.of_board(item.board_id)
            if gate.channel_id in (None, item.channel_id)
        ]
        return Response(envelope([_line(line) for line in gates.lines(item, there)], None))

    @does("item.edit", body=Evidence, answer=GateLineAnswer)
    def gate_tick(self, request: Request, id: str, gate: str) -> Response:
        """Note that the item meets a gate that is ticked by hand, and what you saw."""
        item = self.workable(id)
        found = self._gate(item, gate)
        evidence = self.read(Evidence).get("evidence", "")
        gates.tick(item, found, by=self.seat.user, at=self.at, evidence=evidence)
        return self._answer(item, found)

    @does("item.edit", answer=GateLineAnswer)
    def gate_untick(self, request: Request, id: str, gate: str) -> Response:
        """Take the tick back. Twice is once."""
        item = self.workable(id)
        found = self._gate(item, gate)
        gates.untick(item, found, by=self.seat.user, at=self.at)
        return self._answer(item, found)

    def _gate(self, item: ContentItem, gate: str) -> Gate:
        rows = gates_of(self.seat).filter(stage__board=item.board_id, retired_at=None)
        found = self.found(rows.filter(Q(channel=None) | Q(channel=item.channel_id)), gate)
        if found.check_kind != Gate.Check.MANUAL:
            raise Invalid({"gate": [("not_manual", gettext("This gate is checked by itself."))]})
        return found

    def _answer(self, item: ContentItem, gate: Gate) -> Response:
        return Response(_line(gates.lines(item, [gate])[0]))


def _line(line: GateLine) -> dict[str, object]:
    passed = line.passed
    return {
        "id": line.gate.public_id,
        "label": line.gate.label,
        "stage": line.gate.stage.public_id,
        "check_kind": line.gate.check_kind,
        "met": line.state.met,
        "have": line.state.have,
        "need": line.state.need,
        "passed": passed
        and {
            "by": PersonBrief(passed.by).data if passed.by else None,
            "at": passed.at,
            "evidence": passed.evidence,
        },
    }
