"""A share of a few items says how far the truth may lie from it."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.flow import Share, wilson
from production.flow.interval import Z95


def test_twenty_eight_of_forty_one_is_likely_53_to_80_per_cent():
    share = Share(28, 41)

    assert round(share.value * 100) == 68
    assert (round(share.low * 100), round(share.high * 100)) == (53, 80)


def test_the_interval_is_that_of_the_literature():
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: 81 of 263, method 3.
    low, high = wilson(81, 263)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_no_hits_and_nothing_but_hits_still_leave_room():
    assert Share(0, 20).low == 0 < Share(0, 20).high < 0.2
    assert Share(20, 20).high == 1 > Share(20, 20).low > 0.8


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_an_error(hits, n):
    with pytest.raises(ValueError, match="is not a share"):
        Share(hits, n)


def test_there_is_no_interval_of_nothing():
    with pytest.raises(ValueError, match="no share of nothing"):
        wilson(0, 0)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_ends_are_where_the_score_test_just_rejects(pair):
    hits, n = pair
    share = Share(hits, n)

    assert 0 <= share.low <= share.value <= share.high <= 1
    for end in {share.low, share.high} - {0.0, 1.0}:
        assert abs(share.value - end) == pytest.approx(Z95 * sqrt(end * (1 - end) / n), rel=1e-6)
