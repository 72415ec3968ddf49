"""How old published cards were on leaving each stage, kept by a reader of the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from production import bands, items, moves
from production.models import ContentItem, ReaderCursor, Stage
from tests.people import NOON, World

HOUR = timedelta(hours=1)


def publish(world: World, title: str, hours: tuple[int, ...]) -> ContentItem:
    """A card that stayed so many hours in script, shoot, edit and ready, and then was out."""
    seat = world.seat("ben")
    at = NOON
    item = items.create(
        world.board,
        title=title,
        seat=seat,
        at=at,
        values={"primary_kpi": world.workspace.kpidefinitions.get()},
    )
    kinds = ("script", "shoot", "edit", "publish", "learn")
    for kind, stay in zip(kinds, (0, *hours), strict=True):
        at += stay * HOUR
        if kind == "learn":
            ContentItem.objects.filter(pk=item.pk).update(published_at=at)
            item.refresh_from_db()
        item = moves.move(item, to=world.stages[kind], seat=seat, at=at).item
    return item


def ages(world: World, kind: str) -> tuple[float | None, ...]:
    stage = Stage.objects.get(pk=world.stages[kind].pk)
    figures = (stage.p50_seconds, stage.p70_seconds, stage.p85_seconds, stage.median_seconds)
    return tuple(None if each is None else each / 3600 for each in figures)


def test_five_published_cards_give_every_stage_its_figures(world):
    for number in range(1, 6):
        publish(world, f"Card {number}", (number, 10, 10 * number, 2))

    assert bands.catch_up(world.workspace) is True

    assert ages(world, "script") == (3, 4, 5, 3)
    assert ages(world, "shoot") == (13, 14, 15, 10)
    assert ages(world, "edit") == (43, 54, 65, 30)
    assert ages(world, "publish") == (45, 56, 67, 2)
    assert ages(world, "learn") == (None, None, None, None)


def test_four_are_too_few_for_any_figure(world):
    for number in range(1, 5):
        publish(world, f"Card {number}", (number, 10, 10, 2))

    bands.catch_up(world.workspace)

    assert ages(world, "edit") == (None, None, None, None)


def test_nothing_new_is_nothing_to_do(world):
    publish(world, "Card", (1, 1, 1, 1))
    bands.catch_up(world.workspace)
    world.workspace.refresh_from_db()

    assert bands.catch_up(world.workspace) is False
    assert ReaderCursor.objects.get(reader=bands.READER).seq == world.workspace.last_seq
    assert bands.behind() == []


def test_cards_under_way_cost_no_measuring(world, monkeypatch):
    measured = []
    monkeypatch.setattr(bands, "measure", measured.append)
    item = world.item()
    moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=NOON + HOUR)

    assert [each.pk for each in bands.behind()] == [world.workspace.pk]
    bands.catch_up(world.workspace)

    assert measured == []
    assert bands.behind() == []


def test_a_page_catches_up_when_the_worker_is_far_behind(world, client, monkeypatch):
    monkeypatch.setattr(bands, "FAR_BEHIND", 20)
    for number in range(1, 6):
        publish(world, f"Card {number}", (number, 10, 10, 2))
    client.force_login(world.ann)

    client.get(f"/w/{world.workspace.slug}/boards/")

    assert ages(world, "script")[0] == 3


@pytest.mark.parametrize("kind", ["script", "shoot"])
def test_a_move_that_was_taken_back_counts_for_nothing(world, kind):
    for number in range(1, 6):
        publish(world, f"Card {number}", (number, 10, 10, 2))
    bands.catch_up(world.workspace)
    before = ages(world, kind)
    item = world.item("A slip")
    seat = world.seat("ben")

    moves.move(item, to=world.stages["edit"], seat=seat, at=NOON)
    moves.undo(item, seat=seat, at=NOON)
    bands.catch_up(world.workspace)

    assert ages(world, kind) == before
