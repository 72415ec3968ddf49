"""Our figures beside those of SciPy and statsmodels, where these define them."""

from __future__ import annotations

from math import exp, expm1, inf, log, sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from scipy.integrate import quad
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import tt_ind_solve_power
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    samplesize_proportions_2indep_onetail,
)
from statsmodels.stats.rates import (
    confint_poisson,
    confint_poisson_2indep,
    power_poisson_ratio_2indep,
)

from experiments.stats import Daily, Kind, effects, nothing, planning, rare, srm, within
from experiments.stats.contrast import Method, contrast
from tests.experiments.stats.days import HOLD, SAVES, WATCHED, counts, means, shares

pytestmark = pytest.mark.filterwarnings("ignore")  # statsmodels warns about its own future


def test_the_stratified_lift_is_that_of_mantel_and_haenszel() -> None:
    draw = np.random.default_rng(4)
    n_a, n_b = draw.integers(200, 3000, 21), draw.integers(200, 3000, 21)
    a, b = draw.binomial(n_a, 0.06), draw.binomial(n_b, 0.08)
    tables = [
        np.array([[yb, nb - yb], [ya, na - ya]])
        for na, nb, ya, yb in zip(n_a, n_b, a, b, strict=True)
    ]

    found = contrast(HOLD, Daily.of(n_a, a), Daily.of(n_b, b), alpha=0.05)

    assert exp(found.log_lift) == pytest.approx(StratifiedTable(tables).riskratio_pooled, rel=1e-9)


def test_the_interval_and_the_evidence_are_the_written_formulas() -> None:
    a, b = counts(0.02, seed=2), counts(0.026, seed=3)
    w = a.exposures * b.exposures / (a.exposures + b.exposures)
    rate_a, rate_b = a.sums / a.exposures, b.sums / b.exposures
    big_r, big_s = (w * rate_b).sum(), (w * rate_a).sum()
    lift = log(big_r / big_s)
    v = (w**2 * rate_b / b.exposures).sum() / big_r**2
    v += (w**2 * rate_a / a.exposures).sum() / big_s**2
    phi0 = ((w * (rate_b - exp(lift) * rate_a)) ** 2).sum() / big_r**2 * 14 / 13 / v
    variance = v * (phi0 * 13 / 11 if phi0 > 1 else 1)
    tau2 = 0.04
    half = sqrt(variance * (1 + variance / tau2) * log((tau2 + variance) / (variance * 0.025**2)))
    e = sqrt(variance / (variance + tau2))
    e *= exp(lift**2 * tau2 / (2 * variance * (variance + tau2)))

    found = contrast(SAVES, a, b, alpha=0.025)

    assert found.method is Method.STRATIFIED
    assert found.log_lift == pytest.approx(lift, rel=1e-12)
    assert found.variance == pytest.approx(variance, rel=1e-9)
    assert found.interval == pytest.approx((expm1(lift - half), expm1(lift + half)), rel=1e-9)
    assert exp(found.log_e) == pytest.approx(e, rel=1e-9)
    assert found.p <= 1 / e * (1 + 1e-9)


def test_one_period_of_means_has_the_variance_of_welch() -> None:
    a, b = means(38, 30, days=1, seed=5), means(40, 30, days=1, seed=6)
    seen = within.looks(
        Kind.MEAN, (a.exposures, a.sums, a.sum_squares), (b.exposures, b.sums, b.sum_squares)
    )
    mean = [float(d.sums[0] / 500) for d in (a, b)]
    sd = [
        sqrt(float(d.sum_squares[0] - d.sums[0] ** 2 / 500) / 499)  # type: ignore[index]
        for d in (a, b)
    ]
    welch = scipy_stats.ttest_ind_from_stats(
        mean[1], sd[1], 500, mean[0], sd[0], 500, equal_var=False
    )

    assert float(seen.log_lift[0]) == pytest.approx(log(mean[1] / mean[0]), rel=1e-12)
    spread = sum((s / m) ** 2 / 500 for s, m in zip(sd, mean, strict=True))
    assert float(seen.variance[0]) == pytest.approx(spread, rel=1e-9)
    assert welch.statistic == pytest.approx(
        (mean[1] - mean[0]) / sqrt(sum(s**2 / 500 for s in sd)), rel=1e-9
    )
    assert contrast(WATCHED, a, b, alpha=0.05).method is Method.STRATIFIED


@pytest.mark.parametrize(
    ("ya", "yb", "n_a", "n_b"), [(0, 7, 900, 1000), (0, 0, 50, 60), (3, 9, 80, 70)]
)
def test_differences_are_those_of_newcombe_and_mover(ya, yb, n_a, n_b) -> None:
    ours = nothing.difference(Kind.PROPORTION, (ya, n_a), (yb, n_b))
    theirs = confint_proportions_2indep(yb, n_b, ya, n_a, method="newcomb", compare="diff")
    assert ours == pytest.approx(theirs, abs=1e-12)

    ours = nothing.difference(Kind.COUNT, (ya, n_a), (yb, n_b))
    theirs = confint_poisson_2indep(yb, n_b, ya, n_a, method="mover", compare="diff")
    assert ours == pytest.approx(theirs, abs=1e-12)

    assert nothing.wilson(yb, n_b) == pytest.approx(
        proportion_confint(yb, n_b, method="wilson"), abs=1e-12
    )
    assert nothing.poisson_score(yb, n_b) == pytest.approx(
        confint_poisson(yb, n_b, method="score"), abs=1e-12
    )


def test_corrections_for_several_are_those_of_statsmodels() -> None:
    p = [0.04, 0.001, 0.2, 0.03, 0.03, 0.9, 0.011]

    assert effects.holm(p) == pytest.approx(multipletests(p, method="holm")[1], rel=1e-12)
    assert effects.benjamini_hochberg(p) == pytest.approx(
        multipletests(p, method="fdr_bh")[1], rel=1e-12
    )


def test_a_fixed_look_at_the_split_is_the_chi_square_test() -> None:
    found = srm.check([[5100], [4800], [10_100]], [0.25, 0.25, 0.5])

    assert found is not None
    theirs = scipy_stats.chisquare([5100, 4800, 10_100], [5000, 5000, 10_000])
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-9)


def test_the_evidence_on_a_split_is_the_ratio_of_two_chances() -> None:
    counts_, shares_ = np.array([[513], [444], [1000]]), np.array([0.25, 0.25, 0.5])
    mixed = scipy_stats.dirichlet_multinomial.logpmf(counts_[:, 0], 10_000 * shares_, 1957)
    plain = scipy_stats.multinomial.logpmf(counts_[:, 0], 1957, shares_)

    assert srm.log_e_values(counts_, shares_)[0] == pytest.approx(mixed - plain, abs=1e-6)


def test_sample_sizes_are_those_of_statsmodels() -> None:
    hold = planning.Baseline(Kind.PROPORTION, 0.35)
    for lift in (0.1, -0.2):
        theirs = (
            samplesize_proportions_2indep_onetail(
                0.35 * expm1(lift), 0.35, 0.8, alpha=0.025, alternative="larger"
            )
            if lift > 0
            else samplesize_proportions_2indep_onetail(
                -0.35 * expm1(lift), 0.35 * exp(lift), 0.8, alpha=0.025, alternative="larger"
            )
        )
        assert planning.fixed_n(hold, lift) == pytest.approx(float(theirs), rel=1e-9)

    watched = planning.Baseline(Kind.MEAN, 38, 30)
    theirs = tt_ind_solve_power(38 * expm1(0.1) / 30, alpha=0.05, power=0.8)
    assert planning.fixed_n(watched, 0.1) == pytest.approx(float(theirs), rel=1e-6)

    saves = planning.Baseline(Kind.COUNT, 0.006)
    n = planning.fixed_n(saves, log(1.2))
    power = power_poisson_ratio_2indep(
        0.006 * 1.2, 0.006, n, value=1, alpha=0.025, alternative="larger", return_results=False
    )
    assert float(power) == pytest.approx(0.8, abs=1e-9)


def test_rare_events_with_a_constant_share_need_only_the_totals() -> None:
    """Under a constant share the days say nothing beyond their sum, so both forms agree."""
    days = np.array([3.0, 0, 1, 2]), np.array([1.0, 4, 2, 0])
    n_a, n_b = np.full(4, 800.0), np.full(4, 400.0)

    by_day = rare.log_e_values(n_a, days[0], n_b, days[1])[2]  # three days: phi is 1
    total = rare.log_e_of_totals(
        np.array([2400.0]), np.array([4.0]), np.array([1200.0]), np.array([7.0])
    )[0]

    assert by_day == pytest.approx(total, rel=1e-12)


def test_the_closed_form_of_rare_events_is_the_beta_binomial() -> None:
    q = 0.4
    mixed = scipy_stats.betabinom.logpmf(9, 12, 100 * q, 100 * (1 - q))
    plain = scipy_stats.binom.logpmf(9, 12, q)

    assert rare.beta_log_e(3, 9, q) == pytest.approx(mixed - plain, rel=1e-9)
    low, high = rare.beta_interval(3, 9, q, alpha=0.05)
    for bound in (low, high):
        assert rare.beta_log_e(3, 9, q, exp(bound)) == pytest.approx(log(20), rel=1e-9)


def test_the_bounds_of_rare_events_are_where_the_evidence_reaches_its_limit() -> None:
    """The average likelihood over the normal mixture, by adaptive quadrature instead of a grid."""
    from_a, from_b = np.array([2.0, 1, 0]), np.array([3.0, 2, 4])
    n_a, n_b = np.array([500.0, 700, 100]), np.array([600.0, 300, 150])

    def likelihood(z: float) -> float:
        p = n_b * exp(z) / (n_a + n_b * exp(z))
        return float(np.prod(p**from_b * (1 - p) ** from_a))

    mixed = quad(lambda z: likelihood(z) * scipy_stats.norm.pdf(z, scale=0.3), -2.4, 2.4)[0]
    found = rare.exact(n_a, from_a, n_b, from_b, alpha=0.05)

    assert found.log_e == pytest.approx(log(mixed / likelihood(0)), abs=1e-6)
    for bound in (found.log_low, found.log_high):
        assert mixed / likelihood(bound) == pytest.approx(20, rel=1e-5)
    empty = rare.exact(n_a, from_a * 0, n_b, from_b, alpha=0.05)
    assert empty.log_high == inf and empty.log_low > -inf


def test_a_leader_among_three_is_drawn_as_often_as_it_is_best() -> None:
    """Shrunken effects of two variants with a common control, by a bivariate normal."""
    w, c, tau0 = 0.01, 0.004, 0.2
    part = tau0**2 / (tau0**2 + w)
    covariance = np.array([[part * w, part**2 * c], [part**2 * c, part * w]])
    means_ = np.array([0.05, 0.02])
    # Neither beats the control: both below 0.
    control = scipy_stats.multivariate_normal(means_, covariance).cdf(np.zeros(2))

    found = effects.chances_best(means_, [w, w], [c, c], tau0, seed=3, draws=200_000)

    assert found.sum() == pytest.approx(1)
    assert found[0] == pytest.approx(float(control), abs=0.004)
    assert found[1] > found[2] > found[0]


def test_shares_of_proportions_stay_between_nought_and_one() -> None:
    found = contrast(HOLD, shares(0.3, seed=8), shares(0.36, seed=9), alpha=0.05)

    assert found.interval[0] < found.lift < found.interval[1]
    assert 0.5 < found.p_better <= 1
