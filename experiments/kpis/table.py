"""The method's table: each KPI on its way from the baseline to the target (R56 to R66)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from experiments.kpis import spark, tracking
from experiments.kpis.readings import TRAILING, Reading, Series, series
from experiments.models import Action, Baseline, TrackedKpi
from experiments.stats.kpi import Path, Ratio, Standing, standing
from production import durations
from production.charts.svg import Drawn
from production.models import KpiDefinition, Workspace

WEEKS_BEFORE = 4
TONES = {
    Standing.AHEAD: "good",
    Standing.ON_TRACK: "calm",
    Standing.CANNOT_TELL: "unsure",
    Standing.BEHIND: "bad",
}
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, in numbers and in words."""

    tracked: TrackedKpi
    series: Series
    baseline: Baseline | None
    now: Reading | None
    standing: Standing | None
    path: Path | None
    day: int
    weeks: Sequence[tuple[date, Reading | None]]
    picture: Drawn
    actions: Sequence[Action] = ()
    overdue_days: int = 0

    @property
    def kpi(self) -> KpiDefinition:
        return self.tracked.kpi

    @property
    def last_day(self) -> date:
        """The last day of `now`: the platforms are late, a day that is not over says nothing."""
        return self.series.last - timedelta(days=1)

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=TRAILING - 1)

    @property
    def tone(self) -> str:
        return TONES[self.standing] if self.standing else "unsure"

    @property
    def status(self) -> str:
        return standing_word(self.standing)

    @property
    def baseline_text(self) -> str:
        return write(self.kpi, self.baseline.value if self.baseline else None)

    @property
    def now_text(self) -> str:
        return write(self.kpi, self.now.value if self.now else None)

    @property
    def interval_text(self) -> str:
        return interval(self.kpi, self.now) if self.now else ""

    @property
    def counted_text(self) -> str:
        """What the figure is made of: its unit and its count."""
        return counted(self.kpi, self.now) if self.now else _("no numbers in the last 14 days")

    @property
    def path_text(self) -> str:
        return write(self.kpi, self.path.at(max(self.day, 0)) if self.path else None)

    @property
    def target_text(self) -> str:
        return write(self.kpi, self.tracked.target)

    @property
    def warnings(self) -> list[str]:
        return baseline_warnings(self.baseline)


def read(workspace: Workspace, at: datetime) -> list[Line]:
    """Every line of the table as it stands, in a constant number of queries."""
    tracked = list(
        TrackedKpi.objects.filter(workspace=workspace, retired_at=None)
        .select_related("kpi", "channel", "owner", "cycle", "workspace")
        .prefetch_related(Prefetch("baselines", Baseline.objects.order_by("number")))
        .order_by("position", "id")
    )
    if not tracked:
        return []
    today = tracking.today(workspace, at)
    first = min(tracking.start_of(line) for line in tracked) - timedelta(days=7 * WEEKS_BEFORE)
    first = min(first, today - timedelta(days=7 * 8))
    found = series(workspace, [(line.kpi, line.channel) for line in tracked], first, today)
    opened = _open_actions(workspace)
    return [
        _line(each, counted, today, opened.get((each.kpi_id, each.channel_id), ()))
        for each, counted in zip(tracked, found, strict=True)
    ]


def _open_actions(workspace: Workspace) -> Mapping[tuple[int, int | None], list[Action]]:
    rows = Action.objects.filter(workspace=workspace, closed_at=None)
    found: dict[tuple[int, int | None], list[Action]] = {}
    for action in rows.select_related("owner", "item__workspace", "crossing__rule").order_by(
        "due_on", "id"
    ):
        found.setdefault((action.kpi_id, action.channel_id), []).append(action)
    return found


def _line(tracked: TrackedKpi, counted: Series, today: date, actions: Sequence[Action]) -> Line:
    start, days = tracking.start_of(tracked), tracking.days_of(tracked)
    day = (today - start).days + 1
    baselines = list(tracked.baselines.all())
    baseline = baselines[-1] if baselines else None
    # The platforms are late: a day that is not over says nothing yet.
    last = today - timedelta(days=1)
    now = counted.between(last - timedelta(days=TRAILING - 1), last)
    way = path_of(tracked, baseline)
    weeks = weeks_of(counted, start, today)
    where = None
    if way is not None and now is not None and now.value > 0:
        where = standing(way, Ratio(now.value, now.se, now.days), min(max(day, 0), days))
    overdue = (today - tracked.next_review_on).days if tracked.next_review_on else 0
    return Line(
        tracked, counted, baseline, now, where, way, day, weeks,
        _picture(tracked, weeks, way, now, where, start, day, days), actions, max(overdue, 0),
    )  # fmt: skip


def path_of(tracked: TrackedKpi, baseline: Baseline | None) -> Path | None:
    """From the frozen baseline to the target; None without either."""
    if baseline is None or not baseline.value or not tracked.target:
        return None
    if baseline.value <= 0 or tracked.target <= 0:
        return None
    return Path(baseline.value, tracked.target, tracking.days_of(tracked))


def weeks_of(counted: Series, start: date, today: date) -> list[tuple[date, Reading | None]]:
    """The weeks before the path and on it, each by its Monday; those that are over."""
    monday = max(start - timedelta(days=7 * WEEKS_BEFORE), counted.first)
    monday += timedelta(days=-monday.weekday() % 7)
    found = []
    while monday + timedelta(days=6) < today:
        found.append((monday, counted.between(monday, monday + timedelta(days=6))))
        monday += timedelta(days=7)
    return found


def _picture(
    tracked: TrackedKpi,
    weeks: Sequence[tuple[date, Reading | None]],
    way: Path | None,
    now: Reading | None,
    where: Standing | None,
    start: date,
    day: int,
    days: int,
) -> Drawn:
    kpi = tracked.kpi
    steps = [days * step / 12 for step in range(13)]
    desc = _("Baseline %(base)s, now %(now)s, target %(target)s: %(status)s.") % {
        "base": write(kpi, way.start if way else None),
        "now": f"{write(kpi, now.value)} ({interval(kpi, now)})" if now else "–",
        "target": write(kpi, tracked.target),
        "status": standing_word(where),
    }
    begins = min([-28.0, *(float((monday - start).days) for monday, _reading in weeks)])
    return spark.draw(
        f"spark-{tracked.public_id}",
        _("%(kpi)s: weekly values and the path to the target") % {"kpi": kpi.name},
        desc,
        [((monday - start).days + 3.5, each.value if each else None) for monday, each in weeks],
        [(step, way.at(step)) for step in steps] if way else (),
        (float(min(day, days)), now.low, now.high) if now else None,
        begins=begins,
        ends=float(days),
        tone={"good": "cig", "bad": "cib"}.get(TONES[where], "") if where else "",
        goal=write(kpi, tracked.target),
    )


# --- words ----------------------------------------------------------------------------------------


def standing_word(where: Standing | None) -> str:
    """The status in a word; what cannot be told is said to be so."""
    return {
        Standing.AHEAD: _("ahead"),
        Standing.ON_TRACK: _("on track"),
        Standing.CANNOT_TELL: _("cannot tell"),
        Standing.BEHIND: _("behind"),
        None: _("no path yet"),
    }[where]


def write(kpi: KpiDefinition, value: float | None) -> str:
    """The value in the KPI's own unit and the reader's language; a dash where there is none."""
    if value is None or value != value or abs(value) == float("inf"):
        return "–"
    language = translation.get_language() or "en"
    if kpi.kind == KpiDefinition.Kind.DURATION:
        return durations.hours(value * 3600, language)
    text = durations.number(value, _places(value, kpi), language)
    unit = kpi.unit or ("€" if kpi.kind == KpiDefinition.Kind.MONEY else "")
    return f"{text}{NBSP}{unit}" if unit else text


def _places(value: float, kpi: KpiDefinition) -> int:
    if kpi.kind == KpiDefinition.Kind.COUNT or abs(value) >= 1_000:
        return 0
    return 2 if abs(value) < 5 else 1


def interval(kpi: KpiDefinition, reading: Reading) -> str:
    """From … to …, within which it lies with 80 %."""
    return f"{write(kpi, reading.low)}–{write(kpi, reading.high)}"


def counted(kpi: KpiDefinition, reading: Reading) -> str:
    """How many of what stand behind the figure."""
    language = translation.get_language() or "en"
    if kpi.kind == KpiDefinition.Kind.DURATION:
        return _("n %(n)s items") % {"n": durations.number(reading.posts, 0, language)}
    if kpi.kind == KpiDefinition.Kind.COUNT:
        total = durations.number(reading.above, 0, language)
        return _("%(total)s on %(days)s days") % {"total": total, "days": reading.days}
    below = durations.number(reading.below, 0, language)
    return _("n %(n)s: %(of)s") % {"n": below, "of": kpi.denominator.lower()}


def baseline_warnings(baseline: Baseline | None) -> list[str]:
    """Why the baseline should not be leant on."""
    if baseline is None or baseline.typed:
        return []
    if baseline.value is None:
        return [_("There were no numbers in the 28 days before.")]
    found: list[str] = []
    if baseline.tracked.kpi.kind == KpiDefinition.Kind.DURATION:
        return found
    if baseline.days_with_data < 21 and baseline.tracked.kpi.kind != KpiDefinition.Kind.MONEY:
        found.append(_("Only %(n)s of 28 days have numbers.") % {"n": baseline.days_with_data})
    return found
