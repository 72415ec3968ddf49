"""The rules of the week's mix as a workspace keeps them; an owner changes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import changes as changing
from production import events, mix, presets
from production.checks import check
from production.errors import Invalid, Refused
from production.models import MixRule, Workspace
from production.permissions import Seat
from production.rules import Refusal

FIELDS = ("counts", "channel_role", "phase", "at_least", "at_most")
MOST = 40
PHASES = range(1, 5)


def rules_of(workspace: Workspace) -> list[mix.Rule]:
    """The rules as plain values, in the order they were made."""
    return [
        mix.Rule(mix.Counts(row.counts), row.at_least, row.at_most, row.channel_role, row.phase)
        for row in MixRule.objects.filter(workspace=workspace).order_by("id")
    ]


@transaction.atomic
def add(values: Mapping[str, Any], *, seat: Seat, at: datetime) -> MixRule:
    """One more rule. Raises Invalid."""
    _hold(seat)
    if MixRule.objects.filter(workspace=seat.workspace).count() >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    rule = MixRule(workspace=seat.workspace)
    changing.apply(rule, values, fields=FIELDS)
    _check(rule)
    rule.save(force_insert=True)
    _record(seat, at)
    return rule


@transaction.atomic
def add_usual(*, seat: Seat, at: datetime) -> list[MixRule]:
    """What the method promises of a week, where nothing is promised yet."""
    _hold(seat)
    if MixRule.objects.filter(workspace=seat.workspace).exists():
        return []
    made = presets.add_mix_rules(seat.workspace)
    _record(seat, at)
    return made


@transaction.atomic
def change(
    rule: MixRule,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> MixRule:
    """Change the named fields. Raises Invalid, Stale."""
    _hold(seat)
    rule = MixRule.objects.get(pk=rule.pk, workspace=seat.workspace)
    changing.require_version(rule, version, changes)
    if changing.apply(rule, changes, fields=FIELDS):
        _check(rule)
        rule.version += 1
        rule.save()
        _record(seat, at)
    return rule


@transaction.atomic
def remove(rule: MixRule, *, seat: Seat, at: datetime) -> None:
    """Promise it no longer."""
    _hold(seat)
    MixRule.objects.filter(pk=rule.pk, workspace=seat.workspace).delete()
    _record(seat, at)


def _hold(seat: Seat) -> None:
    seat.require("window.change")
    Workspace.objects.select_for_update(no_key=True).get(pk=seat.workspace.pk)


def _check(rule: MixRule) -> None:
    check(rule, only=["counts", "channel_role"])
    least, most = rule.at_least, rule.at_most
    if least is None and most is None:
        raise Invalid({"at_least": [("required", _("Say the least, the most, or both."))]})
    if least is not None and most is not None and most < least:
        raise Invalid({"at_most": [("range", _("The most is below the least."))]})
    top = 100 if mix.Counts(rule.counts) in mix.SHARES else 200
    for name, value in (("at_least", least), ("at_most", most)):
        if value is not None and not 0 <= value <= top:
            sentence = _("From 0 to %(most)s.") % {"most": top}
            raise Invalid({name: [("range", sentence)]})
    if rule.phase is not None and rule.phase not in PHASES:
        raise Invalid({"phase": [("range", _("A cycle has the phases 1 to 4."))]})


def _record(seat: Seat, at: datetime) -> None:
    rows = MixRule.objects.filter(workspace=seat.workspace).order_by("id").values(*FIELDS)
    events.record(
        "mix.changed",
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data={"rules": list(rows)},
    )
