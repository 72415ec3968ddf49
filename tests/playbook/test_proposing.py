"""The proposed fortnight: each promise kept that can be, inside the windows; else why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook import proposing
from playbook.proposing import Shape, Theme, Way, Why
from production import mix, walltime
from production.mix import Counts, Rule
from production.presets.plan import CHANNELS, MIX, WINDOWS
from production.windows.hours import Hours, respects

ZONE = "Europe/Helsinki"
MONDAY = date(2026, 3, 23)  # the clocks go forward on the Sunday of this week
LONG_AGO = datetime(2026, 3, 1)
WEEKS = (MONDAY, MONDAY + timedelta(days=7))
SHAPES = [
    Shape("a", "candidate"),
    Shape("b", "testing"),
    Shape("c", "proven"),
    Shape("d", "proven"),
]
THEMES = [Theme("know-how", "saves"), Theme("proof", "leads"), Theme("people", "")]


def usual_hours(platform: str) -> tuple[Hours, ...]:
    return tuple(
        Hours(frozenset(each.weekdays), time(each.begins), time(each.ends))
        for each in WINDOWS[platform]
    )


def usual_ways() -> list[Way]:
    return [
        Way(each.name, each.name, each.role, usual_hours(each.platform), each.winning)
        for each in CHANNELS
    ]


def usual_rules() -> list[Rule]:
    return [
        Rule(Counts(each.counts), each.at_least, each.at_most, each.role, each.phase)
        for each in MIX
    ]


def propose(
    ways: Sequence[Way],
    rules: Sequence[Rule],
    *,
    shapes: Sequence[Shape] = SHAPES,
    after: datetime = LONG_AGO,
    had: Sequence[mix.Piece] = (),
    phase: int | None = None,
) -> proposing.Proposal:
    return proposing.propose(
        ways,
        rules,
        shapes,
        THEMES,
        monday=MONDAY,
        after=after,
        zone=ZONE,
        had=dict.fromkeys(WEEKS, had),
        phases=dict.fromkeys(WEEKS, phase),
    )


def the_meter(
    found: proposing.Proposal, ways: Sequence[Way], rules: Sequence[Rule], phase: int | None
) -> list[mix.Reading]:
    """What the calendar's own meter says of both weeks."""
    channels = [mix.Channel(each.id, each.name, each.role) for each in ways]
    readings = []
    for monday in WEEKS:
        days = [monday + timedelta(days=ahead) for ahead in range(7)]
        pieces = [
            mix.Piece(mix.Stand.PLANNED, each.piece.channel, each.piece.role, each.piece.traits)
            for each in found.places
            if each.at.date() in days
        ]
        readings += mix.read(rules, channels, pieces, phase=phase)
    return readings


@pytest.mark.parametrize("phase", [None, 1, 2, 3, 4])
def test_what_the_method_promises_is_kept_in_every_phase(phase: int | None) -> None:
    ways, rules = usual_ways(), usual_rules()
    found = propose(ways, rules, phase=phase)
    assert not found.reasons
    readings = the_meter(found, ways, rules, phase)
    assert readings
    assert not [each for each in readings if each.is_short or each.is_over]
    assert all(each.format and each.pillar and each.kpi for each in found.places)
    assert {each.pillar for each in found.places} == {each.id for each in THEMES}
    assert found == propose(ways, rules, phase=phase)  # asked again, the same


@st.composite
def a_week_that_can_be(draw: st.DrawFn) -> tuple[list[Way], list[Rule]]:
    """Channels and rules made around a week that keeps them all."""
    clock = st.integers(6, 20)
    ways, pieces = [], []
    for number in range(draw(st.integers(1, 4))):
        begins = draw(clock)
        weekdays = draw(st.frozensets(st.integers(1, 7), min_size=1))
        hours = Hours(weekdays, time(begins), time(begins + draw(st.integers(1, 3))))
        role = draw(st.sampled_from(["primary", "support"]))
        ways.append(Way(f"way{number}", f"Way {number}", role, (hours,)))
        for _each in range(draw(st.integers(1, len(weekdays)))):
            kind = draw(st.sampled_from(["", "", "question", "conversion"]))
            is_new, is_experiment = draw(st.booleans()), draw(st.booleans())
            state = draw(st.sampled_from(["proven", "candidate"]))
            traits = mix.traits(
                [kind], format_state=state, is_experiment=is_experiment, is_new=is_new
            )
            pieces.append(mix.Piece(mix.Stand.PLANNED, f"way{number}", role, traits))
    channels = [mix.Channel(each.id, each.name, each.role) for each in ways]
    rules = []
    for counts in draw(st.lists(st.sampled_from(list(Counts)), unique=True, min_size=1)):
        role = draw(st.sampled_from(["", "primary"])) if counts == Counts.POSTS else ""
        told = mix.read([Rule(counts, 0, None, role)], channels, pieces)
        values = [each.value for each in told] or [0]
        least = int(min(values))
        most = None if counts in mix.SHARES else int(max(values)) + draw(st.integers(0, 2))
        rules.append(Rule(counts, least, most, role))
    return ways, rules


@given(a_week_that_can_be())
def test_a_week_that_can_be_kept_is_kept_inside_its_windows(
    asked: tuple[list[Way], list[Rule]],
) -> None:
    ways, rules = asked
    found = propose(ways, rules)
    assert not found.reasons, found.reasons
    wrong = [
        each
        for each in the_meter(found, ways, rules, None)
        if (each.is_short and not (each.rule.is_share and not each.pieces)) or each.is_over
    ]
    assert not wrong
    by_id = {each.id: each for each in ways}
    moments = [(each.piece.channel, each.at) for each in found.places]
    assert len(set(moments)) == len(moments)
    for channel, at in moments:
        when = walltime.resolve(at.isoformat(timespec="minutes"), ZONE)
        assert respects(by_id[channel].hours, when.at, ZONE)


def test_what_cannot_be_kept_is_told_with_its_reason() -> None:
    thursday = (Hours(frozenset({4}), time(18), time(19)),)
    ways = [Way("tt", "TikTok", "primary", thursday)]

    found = propose(ways, [Rule(Counts.POSTS, 4, 6, "primary")])
    assert [each.at.isoweekday() for each in found.places] == [4, 4]
    assert [(each.why, each.reading.value) for each in found.reasons] == [(Why.NO_ROOM, 1)] * 2

    young = [Shape("a", "candidate")]
    found = propose(usual_ways(), [Rule(Counts.PROVEN, 70)], shapes=young)
    assert {each.why for each in found.reasons} == {Why.NO_PROVEN}

    full = [mix.Piece(mix.Stand.PLANNED, "tt", "primary")] * 3
    found = propose(ways, [Rule(Counts.POSTS, None, 2, "primary")], had=full)
    assert not found.places
    assert {each.why for each in found.reasons} == {Why.TOO_MANY}

    found = propose(ways, [Rule(Counts.POSTS, None, 1), Rule(Counts.QUESTIONS, 2)])
    assert {(each.why, each.reading.rule.counts) for each in found.reasons} == {
        (Why.NO_ROOM, Counts.QUESTIONS)
    }
    always = [Way("tt", "TikTok", "primary")]
    found = propose(always, [Rule(Counts.POSTS, None, 1), Rule(Counts.QUESTIONS, 2)])
    assert {each.why for each in found.reasons} == {Why.CLASH}


def test_what_is_planned_already_counts_and_keeps_its_day() -> None:
    taken = datetime(2026, 3, 24, 19, 0)
    tiktok, *others = usual_ways()
    ways = [
        Way(tiktok.id, tiktok.name, tiktok.role, tiktok.hours, taken=frozenset({taken})),
        *others,
    ]
    had = [mix.Piece(mix.Stand.PLANNED, tiktok.id, "primary")]
    found = propose(ways, [Rule(Counts.POSTS, 4, 6, "primary")], had=had)
    assert not found.reasons
    mine = [each.at for each in found.places if each.piece.channel == tiktok.id]
    assert len(mine) == 6  # three more in each week
    assert taken.date() not in {each.date() for each in mine}


def test_nothing_is_proposed_for_what_has_passed() -> None:
    after = datetime(2026, 3, 26, 12, 0)
    found = propose(usual_ways(), usual_rules(), after=after)
    assert found.places
    assert min(each.at for each in found.places) > after
