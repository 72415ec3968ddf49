"""What the flow metrics say of Ann's cards, and what they refuse to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import flow
from production.flow import Move, Place, Published, Stamps, State, Visit

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return MONDAY + hours * HOUR


def place(kind: str) -> Place:
    return Place(f"stg_{kind}", kind, kind.title())


def path(*steps: tuple[float, str], first: str = "idea") -> list[Move]:
    """Moves at these hours into stages of these kinds, from a first stage."""
    moves, here = [], place(first)
    for seq, (hours, kind) in enumerate(steps, start=1):
        moves.append(Move(seq, at(hours), here, place(kind)))
        here = place(kind)
    return moves


def undo(move: Move, seq: int, hours: float) -> Move:
    return Move(seq, at(hours), move.target, move.source, voids=frozenset({move.seq}))


def stays_of(moves: list[Move], first: str = "idea") -> list[Visit]:
    return flow.visits(moves, MONDAY, first=place(first))


def stamped(moves: list[Move | Published], first: str = "idea", **known: datetime) -> Stamps:
    return flow.stamps(flow.born(first, MONDAY, **known), moves)


# Kinds


def test_the_kinds_stand_in_the_order_of_the_work():
    assert flow.KINDS == ("idea", "script", "shoot", "edit", "publish", "learn", "done")
    assert flow.reaches("edit", "edit")
    assert flow.reaches("done", "learn")
    assert not flow.reaches("publish", "learn")


def test_an_unknown_kind_is_an_error_and_not_the_first_one():
    with pytest.raises(ValueError, match="'doing' is not a kind of stage"):
        flow.reaches("doing", "idea")


# Stays and time in stage


def test_a_card_that_never_moved_is_where_it_was_created():
    assert stays_of([]) == [Visit("stg_idea", "idea", MONDAY)]


def test_a_move_back_is_a_new_stay_and_wipes_nothing():
    stays = stays_of(path((1, "script"), (3, "edit"), (4, "script")))

    assert [(s.kind, s.entered_at, s.left_at) for s in stays] == [
        ("idea", at(0), at(1)),
        ("script", at(1), at(3)),
        ("edit", at(3), at(4)),
        ("script", at(4), None),
    ]
    assert flow.time_in_stage(stays, at(10)) == {
        "stg_idea": 1 * HOUR,
        "stg_script": 8 * HOUR,
        "stg_edit": 1 * HOUR,
    }


def test_a_skipped_stage_has_no_stay():
    totals = flow.time_in_stage(stays_of(path((1, "edit"))), at(2))

    assert set(totals) == {"stg_idea", "stg_edit"}


def test_an_undone_move_and_its_undo_are_in_no_figure():
    slip = path((1, "script"), (2, "edit"))
    moves = [*slip, undo(slip[1], 3, 2.005)]

    assert stays_of(moves) == stays_of(slip[:1])
    assert stamped(moves) == stamped(slip[:1])
    assert stamped(moves).rework_count == 0


def test_an_undo_of_a_move_that_is_not_there_is_an_error():
    stray = Move(9, at(1), place("edit"), place("script"), voids=frozenset({4}))

    with pytest.raises(ValueError, match=r"does not hold: \[4\]"):
        stays_of([stray])


def test_a_migration_is_no_move():
    real = path((1, "script"))
    renamed = Move(2, at(5), place("script"), place("done"), migration=True)

    assert stays_of([*real, renamed]) == stays_of(real)
    assert stamped([*real, renamed]) == stamped(real)


def test_a_verb_that_migrates_a_card_stamps_nothing():
    card = flow.born("script", MONDAY)
    mapped = Move(1, at(5), place("script"), place("done"), migration=True)

    assert flow.after_move(card, mapped, has_publication=False) == card


def test_a_stay_goes_on_through_a_migration_until_the_next_real_move():
    moves = path((1, "script"), (5, "shoot"), (7, "edit"))
    moves[1] = Move(2, at(5), place("script"), place("shoot"), migration=True)

    assert flow.time_in_stage(stays_of(moves), at(8))["stg_script"] == 6 * HOUR


def test_a_clock_that_is_behind_gives_no_negative_stay():
    stays = stays_of(path((2, "script"), (1.5, "edit")))

    assert flow.time_in_stage(stays, at(1)) == {
        "stg_idea": 2 * HOUR,
        "stg_script": 0 * HOUR,
        "stg_edit": 0 * HOUR,
    }
    assert sum(flow.time_in_stage(stays, at(5)).values(), timedelta(0)) == 5 * HOUR


def test_the_first_stay_begins_where_an_import_begins_to_know():
    stays = flow.visits([], MONDAY, first=place("edit"), history_from=at(100))

    assert stays == [Visit("stg_edit", "edit", at(100))]


steps = st.lists(
    st.tuples(
        st.integers(0, 10_000_000),
        st.sampled_from(flow.KINDS),
        st.sampled_from(["moved", "undone"]),
    ),
    max_size=30,
)


@given(steps, st.integers(0, 10_000_000))
def test_the_times_in_all_stages_add_up_to_the_life_of_the_card(walk, rest):
    moves, here, now, seq = [], place("idea"), MONDAY, 0
    for wait, kind, how in walk:
        now, seq = now + timedelta(milliseconds=wait), seq + 1
        move = Move(seq, now, here, place(kind))
        moves.append(move)
        if how == "undone":
            seq += 1
            moves.append(Move(seq, now, place(kind), here, voids=frozenset({move.seq})))
        else:
            here = place(kind)
    now += timedelta(milliseconds=rest)

    stays = stays_of(moves)

    assert sum(flow.time_in_stage(stays, now).values(), timedelta(0)) == now - MONDAY
    assert stays[-1].stage == here.stage
    assert all(a.left_at == b.entered_at for a, b in pairwise(stays))


# Stamps


def test_the_whole_way_from_idea_to_done():
    moves = path((4, "script"), (23, "shoot"), (29, "edit"), (50, "publish"))
    moves += [Published(5, at(56)), Move(6, at(57), place("publish"), place("learn"))]
    moves += [Move(7, at(200), place("learn"), place("done"))]

    card = stamped(moves)

    assert card == Stamps(
        idea_at=at(0),
        stage_entered_at=at(200),
        committed_at=at(4),
        published_at=at(56),
        last_published_at=at(56),
        learned_at=at(57),
        done_at=at(200),
    )
    assert flow.lead_time(card) == 56 * HOUR
    assert flow.cycle_time(card) == 52 * HOUR


def test_without_a_record_the_delivery_is_the_entry_into_learning_not_into_publish():
    assert stamped(path((1, "script"), (2, "publish"))).published_at is None
    assert stamped(path((1, "script"), (2, "publish"), (9, "learn"))).published_at == at(9)
    assert stamped(path((1, "script"), (2, "publish"), (9, "done"))).published_at == at(9)


def test_a_record_replaces_the_delivery_inferred_from_the_board():
    card = stamped([*path((1, "script"), (9, "learn")), Published(3, at(6))])

    assert (card.published_at, card.last_published_at) == (at(6), at(6))


def test_the_first_publication_counts_and_the_last_is_kept_beside_it():
    card = stamped([*path((1, "publish")), Published(2, at(5)), Published(3, at(50))])

    assert (card.published_at, card.last_published_at) == (at(5), at(50))


def test_a_publication_told_late_is_still_the_first():
    card = stamped([*path((1, "publish")), Published(2, at(50)), Published(3, at(5))])

    assert (card.published_at, card.last_published_at) == (at(5), at(50))


def test_a_later_clean_up_changes_no_date():
    moves = path((1, "script"), (9, "learn"))
    cleaned = [*moves, Move(3, at(7000), place("learn"), place("done"))]

    assert stamped(cleaned).published_at == at(9)
    assert stamped(cleaned).last_published_at == at(9)


def test_a_card_that_goes_back_after_being_out_is_reopened_and_keeps_its_first_date():
    moves = path((1, "script"), (9, "learn"), (20, "edit"), (21, "script"), (30, "learn"))

    card = stamped(moves)

    assert (card.published_at, card.last_published_at) == (at(9), at(30))
    assert (card.reopened_count, card.rework_count) == (1, 2)


def test_a_step_back_to_publish_is_rework_and_no_reopening():
    card = stamped(path((1, "script"), (9, "learn"), (10, "publish")))

    assert (card.reopened_count, card.rework_count) == (0, 1)


def test_a_step_back_before_being_out_is_rework_and_no_reopening():
    card = stamped(path((1, "publish"), (2, "edit")))

    assert (card.reopened_count, card.rework_count) == (0, 1)


def test_out_while_still_in_publish_and_then_back_is_a_reopening():
    moves = [*path((1, "publish")), Published(2, at(2))]
    moves.append(Move(3, at(3), place("publish"), place("edit")))

    assert stamped(moves).reopened_count == 1


def test_a_step_back_between_two_stages_of_one_kind_is_rework_too():
    rough, fine = Place("rough", "edit", position=3), Place("fine", "edit", position=4)

    assert stamped([Move(1, at(1), fine, rough)], first="edit").rework_count == 1
    assert stamped([Move(1, at(1), rough, fine)], first="edit").rework_count == 0


def test_going_back_to_ideas_does_not_move_the_commitment():
    assert stamped(path((1, "script"), (2, "idea"), (30, "script"))).committed_at == at(1)


def test_a_card_created_in_script_is_committed_at_once():
    assert stamped([], first="script").committed_at == MONDAY


@given(steps)
def test_a_verb_that_takes_step_by_step_arrives_where_the_whole_log_leads(walk):
    lines, here, seq, now = [], place("idea"), 0, MONDAY
    one_by_one, has_publication = flow.born("idea", MONDAY), False
    for wait, kind, how in walk:
        seq, now = seq + 1, now + timedelta(milliseconds=wait)
        if how == "undone":
            lines.append(Published(seq, now))
            one_by_one = flow.after_publication(one_by_one, now, has_publication=has_publication)
            has_publication = True
            continue
        move = Move(seq, now, here, place(kind))
        lines.append(move)
        one_by_one = flow.after_move(one_by_one, move, has_publication=has_publication)
        here = move.target

    card = stamped(lines)

    assert card == one_by_one
    if card.published_at:
        assert card.last_published_at >= card.published_at
    if has_publication:
        assert card.published_at == min(line.at for line in lines if isinstance(line, Published))


# What nobody knows


def test_a_card_created_already_published_has_no_history_and_no_lead_time():
    card = stamped([], first="learn")

    assert card.history_from == MONDAY
    assert card.published_at is None
    assert flow.lead_time(card) is None
    assert flow.cycle_time(card) is None
    assert not flow.in_progress(card, "learn", archived=False)


def test_publishing_it_again_gives_such_a_card_a_date_but_no_lead_time():
    card = stamped([Published(2, at(30))], first="learn")

    assert card.published_at == at(30)
    assert flow.lead_time(card) is None


def test_an_import_that_knows_the_idea_and_the_publication_has_a_lead_time():
    start = flow.born("done", MONDAY, idea_at=at(-80))
    card = flow.stamps(start, [Published(2, at(-20))])

    assert flow.lead_time(card) == 60 * HOUR


def test_a_card_imported_without_its_creation_has_no_lead_time_even_when_it_moves_on():
    moves = path((120, "learn"), first="edit")
    card = stamped(moves, first="edit", history_from=at(100))

    assert card.published_at == at(120)
    assert card.committed_at == at(100)
    assert flow.lead_time(card) is None
    assert flow.cycle_time(card) is None


def test_a_card_first_seen_among_the_ideas_has_a_cycle_time_and_no_lead_time():
    moves = path((110, "script"), (120, "learn"))
    card = stamped(moves, history_from=at(100))

    assert flow.lead_time(card) is None
    assert flow.cycle_time(card) == 10 * HOUR


def test_out_before_it_was_an_idea_is_no_lead_time():
    assert flow.lead_time(stamped([Published(1, at(-1))])) is None


def test_a_card_that_never_was_in_work_has_no_cycle_time_of_nothing():
    card = stamped(path((5, "done")))

    assert flow.lead_time(card) == 5 * HOUR
    assert flow.cycle_time(card) is None


def test_what_is_not_out_has_neither():
    card = stamped(path((5, "script")))

    assert flow.lead_time(card) is None
    assert flow.cycle_time(card) is None


# Work in progress and age


@pytest.mark.parametrize(
    ("moves", "kind", "archived", "counts"),
    [
        ([], "idea", False, False),
        (path((1, "script")), "script", False, True),
        (path((1, "script"), (2, "publish")), "publish", False, True),
        ([*path((1, "publish")), Published(2, at(2))], "publish", False, False),
        (path((1, "script"), (2, "learn")), "learn", False, False),
        (path((1, "script")), "script", True, False),
        (path((1, "script"), (2, "idea")), "idea", False, True),
    ],
)
def test_work_in_progress_is_committed_not_out_and_not_archived(moves, kind, archived, counts):
    assert flow.in_progress(stamped(moves), kind, archived=archived) is counts


def test_age_runs_from_commitment_to_publication():
    assert flow.age(stamped([]), at(9)) is None
    assert flow.age(stamped(path((2, "script"))), at(9)) == 7 * HOUR
    assert flow.age(stamped(path((2, "script"), (5, "learn"))), at(9)) is None


# Percentiles and the promise


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1), (0.2, 1), (0.21, 2), (0.5, 3), (0.8, 4), (0.85, 5), (1, 5)]
)
def test_the_percentile_is_the_nearest_rank(share, expected):
    assert flow.percentile([n * HOUR for n in (5, 3, 1, 4, 2)], share) == expected * HOUR


def test_a_share_that_binary_cannot_write_is_not_rounded_up_to_the_next_item():
    assert flow.percentile([n * HOUR for n in range(1, 101)], 0.07) == 7 * HOUR


@given(
    st.lists(st.integers(1, 10**9).map(lambda n: timedelta(seconds=n)), min_size=1),
    st.integers(1, 100),
)
def test_a_percentile_is_one_of_the_items_and_covers_its_share_and_no_more(times, hundredths):
    value = flow.percentile(times, hundredths / 100)

    assert value in times
    assert sum(t <= value for t in times) * 100 >= hundredths * len(times)
    assert sum(t < value for t in times) * 100 < hundredths * len(times)


@pytest.mark.parametrize(("times", "share"), [([], 0.5), ([HOUR], 0), ([HOUR], 1.01), ([HOUR], -1)])
def test_a_percentile_of_nothing_or_of_no_share_is_an_error(times, share):
    with pytest.raises(ValueError, match=r"no durations|a share lies"):
        flow.percentile(times, share)


def published_after(hours: float, ago: float = 1) -> Stamps:
    out = MONDAY - ago * HOUR
    idea = out - hours * HOUR
    return Stamps(idea_at=idea, stage_entered_at=out, committed_at=idea, published_at=out)


def test_the_promise_names_its_percentile_its_hit_rate_and_its_n():
    said = flow.promise([published_after(h) for h in (20, 40, 60, 70, 72, 80, 90)], MONDAY)

    assert (said.n, said.p50, said.p85) == (7, 70 * HOUR, 80 * HOUR)
    assert said.within_target == 5 / 7
    assert not said.too_few


def test_four_items_are_too_few_to_promise_anything():
    said = flow.promise([published_after(10)] * 4, MONDAY)

    assert said.too_few
    assert (said.n, said.p50, said.p85, said.within_target) == (4, None, None, None)


def test_only_the_last_thirty_days_speak():
    inside, before = published_after(10, ago=24 * 30 - 1), published_after(500, ago=24 * 30)
    tomorrow = published_after(500, ago=-24)

    said = flow.promise([inside] * 5 + [before, tomorrow], MONDAY)

    assert (said.n, said.p85) == (5, 10 * HOUR)


def test_items_without_history_are_counted_beside_and_not_in():
    old = Stamps(idea_at=at(-9), stage_entered_at=at(-1), history_from=at(-9), published_at=at(-1))

    said = flow.promise([published_after(10)] * 5 + [old], MONDAY)

    assert (said.n, said.no_history, said.p85) == (5, 1, 10 * HOUR)


# Ageing


def test_the_age_on_leaving_a_stage_counts_from_commitment_to_the_last_exit():
    moves = path((2, "script"), (5, "edit"), (6, "script"), (9, "edit"), (12, "learn"))

    assert flow.ages_on_leaving(stays_of(moves), at(2)) == {
        "stg_script": 7 * HOUR,
        "stg_edit": 10 * HOUR,
    }


def test_a_stage_that_the_card_is_back_in_is_not_left():
    moves = path((2, "script"), (5, "edit"), (6, "script"))

    assert flow.ages_on_leaving(stays_of(moves), at(2)) == {"stg_edit": 4 * HOUR}


def test_a_card_never_committed_left_nothing():
    assert flow.ages_on_leaving(stays_of([]), None) == {}


def test_bands_need_five_items():
    assert flow.bands([HOUR] * 4) is None
    assert flow.bands([n * HOUR for n in range(1, 11)]) == flow.Bands(
        5 * HOUR, 7 * HOUR, 9 * HOUR, 10
    )


# Blocked, waiting, efficiency


def test_blocked_spells_are_joined_and_clipped():
    spells = [(at(-5), at(2)), (at(1), at(3)), (at(3), at(4)), (at(6), None), (at(20), at(30))]

    assert flow.merged(spells, at(0), at(8)) == [(at(0), at(4)), (at(6), at(8))]
    assert flow.total(flow.merged(spells, at(0), at(8))) == 6 * HOUR


@given(st.lists(st.tuples(st.integers(-50, 150), st.integers(0, 50)), max_size=12))
def test_joined_spells_cover_the_same_hours(raw):
    spells = [(at(a), at(a + length)) for a, length in raw]
    hours = {h for a, length in raw for h in range(a, a + length) if 0 <= h < 100}

    joined = flow.merged(spells, at(0), at(100))

    assert flow.total(joined) == len(hours) * HOUR
    assert all(a[1] < b[0] for a, b in pairwise(joined))


def test_the_time_of_a_card_splits_into_active_waiting_and_blocked():
    moves = path((4, "script"), (23, "shoot"), (29, "edit"), (50, "publish"), (56, "learn"))
    card, stays = stamped(moves), stays_of(moves)
    blocked = [(at(30), at(33)), (at(51), at(52))]  # the second one only while it waited anyway

    where = flow.split(stays, at(4), at(56), waiting={"stg_publish"}, blocked=blocked)

    assert where == flow.Split(active=43 * HOUR, waiting=6 * HOUR, blocked=3 * HOUR)
    assert flow.flow_efficiency(
        stays, card, waiting={"stg_publish"}, blocked=blocked
    ) == pytest.approx(43 / 52)


def test_without_a_waiting_stage_there_is_no_efficiency():
    moves = path((4, "script"), (56, "learn"))

    assert flow.flow_efficiency(stays_of(moves), stamped(moves), waiting=()) is None


def test_without_a_cycle_time_there_is_no_efficiency():
    moves = path((4, "script"))

    assert flow.flow_efficiency(stays_of(moves), stamped(moves), waiting={"stg_idea"}) is None


def test_a_stretch_without_a_stay_does_not_split():
    assert flow.split([], at(0), at(1), waiting={"stg_idea"}) is None


# Fits, and the chip


def test_the_stages_ahead_fit_to_the_second():
    assert flow.fits(9 * HOUR, [4 * HOUR, 5 * HOUR]) is True
    assert flow.fits(9 * HOUR, [4 * HOUR, 5 * HOUR + timedelta(seconds=1)]) is False
    assert flow.fits(0 * HOUR, []) is True
    assert flow.fits(-HOUR, []) is False


def test_an_unknown_stage_ahead_leaves_it_open_unless_the_known_ones_are_too_long():
    assert flow.fits(9 * HOUR, [None, 5 * HOUR]) is None
    assert flow.fits(9 * HOUR, [None, 10 * HOUR]) is False


@pytest.mark.parametrize(
    ("gone", "ahead", "state", "hours"),
    [
        (31, [10 * HOUR], State.PLAIN, 41),
        (63, [7 * HOUR], State.TIGHT, 9),
        (55, [12 * HOUR], State.TIGHT, 17),
        (50, [31 * HOUR], State.DOES_NOT_FIT, 22),
        (78, [HOUR], State.PAST, 6),
        (66, [], State.PLAIN, 6),
        (67, [], State.TIGHT, 5),
        (72, [], State.TIGHT, 0),
        (54, [None], State.PLAIN, 18),
        (55, [None], State.TIGHT, 17),
        (55, [None, 20 * HOUR], State.DOES_NOT_FIT, 17),
    ],
)
def test_the_chip_is_plain_tight_too_long_or_past(gone, ahead, state, hours):
    card = stamped(path((2, "edit")))

    chip = flow.countdown(card, "edit", at(2 + gone), ahead=ahead)

    assert (chip.state, chip.hours) == (state, hours)
    assert chip.used == pytest.approx(min(gone / 72, 1))


def test_the_chip_tells_what_the_stages_ahead_take_and_what_is_spare():
    chip = flow.countdown(stamped(path((0, "edit"))), "edit", at(55), ahead=[5 * HOUR, 7 * HOUR])

    assert (chip.left, chip.ahead, chip.spare) == (17 * HOUR, 12 * HOUR, 5 * HOUR)


def test_the_chip_names_no_sum_when_a_stage_ahead_is_unknown():
    chip = flow.countdown(stamped(path((0, "edit"))), "edit", at(5), ahead=[5 * HOUR, None])

    assert (chip.ahead, chip.spare) == (None, None)


def test_an_idea_has_an_age_and_no_countdown():
    chip = flow.countdown(stamped([]), "idea", at(400))

    assert (chip.state, chip.hours, chip.left) == (State.IDEA, 400, None)


def test_a_published_card_shows_its_lead_time_and_no_countdown():
    chip = flow.countdown(stamped(path((2, "script"), (56, "learn"))), "learn", at(500))

    assert (chip.state, chip.hours, chip.left) == (State.PUBLISHED, 56, None)


def test_a_published_card_without_history_shows_no_figure():
    chip = flow.countdown(stamped([], first="learn"), "learn", at(500))

    assert (chip.state, chip.hours) == (State.PUBLISHED, None)


def test_a_commitment_that_nobody_knows_counts_nothing_down():
    uncommitted = Stamps(idea_at=MONDAY, stage_entered_at=MONDAY)

    assert flow.countdown(uncommitted, "edit", at(5)).state == State.UNKNOWN


def test_the_target_can_be_another():
    card = stamped(path((0, "edit")))

    assert flow.countdown(card, "edit", at(80), target=168 * HOUR).state == State.PLAIN


# Reading the log


def created(kind: str, hours: float = 0, **data: object) -> dict[str, object]:
    stage = {"id": f"stg_{kind}", "name": kind.title(), "kind": kind}
    return event(1, "item.created", hours, stage=stage, key="VID-1", rank=0, **data)


def event(seq: int, type: str, hours: float, **data: object) -> dict[str, object]:
    return {"seq": seq, "type": type, "occurred_at": at(hours), "data": data}


def moved(seq: int, hours: float, left: str, entered: str, **data: object) -> dict[str, object]:
    ends = {
        end: {"id": f"stg_{kind}", "name": kind.title(), "kind": kind}
        for end, kind in (("from", left), ("to", entered))
    }
    kind = "item.move_undone" if "voids" in data else "item.moved"
    return event(seq, kind, hours, **ends, **data)


def test_the_log_of_a_card_gives_its_stays_its_stamps_and_its_blocked_spells():
    log = [
        created("idea"),
        moved(2, 4, "idea", "script"),
        event(3, "item.blocked", 5, reason="music rights"),
        event(4, "item.blocked", 6, reason="still the music rights"),
        event(5, "item.unblocked", 8),
        moved(6, 9, "script", "done"),
        moved(7, 9.005, "done", "script", voids=6),
        moved(8, 10, "script", "edit", source="migration"),
        event(9, "item.retitled", 11, title="Another"),
        moved(10, 20, "edit", "publish"),
        event(11, "publication.published", 31, publication="pub_1", published_at=at(30)),
        event(12, "item.blocked", 40, reason="comments are wild"),
    ]

    past = flow.history(log)

    assert [(s.name, s.left_at) for s in past.visits] == [
        ("Idea", at(4)),
        ("Script", at(20)),
        ("Publish", None),
    ]
    assert past.stamps.published_at == at(30)
    assert past.stamps.rework_count == 0
    assert past.blocked == ((at(5), at(6)), (at(6), at(8)), (at(40), None))


def test_the_log_read_back_from_json_says_the_same():
    log = [created("script", idea_at=at(-3)), moved(2, 4, "script", "learn")]
    as_text = [created("script", idea_at=at(-3).isoformat()), moved(2, 4, "script", "learn")]
    for line in as_text:
        line["occurred_at"] = line["occurred_at"].isoformat()

    assert flow.history(as_text) == flow.history(log)
    assert flow.lead_time(flow.history(log).stamps) == 7 * HOUR


def test_a_publication_that_was_removed_never_was_out():
    log = [
        created("publish"),
        event(2, "publication.published", 5, publication="pub_1", published_at=at(4)),
        event(3, "publication.published", 6, publication="pub_2", published_at=at(6)),
        event(4, "publication.removed", 7, publication="pub_1"),
    ]

    assert flow.history(log).stamps.published_at == at(6)


def test_a_log_without_the_creation_is_an_error():
    with pytest.raises(ValueError, match="does not say when the item was created"):
        flow.history([moved(2, 4, "idea", "script")])


def test_a_time_without_a_zone_is_an_error():
    with pytest.raises(ValueError, match="does not say its time zone"):
        flow.history([{**created("idea"), "occurred_at": "2026-11-16T09:00:00"}])
