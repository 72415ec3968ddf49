"""The register of experiments: planned, run, decided; the log says so."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from experiments import register, results, snapshots
from experiments.models import Experiment, Snapshot, VariantDay
from experiments.results import Line
from production import slots, walltime
from production.errors import Invalid, NotAllowed, Refused
from production.models import Channel, Event, KpiDefinition
from tests.people import NOON, World

MONDAY = date(2026, 3, 16)
HOOKS = ({"text": "Stock music bingo"}, {"text": "How many have you used?"})


def plan(world: World, *variants: dict, by: str = "ben", **values: object) -> Experiment:
    """An experiment on hooks, planned for the week of the test's Monday."""
    kpi = KpiDefinition.objects.filter(workspace=world.workspace).first()
    wish = {"title": "Hook", "variable": "hook", "kpi": kpi, "allocation": "platform_split"}
    return register.create(
        wish | {"week": MONDAY} | values, variants or HOOKS, seat=world.seat(by), at=NOON
    )


def running(world: World, **values: object) -> Experiment:
    experiment = plan(world, **values)
    return register.start(experiment, seat=world.seat("ben"), at=NOON)


def lines(days: int, a: tuple[float, float], b: tuple[float, float]) -> list[Line]:
    """The same exposures and events each day."""
    return [
        Line(letter, MONDAY + timedelta(days=n), *numbers)
        for n in range(days)
        for letter, numbers in (("A", a), ("B", b))
    ]


def put(world: World, experiment: Experiment, found: list[Line], days: int = 30):
    at = NOON + timedelta(days=days)
    seat, origin = world.seat("ben"), VariantDay.Origin.PUSHED
    return results.record(experiment, found, seat=seat, at=at, origin=origin)


def test_ben_plans_an_experiment_and_the_log_says_so(world):
    experiment = plan(world, hypothesis="A question holds better")

    event = Event.objects.get(type="experiment.created")
    assert experiment.key == "EXP-1"
    assert [each.label for each in experiment.variants.all()] == ["A", "B"]
    assert experiment.ends_on == MONDAY + timedelta(days=13)
    assert event.subject == experiment.public_id
    assert event.data["grade"] == "R1"


def test_kim_only_looks(world):
    with pytest.raises(NotAllowed):
        plan(world, by="kim")


def test_a_second_variable_is_refused(world):
    with pytest.raises(Invalid) as refused:
        plan(
            world,
            {"text": "A", "attributes": {"hook_type": "claim", "length_seconds": 30}},
            {"text": "B", "attributes": {"hook_type": "question", "length_seconds": 22}},
        )

    assert refused.value.errors["variants"][0][0] == "second_variable"
    assert not Experiment.objects.exists()


def test_one_variant_is_none_and_eleven_are_too_many(world):
    for count in (1, 11):
        with pytest.raises(Invalid):
            plan(world, *({"text": str(n)} for n in range(count)))


def test_a_third_in_a_week_is_planned_and_said(world):
    first, second, third = plan(world), plan(world), plan(world)

    assert [register.is_over_full(each) for each in (first, second, third)] == [False, False, True]

    register.cancel(first, reason="no shoot", seat=world.seat("ben"), at=NOON)
    assert not register.is_over_full(third)


def test_once_it_runs_its_variants_stay(world):
    experiment, ben = running(world), world.seat("ben")

    with pytest.raises(Refused):
        register.edit(experiment, {}, seat=ben, at=NOON, variants=[{"text": "x"}, {"text": "y"}])
    edited = register.edit(experiment, {"title": "Hook of #4"}, seat=ben, at=NOON)

    assert edited.title == "Hook of #4"
    assert [each.text for each in edited.variants.all()] == [each["text"] for each in HOOKS]


def test_the_same_results_again_change_nothing(world):
    experiment, found = running(world), lines(3, (1000, 6), (1000, 9))

    first = put(world, experiment, found)
    events = Event.objects.count()
    again = put(world, experiment, found)

    assert {each.status for each in first} == {"accepted"}
    assert {each.status for each in again} == {"unchanged"}
    assert VariantDay.objects.count() == 6
    assert Event.objects.count() == events


def test_a_bad_line_sinks_no_other(world):
    experiment = running(world)

    told = put(
        world,
        experiment,
        [
            Line("A", MONDAY, 1000, 6),
            Line("Q", MONDAY, 1000, 6),
            Line("B", MONDAY, 0, 6),
            Line("B", MONDAY, float("nan"), 6),
            Line("B", MONDAY, 900, 6, kpi="nothing"),
            Line("B", date(2031, 1, 1), 900, 6),
        ],
    )

    assert [each.code for each in told] == [
        "", "unknown_variant", "without_exposures", "not_a_number", "unknown_kpi",
        "day_out_of_range",
    ]  # fmt: skip


def test_before_the_gate_a_snapshot_says_too_early(world):
    experiment = running(world)
    put(world, experiment, lines(4, (1000, 4), (1000, 4)))

    snapshot = snapshots.take(experiment, at=NOON)

    assert snapshot.verdict == "too_early"
    assert snapshots.take(experiment, at=NOON) is None  # nothing is new


def test_a_clear_difference_is_repeated_and_stays_so(world):
    experiment = running(world)
    put(world, experiment, lines(10, (2000, 12), (2000, 30)))
    first = snapshots.take(experiment, at=NOON)
    put(world, experiment, [Line(x, MONDAY + timedelta(days=10), 2000, 15) for x in "AB"])
    second = snapshots.take(experiment, at=NOON + timedelta(days=1))
    put(world, experiment, [Line("A", MONDAY, 2100, 12)])
    third = snapshots.take(experiment, at=NOON + timedelta(days=2))

    assert [each.verdict for each in (first, second, third)] == ["repeat"] * 3
    assert [each.reason for each in (first, second, third)] == ["first", "new_data", "late_data"]
    assert first.analysis["best"] == "B"
    assert len(first.analysis["by_day"]["B"]) == 10
    assert Event.objects.filter(type="experiment.verdict").count() == 1


def test_a_broken_split_withholds_the_result(world):
    experiment = running(world)
    put(world, experiment, lines(10, (2000, 12), (1200, 30)))

    snapshot = snapshots.take(experiment, at=NOON)

    assert snapshot.verdict == "invalid"
    assert snapshot.analysis["srm"]["flagged"]


def test_what_does_not_count_is_said_with_its_reason(world):
    experiment = running(world)
    put(world, experiment, lines(10, (2000, 12), (2000, 30)))
    snapshots.take(experiment, at=NOON)

    reason = "The caption was edited"
    register.discount(experiment, reason=reason, seat=world.seat("ben"), at=NOON)
    second = snapshots.take(experiment, at=NOON)
    register.discount(experiment, reason="", seat=world.seat("ben"), at=NOON)
    third = snapshots.take(experiment, at=NOON)

    assert (second.verdict, second.reason) == ("invalid", "manual")
    assert (third.verdict, third.reason) == ("repeat", "manual")


def test_ben_decides_with_the_numbers_and_only_ann_against_them(world):
    experiment = running(world)
    put(world, experiment, lines(10, (2000, 12), (2000, 30)))
    snapshots.take(experiment, at=NOON)
    ben, ann = world.seat("ben"), world.seat("ann")

    with pytest.raises(Refused):
        register.decide(experiment, "drop", reason="I do not like it", seat=ben, at=NOON)
    with pytest.raises(Invalid):
        register.decide(experiment, "repeat", reason=" ", seat=ben, at=NOON)
    decided = register.decide(experiment, "drop", reason="Brand", seat=ann, at=NOON)

    event = Event.objects.get(type="experiment.decided")
    assert decided.state == "decided"
    assert decided.overridden
    assert event.data["verdict"] == "repeat"
    assert event.data["best"] == "B"


def test_the_log_wakes_the_snapshots_and_the_planned_end_ends(world):
    experiment = running(world)
    put(world, experiment, lines(10, (2000, 12), (2000, 13)))

    assert world.workspace in snapshots.behind()
    snapshots.follow(world.workspace, at=NOON)
    later = NOON + timedelta(days=20)
    snapshots.end_what_is_due(at=later)
    snapshots.follow(world.workspace, at=later)

    experiment.refresh_from_db()
    assert experiment.state == "ended"
    assert [each.verdict for each in Snapshot.objects.order_by("number")][-1] in (
        "improve",
        "no_difference",
    )
    assert snapshots.follow(world.workspace, at=later) == 0


def test_slots_are_drawn_before_it_starts_and_only_once(world):
    channel, ben = Channel.objects.get(workspace=world.workspace), world.seat("ben")
    for day in range(1, 11):
        when = walltime.resolve(f"2026-03-{16 + day}T18:00", "Europe/Helsinki")
        slots.add(channel, when, {}, seat=ben, at=NOON)
    experiment = plan(world, channel=channel, allocation="random_slots")

    with pytest.raises(Refused):
        register.start(experiment, seat=ben, at=NOON)
    drawn = register.draw(experiment, seat=ben, at=NOON, seed="march")
    with pytest.raises(Refused):
        register.draw(experiment, seat=ben, at=NOON)
    started = register.start(experiment, seat=ben, at=NOON)

    by_week = Counter((each.block, each.variant.label) for each in drawn)
    assert len(drawn) == 10
    for week in {each.block for each in drawn}:
        assert abs(by_week[week, "A"] - by_week[week, "B"]) <= 1
    assert started.state == "running"
    assert Event.objects.get(type="experiment.drawn").data["seed"] == "march"
