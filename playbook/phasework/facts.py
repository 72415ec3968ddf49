"""What the workspace says to each line of the checklists. Nothing is kept: it is read anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count as Number
from django.db.models import Max, Q

from experiments.kpis import table
from experiments.models import Budget, Experiment, HookTry, MetricDay, ThresholdRule
from playbook import strategies
from playbook.models import (
    Audit,
    AuditEntry,
    Play,
    RealityCheck,
    RegisteredRisk,
    Responsibility,
    Retrospective,
    RoutineTick,
    WeeklyReview,
)
from playbook.phasework import weeks
from playbook.phasework.lines import LINES, Count
from playbook.phasework.weeks import Out
from production import flow, mix
from production.calendarview.entries import PUBLISHED, entries_of
from production.models import (
    Channel,
    ChannelSignal,
    ContentItem,
    Cycle,
    CyclePhase,
    Format,
    Gate,
    Pillar,
    UtmTemplate,
    Window,
)

FRESH = timedelta(days=8)
AHEAD = timedelta(days=14)
LEARNT_AFTER = timedelta(days=7)
AUDITED, OPENINGS, RISKS, FORMATS, PLAYS = 40, 20, 5, 8, 3
COST, VIEWED = "cost-per-lead", "average-view-percent"


@dataclass(frozen=True)
class Facts:
    """The workspace in one phase of one cycle, up to a moment."""

    cycle: Cycle
    phase: CyclePhase
    at: datetime

    def counts(self) -> dict[str, Count]:
        """A count for each line of the phase that can be counted."""
        codes = [line.code for line in LINES if line.phase == self.phase.number]
        found = {code: _READ[code](self) for code in codes if code in _READ}
        return {code: count for code, count in found.items() if count is not None}

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cycle.workspace.time_zone)

    @cached_property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    @cached_property
    def first(self) -> date:
        return self.cycle.starts_on + timedelta(days=self.phase.first_day - 1)

    @cached_property
    def last(self) -> date:
        return self.cycle.starts_on + timedelta(days=self.phase.last_day - 1)

    @cached_property
    def weeks(self) -> list[weeks.Span]:
        return weeks.weeks_of(self.first, self.last)

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        return self._moment(self.first), self._moment(self.last + timedelta(days=1))

    @cached_property
    def primary(self) -> list[Channel]:
        """The primary channels of the cycle."""
        rows = self.cycle.channels.filter(role=Channel.Role.PRIMARY).select_related("channel")
        return [row.channel for row in rows.order_by("channel__position", "channel")]

    @cached_property
    def kpis(self) -> list[table.Line]:
        return table.read(self.cycle.workspace, self.at)

    @cached_property
    def out(self) -> list[Out]:
        """What went out in the phase."""
        keys = {channel.pk for channel in self.primary}
        return [
            Out(
                day=each.day,
                channel=each.channel.pk,
                is_primary=each.channel.pk in keys,
                is_proven=mix.Counts.PROVEN in each.traits,
                is_test=mix.Counts.TESTS in each.traits,
                is_new=mix.Counts.NEW_MESSAGE in each.traits,
                kind=each.item.content_type if each.item else "",
            )
            for each in entries_of(self.cycle.workspace, *self.span, self.at)
            if each.look == PUBLISHED
        ]

    @cached_property
    def items(self) -> list[ContentItem]:
        """The cards that went out in the phase, derivatives left out."""
        begins, ends = self.span
        rows = ContentItem.objects.filter(
            workspace=self.cycle.workspace, parent=None,
            published_at__gte=begins, published_at__lt=min(ends, self.at),
        )  # fmt: skip
        return list(rows.only("published_at", "idea_at", "history_from", "hypothesis", "decision"))

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def _strategy(f: Facts) -> Count:
    gaps = strategies.gaps(strategies.content_of(strategies.strategy_of(f.cycle.workspace)))
    return Count(len(strategies.FIELDS) - len(gaps), len(strategies.FIELDS))


def _responsible(f: Facts) -> Count:
    rows = Responsibility.objects.filter(workspace=f.cycle.workspace, person__isnull=False)
    return Count(rows.count(), len(Responsibility.Area.values))


def _channels(f: Facts) -> Count:
    return Count(f.cycle.channels.count(), 3)


def _conversion(f: Facts) -> Count:
    return Count(int(f.cycle.core_conversion_id is not None), 1)


def _signals(f: Facts) -> Count:
    rows = ChannelSignal.objects.filter(channel__in=f.primary)
    return Count(rows.count(), 3 * len(f.primary))


def _winning(f: Facts) -> Count:
    return Count(sum(each.winning_kpi_id is not None for each in f.primary), len(f.primary))


def _pillars(f: Facts) -> Count:
    return Count(Pillar.objects.filter(workspace=f.cycle.workspace, retired_at=None).count(), 3, 5)


def _formats(f: Facts) -> Count:
    rows = Format.objects.filter(workspace=f.cycle.workspace, retired_at=None)
    whole = rows.exclude(title_formula="").exclude(cta="").exclude(b_roll=[])
    return Count(whole.exclude(state=Format.State.RETIRED).count(), FORMATS)


def _utm(f: Facts) -> Count:
    rows = UtmTemplate.objects.filter(workspace=f.cycle.workspace)
    return Count(min(rows.count(), 1), 1)


def _gate(f: Facts) -> Count:
    rows = Gate.objects.filter(
        workspace=f.cycle.workspace, retired_at=None, check_kind=Gate.Check.REVIEW
    )
    return Count(min(rows.count(), 1), 1)


def _owners(f: Facts) -> Count:
    held = [each for each in f.kpis if each.tracked.owner_id and each.tracked.next_review_on]
    return Count(len(held), len(f.kpis))


def _thresholds(f: Facts) -> Count:
    rules = ThresholdRule.objects.filter(workspace=f.cycle.workspace, retired_at=None)
    known = set(rules.values_list("kpi", flat=True))
    return Count(sum(each.kpi.pk in known for each in f.kpis), len(f.kpis))


def _risks(f: Facts) -> Count:
    rows = RegisteredRisk.objects.filter(
        workspace=f.cycle.workspace, owner__isnull=False, next_review_on__isnull=False
    )
    return Count(rows.exclude(state=RegisteredRisk.State.RETIRED).count(), RISKS)


def _budget(f: Facts) -> Count:
    budget = Budget.objects.filter(cycle=f.cycle, media_total__gt=0).first()
    return Count(int(budget is not None), 1)


def _hooks(f: Facts) -> Count:
    return Count(HookTry.objects.filter(sprint__workspace=f.cycle.workspace).count(), OPENINGS)


def _calendar(f: Facts) -> Count:
    found = entries_of(f.cycle.workspace, f.at, f.at + AHEAD, f.at)
    measured = [
        each
        for each in found
        if (each.item and each.item.primary_kpi_id) or (each.slot and each.slot.kpi_id)
    ]
    return Count(len(measured), max(len(found), 8 * len(f.primary)))


def _numbers(f: Facts) -> Count:
    rows = MetricDay.objects.filter(workspace=f.cycle.workspace, channel__in=f.primary)
    newest = rows.values("channel").annotate(last=Max("day"))
    fresh = sum(each["last"] > f.today - FRESH for each in newest)
    return Count(fresh, len(f.primary))


def _baselines(f: Facts) -> Count:
    known = [each for each in f.kpis if each.baseline and each.baseline.value is not None]
    return Count(len(known), len(f.kpis))


def _audit(f: Facts) -> Count | None:
    audit = Audit.objects.filter(workspace=f.cycle.workspace).order_by("-created_at").first()
    if audit is None:
        return None
    entries = AuditEntry.objects.filter(audit=audit)
    return Count(entries.exclude(reasons=[]).count(), min(2 * audit.size, AUDITED))


def _rhythm(f: Facts) -> Count:
    have = sum(
        weeks.with_enough(f.out, f.weeks, 4, lambda each, key=channel.pk: each.channel == key)
        for channel in f.primary
    )
    return Count(have, len(f.weeks) * len(f.primary))


def _hypotheses(f: Facts) -> Count:
    return Count(sum(bool(each.hypothesis.strip()) for each in f.items), len(f.items))


def _outcomes(f: Facts) -> Count:
    due = [each for each in f.items if each.published_at <= f.at - LEARNT_AFTER]  # type: ignore[operator]
    return Count(sum(bool(each.decision) for each in due), len(due))


def _reviews(f: Facts) -> Count | None:
    rows = WeeklyReview.objects.filter(workspace=f.cycle.workspace, ended_at__isnull=False)
    if not rows.exists():
        return None
    return Count(rows.filter(week__range=(f.first, f.last)).count(), len(f.weeks))


def _experiments(f: Facts) -> Count:
    begins, ends = f.span
    rows = Experiment.objects.filter(workspace=f.cycle.workspace)
    rows = rows.filter(started_at__gte=begins, started_at__lt=ends)
    return Count(rows.count(), 2 * len(f.weeks))


def _proven(f: Facts) -> Count:
    rows = Format.objects.filter(workspace=f.cycle.workspace, retired_at=None)
    return Count(rows.filter(state=Format.State.PROVEN).count(), 2)


def _windows(f: Facts) -> Count:
    rows = Window.objects.filter(
        channel__in=f.primary, retired_at=None, locked_until__gte=f.first
    ).values("channel")
    found = rows.annotate(n=Number("pk"))
    return Count(sum(min(each["n"], 2) for each in found), 2 * len(f.primary))


def _share(share: float, counts: Callable[[Out], bool]) -> Callable[[Facts], Count]:
    return lambda f: Count(weeks.with_share(f.out, f.weeks, share, counts), len(f.weeks))


def _each_week(least: int, counts: Callable[[Out], bool]) -> Callable[[Facts], Count]:
    return lambda f: Count(weeks.with_enough(f.out, f.weeks, least, counts), len(f.weeks))


def _lead_time(f: Facts) -> Count:
    limit = timedelta(hours=f.cycle.workspace.target_hours)
    took = [spent for each in f.items if (spent := flow.lead_time(each)) is not None]
    return Count(sum(spent <= limit for spent in took), -(-len(took) // 2))


def _better(code: str) -> Callable[[Facts], Count]:
    """Whether a KPI stands better than at its baseline, whatever way is better for it."""

    def read(f: Facts) -> Count:
        for each in f.kpis:
            if each.kpi.code == code and each.now and each.baseline:
                was = each.baseline.value
                if was is not None:
                    up = each.kpi.direction == each.kpi.Direction.UP
                    better = each.now.value > was if up else each.now.value < was
                    return Count(int(better), 1)
        return Count(0, 1)

    return read


def _community(f: Facts) -> Count:
    ticks = RoutineTick.objects.filter(workspace=f.cycle.workspace, day__range=(f.first, f.last))
    days = [f.first + timedelta(days=n) for n in range((f.last - f.first).days + 1)]
    working = [day for day in days if day.isoweekday() in f.cycle.workspace.working_weekdays]
    done = set(ticks.values_list("day", flat=True))
    return Count(len(done & set(working)), len(working))


def _reality(f: Facts) -> Count:
    first = f.cycle.starts_on.replace(day=1)
    rows = RealityCheck.objects.filter(workspace=f.cycle.workspace, month__gte=first)
    return Count(rows.filter(month__lte=f.last).exclude(verdict="").count(), 3)


def _plays(f: Facts) -> Count:
    rows = Play.objects.filter(workspace=f.cycle.workspace, state=Play.State.ADOPTED)
    return Count(rows.count(), PLAYS)


def _retrospective(f: Facts) -> Count:
    rows = Retrospective.objects.filter(cycle=f.cycle).exclude(Q(kept="") | Q(changed=""))
    return Count(rows.count(), 1)


_KIND = ContentItem.ContentType
_READ: Mapping[str, Callable[[Facts], Count | None]] = {
    "strategy": _strategy, "responsible": _responsible, "channels": _channels,
    "conversion": _conversion, "signals": _signals, "winning": _winning, "pillars": _pillars,
    "formats": _formats, "utm": _utm, "gate": _gate, "owners": _owners,
    "thresholds": _thresholds, "risks": _risks, "budget": _budget, "hooks": _hooks,
    "calendar": _calendar, "numbers": _numbers, "baselines": _baselines, "audit": _audit,
    "rhythm": _rhythm, "hypotheses": _hypotheses, "outcomes": _outcomes, "reviews": _reviews,
    "experiments": _experiments, "proven": _proven, "windows": _windows,
    "mix": _share(0.7, lambda each: each.is_proven),
    "tests": _share(0.2, lambda each: each.is_test),
    "message": _each_week(1, lambda each: each.is_new),
    "lead_time": _lead_time, "cpl": _better(COST), "viewed": _better(VIEWED),
    "conversions": _each_week(2, lambda each: each.kind == _KIND.CONVERSION),
    "questions": _each_week(2, lambda each: each.kind == _KIND.QUESTION),
    "community": _community, "reality": _reality, "plays": _plays,
    "retrospective": _retrospective,
}  # fmt: skip
