"""Wall times on ordinary days and on the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import walltime, zones

HELSINKI = "Europe/Helsinki"
LOCAL = "%Y-%m-%dT%H:%M"
wall_clocks = st.datetimes(datetime(2001, 1, 1), datetime(2150, 1, 1)).map(
    lambda moment: moment.strftime(LOCAL)
)
places = st.sampled_from(zones.names())


def test_an_ordinary_evening_is_what_it_says():
    when = walltime.resolve("2026-03-30T18:00", HELSINKI)

    assert when.at == datetime(2026, 3, 30, 15, 0, tzinfo=UTC)
    assert when.note == ""


def test_an_hour_that_is_skipped_lands_behind_the_jump_and_says_so():
    when = walltime.resolve("2026-03-29T03:30", HELSINKI)

    assert when.note == walltime.GAP
    assert when.local == "2026-03-29T03:30"  # what was meant is kept
    assert when.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert when.shown.strftime(LOCAL) == "2026-03-29T04:30"


def test_an_hour_that_comes_twice_is_the_first_one_and_says_so():
    when = walltime.resolve("2026-10-25T03:30", HELSINKI)

    assert when.note == walltime.FOLD
    assert when.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # still summer time


@pytest.mark.parametrize(
    ("local", "note"),
    [
        ("2026-03-29T02:59", ""), ("2026-03-29T03:00", "gap"), ("2026-03-29T03:59", "gap"),
        ("2026-03-29T04:00", ""), ("2026-10-25T02:59", ""), ("2026-10-25T03:00", "fold"),
        ("2026-10-25T03:59", "fold"), ("2026-10-25T04:00", ""),
    ],
)  # fmt: skip
def test_the_edges_of_both_nights(local, note):
    assert walltime.resolve(local, HELSINKI).note == note


def test_half_an_hour_is_skipped_on_lord_howe():
    when = walltime.resolve("2026-10-04T02:15", "Australia/Lord_Howe")

    assert when.note == walltime.GAP
    assert when.shown.strftime(LOCAL) == "2026-10-04T02:45"


@pytest.mark.parametrize(
    ("local", "zone", "code"),
    [
        ("2026-03-30T18:00", "Europe/Hellsinki", "unknown_zone"),
        ("2026-03-30T18:00", "../etc/passwd", "unknown_zone"),
        ("2026-03-30T18:00", "", "unknown_zone"),
        ("2026-03-30 18:00", HELSINKI, "invalid"),
        ("2026-03-30T18:00Z", HELSINKI, "invalid"),
        ("2026-02-30T18:00", HELSINKI, "invalid"),
        ("2026-03-30T25:00", HELSINKI, "invalid"),
        ("٢٠٢٦-03-30T18:00", HELSINKI, "invalid"),
        (None, HELSINKI, "invalid"),
        ("0001-01-01T00:00", HELSINKI, "out_of_range"),
        ("9999-12-31T23:59", HELSINKI, "out_of_range"),
    ],
)
def test_what_is_no_wall_time_is_refused(local, zone, code):
    with pytest.raises(ValueError, match=code):
        walltime.resolve(local, zone)


def test_a_moment_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="naive_datetime"):
        walltime.of_moment(datetime(2026, 3, 30, 18), HELSINKI)


@given(local=wall_clocks, zone=places)
def test_a_time_that_needed_no_decision_reads_back_as_it_was(local, zone):
    when = walltime.resolve(local, zone)

    if when.note != walltime.GAP:
        assert when.shown.strftime(LOCAL) == local
    else:
        assert when.shown.strftime(LOCAL) > local


@given(local=wall_clocks, zone=places)
def test_a_fold_means_the_earlier_of_two_moments(local, zone):
    when = walltime.resolve(local, zone)
    place = walltime.zone_of(zone)

    # Any other moment that the clock of the place shows in the same way comes later.
    later = [when.at + timedelta(minutes=step) for step in range(-180, 181, 15) if step]
    same = [each for each in later if each.astimezone(place).strftime(LOCAL) == local]
    assert all(each > when.at for each in same)
    if same and when.note != walltime.GAP:
        assert when.note == walltime.FOLD


@given(moment=st.datetimes(datetime(2001, 1, 1), datetime(2150, 1, 1)), zone=places)
def test_a_moment_keeps_its_minute(moment, zone):
    there = moment.replace(tzinfo=UTC)

    when = walltime.of_moment(there, zone)

    assert timedelta(0) <= there - when.at < timedelta(minutes=1)
    assert when.shown.strftime(LOCAL) == when.local
