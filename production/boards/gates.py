from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import changes as changing
from production import events
from production.arranging import arranged, put_in_order
from production.checks import check
from production.errors import Invalid
from production.locks import lock_board
from production.models import Gate, Stage
from production.permissions import Seat

CHANGEABLE = ("label", "check_kind", "field", "counted", "at_least", "channel")
_COUNTING = (Gate.Check.COUNT, Gate.Check.OPENINGS)


@transaction.atomic
def add_gate(stage: Stage, values: Mapping[str, Any], *, seat: Seat, at: datetime) -> Gate:
    """A further condition for entering the stage, asked of every card from now on.

    Raises Invalid.
    """
    seat.require("board.change")
    lock_board(stage.board_id)
    gates = _gates(stage)
    gate = Gate(workspace=seat.workspace, stage=stage, position=len(gates))
    changing.apply(gate, values, fields=CHANGEABLE)
    _check(gate)
    gate.save(force_insert=True)
    data = {"gate": gate.public_id, "stage": stage.public_id, "label": gate.label}
    _record("gate.added", stage, seat, at, data)
    return gate


@transaction.atomic
def change_gate(
    gate: Gate,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> Gate:
    """Change the named fields; ticks that were given stay given. Raises Invalid or Stale."""
    seat.require("board.change")
    gate = _held(gate)
    changing.require_version(gate, version, changes.keys())
    noted = changing.apply(gate, changes, fields=CHANGEABLE)
    if not noted:
        return gate
    _check(gate)
    gate.version += 1
    gate.save(update_fields=[*CHANGEABLE, "version"])
    data = {"gate": gate.public_id, "changes": noted}
    _record("gate.changed", gate.stage, seat, at, data)
    return gate


@transaction.atomic
def reorder_gates(stage: Stage, order: Sequence[str], *, seat: Seat, at: datetime) -> list[Gate]:
    """Put the stage's gates into this order of public ids."""
    seat.require("board.change")
    lock_board(stage.board_id)
    gates = _gates(stage)
    if arranged(gates, order) == gates:
        return gates
    gates = put_in_order(gates, order)
    data = {"stage": stage.public_id, "order": [gate.public_id for gate in gates]}
    _record("gate.reordered", stage, seat, at, data)
    return gates


@transaction.atomic
def retire_gate(gate: Gate, *, seat: Seat, at: datetime) -> Gate:
    """Ask for it no longer; what was ticked stays in the past. Twice is once."""
    seat.require("board.change")
    gate = _held(gate)
    if gate.retired_at is None:
        gate.retired_at, gate.version = at, gate.version + 1
        gate.save(update_fields=["retired_at", "version"])
        put_in_order(_gates(gate.stage))
        data = {"gate": gate.public_id, "label": gate.label}
        _record("gate.retired", gate.stage, seat, at, data)
    return gate


@transaction.atomic
def restore_gate(gate: Gate, *, seat: Seat, at: datetime) -> Gate:
    """Ask for it again, last in its stage, of every card from now on. Twice is once."""
    seat.require("board.change")
    gate = _held(gate)
    if gate.retired_at is not None:
        gates = _gates(gate.stage)
        gate.retired_at, gate.version = None, gate.version + 1
        gate.save(update_fields=["retired_at", "version"])
        put_in_order([*gates, gate])
        data = {"gate": gate.public_id, "stage": gate.stage.public_id, "label": gate.label}
        _record("gate.restored", gate.stage, seat, at, data)
    return gate


def _check(gate: Gate) -> None:
    """What the kind of check does not look at is emptied, what it needs must be there."""
    gate.label = gate.label.strip()
    if gate.check_kind != Gate.Check.FIELD:
        gate.field = ""
    if gate.check_kind != Gate.Check.COUNT:
        gate.counted = ""
    if gate.check_kind not in _COUNTING:
        gate.at_least = 1
    if gate.check_kind == Gate.Check.FIELD and not gate.field:
        raise Invalid({"field": [("required", _("Choose the field that must be filled in."))]})
    if gate.check_kind == Gate.Check.COUNT and not gate.counted:
        raise Invalid({"counted": [("required", _("Choose what is counted."))]})
    if gate.at_least < 1:
        raise Invalid({"at_least": [("range", _("Ask for at least one."))]})
    check(gate, only=[name for name in CHANGEABLE if name != "channel"])


def _gates(stage: Stage) -> list[Gate]:
    return list(Gate.objects.filter(stage=stage, retired_at=None).order_by("position", "id"))


def _held(gate: Gate) -> Gate:
    lock_board(gate.stage.board_id)
    return Gate.objects.select_related("stage__board").get(pk=gate.pk)


def _record(type: str, stage: Stage, seat: Seat, at: datetime, data: dict[str, Any]) -> None:
    events.record(
        type,
        stage.board.public_id,
        workspace_id=stage.workspace_id,
        board_id=stage.board_id,
        by=seat.user,
        at=at,
        data=data,
    )
