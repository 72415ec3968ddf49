"""Whatever people do, the rows say what the log says."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from production import items, moves, publishing, undo
from production.errors import Refused
from production.models import ContentItem, KpiDefinition, Publication, Stage
from production.moves import Anchors
from production.moves.stamps import STAMPS
from production.origin import coming_from
from production.rebuild import Difference, differences, replayed
from tests.people import NOON, World


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Traffic:
    """Ann at work: random verbs on a few cards, and what the rules said no to."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seat, self.rng = world, world.seat("ann"), random.Random(seed)
        self.now, self.done, self.refused = NOON, dict[str, int](), 0

    def run(self, steps: int) -> None:
        for _ in range(6):
            self.create()
        verbs = [self.move] * 6 + [self.place, self.place, self.take_back, self.take_back]
        verbs += [self.create, self.edit, self.block, self.unblock, self.archive, self.restore]
        verbs += [self.publish, self.publish, self.unpublish]
        for n in range(steps):
            self.now += timedelta(seconds=self.rng.choice([1, 5, 20, 40, 4_000]))
            verb = self.rng.choice(verbs)
            try:
                with coming_from("page", f"request-{n}"):
                    verb()
            except Refused:
                self.refused += 1
            else:
                self.done[verb.__name__] = self.done.get(verb.__name__, 0) + 1

    def any_item(self, **which: object) -> ContentItem:
        rows = ContentItem.objects.filter(**which).select_related("stage", "board", "workspace")
        return self.rng.choice(list(rows.order_by("id")))

    def create(self) -> None:
        kind = self.rng.choice(["idea", "idea", "script", "edit"])
        kpi = KpiDefinition.objects.get()
        items.create(
            self.world.board,
            title=f"Card {self.rng.random()}",
            seat=self.seat,
            at=self.now,
            stage=self.world.stages[kind],
            values={"primary_kpi": kpi},
        )

    def move(self) -> None:
        kind = self.rng.choice(list(self.world.stages))
        moves.move(
            self.any_item(), to=self.world.stages[kind], seat=self.seat, at=self.now,
            anchors=Anchors(before=self.any_item(), after=self.any_item()),
        )  # fmt: skip

    def place(self) -> None:
        item = self.any_item()
        anchors = Anchors(before=self.any_item(stage=item.stage))
        moves.move(item, to=item.stage, seat=self.seat, at=self.now, anchors=anchors)

    def take_back(self) -> None:
        """Move and undo at once, so that the thirty seconds of real time hold."""
        item, kind = self.any_item(), self.rng.choice(list(self.world.stages))
        moved = moves.move(item, to=self.world.stages[kind], seat=self.seat, at=self.now)
        if moved.event:
            moves.undo(moved.item, seat=self.seat, at=self.now + timedelta(seconds=2))

    def edit(self) -> None:
        title = f"Another {self.rng.random()}"
        items.edit(self.any_item(), {"title": title}, by=self.seat.user, at=self.now)

    def block(self) -> None:
        items.block(self.any_item(), reason="music rights", by=self.seat.user, at=self.now)

    def unblock(self) -> None:
        for item in ContentItem.objects.exclude(blocked_reason=""):
            items.unblock(item, by=self.seat.user, at=self.now)

    def archive(self) -> None:
        items.archive(self.any_item(), seat=self.seat, at=self.now)

    def restore(self) -> None:
        for item in ContentItem.objects.filter(archived_at__isnull=False).order_by("id")[:1]:
            items.restore(item, seat=self.seat, at=self.now)

    def publish(self) -> None:
        item = self.any_item(archived_at=None)
        since = max(item.idea_at, self.now - timedelta(seconds=self.rng.choice([0, 60, 90_000])))
        publishing.i_posted_it(item, by=self.seat.user, at=self.now, published_at=since)

    def unpublish(self) -> None:
        for publication in Publication.objects.order_by("-id")[:1]:
            reason = "It was the wrong card."
            publishing.remove(publication, seat=self.seat, at=self.now, reason=reason)


@pytest.fixture
def crowded(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Gaps of two between the cards, so that stages are respread all the time."""
    monkeypatch.setattr("production.ordering.GAP", 2)
    return world


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_traffic_the_replay_equals_the_rows(crowded: World, seed: int) -> None:
    traffic = Traffic(crowded, seed)

    traffic.run(160)

    assert differences(crowded.workspace) == []
    board = replayed(crowded.workspace)
    assert board.ties() == []
    for stage in crowded.stages.values():
        in_rows = ContentItem.objects.in_stage(stage).values_list("public_id", flat=True)
        assert board.order(stage.public_id) == list(in_rows)
    # The traffic must have been real, or the comparison says nothing.
    assert traffic.done["move"] > 20
    assert traffic.done["take_back"] > 5
    assert (
        min(traffic.done.get(verb, 0) for verb in ("place", "archive", "publish", "unpublish")) > 2
    )
    assert traffic.refused > 10
    assert ContentItem.objects.filter(rework_count__gt=0).exists()
    assert ContentItem.objects.filter(published_at__isnull=False).exists()


@pytest.mark.parametrize("stamp", [name for name in STAMPS if name != "history_from"])
def test_one_corrupted_stamp_is_found(world: World, stamp: str) -> None:
    item = items.create(world.board, title="Card", seat=world.seat("ann"), at=NOON)
    item.primary_kpi = KpiDefinition.objects.get()
    item.save()
    moves.move(item, to=world.stages["edit"], seat=world.seat("ann"), at=later(5))
    publishing.i_posted_it(item, by=world.ann, at=later(6))
    moves.move(item, to=world.stages["done"], seat=world.seat("ann"), at=later(9))
    moves.move(item, to=world.stages["script"], seat=world.seat("ann"), at=later(9))
    assert differences(world.workspace) == []

    item.refresh_from_db()
    right = getattr(item, stamp)
    wrong = right + 1 if stamp.endswith("_count") else right + timedelta(seconds=1)
    ContentItem.objects.filter(pk=item.pk).update(**{stamp: wrong})

    assert differences(world.workspace) == [Difference(item.public_id, stamp, wrong, right)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("rank", 5), ("title", "Other"), ("archived_at", NOON), ("number", 99)],
)
def test_any_other_corruption_is_found_too(world: World, field: str, value: object) -> None:
    item = items.create(world.board, title="Card", seat=world.seat("ann"), at=NOON)

    ContentItem.objects.filter(pk=item.pk).update(**{field: value})

    assert len(differences(world.workspace)) == 1


def test_a_card_that_the_log_does_not_know_is_found(world: World) -> None:
    item = items.create(world.board, title="Card", seat=world.seat("ann"), at=NOON)
    ContentItem.objects.filter(pk=item.pk).update(public_id="itm_other")

    assert sorted(differences(world.workspace), key=lambda each: each.row) == [
        Difference(item.public_id, "exists", False, True),
        Difference("itm_other", "exists", True, False),
    ]


def test_a_card_imported_as_published_gets_no_delivery_from_being_tidied_away(
    world: World,
) -> None:
    item = items.create(world.board, title="Old", seat=world.seat("ann"), at=NOON)
    ContentItem.objects.filter(pk=item.pk).update(
        stage=world.stages["learn"],
        history_from=NOON,
        primary_kpi=KpiDefinition.objects.get(),
    )

    moved = moves.move(item, to=world.stages["done"], seat=world.seat("ann"), at=later(5))

    assert moved.item.done_at == later(5)
    assert (moved.item.published_at, moved.item.committed_at) == (None, None)


def test_an_undo_leaves_what_was_posted_in_between(world: World) -> None:
    item = items.create(world.board, title="Card", seat=world.seat("ann"), at=NOON)
    moves.move(item, to=world.stages["edit"], seat=world.seat("ann"), at=NOON)
    publishing.i_posted_it(item, by=world.ann, at=later(1))

    undone = moves.undo(item, seat=world.seat("ann"), at=later(2))

    assert undone.item.published_at == later(1)
    assert undone.item.committed_at is None
    assert differences(world.workspace) == []


def test_back_to_an_earlier_stage_of_the_same_kind_is_rework_in_the_rows_and_in_the_log(
    world: World,
) -> None:
    fine_cut = Stage.objects.create(
        workspace=world.workspace, board=world.board, name="Fine cut", kind="edit", position=9
    )
    item = items.create(world.board, title="Card", seat=world.seat("ann"), at=NOON)
    moves.move(item, to=fine_cut, seat=world.seat("ann"), at=later(1))

    moved = moves.move(item, to=world.stages["edit"], seat=world.seat("ann"), at=later(2))

    assert moved.item.rework_count == 1
    assert differences(world.workspace) == []


def test_undoing_a_request_leaves_rows_and_log_alike(world: World) -> None:
    item = items.create(world.board, title="Card", seat=world.seat("ann"), at=NOON)
    with coming_from("page", "one-drop"):
        moves.move(item, to=world.stages["edit"], seat=world.seat("ann"), at=NOON)

    undo.undo_request("one-drop", seat=world.seat("ann"), at=later(2))

    item.refresh_from_db()
    assert item.stage == world.stages["idea"]
    assert item.committed_at is None
    assert differences(world.workspace) == []
