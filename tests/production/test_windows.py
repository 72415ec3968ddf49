"""Publishing windows: chosen, locked, kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from production import windows
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import Channel, Event, Window
from production.windows import Hours
from tests.people import NOON

ZONE = "Europe/Helsinki"
EVENING = Hours(frozenset({1, 3}), time(17), time(19))


@pytest.fixture
def channel(world):
    return Channel.objects.get(workspace=world.workspace)


def _add(world, channel, **more):
    hours = {"weekdays": [1, 3], "begins": time(17), "ends": time(19)} | more
    return windows.add(channel, seat=world.seat("ann"), at=NOON, **hours)


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 3, 16, 15, 0, tzinfo=UTC), True),  # Monday 17:00 in Helsinki
        (datetime(2026, 3, 16, 16, 59, tzinfo=UTC), True),  # its last minute
        (datetime(2026, 3, 16, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 16, 14, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 17, 15, 0, tzinfo=UTC), False),  # Tuesday
        (datetime(2026, 3, 30, 14, 0, tzinfo=UTC), True),  # 17:00 in summer time
    ],
)
def test_a_window_is_hours_on_the_clock_of_the_team(at, inside):
    assert windows.respects([EVENING], at, ZONE) is inside


def test_where_there_are_no_windows_any_time_is_fine():
    assert windows.respects([], datetime(2026, 3, 16, 3, tzinfo=UTC), ZONE)


def test_the_next_windows_are_told_in_order():
    found = windows.next_beginnings([EVENING], datetime(2026, 3, 16, 16, tzinfo=UTC), ZONE)

    assert found == [datetime(2026, 3, 18, 17), datetime(2026, 3, 23, 17)]


def test_ann_adds_a_window_and_the_log_says_so(world, channel):
    window = _add(world, channel)

    event = Event.objects.get(type="window.added")
    assert window.weekdays == [1, 3]
    assert event.subject == world.workspace.public_id
    assert event.data["begins"] == "17:00"


def test_ben_does_not_change_windows(world, channel):
    with pytest.raises(NotAllowed):
        windows.add(
            channel, weekdays=[1], begins=time(8), ends=time(9), seat=world.seat("ben"), at=NOON
        )


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [0]}, "weekdays"),
        ({"weekdays": [8]}, "weekdays"),
        ({"begins": time(19), "ends": time(17)}, "ends"),
        ({"begins": time(17), "ends": time(17)}, "ends"),
    ],
)
def test_hours_that_are_none_are_refused(world, channel, hours, field):
    with pytest.raises(Invalid) as refused:
        _add(world, channel, **hours)

    assert field in refused.value.errors
    assert not Window.objects.exists()


def test_locked_for_three_weeks_only_a_reason_changes_them(world, channel):
    window = _add(world, channel)
    ann = world.seat("ann")
    until = windows.lock(channel, seat=ann, at=NOON)

    with pytest.raises(Refused) as refused:
        windows.change(window, {"ends": time(20)}, seat=ann, at=NOON)
    changed = windows.change(
        window, {"ends": time(20)}, seat=ann, at=NOON, reason="The platform moved its peak"
    )

    assert until == date(2026, 4, 6)
    assert refused.value.refusals[0].code == "windows_kept"
    assert changed.ends == time(20)
    event = Event.objects.get(type="window.changed")
    assert event.data["reason"] == "The platform moved its peak"
    assert event.data["changes"] == {"ends": ["19:00", "20:00"]}


def test_a_lock_ends_by_itself(world, channel):
    window = _add(world, channel)
    windows.lock(channel, seat=world.seat("ann"), at=NOON)

    later = NOON + timedelta(days=22)
    windows.retire(window, seat=world.seat("ann"), at=later)

    assert Window.objects.get().retired_at == later


def test_a_window_added_to_locked_ones_needs_a_reason_and_is_locked_too(world, channel):
    _add(world, channel)
    windows.lock(channel, seat=world.seat("ann"), at=NOON)

    with pytest.raises(Refused):
        _add(world, channel, weekdays=[6])
    added = _add(world, channel, weekdays=[6], reason="Saturday is measured now")

    assert added.locked_until == date(2026, 4, 6)


def test_unlocking_needs_a_reason(world, channel):
    _add(world, channel)
    ann = world.seat("ann")
    windows.lock(channel, seat=ann, at=NOON)

    with pytest.raises(Invalid):
        windows.unlock(channel, seat=ann, at=NOON, reason=" ")
    windows.unlock(channel, seat=ann, at=NOON, reason="Wrong channel")

    assert Window.objects.get().locked_until is None


def test_a_lock_is_never_made_shorter_and_locking_again_is_not_told_twice(world, channel):
    _add(world, channel)
    ann = world.seat("ann")
    windows.lock(channel, seat=ann, at=NOON)

    again = windows.lock(channel, seat=ann, at=NOON - timedelta(days=3))

    assert again == date(2026, 4, 6)
    assert Event.objects.filter(type="window.locked").count() == 1


def test_there_is_nothing_to_lock_without_windows(world, channel):
    with pytest.raises(Refused) as refused:
        windows.lock(channel, seat=world.seat("ann"), at=NOON)

    assert refused.value.refusals[0].code == "no_windows"


def test_two_owners_see_each_other(world, channel):
    window = _add(world, channel)
    ann = world.seat("ann")
    windows.change(window, {"ends": time(20)}, seat=ann, at=NOON, version=1)

    with pytest.raises(Stale):
        windows.change(window, {"ends": time(21)}, seat=ann, at=NOON, version=1)


def test_outside_soft_windows_and_outside_locked_ones_are_two_codes(world, channel):
    _add(world, channel)
    tuesday = NOON + timedelta(days=1)
    ask = {"zone": ZONE, "now": NOON}

    soft = windows.refusal_for(channel, tuesday, hours=windows.hours_of(channel), **ask)
    windows.lock(channel, seat=world.seat("ann"), at=NOON)
    locked = windows.refusal_for(channel, tuesday, hours=windows.hours_of(channel), **ask)

    assert (soft.code, locked.code) == ("outside_window", "window_locked")
    assert soft.params["next"] == "2026-03-18T17:00"
    assert soft.overridable
    assert locked.overridable
