"""The cumulative flow diagram is a replay: it says what stood where when each day ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given

from production import flow
from production.flow import OUT, Day, Period, Piece
from tests.production.flow.cards import HELSINKI, at, board, path, walks

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22), HELSINKI)
LADDER = ("idea", "script", "shoot", "edit", "publish", OUT)


def reached(pieces: list[Piece], rung: str) -> list[int]:
    return [day.reached[LADDER.index(rung)] for day in flow.cfd(pieces, WEEK)]


def test_a_card_counts_on_its_rung_and_on_those_below_at_the_end_of_each_day():
    card = path("a", (30, "script"), (54, "edit"))

    assert flow.LADDER == LADDER
    assert reached(card, "idea") == [1, 1, 1, 1, 1, 1, 1]
    assert reached(card, "script") == [0, 1, 1, 1, 1, 1, 1]
    assert reached(card, "edit") == [0, 0, 1, 1, 1, 1, 1]
    assert reached(card, "publish") == [0] * 7


def test_a_stage_that_is_skipped_counts_as_passed_when_the_later_one_is_entered():
    assert reached(path("a", (30, "publish")), "shoot") == [0, 1, 1, 1, 1, 1, 1]


def test_a_card_that_goes_back_is_no_longer_that_far():
    card = path("a", (1, "edit"), (50, "script"))

    assert reached(card, "edit") == [1, 1, 0, 0, 0, 0, 0]
    assert reached(card, "script") == [1] * 7


def test_what_is_out_stays_out_also_when_it_goes_back_or_is_archived():
    card = path("a", (1, "learn"), (50, "edit"))
    put_away = [*card[:-1], replace(card[-1], archived=True)]

    assert reached(card, OUT) == [1] * 7
    assert reached(put_away, OUT) == [1] * 7


def test_what_is_archived_before_it_is_out_leaves():
    stay, away = path("a", (30, "script"), (60, "script"))[1:]
    card = [*path("a", (30, "script"))[:1], stay, replace(away, archived=True)]

    assert reached(card, "script") == [0, 1, 0, 0, 0, 0, 0]
    assert reached(card, "idea") == [1, 1, 0, 0, 0, 0, 0]


def test_a_stay_of_minutes_within_a_day_is_at_no_day_end():
    assert reached(path("a", (1, "edit"), (2, "script")), "edit") == [0] * 7


def test_what_stood_there_before_the_period_is_where_it_begins():
    later = Period(date(2026, 11, 20), date(2026, 11, 21), HELSINKI)

    assert [d.reached for d in flow.cfd(path("a", (1, "edit")), later)] == [(1, 1, 1, 1, 0, 0)] * 2


def test_the_rungs_may_be_the_stages_of_a_board():
    ladder = ("stg_idea", "stg_edit", "stg_publish", OUT)
    days = flow.cfd(path("a", (30, "edit"), (60, "learn")), WEEK, ladder)

    assert [day.reached for day in days[:3]] == [(1, 0, 0, 0), (1, 1, 0, 0), (1, 1, 1, 1)]


def test_a_stage_that_is_on_no_rung_is_an_error():
    with pytest.raises(ValueError, match=r"'stg_edit'.*is not on the ladder"):
        flow.cfd(path("a", (1, "edit")), WEEK, ("stg_idea", OUT))


def test_the_diagram_may_be_made_of_counted_changes():
    changes = [(date(2026, 11, 1), 0, 5), (date(2026, 11, 17), 0, -2), (date(2026, 11, 17), 1, 2)]
    changes += [(date(2027, 1, 1), 1, 100)]

    days = flow.cumulative(changes, WEEK, 2)

    assert [day.reached for day in days] == [(5, 0)] + [(5, 2)] * 6


@given(walks)
def test_the_differences_of_the_top_are_the_throughput(walked):
    cards = board(walked)
    pieces = [piece for own, _ in cards for piece in own]
    out = [stamps.published_at for _, stamps in cards if stamps.published_at]
    period = Period(date(2026, 11, 15), date(2026, 12, 20), HELSINKI)

    top = [day.reached[-1] for day in flow.cfd(pieces, period)]

    assert tuple(b - a for a, b in pairwise(top)) == flow.throughput(out, period).counts[1:]


@given(walks)
def test_no_rung_ever_holds_more_than_the_one_below_and_all_cards_are_on_the_ground(walked):
    pieces = [piece for own, _ in board(walked) for piece in own]

    for day in flow.cfd(pieces, WEEK):
        assert list(day.reached) == sorted(day.reached, reverse=True)
        assert day.reached[0] == len(walked)


# Work in progress over time


def test_work_in_progress_is_committed_and_not_out():
    card = path("a", (30, "script"), (60, "idea"), (80, "publish"), (104, "learn"))

    assert [day.n for day in flow.wip(card, WEEK)] == [0, 1, 1, 1, 0, 0, 0]


def test_an_archived_card_is_no_work_in_progress_until_it_is_restored():
    first, stay, away, back = path("a", (10, "edit"), (30, "edit"), (80, "edit"))
    card = [first, stay, replace(away, archived=True), back]

    assert [day.n for day in flow.wip(card, WEEK)] == [1, 0, 0, 1, 1, 1, 1]


def test_the_spells_may_come_from_the_stamps():
    assert flow.wip_of([(at(1), at(26)), (at(3), None)], WEEK)[:3] == [
        Day(date(2026, 11, 16), 2),
        Day(date(2026, 11, 17), 1),
        Day(date(2026, 11, 18), 1),
    ]


def test_coming_back_from_learning_where_it_was_created_is_no_commitment():
    assert flow.progress_of(path("a", (5, "edit"), first="learn")) == []
    assert flow.progress_of([]) == []


@given(walks)
def test_work_in_progress_from_the_pieces_is_that_of_the_stamps(walked):
    cards = board(walked)
    pieces = [piece for own, _ in cards for piece in own]
    spells = [(s.committed_at, s.published_at) for _, s in cards if s.committed_at]

    assert flow.wip(pieces, WEEK) == flow.wip_of(spells, WEEK)


@given(walks)
def test_work_in_progress_at_a_day_end_is_what_the_single_cards_say(walked):
    cards = board(walked)
    days = flow.wip([piece for own, _ in cards for piece in own], WEEK)

    for day in days:
        end = Period(day.day, day.day, HELSINKI).ends
        standing = 0
        for _, stamps in cards:
            began = stamps.committed_at is not None and stamps.committed_at < end
            over = stamps.published_at is not None and stamps.published_at < end
            standing += began and not over
        assert day.n == standing
