"""A move holds the board, then the item, and reads what others have left when it had to wait."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection, connections, transaction

from production import moves
from production.errors import Refused
from production.models import Board, ContentItem
from production.moves import Moved, Names
from tests.people import NOON, World, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, who holds everything")


@pytest.fixture
def world() -> World:
    return make_world()


class Other:
    """Somebody else's transaction, which holds one row."""

    def __init__(self, model: type[Board | ContentItem], pk: int) -> None:
        self.connection = connection.copy()
        self.connection.set_autocommit(False)
        self.execute(f"SELECT id FROM {model._meta.db_table} WHERE id = %s FOR UPDATE", pk)

    def execute(self, statement: str, *values: object) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)

    def commit(self) -> None:
        self.connection.commit()

    def close(self) -> None:
        self.connection.close()


@contextmanager
def ben_waits(
    world: World, item: ContentItem, held: type[Board | ContentItem]
) -> Iterator[tuple[Other, Future[Moved]]]:
    """Ben's move of the item to *script*, which waits for somebody who holds the row."""

    def move() -> Moved:
        try:
            names = Names(item.public_id, world.stages["script"].public_id)
            return moves.move_named(names, seat=world.seat("ben"), at=NOON)
        finally:
            connections.close_all()

    other = Other(held, world.board.pk if held is Board else item.pk)
    with ThreadPoolExecutor(1) as pool:
        try:
            moving = pool.submit(move)
            until = monotonic() + 10
            while not _is_anybody_waiting() and monotonic() < until:
                sleep(0.02)
            assert not moving.done()
            yield other, moving
        finally:
            other.close()


def _is_anybody_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def _is_free(model: type[Board | ContentItem], pk: int) -> bool:
    try:
        with transaction.atomic():
            model.objects.select_for_update(nowait=True).get(pk=pk)
    except OperationalError:
        return False
    return True


def test_who_waits_for_the_item_has_the_board_already(world: World) -> None:
    item = world.item()
    with ben_waits(world, item, ContentItem) as (other, moving):
        assert not _is_free(Board, world.board.pk)
        other.commit()
        assert moving.result(10).item.stage.kind == "script"


def test_who_waits_for_the_board_does_not_have_the_item(world: World) -> None:
    item = world.item()
    with ben_waits(world, item, Board) as (other, moving):
        assert _is_free(ContentItem, item.pk)
        other.commit()
        assert moving.result(10).item.stage.kind == "script"


@pytest.mark.parametrize("held", [Board, ContentItem])
def test_who_had_to_wait_reads_the_item_as_it_was_left(
    world: World, held: type[Board | ContentItem]
) -> None:
    item, shoot = world.item(), world.stages["shoot"]
    with ben_waits(world, item, held) as (other, moving):
        other.execute(
            "UPDATE production_contentitem SET stage_id = %s, version = 7, title = 'Changed' "
            "WHERE id = %s",
            shoot.pk,
            item.pk,
        )
        other.commit()
        moved = moving.result(10)

    assert (moved.item.version, moved.item.title) == (8, "Changed")
    assert moved.event is not None
    assert moved.event.data["from"]["kind"] == "shoot"


def test_who_had_to_wait_sees_the_stages_as_they_were_left(world: World) -> None:
    item, script = world.item(), world.stages["script"]
    with ben_waits(world, item, Board) as (other, moving):
        other.execute("UPDATE production_stage SET retired_at = now() WHERE id = %s", script.pk)
        other.commit()
        with pytest.raises(Refused) as refused:
            moving.result(10)

    assert [each.code for each in refused.value.refusals] == ["stage_retired"]
