"""What the playbook learns from tests, and what it must not learn from luck."""

from __future__ import annotations

from math import exp, expm1, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook import pooling
from playbook.pooling import Arm, Label, PastTest
from playbook.pooling.levels import against_others

ORDER = [Label.LOSING, Label.UNPROVEN, Label.PROMISING, Label.PROVEN]


def made_up(
    tests: int, effects: dict[str, float], seed: int, *, arms: int = 3, wording: float = 0.15
) -> list[PastTest]:
    """Tests of a few hooks each, about 64 events an arm."""
    random = np.random.default_rng(seed)
    names = list(effects)
    found = []
    for number in range(tests):
        base = random.normal(log(64), 0.3)
        rows = []
        for name in random.choice(names, arms):
            mean = exp(base + effects[name] + random.normal(0, wording))
            rows.append(pooling.arm_of_events(str(name), float(random.poisson(mean)), 10_000))
        found.append(PastTest(f"EXP-{number}", tuple(rows)))
    return found


def named(levels) -> dict[str, pooling.Level]:
    return {each.name: each for each in levels}


FLAT = {"question": 0.0, "number": 0.0, "you": 0.0, "how": 0.0}


def test_the_sums_are_the_written_ones() -> None:
    arms = (Arm("a", -4.0, 0.01), Arm("b", -3.8, 0.02), Arm("b", -4.1, 0.03), Arm("c", -4.2, 0.01))
    evidence = pooling.collect([PastTest("T", arms, age=180)])

    found = pooling.sums(evidence)

    for index, tau in enumerate(pooling.Priors().taus):
        y, w = np.array([a.y for a in arms]), np.array([1 / (a.v + tau**2) for a in arms])
        total, mean = w.sum(), (w * y).sum() / w.sum()
        by_level = np.array([w[0], w[1] + w[2], w[3]])
        a = np.diag(by_level) - np.outer(by_level, by_level) / total
        shifted = w * (y - mean)
        b = np.array([shifted[0], shifted[1] + shifted[2], shifted[3]])
        c = 0.5 * np.log(w).sum() - 0.5 * log(total) - 0.5 * (w * (y - mean) ** 2).sum()
        assert found.a[index] == pytest.approx(0.5 * a, rel=1e-9)
        assert found.b[index] == pytest.approx(0.5 * b, rel=1e-9)
        assert found.c[index] == pytest.approx(0.5 * c, rel=1e-9)


def test_the_posterior_is_that_of_the_whole_model_written_out() -> None:
    """The same levels from the joint normal of all arms, alpha given a very wide prior."""
    tests = made_up(6, {"a": 0.1, "b": 0.0, "c": -0.1}, seed=2)
    evidence = pooling.collect(tests)
    sums, priors = pooling.sums(evidence), pooling.Priors()
    logs, means = np.zeros((10, 9)), np.zeros((10, 9, 3))
    wide = 1e4
    of_level = np.eye(3)[evidence.level]
    of_test = np.eye(evidence.tests)[evidence.test]
    for g, tau in enumerate(priors.taus):
        for h, omega in enumerate(priors.omegas):
            noise = np.diag(evidence.v + tau**2) + wide * of_test @ of_test.T
            cov = noise + omega**2 * of_level @ of_level.T
            solved = np.linalg.solve(cov, evidence.y)
            logs[g, h] = -0.5 * np.linalg.slogdet(cov)[1] - 0.5 * evidence.y @ solved
            means[g, h] = omega**2 * of_level.T @ solved
    logs += priors.log_weights
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()

    fitted = pooling.fit(sums, draws=4000)

    assert len(evidence.y) >= 12
    assert fitted.cells == pytest.approx(weights, abs=1e-4)
    expected = (weights[:, :, None] * means).sum(axis=(0, 1))
    assert fitted.theta.mean(axis=0) == pytest.approx(expected, abs=0.006)


def test_closing_a_test_is_one_addition() -> None:
    tests = made_up(5, FLAT, seed=3)
    names = sorted(FLAT)
    whole = pooling.sums(pooling.collect(tests, levels=names))
    single = [pooling.sums(pooling.collect([each], levels=names)) for each in tests]

    added = pooling.add(single, [1.0] * 5)

    for name in ("a", "b", "c"):
        assert getattr(added, name) == pytest.approx(getattr(whole, name), rel=1e-9, abs=1e-9)
    assert (single[0] + single[1]).b == pytest.approx(pooling.add(single[:2], [1, 1]).b)
    assert single[0].times(0.5).a == pytest.approx(pooling.add(single[:1], [0.5]).a)


@pytest.mark.parametrize("variance", [1e-4, 1 / 64, 1 / 20])
@pytest.mark.parametrize("lifts", [(0.5, 0.66), (0.3, 0.86), (2.0, 3.0)])
def test_two_lucky_tests_prove_nothing(lifts, variance) -> None:
    lucky = [
        PastTest(str(i), (Arm("new", -4 + lift, variance), Arm("old", -4.0, variance)))
        for i, lift in enumerate(lifts)
    ]

    found = named(pooling.pool(pooling.collect(lucky)))

    assert found["new"].label is found["old"].label is Label.UNPROVEN
    assert 0 < found["new"].lift < expm1(sum(lifts) / 2) / 2


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_copies_of_a_test_never_raise_a_level(seed, copies) -> None:
    tests = made_up(4, FLAT, seed=seed)
    before = named(pooling.pool(pooling.collect(tests)))

    again = [PastTest(f"copy {i}", tests[0].arms, age=i) for i in range(copies)]
    after = named(pooling.pool(pooling.collect(tests + again)))

    for name, level in after.items():
        assert ORDER.index(level.label) <= ORDER.index(before[name].label)
        assert (level.tests, level.p_better) == (before[name].tests, before[name].p_better)


def test_posts_that_nobody_drew_never_change_what_tests_say() -> None:
    tests = made_up(12, FLAT, seed=5)
    alone = pooling.pool(pooling.collect(tests))
    weeks = [
        PastTest(f"w{i}", (Arm("question", -3.0, 0.01), Arm("how", -4.0 + 0.01 * i, 0.01)))
        for i in range(30)
    ]

    seen = named(pooling.observational(pooling.collect(weeks)))

    assert pooling.pool(pooling.collect(tests)) == alone
    assert seen["question"].label is Label.WORTH_TESTING and seen["question"].p_better > 0.99
    assert seen["how"].label is Label.UNPROVEN  # not even losing
    against = made_up(30, {**FLAT, "question": -0.5}, seed=6)
    assert pooling.disagreements(pooling.pool(pooling.collect(against)), list(seen.values())).count(
        "question"
    )


@pytest.mark.parametrize(
    ("tests", "effective", "p", "lift", "was_decided", "expected"),
    [
        (5, 3, 0.95, 0.02, False, Label.PROVEN),
        (4, 3, 0.99, 0.2, False, Label.PROMISING),
        (5, 2.9, 0.99, 0.2, False, Label.PROMISING),
        (5, 3, 0.949, 0.2, False, Label.PROMISING),
        (5, 3, 0.99, 0.019, False, Label.UNPROVEN),
        (3, 1, 0.80, 0.02, False, Label.PROMISING),
        (2, 2, 0.99, 0.9, False, Label.UNPROVEN),
        (3, 3, 0.79, 0.9, False, Label.UNPROVEN),
        (5, 5, 0.05, -0.02, False, Label.LOSING),
        (4, 4, 0.01, -0.3, False, Label.UNPROVEN),
        (5, 5, 0.06, -0.3, False, Label.UNPROVEN),
        (9, 1.9, 0.99, 0.3, True, Label.STALE),
        (9, 1.9, 0.99, 0.3, False, Label.PROMISING),
        (9, 2.0, 0.01, -0.3, True, Label.LOSING),
    ],
)
def test_every_row_of_the_table_of_labels(tests, effective, p, lift, was_decided, expected) -> None:
    assert pooling.label(tests, effective, p, lift, was_decided=was_decided) is expected


@settings(max_examples=60)
@given(
    st.integers(0, 12),
    st.floats(0, 12),
    st.floats(0, 1),
    st.floats(-0.5, 0.5),
    st.floats(0, 0.5),
)
def test_a_label_never_falls_when_the_evidence_gets_better(tests, effective, p, lift, more) -> None:
    weaker = pooling.label(tests, effective, p, lift)

    assert ORDER.index(pooling.label(tests, effective, min(1, p + more), lift + more)) >= (
        ORDER.index(weaker)
    )


def test_a_real_effect_is_found_and_shown_with_its_doubt() -> None:
    tests = made_up(60, {**FLAT, "number": log(1.3)}, seed=7)

    found = named(pooling.pool(pooling.collect(tests)))["number"]

    assert found.label is Label.PROVEN
    assert found.interval_95[0] < found.interval_80[0] < found.lift < found.interval_80[1]
    assert found.interval_95[0] < 0.3 < found.interval_95[1]
    assert found.p_best > 0.9 and 0.5 < found.p_next < found.p_better
    assert found.next_interval[0] < found.interval_80[0]
    assert found.more_tests == 0 and pooling.expected_false([found]) == 1 - found.p_better


def test_old_tests_fade_and_a_level_becomes_stale() -> None:
    tests = made_up(12, {"a": 0.4, "b": 0.0}, seed=8, arms=4)
    old = [PastTest(each.key, each.arms, age=720) for each in tests]

    fresh = named(pooling.pool(pooling.collect(tests)))["a"]
    stale = named(pooling.pool(pooling.collect(old), decided={"a"}))["a"]

    assert fresh.label is Label.PROVEN and stale.label is Label.STALE
    assert stale.effective == pytest.approx(stale.tests / 16) and stale.tests == fresh.tests
    assert pooling.recency(90, pooling.SHORT_HALF_LIFE) == 0.5
    wide = stale.interval_95[1] - stale.interval_95[0]
    assert wide > fresh.interval_95[1] - fresh.interval_95[0]


def test_only_what_was_compared_within_a_test_counts() -> None:
    within = made_up(10, FLAT, seed=9)
    alone = [PastTest(f"x{i}", (Arm("you", 9.0, 0.001), Arm("you", 9.1, 0.001))) for i in range(9)]
    shifted = [
        PastTest(e.key, tuple(Arm(a.level, a.y + 3 * i, a.v) for a in e.arms))
        for i, e in enumerate(within)
    ]

    expected = pooling.pool(pooling.collect(within))

    assert pooling.pool(pooling.collect(within + alone)) == expected
    moved = pooling.pool(pooling.collect(shifted))
    assert [e.lift for e in moved] == pytest.approx([e.lift for e in expected], abs=1e-9)
    assert pooling.pool(pooling.collect(alone)) == ()


@pytest.mark.parametrize("levels", [2, 3, 4, 7])
def test_an_effect_is_against_the_median_of_the_others(levels) -> None:
    theta = np.random.default_rng(levels).normal(size=(50, levels)).round(1)

    found = against_others(theta)

    for index in range(levels):
        others = np.delete(theta, index, axis=1)
        assert found[:, index] == pytest.approx(theta[:, index] - np.median(others, axis=1))


def test_fewer_is_better_turns_the_sign() -> None:
    assert pooling.arm_of_events("a", 30, 1000, direction=-1).y == -log(30.5 / 1000.5)
    arm = pooling.arm_of_mean("a", 40, 900, 500, phi=2)
    assert (arm.y, arm.v) == (log(40), pytest.approx(2 * 900 / (500 * 1600)))
    for broken in (
        lambda: pooling.arm_of_events("a", 1, 0),
        lambda: pooling.arm_of_mean("a", 0, 1, 1),
    ):
        with pytest.raises(ValueError):
            broken()


def test_columns_say_the_same_as_tests() -> None:
    tests = made_up(8, FLAT, seed=10)
    one = pooling.collect(tests)
    rows = [(i, arm) for i, each in enumerate(tests) for arm in each.arms]
    other = pooling.of_columns(
        one.levels,
        np.array([i for i, _ in rows]),
        np.array([one.levels.index(arm.level) for _, arm in rows]),
        np.array([arm.y for _, arm in rows]),
        np.array([arm.v for _, arm in rows]),
    )

    assert pooling.pool(other) == pooling.pool(one)


def test_the_next_test_is_where_doubt_and_use_are_largest() -> None:
    levels = pooling.pool(pooling.collect(made_up(10, FLAT, seed=11)))
    usage = {"question": 0.5, "number": 0.4, "you": 0.1}

    found = pooling.next_contrasts(levels, usage)

    assert {found[0].one, found[0].other} == {"question", "number"}
    assert [each.score for each in found] == sorted((e.score for e in found), reverse=True)
    assert pooling.next_contrasts(levels, {}) == []


def test_a_channel_with_few_tests_borrows_from_its_neighbour() -> None:
    rich = pooling.collect(made_up(60, {"a": 0.3, "b": 0.0}, seed=12, arms=4))
    poor = pooling.collect(made_up(2, {"a": 0.0, "b": 0.0}, seed=13, arms=4))

    together = pooling.pool_channels({"youtube": rich, "tiktok": poor})
    apart = pooling.pool_channels({"youtube": rich, "tiktok": poor}, shared=0.0)

    assert named(together["tiktok"])["a"].lift > named(apart["tiktok"])["a"].lift + 0.02
    assert named(together["tiktok"])["a"].label is Label.UNPROVEN
    alone = named(pooling.pool(rich))["a"].lift
    assert named(together["youtube"])["a"].lift == pytest.approx(alone, abs=0.03)
    with pytest.raises(ValueError):
        pooling.pool_channels({"youtube": rich}, shared=1.0)


def test_reach_and_money_are_taken_off_what_posts_seem_to_show() -> None:
    random = np.random.default_rng(14)
    impressions = random.lognormal(9, 1, 400)
    paid = random.random(400) < 0.3
    log_kpi = -0.4 * np.log(impressions) + 0.5 * paid + random.normal(0, 0.2, 400)

    left = pooling.adjusted(log_kpi, impressions, paid)

    assert abs(np.corrcoef(left, np.log(impressions))[0, 1]) < 0.2
    assert abs(np.median(left[paid]) - np.median(left[~paid])) < 0.05
