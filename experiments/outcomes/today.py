"""The top of the Today page: two numbers a channel (R73), and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from experiments.kpis import daily, spark, tracking
from experiments.kpis.readings import Series, series
from experiments.kpis.table import write
from experiments.models import MetricDay
from experiments.outcomes.filling import waiting
from production import durations
from production.charts.svg import Drawn
from production.models import Channel, ContentItem, KpiDefinition
from production.permissions import Seat

WEEKS = 8
SHOWN = 6
# What stands in where a channel has no winning KPI of its own: the method's pair (R73).
PAIR = ("average-view-percent", "saves-per-1000")


@dataclass(frozen=True, slots=True)
class Signal:
    """One number of a channel: the last seven days, the change on the seven before, the weeks."""

    name: str
    value: str
    change: str
    picture: Drawn | None


@dataclass(frozen=True, slots=True)
class OfChannel:
    channel: Channel
    signals: list[Signal]


@dataclass(frozen=True, slots=True)
class Signals:
    """All of it for one person."""

    channels: list[OfChannel]
    due: list[ContentItem]
    more: int
    may_decide: bool
    streak: int
    is_checked: bool


def signals_of(seat: Seat, now: datetime) -> Signals | None:
    """Two numbers for each channel and the decisions that are due; None for who sees no numbers."""
    if not seat.may("metric.see"):
        return None
    workspace, today = seat.workspace, tracking.today(seat.workspace, now)
    rows = waiting(workspace, now).select_related("primary_kpi", "channel")
    due = list(rows[:SHOWN])
    for item in due:
        item.workspace = workspace
    looked = daily.days_looked(workspace, today)
    return Signals(
        _channels(seat, today),
        due,
        max(rows.count() - SHOWN, 0) if len(due) == SHOWN else 0,
        seat.may("outcome.record"),
        daily.streak(looked, today),
        today in looked,
    )


def _channels(seat: Seat, today: date) -> list[OfChannel]:
    channels = list(
        Channel.objects.filter(workspace=seat.workspace, retired_at=None)
        .select_related("winning_kpi")
        .order_by("position", "id")
    )
    pair = {
        kpi.code: kpi
        for kpi in KpiDefinition.objects.filter(
            workspace=seat.workspace, code__in=PAIR, retired_at=None
        )
    }
    first = today - timedelta(days=7 * WEEKS)
    followers = _followers(seat, first, today)
    wanted: list[tuple[KpiDefinition, Channel]] = []
    for channel in channels:
        wanted += [(kpi, channel) for kpi in _two(channel, pair, followers)]
    counted = series(seat.workspace, wanted, first, today) if wanted else []
    found = []
    for channel in channels:
        told = [
            _signal(kpi, each, today, f"{channel.public_id}-{place}")
            for place, ((kpi, of), each) in enumerate(zip(wanted, counted, strict=True))
            if of == channel
        ]
        if channel.pk in followers:
            told.append(_of_followers(channel, followers[channel.pk], today))
        found.append(OfChannel(channel, told))
    return [each for each in found if each.signals]


def _two(
    channel: Channel, pair: dict[str, KpiDefinition], followers: dict[int, dict[date, float]]
) -> list[KpiDefinition]:
    """The winning KPI first; beside it followers, or where nobody tells those the other signal."""
    rest = [pair[code] for code in PAIR if code in pair]
    order = [channel.winning_kpi] if channel.winning_kpi else []
    order += [kpi for kpi in rest if kpi not in order]
    return order[: 1 if channel.pk in followers else 2]


def _signal(kpi: KpiDefinition, counted: Series, today: date, key: str) -> Signal:
    weeks = [
        counted.between(today - timedelta(days=7 * n), today - timedelta(days=7 * n - 6))
        for n in range(WEEKS, 0, -1)
    ]
    values = [week.value if week else None for week in weeks]
    return _made(kpi.name, values, [write(kpi, value) for value in values], key)


def _followers(seat: Seat, first: date, today: date) -> dict[int, dict[date, float]]:
    rows = MetricDay.objects.filter(
        workspace=seat.workspace, metric="followers", basis=MetricDay.Basis.CHANNEL,
        channel__isnull=False, traffic=0, day__gte=first, day__lt=today,
    )  # fmt: skip
    found: dict[int, dict[date, float]] = {}
    for channel, day, total in rows.values_list("channel", "day", "total"):
        if channel is not None:
            found.setdefault(channel, {})[day] = total
    return found


def _of_followers(channel: Channel, told: dict[date, float], today: date) -> Signal:
    values = []
    for n in range(WEEKS, 0, -1):
        week = [today - timedelta(days=7 * n - day) for day in range(6, -1, -1)]
        values.append(next((told[day] for day in week if day in told), None))
    language = translation.get_language() or "en"
    texts = ["–" if each is None else durations.number(each, 0, language) for each in values]
    return _made(_("Followers"), values, texts, f"{channel.public_id}-f")


def _made(name: str, values: Sequence[float | None], texts: Sequence[str], key: str) -> Signal:
    now, before = values[-1], values[-2]
    change = _("no week before to compare with")
    if now is None:
        change = _("no numbers in the last seven days")
    elif before:
        share = durations.percent(abs(now / before - 1), 1, translation.get_language() or "en")
        sign = "+" if now > before else "\u2212" if now < before else "±"
        change = _("%(change)s on the week before") % {"change": f"{sign}{share}"}
    told = ", ".join(texts)
    picture = spark.small(
        f"week-{key}",
        _("%(kpi)s, %(weeks)s weeks") % {"kpi": name, "weeks": WEEKS},
        _("Week by week: %(values)s.") % {"values": told},
        values,
    )
    return Signal(name, texts[-1], change, picture if any(v is not None for v in values) else None)
