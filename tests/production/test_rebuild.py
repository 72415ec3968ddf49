import random
from datetime import timedelta

import pytest

from production import items, moves
from production.errors import Refused
from production.models import ContentItem, Event, Kind, KpiDefinition
from production.moves import Anchors
from production.rebuild import differences, rebuild
from tests.people import NOON, World


def a_random_day(world: World, seed: int) -> None:
    """Sixty acts of Ann and Ben on a dozen cards, undos and archivings among them."""
    chance = random.Random(seed)
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    cards = [world.item(f"card {number}", primary_kpi=kpi) for number in range(12)]
    for minute in range(60):
        card = ContentItem.objects.get(pk=chance.choice(cards).pk)
        seat = world.seat(chance.choice(["ann", "ben"]))
        at = NOON + timedelta(minutes=minute)
        act = chance.choice(["move", "move", "move", "place", "undo", "archive", "block", "edit"])
        try:
            one_act(world, act, card, seat, at, chance)
        except Refused:
            continue


def one_act(world, act, card, seat, at, chance) -> None:
    if act == "move":
        to = world.stages[chance.choice([kind.value for kind in Kind][:5])]
        moves.move(card, to=to, seat=seat, at=at)
    elif act == "place":
        other = ContentItem.objects.active().order_by("?").first()
        stage = other.stage if other else card.stage
        moves.move(card, to=stage, seat=seat, at=at, anchors=Anchors(before=other))
    elif act == "undo":
        last = Event.objects.latest("seq")
        moves.undo(card, seat=seat, at=last.recorded_at)
    elif act == "archive":
        verb = items.restore if card.archived_at else items.archive
        verb(card, seat=seat, at=at)
    elif act == "block" and card.blocked_reason:
        items.unblock(card, by=seat.user, at=at)
    elif act == "block":
        items.block(card, reason="waiting for rights", by=seat.user, at=at)
    else:
        items.edit(card, {"title": f"edited at {at:%H:%M}"}, by=seat.user, at=at)


@pytest.mark.parametrize("seed", range(8))
def test_the_rows_are_what_the_log_says(world: World, seed: int) -> None:
    a_random_day(world, seed)

    assert differences(world.workspace) == []
    assert Event.objects.count() > 30


@pytest.mark.parametrize("stamp", ["committed_at", "stage_entered_at", "rework_count"])
def test_one_corrupted_stamp_is_noticed_and_mended(world: World, stamp: str) -> None:
    a_random_day(world, 1)
    card = ContentItem.objects.exclude(committed_at=None).first()
    assert card is not None
    wrong = 99 if stamp == "rework_count" else NOON - timedelta(days=400)
    ContentItem.objects.filter(pk=card.pk).update(**{stamp: wrong})

    found = rebuild(world.workspace)

    assert [(each.item, each.field) for each in found] == [(card.public_id, stamp)]
    assert differences(world.workspace) == []
