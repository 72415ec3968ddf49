"""A KPI week by week as a chart with its table, and the weeks of all KPIs as one table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from experiments.kpis import tracking
from experiments.kpis.table import Line, interval, write
from production import charts, durations
from production.models import KpiDefinitionVersion


def figure(line: Line) -> charts.Figure:
    """The weeks beside the path; the line breaks where the definition changed (R71)."""
    kpi, weeks = line.kpi, list(line.weeks)
    title = _("%(kpi)s, week by week") % {"kpi": kpi.name}
    if not any(reading for _monday, reading in weeks):
        return charts.Figure("weeks", title, empty=_("No week has numbers yet."), size=charts.FULL)
    heads = [_head(monday) for monday, _reading in weeks]
    way = [_way(line, monday) for monday, _reading in weeks]
    values = [reading.value if reading else None for _monday, reading in weeks]
    highest = max([*(v for v in values if v is not None), *(w for w in way if w is not None)])
    target = line.tracked.target
    highest = max(highest, target or 0)
    parts = _pieces(values, [monday for monday, _reading in weeks], line)
    lines = [
        charts.Series(part, kpi.short_name or kpi.name, strong=True,
                      end=write(kpi, _last(part)) if number == len(parts) - 1 else "")
        for number, part in enumerate(parts)
    ]  # fmt: skip
    if any(each is not None for each in way):
        lines.append(charts.Series(way, _("path"), end=_("path")))
    start = tracking.start_of(line.tracked)
    before = [n for n, (monday, _r) in enumerate(weeks) if monday + timedelta(days=3) < start]
    chart = charts.Lines(
        title=title,
        desc=_("Weekly values of %(kpi)s, its path and its target.") % {"kpi": kpi.name},
        heads=heads,
        says=[_say(line, week, path) for week, path in zip(weeks, way, strict=True)],
        series=lines,
        ticks=charts.round_ticks(highest * 1.05, 5),
        write=lambda value: write(kpi, value),
        target=charts.Level(target, _("target %(v)s") % {"v": write(kpi, target)})
        if target
        else None,
        basis=charts.Stretch(before[0], before[-1], _("baseline")) if before else None,
    )
    return charts.Figure(
        "weeks", title,
        note=_("Each week from its sums. The shaded weeks are those before day 1."),
        chart=chart,
        table=_table(line, title, way),
        foot=_break_note(line),
        size=charts.FULL,
    )  # fmt: skip


def weekly_table(lines: Sequence[Line]) -> charts.Table | None:
    """The weekly values of every KPI, and the path today."""
    mondays = sorted({monday for line in lines for monday, _reading in line.weeks})[-10:]
    if not mondays:
        return None
    heads = [_("KPI"), *(_head(monday) for monday in mondays), _("path today"), _("target")]
    rows = []
    for line in lines:
        known = dict(line.weeks)
        cells = []
        for monday in mondays:
            reading = known.get(monday)
            cells.append(write(line.kpi, reading.value if reading else None))
        rows.append([line.kpi.name, *cells, line.path_text, line.target_text])
    return charts.Table(_("Weekly values"), heads, rows)


def versions(line: Line) -> list[KpiDefinitionVersion]:
    """How the KPI was defined, newest first."""
    return list(line.kpi.versions.select_related("by").order_by("-number"))


def _head(monday: date) -> str:
    return durations.iso_week(monday, translation.get_language() or "en")


def _way(line: Line, monday: date) -> float | None:
    day = (monday - tracking.start_of(line.tracked)).days + 3.5
    if line.path is None or not 0 <= day <= line.path.days:
        return None
    return line.path.at(day)


def _say(line: Line, week: tuple[date, object], path: float | None) -> str:
    monday, _reading = week
    reading = dict(line.weeks)[monday]
    told = f"{write(line.kpi, reading.value)} ({interval(line.kpi, reading)})" if reading else "–"
    on_path = _("path %(v)s") % {"v": write(line.kpi, path)} if path is not None else ""
    return " · ".join(part for part in (f"{_head(monday)}: {told}", on_path) if part)


def _changes(line: Line) -> list[date]:
    """The days on which the definition changed, after the first."""
    zone = ZoneInfo(line.tracked.workspace.time_zone)
    rows = line.kpi.versions.filter(number__gt=1).order_by("number")
    return [at.astimezone(zone).date() for at in rows.values_list("at", flat=True)]


def _pieces(
    values: Sequence[float | None], mondays: Sequence[date], line: Line
) -> list[list[float | None]]:
    """The values, apart where a change of definition lies between two weeks."""
    changed = _changes(line)
    pieces: list[list[float | None]] = [[None] * len(values)]
    for n, value in enumerate(values):
        if n and any(mondays[n - 1] < day <= mondays[n] + timedelta(days=6) for day in changed):
            pieces.append([None] * len(values))
        pieces[-1][n] = value
    return [piece for piece in pieces if any(each is not None for each in piece)]


def _last(values: Sequence[float | None]) -> float | None:
    return next((each for each in reversed(values) if each is not None), None)


def _break_note(line: Line) -> str:
    changed = _changes(line)
    if not changed:
        return ""
    return _("The line breaks where the definition changed: %(days)s.") % {
        "days": ", ".join(day.isoformat() for day in changed)
    }


def _table(line: Line, caption: str, way: Sequence[float | None]) -> charts.Table:
    rows = [
        [
            _head(monday),
            write(line.kpi, reading.value if reading else None),
            interval(line.kpi, reading) if reading else "–",
            str(reading.days) if reading else "0",
            write(line.kpi, path),
        ]
        for (monday, reading), path in zip(line.weeks, way, strict=True)
    ]
    heads = [_("Week"), _("Value"), _("80 % interval"), _("Days"), _("Path")]
    return charts.Table(caption, heads, rows)
