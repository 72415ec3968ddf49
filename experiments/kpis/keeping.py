"""Who looks after a line of the KPI table, how often, and what it is to reach (R56)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.models import TrackedKpi
from production import changes as changing
from production import events
from production.checks import check
from production.errors import Invalid
from production.models import Membership, User, Workspace
from production.permissions import Seat

FIELDS = ("target", "cadence_days", "next_review_on", "lean")
LONGEST_CADENCE = 90


@transaction.atomic
def change(
    line: TrackedKpi,
    values: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> TrackedKpi:
    """Change the named ones of owner, target, cadence, next review and lean.

    Raises Invalid, and Stale when `version` is not the line's.
    """
    seat.require("kpi.change")
    held = TrackedKpi.objects.select_for_update(of=("self",)).select_related(
        "kpi", "channel", "owner", "cycle", "workspace"
    )
    line = held.get(pk=line.pk, workspace=seat.workspace)
    changing.require_version(line, version, values)
    noted = changing.apply(line, {n: v for n, v in values.items() if n != "owner"}, fields=FIELDS)
    if "owner" in values:
        noted |= entrust(line, values["owner"], seat.workspace)
    if not 1 <= line.cadence_days <= LONGEST_CADENCE:
        sentence = _("Between 1 and %(most)s days.") % {"most": LONGEST_CADENCE}
        raise Invalid({"cadence_days": [("range", sentence)]})
    if line.target is not None and not line.target > 0:
        raise Invalid({"target": [("range", _("A target is above 0."))]})
    if not noted:
        return line
    check(line)
    line.version += 1
    line.save()
    data: dict[str, Any] = {"kpi": line.kpi.name, "changes": noted}
    if line.channel:
        data["channel"] = line.channel.name
    events.record(
        "kpi.line_changed",
        line.kpi.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data=data,
    )
    return line


def entrust(row: Any, owner: User | None, workspace: Workspace) -> dict[str, list[Any]]:
    """Make a member the row's owner; what changed, as the log writes it. Raises Invalid."""
    if owner is not None and not people(workspace).filter(user=owner).exists():
        raise Invalid({"owner": [("does_not_exist", _("Choose somebody of this workspace."))]})
    was = row.owner
    if was == owner:
        return {}
    row.owner = owner
    return {"owner": [changing.plain(was), changing.plain(owner)]}


def people(workspace: Workspace) -> Any:
    """The members that may work on a KPI: those who may close its actions."""
    rows = Membership.objects.filter(workspace=workspace, removed_at=None)
    return rows.filter(role__in=("owner", "creator")).select_related("user").order_by("id")
