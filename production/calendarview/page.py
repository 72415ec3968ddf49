"""The whole page: weeks of channels by days, or of days, with the meter of each week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from production import cycles, mixrules, windows
from production.calendarview.entries import Entry, entries_of
from production.calendarview.mixing import WeekMix, phase_of, week_mix
from production.calendarview.span import FORTNIGHT, Span, monday_of
from production.channelhealth import Health, health_of
from production.models import Channel, Pillar
from production.permissions import Seat
from production.windows import Hours


@dataclass(frozen=True, slots=True)
class Shade:
    """A window as a cell shows it: `17–19`, and whether it is locked."""

    text: str
    locked_until: date | None
    begins: str


@dataclass(frozen=True, slots=True)
class Cell:
    day: date
    channel: Channel | None
    entries: tuple[Entry, ...]
    shades: tuple[Shade, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    channel: Channel
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day with all its channels, for narrow screens and the month."""

    day: date
    entries: tuple[Entry, ...]
    shades: tuple[tuple[Channel, Shade], ...]
    is_today: bool
    is_past: bool
    is_outside: bool  # of the month that is shown


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    days: tuple[Day, ...]
    rows: tuple[Row, ...]

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week


@dataclass(frozen=True, slots=True)
class CalendarPage:
    span: Span
    today: date
    zone: str
    weeks: tuple[Week, ...]
    mixes: tuple[WeekMix, ...]
    counts: dict[str, int]  # look → how many are shown
    channels: tuple[Channel, ...]
    pillars: tuple[Pillar, ...]
    locked_until: date | None
    has_windows: bool
    health: tuple[Health, ...]

    @property
    def warnings(self) -> list[str]:
        return [sentence for each in self.mixes for sentence in each.warnings]


def calendar_page(
    seat: Seat, span: Span, now: datetime, *, channel: str = "", pillar: str = ""
) -> CalendarPage:
    """What the seat sees of those days; `channel` and `pillar` (public ids) narrow what is shown.

    The meter always counts the whole workspace: a filter changes no promise.
    """
    workspace = seat.workspace
    today = now.astimezone(ZoneInfo(workspace.time_zone)).date()
    begins, ends = span.moments(workspace.time_zone)
    entries = entries_of(workspace, begins, ends, now)
    channels = list(Channel.objects.filter(workspace=workspace).order_by("role", "position", "id"))
    pillars = tuple(
        Pillar.objects.filter(workspace=workspace, retired_at=None).order_by("position", "id")
    )
    used = {each.channel.pk for each in entries}
    in_use = [each for each in channels if each.retired_at is None or each.pk in used]
    hours = windows.hours_of_channels(in_use)
    shown_channels = [each for each in in_use if channel in ("", each.public_id)]
    wanted = {each.pk for each in pillars if each.public_id == pillar}
    shown = [
        each
        for each in entries
        if channel in ("", each.channel.public_id) and (not pillar or each.pillar_id in wanted)
    ]
    counts: defaultdict[str, int] = defaultdict(int)
    for each in shown:
        counts[each.look] += 1
    locks = [
        each.locked_until for known in hours.values() for each in known if each.is_locked(today)
    ]
    return CalendarPage(
        span=span,
        today=today,
        zone=workspace.time_zone,
        weeks=tuple(
            _week(monday, shown, shown_channels, hours, span, today) for monday in span.mondays
        ),
        mixes=tuple(_mixes(seat, span, entries, channels, today)),
        counts=dict(counts),
        channels=tuple(in_use),
        pillars=pillars,
        locked_until=max((day for day in locks if day), default=None),
        has_windows=any(hours.values()),
        health=tuple(health_of(workspace, [x for x in in_use if not x.retired_at], now)),
    )


def _mixes(
    seat: Seat, span: Span, entries: Sequence[Entry], channels: Sequence[Channel], today: date
) -> list[WeekMix]:
    """Of both weeks; of a month that of the present week, else of its first."""
    rules = mixrules.rules_of(seat.workspace)
    if not rules:
        return []
    mondays = span.mondays
    if span.view != FORTNIGHT:
        now = monday_of(today)
        mondays = [now if now in mondays else mondays[0]]
    cycle = cycles.running(seat.workspace)
    return [
        week_mix(monday, entries, channels, rules, today=today, phase=phase_of(cycle, monday))
        for monday in mondays
    ]


def _week(
    monday: date,
    entries: Iterable[Entry],
    channels: Sequence[Channel],
    hours: dict[int, list[Hours]],
    span: Span,
    today: date,
) -> Week:
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    by_day: defaultdict[date, list[Entry]] = defaultdict(list)
    for each in entries:
        by_day[each.day].append(each)
    return Week(
        monday,
        tuple(
            Day(
                day,
                tuple(by_day[day]),
                tuple(
                    (channel, shade)
                    for channel in channels
                    for shade in _shades(hours[channel.pk], day)
                ),
                is_today=day == today,
                is_past=day < today,
                is_outside=span.view != FORTNIGHT and day.month != span.day.month,
            )
            for day in days
        ),
        tuple(
            Row(
                channel,
                tuple(
                    Cell(
                        day,
                        channel,
                        tuple(each for each in by_day[day] if each.channel.pk == channel.pk),
                        tuple(_shades(hours[channel.pk], day)),
                    )
                    for day in days
                ),
            )
            for channel in channels
        ),
    )


def _shades(hours: Iterable[Hours], day: date) -> list[Shade]:
    return [
        Shade(
            f"{_hour(each.begins)}–{_hour(each.ends)}",
            each.locked_until if each.is_locked(day) else None,
            f"{each.begins:%H:%M}",
        )
        for each in windows.on_day(hours, day)
    ]


def _hour(clock: object) -> str:
    """`17`, or `17:30` where minutes matter."""
    return f"{clock:%H:%M}".removesuffix(":00").removeprefix("0") or "0"
