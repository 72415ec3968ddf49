"""How the Flow page writes times, numbers, days and addresses; the units of its axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import get_language, gettext, ngettext, pgettext

from production import charts, durations, flow, flowview
from production.models import Workspace
from production.templatetags.putki import day_text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IN_DAYS = 20 * DAY  # from here on hours say nothing to anybody
# A value that lies this many times above nearly all others would press them together.
STRAY, NEARLY_ALL = 3, 0.95


class Words:
    """The language of the reader, and the addresses of one workspace."""

    def __init__(self, ask: flowview.Ask) -> None:
        self.ask = ask
        self.language = get_language() or "en"
        self.zone = ask.period.zone
        slug = ask.workspace.slug
        self.page = reverse("flow", args=[slug])
        self._item = reverse("item", args=[slug, "-"])

    def time(self, duration: timedelta) -> str:
        """`25 min`, `97 h`, from twenty days on `24 d`."""
        if HOUR <= abs(duration) < IN_DAYS:
            return durations.whole_hours(duration, self.language)
        return durations.hours(duration, self.language)

    def days(self, duration: timedelta) -> str:
        """`3 d`, `3.5 d`."""
        unit = durations.UNITS.get(self.language[:2], durations.UNITS["en"])["d"]
        return f"{self.number(round(duration / DAY, 1))}{durations.NBSP}{unit}"

    def number(self, value: float, places: int | None = None) -> str:
        return durations.number(value, places, self.language)

    def percent(self, share: float) -> str:
        return durations.percent(share, 0, self.language)

    def percents(self, low: float, high: float) -> str:
        """`53–80 %`."""
        return f"{self.number(low * 100, 0)}–{self.percent(high)}"

    def items(self, count: int) -> str:
        """`1 item`, `41 items`."""
        return ngettext("%(count)s item", "%(count)s items", count) % {"count": self.number(count)}

    def day(self, day: date) -> str:
        """`Thu 31 Dec`, with the year where it is another one."""
        return day_text(day)

    def short_day(self, day: date) -> str:
        """`26 Oct`."""
        return date_text(day, pgettext("short day, Django format", "j M"))

    def moment(self, moment: datetime) -> str:
        """`Thu 31 Dec 17:00`, in the workspace's zone."""
        local = moment.astimezone(self.zone)
        clock = date_text(local, pgettext("time of day, Django format", "H:i"))
        return f"{day_text(local.date())} {clock}"

    def week(self, monday: date) -> str:
        """`W47`, with the year where it is another one."""
        year, number, _weekday = monday.isocalendar()
        text = gettext("W%(week)s") % {"week": number}
        return text if year == self.ask.period.end.isocalendar().year else f"{text}/{year}"

    def monday(self, moment: datetime, short: bool) -> str:
        """`Mon 26 Oct · W44`, in short `26 Oct`."""
        day = moment.astimezone(self.zone).date()
        return self.short_day(day) if short else f"{day_text(day)} · {self.week(day)}"

    def period(self, period: flow.Period) -> str:
        """`26 Oct – 24 Nov`."""
        if period.start == period.end:
            return self.day(period.start)
        same_year = period.start.year == period.end.year
        first = self.short_day(period.start) if same_year else self.day(period.start)
        last = self.short_day(period.end)
        return f"{first} – {last} {period.end.year}"

    def item(self, key: str) -> str:
        """The address of a card."""
        return self._item[:-2] + f"{key}/"

    def address(self, drop: Iterable[str] = (), **changes: str) -> str:
        """This page with the same question but for the changes."""
        dropped = {*drop, *changes}
        kept = [(name, value) for name, value in parse_qsl(self.ask.query) if name not in dropped]
        return f"{self.page}?{urlencode([*kept, *changes.items()])}"

    def on_days(self, first: date, last: date) -> str:
        """This page for those days alone."""
        return self.address(
            drop=("days", "by", "items"), **{"from": first.isoformat(), "to": last.isoformat()}
        )


class Axis:
    """Hours, or days where they are many, up to the longest; strays are left above it."""

    def __init__(
        self, values: Sequence[timedelta], words: Words, also: Iterable[timedelta] = ()
    ) -> None:
        also = [*also, HOUR]
        ordered = sorted(values)
        top = ordered[-1] if ordered else HOUR
        usual = flow.percentile(ordered, NEARLY_ALL) if ordered else top
        if len(ordered) >= 2 * flow.FEWEST and top > STRAY * usual:
            top = usual * 1.25
        self.top = max(top, *also)
        self.in_days = self.top > IN_DAYS
        self.ticks = charts.hour_ticks(self.top / HOUR)
        self.words = words
        self.strays = sum(value / HOUR > self.ticks[-1] for value in values)

    def __call__(self, tick: float) -> str:
        """The tick as it stands at the axis, the highest with its unit."""
        unit = durations.UNITS.get(self.words.language[:2], durations.UNITS["en"])
        value = self.words.number(tick / 24 if self.in_days else tick)
        name = unit["d" if self.in_days else "h"]
        return f"{value}{durations.NBSP}{name}" if tick == self.ticks[-1] else value

    @property
    def strays_in_words(self) -> str:
        """A sentence about what lies above the scale; empty when nothing does."""
        if not self.strays:
            return ""
        return ngettext(
            "%(count)s lies above the scale: the arrow at the upper edge.",
            "%(count)s lie above the scale: the arrows at the upper edge.",
            self.strays,
        ) % {"count": self.words.number(self.strays)}


def in_mode(delivery: flow.Delivery, ask: flowview.Ask, words: Words) -> str:
    """The lead time as the workspace wants durations shown, named; empty for elapsed time."""
    mode = flow.Mode(ask.workspace.duration_mode)
    if mode == flow.Mode.ELAPSED or delivery.lead is None:
        return ""
    begun = delivery.published_at - delivery.lead
    shown = flow.shown(begun, delivery.published_at, mode, work_calendar(ask.workspace))
    count = round(shown.days, 1)
    values = {"days": words.number(count)}
    if mode == flow.Mode.CALENDAR:
        return ngettext("%(days)s calendar day", "%(days)s calendar days", round(count)) % values
    return gettext("%(days)s working days") % values


def work_calendar(workspace: Workspace) -> flow.WorkCalendar:
    """The working days of the workspace."""
    return flow.WorkCalendar(
        ZoneInfo(workspace.time_zone),
        weekdays=frozenset(workspace.working_weekdays),
        holidays=frozenset(date.fromisoformat(day) for day in workspace.holidays),
    )


def sentences(*parts: str) -> str:
    """Those that say something, one after another."""
    return " ".join(part for part in parts if part)


def counting(found: flowview.Flow) -> str:
    """Why what is folded from the log is not shown yet; empty when it is up to date."""
    if not found.lag:
        return ""
    return ngettext(
        "%(count)s event is still being counted; load the page again in a moment.",
        "%(count)s events are still being counted; load the page again in a moment.",
        found.lag,
    ) % {"count": Words(found.ask).number(found.lag)}
