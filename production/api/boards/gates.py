from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from production import boards
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Linked, Order, PublicId, StrictModel
from production.api.lookups import gates_of
from production.models import Channel, Gate, Stage


class GateAnswer(Answer):
    """A condition for entering a stage."""

    id = PublicId()
    stage = Linked(read_only=True)
    channel = Linked(read_only=True, allow_null=True, help_text="Only items of this channel.")

    class Meta:
        model = Gate
        fields = (
            "id", "stage", "label", "check_kind", "field", "counted", "at_least", "channel",
            "position", "version", "retired_at",
        )  # fmt: skip
        read_only_fields = fields


class GateBody(StrictModel):
    channel = Linked(queryset=Channel.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Gate
        fields = ("label", "check_kind", "field", "counted", "at_least", "channel")


class NewGate(GateBody):
    stage = Linked(queryset=Stage.objects.filter(retired_at=None).select_related("board"))

    class Meta(GateBody.Meta):
        fields = (*GateBody.Meta.fields, "stage")


class GateOrder(Order):
    stage = Linked(queryset=Stage.objects.select_related("board"))


class Gates(Door):
    noun: ClassVar[str] = "gates"

    @does("board.see", answer=GateAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """The gates of all boards, retired ones too."""
        return self.page(gates_of(self.seat), GateAnswer, {"created": "public_id"})

    @does("board.see", answer=GateAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One gate."""
        return self._say(self._gate(id))

    @does("board.change", body=NewGate, answer=GateAnswer, status=201)
    def create(self, request: Request) -> Response:
        """A further condition for entering a stage, asked of every card from now on."""
        values = self.read(NewGate)
        gate = boards.add_gate(values.pop("stage"), values, seat=self.seat, at=self.at)
        return self.created(GateAnswer(gate).data, gate, ETag=f'"{gate.version}"')

    @does("board.change", body=GateBody, answer=GateAnswer, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change the fields that are sent; ticks that were given stay given."""
        gate = self._gate(id)
        changes = self.read(GateBody, instance=gate, partial=True)
        version = self.if_match(gate.version)
        boards.change_gate(gate, changes, seat=self.seat, at=self.at, version=version)
        return self._say(self._gate(id))

    @does("board.change", body=GateOrder, answer=GateAnswer, is_list=True)
    def reorder(self, request: Request) -> Response:
        """Put the gates of a stage into this order."""
        wish = self.read(GateOrder)
        boards.reorder_gates(wish["stage"], wish["order"], seat=self.seat, at=self.at)
        rows = gates_of(self.seat).filter(stage=wish["stage"], retired_at=None)
        return self.all(rows.order_by("position", "id"), GateAnswer)

    @does("board.change", answer=GateAnswer)
    def retire(self, request: Request, id: str) -> Response:
        """Ask for it no longer. Twice is once."""
        boards.retire_gate(self._gate(id), seat=self.seat, at=self.at)
        return self._say(self._gate(id))

    @does("board.change", answer=GateAnswer)
    def restore(self, request: Request, id: str) -> Response:
        """Ask for it again, last in its stage. Twice is once."""
        boards.restore_gate(self._gate(id), seat=self.seat, at=self.at)
        return self._say(self._gate(id))

    def _gate(self, id: str) -> Gate:
        return self.found(gates_of(self.seat).select_related("stage__board"), id)

    def _say(self, gate: Gate) -> Response:
        return self.with_version(GateAnswer(gate).data, gate.version)
