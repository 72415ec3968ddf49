"""What a set of published cards says: headline, trend, throughput, promise, rework."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import flow
from production.flow import Day, Period, Stamps
from tests.production.flow.cards import DAY, HELSINKI, HOUR, MONDAY, at, deliveries, delivery

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22), HELSINKI)


# The headline


def test_the_headline_names_real_items_that_can_be_opened():
    said = flow.figures(deliveries(20, 40, 60, 70, 72, 80, 90), 72 * HOUR)

    assert (said.n, said.hits, said.no_history) == (7, 5, 0)
    assert (said.p50.key, said.p50.lead) == ("VID-4", 70 * HOUR)
    assert (said.p85.key, said.p85.lead) == ("VID-6", 80 * HOUR)
    assert said.within == flow.Share(5, 7)
    assert said.mean == timedelta(hours=432) / 7


def test_four_items_are_counted_and_say_nothing_else():
    said = flow.figures(deliveries(20, 40, 60, 70))

    assert said.too_few
    assert (said.n, said.hits) == (4, 4)
    assert (said.within, said.p50, said.p85, said.mean) == (None, None, None, None)


def test_an_item_without_history_is_counted_beside_and_in_no_percentile():
    said = flow.figures(deliveries(None, 10, 20, 30, 40, 50))

    assert (said.n, said.no_history, said.p50.lead) == (5, 1, 30 * HOUR)


def test_the_figures_are_those_of_the_promise():
    leads = [20, 41, 60, 70, 72, 80, 90, 100]
    out = [MONDAY - n * HOUR for n in range(len(leads))]
    cards = [
        Stamps(idea_at=o - lead * HOUR, stage_entered_at=o, published_at=o)
        for lead, o in zip(leads, out, strict=True)
    ]
    said = flow.figures([flow.delivery(str(n), f"VID-{n}", card) for n, card in enumerate(cards)])
    promise = flow.promise(cards, MONDAY)

    assert (said.p50.lead, said.p85.lead) == (promise.p50, promise.p85)
    assert said.within.value == promise.within_target


def test_of_equal_items_the_percentile_is_always_the_same_one():
    same = deliveries(*[50] * 9)

    assert flow.figures(same).p50 == flow.figures(same[::-1]).p50


def test_what_is_not_out_is_no_delivery():
    assert flow.delivery("itm_1", "VID-1", Stamps(MONDAY, MONDAY)) is None


def test_a_workspace_may_start_its_clock_at_the_commitment():
    card = delivery("VID-1", 80, cycle=50).from_commitment()

    assert (card.lead, card.cycle) == (50 * HOUR, 50 * HOUR)
    assert delivery("VID-2", 80).from_commitment().lead is None


def test_a_rank_outside_the_items_is_an_error():
    with pytest.raises(ValueError, match="no items"):
        flow.at_rank([], 0.5)
    with pytest.raises(ValueError, match="a share lies"):
        flow.at_rank(deliveries(5), 0)


@given(st.lists(st.integers(1, 10**6), min_size=5, max_size=60), st.randoms())
def test_the_figures_do_not_depend_on_the_order_and_agree_with_the_percentile(leads, random):
    cards = deliveries(*leads)
    shuffled = random.sample(cards, len(cards))
    said = flow.figures(shuffled, 72 * HOUR)

    assert said == flow.figures(cards, 72 * HOUR)
    assert {said.p50, said.p85} <= set(cards)
    assert said.p85.lead == flow.percentile([card.lead for card in cards], 0.85)
    assert said.p50.lead <= said.p85.lead
    assert said.hits == sum(lead <= 72 for lead in leads)


# Against the period before


def test_the_change_is_now_less_before():
    said = flow.compared(deliveries(10, 20, 30, 40, 50), deliveries(30, 40, 50, 80, 90), 72 * HOUR)

    assert (said.p50_change, said.p85_change) == (-20 * HOUR, -40 * HOUR)
    assert said.share_change == pytest.approx(0.4)


def test_there_is_no_change_from_too_few():
    said = flow.compared(deliveries(10, 20, 30, 40, 50), deliveries(30, 40))

    assert (said.p50_change, said.p85_change, said.share_change) == (None, None, None)


# By ISO week


def test_every_week_of_the_period_is_there_and_a_week_of_few_says_so():
    cards = [delivery(f"VID-{n}", 10 * n, out=n) for n in range(1, 7)]
    cards += [delivery("VID-9", 500, out=-24)]
    period = Period(date(2026, 11, 2), date(2026, 11, 24), HELSINKI)

    weeks = flow.trend(cards, period)

    assert [(w.year, w.number, w.figures.n) for w in weeks] == [
        (2026, 45, 0),
        (2026, 46, 1),
        (2026, 47, 6),
        (2026, 48, 0),
    ]
    assert [w.figures.too_few for w in weeks] == [True, True, False, True]
    assert [w.whole for w in weeks] == [True, True, True, False]
    assert weeks[2].figures.p50.key == "VID-3"
    assert weeks[1].items == (cards[-1],)


def test_a_publication_late_on_sunday_belongs_to_the_week_of_its_place():
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    card = flow.Delivery("itm_1", "VID-1", late, HOUR)
    both = date(2026, 11, 16), date(2026, 11, 29)

    assert [w.figures.n for w in flow.trend([card], Period(*both, UTC))] == [1, 0]
    assert [w.figures.n for w in flow.trend([card], Period(*both, HELSINKI))] == [0, 1]


def test_the_week_of_new_year_has_the_year_of_its_thursday():
    period = Period(date(2027, 1, 1), date(2027, 1, 1), HELSINKI)

    assert [(w.year, w.number) for w in flow.trend([], period)] == [(2026, 53)]


@given(st.lists(st.integers(-24 * 60, 24 * 60), max_size=40))
def test_the_weeks_together_hold_every_item_of_the_period_once(hours):
    cards = [delivery(f"VID-{n}", 10, out=out) for n, out in enumerate(hours)]
    period = Period(date(2026, 10, 28), date(2026, 12, 3), HELSINKI)

    held = [card for week in flow.trend(cards, period) for card in week.items]

    assert sorted(c.id for c in held) == sorted(c.id for c in cards if c.published_at in period)


# Throughput


def test_days_on_which_nothing_came_out_are_days_too():
    said = flow.throughput([at(1), at(2), at(49)], WEEK)

    assert said.counts == (2, 0, 1, 0, 0, 0, 0)
    assert (said.n, said.zero_days) == (3, 5)
    assert said.per_day == 3 / 7
    assert said.days[2] == Day(date(2026, 11, 18), 1)


def test_the_hour_that_comes_twice_belongs_to_one_day():
    day = Period(date(2026, 10, 25), date(2026, 10, 25), HELSINKI)
    twice = [datetime(2026, 10, 25, 3, 30, tzinfo=HELSINKI, fold=fold) for fold in (0, 1)]

    assert flow.throughput(twice, day).counts == (2,)


def test_what_a_database_counted_is_filled_up_with_zeros():
    assert flow.filled({date(2026, 11, 17): 3, date(2020, 1, 1): 9}, WEEK).counts == (
        *(0, 3),
        *[0] * 5,
    )


def test_the_sums_by_week_stand_under_their_mondays():
    period = Period(date(2026, 11, 15), date(2026, 11, 23), HELSINKI)
    days = flow.throughput([at(-1), at(1), at(2), at(7 * 24)], period).days

    assert flow.per_week(days) == [
        Day(date(2026, 11, 9), 1),
        Day(date(2026, 11, 16), 2),
        Day(date(2026, 11, 23), 1),
    ]


@given(st.lists(st.integers(-100, 400)), st.sampled_from(["Europe/Helsinki", "America/St_Johns"]))
def test_every_publication_of_the_period_is_on_one_of_its_days(hours, zone):
    period = Period(WEEK.start, WEEK.end, ZoneInfo(zone))
    moments = [at(h) for h in hours]

    assert flow.throughput(moments, period).n == sum(m in period for m in moments)


# The promise and how often it was kept


def test_the_promise_is_the_time_within_which_the_share_came_out():
    said = flow.sle(deliveries(20, 40, 60, 70, 72, 80, 90))

    assert (said.within, said.own, said.n) == (80 * HOUR, False, 7)
    assert said.hit == flow.Share(6, 7)
    assert [miss.key for miss in said.misses] == ["VID-7"]
    assert said.is_kept


def test_a_team_may_promise_its_own_hours_and_sees_whether_it_kept_them():
    said = flow.sle(deliveries(20, 40, 60, 70, 72, 80, 90), own=72 * HOUR)

    assert (said.within, said.own) == (72 * HOUR, True)
    assert said.hit == flow.Share(5, 7)
    assert said.is_kept is False


def test_too_few_items_promise_nothing_but_the_teams_own_hours_stand():
    assert flow.sle(deliveries(1, 2)).within is None
    assert flow.sle(deliveries(1, 2), own=72 * HOUR).within == 72 * HOUR
    assert flow.sle(deliveries(1, 2), own=72 * HOUR).is_kept is None


@given(st.lists(st.integers(1, 1000), min_size=5), st.integers(1, 100))
def test_a_promise_taken_from_the_items_is_always_kept_by_them(leads, hundredths):
    said = flow.sle(deliveries(*leads), share=hundredths / 100)

    assert said.is_kept
    assert said.hit.n == len(leads)


# Rework


def test_rework_counts_items_and_moves():
    said = flow.rework([flow.Backwards(*row) for row in (("a", 0, 0), ("b", 3, 1), ("c", 1, 0))])

    assert (said.n, said.reworked, said.reopened, said.moves_back) == (3, ("b", "c"), ("b",), 4)
    assert said.share is None


def test_of_five_items_the_share_that_went_back_is_said():
    said = flow.rework([flow.Backwards(str(n), n == 2, 0) for n in range(5)])

    assert said.share == flow.Share(1, 5)


# Will it miss?


@pytest.mark.parametrize(
    ("gone", "ahead", "misses"),
    [(10, [HOUR], False), (70, [HOUR], False), (71.5, [HOUR], True), (73, [], True)]
    + [(10, [None], False), (10, [None, 3 * DAY], True)],
)
def test_a_card_will_miss_when_the_stages_ahead_do_not_fit_or_it_is_past(gone, ahead, misses):
    card = Stamps(idea_at=MONDAY, stage_entered_at=MONDAY, committed_at=MONDAY)

    assert flow.countdown(card, "edit", at(gone), ahead=ahead).will_miss is misses
