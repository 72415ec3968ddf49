"""What an analysis says, and what it can never say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.stats import (
    Allocation,
    Daily,
    Guard,
    Guardrail,
    Kind,
    Method,
    Metric,
    State,
    Variant,
    analyse,
    effects,
    srm,
)
from experiments.stats.best import best_of_totals, race
from experiments.stats.contrast import contrast
from experiments.stats.verdict import Facts, verdict
from tests.experiments.stats.days import HOLD, SAVES, counts, experiment, shares

DAYS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 40), st.integers(0, 40)).map(
        lambda d: (max(d[0], d[2]), max(d[1], d[3]), d[2], d[3])
    ),
    min_size=1,
    max_size=12,
)


def pair(days: list[tuple[int, int, int, int]]) -> tuple[Daily, Daily]:
    n_a, n_b, a, b = zip(*days, strict=True)
    return Daily.of(n_a, a), Daily.of(n_b, b)


@settings(max_examples=40)
@given(DAYS)
def test_swapping_the_variants_swaps_the_signs(days) -> None:
    a, b = pair(days)

    there, back = contrast(SAVES, a, b, alpha=0.05), contrast(SAVES, b, a, alpha=0.05)

    assert there.log_low == pytest.approx(-back.log_high, rel=1e-6, abs=1e-7)
    assert there.log_high == pytest.approx(-back.log_low, rel=1e-6, abs=1e-7)
    assert there.p == pytest.approx(back.p, rel=1e-9)
    assert there.p_better == pytest.approx(1 - back.p_better, abs=1e-9)


@settings(max_examples=40)
@given(DAYS, st.randoms(use_true_random=False))
def test_the_order_of_the_days_changes_no_estimate_of_this_look(days, random) -> None:
    shuffled = list(days)
    random.shuffle(shuffled)

    one = contrast(SAVES, *pair(days), alpha=0.05)
    other = contrast(SAVES, *pair(shuffled), alpha=0.05)

    for name in ("log_lift", "log_low", "log_high", "variance", "phi", "log_e", "realistic"):
        expected = getattr(one, name)
        assert getattr(other, name) == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True)


@settings(max_examples=40)
@given(DAYS, st.integers(2, 6))
def test_the_same_days_again_narrow_the_interval(days, times) -> None:
    once = contrast(SAVES, *pair(days), alpha=0.05)
    a, b = pair([tuple(times * value for value in day) for day in days])  # type: ignore[misc]
    more = contrast(SAVES, a, b, alpha=0.05)

    # Overdispersion is the days' own: it grows with the events unless there are but a few days.
    if len(days) < 4 and once.method is more.method is not Method.NONE:
        assert more.width <= once.width + 1e-9 or once.width == inf


@settings(max_examples=25)
@given(st.permutations(range(4)))
def test_the_order_of_the_variants_changes_no_race(order) -> None:
    dailies = [counts(rate, seed=i) for i, rate in enumerate((0.02, 0.021, 0.034, 0.019))]

    found = race(SAVES, [dailies[i] for i in order])

    assert found.best is not None and order[found.best] == 2
    assert {order[i] for i in found.in_race} == {2}


@settings(max_examples=60)
@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=9), st.integers(0, 8), st.floats(0.01, 1))
def test_stronger_evidence_never_weakens_a_correction(p, index, part) -> None:
    stronger = list(p)
    stronger[index % len(p)] *= part

    for adjust in (effects.holm, effects.benjamini_hochberg):
        assert (adjust(stronger) <= adjust(p) + 1e-12).all()


def test_an_early_success_stays_one_however_the_interval_moves_later() -> None:
    """p is the least so far: what was shown once is not taken back while the sign holds."""
    good, flat = counts(0.04, days=10, seed=2), counts(0.0215, days=12, seed=3)
    control = counts(0.02, days=22, seed=4)
    b = Daily(
        np.concatenate([good.exposures, flat.exposures]), np.concatenate([good.sums, flat.sums])
    )

    ps = [
        contrast(SAVES, control.days(slice(0, d)), b.days(slice(0, d)), alpha=0.05).p
        for d in range(7, 23)
    ]

    assert all(later <= earlier * (1 + 1e-12) for earlier, later in pairwise(ps))
    assert ps[-1] < 0.05


def test_better_of_three_is_repeated_and_says_how_much_to_expect() -> None:
    data = experiment(counts(0.02, seed=1), counts(0.03, seed=2), counts(0.02, seed=3))

    found = analyse(data)

    assert (found.verdict.state, found.best, found.verdict.decision) == (
        State.REPEAT,
        "B",
        "repeat",
    )
    b = found.compared[0].estimate
    assert 0 < b.realistic < b.log_lift
    assert found.p_best[1] > 0.99 and sum(found.p_best) == pytest.approx(1)
    assert analyse(data).p_best == found.p_best


def test_fewer_is_better_when_the_metric_says_so() -> None:
    metric = Metric(Kind.COUNT, direction=-1)

    found = analyse(experiment(counts(0.03, seed=1), counts(0.02, seed=2), metric=metric))

    assert found.verdict.state is State.REPEAT
    assert found.compared[0].estimate.lift < 0 < found.compared[0].estimate.good_realistic


def test_cost_per_lead_swaps_the_bounds_and_is_open_without_leads() -> None:
    spend = Daily.of([50.0] * 8, [0] * 8), Daily.of([50.0] * 8, [1, 2, 0, 3, 1, 2, 2, 1])
    lost = contrast(SAVES, spend[1], spend[0], alpha=0.05)

    low, _, high = effects.cost_ratio(lost.log_low, lost.log_lift, lost.log_high)

    assert high == inf and low == pytest.approx(1 / exp(lost.log_high))
    assert lost.log_low == -inf


def test_no_event_in_the_control_is_told_as_a_difference() -> None:
    found = contrast(HOLD, shares(0.0), Daily.of([1000] * 14, [3] * 14), alpha=0.05)

    assert found.method is Method.EXACT and found.log_lift == inf
    assert found.difference is not None and 0 < found.difference[0] < 0.003 < found.difference[1]
    assert found.p < 0.001 and found.log_low > 0


@pytest.mark.parametrize("allocation", list(Allocation))
def test_a_broken_split_withholds_what_was_randomised_and_notes_what_was_not(allocation) -> None:
    a, b = counts(0.02, n=1300), counts(0.03, n=800, seed=2)

    found = analyse(experiment(a, b, allocation=allocation))

    is_split = allocation in (Allocation.PLATFORM_SPLIT, Allocation.OWN_RANDOM)
    assert (found.verdict.state is State.INVALID) is is_split
    assert found.verdict.reasons[0] == ("srm" if is_split else "better")
    assert found.is_delivery_uneven is not is_split


def test_the_split_is_compared_with_what_was_configured() -> None:
    variants = (Variant("A", counts(0.02, n=700), 0.7), Variant("B", counts(0.02, n=300), 0.3))

    found = analyse(replace(experiment(counts(0.02), counts(0.02)), variants=variants))

    assert found.srm is not None and not found.srm.is_flagged and found.srm.deviation == 0


def test_trivial_deviations_do_not_flag_and_missing_variants_always_do() -> None:
    huge = srm.check([[5_020_000], [4_980_000]])
    empty = srm.check([[300, 200], [0, 0]])

    assert huge is not None and huge.p < 1e-30 and not huge.is_flagged
    assert empty is not None and empty.is_flagged and empty.without_traffic == (1,)
    assert srm.check([[0, 0], [0, 0]]) is None
    invalid = analyse(experiment(counts(0.02), Daily.of([0] * 14, [0] * 14)))
    assert invalid.verdict.reasons == ("zero_traffic",)


def test_a_guardrail_that_is_hurt_stops_a_repeat() -> None:
    worse = Metric(Kind.COUNT, direction=-1)
    reports = counts(0.01, seed=5), counts(0.02, seed=6)
    rail = Guardrail("reports", worse, reports, margin=0.1)

    found = analyse(experiment(counts(0.02), counts(0.03, seed=2), guardrails=(rail,)))

    assert found.compared[0].guardrails[0].state is Guard.HARM
    assert found.verdict.state is State.RUNNING
    assert "guardrail:reports" in found.verdict.reasons
    ended = analyse(experiment(counts(0.02), counts(0.03, seed=2), guardrails=(rail,), ended=True))
    assert ended.verdict.state is State.IMPROVE


def test_an_effect_that_fades_is_not_repeated() -> None:
    first, second = counts(0.06, days=7, seed=2), counts(0.015, days=7, seed=3)
    b = Daily(
        np.concatenate([first.exposures, second.exposures]),
        np.concatenate([first.sums, second.sums]),
    )

    found = analyse(experiment(counts(0.02), b))

    assert found.compared[0].halves is not None and found.compared[0].halves.is_fading
    assert found.verdict.state is State.IMPROVE and found.verdict.reasons == ("fading",)


def test_the_best_of_equals_beats_every_other_one() -> None:
    a, b, c = counts(0.02, seed=1), counts(0.02, seed=2), counts(0.03, seed=3)

    found = analyse(experiment(a, b, c, has_control=False))
    tied = analyse(experiment(a, c, counts(0.03, seed=4), has_control=False, ended=True))

    assert (found.best, found.in_race) == ("C", ("C",))
    assert tied.best is None and tied.in_race == ("B", "C")
    assert tied.verdict.state is State.IMPROVE


def test_many_experiments_at_once_are_judged_like_each_alone() -> None:
    draw = np.random.default_rng(7)
    sizes = draw.integers(2, 6, 40)
    group = np.repeat(np.arange(40), sizes)
    n = draw.integers(300, 4000, len(group)).astype(float)
    clicks = draw.binomial(n.astype(int), draw.uniform(0.001, 0.04, len(group))).astype(float)
    once = Metric(Kind.PROPORTION, min_days=1)

    found = best_of_totals(group, n, clicks)

    assert (found >= 0).sum() >= 3
    for each in range(40):
        rows = np.flatnonzero(group == each)
        alone = race(once, [Daily.of([n[i]], [clicks[i]]) for i in rows])
        assert found[each] == (-1 if alone.best is None else rows[alone.best])


FACTS = Facts(
    days=10,
    min_days=7,
    events=500,
    min_events=20,
    lift=0.14,
    low=0.05,
    high=0.22,
    width=0.17,
    realistic=0.1,
    delta=0.02,
    is_decided=True,
)


@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        ({}, State.REPEAT, "better"),
        ({"days": 6}, State.TOO_EARLY, "few_days"),
        ({"events": 19}, State.TOO_EARLY, "few_events"),
        ({"planned_lift": 0.04}, State.TOO_EARLY, "too_wide"),
        ({"planned_lift": 0.04, "ended": True}, State.REPEAT, "better"),
        ({"invalid": ("edited",)}, State.INVALID, "edited"),
        ({"invalid": ("srm",), "days": 1}, State.INVALID, "srm"),
        ({"realistic": 0.019}, State.RUNNING, "undecided"),
        ({"harm": ("reports",), "ended": True}, State.IMPROVE, "planned_end"),
        ({"is_fading": True}, State.IMPROVE, "fading"),
        ({"lift": -0.1, "low": -0.2, "high": -0.01}, State.DROP, "worse"),
        ({"is_decided": False, "low": -0.04, "high": 0.049}, State.SAME, "within_margin"),
        ({"is_decided": False, "low": -0.04, "high": 0.051}, State.RUNNING, "undecided"),
        (
            {"is_decided": False, "low": -0.04, "high": 0.07, "delta": 0.08},
            State.SAME,
            "within_margin",
        ),
        ({"is_decided": False, "low": -0.1, "ended": True}, State.IMPROVE, "planned_end"),
    ],
)
def test_every_row_of_the_table_of_verdicts(change, state, reason) -> None:
    found = verdict(replace(FACTS, **change))

    assert (found.state, found.reasons[0]) == (state, reason)
    assert found.decision == {
        State.REPEAT: "repeat",
        State.DROP: "drop",
        State.SAME: "improve",
        State.IMPROVE: "improve",
    }.get(state)


def test_what_cannot_be_is_refused() -> None:
    a = Daily.of([10], [1])
    for broken in (
        lambda: Daily.of([10, 20], [1]),
        lambda: Daily.of([-1], [1]),
        lambda: Daily.of([float("nan")], [1]),
        lambda: experiment(a),
        lambda: experiment(a, Daily.of([10], [11]), metric=HOLD),
        lambda: experiment(a, a, metric=Metric(Kind.MEAN)),
        lambda: experiment(a, Daily.of([10, 10], [1, 1])),
        lambda: experiment(a, Daily.of([10], [-1])),
        lambda: Metric(Kind.COUNT, direction=0),
        lambda: srm.check([[1], [2]], [1.0, 0.0]),
    ):
        with pytest.raises(ValueError):
            broken()


def test_nothing_is_known_before_anything_came() -> None:
    found = analyse(experiment(Daily.of([0] * 3, [0] * 3), Daily.of([0] * 3, [0] * 3)))

    assert found.verdict.state is State.TOO_EARLY and found.srm is None
    assert found.compared[0].estimate.method is Method.NONE
    assert found.compared[0].estimate.p == 1
    assert log(1) == found.compared[0].estimate.realistic
