"""A period is whole local days, also on the days that the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.flow import Period
from tests.production.flow.cards import DAY, HELSINKI, HOUR


def helsinki(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=HELSINKI)


def test_the_last_thirty_days_are_local_days_and_today_is_one_of_them():
    period = Period.last(30, datetime(2026, 11, 23, 22, 30, tzinfo=UTC), HELSINKI)

    assert (period.start, period.end) == (date(2026, 10, 26), date(2026, 11, 24))
    assert len(period) == len(period.days) == 30


def test_the_period_before_ends_the_day_before_and_is_as_long():
    period = Period(date(2026, 10, 26), date(2026, 11, 24), HELSINKI)

    assert period.before() == Period(date(2026, 9, 26), date(2026, 10, 25), HELSINKI)


@pytest.mark.parametrize(("day", "hours"), [(28, 24), (29, 23), (30, 24)])
def test_the_day_that_loses_an_hour_in_spring_is_23_hours_long(day, hours):
    period = Period(date(2026, 3, day), date(2026, 3, day), HELSINKI)

    assert period.ends - period.begins == hours * HOUR


def test_the_day_that_gains_an_hour_in_autumn_is_25_hours_long():
    period = Period(date(2026, 10, 25), date(2026, 10, 25), HELSINKI)

    assert period.ends - period.begins == 25 * HOUR
    assert helsinki(2026, 10, 25, 23, 59) in period
    assert helsinki(2026, 10, 26) not in period


def test_where_the_clocks_change_at_midnight_the_day_starts_at_one():
    period = Period(date(2026, 4, 24), date(2026, 4, 24), ZoneInfo("Africa/Cairo"))

    assert period.begins == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert period.ends - period.begins == 23 * HOUR


def test_the_ends_are_the_first_moment_inside_and_the_first_outside():
    period = Period(date(2026, 11, 16), date(2026, 11, 22), HELSINKI)

    assert period.begins in period
    assert period.begins - timedelta(microseconds=1) not in period
    assert period.ends - timedelta(microseconds=1) in period
    assert period.ends not in period


def test_its_weeks_are_iso_weeks_also_where_only_a_day_of_one_is_in_it():
    period = Period(date(2026, 11, 15), date(2026, 11, 23), HELSINKI)

    assert period.weeks == (date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23))


def test_the_last_weeks_start_on_a_monday():
    period = Period.last_weeks(13, helsinki(2026, 11, 24, 10), HELSINKI)

    assert (period.start, period.end) == (date(2026, 8, 31), date(2026, 11, 24))
    assert len(period.weeks) == 13


def test_only_the_days_that_are_over_are_past():
    period = Period(date(2026, 11, 16), date(2026, 11, 22), HELSINKI)

    assert period.past(helsinki(2026, 12, 1)) == period
    assert period.past(helsinki(2026, 11, 18, 10)).end == date(2026, 11, 17)
    assert period.past(helsinki(2026, 11, 16, 10)) is None


def test_a_period_that_ends_before_it_starts_is_an_error():
    with pytest.raises(ValueError, match="cannot end on 2026-11-15"):
        Period(date(2026, 11, 16), date(2026, 11, 15), HELSINKI)


zones = st.sampled_from(
    ["Europe/Helsinki", "America/New_York", "Africa/Cairo", "Asia/Kolkata", "Australia/Lord_Howe"]
).map(ZoneInfo)


@given(st.dates(date(2000, 1, 1), date(2037, 1, 1)), st.integers(0, 400), zones)
def test_the_days_of_a_period_follow_each_other_and_the_period_before_without_a_gap(
    start, more, zone
):
    period = Period(start, start + more * DAY, zone)
    days = [Period(day, day, zone) for day in period.days]

    assert period.before().ends == period.begins == days[0].begins
    assert all(a.ends == b.begins for a, b in pairwise(days))
    assert days[-1].ends == period.ends
    assert all(22 * HOUR < day.ends - day.begins < 26 * HOUR for day in days)
    assert {day for week in period.weeks for day in [week + n * DAY for n in range(7)]} >= set(
        period.days
    )
