"""The method's three rules, and one for each KPI that is tracked: worse than its baseline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.kpis import tracking
from experiments.models import ThresholdRule
from production.models import KpiDefinition
from production.permissions import Seat

Condition, Step = ThresholdRule.Condition, ThresholdRule.Step
FEWEST = 8
# What is counted by publication needs some of them before it says anything.
_OF_POSTS = (KpiDefinition.Kind.RATIO, KpiDefinition.Kind.MEAN)


@transaction.atomic
def take_up(*, seat: Seat, at: datetime) -> list[ThresholdRule]:
    """The rules that the workspace's tracked KPIs ask for and that it does not have yet."""
    seat.require("kpi.change")
    rows = ThresholdRule.objects.filter(workspace=seat.workspace).exclude(preset="")
    known = set(rows.values_list("preset", flat=True))
    return [
        ThresholdRule.objects.create(
            workspace=seat.workspace, created_at=at, preset=preset, **values
        )
        for preset, values in _wanted(seat).items()
        if preset not in known
    ]


def _wanted(seat: Seat) -> dict[str, dict[str, Any]]:
    tracked = tracking.lines_of(seat.workspace)
    kpis = {line.kpi.code: line.kpi for line in tracked if line.channel_id is None}
    found: dict[str, dict[str, Any]] = {}
    if kpi := kpis.get("average-view-percent"):
        found["short-views"] = {
            "name": _("Viewed less than 35 %"), "kpi": kpi, "condition": Condition.BELOW,
            "line": 35.0, "step": Step.SHORTEN, "min_posts": FEWEST,
        }  # fmt: skip
    if kpi := kpis.get("saves-per-1000"):
        found["saves-rise"] = {
            "name": _("Saves rise"), "kpi": kpi, "condition": Condition.RISING,
            "for_days": 28, "step": Step.SEQUELS, "min_posts": FEWEST,
        }  # fmt: skip
    if (kpi := kpis.get("link-ctr")) and (leads := kpis.get("qualified-leads-per-week")):
        found["clicks-without-leads"] = {
            "name": _("Clicks rise, leads do not"), "kpi": kpi, "other_kpi": leads,
            "condition": Condition.RISING_OTHER_FLAT, "for_days": 28,
            "step": Step.LANDING_PAGE, "min_posts": FEWEST,
        }  # fmt: skip
    for line in tracked:
        found[f"worse-{line.public_id}"[:40]] = {
            "name": _("Worse than the baseline"), "kpi": line.kpi, "channel": line.channel,
            "condition": Condition.WORSE, "step": Step.OTHER,
            "min_posts": FEWEST if line.kpi.kind in _OF_POSTS else 0,
        }  # fmt: skip
    return found
