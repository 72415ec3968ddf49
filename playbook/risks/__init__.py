"""The risk register: who owns a risk, what is done when it comes true, what came of it (R82)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from playbook.models import RegisteredRisk, RiskSignal
from playbook.risks import detectors, presets, seeing, words
from production import changes as changing
from production import cycles, events
from production.checks import check
from production.errors import Invalid
from production.models import KpiDefinition, Membership, User, Workspace
from production.permissions import Seat

__all__ = [
    "add", "change", "close", "evaluate", "evaluate_all", "retire", "review", "take_up", "words",
]  # fmt: skip

FIELDS = ("name", "symptom", "mitigation", "threshold", "owner", "next_review_on")
REVIEWED_EVERY, DUE_WITHIN = timedelta(days=30), timedelta(days=7)
State = RegisteredRisk.State


@transaction.atomic
def take_up(*, seat: Seat, at: datetime) -> list[RegisteredRisk]:
    """The five risks of the method that the register does not have yet."""
    workspace = _hold(seat, "cycle.change")
    known = set(RegisteredRisk.objects.filter(workspace=workspace).values_list("code", flat=True))
    kpis = {row.code: row for row in KpiDefinition.objects.filter(workspace=workspace)}
    made = []
    for position, preset in enumerate(presets.FIVE):
        if preset.code not in known:
            values = {
                "name": str(preset.name), "symptom": str(preset.symptom), "owner": seat.user,
                "mitigation": str(preset.mitigation), "threshold": str(words.ASKS[preset.code]),
            }  # fmt: skip
            row = _made(workspace, values, seat, at, code=preset.code, position=position)
            row.kpis.set([kpis[code] for code in preset.kpis if code in kpis])
            made.append(row)
    return made


@transaction.atomic
def add(values: Mapping[str, Any], *, seat: Seat, at: datetime) -> RegisteredRisk:
    """A risk of one's own, watched by people only. Raises Invalid."""
    workspace = _hold(seat, "cycle.change")
    last = RegisteredRisk.objects.filter(workspace=workspace).count()
    return _made(workspace, values, seat, at, position=last)


@transaction.atomic
def change(
    risk: RegisteredRisk, values: Mapping[str, Any], *, seat: Seat, at: datetime,
    version: int | None = None,
) -> RegisteredRisk:  # fmt: skip
    """Change the named fields. Raises Invalid, Stale."""
    risk = _locked(risk, seat, "cycle.change")
    changing.require_version(risk, version, values)
    _require_member(values.get("owner"), seat)
    shown = {name: value for name, value in values.items() if name != "owner"}
    noted = changing.apply(risk, shown, fields=FIELDS)
    if "owner" in values and values["owner"] != risk.owner:
        noted["owner"] = [_name(risk.owner), _name(values["owner"])]
        risk.owner = values["owner"]
    if noted:
        check(risk)
        risk.version += 1
        risk.save()
        _record("risk.changed", risk, seat, at, changes=noted)
    return risk


@transaction.atomic
def review(risk: RegisteredRisk, *, seat: Seat, at: datetime) -> RegisteredRisk:
    """Note that it was looked at; the next look is due in thirty days."""
    risk = _locked(risk, seat, "cycle.work")
    risk.reviewed_on = cycles.today_in(seat.workspace, at)
    risk.next_review_on = risk.reviewed_on + REVIEWED_EVERY
    risk.version += 1
    risk.save()
    _record("risk.reviewed", risk, seat, at, next=risk.next_review_on.isoformat())
    return risk


@transaction.atomic
def retire(risk: RegisteredRisk, *, seat: Seat, at: datetime) -> RegisteredRisk:
    """Nobody watches it any more; twice is once."""
    risk = _locked(risk, seat, "cycle.change")
    if risk.state != State.RETIRED:
        risk.state = State.RETIRED
        risk.version += 1
        risk.save()
        _record("risk.retired", risk, seat, at)
    return risk


@transaction.atomic
def close(
    risk: RegisteredRisk, *, outcome: str, note: str, seat: Seat, at: datetime
) -> list[RiskSignal]:
    """End what is open of the risk with what came of it; it does not open again by itself
    before the symptom has gone once. Raises Invalid without outcome, note or anything open.
    """
    risk = _locked(risk, seat, "cycle.work")
    if outcome not in RiskSignal.Outcome.values:
        raise Invalid({"outcome": [("required", _("Say what came of it."))]})
    if not note.strip():
        raise Invalid({"note": [("required", _("Say in a sentence what came of it."))]})
    rows = list(risk.signals.select_for_update().filter(closed_at=None))
    if not rows:
        raise Invalid({"risk": [("closed", _("Nothing is open here."))]})
    for row in rows:
        row.outcome, row.outcome_note = outcome, note.strip()[:500]
        row.closed_at, row.closed_by = at, seat.user
        row.save()
    if risk.state != State.RETIRED:
        risk.state = State.QUIET
    risk.version += 1
    risk.save(update_fields=["state", "version"])
    _record("risk.closed", risk, seat, at, outcome=outcome, note=rows[0].outcome_note)
    return rows


def evaluate_all(*, at: datetime) -> None:
    """Let every detector of every workspace look."""
    rows = RegisteredRisk.objects.exclude(state=State.RETIRED).exclude(detector="none")
    for workspace in Workspace.objects.filter(pk__in=rows.values("workspace")).order_by("pk"):
        evaluate(workspace, at=at)


def evaluate(workspace: Workspace, *, at: datetime) -> list[RiskSignal]:
    """Let the detectors look; a symptom opens one notice with one owner. What was opened."""
    seen = seeing.see(workspace, at=at)
    rows = RegisteredRisk.objects.filter(workspace=workspace).exclude(state=State.RETIRED)
    opened = []
    for risk in rows.exclude(detector=RegisteredRisk.Detector.NONE):
        found = detectors.detect(risk.detector, seen)
        if found is not None and (signal := _judge(risk.pk, found, at)):
            opened.append(signal)
    return opened


@transaction.atomic
def _judge(key: int, found: detectors.Found, at: datetime) -> RiskSignal | None:
    risk = RegisteredRisk.objects.select_for_update().select_related("workspace").get(pk=key)
    last = risk.signals.order_by("-at", "-pk").first()
    if not found.fires:
        if last is not None and last.cleared_at is None:
            last.cleared_at = at
            last.save(update_fields=["cleared_at"])
            _record("risk.cleared", risk, None, at)
        return None
    if last is not None and (last.closed_at is None or last.cleared_at is None):
        return None  # open already, or closed while it still shows
    today = cycles.today_in(risk.workspace, at)
    signal = RiskSignal.objects.create(
        risk=risk, week=today - timedelta(days=today.weekday()), numbers=found.numbers, at=at,
        due_on=today + DUE_WITHIN,
    )  # fmt: skip
    risk.state = State.RAISED
    risk.version += 1
    risk.save(update_fields=["state", "version"])
    _record("risk.raised", risk, None, at, numbers=found.numbers)
    return signal


def _made(
    workspace: Workspace, values: Mapping[str, Any], seat: Seat, at: datetime, *, position: int,
    code: str = "",
) -> RegisteredRisk:  # fmt: skip
    _require_member(values.get("owner"), seat)
    row = RegisteredRisk(
        workspace=workspace, code=code, detector=code or RegisteredRisk.Detector.NONE,
        position=position, created_at=at, owner=values.get("owner"),
        next_review_on=cycles.today_in(workspace, at) + REVIEWED_EVERY,
    )  # fmt: skip
    shown = {name: value for name, value in values.items() if name != "owner"}
    changing.apply(row, shown, fields=FIELDS)
    check(row)
    row.save(force_insert=True)
    _record("risk.added", row, seat, at)
    return row


def _require_member(person: User | None, seat: Seat) -> None:
    rows = Membership.objects.filter(workspace=seat.workspace, removed_at=None, user=person)
    if person is not None and not rows.exists():
        raise Invalid({"owner": [("does_not_exist", _("This person does not work here."))]})


def _hold(seat: Seat, operation: str) -> Workspace:
    seat.require(operation)
    return Workspace.objects.select_for_update().get(pk=seat.workspace.pk)


def _locked(risk: RegisteredRisk, seat: Seat, operation: str) -> RegisteredRisk:
    seat.require(operation)
    rows = RegisteredRisk.objects.select_for_update(of=("self",)).select_related("owner")
    return rows.get(pk=risk.pk, workspace=seat.workspace)


def _name(person: User | None) -> str:
    return person.name if person else ""


def _record(type_: str, risk: RegisteredRisk, seat: Seat | None, at: datetime, **data: Any) -> None:
    events.record(
        type_, risk.public_id, workspace_id=risk.workspace_id, by=seat.user if seat else None,
        at=at, data={"name": risk.name, **data},
    )  # fmt: skip
