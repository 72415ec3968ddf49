"""Cycles over the API: begin, see what holds, vouch, decide, end."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from playbook import phasework, strategies
from production import cycles
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Choice, Day, Linked, PublicId, Strict, Text, Whole
from production.models import Channel, Cycle, CyclePhase, KpiDefinition


class LineAnswer(serializers.Serializer[Any]):
    """One line of a checklist, counted now."""

    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=200)
    is_exit = serializers.BooleanField(help_text="The exit decision looks at it.")
    by_hand = serializers.BooleanField(help_text="A person may vouch for it.")
    is_done = serializers.BooleanField()
    have = serializers.IntegerField(allow_null=True, min_value=0)
    of = serializers.IntegerField(allow_null=True, min_value=0)
    evidence = serializers.CharField(max_length=500, allow_null=True, help_text="If vouched for.")


class PhaseAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1, max_value=4)
    first_day = serializers.IntegerField(min_value=1)
    last_day = serializers.IntegerField(min_value=1)
    decision = serializers.ChoiceField([("", ""), *CyclePhase.Decision.choices])
    decision_note = serializers.CharField(max_length=500, allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    lines = LineAnswer(many=True)


class CycleAnswer(Answer):
    """Ninety days."""

    id = PublicId()
    ends_on = serializers.DateField(read_only=True)
    channels = serializers.DictField(
        child=serializers.ChoiceField(Channel.Role.choices), help_text="Channel id → role."
    )

    class Meta:
        model = Cycle
        fields = (
            "id", "name", "template", "starts_on", "ends_on", "days", "core_conversion",
            "channels", "started_at", "ended_at", "version",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Cycle) -> dict[str, Any]:
        rows = instance.channels.select_related("channel").order_by("pk")
        roles = {row.channel.public_id: row.role for row in rows}
        data = {
            name: getattr(instance, name)
            for name in self.Meta.fields
            if name not in ("id", "channels", "core_conversion", "ends_on")
        }
        kpi = instance.core_conversion
        return data | {
            "id": instance.public_id, "channels": roles, "ends_on": instance.ends_on,
            "core_conversion": kpi.public_id if kpi else None,
        }  # fmt: skip


class CycleBody(Strict):
    name = Text(max_length=100)
    starts_on = Day(required=False)
    template = Choice(choices=Cycle.Template.choices, required=False)
    core_conversion = Linked(queryset=KpiDefinition.objects.all(), required=False, allow_null=True)
    primary = serializers.ListField(
        child=Linked(queryset=Channel.objects.all()), min_length=1, max_length=20
    )
    support = serializers.ListField(
        child=Linked(queryset=Channel.objects.all()), max_length=20, required=False
    )
    reason = Text(max_length=300, required=False, help_text="Why more than two and one.")


class PhaseDecisionBody(Strict):
    decision = Choice(choices=CyclePhase.Decision.choices)
    note = Text(max_length=500)
    days = Whole(min_value=1, max_value=30, required=False, help_text="To extend by.")


class PhaseLineBody(Strict):
    line = Text(max_length=40, help_text="The code of a line that a person may vouch for.")


class PhaseTickBody(PhaseLineBody):
    evidence = Text(max_length=500, help_text="What shows it.")


class Cycles(Door):
    """The ninety days and their phases."""

    noun: ClassVar[str] = "cycles"

    @does("cycle.see", answer=CycleAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """Cycles, the running one too."""
        return self.page(self._rows(), CycleAnswer, {"created": "public_id"})

    @does("cycle.change", body=CycleBody, answer=CycleAnswer, status=201, refuses=True)
    def create(self, request: Request) -> Response:
        """Begin one: the strategy is frozen for it, its channels are locked to its last day."""
        wish = self.read(CycleBody)
        roles = {each: str(Channel.Role.PRIMARY) for each in wish.pop("primary")}
        roles |= {each: str(Channel.Role.SUPPORT) for each in wish.pop("support", [])}
        reason = wish.pop("reason", "")
        wish.setdefault("starts_on", cycles.today_in(self.seat.workspace, self.at))
        made = strategies.begin_cycle(
            wish, channels=roles, seat=self.seat, at=self.at, reason=reason
        )
        row = self._cycle(made.public_id)
        return self.created(CycleAnswer(row).data, row, ETag=f'"{row.version}"')

    @does("cycle.see", answer=CycleAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One cycle."""
        row = self._cycle(id)
        return self.with_version(CycleAnswer(row).data, row.version)

    @does("cycle.change", answer=CycleAnswer)
    def end(self, request: Request, id: str) -> Response:
        """End it; its channels are free again. Twice is once."""
        cycles.end(self._cycle(id), seat=self.seat, at=self.at)
        return Response(CycleAnswer(self._cycle(id)).data)

    @does("cycle.see", answer=PhaseAnswer, is_list=True)
    def phases(self, request: Request, id: str) -> Response:
        """The four phases with their checklists as the workspace stands."""
        cycle = self._cycle(id)
        return self.all([self._phase(cycle, row) for row in cycle.phases.all()], PhaseAnswer)

    @does("cycle.change", body=PhaseDecisionBody, answer=PhaseAnswer)
    def decide(self, request: Request, id: str, number: int) -> Response:
        """Go on, extend or stop at the end of a phase, with the reason."""
        cycle, wish = self._cycle(id), self.read(PhaseDecisionBody)
        row = cycles.decide(
            cycle, number, wish["decision"], note=wish["note"], days=wish.get("days", 7),
            seat=self.seat, at=self.at,
        )  # fmt: skip
        return Response(PhaseAnswer(self._phase(self._cycle(id), row)).data)

    @does("cycle.work", body=PhaseTickBody, status=204)
    def tick(self, request: Request, id: str) -> Response:
        """Vouch for a line that nothing here can count."""
        cycle, said = self._cycle(id), self.read(PhaseTickBody)
        phasework.tick(cycle, said["line"], evidence=said["evidence"], seat=self.seat, at=self.at)
        return Response(status=204)

    @does("cycle.work", body=PhaseLineBody, status=204)
    def untick(self, request: Request, id: str) -> Response:
        """Take it back."""
        cycle, line = self._cycle(id), self.read(PhaseLineBody)["line"]
        phasework.untick(cycle, line, seat=self.seat, at=self.at)
        return Response(status=204)

    def _phase(self, cycle: Cycle, row: CyclePhase) -> dict[str, Any]:
        ticks = phasework.ticks_of(cycle)
        lines = [
            {
                "code": each.line.code,
                "name": str(each.line.name),
                "is_exit": each.line.is_exit,
                "by_hand": each.line.by_hand,
                "is_done": each.is_done,
                "have": each.count.have if each.count else None,
                "of": each.count.of if each.count else None,
                "evidence": ticks[each.line.code].evidence if each.line.code in ticks else None,
            }
            for each in phasework.checklist(cycle, row, at=self.at)
        ]
        names = (
            "number", "first_day", "last_day", "decision", "decision_note", "decided_at",
        )  # fmt: skip
        return {name: getattr(row, name) for name in names} | {"lines": lines}

    def _rows(self) -> QuerySet[Cycle]:
        return Cycle.objects.filter(workspace=self.seat.workspace).select_related(
            "core_conversion", "workspace"
        )

    def _cycle(self, id: str) -> Cycle:
        return self.found(self._rows(), id)
