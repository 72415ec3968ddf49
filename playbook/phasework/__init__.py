"""The work of a phase: its checklist, read from the workspace, and what people vouch for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from playbook.models import PhaseTick
from playbook.phasework.facts import Facts
from playbook.phasework.lines import BY_CODE, Count, Line, Read, read
from production import events
from production.errors import Invalid
from production.models import Cycle, CyclePhase
from production.permissions import Seat

__all__ = ["Count", "Facts", "Line", "Read", "checklist", "tick", "ticks_of", "untick"]


def checklist(cycle: Cycle, phase: CyclePhase, *, at: datetime) -> list[Read]:
    """The lines of the phase as the workspace stands."""
    return read(phase.number, Facts(cycle, phase, at).counts(), ticks_of(cycle))


def ticks_of(cycle: Cycle) -> dict[str, PhaseTick]:
    """What people vouched for, by the code of the line."""
    return {row.code: row for row in PhaseTick.objects.filter(cycle=cycle).select_related("by")}


@transaction.atomic
def tick(cycle: Cycle, code: str, *, evidence: str, seat: Seat, at: datetime) -> PhaseTick:
    """Vouch for a line that nothing here can count; the evidence says by what. Raises Invalid."""
    seat.require("cycle.work")
    line = _line(code)
    if not evidence.strip():
        raise Invalid({"evidence": [("required", _("Say what shows it."))]})
    row, _made = PhaseTick.objects.update_or_create(
        cycle=cycle, code=code,
        defaults={"evidence": evidence.strip()[:500], "at": at, "by": seat.user},
    )  # fmt: skip
    _record("cycle.line_ticked", cycle, line, seat, at, evidence=row.evidence)
    return row


@transaction.atomic
def untick(cycle: Cycle, code: str, *, seat: Seat, at: datetime) -> None:
    """Take it back; twice is once."""
    seat.require("cycle.work")
    line = _line(code)
    gone, _each = PhaseTick.objects.filter(cycle=cycle, code=code).delete()
    if gone:
        _record("cycle.line_unticked", cycle, line, seat, at)


def _line(code: str) -> Line:
    line = BY_CODE.get(code)
    if line is None or not line.by_hand:
        raise Invalid({"line": [("does_not_exist", _("This line is counted, not ticked."))]})
    return line


def _record(type_: str, cycle: Cycle, line: Line, seat: Seat, at: datetime, **data: Any) -> None:
    data = {"line": line.code, "phase": line.phase, **data}
    events.record(
        type_, cycle.public_id, workspace_id=cycle.workspace_id, by=seat.user, at=at, data=data
    )
