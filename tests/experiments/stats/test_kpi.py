"""KPIs over days: what is certain, what is a hint, what is nothing."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise
from math import exp, inf, log, sqrt

import numpy as np
import pytest
import ruptures
from scipy.stats import theilslopes

from experiments.stats import kpi
from experiments.stats.kpi import Crossing, Line, Path, Ratio, Rule, Shift, Standing, Week
from experiments.stats.kpi.shifts import CUSUM_LIMIT, SPIKE
from tests.shared import shared


def days(rate: float, n: int, seed: int, spread: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    den = random.lognormal(log(10_000), 0.3, n)
    return den * rate * random.lognormal(0, spread, n), den


def test_a_ratio_is_sums_over_sums_and_its_error_follows_the_days() -> None:
    num, den = np.array([10.0, 0, np.nan, 40]), np.array([1000.0, 500, 800, 2000])

    found = kpi.ratio(num, den)

    k = 50 / 3500
    e = np.array([10 - k * 1000, 0 - k * 500, 40 - k * 2000])
    assert found.value == pytest.approx(k)
    assert found.se == pytest.approx(sqrt(3 / 2 * (e**2).sum()) / 3500)
    assert found.days == 3  # the missing day is not a day of 0; the day of 0 is one


def test_a_short_week_nought_warns() -> None:
    found = kpi.baseline(*days(0.02, 20, 1), posts=7)

    assert found.warnings == ("few_days", "few_posts")
    assert kpi.baseline(*days(0.02, 28, 1), posts=8).warnings == ()
    for num, den in (([1.0], [2.0]), ([1.0, np.nan], [2.0, 3.0]), ([0.0, 0.0], [0.0, 0.0])):
        with pytest.raises(ValueError):
            kpi.ratio(np.array(num), np.array(den))


def test_the_path_gains_the_same_percentage_every_week() -> None:
    path = Path(38.0, 48.0)
    weekly = [path.at(7 * week) for week in range(13)]

    assert (path.at(0), path.at(90)) == (38.0, pytest.approx(48.0))
    assert {round(b / a, 12) for a, b in pairwise(weekly)} == {round((48 / 38) ** (7 / 90), 12)}
    assert kpi.needed_weekly(path, 38.0, 0) == pytest.approx((48 / 38) ** (7 / 90) - 1)
    with pytest.raises(ValueError):
        kpi.needed_weekly(path, 40.0, 90)


@pytest.mark.parametrize(
    ("start", "target", "value", "se", "expected"),
    [
        (38, 48, 46, 0.5, Standing.AHEAD),
        (38, 48, 43, 0.5, Standing.ON_TRACK),
        (38, 48, 39, 0.5, Standing.BEHIND),
        (38, 48, 43, 9.0, Standing.CANNOT_TELL),
        (38, 48, 0, inf, Standing.CANNOT_TELL),
        (20, 10, 11, 0.3, Standing.AHEAD),
        (20, 10, 18, 0.3, Standing.BEHIND),
    ],
)
def test_where_a_kpi_stands(start, target, value, se, expected) -> None:
    assert kpi.standing(Path(start, target), Ratio(value, se, 14), 45) is expected


def test_the_forecast_is_theil_and_sens() -> None:
    path = Path(100.0, 180.0)
    weekly = 100 * np.exp(0.05 * np.arange(8)) * np.array([1, 1.1, 0.95, 1, 1.02, 0.97, 1, 1.05])
    slope, intercept, *_ = theilslopes(np.log(weekly), np.arange(8))

    found = kpi.heading(path, weekly.tolist(), 90 / 7)

    assert found is not None
    assert found.at_end == pytest.approx(exp(intercept + slope * 90 / 7))
    assert found.weekly == pytest.approx(exp(slope) - 1)
    assert found.interval[0] < found.at_end < found.interval[1]
    lower = kpi.heading(Path(100.0, 250.0), weekly.tolist(), 90 / 7)
    assert lower is not None and lower.p_hit < found.p_hit
    assert kpi.heading(path, [100, 104, np.nan, 110], 13) is None


def test_a_shift_is_seen_and_calm_weeks_are_not_proof_of_precision() -> None:
    base = kpi.ratio(*days(0.02, 28, 1))
    fallen = kpi.shift(base, kpi.ratio(*days(0.014, 14, 2)))
    calm = kpi.shift(base, Ratio(base.value * 1.1, 1e-9, 14))

    assert fallen.is_alert and fallen.change == pytest.approx(-0.3, abs=0.08)
    floor = base.relative_se * sqrt(28 / 14) / 2
    assert calm.se == pytest.approx(sqrt(floor**2 + base.relative_se**2))


def test_shifts_of_nothing_are_rare_and_a_quarter_less_is_found() -> None:
    """One look a week for 90 days, as the alarm is used."""
    random = np.random.default_rng(3)

    def is_found(drop: float) -> bool:
        den = random.lognormal(9, 0.3, 118)
        rate = 0.02 * np.where(np.arange(118) >= 28 + 30, 1 + drop, 1)
        num = den * rate * random.lognormal(0, 0.2, 118)
        base = kpi.ratio(num[:28], den[:28])
        return any(
            kpi.shift(base, kpi.ratio(num[d - 14 : d], den[d - 14 : d])).is_alert
            for d in range(42, 119, 7)
        )

    assert np.mean([is_found(0.0) for _ in range(120)]) < 0.15
    assert np.mean([is_found(-0.25) for _ in range(120)]) > 0.85


def test_days_that_stand_out_and_days_that_add_up() -> None:
    random = np.random.default_rng(5)
    weekly = np.tile([1, 1, 1.2, 1, 0.8, 2.0, 2.2], 12)
    daily = 0.02 * weekly * random.lognormal(0, 0.1, 84)
    daily[40] *= 3
    daily[41] = np.nan

    z = kpi.spikes(daily, first_weekday=2)
    up, down = kpi.cusum(daily[:28], np.concatenate([daily[28:35], daily[35:70] * 0.75]), 2)

    assert np.flatnonzero(np.abs(z) > SPIKE).tolist() == [40] and np.isnan(z[41])
    assert down[-1] > CUSUM_LIMIT > up[:7].max()
    with pytest.raises(ValueError):
        kpi.spikes(np.full(14, np.nan), 0)


def shift_of(change: float, z: float) -> Shift:
    return Shift(log(1 + change), abs(log(1 + change) / z) if z else 0.1)


FLOOD = {
    "impressions": shift_of(0.4, 5),
    "view_share": shift_of(-0.2, -4),
    "saves": shift_of(-0.3, -3.5),
}


@pytest.mark.parametrize(
    ("shifts", "reach", "rule", "is_told"),
    [
        (FLOOD, {}, Rule.CONTENT_FLOOD, True),
        ({**FLOOD, "impressions": shift_of(0.09, 5)}, {}, Rule.CONTENT_FLOOD, False),
        ({**FLOOD, "saves": shift_of(-0.3, -1.9)}, {}, Rule.CONTENT_FLOOD, False),
        (
            {"followers": shift_of(0.1, 4), "ctr": Shift(-0.05, 0.03)},
            {},
            Rule.HOLLOW_GROWTH,
            True,
        ),
        # Not significant is not flat: clicks may well have risen as much.
        (
            {"followers": shift_of(0.1, 4), "ctr": Shift(0.0, 0.1)},
            {},
            Rule.HOLLOW_GROWTH,
            False,
        ),
        ({"ctr": shift_of(0.3, 5), "leads": Shift(-0.1, 0.1)}, {}, Rule.LANDING_PAGE, True),
        ({"ctr": shift_of(0.3, 5), "leads": Shift(0.25, 0.1)}, {}, Rule.LANDING_PAGE, False),
        ({"negative_share": shift_of(0.5, 3)}, {}, Rule.NEGATIVE, True),
        (
            {},
            {"short": shift_of(-0.3, -4), "long": shift_of(-0.25, -3), "live": shift_of(0.1, 1)},
            Rule.ALGORITHM,
            True,
        ),
        ({}, {"short": shift_of(-0.3, -6), "long": shift_of(-0.1, -3)}, Rule.ALGORITHM, False),
    ],
)
def test_what_diverging_kpis_mean(shifts, reach, rule, is_told) -> None:
    found = kpi.tell(kpi.signals("youtube", shifts, reach))

    by_rule = {each.rule: each for each in found}
    assert by_rule[rule].is_told is is_told


def test_what_is_told_of_many_channels_is_corrected_for_their_number() -> None:
    weak = {"negative_share": shift_of(0.3, 2.05)}
    calm = {"negative_share": Shift(0.0, 0.1)}

    alone = kpi.tell(kpi.signals("a", weak, {}))
    among = kpi.tell(
        kpi.signals("a", weak, {}) + [s for i in range(12) for s in kpi.signals(f"{i}", calm, {})]
    )

    assert alone[0].is_told and not any(each.is_told for each in among)
    assert kpi.tell([]) == []


def week(value: float, reach: float = 2.0, n: float = 5000) -> Week:
    return Week(value, value - reach, value + reach, n)


@pytest.mark.parametrize(
    ("weeks", "is_open", "expected"),
    [
        ([week(38), week(32)], False, Crossing.FIRES),
        ([week(38), week(34)], False, Crossing.NONE),
        ([week(34.5), week(34)], False, Crossing.FIRES),
        ([week(34.5), week(34, n=50)], False, Crossing.NONE),
        ([week(37)], True, Crossing.STAYS),
        ([week(39)], True, Crossing.CLEARS),
        ([], True, Crossing.STAYS),
        ([], False, Crossing.NONE),
    ],
)
def test_a_line_fires_once_and_clears_at_the_baseline(weeks, is_open, expected) -> None:
    line = Line(35, baseline=38, at_least=1000)

    assert kpi.crossing(line, weeks, is_open).crossing is expected
    mirrored = [Week(-w.value, -w.high, -w.low, w.n) for w in weeks]
    ceiling = Line(-35, baseline=-38, is_floor=False, at_least=1000)
    assert kpi.crossing(ceiling, mirrored, is_open).crossing is expected


@pytest.mark.parametrize("step", [1, 5])
def test_changes_of_level_are_those_of_pelt(step) -> None:
    random = np.random.default_rng(9)
    x = np.repeat([2.0, 2.6, 2.1, 2.9], [33, 52, 41, 60]) + random.normal(0, 0.15, 186)
    noise = np.std(np.diff(x), ddof=1) / sqrt(2)
    theirs = ruptures.Pelt(model="l2", min_size=5, jump=step).fit(x / noise)

    found = kpi.change_points(x, step=step)

    assert found == theirs.predict(pen=10 * log(186))[:-1]
    assert len(found) == 3
    assert kpi.change_points(np.ones(40)) == kpi.change_points(x[:9]) == []


def test_the_upworthy_traffic_changed_when_facebook_changed_its_ranking() -> None:
    path = shared("abtests/upworthy/2013.01.01-2015.04.30-daily-pageviews.csv")
    rows = list(csv.reader(path.open(encoding="utf-8-sig")))[1:]
    views = [float(row[1].replace(",", "")) for row in rows if len(row) > 1 and row[1].strip()]

    found = kpi.change_points(np.log(views[:850]))

    dates = {date(2013, 1, 1) + timedelta(days=each) for each in found}
    assert {date(2013, 10, 30), date(2013, 12, 20)} <= dates


def test_a_rising_kpi_is_told_from_a_flat_one() -> None:
    num, den = days(0.02, 40, 4, spread=0.05)
    rising = kpi.trend(num * np.exp(0.02 * np.arange(40)), den)
    flat = kpi.trend(num, den)

    assert rising is not None and rising.is_surely_up
    assert rising.weekly == pytest.approx(exp(0.14) - 1, abs=0.05)
    assert flat is not None and abs(flat.slope) < 0.04
    assert kpi.trend(num[:27], den[:27]) is None
