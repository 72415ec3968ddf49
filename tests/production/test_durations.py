"""How durations and numbers are written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import durations


def plain(text: str) -> str:
    return text.replace(durations.NBSP, " ").replace(durations.MINUS, "-")


@pytest.mark.parametrize(
    ("duration", "english", "finnish"),
    [
        (timedelta(0), "0 min", "0 min"),
        (timedelta(seconds=29), "0 min", "0 min"),
        (timedelta(minutes=25), "25 min", "25 min"),
        (timedelta(minutes=59, seconds=40), "1 h", "1 h"),
        (timedelta(hours=1, minutes=29), "1 h", "1 h"),
        (timedelta(hours=41), "41 h", "41 h"),
        (timedelta(hours=71, minutes=20), "71 h", "71 h"),
        (timedelta(hours=71, minutes=40), "3 d", "3 pv"),
        (timedelta(hours=81), "3.4 d", "3,4 pv"),
        (timedelta(days=9, hours=23, minutes=30), "10 d", "10 pv"),
        (timedelta(days=13, hours=5), "13 d", "13 pv"),
        (timedelta(days=1500), "1,500 d", "1 500 pv"),
        (timedelta(hours=-6), "-6 h", "-6 h"),
        (timedelta(seconds=-10), "0 min", "0 min"),
        (147_600, "41 h", "41 h"),
    ],
)
def test_a_duration_is_written_in_its_handiest_unit(duration, english, finnish):
    assert plain(durations.hours(duration)) == english
    assert plain(durations.hours(duration, "fi")) == finnish


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(minutes=59), "0 h"),
        (timedelta(hours=63, minutes=59), "63 h"),
        (timedelta(hours=102), "102 h"),
        (timedelta(hours=-6, minutes=-30), "-6 h"),
        (timedelta(minutes=-30), "0 h"),
    ],
)
def test_whole_hours_do_not_count_a_started_hour(duration, text):
    assert plain(durations.whole_hours(duration)) == text


def test_whole_days_do_not_count_a_started_day():
    assert plain(durations.days(timedelta(days=1, hours=23))) == "1 d"
    assert plain(durations.days(timedelta(days=13), "fi")) == "13 pv"


@pytest.mark.parametrize(
    ("value", "places", "english", "finnish"),
    [
        (100_000, None, "100,000", "100 000"),
        (999, None, "999", "999"),
        (1234.5, None, "1,234.5", "1 234,5"),
        (1234.5, 2, "1,234.50", "1 234,50"),
        (Decimal("0.4"), None, "0.4", "0,4"),
        (Decimal("48.000"), None, "48", "48"),
        (2.5, 0, "3", "3"),
        (-0.04, 1, "0.0", "0,0"),
        (-12, None, "-12", "-12"),
        (1e20, 0, "100,000,000,000,000,000,000", "100 000 000 000 000 000 000"),
    ],
)
def test_a_number_is_written_as_the_language_writes_it(value, places, english, finnish):
    assert plain(durations.number(value, places)) == english
    assert plain(durations.number(value, places, "fi")) == finnish


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), "many"])
def test_what_is_no_number_is_not_written_as_one(value):
    with pytest.raises(ValueError):
        durations.number(value)


@pytest.mark.parametrize(
    ("share", "places", "english", "finnish"),
    [
        (0.012, None, "1.2 %", "1,2 %"),
        (0.85, None, "85 %", "85 %"),
        (0.0004, None, "0 %", "0 %"),
        (0.5, 1, "50.0 %", "50,0 %"),
        (1, None, "100 %", "100 %"),
        (-0.052, None, "-5.2 %", "-5,2 %"),
    ],
)
def test_a_share_is_written_as_per_cent(share, places, english, finnish):
    assert plain(durations.percent(share, places)) == english
    assert plain(durations.percent(share, places, "fi")) == finnish


def test_a_week_is_the_iso_week():
    assert plain(durations.iso_week(date(2026, 11, 20))) == "week 47"
    assert plain(durations.iso_week(date(2026, 11, 20), "fi")) == "vko 47"


def test_a_week_names_its_year_where_it_is_not_the_day_s_own():
    assert plain(durations.iso_week(date(2027, 1, 1))) == "week 53/2026"
    assert plain(durations.iso_week(date(2024, 12, 30))) == "week 1/2025"


def test_an_unknown_language_is_written_as_english():
    assert plain(durations.hours(timedelta(hours=81), "sv")) == "3.4 d"
    assert plain(durations.hours(timedelta(hours=81), "fi-fi")) == "3,4 pv"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_every_number_can_be_read_back(value):
    english = plain(durations.number(value)).replace(",", "")
    finnish = plain(durations.number(value, language="fi")).replace(" ", "").replace(",", ".")

    assert Decimal(english) == value
    assert Decimal(finnish) == value


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_a_longer_duration_is_never_written_in_a_smaller_unit(duration):
    order = ["min", "h", "d"]
    unit = durations.hours(duration).split(durations.NBSP)[-1]
    longer = durations.hours(duration * 2).split(durations.NBSP)[-1]

    assert order.index(longer) >= order.index(unit)
