"""Sixteen people at one board: nothing is lost, nobody ties, everybody sees the same order."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.races import crowd
from tests.races.crowd import Race, racing

CARDS, LIMIT = 60, 14
ENOUGH = 0.75  # of what is asked must be acknowledged, the rest refused by the board's rules


def race(moves: int, **environment: str) -> Race:
    with racing(**environment) as house:
        return crowd.run(house, clients=16, moves=moves, cards=CARDS, limit=LIMIT)


def assert_all_is_well(found: Race) -> None:
    assert found.wrongs == [], (found.codes, found.verdict["differences"][:5])
    assert found.verdict["cards"] == CARDS
    assert found.verdict["most_in_edit"] == LIMIT  # reached, or it proves nothing; not exceeded
    assert found.acknowledged >= ENOUGH * found.asked, found.codes


def test_sixteen_clients_move_cards_on_one_board() -> None:
    found = race(40)

    assert found.asked == 16 * 40
    assert_all_is_well(found)


def test_without_the_lock_the_same_goes_wrong() -> None:
    """The twin: it shows that the test above would notice."""
    if connection.vendor == "postgresql":
        switched_off = {"FAULT_POINTS": "no-board-lock,board-locked=sleep:0.01"}
    else:  # there the lock is the one writer, taken when the transaction begins
        switched_off = {"TRANSACTION_MODE": "DEFERRED", "FAULT_POINTS": "board-locked=sleep:0.01"}

    found = race(40, **switched_off)

    assert found.acknowledged > 50, found.codes
    exceeded = found.verdict["most_in_edit"] > LIMIT
    assert found.wrongs or exceeded or found.acknowledged < ENOUGH * found.asked


@pytest.mark.soak
def test_sixteen_clients_make_eight_thousand_moves() -> None:
    found = race(500)

    assert found.asked == 8_000
    assert found.acknowledged >= 6_000
    assert_all_is_well(found)
