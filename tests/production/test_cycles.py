"""Cycles of ninety days: phases, locked channels, decisions, the day in the top bar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from production import cycles, mix, phases
from production.calendarview.mixing import phase_of
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import Channel, Cycle, Event
from tests.people import NOON, World

START = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (START - timedelta(days=1), None),
        (START, (1, 1)),
        (START + timedelta(days=13), (14, 1)),
        (START + timedelta(days=14), (15, 2)),
        (START + timedelta(days=89), (90, 4)),
        (START + timedelta(days=90), None),
    ],
)
def test_a_day_lies_in_one_phase(day: date, expected: tuple[int, int] | None) -> None:
    found = phases.place(START, phases.USUAL, day)

    assert (found and (found.day, found.phase)) == expected


def test_an_extended_phase_takes_days_from_those_after_it() -> None:
    assert phases.extended(phases.USUAL, 1, 7) == (21, 42, 70, 90)
    assert phases.extended(phases.USUAL, 1, 30) == (44, 45, 70, 90)
    assert phases.spans((21, 42, 70, 90)) == [(1, 21), (22, 42), (43, 70), (71, 90)]
    for phase, days in ((4, 7), (1, 76), (1, 0)):
        with pytest.raises(ValueError, match="phase"):
            phases.extended(phases.USUAL, phase, days)


@pytest.fixture
def channels(world: World) -> list[Channel]:
    return [
        Channel.objects.create(workspace=world.workspace, name=name, platform="tiktok")
        for name in ("A", "B", "C", "D")
    ]


def begin(world: World, channels: list[Channel], **more: object) -> Cycle:
    roles = dict(zip(channels, ("primary", "primary", "support", "support"), strict=False))
    values = {"name": "Spring", "starts_on": START}
    return cycles.start(values, channels=roles, seat=world.seat("ann"), at=NOON, **more)


def test_a_cycle_locks_two_and_one_channels_to_its_last_day(
    world: World, channels: list[Channel]
) -> None:
    with pytest.raises(Refused) as refused:
        begin(world, channels)
    assert [each.code for each in refused.value.refusals] == ["too_many_channels"]

    cycle = begin(world, channels[:3])

    channels[2].refresh_from_db()
    assert (channels[2].role, channels[2].locked_until) == ("support", date(2026, 5, 30))
    assert [row.last_day for row in cycle.phases.all()] == [14, 42, 70, 90]
    event = Event.objects.get(type="cycle.started")
    assert event.subject == cycle.public_id
    assert len(event.data["channels"]) == 3
    with pytest.raises(Refused, match="cycle_running"):
        begin(world, channels[:2])


def test_more_channels_need_a_reason_which_the_log_keeps(
    world: World, channels: list[Channel]
) -> None:
    begin(world, channels, reason="The client pays for four.")

    assert Event.objects.get(type="cycle.started").data["override"] == "The client pays for four."


def test_channels_change_only_with_a_reason(world: World, channels: list[Channel]) -> None:
    cycle = begin(world, channels[:3])
    wanted = {channels[0]: "primary", channels[3]: "primary", channels[2]: "support"}

    with pytest.raises(Refused, match="channel_lock"):
        cycles.choose_channels(cycle, wanted, seat=world.seat("ann"), at=NOON)
    cycles.choose_channels(
        cycle, wanted, seat=world.seat("ann"), at=NOON, reason="B was closed by its owner."
    )

    assert set(cycle.channels.values_list("channel__name", flat=True)) == {"A", "C", "D"}
    channels[1].refresh_from_db()
    assert channels[1].locked_until is None
    assert Event.objects.get(type="cycle.channels_changed").data["override"]


def test_a_phase_ends_with_a_decision_and_its_reason(world: World, channels: list[Channel]) -> None:
    cycle, ann = begin(world, channels[:3]), world.seat("ann")

    with pytest.raises(Invalid):
        cycles.decide(cycle, 1, "go", note=" ", seat=ann, at=NOON)
    with pytest.raises(Invalid):
        cycles.decide(cycle, 5, "go", note="On.", seat=ann, at=NOON)
    phase = cycles.decide(cycle, 1, "extend", note="Baseline is thin.", seat=ann, at=NOON)

    cycle.refresh_from_db()
    assert (phase.last_day, cycle.phase_ends) == (21, [21, 42, 70, 90])
    assert cycles.last_day(cycle, 1) == START + timedelta(days=20)
    assert cycles.phase_of(world.workspace, START + timedelta(days=20)) == 1
    cycles.decide(cycle, 2, "stop", note="The client left.", seat=ann, at=NOON)
    assert cycles.running(world.workspace) is None
    channels[0].refresh_from_db()
    assert channels[0].locked_until is None
    assert Event.objects.get(type="cycle.ended").data == {"day": phases_day(cycle)}


def phases_day(cycle: Cycle) -> int | None:
    place = phases.place(cycle.starts_on, cycle.phase_ends, NOON.date())
    return place.day if place else None


def test_what_begun_keeps_its_first_day(world: World, channels: list[Channel]) -> None:
    cycle, ann = begin(world, channels[:3]), world.seat("ann")

    cycles.change(cycle, {"name": "Summer"}, seat=ann, at=NOON, version=1)
    with pytest.raises(Stale):
        cycles.change(cycle, {"name": "Autumn"}, seat=ann, at=NOON, version=1)
    later = NOON.replace(year=2027)
    with pytest.raises(Refused, match="cycle_begun"):
        cycles.change(cycle, {"starts_on": date(2028, 1, 1)}, seat=ann, at=later)


def test_only_an_owner_begins_one(world: World, channels: list[Channel]) -> None:
    with pytest.raises(NotAllowed):
        cycles.start(
            {"name": "Mine"}, channels={channels[0]: "primary"}, seat=world.seat("ben"), at=NOON
        )


def test_the_mix_follows_the_phase_of_the_week(world: World, channels: list[Channel]) -> None:
    cycle = begin(world, channels[:3])
    rules = [mix.Rule(mix.Counts.PROVEN, at_least=70, phase=3)]

    assert phase_of(cycle, START + timedelta(days=42)) == 3
    assert phase_of(cycle, START - timedelta(days=28)) is None
    assert mix.read(rules, [], [], [], phase=1) == []


def test_every_page_tells_the_day(world: World, channels: list[Channel], client: Client) -> None:
    cycle = begin(world, channels[:3])
    Cycle.objects.filter(pk=cycle.pk).update(
        starts_on=cycles.today_in(world.workspace, timezone.now()) - timedelta(days=22)
    )
    client.force_login(world.ann)

    answer = client.get(f"/w/{world.workspace.slug}/settings/")

    place = answer.context["cycle_place"]
    assert (place.day, place.days, place.phase) == (23, 90, 2)
    assert "day 23 of 90 · phase 2" in answer.content.decode()
