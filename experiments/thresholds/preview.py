"""What a rule would have done lately, had it been there: asked before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from experiments.kpis import tracking
from experiments.models import ThresholdRule, TrackedKpi
from experiments.stats.kpi import Crossing as Verdict
from experiments.thresholds import posts
from experiments.thresholds.judging import LOOKS_BACK, baseline_of, facts, judge
from production.models import ContentItem

DAYS = 28


@dataclass(frozen=True, slots=True)
class Fired:
    """A day on which the rule would have opened an action, and the KPI's value then."""

    day: date
    value: float
    item: ContentItem | None = None


def would_have_fired(rule: ThresholdRule, at: datetime) -> list[Fired]:
    """The crossings of the last 28 days, each closed where it would have cleared."""
    today = tracking.today(rule.workspace, at)
    line = line_for(rule)
    if rule.scope == ThresholdRule.Scope.POST:
        zone = ZoneInfo(rule.workspace.time_zone)
        found = posts.beyond(rule, baseline_of(line), at - timedelta(days=DAYS))
        return [
            Fired(each.reached_at.astimezone(zone).date(), each.numbers["value"],
                  each.publication.item)
            for each in found
        ]  # fmt: skip
    last = today - timedelta(days=1)
    known = facts(rule, line, last - timedelta(days=DAYS + LOOKS_BACK - 2), last)
    fired, is_open = [], False
    for back in range(DAYS - 1, -1, -1):
        day = last - timedelta(days=back)
        judged = judge(rule, known, day, is_open=is_open)
        if judged is None:
            continue
        if judged.verdict == Verdict.FIRES:
            is_open = True
            fired.append(Fired(day, judged.numbers["value"]))
        elif judged.verdict == Verdict.CLEARS:
            is_open = False
    return fired


def line_for(rule: ThresholdRule) -> TrackedKpi | None:
    """The line of the KPI table that the rule is about, which has its baseline."""
    rows = TrackedKpi.objects.filter(
        workspace=rule.workspace_id, kpi=rule.kpi_id, channel=rule.channel_id, retired_at=None
    )
    return rows.select_related("owner", "kpi").first()
