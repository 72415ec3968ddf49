"""The line above a board and the flow page say the same of the last thirty days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from production import boardview, flowview
from production.models import ContentItem, Workspace
from tests.people import World

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)  # ten o'clock in Helsinki
FIRST_DAY = datetime(2026, 10, 25, 22, tzinfo=UTC)  # 26 October begins there, in winter time


def publish(world: World, out: datetime, hours: int) -> None:
    item = world.item("Out", stage="learn")
    idea, committed = out - timedelta(hours=hours), out - timedelta(hours=hours / 2)
    ContentItem.objects.filter(pk=item.pk).update(
        idea_at=idea, committed_at=committed, published_at=out
    )


@pytest.mark.parametrize("clock", ["idea", "commitment"])
def test_the_board_says_what_the_flow_page_says(world: World, clock: str) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(clock_start=clock)
    world.workspace.refresh_from_db()
    publish(world, FIRST_DAY, 10)
    publish(world, FIRST_DAY - timedelta(microseconds=1), 900)
    for day in range(1, 12):
        publish(world, NOW - timedelta(days=day), 20 + 9 * day)

    board = boardview.headline(world.workspace, NOW).promise
    page = flowview.of_workspace(world.workspace, NOW).headline.now

    assert (board.n, board.no_history) == (page.n, page.no_history) == (12, 0)
    assert (board.p50, board.p85) == (page.p50.lead, page.p85.lead)
    assert board.within_target == page.within.value
