from datetime import timedelta

import pytest

from production import moves
from production.errors import NotAllowed, Refused, Stale
from production.models import ContentItem, Event, Gate, KpiDefinition
from production.moves import Anchors
from tests.people import NOON, World


def order(world: World, kind: str) -> list[str]:
    return [item.title for item in ContentItem.objects.in_stage(world.stages[kind])]


def test_a_move_changes_stage_stamps_and_version_and_is_logged(world: World) -> None:
    item = world.item()

    moved = moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=NOON)

    assert moved.item.stage == world.stages["script"]
    assert moved.item.committed_at == NOON
    assert moved.item.version == item.version + 1
    assert moved.event is not None
    assert moved.event.type == "item.moved"
    assert moved.event.data["from"]["kind"] == "idea"
    assert moved.event.data["to"]["kind"] == "script"
    assert moved.event.seq == 2  # after item.created


def test_a_full_stage_refuses_and_nothing_is_written(world: World) -> None:
    world.item("first", stage="script")
    item = world.item("second")
    full = world.stages["script"]
    full.wip_limit, full.limit_mode = 1, "block"
    full.save()
    before = Event.objects.count()

    with pytest.raises(Refused) as refused:
        moves.move(item, to=full, seat=world.seat("ben"), at=NOON)

    assert [each.code for each in refused.value.refusals] == ["wip_limit"]
    assert Event.objects.count() == before
    assert order(world, "script") == ["first"]


def test_a_limit_that_only_warns_lets_the_card_in_and_says_so(world: World) -> None:
    world.item("first", stage="script")
    stage = world.stages["script"]
    stage.wip_limit = 1
    stage.save()

    moved = moves.move(world.item("second"), to=stage, seat=world.seat("ben"), at=NOON)

    assert [warning.code for warning in moved.warnings] == ["wip_limit"]


def test_every_reason_is_given_at_once(world: World) -> None:
    item = world.item(stage="script")
    Gate.objects.create(workspace=world.workspace, stage=world.stages["edit"], label="Shots are in")
    Gate.objects.create(
        workspace=world.workspace, stage=world.stages["publish"], label="Captions checked"
    )

    with pytest.raises(Refused) as refused:
        moves.move(item, to=world.stages["learn"], seat=world.seat("ben"), at=NOON)

    assert [each.code for each in refused.value.refusals] == [
        "gate_open",
        "gate_open",
        "primary_kpi_missing",
        "not_published",
    ]


def test_what_is_greyed_out_is_exactly_what_a_move_refuses(world: World) -> None:
    Gate.objects.create(workspace=world.workspace, stage=world.stages["edit"], label="Shots are in")
    item = world.item(stage="script")

    for option in moves.options(item, seat=world.seat("ben")):
        try:
            moves.move(item, to=option.stage, seat=world.seat("ben"), at=NOON)
        except Refused as refused:
            assert refused.refusals == option.refusals
        else:
            assert option.refusals == ()
            ContentItem.objects.filter(pk=item.pk).update(stage=item.stage, rank=item.rank)


def test_only_an_owner_overrides_a_gate_and_the_reason_is_logged(world: World) -> None:
    item = world.item(stage="script")
    Gate.objects.create(workspace=world.workspace, stage=world.stages["edit"], label="Shots are in")
    ask = {"to": world.stages["edit"], "at": NOON, "override": "the client waits"}

    with pytest.raises(NotAllowed):
        moves.move(item, seat=world.seat("ben"), **ask)
    moved = moves.move(item, seat=world.seat("ann"), **ask)

    assert moved.event is not None
    assert moved.event.data["override"]["reason"] == "the client waits"


def test_nobody_overrides_a_missing_publication(world: World) -> None:
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    item = world.item(stage="publish", primary_kpi=kpi)

    with pytest.raises(Refused) as refused:
        moves.move(
            item, to=world.stages["learn"], seat=world.seat("ann"), at=NOON, override="in a hurry"
        )

    assert [each.code for each in refused.value.refusals] == ["not_published"]


def test_a_stale_version_is_refused_with_the_present_one(world: World) -> None:
    item = world.item()
    moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=NOON)

    with pytest.raises(Stale) as stale:
        moves.move(item, to=world.stages["shoot"], seat=world.seat("ann"), at=NOON, version=1)

    assert stale.value.current == 2


def test_anchors_decide_the_place(world: World) -> None:
    first, second, third = (world.item(name) for name in ("first", "second", "third"))
    ann = world.seat("ann")

    moves.move(third, to=world.stages["idea"], seat=ann, at=NOON, anchors=Anchors(before=first))
    moves.move(first, to=world.stages["idea"], seat=ann, at=NOON, anchors=Anchors(after=second))

    assert order(world, "idea") == ["third", "second", "first"]


def test_an_anchor_that_has_gone_is_said_and_does_not_fail(world: World) -> None:
    first, second = world.item("first"), world.item("second")
    moves.move(first, to=world.stages["script"], seat=world.seat("ben"), at=NOON)

    moved = moves.move(
        second,
        to=world.stages["shoot"],
        seat=world.seat("ben"),
        at=NOON,
        anchors=Anchors(before=first),
    )

    assert moved.anchor_gone


def test_a_spent_gap_is_respread_without_changing_the_order(world: World) -> None:
    titles = [f"card {number}" for number in range(4)]
    cards = [world.item(title) for title in titles]
    for rank, card in enumerate(cards):
        ContentItem.objects.filter(pk=card.pk).update(rank=rank)

    moved = moves.move(
        cards[3],
        to=world.stages["idea"],
        seat=world.seat("ben"),
        at=NOON,
        anchors=Anchors(before=cards[1]),
    )

    assert order(world, "idea") == ["card 0", "card 3", "card 1", "card 2"]
    assert moved.event is not None
    assert set(moved.event.data["ranks"]) == {card.public_id for card in cards[:3]}


def test_an_undo_voids_both_moves_and_brings_the_stamps_back(world: World) -> None:
    item = world.item()
    moved = moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=NOON).item
    at = Event.objects.latest("seq").recorded_at + timedelta(seconds=20)

    undone = moves.undo(moved, seat=world.seat("ben"), at=at)

    assert undone.item.stage == world.stages["idea"]
    assert undone.item.committed_at is None
    assert undone.event is not None
    assert undone.event.data["voids"] == 2


def test_an_undo_comes_too_late_after_thirty_seconds(world: World) -> None:
    item = world.item()
    moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=NOON)
    at = Event.objects.latest("seq").recorded_at + timedelta(seconds=31)

    with pytest.raises(Refused) as refused:
        moves.undo(item, seat=world.seat("ben"), at=at)

    assert refused.value.refusals[0].code == "undo_too_late"


def test_an_undo_does_not_overfill_a_blocking_stage(world: World) -> None:
    item = world.item()
    moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=NOON)
    world.item("newcomer")
    idea = world.stages["idea"]
    idea.wip_limit, idea.limit_mode = 1, "block"
    idea.save()
    at = Event.objects.latest("seq").recorded_at

    with pytest.raises(Refused) as refused:
        moves.undo(item, seat=world.seat("ben"), at=at)

    assert refused.value.refusals[0].code == "wip_limit"


def test_otto_moves_only_within_his_stages(world: World) -> None:
    item = world.item(stage="edit")

    with pytest.raises(Refused) as refused:
        moves.move(item, to=world.stages["idea"], seat=world.seat("otto"), at=NOON)

    assert [each.code for each in refused.value.refusals] == ["not_your_stage"]
