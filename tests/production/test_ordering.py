"""Cards stay in the order in which people put them."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from production import ordering
from production.ordering import GAP, LARGEST, between, seat, spread


class Column:
    """A stage as a verb keeps it: cards with unique ranks."""

    def __init__(self) -> None:
        self.ranks: dict[str, int] = {}
        self.respreads = 0

    @property
    def cards(self) -> list[str]:
        return sorted(self.ranks, key=self.ranks.__getitem__)

    def put(self, card: str, index: int) -> None:
        self.ranks.pop(card, None)
        others = self.cards
        given = seat([self.ranks[c] for c in others], index)
        if given.others is not None:
            self.respreads += 1
            for other, rank in zip(others, given.others, strict=True):
                assert rank not in self.ranks.values()  # unique at every moment of the respread
                self.ranks[other] = rank
        assert given.rank not in self.ranks.values()
        self.ranks[card] = given.rank


def test_ten_thousand_drops_into_the_same_gap_never_tie_and_keep_the_order():
    ranks, respreads = [0, GAP], 0

    for _ in range(10_000):  # always directly under the top card
        given = seat(ranks, 1)
        if given.others is None:
            ranks.insert(1, given.rank)
            continue
        respreads += 1
        assert not set(given.others) & set(ranks)
        ranks = [given.others[0], given.rank, *given.others[1:]]

    assert len(ranks) == 10_002
    assert all(upper < lower for upper, lower in pairwise(ranks))
    assert respreads > 500  # a gap takes 16 drops: the respread is what was tested
    assert max(map(abs, ranks)) < LARGEST


def test_a_gap_takes_sixteen_drops_and_then_says_that_it_is_full():
    low, high, drops = 0, GAP, 0
    while (middle := between(low, high)) is not None:
        high, drops = middle, drops + 1

    assert drops == 16
    assert between(low, high) is None


@given(st.data())
def test_cards_stand_where_they_were_put(data):
    column, expected = Column(), []
    for number in range(data.draw(st.integers(1, 60))):
        index = data.draw(st.integers(0, min(number, 2)))  # crowd the top, to run out of room
        column.put(f"card {number}", index)
        expected.insert(index, f"card {number}")

    assert column.cards == expected


class DragAndDrop(RuleBasedStateMachine):
    """Random drops with a gap of two, so that respreads happen all the time."""

    def __init__(self) -> None:
        super().__init__()
        self.column, self.expected, self.made = Column(), [], 0

    @rule(where=st.floats(0, 1))
    def a_card_comes(self, where):
        self.made += 1
        index = round(where * len(self.expected))
        self.column.put(f"card {self.made}", index)
        self.expected.insert(index, f"card {self.made}")

    @rule(which=st.floats(0, 0.99), where=st.floats(0, 1))
    def a_card_moves(self, which, where):
        if not self.expected:
            return
        card = self.expected.pop(int(which * len(self.expected)))
        index = round(where * len(self.expected))
        self.column.put(card, index)
        self.expected.insert(index, card)

    @rule(which=st.floats(0, 0.99))
    def a_card_goes(self, which):
        if self.expected:
            del self.column.ranks[self.expected.pop(int(which * len(self.expected)))]

    @rule()
    def the_room_runs_out(self):
        """As after many drops: the same order without room between the cards."""
        self.column.ranks = {card: n for n, card in enumerate(self.column.cards)}

    @invariant()
    def the_order_is_as_asked(self):
        assert self.column.cards == self.expected
        assert len(set(self.column.ranks.values())) == len(self.expected)


TestDragAndDrop = DragAndDrop.TestCase


def test_ranks_do_not_wander_off_however_often_a_stage_is_spread():
    ranks = spread(100)
    for _ in range(1_000):
        ranks = spread(100, occupied=(ranks[0], ranks[-1]))

    assert max(map(abs, ranks)) <= 202 * GAP


def test_a_fresh_range_rises_with_room_and_touches_nothing_in_use():
    fresh = spread(5, occupied=(3, 9))

    assert all(b - a == GAP for a, b in pairwise(fresh))
    assert fresh[0] > 9 or fresh[-1] < 3


def test_the_ends_have_room_until_the_column_of_the_database_ends():
    assert between(None, None) == 0
    assert between(None, 5) == 5 - GAP
    assert between(5, None) == 5 + GAP
    assert between(LARGEST, None) is None
    assert between(None, -LARGEST) is None


def test_a_card_at_the_very_end_of_the_numbers_makes_the_others_move():
    given = seat([0, LARGEST], 2)

    assert given.others is not None
    assert max(given.others) < given.rank < 0


def test_no_room_on_either_side_is_an_error():
    with pytest.raises(OverflowError, match="no room for 2 ranks"):
        spread(2, occupied=(-LARGEST, LARGEST))


@pytest.mark.parametrize("ranks", [[1, 1], [2, 1], [1, 3, 3, 4]])
def test_ranks_that_tie_or_fall_are_an_error(ranks):
    with pytest.raises(ValueError, match="must rise"):
        seat(ranks, 0)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_place_outside_the_stage_is_an_error(index):
    with pytest.raises(IndexError, match="in a stage of 2 cards"):
        seat([1, 2], index)


# Anchors


def test_a_respread_keeps_clear_of_the_place_the_card_leaves():
    given = seat([0, 1, 2], 1, also_taken=[3 + GAP])

    assert given.others is not None
    assert not {given.rank, *given.others} & {0, 1, 2, 3 + GAP}
    assert min(given.rank, *given.others) > 3 + GAP or max(given.rank, *given.others) < 0


def test_random_traffic_on_one_board_keeps_everyone_in_order():
    rng, column, expected = random.Random(7), Column(), []
    for number in range(2_000):
        index = rng.randint(0, len(expected))
        column.put(str(number), index)
        expected.insert(index, str(number))
        if len(expected) > 40:
            gone = expected.pop(rng.randrange(len(expected)))
            del column.ranks[gone]

    assert column.cards == expected
    assert ordering.seat([column.ranks[c] for c in expected], 0).rank < column.ranks[expected[0]]
