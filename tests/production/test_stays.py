"""How long every item stood where: the rows, the fold, and a replay that shares no code."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from production import boards, items, moves, publishing, replay, stays
from production.flow import KINDS
from production.models import ContentItem, Event, ReaderCursor, Stage, Stay, Workspace
from production.rebuild import differences, rebuild
from production.stays import reader
from tests.people import NOON, World, make_world
from tests.production.test_replay_rows import Traffic

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Life:
    """One item's random life as the log would tell it: slips, archives, a stage that is retired."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.events: list[dict[str, Any]] = []
        self.now = MONDAY
        self.stages = [
            {"id": f"stg_{number}", "name": kind, "kind": kind, "position": number}
            for number, kind in enumerate([*KINDS, "edit", "shoot"])
        ]
        self.here = self.rng.choice(self.stages)
        self.archived, self.out, self.moves = False, list[str](), list[dict[str, Any]]()
        self.create()
        for _ in range(self.rng.randint(1, 25)):
            self.now += timedelta(seconds=self.rng.choice([0, 0, 1, 600, 40_000]))
            if self.rng.random() < 0.05:
                self.now -= timedelta(minutes=5)  # the clock of another machine
            self.rng.choice(
                [self.move, self.move, self.move, self.move, self.slip, self.archive]
                + [self.restore, self.block, self.unblock, self.publish, self.remove, self.migrate]
            )()

    def add(self, type: str, subject: str = "itm_1", **data: Any) -> int:
        seq = 3 * len(self.events) + 1
        source = "migration" if type == stays.fold.MIGRATED else "page"
        self.events.append(
            {"seq": seq, "type": type, "subject": subject, "occurred_at": self.now,
             "source": source, "data": data}
        )  # fmt: skip
        return seq

    def create(self) -> None:
        data: dict[str, Any] = {"key": "VID-1", "title": "Life", "board": "brd_1", "rank": 1}
        if self.rng.random() < 0.2:
            data["history_from"] = (self.now + HOUR).isoformat()
        if self.rng.random() < 0.2:
            data["idea_at"] = (self.now - 30 * HOUR).isoformat()
        self.add("item.created", stage=self.here, **data)

    def move(self) -> None:
        to = self.rng.choice([each for each in self.stages if each != self.here])
        data = {"from": self.here, "to": to, "rank": 1, "was_rank": 1}
        self.moves.append({"seq": self.add("item.moved", **data), "from": self.here})
        self.here = to

    def slip(self) -> None:
        self.move()
        last = self.moves.pop()
        data = {"from": self.here, "to": last["from"], "rank": 1, "voids": last["seq"]}
        self.now += timedelta(seconds=3)
        self.add("item.move_undone", **data)
        self.here = last["from"]

    def archive(self) -> None:
        if not self.archived:
            self.add("item.archived", stage=self.here)
            self.archived = True

    def restore(self) -> None:
        if self.archived:
            if self.rng.random() < 0.3:
                self.here = self.rng.choice(self.stages)
            self.add("item.restored", stage=self.here, rank=1)
            self.archived = False

    def block(self) -> None:
        self.add("item.blocked", reason="music rights")

    def unblock(self) -> None:
        self.add("item.unblocked", reason="music rights")

    def publish(self) -> None:
        since = self.now - timedelta(seconds=self.rng.choice([0, 0, 30, 50_000]))
        self.out.append(f"pub_{len(self.events)}")
        self.add("publication.published", publication=self.out[-1], published_at=since.isoformat())

    def remove(self) -> None:
        if self.out:
            self.add("publication.removed", publication=self.out.pop())

    def migrate(self) -> None:
        """The stage that the item stands in is retired into another."""
        to = self.rng.choice([each for each in self.stages if each != self.here])
        data = {"items": {"itm_1": 1}, "from": self.here, "to": to}
        self.add(stays.fold.MIGRATED, "brd_1", **data)
        self.here = to


@pytest.mark.parametrize("seed", range(200))
def test_the_fold_of_any_life_is_what_the_replay_says(seed: int) -> None:
    life = Life(seed)

    folded = stays.pieces(life.events)

    replayed = replay.replay(life.events)
    assert [as_told(piece) for piece in folded] == replayed.stays("itm_1")
    assert folded[-1].left_at is None
    assert folded[-1].stage == replayed.items["itm_1"].stage
    for piece, following in pairwise(folded):
        assert piece.left_at == following.entered_at
    published_at = replayed.items["itm_1"].published_at
    if published_at and published_at > folded[0].entered_at:
        before = [each.lasted for each in folded if not each.after_publication]
        assert sum(before, timedelta(0)) == published_at - folded[0].entered_at


def as_told(piece: stays.Piece) -> replay.Stood:
    return replay.Stood(**{name: getattr(piece, name) for name in replay.Stood.__slots__})


class Remodelling(Traffic):
    """The same traffic on a board whose stages are split and retired meanwhile."""

    def run(self, steps: int) -> None:
        for _ in range(4):
            super().run(steps // 4)
            boards.split_stage(
                self.world.stages["edit"], f"Fine cut {self.now}", seat=self.seat, at=self.now
            )
            retired = Stage.objects.filter(kind="shoot", retired_at=None).last()
            assert retired is not None
            self.world.stages["shoot"] = boards.add_stage(
                self.world.board, {"name": f"Shoot {self.now}", "kind": "shoot"},
                seat=self.seat, at=self.now,
            )  # fmt: skip
            items.create(
                self.world.board, title="Caught", seat=self.seat, at=self.now, stage=retired
            )
            boards.retire_stage(retired, to=self.world.stages["edit"], seat=self.seat, at=self.now)
            stays.catch_up(self.world.workspace)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_after_any_traffic_the_stays_are_those_of_the_log(world: World, seed: int) -> None:
    traffic = Remodelling(world, seed)

    traffic.run(100)

    assert differences(world.workspace) == []
    assert Stay.objects.filter(archived=True).exists()
    assert Stay.objects.filter(after_publication=True).exists()
    assert Stay.objects.filter(blocked__gt=timedelta(0)).exists()
    assert Event.objects.filter(type="stage.migrated").count() == 4
    # Every stamp is where a stay begins: both are folds of the same log.
    for item in ContentItem.objects.filter(published_at__isnull=False):
        begins = item.stays.filter(after_publication=True).order_by("entered_at", "pk").first()
        assert begins is not None
        assert begins.entered_at >= item.published_at
    rows = list(Stay.objects.order_by("item", "entered_at", "pk").values_list(*ROW))
    assert rebuild(world.workspace) == []
    assert list(Stay.objects.order_by("item", "entered_at", "pk").values_list(*ROW)) == rows


ROW = (
    "item", "stage", "board", "kind", "entered_at", "left_at", "lasted", "arrived", "departed",
    "archived", "committed", "in_progress", "after_publication", "published_at", "blocked",
)  # fmt: skip


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.fixture
def published(world: World) -> ContentItem:
    """Two hours an idea, three in script, one in edit with half an hour blocked, then out."""
    seat = world.seat("ben")
    item = items.create(
        world.board, title="Card", seat=seat, at=at(0),
        values={"primary_kpi": world.workspace.kpidefinitions.get()},
    )  # fmt: skip
    moves.move(item, to=world.stages["script"], seat=seat, at=at(2))
    moves.move(item, to=world.stages["edit"], seat=seat, at=at(5))
    items.block(item, reason="music rights", by=world.ben, at=at(5.25))
    items.unblock(item, by=world.ben, at=at(5.75))
    publishing.i_posted_it(item, by=world.ben, at=at(6))
    stays.catch_up(world.workspace)
    return ContentItem.objects.get(pk=item.pk)


def in_words(item: ContentItem) -> list[str]:
    """Each stay as `kind from-to`, in hours, with `+b` blocked, `archived`, `after`."""
    said = []
    for stay in item.stays.order_by("entered_at", "pk"):
        begin, end = (
            None if each is None else (each - NOON) / HOUR
            for each in (stay.entered_at, stay.left_at)
        )
        words = [f"{stay.stage.kind} {begin:g}-{'' if end is None else format(end, 'g')}"]
        words += [f"+{stay.blocked / HOUR:g}"] if stay.blocked else []
        words += ["archived"] if stay.archived else []
        words += ["after"] if stay.after_publication else []
        said.append(" ".join(words))
    return said


OUT = ["idea 0-2", "script 2-5", "edit 5-6 +0.5"]


def test_a_card_leaves_its_stays_behind(published: ContentItem) -> None:
    assert in_words(published) == [*OUT, "edit 6- after"]
    first, _, cut, rest = published.stays.order_by("entered_at", "pk")
    assert (first.arrived, first.departed, first.lasted) == (True, True, 2 * HOUR)
    # At publication the card stayed where it was.
    assert (cut.arrived, cut.departed) == (True, False)
    assert (rest.arrived, rest.departed, rest.lasted) == (False, False, None)


def test_what_comes_after_publication_changes_no_stay_before_it(
    world: World, published: ContentItem
) -> None:
    seat = world.seat("ann")
    moves.move(published, to=world.stages["learn"], seat=seat, at=at(30))
    moves.move(published, to=world.stages["done"], seat=seat, at=at(40))
    items.archive(published, seat=seat, at=at(50))
    stays.catch_up(world.workspace)

    assert in_words(published) == [
        *OUT, "edit 6-30 after", "learn 30-40 after", "done 40-50 after", "done 50- archived after",
    ]  # fmt: skip


def test_renaming_splitting_and_retiring_stages_changes_no_stay_of_what_is_out(
    world: World, published: ContentItem
) -> None:
    seat = world.seat("ann")
    boards.change_stage(world.stages["script"], {"name": "Writing"}, seat=seat, at=at(7))
    boards.change_stage(world.stages["idea"], {"waiting": True}, seat=seat, at=at(7))
    boards.split_stage(world.stages["edit"], "Fine cut", seat=seat, at=at(8))
    boards.retire_stage(world.stages["edit"], to=world.stages["publish"], seat=seat, at=at(9))
    stays.catch_up(world.workspace)

    assert in_words(published) == [*OUT, "edit 6-9 after", "publish 9- after"]
    assert ContentItem.objects.get(pk=published.pk).published_at == at(6)
    assert differences(world.workspace) == []


def test_a_slip_taken_back_leaves_no_stay(world: World, published: ContentItem) -> None:
    moved = moves.move(published, to=world.stages["shoot"], seat=world.seat("ben"), at=at(7))
    stays.catch_up(world.workspace)
    assert in_words(published) == [*OUT, "edit 6-7 after", "shoot 7- after"]

    moves.undo(moved.item, seat=world.seat("ben"), at=at(7))
    stays.catch_up(world.workspace)

    assert in_words(published) == [*OUT, "edit 6- after"]


def test_a_publication_taken_away_joins_what_it_cut(world: World, published: ContentItem) -> None:
    publication = published.publications.get()
    publishing.remove(publication, seat=world.seat("ann"), at=at(9), reason="The wrong card.")
    stays.catch_up(world.workspace)

    assert in_words(published) == [*OUT[:2], "edit 5-"]


def test_in_the_archive_a_card_goes_on_but_not_as_work(world: World) -> None:
    seat = world.seat("ann")
    item = items.create(world.board, title="Card", seat=seat, at=at(0))
    items.archive(item, seat=seat, at=at(1))
    items.restore(item, seat=seat, at=at(4))
    stays.catch_up(world.workspace)

    assert in_words(item) == ["idea 0-1", "idea 1-4 archived", "idea 4-"]


def test_a_retired_stage_hands_its_cards_over_without_a_move(world: World) -> None:
    seat = world.seat("ann")
    item = items.create(world.board, title="Card", seat=seat, at=at(0))
    moves.move(item, to=world.stages["shoot"], seat=seat, at=at(1))
    boards.retire_stage(world.stages["shoot"], to=world.stages["edit"], seat=seat, at=at(3))
    stays.catch_up(world.workspace)

    assert in_words(item) == ["idea 0-1", "shoot 1-3", "edit 3-"]


def test_only_items_with_news_are_folded_and_what_is_right_stays(
    world: World, published: ContentItem
) -> None:
    other = items.create(world.board, title="Other", seat=world.seat("ann"), at=at(0))
    stays.catch_up(world.workspace)
    before = set(Stay.objects.values_list("pk", flat=True))

    moves.move(other, to=world.stages["script"], seat=world.seat("ann"), at=at(1))
    stays.catch_up(world.workspace)

    after = set(Stay.objects.values_list("pk", flat=True))
    assert len(before - after) == 1
    assert len(after - before) == 2
    assert set(published.stays.values_list("pk", flat=True)) <= before & after


def test_many_items_cost_as_many_statements_as_one(world: World) -> None:
    def cost_of(count: int) -> int:
        for number in range(count):
            items.create(world.board, title=f"Card {number}", seat=world.seat("ann"), at=at(0))
        with CaptureQueriesContext(connection) as asked:
            stays.catch_up(world.workspace)
        return len(asked)

    cost_of(1)

    assert cost_of(1) == cost_of(12)


def test_nothing_new_is_nothing_to_do(world: World, published: ContentItem) -> None:
    assert stays.catch_up(world.workspace) is False
    assert stays.behind() == []
    last = Workspace.objects.get(pk=world.workspace.pk).last_seq
    assert ReaderCursor.objects.get(reader=stays.READER).seq == last


def test_the_log_is_read_in_stretches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("production.stays.reader.STRETCH", 7)
    monkeypatch.setattr("production.stays.reader.AT_ONCE", 3)
    Traffic(world, 5).run(60)

    assert stays.catch_up(world.workspace) is True

    assert differences(world.workspace) == []


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("left_at", at(4)),
        ("entered_at", at(2.5)),
        ("lasted", HOUR),
        ("blocked", HOUR),
        ("kind", "learn"),
        ("archived", True),
        ("in_progress", False),
        ("committed", False),
        ("after_publication", True),
        ("published_at", at(5.5)),
        ("arrived", False),
        ("departed", False),
        ("stage", None),
    ],
)
def test_one_corrupted_stay_is_found_and_mended(
    world: World, published: ContentItem, field: str, wrong: object
) -> None:
    assert differences(world.workspace) == []
    script = published.stays.get(kind="script")
    Stay.objects.filter(pk=script.pk).update(**{field: wrong})

    found = differences(world.workspace)

    assert [(each.item, each.field) for each in found] == [(published.public_id, "stay 2")]
    rebuild(world.workspace)
    assert differences(world.workspace) == []


def test_a_stay_too_few_or_too_many_is_found(world: World, published: ContentItem) -> None:
    last = published.stays.get(left_at=None)
    last.delete()
    assert [each.field for each in differences(world.workspace)] == ["stay 4"]

    published.stays.all().delete()
    assert [each.field for each in differences(world.workspace)] == ["stay 1"]


def test_a_stage_that_an_undone_import_brought_leaves_the_time_without_its_name(
    world: World, published: ContentItem
) -> None:
    Stage.objects.filter(pk=world.stages["script"].pk).delete()

    stay = published.stays.get(kind="script")
    assert (stay.stage, stay.lasted) == (None, 3 * HOUR)
    assert differences(world.workspace) == []


def test_a_card_that_the_log_contradicts_keeps_nobody_waiting(
    world: World, published: ContentItem
) -> None:
    ReaderCursor.objects.all().delete()
    other = items.create(world.board, title="Other", seat=world.seat("ann"), at=at(0))
    Event.objects.create(
        workspace=world.workspace, seq=world.workspace.last_seq + 999, type="item.move_undone",
        subject=published.public_id, subject_seq=999, occurred_at=at(9),
        data={"voids": 123_456, "from": {"id": "a", "kind": "edit"},
              "to": {"id": "a", "kind": "edit"}},
    )  # fmt: skip

    stays.catch_up(world.workspace)

    assert in_words(other) == ["idea 0-"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_do_the_work_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    for number in range(20):
        items.create(world.board, title=f"Card {number}", seat=world.seat("ann"), at=at(0))
    refold, folded, together = reader.refold, list[str](), Barrier(4)
    monkeypatch.setattr(
        reader, "refold", lambda workspace, some: (folded.extend(some), refold(workspace, some))
    )

    def read() -> None:
        together.wait()
        try:
            stays.catch_up(world.workspace)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(read) for _ in range(4)]:
            done.result()

    assert len(folded) == len(set(folded)) == 20
    assert differences(world.workspace) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_page_does_not_wait_for_a_reader_at_work() -> None:
    world = make_world()
    items.create(world.board, title="Card", seat=world.seat("ann"), at=at(0))

    def read() -> bool:
        try:
            return stays.catch_up(world.workspace, wait=False)
        finally:
            connection.close()

    ReaderCursor.objects.create(workspace=world.workspace, reader=stays.READER)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ReaderCursor.objects.select_for_update().get(reader=stays.READER)
            assert pool.submit(read).result() is True
            assert not Stay.objects.exists()
        pool.submit(read).result()

    assert Stay.objects.count() == 1
