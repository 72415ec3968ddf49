"""What the team stands for on one page, who is responsible, and the page a cycle begins with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from playbook.models import Responsibility, Strategy, StrategyVersion
from production import changes as changing
from production import cycles, events
from production.checks import check
from production.errors import Invalid, Refused, Stale
from production.models import Channel, Cycle, Membership, User, Workspace
from production.permissions import Seat
from production.rules import Refusal

FIELDS = ("goals", "audience", "channels", "rhythm", "kpis")
Pair = tuple[User | None, User | None]  # the person and the deputy


def strategy_of(workspace: Workspace) -> Strategy | None:
    """The page as it stands; None before anything was written."""
    return Strategy.objects.filter(workspace=workspace).select_related("updated_by").first()


def content_of(strategy: Strategy | None) -> dict[str, str]:
    """The five fields in their order, empty ones as empty text."""
    return {name: getattr(strategy, name) if strategy else "" for name in FIELDS}


def label(name: str) -> str:
    """What a field of the page is called."""
    return str(Strategy._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def gaps(content: Mapping[str, str]) -> list[str]:
    """The labels of the fields that say nothing."""
    return [label(name) for name in FIELDS if not content.get(name, "").strip()]


@transaction.atomic
def save(values: Mapping[str, str], *, version: int, seat: Seat, at: datetime) -> Strategy:
    """Keep the page under its next number; `version` is the one that was read, 0 for none.

    Saving what stands there already changes nothing. Raises Invalid, Stale.
    """
    workspace = _hold(seat, "playbook.change")
    strategy = strategy_of(workspace)
    current = strategy.version if strategy else 0
    if version != current:
        raise Stale(current, content_of(strategy))
    strategy = strategy or Strategy(workspace=workspace, version=0)
    noted = changing.apply(strategy, values, fields=FIELDS, prose=FIELDS)
    if not noted:
        return strategy
    _number(strategy, seat, at)
    _record("strategy.saved", workspace.public_id, seat, at, version=strategy.version, words=noted)
    return strategy


@transaction.atomic
def begin_cycle(
    values: Mapping[str, Any],
    *,
    channels: Mapping[Channel, str],
    seat: Seat,
    at: datetime,
    reason: str = "",
) -> Cycle:
    """Begin a cycle and freeze the page for it (R1, R86).

    Raises Refused where the page has gaps, and all that `cycles.start` raises.
    """
    workspace = _hold(seat, "cycle.change")
    strategy = strategy_of(workspace)
    missing = gaps(content_of(strategy))
    if strategy is None or missing:
        raise Refused([Refusal("strategy_gaps", {"fields": ", ".join(missing)})])
    cycle = cycles.start(values, channels=channels, seat=seat, at=at, reason=reason)
    frozen = strategy.versions.get(number=strategy.version)
    if frozen.cycle_id is not None:  # an earlier cycle began with the same words
        frozen = _number(strategy, seat, at)
    StrategyVersion.objects.filter(pk=frozen.pk).update(cycle=cycle)
    _record("strategy.frozen", cycle.public_id, seat, at, version=frozen.number)
    return cycle


@transaction.atomic
def entrust(pairs: Mapping[str, Pair], *, seat: Seat, at: datetime) -> None:
    """Say for each area who is responsible and who stands in (R12). Raises Invalid."""
    workspace = _hold(seat, "playbook.change")
    members = set(
        Membership.objects.filter(workspace=workspace, removed_at=None).values_list(
            "user", flat=True
        )
    )
    for area, pair in pairs.items():
        _check_pair(area, pair, members)
        person, deputy = pair
        row = Responsibility.objects.filter(workspace=workspace, area=area).first()
        row = row or Responsibility(workspace=workspace, area=area)
        if (row.person, row.deputy) == pair:
            continue
        row.person, row.deputy = person, deputy
        check(row)
        row.save()
        names = {
            "person": person and {"user": person.public_id, "name": person.name},
            "deputy": deputy and {"user": deputy.public_id, "name": deputy.name},
        }
        _record("responsibility.changed", workspace.public_id, seat, at, area=area, **names)


def _check_pair(area: str, pair: Pair, members: set[int]) -> None:
    person, deputy = pair
    for name, user in (("person", person), ("deputy", deputy)):
        if user is not None and user.pk not in members:
            message = _("This person does not work here.")
            raise Invalid({f"{area}_{name}": [("does_not_exist", message)]})
    if deputy is not None and person is None:
        raise Invalid({f"{area}_person": [("required", _("Choose the person first."))]})
    if deputy is not None and person == deputy:
        message = _("Nobody stands in for themselves. Choose somebody else.")
        raise Invalid({f"{area}_deputy": [("same_person", message)]})


def _number(strategy: Strategy, seat: Seat, at: datetime) -> StrategyVersion:
    strategy.version += 1
    strategy.updated_at, strategy.updated_by = at, seat.user
    check(strategy)
    strategy.save()
    return StrategyVersion.objects.create(
        strategy=strategy,
        number=strategy.version,
        content=content_of(strategy),
        at=at,
        by=seat.user,
    )


def _hold(seat: Seat, operation: str) -> Workspace:
    seat.require(operation)
    return Workspace.objects.select_for_update().get(pk=seat.workspace.pk)


def _record(type_: str, subject: str, seat: Seat, at: datetime, **data: Any) -> None:
    events.record(type_, subject, workspace_id=seat.workspace.pk, by=seat.user, at=at, data=data)
