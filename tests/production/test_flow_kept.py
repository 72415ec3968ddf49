"""What is kept of the flow, beside the same figures counted anew, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.cache.backends.dummy import DummyCache

from production import boards, flowsettings, imports, items, moves, publishing, workspaces
from production.flowview import days, kept, news, published
from production.models import ContentItem, Publication, Workspace
from tests.people import World
from tests.production.imports.boards import as_bytes, document
from tests.production.test_flowview import (
    NIGHT,
    Busy,
    Told,
    at,
    every_figure,
    figures,
    is_out,
    publish,
)

LONG_AGO: dict[str, object] = {"from": "2019-04-01", "to": "2019-12-31"}
QUERIES: tuple[dict[str, object], ...] = ({}, {"days": 90}, LONG_AGO)


@pytest.fixture(autouse=True)
def remembering(settings: Any) -> None:
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "flow"}}
    cache.clear()


@pytest.fixture
def counted() -> Iterator[dict[str, int]]:
    """How often everything was counted anew."""
    times = {"changes": 0, "published": 0}

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            times[name] += kept.cache is cache
            return real(*args)

        return call

    with (
        patch.object(days, "changes", counting("changes", days.changes)),
        patch.object(published, "read", counting("published", published.read)),
    ):
        yield times


def shown(world: World, now: datetime, query: dict[str, object]) -> dict[str, object]:
    found = figures(world, now, **query)
    by_column = {c.id: found.traffic(c.id) for c in found.columns.all()}
    told = every_figure(found) | {"traffic": by_column}
    return {name: told[name] for name in told.keys() - {"ask", "columns"}}


def differing(world: World, now: datetime = NIGHT) -> set[str]:
    """The figures that what is kept makes different from those counted anew."""
    found = set()
    for query in QUERIES:
        from_kept = shown(world, now, query)
        with patch.object(kept, "cache", DummyCache("", {})):
            anew = shown(world, now, query)
        found |= {f"{name} {query}" for name in anew if anew[name] != from_kept[name]}
    return found


class Watched(Busy):
    """The same traffic; the figures are asked for again and again."""

    def run(self, steps: int) -> None:
        for _ in range(12):
            super(Busy, self).run(steps // 12)
            assert differing(self.world, self.now) == set()
            if self.rng.random() < 0.3:
                edit, name = self.world.stages["edit"], f"Fine cut {self.now}"
                boards.split_stage(edit, name, seat=self.seat, at=self.now)


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_after_any_traffic_what_is_kept_is_what_a_replay_says(
    world: World, seed: int, counted: dict[str, int]
) -> None:
    traffic = Watched(world, seed)
    traffic.run(180)
    told = Told(world, traffic.now)

    found = figures(world, traffic.now)

    assert counted["changes"] < 12 * len(QUERIES), "nothing was brought up to date"
    assert [day.n for day in found.wip] == told.at_day_ends(lambda stay: stay.in_progress)
    assert [day.reached[-1] for day in found.cfd.days] == told.at_day_ends(is_out)
    assert set(found.unknown.no_beginning) == set(told.out()) - told.leads().keys()
    assert {each.id: each.lead for each in found.scatter.points} == told.leads()


# One thing happens, and the next figures are right


@pytest.fixture
def six(world: World) -> list[ContentItem]:
    return [publish(world, f"Card {n}", 1, 2, 3 * n + 1, 2, 1) for n in range(6)]


@pytest.fixture
def busy(world: World) -> ContentItem:
    kpi = {"primary_kpi": world.workspace.kpidefinitions.get()}
    item = items.create(world.board, title="Busy", seat=world.seat("ann"), at=at(1), values=kpi)
    return moves.move(item, to=world.stages["edit"], seat=world.seat("ann"), at=at(3)).item


def ask_all(world: World) -> None:
    for query in QUERIES:
        shown(world, NIGHT, query)


@pytest.mark.parametrize("times", [1, 3])
def test_a_move_of_work_counts_nothing_anew(
    world: World, six: list[ContentItem], busy: ContentItem, counted: dict[str, int], times: int
) -> None:
    ask_all(world)
    before = dict(counted)
    for n in range(times):
        to = world.stages["shoot" if n % 2 else "publish"]
        busy = moves.move(busy, to=to, seat=world.seat("ann"), at=at(5 + n)).item
        another = {"title": "New", "seat": world.seat("ann"), "at": at(6 + n)}
        items.create(world.board, **another)

        ask_all(world)

    assert counted == before
    assert differing(world) == set()


def the_last(world: World) -> ContentItem:
    return ContentItem.objects.filter(published_at__isnull=False).latest("pk")


def it_comes_out(world: World, busy: ContentItem) -> None:
    publishing.i_posted_it(busy, by=world.ann, at=at(50))


def it_came_out_yesterday(world: World, busy: ContentItem) -> None:
    publishing.i_posted_it(busy, by=world.ann, at=at(50), published_at=at(20))


def one_never_was_out(world: World, busy: ContentItem) -> None:
    publication = Publication.objects.get(item=the_last(world))
    publishing.remove(publication, seat=world.seat("ann"), at=at(60), reason="The wrong card.")


def one_goes_back(world: World, busy: ContentItem) -> None:
    there = the_last(world)
    moves.move(there, to=world.stages["learn"], seat=world.seat("ann"), at=at(60))
    moves.move(there, to=world.stages["edit"], seat=world.seat("ann"), at=at(61))


def a_slip_is_undone(world: World, busy: ContentItem) -> None:
    seat = world.seat("ann")
    moved = moves.move(busy, to=world.stages["idea"], seat=seat, at=at(60))
    shown(world, NIGHT, {})
    moves.undo(moved.item, seat=seat, at=at(60))


def a_stage_is_split(world: World, busy: ContentItem) -> None:
    boards.split_stage(world.stages["edit"], "Fine cut", seat=world.seat("ann"), at=at(60))


def a_stage_is_retired(world: World, busy: ContentItem) -> None:
    to = world.stages["publish"]
    boards.retire_stage(world.stages["edit"], to=to, seat=world.seat("ann"), at=at(60))


def a_stage_waits(world: World, busy: ContentItem) -> None:
    boards.change_stage(
        world.stages["script"], {"waiting": True}, seat=world.seat("ann"), at=at(60)
    )


def the_work_is_put_away(world: World, busy: ContentItem) -> None:
    items.archive(busy, seat=world.seat("ann"), at=at(60))


def what_is_out_is_put_away(world: World, busy: ContentItem) -> None:
    items.archive(the_last(world), seat=world.seat("ann"), at=at(60))


def the_board_is_archived(world: World, busy: ContentItem) -> None:
    boards.add("Another", seat=world.seat("ann"), at=at(59))
    boards.archive(world.board, seat=world.seat("ann"), at=at(60))


def the_clock_starts_later(world: World, busy: ContentItem) -> None:
    flowsettings.change(
        {"clock_start": "commitment"}, waiting=None, seat=world.seat("ann"), at=at(60)
    )


def the_target_is_another(world: World, busy: ContentItem) -> None:
    flowsettings.change({"target_hours": 9}, waiting=None, seat=world.seat("ann"), at=at(60))


def the_zone_is_another(world: World, busy: ContentItem) -> None:
    workspaces.change({"time_zone": "Pacific/Auckland"}, seat=world.seat("ann"), at=at(60))


def old_cards_are_brought_in(world: World, busy: ContentItem) -> None:
    seat = world.seat("ann")
    run = imports.receive(as_bytes(document()), "board.json", seat=seat, at=at(60)).run
    run = imports.apply(imports.begin(run, seat=seat, at=at(60)))
    assert (
        figures(world, **LONG_AGO).wip[-1].n or figures(world, **LONG_AGO).cfd.days[-1].reached[0]
    )


def an_import_is_undone(world: World, busy: ContentItem) -> None:
    seat = world.seat("ann")
    run = imports.receive(as_bytes(document()), "board.json", seat=seat, at=at(60)).run
    run = imports.apply(imports.begin(run, seat=seat, at=at(60)))
    ask_all(world)
    imports.undo(run, seat=seat, at=at(61))


HAPPENINGS = (
    it_comes_out, it_came_out_yesterday, one_never_was_out, one_goes_back, a_slip_is_undone,
    a_stage_is_split, a_stage_is_retired, a_stage_waits, the_work_is_put_away,
    what_is_out_is_put_away, the_board_is_archived, the_clock_starts_later, the_target_is_another,
    the_zone_is_another, old_cards_are_brought_in, an_import_is_undone,
)  # fmt: skip


@pytest.mark.parametrize("happens", HAPPENINGS, ids=lambda happens: happens.__name__)
def test_what_happens_is_in_the_next_figures(
    world: World,
    six: list[ContentItem],
    busy: ContentItem,
    happens: Callable[[World, ContentItem], None],
) -> None:
    ask_all(world)
    seq = Workspace.objects.get(pk=world.workspace.pk).last_seq

    happens(world, busy)

    assert Workspace.objects.get(pk=world.workspace.pk).last_seq > seq
    assert differing(world) == set()


def test_an_event_of_an_earlier_day_changes_the_days_since(
    world: World, six: list[ContentItem], busy: ContentItem
) -> None:
    before = [day.n for day in figures(world).wip]
    late = items.create(world.board, title="Late", seat=world.seat("ann"), at=at(30))
    moves.move(late, to=world.stages["edit"], seat=world.seat("ann"), at=at(31))

    with patch.object(days, "changes", side_effect=AssertionError("counted anew")):
        after = [day.n for day in figures(world).wip]

    assert [b - a for a, b in zip(before, after, strict=True)] == [0] * 20 + [1] * 10
    assert differing(world) == set()


def test_what_was_read_while_somebody_wrote_is_not_kept(
    world: World, six: list[ContentItem], busy: ContentItem
) -> None:
    """The rows may already hold a later event: counted upon, it would count twice."""
    real = days.changes

    def meanwhile(*args: Any) -> Any:
        with patch.object(days, "changes", real):
            publishing.i_posted_it(busy, by=world.ann, at=at(70))
            figures(world)
        return real(*args)

    with patch.object(days, "changes", meanwhile):
        assert figures(world).cfd.days[-1].reached[-1] == 7

    moves.move(busy, to=world.stages["publish"], seat=world.seat("ann"), at=at(71))
    assert differing(world) == set()


def test_so_much_news_is_counted_anew(
    world: World, six: list[ContentItem], busy: ContentItem, monkeypatch: pytest.MonkeyPatch,
    counted: dict[str, int],
) -> None:  # fmt: skip
    monkeypatch.setattr(news, "MOST_EVENTS", 2)
    ask_all(world)
    before = counted["changes"]
    for n in range(3):
        title = f"Idea {n}"
        items.create(world.board, title=title, seat=world.seat("ann"), at=at(80 + n))

    ask_all(world)

    assert counted["changes"] == before + len(QUERIES)
    assert differing(world) == set()
