"""How the mix of a week stands, with a sentence for what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from production import cycles, mix, mixrules, phases
from production.calendarview.entries import EMPTY, PLANNED, Entry, entries_of
from production.calendarview.span import FORTNIGHT, Span, monday_of
from production.models import Channel, Cycle, Workspace

NAMES = {
    mix.Counts.POSTS: _("Pieces"),
    mix.Counts.EXPERIMENTS: _("Experiments"),
    mix.Counts.PROVEN: _("Proven formats"),
    mix.Counts.TESTS: _("New tests"),
    mix.Counts.NEW_MESSAGE: _("New message"),
    mix.Counts.CONVERSION: _("Conversion posts"),
    mix.Counts.QUESTIONS: _("Questions"),
}
MOST_SLOTS = 3  # named in one sentence


@dataclass(frozen=True, slots=True)
class Needle:
    """One line of the meter, ready to be drawn: parts and marks in per cent of the track."""

    name: str
    value: str
    parts: tuple[tuple[str, float, float], ...]  # class, from, width
    least: float | None
    tone: str  # "", or warn
    note: str


@dataclass(frozen=True, slots=True)
class WeekMix:
    monday: date
    needles: tuple[Needle, ...]
    warnings: tuple[str, ...]  # sentences, from Wednesday on
    open_slots: int

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def is_kept(self) -> bool:
        return all(not needle.tone for needle in self.needles)


def week_mix(
    monday: date,
    entries: Iterable[Entry],
    channels: Sequence[Channel],
    rules: Sequence[mix.Rule],
    *,
    today: date,
    phase: int | None = None,
) -> WeekMix:
    """The meter of the ISO week; `entries` are the whole workspace's, of that week at least.

    `phase` is the one that the cycle has on its Monday.
    """
    sunday = monday + timedelta(days=6)
    here = [each for each in entries if monday <= each.day <= sunday]
    free = [each for each in here if each.look == EMPTY and not each.is_missed]
    readings = mix.read(
        rules, _plain(channels), _pieces(here), [_open(each) for each in free], phase=phase
    )
    told = mix.short(readings, monday=monday, today=today)
    return WeekMix(
        monday,
        tuple(_needle(each, free) for each in readings),
        tuple(_sentence(each, free) for each in told),
        len(free),
    )


def shortfalls(workspace: Workspace, now: datetime) -> list[str]:
    """What the plan of this week lacks, a sentence each; nothing before its Wednesday.

    For whoever tells people of it: the calendar, the digest.
    """
    today = now.astimezone(ZoneInfo(workspace.time_zone)).date()
    monday = monday_of(today)
    if not mix.is_told(monday, today):
        return []
    rules = mixrules.rules_of(workspace)
    begins, _later = Span(FORTNIGHT, monday).moments(workspace.time_zone)
    ends = Span(FORTNIGHT, monday + timedelta(days=7)).moments(workspace.time_zone)[0]
    found = entries_of(workspace, begins, ends, now)
    channels = list(
        Channel.objects.filter(workspace=workspace, retired_at=None).order_by("position", "id")
    )
    phase = phase_of(cycles.running(workspace), monday)
    return list(week_mix(monday, found, channels, rules, today=today, phase=phase).warnings)


def phase_of(cycle: Cycle | None, monday: date) -> int | None:
    """The phase whose rules a week follows: the one on its Monday, else on its Sunday."""
    if cycle is None:
        return None
    days = (monday, monday + timedelta(days=6))
    found = (phases.place(cycle.starts_on, cycle.phase_ends, day) for day in days)
    return next((place.phase for place in found if place), None)


def _plain(channels: Iterable[Channel]) -> list[mix.Channel]:
    return [
        mix.Channel(str(each.public_id), each.name, each.role)
        for each in channels
        if each.retired_at is None
    ]


def _pieces(entries: Iterable[Entry]) -> list[mix.Piece]:
    """What is out, or still can be: a plan whose time has passed keeps no promise."""
    return [
        mix.Piece(mix.Stand(each.look), str(each.channel.public_id), each.channel.role, each.traits)
        for each in entries
        if each.look != EMPTY and not (each.look == PLANNED and each.is_missed)
    ]


def _open(entry: Entry) -> mix.Open:
    return mix.Open(str(entry.channel.public_id), entry.channel.role, entry.traits)


def _needle(reading: mix.Reading, free: Collection[Entry]) -> Needle:
    rule = reading.rule
    top = 100.0 if rule.is_share else float(rule.at_most or rule.at_least or 1)
    top = max(top, reading.value, 1)
    shares = (
        ("done", reading.published),
        ("set", reading.scheduled),
        ("hoped", reading.planned),
    )
    parts, begins = [], 0.0
    for name, amount in shares:
        if amount:
            parts.append((name, round(100 * begins / top, 2), round(100 * amount / top, 2)))
        begins += amount
    least = None if rule.at_least is None else min(100.0, round(100 * rule.at_least / top, 2))
    is_off = (reading.is_short and not _is_share_of_nothing(reading)) or reading.is_over
    note = _what_fills(reading, free) if reading.is_short else ""
    return Needle(_name(reading), _value(reading), tuple(parts), least, "warn" * is_off, note)


def said(reading: mix.Reading) -> str:
    """A needle in words: `TikTok: 2 of 4 to 6`."""
    return f"{_name(reading)}: {_value(reading)}"


def _name(reading: mix.Reading) -> str:
    return reading.channel.name if reading.channel else str(NAMES[reading.rule.counts])


def _value(reading: mix.Reading) -> str:
    """`5 of 4 to 6`, `1 of 2`, `30 %, at least 20 %`."""
    least, most, rule = reading.rule.at_least, reading.rule.at_most, reading.rule
    if rule.is_share:
        if _is_share_of_nothing(reading):
            return gettext("nothing planned yet")
        have = pgettext("per cent", "%(number)s %%") % {"number": round(reading.value)}
        if least is not None:
            return gettext("%(have)s, at least %(least)s %%") % {"have": have, "least": least}
        return gettext("%(have)s, at most %(most)s %%") % {"have": have, "most": most}
    words = {"have": round(reading.value), "least": least, "most": most}
    if least is None:
        return gettext("%(have)s, at most %(most)s") % words
    if most is None or most == least:
        return gettext("%(have)s of %(least)s") % words
    return gettext("%(have)s of %(least)s to %(most)s") % words


def _sentence(reading: mix.Reading, free: Collection[Entry]) -> str:
    """What is missing, and what would mend it."""
    missing = reading.missing
    words = {"name": _name(reading), "value": _value(reading), "count": missing}
    lacks = ngettext(
        "%(name)s: %(value)s this week, %(count)s is missing.",
        "%(name)s: %(value)s this week, %(count)s are missing.",
        missing,
    )
    return f"{lacks % words} {_what_fills(reading, free)}".strip()


def _what_fills(reading: mix.Reading, free: Collection[Entry]) -> str:
    """The empty slots that are still to come and would count, as something to do."""
    fitting = [each for each in free if _fits(reading, each)]
    if not fitting:
        return "" if reading.rule.is_share else gettext("No empty slot is left: add one.")
    named = ", ".join(_moments(fitting[: min(MOST_SLOTS, reading.missing)]))
    return gettext("Fill %(slots)s.") % {"slots": named}


def _fits(reading: mix.Reading, entry: Entry) -> bool:
    if reading.channel is not None and reading.channel.id != entry.channel.public_id:
        return False
    return reading.rule.counts == mix.Counts.POSTS or reading.rule.counts in entry.traits


def _moments(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield f"{date_text(entry.at, 'D')} {entry.clock}"


def _is_share_of_nothing(reading: Any) -> bool:
    return reading.rule.is_share and not reading.pieces
