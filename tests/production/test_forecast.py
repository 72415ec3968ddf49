"""What may be promised by a date, drawn from what came out on the days before."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production import forecast
from production.forecast import Outcomes

USUAL = [1, 2, 1, 2, 2, 0, 0, 2, 1, 3, 2, 2, 0, 0]


def test_the_forecast_carries_all_that_is_needed_to_draw_it_again():
    said = forecast.how_many(USUAL, 30, seed=7)

    assert (said.days, said.seed, said.runs) == (30, 7, 10_000)
    assert (said.history, said.zero_days) == (tuple(USUAL), 4)
    assert forecast.how_many(said.history, said.days, seed=said.seed, runs=said.runs) == said
    assert forecast.how_many(USUAL, 30, seed=8) != said


def test_a_team_that_never_varies_leaves_nothing_to_chance():
    many = forecast.how_many([2] * 14, 10, seed=1)
    when = forecast.when([2] * 14, 20, seed=1)

    assert [many.with_chance(c) for c in forecast.CHANCES] == [20, 20, 20]
    assert [when.with_chance(c) for c in forecast.CHANCES] == [10, 10, 10]
    assert (when.chance_by(9), when.chance_by(10)) == (0, 1)
    assert (many.chance_of(20), many.chance_of(21)) == (1, 0)
    assert forecast.when([2] * 14, 21, seed=1).with_chance(0.5) == 11


def test_the_draw_follows_the_binomial_law():
    # One item on every second day, ten days: the distribution is known.
    said = forecast.how_many([0, 1], 10, seed=3, runs=40_000)

    assert said.chance_of(6) == pytest.approx(386 / 1024, abs=0.01)
    assert said.chance_of(10) == pytest.approx(1 / 1024, abs=0.001)
    assert said.with_chance(0.85) == 3  # P(X ≥ 3) = 0.945, P(X ≥ 4) = 0.828


def test_when_follows_the_geometric_law():
    said = forecast.when([0, 1], 1, seed=3, runs=40_000)

    assert said.chance_by(1) == pytest.approx(0.5, abs=0.01)
    assert said.chance_by(3) == pytest.approx(0.875, abs=0.01)
    assert said.with_chance(0.85) == 3


def test_the_two_questions_are_two_sides_of_one_draw():
    many = forecast.how_many(USUAL, 30, seed=5, runs=40_000)
    when = forecast.when(USUAL, 35, seed=6, runs=40_000)

    assert when.chance_by(30) == pytest.approx(many.chance_of(35), abs=0.01)


def test_more_certain_is_fewer_and_later():
    many = forecast.how_many(USUAL, 30, seed=2)
    when = forecast.when(USUAL, 30, seed=2)

    fewer = [many.with_chance(c) for c in forecast.CHANCES]
    later = [when.with_chance(c) for c in forecast.CHANCES]
    assert fewer == sorted(fewer, reverse=True)
    assert later == sorted(later)


@pytest.mark.parametrize("history", [[], [0], [0] * 90])
def test_days_on_which_nothing_came_out_forecast_nothing(history):
    assert forecast.how_many(history, 30, seed=1) is None
    assert forecast.when(history, 30, seed=1) is None


def test_under_ten_days_of_history_is_said_to_be_short():
    assert forecast.how_many([1] * 9, 5, seed=1).is_short
    assert not forecast.when([1] * 10, 5, seed=1).is_short


def test_what_lies_beyond_ten_years_has_no_date():
    said = forecast.when([1] * 10, forecast.FARTHEST + 1, seed=1)

    assert said.with_chance(0.5) is None
    assert said.chance_by(forecast.FARTHEST) == 0
    assert said.runs == 10_000
    assert forecast.when([1] * 10, forecast.FARTHEST, seed=1).with_chance(0.95) == forecast.FARTHEST


def test_part_of_the_runs_may_lie_beyond():
    said = forecast.when([0] * 3649 + [1], 1, seed=1)

    assert said.with_chance(0.5) < forecast.FARTHEST
    assert said.with_chance(0.95) is None
    assert 0.5 < said.chance_by(forecast.FARTHEST) < 0.95


def test_memory_does_not_grow_with_what_is_asked_for():
    tracemalloc.start()
    forecast.when(USUAL, 50, seed=1)
    _, small = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    forecast.when(USUAL, 5_000_000, seed=1)
    forecast.how_many(USUAL, forecast.FARTHEST, seed=1)
    _, large = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert large < small * 1.5
    assert large < 50_000_000


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: forecast.how_many(USUAL, 0, seed=1), "looks 1 to 3650 days ahead"),
        (lambda: forecast.how_many(USUAL, 3651, seed=1), "looks 1 to 3650 days ahead"),
        (lambda: forecast.when(USUAL, 0, seed=1), "at least one item"),
        (lambda: forecast.how_many([1, -1], 9, seed=1), "fewer than no items"),
        (lambda: forecast.when(USUAL, 9, seed=1, runs=9_999), "at least 10000 runs"),
        (lambda: forecast.how_many(USUAL, 9, seed=1).with_chance(0), "a chance lies above 0"),
        (lambda: forecast.when(USUAL, 9, seed=1).with_chance(1.01), "a chance lies above 0"),
    ],
)
def test_what_cannot_be_forecast_is_an_error(ask, said):
    with pytest.raises(ValueError, match=said):
        ask()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=60).filter(any),
    st.integers(1, 200),
    st.integers(0, 2**32),
)
def test_no_run_gives_more_or_less_than_the_days_could(history, days, seed):
    said = forecast.how_many(history, days, seed=seed)

    assert days * min(history) <= min(said.outcomes.values)
    assert max(said.outcomes.values) <= days * max(history)
    assert sum(said.outcomes.runs) == 10_000


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=30).filter(any),
    st.integers(1, 200),
    st.integers(0, 2**32),
)
def test_no_run_is_done_sooner_than_the_best_days_could(history, items, seed):
    said = forecast.when(history, items, seed=seed)

    assert min(said.outcomes.values) >= -(-items // max(history))
    assert sum(said.outcomes.runs) + said.outcomes.beyond == 10_000


@given(
    st.dictionaries(st.integers(0, 50), st.integers(0, 40), min_size=1).filter(
        lambda runs: any(runs.values())
    ),
    st.integers(1, 100),
)
def test_a_chance_is_covered_by_the_runs_and_by_no_fewer(runs, hundredths):
    outcomes = Outcomes.of(runs)
    needed = hundredths * outcomes.n

    many, when = outcomes.at_least(hundredths / 100), outcomes.at_most(hundredths / 100)

    assert outcomes.chance_of_at_least(many) * outcomes.n * 100 >= needed - 1e-6
    assert outcomes.chance_of_at_least(many + 1) * outcomes.n * 100 < needed
    assert outcomes.chance_of_at_most(when) * outcomes.n * 100 >= needed - 1e-6
    assert outcomes.chance_of_at_most(when - 1) * outcomes.n * 100 < needed
