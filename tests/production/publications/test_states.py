"""What may follow what in the life of a publication."""

from __future__ import annotations

import pytest

from production.models import Publication
from production.publications import states
from production.publications.states import Act, NotFromHere, after, allowed

STATES = set(Publication.State.values)


def test_the_table_speaks_of_the_states_that_are_stored():
    assert {state for state, _act in states.TABLE} | set(states.TABLE.values()) == STATES


def test_the_common_way():
    state = states.DRAFT
    for act in (
        *(Act.ASK_REVIEW, Act.MAKE_READY, Act.LEASE),
        *(Act.SCHEDULED, Act.PUBLISHING, Act.PUBLISHED, Act.REMOVED),
    ):
        state = after(state, act)

    assert state == states.REMOVED


def test_only_what_is_ready_can_be_claimed():
    assert {state for state in STATES if Act.LEASE in allowed(state)} == {states.READY}


def test_what_is_unconfirmed_is_ready_again_only_when_somebody_has_looked():
    acts = {act for act in allowed(states.UNCONFIRMED) if after(states.UNCONFIRMED, act) == "ready"}

    assert acts == {Act.NOT_OUT}


def test_nothing_brings_back_what_is_out_but_its_removal():
    assert {after(states.PUBLISHED, act) for act in allowed(states.PUBLISHED)} == {"removed"}


@pytest.mark.parametrize("state", ["draft", "in_review", "ready", "leased", "scheduled"])
def test_before_it_is_being_published_it_can_be_held_and_cancelled(state):
    assert {Act.HOLD, Act.CANCEL} <= allowed(state)


@pytest.mark.parametrize("state", ["publishing", "published", "unconfirmed", "removed"])
def test_from_then_on_it_cannot(state):
    assert not {Act.HOLD, Act.CANCEL} & allowed(state)


def test_an_edit_takes_ready_back_and_leaves_what_a_tool_has():
    assert after(states.READY, Act.EDIT) == states.DRAFT
    assert {after(state, Act.EDIT) for state in states.HANDED_OVER} == states.HANDED_OVER


def test_an_act_out_of_place_says_so():
    with pytest.raises(NotFromHere, match="lease cannot follow draft"):
        after(states.DRAFT, Act.LEASE)


def test_every_way_that_ends_can_end_published():
    """Whatever state it is in, a report that it is out can be taken in, except when it is out."""
    assert {state for state in STATES if Act.PUBLISHED not in allowed(state)} == {
        "published",
        "removed",
    }
