"""The charts of an experiment: every variant against the control, and the range by day."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from experiments.models import Experiment, Snapshot
from experiments.verdictwords import chance, interval, lift
from production import charts
from production.templatetags.putki import day_text

WIDEST = 2.0  # beyond +200 % a line says only "more"


def forest(experiment: Experiment, snapshot: Snapshot) -> charts.Figure:
    """Each variant's range against the control, with the measured point."""
    texts = {each.label: each.text for each in experiment.variants.all()}
    rows = snapshot.analysis["compared"]
    tones = {"repeat": "good", "drop": "bad"}
    ranges = [
        charts.Range(
            f"{row['label']} {texts.get(row['label'], '')}",
            f"{row['label']}: {interval(row)}, {_('measured')} {lift(row['lift'])}",
            *_within(row),
            interval(row),
            tones.get(row["verdict"]["state"], "") if experiment.allocation not in
            ("delivery", "none") else "",
        )
        for row in rows
    ]  # fmt: skip
    control = snapshot.analysis["control"]
    title = _("Change in %(kpi)s against %(control)s") % {
        "kpi": experiment.kpi.name, "control": control,
    }  # fmt: skip
    note = _("Line: the range (95 %, always valid), sound however often you look. Ring: measured.")
    table = charts.Table(
        title,
        [_("Variant"), _("range"), _("measured"), _("realistic estimate"), _("chance better")],
        [
            [f"{row['label']} {texts.get(row['label'], '')}", interval(row), lift(row["lift"]),
             lift(row["realistic"]), chance(row["p_better"])]
            for row in rows
        ],
    )  # fmt: skip
    chart = charts.Forest(title, note, ranges, _ticks(rows), lift)
    return charts.Figure("forest", title, note, chart, table, over_time=False)


def by_day(experiment: Experiment, snapshot: Snapshot) -> charts.Figure | None:
    """How the range of the leading variant narrowed; days before the gate are not drawn."""
    days = snapshot.analysis["by_day"]
    label = snapshot.analysis.get("best") or snapshot.analysis.get("leading")
    if label not in days:
        label = next(iter(days), None)
    rows = days.get(label, [])
    if len(rows) < 2:
        return None
    hidden = max(int(snapshot.analysis["min_days"]) - 1, 0)
    if hidden >= len(rows):
        return None
    ranges = []
    for row in rows:
        day = date.fromisoformat(row["day"])
        say = f"{day_text(day)}: {interval(row)}"
        low, high, point = _within(row)
        tone = "good" if (low or -1) > 0 else "bad" if high is not None and high < 0 else ""
        if snapshot.analysis["direction"] == "down":
            tone = {"good": "bad", "bad": "good"}.get(tone, "")
        ranges.append(charts.Range(day_text(day), say, low, high, point, "", tone))
    title = _("The range of %(variant)s day by day") % {"variant": label}
    note = _("Early results swing; the range narrows and stays true.")
    shown = rows[hidden:]
    table = charts.Table(
        title, [_("Day"), _("range"), _("measured")],
        [[day_text(date.fromisoformat(r["day"])), interval(r), lift(r["lift"])] for r in shown],
    )  # fmt: skip
    hidden_text = _("hidden until day %(day)s") % {"day": hidden + 1} if hidden else ""
    chart = charts.RangesByDay(title, note, ranges, _ticks(shown), lift, hidden, hidden_text)
    return charts.Figure("by-day", title, note, chart, table, over_time=False)


def _within(row: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    def kept(value: float | None) -> float | None:
        return None if value is None else max(min(value, WIDEST), -1.0)

    low, high = kept(row["low"]), kept(row["high"])
    return low, high, kept(row["lift"])


def _ticks(rows: list[dict[str, Any]]) -> list[float]:
    """Round lifts from below the lowest to above the highest, 0 among them."""
    values = [value for row in rows for value in _within(row) if value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    steps = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    step = next((s for s in steps if (high - low) / s <= 5), 1.0)
    first, last = math.floor(low / step - 1e-9), math.ceil(high / step + 1e-9)
    return [round(n * step, 4) for n in range(min(first, -1), max(last, 1) + 1)]
