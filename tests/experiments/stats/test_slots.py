"""Organic posts whose variant was drawn by lot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats as scipy_stats

from experiments.stats import slots
from experiments.stats.slots import Post, analyse_slots, draw, permutation_p, posts_needed


def made_up(lift: float, weeks: int, seed: int, spread: float = 0.7) -> list[Post]:
    random = np.random.default_rng(seed)
    posts = []
    for week in range(weeks):
        base = random.normal(-5, 0.3)
        for is_variant in draw(["w"] * 4, seed=seed * 1000 + week):
            rate = np.exp(base + lift * is_variant + random.normal(0, spread))
            events = float(random.poisson(rate * 8000))
            posts.append(Post(f"w{week}", is_variant, events, 8000.0))
    return posts


def test_what_it_takes_to_see_half_as_much_again() -> None:
    assert posts_needed(np.log(1.5)) == 61
    assert posts_needed(-np.log(1.5)) == 61
    with pytest.raises(ValueError):
        posts_needed(0.0)


def test_the_lift_is_recovered_and_chance_is_not_called_one() -> None:
    true = [analyse_slots(made_up(0.5, 30, seed)) for seed in range(12)]
    none = [analyse_slots(made_up(0.0, 30, seed)) for seed in range(20, 32)]

    assert np.mean([each.log_lift for each in true]) == pytest.approx(0.5, abs=0.12)
    assert np.mean([each.log_low > 0 for each in true]) > 0.5
    assert not any(each.log_low > 0 or each.log_high < 0 for each in none)
    assert 0.55 < np.mean([each.spread for each in true]) < 0.85
    assert np.mean([each.p_permutation for each in none]) == pytest.approx(0.5, abs=0.2)


def test_blocks_differ_and_that_says_nothing() -> None:
    posts = made_up(0.3, 12, seed=3)
    shifted = [
        replace(p, exposures=p.exposures * 20, events=p.events) if p.block == "w1" else p
        for p in posts
    ]

    assert analyse_slots(shifted).log_lift == pytest.approx(analyse_slots(posts).log_lift, abs=1e-3)


def test_swapping_the_variants_swaps_the_sign() -> None:
    posts = made_up(0.3, 12, seed=3)
    there = analyse_slots(posts)
    back = analyse_slots([replace(p, is_variant=not p.is_variant) for p in posts])

    assert back.log_lift == pytest.approx(-there.log_lift, rel=1e-9)
    assert back.p_permutation == pytest.approx(there.p_permutation, abs=0.02)


@pytest.mark.parametrize("limit", [10_000, 10])
def test_rearranging_one_block_is_the_permutation_test_of_scipy(limit, monkeypatch) -> None:
    random = np.random.default_rng(5)
    y, is_b = random.normal(size=12), np.array([True] * 6 + [False] * 6)
    y[:6] += 0.9
    theirs = scipy_stats.permutation_test(
        (y[:6], y[6:]), lambda a, b: a.mean() - b.mean(), n_resamples=np.inf
    )
    monkeypatch.setattr(slots, "REARRANGEMENTS", 10_000 if limit == 10_000 else 900)

    ours = permutation_p(y, is_b, np.zeros(12, dtype=int))

    assert ours == pytest.approx(theirs.pvalue, abs=1e-9 if limit == 10_000 else 0.05)


def test_half_of_every_block_is_drawn_and_the_draw_can_be_repeated() -> None:
    names = ["a"] * 4 + ["b"] * 5 + ["c"] * 2

    drawn = draw(names, seed=11)

    assert drawn == draw(names, seed=11)
    assert sum(drawn[:4]) == 2 and sum(drawn[4:9]) in (2, 3) and sum(drawn[9:]) == 1
    assert len({tuple(draw(names, seed=seed)) for seed in range(30)}) > 15


def test_without_a_block_of_both_there_is_no_answer() -> None:
    with pytest.raises(ValueError):
        analyse_slots([Post("a", True, 3, 100), Post("b", False, 4, 100)])
