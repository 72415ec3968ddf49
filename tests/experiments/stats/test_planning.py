"""What a test of a given size can find."""

from __future__ import annotations

from math import expm1, inf, log

import pytest

from experiments.stats import Kind, planning
from experiments.stats.planning import Baseline

SIZES = ((2_000, 2), (5_000, 2), (16_700, 3), (50_000, 2), (200_000, 2))


@pytest.mark.parametrize(
    ("baseline", "fixed", "always_valid"),
    [
        (Baseline(Kind.MEAN, 38, 30), (7, 4, 3, 1, 1), (11, 7, 4, 2, 1)),
        (Baseline(Kind.PROPORTION, 0.35), (12, 8, 5, 2, 1), (17, 11, 7, 4, 2)),
        (Baseline(Kind.COUNT, 0.012), (101, 59, 33, 17, 8), (208, 95, 46, 24, 12)),
        (Baseline(Kind.COUNT, 0.006), (159, 88, 49, 24, 12), (463, 168, 72, 34, 17)),
        (Baseline(Kind.COUNT, 0.00015), (None, None, 690, 222, 88), (None, None, None, 975, 168)),
    ],
)
def test_the_smallest_lifts_by_size(baseline, fixed, always_valid) -> None:
    for is_always_valid, expected in ((False, fixed), (True, always_valid)):
        for (n, variants), wanted in zip(SIZES, expected, strict=True):
            found = planning.smallest_lift(
                baseline, n, is_always_valid=is_always_valid, variants=variants, phi=1
            )
            if wanted is None:
                assert found == inf
            else:
                assert 100 * expm1(found) == pytest.approx(wanted, abs=0.51)


def test_looking_whenever_costs_about_twice_the_exposures() -> None:
    for baseline in (Baseline(Kind.COUNT, 0.006), Baseline(Kind.PROPORTION, 0.35)):
        for lift in (0.1, 0.2):
            fixed = planning.fixed_n(baseline, lift)
            assert 1.7 <= planning.always_valid_n(baseline, lift, phi=1) / fixed <= 2.4


def test_size_and_smallest_lift_are_each_others_inverse() -> None:
    baseline = Baseline(Kind.COUNT, 0.006)
    n = planning.always_valid_n(baseline, log(1.2), variants=3)

    assert planning.smallest_lift(baseline, n, variants=3) == pytest.approx(log(1.2), rel=1e-6)
    assert n == pytest.approx(1.5 * planning.always_valid_n(baseline, log(1.2), variants=3, phi=1))


def test_the_time_left_follows_the_pace() -> None:
    assert planning.days_left(10_000, 4_000, 700) == 9
    assert planning.days_left(10_000, 10_000, 0) == 0
    assert planning.days_left(10_000, 0, 0) is None


@pytest.mark.parametrize("rate", [0.0, 1.0, 1.2])
def test_impossible_rates_are_refused(rate) -> None:
    with pytest.raises(ValueError):
        Baseline(Kind.PROPORTION, rate)
    with pytest.raises(ValueError):
        planning.always_valid_n(Baseline(Kind.COUNT, 0.1), 0.0)
