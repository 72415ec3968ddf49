"""What the detectors look at, read from the numbers and the board of a workspace."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from statistics import mean, median
from zoneinfo import ZoneInfo

from experiments.kpis.readings import Reading, series
from experiments.models import PostReading
from playbook.risks.detectors import Change, Seen
from production import flow
from production.models import ContentItem, KpiDefinition, Publication, Workspace

FORTNIGHT = 14
LEAST_POSTS = 3  # of a format in each fortnight
AGE = PostReading.Age.THREE_DAYS  # posts are compared at equal age
LEARNT_AFTER = timedelta(days=7)
_RATES = {
    "viewed": ("avg_view_pct*views", "views", KpiDefinition.Kind.MEAN),
    "saves": ("saves", "impressions", KpiDefinition.Kind.RATIO),
    "negative": ("comments_negative", "comments", KpiDefinition.Kind.RATIO),
    "reports": ("reports", "impressions", KpiDefinition.Kind.RATIO),
    "unfollows": ("unfollows", "impressions", KpiDefinition.Kind.RATIO),
}
_COUNTS = {"impressions": "impressions", "clicks": "link_clicks", "leads": "qualified_leads"}


def see(workspace: Workspace, *, at: datetime) -> Seen:
    """The last two weeks that are over against the two before, in eight queries."""
    zone = ZoneInfo(workspace.time_zone)
    today = at.astimezone(zone).date()
    last, middle = today - timedelta(days=1), today - timedelta(days=FORTNIGHT)
    first = middle - timedelta(days=FORTNIGHT)
    known = _numbers(workspace, first, middle, last)
    moments = [datetime.combine(day, time(), zone) for day in (first, middle, today)]
    items = ContentItem.objects.filter(
        workspace=workspace, parent=None, archived_at=None, published_at__gte=moments[0]
    )
    out = list(items.only("published_at", "idea_at", "history_from", "decision"))
    before = [each for each in out if _out(each) < moments[1]]
    now = [each for each in out if moments[1] <= _out(each) < moments[2]]
    due = [each for each in out if _out(each) <= at - LEARNT_AFTER]
    return Seen(
        **known,
        reach=_reach(workspace, moments),
        published=Change(len(before), len(now)) if before else None,
        lead_hours=_lead_hours(before, now),
        target_hours=workspace.target_hours,
        due=len(due),
        unlearnt=sum(not each.decision for each in due),
    )


def _out(item: ContentItem) -> datetime:
    return item.published_at  # type: ignore[return-value]  # asked for


def _numbers(
    workspace: Workspace, first: date, middle: date, last: date
) -> dict[str, Change | None]:
    wanted = {
        name: KpiDefinition(
            numerator_metrics=above, denominator_metrics=below, kind=kind, per=1
        )
        for name, (above, below, kind) in _RATES.items()
    } | {
        name: KpiDefinition(numerator_metrics=metric, kind=KpiDefinition.Kind.COUNT, per=1)
        for name, metric in _COUNTS.items()
    }  # fmt: skip
    found = series(workspace, [(kpi, None) for kpi in wanted.values()], first, last)
    return {
        name: _change(
            each.between(first, middle - timedelta(days=1)), each.between(middle, last)
        )
        for name, each in zip(wanted, found, strict=True)
    }  # fmt: skip


def _change(before: Reading | None, now: Reading | None) -> Change | None:
    if before is None or now is None or min(before.days, now.days) < FORTNIGHT // 2:
        return None
    return Change(before.value, now.value, now.above)


def _reach(workspace: Workspace, moments: list[datetime]) -> dict[str, Change]:
    """The mean reach per post of each format that went out in both fortnights."""
    rows = Publication.objects.filter(
        workspace=workspace, published_at__gte=moments[0], published_at__lt=moments[2],
        readings__metric="impressions", readings__age_hours=AGE, item__format__isnull=False,
    )  # fmt: skip
    parts: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for name, out_at, value in rows.values_list(
        "item__format__name", "published_at", "readings__value"
    ):
        if out_at is not None:  # asked for
            parts[name][out_at >= moments[1]].append(value)
    return {
        name: Change(mean(before), mean(now))
        for name, (before, now) in sorted(parts.items())
        if min(len(before), len(now)) >= LEAST_POSTS
    }


def _lead_hours(before: list[ContentItem], now: list[ContentItem]) -> Change | None:
    hours = [
        [took.total_seconds() / 3600 for each in some if (took := flow.lead_time(each))]
        for some in (before, now)
    ]
    return Change(median(hours[0]), median(hours[1])) if all(hours) else None
