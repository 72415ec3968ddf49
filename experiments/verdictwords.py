"""Verdicts in words: what pages, mails and programs say about an experiment.

Before the gate neither lift nor interval nor chance is told, only how far the numbers have come.
A range comes before a point, and every count has its unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from experiments import rules
from experiments.models import Experiment, Snapshot
from production import durations
from production.models import KpiDefinition
from production.templatetags.putki import day_text

LABELS = {
    "too_early": _("Too early to say"),
    "invalid": _("Result withheld: the split was not as planned"),
    "repeat": _("Repeat: clearly better"),
    "drop": _("Drop: clearly worse"),
    "no_difference": _("No practical difference"),
    "improve": _("Improve: no clear winner"),
    "running": _("Keep running"),
    "not_randomised": _("Not randomised: compare with care"),
    "no_numbers": _("No numbers yet"),
    "does_not_count": _("Does not count"),
}
TONES = {"repeat": "good", "drop": "bad", "invalid": "bad", "does_not_count": "bad"}
REASONS = {
    "first": _("The first look at the numbers."),
    "new_data": _("New days came in."),
    "late_data": _("Numbers of earlier days came late or were corrected."),
    "kpi_version": _("The KPI is defined otherwise since."),
    "method_version": _("The method is newer."),
    "srm": _("The check of the split changed its answer."),
    "manual": _("A person ended it, or said that it does or does not count."),
}
# The gate has not been passed, or nothing may be told: numbers stay hidden.
HIDDEN = frozenset({"too_early", "invalid", "no_numbers", "does_not_count"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name and, small, what it is held against."""

    name: str
    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict in words. `figures` are empty while numbers are hidden."""

    state: str
    label: str
    title: str
    text: str = ""
    tone: str = ""
    figures: tuple[Figure, ...] = ()
    progress: tuple[tuple[str, int, int], ...] = ()  # name, now, needed
    hidden: bool = False
    reasons: tuple[str, ...] = field(default_factory=tuple)


def state_of(experiment: Experiment, snapshot: Snapshot | None) -> str:
    """The state as it is told: withheld by a person, not randomised, or what the numbers say."""
    if experiment.invalid_reason:
        return "does_not_count"
    if snapshot is None:
        return "no_numbers"
    if snapshot.verdict in ("too_early", "invalid"):
        return snapshot.verdict
    return snapshot.verdict if rules.is_randomised(experiment.allocation) else "not_randomised"


def label(experiment: Experiment, snapshot: Snapshot | None) -> str:
    return str(LABELS[state_of(experiment, snapshot)])


def say(experiment: Experiment, snapshot: Snapshot | None, today: date) -> Said:
    """The verdict of the experiment as its page begins."""
    state = state_of(experiment, snapshot)
    name, tone = str(LABELS[state]), TONES.get(state, "")
    if state == "does_not_count":
        return Said(state, name, name, experiment.invalid_reason, tone, hidden=True)
    if snapshot is None:
        text = gettext("Results are pushed, typed, imported or read from publications.")
        return Said(state, name, name, text, hidden=True)
    if state == "invalid":
        return Said(state, name, name, _withheld(snapshot), tone, hidden=True)
    if state == "too_early":
        return _too_early(experiment, snapshot, name, today)
    row = _told_of(snapshot)
    makers = {
        "repeat": _better,
        "drop": _worse,
        "no_difference": _same,
        "improve": _improve,
        "running": _running,
        "not_randomised": _observed,
    }
    title, text = makers[state](experiment, snapshot.analysis, row)
    figures = () if state == "not_randomised" else _figures(experiment, row)
    return Said(state, name, title, text, tone, figures, reasons=tuple(row["verdict"]["reasons"]))


def why(experiment: Experiment, row: dict[str, Any]) -> str:
    """One sentence on why the realistic estimate is smaller than the measured lift."""
    return gettext(
        "Realistic is what past experiments let one expect: large measured lifts shrink when "
        "they are repeated."
    )


def lift(part: float | None) -> str:
    """`+14 %`, `−3 %`; a dash where it is not known."""
    if part is None:
        return "–"
    percent = part * 100
    places = 1 if 0.05 <= abs(percent) < 1 else 0
    text = durations.number(abs(percent), places, _language())
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    if float(f"{abs(percent):.{places}f}") == 0:
        sign = ""
    return f"{sign}{text}{durations.NBSP}%"


def interval(row: dict[str, Any]) -> str:
    """`+2 … +26 %`, open where nothing bounds it."""
    low, high = row.get("low"), row.get("high")
    if low is None and high is None:
        return gettext("open")
    if high is None or high > 10:
        return gettext("%(low)s or more") % {"low": lift(low)}
    if low is None or low <= -0.999:
        return gettext("up to %(high)s") % {"high": lift(high)}
    return f"{lift(low)} … {lift(high)}"


def chance(share: float | None) -> str:
    """`72 %`, never 0 or 100."""
    if share is None:
        return "–"
    if share > 0.99:
        return f"> 99{durations.NBSP}%"
    return f"< 1{durations.NBSP}%" if share < 0.01 else durations.percent(share, 0, _language())


def number(value: float | None, places: int | None = None) -> str:
    return "–" if value is None else durations.number(value, places, _language())


def events(kpi: KpiDefinition, count: float | None) -> str:
    """`31 saves`: what is counted, with its unit."""
    return f"{number(count)} {unit(kpi)}"


def unit(kpi: KpiDefinition) -> str:
    """What the KPI counts: its numerator, or of a mean what it is taken over."""
    is_mean = kpi.statistic == KpiDefinition.Statistic.MEAN
    return (kpi.denominator if is_mean else kpi.numerator) or kpi.numerator


def rate(kpi: KpiDefinition, total: float | None, exposures: float | None) -> str:
    """The KPI's own value of some exposures: `6.2 per 1 000`, `35.1 %`."""
    if not exposures or total is None:
        return "–"
    value = total / exposures
    if kpi.statistic == KpiDefinition.Statistic.PROPORTION:
        return durations.percent(value, 1, _language())
    if kpi.statistic == KpiDefinition.Statistic.MEAN:
        return f"{number(value, 1)} {kpi.unit}".strip()
    per = max(kpi.per, 1)
    if per == 1:
        return number(value, 3)
    return gettext("%(value)s per %(per)s") % {"value": number(value * per, 1), "per": number(per)}


def _told_of(snapshot: Snapshot) -> dict[str, Any]:
    """The comparison that the verdict is about: the best's, else the first with its state."""
    rows = snapshot.analysis["compared"]
    best = snapshot.analysis.get("best")
    same = [row for row in rows if row["verdict"]["state"] == snapshot.verdict]
    named = [row for row in rows if row["label"] == best]
    leading = [row for row in rows if row["label"] == snapshot.analysis.get("leading")]
    return (named or [row for row in leading if row in same] or same or rows)[0]


def _withheld(snapshot: Snapshot) -> str:
    split = snapshot.analysis.get("srm")
    if "zero_traffic" in snapshot.analysis["verdict"]["reasons"]:
        return gettext("A variant got no traffic at all. Look at the links and at the split.")
    if not split:
        return ""
    seen, planned = _shares(split["observed"]), _shares(split["expected"])
    return gettext("The split was %(seen)s, planned %(planned)s.") % {
        "seen": seen, "planned": planned,
    }  # fmt: skip


def _shares(counts: list[float]) -> str:
    total = sum(counts) or 1
    return "/".join(number(100 * each / total, 0) for each in counts)


def _too_early(experiment: Experiment, snapshot: Snapshot, name: str, today: date) -> Said:
    analysis, kpi = snapshot.analysis, experiment.kpi
    if analysis.get("unit") == "posts":
        return _few_posts(snapshot, name)
    rows = analysis["compared"]
    days = min(row["days"] for row in rows)
    is_mean = kpi.statistic == KpiDefinition.Statistic.MEAN
    seen = sum(
        (each["exposures"] if is_mean else each["total"]) or 0 for each in analysis["variants"]
    )
    needed = max(needed_events(experiment, analysis), analysis["min_events"])
    text = gettext("%(days)s of %(min_days)s days, %(seen)s of about %(needed)s %(unit)s.") % {
        "days": number(days), "min_days": number(analysis["min_days"]), "seen": number(seen),
        "needed": number(needed), "unit": unit(kpi),
    }  # fmt: skip
    look = next_look(analysis, days, today)
    if look:
        text += " " + gettext("Next useful look: %(day)s.") % {"day": day_text(look)}
    progress = (
        (gettext("days with every variant"), days, int(analysis["min_days"])),
        (unit(kpi), int(seen), int(needed)),
    )
    return Said("too_early", name, name, text, "", progress=progress, hidden=True)


def _few_posts(snapshot: Snapshot, name: str) -> Said:
    row = min(snapshot.analysis["compared"], key=lambda each: sum(each.get("posts", [0, 0])))
    posts, needed = row.get("posts", [0, 0]), row.get("needed", 61)
    text = gettext(
        "%(posts)s posts in weeks with both; to see +50 %% it takes about %(needed)s of each."
    ) % {"posts": " + ".join(number(each) for each in posts), "needed": number(needed)}
    progress = ((gettext("posts"), int(sum(posts)), int(2 * needed)),)
    return Said("too_early", name, name, text, "", progress=progress, hidden=True)


def needed_events(experiment: Experiment, analysis: dict[str, Any]) -> int:
    """About how many events of all variants open the gate.

    The KPI's fewest; where a lift to be seen was planned, as many as make the range no wider than
    four times that lift: half its width is about 3.9 sqrt(W), and W about 2/events of a variant.
    """
    fewest, wanted = int(analysis["min_events"]), experiment.detectable
    if wanted is None or experiment.kpi.statistic == KpiDefinition.Statistic.MEAN:
        return fewest
    each = 2 * (3.9 / (2 * math.log1p(wanted))) ** 2
    return max(fewest, math.ceil(len(analysis["variants"]) * each / 10) * 10)


def next_look(analysis: dict[str, Any], days: int, today: date) -> date | None:
    """When the fewest days are in."""
    missing = int(analysis["min_days"]) - days
    return today + timedelta(days=missing) if missing > 0 else None


def _better(experiment: Experiment, analysis: dict[str, Any], row: dict[str, Any]) -> Any:
    title = gettext("Repeat %(variant)s: %(range)s") % {
        "variant": row["label"], "range": interval(row),
    }  # fmt: skip
    return title, gettext("Likely range of the change in %(kpi)s against %(control)s.") % {
        "kpi": experiment.kpi.name, "control": analysis["control"],
    }  # fmt: skip


def _worse(experiment: Experiment, analysis: dict[str, Any], row: dict[str, Any]) -> Any:
    title = gettext("Drop %(variant)s: clearly worse") % {"variant": row["label"]}
    return title, gettext("%(range)s in %(kpi)s against %(control)s.") % {
        "range": interval(row), "kpi": experiment.kpi.name, "control": analysis["control"],
    }  # fmt: skip


def _same(experiment: Experiment, analysis: dict[str, Any], row: dict[str, Any]) -> Any:
    return gettext("Same within 5 %"), gettext(
        "Choose on cost or taste. No difference found is a result: it still counts in the playbook."
    )


def _improve(experiment: Experiment, analysis: dict[str, Any], row: dict[str, Any]) -> Any:
    if row.get("fading"):
        return gettext("Improve: the effect is fading"), gettext(
            "The first half of the days says otherwise than the second. Make a bolder variant."
        )
    harmed = [each["kpi"] for each in row.get("guardrails", ()) if each["state"] == "harm"]
    if harmed:
        return gettext("Improve: a guardrail is hurt"), gettext(
            "%(variant)s does better, and %(kpi)s worse than its margin allows."
        ) % {"variant": row["label"], "kpi": ", ".join(harmed)}
    leading = analysis.get("leading") or row["label"]
    p_best = {each["label"]: each["p_best"] for each in analysis["variants"]}
    text = gettext(
        "Planned end reached. Best guess %(variant)s (%(chance)s). Make a bolder variant."
    ) % {"variant": leading, "chance": chance(p_best.get(leading))}
    edge = max(abs(row["low"] or 0), abs(row["high"] or 0))
    if 0 < edge < 0.3:
        text += " " + gettext("Any difference is probably smaller than %(edge)s.") % {
            "edge": lift(edge).lstrip("+")
        }
    return gettext("No clear winner"), text


def _running(experiment: Experiment, analysis: dict[str, Any], row: dict[str, Any]) -> Any:
    ends = experiment.ends_on
    text = gettext("The range still holds both better and worse: %(range)s.") % {
        "range": interval(row)
    }
    if ends:
        text += " " + gettext("Planned end %(day)s.") % {"day": day_text(ends)}
    return gettext("Keep running"), text


def _observed(experiment: Experiment, analysis: dict[str, Any], row: dict[str, Any]) -> Any:
    return str(LABELS["not_randomised"]), gettext(
        "Who saw what was not drawn, so the difference may come from the audience, the hour or "
        "luck. Worth a randomised experiment; no verdict."
    )


def _figures(experiment: Experiment, row: dict[str, Any]) -> tuple[Figure, ...]:
    name = gettext("chance that %(variant)s is better") % {"variant": row["label"]}
    return (
        Figure(gettext("measured"), lift(row["lift"])),
        Figure(gettext("realistic estimate"), lift(row["realistic"])),
        Figure(name, chance(row["p_better"]), gettext("coin toss = 50 %")),
    )


def _language() -> str:
    return get_language() or "en"


GUARDS = {
    "unknown": _("no numbers"),
    "safe": pgettext_lazy("guardrail", "ok"),
    "open": pgettext_lazy("guardrail", "open"),
    "harm_suspected": _("harm suspected"),
    "harm": _("hurt"),
}
GUARD_TONES = {"safe": "good", "harm": "bad", "harm_suspected": "warn"}
