"""Calendar days and working days are other ways to show a stretch, always with their name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.flow import Mode, Shown, WorkCalendar, calendar_days, shown
from tests.production.flow.cards import HELSINKI, HOUR

INDEPENDENCE = date(2026, 12, 6)
OFFICE = WorkCalendar(HELSINKI, holidays={date(2026, 12, 24), date(2026, 12, 25)})


def helsinki(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=HELSINKI).astimezone(UTC)


def test_calendar_days_count_the_days_on_the_wall_that_a_stretch_touches():
    assert calendar_days(helsinki(2026, 11, 16, 9), helsinki(2026, 11, 16, 10), HELSINKI) == 1
    assert calendar_days(helsinki(2026, 11, 16, 23, 59), helsinki(2026, 11, 17), HELSINKI) == 2


def test_the_same_stretch_has_other_calendar_days_in_another_zone():
    stretch = datetime(2026, 11, 16, 21, tzinfo=UTC), datetime(2026, 11, 16, 23, tzinfo=UTC)

    assert calendar_days(*stretch, HELSINKI) == 2
    assert calendar_days(*stretch, UTC) == 1


def test_a_stretch_that_ends_before_it_starts_has_no_calendar_days():
    with pytest.raises(ValueError, match="ends before it starts"):
        calendar_days(helsinki(2026, 11, 17), helsinki(2026, 11, 16), HELSINKI)


def test_working_time_leaves_out_the_weekend_between():
    friday, monday = helsinki(2026, 11, 20, 15), helsinki(2026, 11, 23, 9)

    assert OFFICE.time(friday, monday) == 18 * HOUR


def test_working_time_leaves_out_holidays_too():
    before, after = helsinki(2026, 12, 23, 12), helsinki(2026, 12, 28, 12)

    assert OFFICE.time(before, after) == 24 * HOUR


def test_who_works_at_the_weekend_has_worked():
    saturday, sunday = helsinki(2026, 11, 21, 10), helsinki(2026, 11, 22, 18)

    assert OFFICE.time(saturday, sunday) == 32 * HOUR
    assert OFFICE.time(saturday, helsinki(2026, 11, 23, 10)) == 48 * HOUR


def test_a_day_off_that_loses_an_hour_takes_its_23_hours_away():
    friday, monday = helsinki(2026, 3, 27, 12), helsinki(2026, 3, 30, 12)

    assert monday - friday == 71 * HOUR
    assert OFFICE.time(friday, monday) == 24 * HOUR


def test_times_in_one_zone_are_told_apart_across_the_change_of_clocks():
    saturday = datetime(2026, 3, 28, 12, tzinfo=HELSINKI)
    sunday = datetime(2026, 3, 29, 12, tzinfo=HELSINKI)

    assert shown(saturday, sunday, Mode.ELAPSED, OFFICE) == Shown(Mode.ELAPSED, 23 / 24)


def test_an_extra_working_day_is_worked():
    saturday = date(2026, 11, 21)
    busy = WorkCalendar(HELSINKI, extra={saturday})

    assert busy.works(saturday)
    assert busy.count(date(2026, 11, 16), date(2026, 11, 22)) == 6
    assert busy.time(helsinki(2026, 11, 20, 12), helsinki(2026, 11, 23, 12)) == 48 * HOUR


def test_a_team_that_works_sundays_says_so():
    tel_aviv = WorkCalendar(HELSINKI, weekdays=(7, 1, 2, 3, 4))

    assert tel_aviv.works(date(2026, 11, 22))
    assert not tel_aviv.works(date(2026, 11, 20))


@pytest.mark.parametrize("weekdays", [(), (8,), (0, 1)])
def test_a_week_without_working_days_is_an_error(weekdays):
    with pytest.raises(ValueError, match="working days are some of"):
        WorkCalendar(HELSINKI, weekdays=weekdays)


def test_every_way_to_show_a_stretch_carries_its_name():
    friday, monday = helsinki(2026, 11, 20, 12), helsinki(2026, 11, 23, 12)

    assert shown(friday, monday, Mode.ELAPSED, OFFICE) == Shown(Mode.ELAPSED, 3)
    assert shown(friday, monday, Mode.CALENDAR, OFFICE) == Shown(Mode.CALENDAR, 4)
    assert shown(friday, monday, Mode.WORKING, OFFICE) == Shown(Mode.WORKING, 1)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_working_time_is_never_more_than_what_passed_and_never_nothing_for_something(start, length):
    worked = OFFICE.time(start, start + length)

    assert worked <= length
    assert worked > timedelta(0) or not length
    assert 1 <= calendar_days(start, start + length, HELSINKI) <= length.days + 3
