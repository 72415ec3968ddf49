"""What a card still needs for the stages ahead, each line with the control that fixes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from production import gates, rules
from production.gates import GateLine
from production.models import ContentItem, Gate, Stage
from production.moves.situation import Situation
from production.permissions import Seat
from production.sentences import say

_SECTIONS = {
    "primary_kpi_missing": "kpi",
    "not_published": "publication",
    "blocked": "blocked",
}
_FIELD_GROUPS = {
    "promise": "message",
    "pacing": "message",
    "cta": "message",
    "length_actual_seconds": "message",
    "result_value": "outcome",
    "decision": "outcome",
    "decision_reason": "outcome",
    "learning": "outcome",
}
_COUNTED = {
    Gate.Counted.HOOKS: "hooks",
    Gate.Counted.FILES: "files",
    Gate.Counted.LINKS: "files",
    Gate.Counted.SOURCES: "sources",
    Gate.Counted.IMAGE_SOURCES: "sources",
    Gate.Counted.DERIVATIVES: "derivatives",
}


@dataclass(frozen=True, slots=True)
class Fix:
    """Where the remedy is: a panel of the page, or a group of fields to fill in."""

    panel: str = ""
    group: str = ""
    field: str = ""
    tick: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """One line: a gate with how far the card is, or a rule that would refuse the move."""

    label: str
    met: bool
    note: str
    fix: Fix
    gate: Gate | None = None
    line: GateLine | None = None


@dataclass(slots=True)
class Ahead:
    """A stage ahead and everything that stands before it."""

    stage: Stage
    lines: list[Need] = field(default_factory=list)

    @property
    def met(self) -> int:
        return sum(line.met for line in self.lines)

    @property
    def missing(self) -> int:
        return len(self.lines) - self.met


def ahead(item: ContentItem, seat: Seat, stages: Sequence[Stage]) -> list[Ahead]:
    """The stages after the card's own that ask for anything; the next one always."""
    all_gates = gates.of_board(item.board_id)
    situation = Situation.whole(item, stages, seat, all_gates)
    here = next((n for n, stage in enumerate(stages) if stage.pk == item.stage_id), -1)
    found, told = [], set[str]()
    for number, stage in enumerate(stages[here + 1 :]):
        part = Ahead(stage)
        for gate in all_gates:
            if gate.stage_id == stage.pk and gate.channel_id in (None, item.channel_id):
                part.lines.append(_gate_need(situation.lines[gate.pk]))
        for refusal in rules.refusals(situation.propose(stage)):
            if refusal.code in _SECTIONS and refusal.code not in told:
                told.add(refusal.code)
                part.lines.append(Need(say(refusal), False, "", Fix(panel=_SECTIONS[refusal.code])))
        part.lines.sort(key=lambda line: line.met)
        if part.lines or number == 0:
            found.append(part)
    return found


def _gate_need(line: GateLine) -> Need:
    gate, state = line.gate, line.state
    note = ""
    if line.passed:
        note = line.passed.evidence
    elif state.need > 1:
        note = gettext("%(have)s of %(need)s") % {"have": state.have, "need": state.need}
    if gate.check_kind == Gate.Check.OPENINGS and state.have >= state.need and not state.met:
        note = gettext("none chosen yet with a reason")
    return Need(gate.label, state.met, note, _fix(gate), gate, line)


_CHECKED_AT = {
    Gate.Check.MANUAL: Fix(tick=True),
    Gate.Check.OPENINGS: Fix(panel="hooks"),
    Gate.Check.REVIEW: Fix(panel="review"),
    Gate.Check.OUT: Fix(panel="publication"),
}
_FIELD_PANELS = {
    Gate.Field.SCRIPT: "script",
    Gate.Field.SOURCES: "sources",
    Gate.Field.AI_USE: "sources",
}


def _fix(gate: Gate) -> Fix:
    if gate.check_kind in _CHECKED_AT:
        return _CHECKED_AT[Gate.Check(gate.check_kind)]
    if gate.check_kind == Gate.Check.COUNT:
        panel = _COUNTED.get(Gate.Counted(gate.counted), "")
        return Fix(panel=panel) if panel else Fix(group="details", field=gate.counted)
    if gate.field in _FIELD_PANELS:
        return Fix(panel=_FIELD_PANELS[Gate.Field(gate.field)])
    return Fix(group=_FIELD_GROUPS.get(gate.field, "details"), field=gate.field)
