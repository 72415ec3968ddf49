"""The figures of flow, from the stored stays and stamps."""

from __future__ import annotations

from production import flowview
from tests.people import World
from tests.production.test_replay_rows import Traffic


def test_every_figure_of_some_traffic(world: World) -> None:
    traffic = Traffic(world, 4)
    traffic.run(120)
    found = flowview.of_workspace(world.workspace, traffic.now)

    assert found.wip[-1].n == found.ageing.n > 0
    assert found.cfd.days[-1].reached[-1] == found.headline.now.n + found.headline.now.no_history
    assert found.throughput.n == len(found.deliveries)
