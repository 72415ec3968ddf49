"""Where the time of Ann's cards went, stage by stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import flow
from production.flow import Period, Spent, Split, StageTime, Traffic
from tests.production.flow.cards import HELSINKI, HOUR, at, board, deliveries, path, walks

NOTHING = timedelta(0)


def hours(active: float, waiting: float = 0, blocked: float = 0) -> Split:
    return Split(active * HOUR, waiting * HOUR, blocked * HOUR)


def times(*stages: tuple[str, float, float]) -> list[StageTime]:
    return [StageTime(stage, time * HOUR, blocked * HOUR) for stage, time, blocked in stages]


def ten_cards() -> tuple[list[flow.Delivery], dict[str, list[StageTime]]]:
    """Lead times of 10, 20 … 100 hours: a tenth an idea, half edit (a fifth of it blocked)."""
    cards = deliveries(*range(10, 101, 10))
    spent = {}
    for card in cards:
        lead = card.lead / HOUR
        spent[card.id] = times(
            ("idea", lead / 10, 0), ("edit", lead / 2, lead / 10), ("ready", lead * 4 / 10, 1)
        )
    return cards, spent


def test_the_median_is_a_real_card_and_the_slow_fifth_says_how_many_it_is():
    cards, spent = ten_cards()

    said = flow.where(cards, spent, waiting={"ready"})

    assert said.median.lead == 50 * HOUR
    assert said.of_median.stages == {
        "idea": hours(5),
        "edit": hours(20, blocked=5),
        "ready": hours(0, waiting=20),
    }
    assert [card.lead for card in said.slow] == [80 * HOUR, 90 * HOUR, 100 * HOUR]
    assert said.of_slow.n == 3
    assert said.of_slow.mean("edit") == hours(36, blocked=9)
    assert said.of_slow.mean("script") == hours(0)


def test_cards_as_slow_as_the_eightieth_percentile_are_all_slow():
    cards = deliveries(10, 50, 50, 50, 50)

    assert len(flow.where(cards, {}, waiting=()).slow) == 4


def test_of_four_cards_or_of_cards_without_history_nothing_is_said():
    assert flow.where(deliveries(1, 2, 3, 4, None), {}, waiting=()) is None


def test_the_bottleneck_is_the_stage_that_took_most_of_the_time():
    cards, spent = ten_cards()

    found = flow.where(cards, spent, waiting={"ready"}).bottleneck

    assert (found.stage, found.n) == ("edit", 10)
    assert found.share == pytest.approx(0.5)
    assert found.split == hours(220, blocked=55)


def test_of_too_few_cards_or_no_time_there_is_no_bottleneck():
    few = flow.spent(times(("edit", 5, 0)), 4, waiting=())

    assert flow.bottleneck(few) is None
    assert flow.bottleneck(Spent(9, {"edit": hours(0)})) is None


def test_of_two_equal_stages_the_first_is_the_bottleneck():
    both = flow.spent(times(("script", 5, 0), ("edit", 5, 0)), 5, waiting=())

    assert flow.bottleneck(both).stage == "script"


def test_blocked_in_a_stage_that_waits_is_waiting_and_never_more_than_the_stay():
    found = flow.spent(times(("ready", 5, 3), ("edit", 5, 8)), 1, waiting={"ready"})

    assert found.stages == {"ready": hours(0, waiting=5), "edit": hours(0, blocked=5)}


def test_the_efficiency_of_a_set_divides_the_sums():
    found = flow.spent(times(("edit", 60, 15), ("ready", 40, 0)), 5, waiting={"ready"})

    assert flow.efficiency(found, waiting={"ready"}) == pytest.approx(0.45)


def test_there_is_no_efficiency_without_a_stage_that_waits_of_few_or_of_nothing():
    found = flow.spent(times(("edit", 60, 15)), 5, waiting=())

    assert flow.efficiency(found, waiting=()) is None
    assert flow.efficiency(replace(found, n=4), waiting={"ready"}) is None
    assert flow.efficiency(Spent(5, {}), waiting={"ready"}) is None


stays = st.lists(
    st.tuples(
        st.sampled_from(["script", "edit", "ready"]), st.integers(0, 10**9), st.integers(0, 10**9)
    ),
    max_size=12,
)


@given(st.lists(stays, min_size=5, max_size=20))
def test_the_parts_add_up_to_the_lead_times_exactly(cards):
    spent, out = {}, []
    for number, own in enumerate(cards):
        spent[f"itm_{number}"] = [
            StageTime(stage, timedelta(microseconds=time), timedelta(microseconds=blocked))
            for stage, time, blocked in own
        ]
        lead = sum((each.time for each in spent[f"itm_{number}"]), NOTHING)
        out.append(flow.Delivery(f"itm_{number}", f"VID-{number}", at(0), lead))

    said = flow.where(out, spent, waiting={"ready"})

    assert said.all.total.length == sum((card.lead for card in out), NOTHING)
    assert said.of_median.total.length == said.median.lead
    assert said.of_slow.total.length == sum((card.lead for card in said.slow), NOTHING)
    assert len(said.slow) * 5 >= len(out)
    if said.all.total.length:
        assert sum(said.all.share(stage) for stage in said.all.stages) == pytest.approx(1)


# Arrivals and departures


WEEKS = Period(date(2026, 11, 9), date(2026, 11, 29), HELSINKI)


def test_a_stage_counts_who_came_and_who_left_each_week():
    cards = path("a", (1, "edit"), (200, "publish")) + path("b", (2, "edit"))

    assert flow.traffic(cards, "stg_edit", WEEKS) == [
        Traffic(date(2026, 11, 9), 0, 0),
        Traffic(date(2026, 11, 16), 2, 0),
        Traffic(date(2026, 11, 23), 0, 1),
    ]
    assert flow.traffic(cards, "stg_edit", WEEKS)[1].net == 2


def test_to_be_published_in_a_stage_is_neither_to_come_nor_to_leave():
    came, publish = path("a", (1, "publish"))
    cut = [
        came,
        replace(publish, left_at=at(9), blocked=HOUR),
        replace(publish, entered_at=at(9), after_publication=True),
    ]

    assert [t.arrivals for t in flow.traffic(cut, "stg_publish", WEEKS)] == [0, 1, 0]
    assert [t.departures for t in flow.traffic(cut, "stg_publish", WEEKS)] == [0, 0, 0]
    assert flow.visits_of(cut)[1] == replace(publish, blocked=HOUR)


def test_to_be_archived_is_to_leave_and_to_be_restored_is_to_come():
    came, edit = path("a", (1, "edit"))
    put_away = [
        came,
        replace(edit, left_at=at(170)),
        replace(edit, entered_at=at(170), left_at=at(180), archived=True),
        replace(edit, entered_at=at(180)),
    ]

    found = flow.traffic(put_away, "stg_edit", WEEKS)

    assert [(t.arrivals, t.departures) for t in found] == [(0, 0), (1, 0), (1, 1)]


@given(walks, st.sampled_from(flow.KINDS[1:]))
def test_arrivals_less_departures_are_what_stands_there_in_the_end(walked, kind):
    pieces = [piece for own, _ in board(walked) for piece in own]
    whole = Period(date(2026, 11, 16), date(2027, 6, 1), HELSINKI)

    net = sum(week.net for week in flow.traffic(pieces, f"stg_{kind}", whole))

    assert net == sum(p.left_at is None and p.kind == kind for p in pieces)
