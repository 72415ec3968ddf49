"""The mix of a week, from plain values."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import mix
from production.mix import Channel, Counts, Open, Piece, Rule, Stand

TIKTOK, YOUTUBE = Channel("chn_1", "TikTok", "primary"), Channel("chn_2", "YouTube", "support")
POSTS = Rule(Counts.POSTS, 4, 6, role="primary")
MONDAY = date(2026, 11, 23)


def piece(stand="planned", *traits, channel=TIKTOK):
    return Piece(Stand(stand), channel.id, channel.role, frozenset(map(Counts, traits)))


def test_pieces_of_a_primary_channel_are_counted_by_how_far_they_are():
    week = [piece("published"), piece("scheduled"), piece(), piece(), piece(channel=YOUTUBE)]

    [found] = mix.read([POSTS], [TIKTOK, YOUTUBE], week)

    assert (found.published, found.scheduled, found.planned) == (1, 1, 2)
    assert found.channel == TIKTOK
    assert not found.is_short
    assert not found.is_over


def test_a_rule_for_a_role_has_a_needle_per_channel_of_it():
    both = [TIKTOK, Channel("chn_3", "Instagram", "primary"), YOUTUBE]

    found = mix.read([POSTS], both, [])

    assert [each.channel.name for each in found] == ["TikTok", "Instagram"]
    assert [each.missing for each in found] == [4, 4]


def test_too_many_is_said_as_well():
    [found] = mix.read([POSTS], [TIKTOK], [piece() for _ in range(7)])

    assert found.is_over


def test_shares_are_of_all_pieces_of_the_week():
    week = [piece("published", "tests"), piece(), piece(channel=YOUTUBE), piece(), piece()]

    [found] = mix.read([Rule(Counts.TESTS, 20)], [TIKTOK, YOUTUBE], week)

    assert found.value == 20
    assert found.published == 20
    assert not found.is_short


def test_a_share_of_nothing_promises_nothing_yet():
    found = mix.read([Rule(Counts.PROVEN, 70)], [TIKTOK], [])

    assert mix.short(found, monday=MONDAY, today=date(2026, 11, 26)) == []


def test_empty_slots_count_where_they_would():
    slots = [Open(TIKTOK.id, "primary"), Open(TIKTOK.id, "primary", frozenset({Counts.QUESTIONS}))]

    posts, questions = mix.read([POSTS, Rule(Counts.QUESTIONS, 2)], [TIKTOK], [], slots)

    assert (posts.open_slots, questions.open_slots) == (2, 1)


@pytest.mark.parametrize(("today", "told"), [(23, False), (24, False), (25, True), (29, True)])
def test_what_a_week_lacks_is_said_from_its_wednesday(today, told):
    readings = mix.read([POSTS], [TIKTOK], [piece()])

    found = mix.short(readings, monday=MONDAY, today=date(2026, 11, today))

    assert bool(found) is told


def test_a_week_that_is_over_is_not_complained_about():
    readings = mix.read([POSTS], [TIKTOK], [])

    assert mix.short(readings, monday=MONDAY, today=date(2026, 11, 30)) == []


def test_rules_of_another_phase_wait_for_it():
    rules = [POSTS, Rule(Counts.CONVERSION, 2, 3, phase=4)]

    assert len(mix.read(rules, [TIKTOK], [], phase=2)) == 1
    assert len(mix.read(rules, [TIKTOK], [], phase=4)) == 2
    assert len(mix.read(rules, [TIKTOK], [])) == 2  # without a cycle every rule holds


def test_without_a_cycle_one_rule_of_several_phases_is_shown():
    rules = [Rule(Counts.PROVEN, 70, phase=3), Rule(Counts.PROVEN, 80, phase=4)]

    [found] = mix.read(rules, [TIKTOK], [piece()])

    assert found.rule.at_least == 70


@given(
    have=st.integers(0, 30),
    others=st.integers(0, 30),
    least=st.integers(1, 99),
)
def test_what_is_missing_is_exactly_enough(have, others, least):
    rule = Rule(Counts.TESTS, least)
    week = [piece("planned", "tests")] * have + [piece()] * others

    [found] = mix.read([rule], [TIKTOK], week)

    def enough(more):
        return 100 * (have + more) >= least * (have + others + more)

    if not week:
        return
    assert found.is_short == (not enough(0))
    if found.is_short:
        assert enough(found.missing)
        assert not enough(found.missing - 1)
