"""When the next attempt is due: the ten waits, their jitter, a receiver's wish, and the end."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from production.webhooks.schedule import WAITS, next_attempt, read_retry_after
from tests.people import NOON

SECOND = timedelta(seconds=1)


def test_the_waits_are_those_of_the_standard() -> None:
    minutes = [wait / timedelta(minutes=1) for wait in WAITS]

    assert minutes == [0, 5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]
    assert sum(WAITS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@given(made=st.integers(1, 9), draw=st.floats(0, 1))
def test_jitter_is_twenty_per_cent_to_either_side(made: int, draw: float) -> None:
    due = next_attempt(made, at=NOON, draw=draw)

    assert due is not None
    assert WAITS[made] * 0.8 <= due - NOON <= WAITS[made] * 1.2


@given(made=st.integers(1, 9), draw=st.floats(0, 1), asked=st.integers(0, 10**7))
def test_a_wish_only_lengthens_and_at_most_to_twice_the_wait(
    made: int, draw: float, asked: int
) -> None:
    plain = next_attempt(made, at=NOON, draw=draw)
    wished = next_attempt(made, at=NOON, draw=draw, retry_after=asked * SECOND)

    assert plain is not None and wished is not None
    assert plain <= wished <= NOON + 2 * WAITS[made]
    if plain - NOON <= asked * SECOND <= 2 * WAITS[made]:
        assert wished == NOON + asked * SECOND


def test_after_the_tenth_there_is_none() -> None:
    assert next_attempt(10, at=NOON, draw=0.5) is None
    assert next_attempt(9, at=NOON, draw=0.5) == NOON + timedelta(hours=24)


def test_a_wish_is_read_in_both_its_forms_and_nonsense_is_none() -> None:
    assert read_retry_after("120", at=NOON) == 120 * SECOND
    assert read_retry_after("Mon, 16 Mar 2026 12:01:00 GMT", at=NOON) == 60 * SECOND
    assert read_retry_after("Mon, 16 Mar 2020 12:01:00 GMT", at=NOON) == timedelta(0)
    for text in (None, "", "-5", "soon", "٣", "1e9", "9" * 61, "Mon, 99 Mar 2026 12:01:00 GMT"):
        assert read_retry_after(text, at=NOON) is None
