"""The figures of flow from the stored rows, beside the same figures from a replay of the log."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from production import (
    bands,
    boards,
    flow,
    flowsettings,
    flowview,
    items,
    moves,
    publishing,
    replay,
)
from production.errors import Invalid
from production.flowview import published
from production.models import Board, Channel, ContentItem, Stage, Workspace
from production.rebuild import replayed
from tests.people import NOON, World
from tests.production.test_replay_rows import Traffic

HOUR = timedelta(hours=1)
HELSINKI = ZoneInfo("Europe/Helsinki")
NIGHT = NOON + timedelta(days=10)


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


def ask_of(world: World, now: datetime = NIGHT, **query: object) -> flowview.Ask:
    workspace = Workspace.objects.get(pk=world.workspace.pk)
    return flowview.Ask.of(query, workspace, now, user=world.ann)


def figures(world: World, now: datetime = NIGHT, **query: object) -> flowview.Flow:
    return flowview.read(ask_of(world, now, **query))


def every_figure(found: flowview.Flow) -> dict[str, object]:
    names = [n for n in vars(type(found)) if not n.startswith("_")]
    return {name: getattr(found, name) for name in names if not callable(getattr(found, name))}


# A replay of the log says the same


class Told:
    """The same figures, reckoned by hand from what a replay of the log says."""

    def __init__(self, world: World, now: datetime) -> None:
        self.log, self.now = replayed(world.workspace), now
        self.items = self.log.items
        self.today = now.astimezone(HELSINKI).date()
        self.days = [self.today - timedelta(days=n) for n in reversed(range(30))]

    def day(self, moment: datetime) -> date:
        return moment.astimezone(HELSINKI).date()

    def out(self) -> list[str]:
        days = set(self.days)
        return [
            i
            for i, item in self.items.items()
            if item.published_at and self.day(item.published_at) in days
        ]

    def lead(self, id: str, *, commitment: bool) -> timedelta | None:
        item = self.items[id]
        since = item.committed_at if commitment else item.idea_at
        unknown = item.history_from and (
            not commitment or since is None or since <= item.history_from
        )
        if since is None or unknown or item.published_at is None or item.published_at <= since:
            return None
        return item.published_at - since

    def leads(self, *, commitment: bool = False) -> dict[str, timedelta]:
        found = {id: self.lead(id, commitment=commitment) for id in self.out()}
        return {id: lead for id, lead in found.items() if lead is not None}

    def at_day_ends(self, counts) -> list[int]:  # type: ignore[no-untyped-def]
        """How many stays that `counts` holds were going on when each day ended."""
        stays = [s for id in self.items for s in self.log.stays(id) if counts(s)]
        return [
            sum(
                self.day(s.entered_at) <= day and (s.left_at is None or self.day(s.left_at) > day)
                for s in stays
            )
            for day in self.days
        ]

    def hours_by_stage(self, ids: list[str], *, commitment: bool) -> dict[str, timedelta]:
        sums: dict[str, timedelta] = defaultdict(timedelta)
        for id in ids:
            since = self.items[id].committed_at if commitment else None
            for stay in self.log.stays(id):
                if not stay.after_publication and (since is None or stay.entered_at >= since):
                    sums[stay.stage] += stay.left_at - stay.entered_at
        return {stage: time for stage, time in sums.items() if time}


def nearest_rank(leads: list[timedelta], share: float) -> timedelta:
    return sorted(leads)[math.ceil(share * len(leads)) - 1]


def is_out(stay: replay.Stood) -> bool:
    return stay.after_publication or stay.kind in ("learn", "done")


class Busy(Traffic):
    """More cards, so that more of them come out."""

    def run(self, steps: int) -> None:
        for _ in range(12):
            self.create()
        super().run(steps // 2)
        for item in ContentItem.objects.filter(published_at=None, archived_at=None)[:6]:
            publishing.i_posted_it(item, by=self.seat.user, at=self.now)
        super().run(steps // 2)


@pytest.mark.parametrize("seed", [21, 22])
@pytest.mark.parametrize("clock", ["idea", "commitment"])
def test_every_figure_is_what_a_replay_says(world: World, seed: int, clock: str) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(clock_start=clock)
    Stage.objects.filter(kind__in=["idea", "publish"]).update(waiting=True)
    traffic = Busy(world, seed)
    traffic.run(150)
    told = Told(world, traffic.now)
    leads = told.leads(commitment=clock == "commitment")

    found = figures(world, traffic.now)

    assert len(leads) >= flow.FEWEST, "the traffic says nothing"
    headline = found.headline.now
    assert (headline.n, headline.no_history) == (len(leads), len(told.out()) - len(leads))
    assert headline.p50.lead == nearest_rank([*leads.values()], 0.50)
    assert headline.p85.lead == nearest_rank([*leads.values()], 0.85)
    assert headline.hits == sum(lead <= 72 * HOUR for lead in leads.values())
    assert {each.id: each.lead for each in found.scatter.points} == leads
    assert set(found.unknown.no_beginning) == set(told.out()) - leads.keys()
    assert sum(week.figures.n for week in found.trend) == len(leads)
    assert found.throughput.counts == tuple(
        sum(told.day(told.items[id].published_at) == day for id in told.out()) for day in told.days
    )
    assert found.rework.moves_back == sum(told.items[id].rework_count for id in told.out())
    assert set(found.rework.reopened) == {i for i in told.out() if told.items[i].reopened_count}

    assert [day.n for day in found.wip] == told.at_day_ends(lambda stay: stay.in_progress)
    rungs = [each.kind for each in found.cfd.rungs]
    assert rungs == ["idea", "script", "shoot", "edit", "publish"]
    for number, kind in enumerate(rungs):
        there = [day.reached[number] - day.reached[number + 1] for day in found.cfd.days]
        assert there == told.at_day_ends(
            lambda stay, kind=kind: stay.kind == kind and not stay.archived and not is_out(stay)
        )
    assert [day.reached[-1] for day in found.cfd.days] == told.at_day_ends(is_out)

    commitment = clock == "commitment"
    ids = {"all": [*leads], "slow": [each.id for each in found.where.slow]}
    ids["median"] = [found.where.median.id]
    spents = {"all": found.where.all, "slow": found.where.of_slow, "median": found.where.of_median}
    for name, spent in spents.items():
        lengths = {stage: split.length for stage, split in spent.stages.items() if split.length}
        assert lengths == told.hours_by_stage(ids[name], commitment=commitment)
        assert spent.total.length == sum((leads[id] for id in ids[name]), timedelta(0))
    worst = max(leads.values())
    assert found.where.slow[-1].lead == worst
    busy = {id for id, item in told.items.items() if told.log.stays(id)[-1].in_progress}
    assert {each.id for each in found.ageing.items} == busy
    for each in found.ageing.items:
        assert each.age == traffic.now - told.items[each.id].committed_at
    for column in found.columns.all():
        came = sum(each.arrivals - each.departures for each in found.traffic(column.id))
        standing = told.at_day_ends(lambda s, c=column: s.stage == c.id and not s.archived)
        assert came == standing[-1]


def test_the_numbers_of_the_database_are_those_of_the_pure_functions(world: World) -> None:
    traffic = Traffic(world, 31)
    traffic.run(150)
    found = figures(world, traffic.now)
    log = replayed(world.workspace)
    pieces = [
        flow.Piece(id, stay.stage, stay.kind, stay.entered_at, stay.left_at, stay.archived,
                   stay.after_publication, stay.blocked)
        for id in log.items for stay in log.stays(id)
    ]  # fmt: skip
    period = found.ask.period

    assert list(found.wip) == flow.wip(pieces, period)
    assert list(found.cfd.days) == flow.cfd(pieces, period)


def test_deliveries_are_those_of_the_pure_functions(world: World) -> None:
    traffic = Busy(world, 33)
    traffic.run(80)
    ContentItem.objects.filter(pk__in=ContentItem.objects.values("pk")[:2]).update(
        history_from=NOON, published_at=NOON + timedelta(hours=5, microseconds=7)
    )

    found = figures(world, traffic.now)

    assert found.deliveries == tuple(
        flow.delivery(item.public_id, f"VID-{item.number}", item)
        for item in ContentItem.objects.filter(published_at__isnull=False).order_by(
            "published_at", "pk"
        )
    )


# The question


def test_a_question_survives_its_query_string(world: World) -> None:
    channel = Channel.objects.get(workspace=world.workspace)
    query = (
        f"days=90&board={world.board.public_id}&channel={channel.public_id}&channel=none&items=7"
    )

    ask = flowview.Ask.of(QueryDict(query), world.workspace, NIGHT)

    assert ask.query == query
    assert (len(ask.period), ask.items, ask.boards) == (90, 7, (world.board,))


def test_two_dates_are_a_period_too(world: World) -> None:
    ask = ask_of(world, **{"from": "2026-03-01", "to": "2026-03-20"})

    assert (ask.period.start, ask.period.end, len(ask.period)) == (
        date(2026, 3, 1), date(2026, 3, 20), 20,
    )  # fmt: skip
    assert ask.query == "from=2026-03-01&to=2026-03-20"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"day": "30"}, "day"),
        ({"days": "31"}, "days"),
        ({"days": "30", "from": "2026-03-01"}, "days"),
        ({"from": "2026-03-20", "to": "2026-03-01"}, "from"),
        ({"from": "soon"}, "from"),
        ({"to": "2026-03-01"}, "from"),
        ({"from": "2026-03-01", "to": "2027-03-01"}, "to"),
        ({"from": "1990-01-01"}, "from"),
        ({"board": "brd_01M84V9CM2D0E4AKRPGHCN8C3K"}, "board"),
        ({"channel": "TikTok"}, "channel"),
        ({"items": "0"}, "items"),
        ({"by": "2026-03-01"}, "by"),
        ({"by": "2126-03-01"}, "by"),
    ],
)
def test_a_question_that_means_nothing_is_refused(
    world: World, query: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ask_of(world, **query)

    assert list(refused.value.errors) == [field]


def test_a_board_of_somebody_else_is_no_board(world: World, strangers: World) -> None:
    with pytest.raises(Invalid):
        ask_of(world, board=strangers.board.public_id)


# What is published


def publish(world: World, title: str, *hours: float, **values: object) -> ContentItem:
    """A card that stayed so many hours in idea, script, shoot, edit and ready, and then was out."""
    seat, when = world.seat("ben"), 0.0
    kpi = world.workspace.kpidefinitions.get()
    item = items.create(
        world.board, title=title, seat=seat, at=at(when), values={"primary_kpi": kpi, **values}
    )
    for kind, stay in zip(("script", "shoot", "edit", "publish"), hours, strict=False):
        when += stay
        moves.move(item, to=world.stages[kind], seat=seat, at=at(when))
    publishing.i_posted_it(item, by=world.ben, at=at(when + hours[-1]))
    return ContentItem.objects.get(pk=item.pk)


@pytest.fixture
def six(world: World) -> list[ContentItem]:
    """Six cards, out after 20, 30, … 70 hours; all the difference was made in edit."""
    return [publish(world, f"Card {n}", 2, 3, 4, 10 * n - 9, 10) for n in range(1, 7)]


def test_the_headline_names_real_items(world: World, six: list[ContentItem]) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(target_hours=45)

    now = figures(world).headline.now

    assert (now.n, now.hits, now.within.value) == (6, 3, 0.5)
    assert (now.p50.id, now.p50.lead) == (six[2].public_id, 40 * HOUR)
    assert (now.p85.id, now.p85.lead) == (six[5].public_id, 70 * HOUR)
    assert now.p50.key == f"VID-{six[2].number}"


def test_under_five_items_there_are_no_figures(world: World) -> None:
    for number in range(4):
        publish(world, f"Card {number}", 1, 1, 1, 1, 1)

    found = figures(world)

    assert (found.headline.now.n, found.headline.now.p85, found.where) == (4, None, None)
    assert (found.sle.within, found.efficiency, found.bottleneck) == (None, None, None)


def test_the_slow_end_spends_its_time_in_edit(world: World, six: list[ContentItem]) -> None:
    Stage.objects.filter(kind__in=["idea", "publish"]).update(waiting=True)

    found = figures(world)

    edit = world.stages["edit"].public_id
    assert found.bottleneck.stage == edit
    assert found.where.of_slow.mean(edit).active == 46 * HOUR
    assert [each.name for each in found.time_columns] == [
        "Idea",
        "Script",
        "Shoot",
        "Edit",
        "Publish",
    ]
    # Of 20 … 70 hours, 2 are before commitment and 10 wait to be published.
    assert found.efficiency == pytest.approx((270 - 12 - 60) / (270 - 12))
    assert [each.arrivals for each in found.bottleneck_traffic][-2:] == [6, 0]


def test_the_clock_may_start_at_commitment(world: World, six: list[ContentItem]) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(clock_start="commitment")

    found = figures(world)

    assert found.ask.from_commitment
    assert found.headline.now.p50.lead == 38 * HOUR
    assert found.where.of_median.total.length == 38 * HOUR


def test_a_card_created_already_published_is_listed_and_in_no_percentile(
    world: World, six: list[ContentItem]
) -> None:
    ContentItem.objects.filter(pk=six[5].pk).update(history_from=at(0))
    old = items.create(world.board, title="Old", seat=world.seat("ann"), at=at(1))
    ContentItem.objects.filter(pk=old.pk).update(stage=world.stages["learn"], history_from=at(1))

    found = figures(world)

    assert (found.headline.now.n, found.headline.now.no_history) == (5, 1)
    assert found.unknown.no_beginning == (six[5].public_id,)
    assert (found.unknown.undated, found.unknown.undated_ids) == (1, (old.public_id,))
    assert found.where.all.n == 5


def test_the_team_may_promise_something_itself(world: World, six: list[ContentItem]) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(sle_hours=35, sle_share=50)

    sle = figures(world).sle

    assert (sle.within, sle.own, sle.hit.hits, sle.is_kept) == (35 * HOUR, True, 2, False)
    assert [each.id for each in sle.misses] == [each.public_id for each in six[2:]]


def test_nothing_that_happens_afterwards_changes_a_published_figure(
    world: World, six: list[ContentItem]
) -> None:
    seat = world.seat("ann")
    before = published_figures(world)

    moves.move(six[0], to=world.stages["learn"], seat=seat, at=at(101))
    moves.move(six[1], to=world.stages["learn"], seat=seat, at=at(102))
    moves.move(six[1], to=world.stages["done"], seat=seat, at=at(103))
    items.archive(six[1], seat=seat, at=at(104))
    items.archive(six[2], seat=seat, at=at(105))
    slip = moves.move(six[3], to=world.stages["shoot"], seat=seat, at=at(106)).item
    moves.undo(slip, seat=seat, at=at(106))
    boards.split_stage(world.stages["edit"], "Fine cut", seat=seat, at=at(107))
    boards.change_stage(world.stages["shoot"], {"name": "Filming"}, seat=seat, at=at(108))
    boards.retire_stage(world.stages["publish"], to=world.stages["learn"], seat=seat, at=at(109))

    assert published_figures(world) == before


def published_figures(world: World) -> dict[str, object]:
    found = figures(world)
    names = ("headline", "trend", "scatter", "sle", "where", "efficiency", "cycles", "throughput",
             "rework", "bottleneck")  # fmt: skip
    return {name: getattr(found, name) for name in names}


def test_a_card_that_leaves_the_archive_board_counts_as_published_but_not_as_work(
    world: World, six: list[ContentItem]
) -> None:
    busy = items.create(world.board, title="Busy", seat=world.seat("ann"), at=at(1))
    moves.move(busy, to=world.stages["edit"], seat=world.seat("ann"), at=at(2))
    assert figures(world).ageing.n == 1
    Board.objects.filter(pk=world.board.pk).update(archived_at=at(200))

    found = figures(world)

    assert (found.headline.now.n, found.ageing.n, found.wip[-1].n) == (6, 0, 0)


# Narrowed down


def test_filters_narrow_every_figure(world: World, six: list[ContentItem]) -> None:
    channel = Channel.objects.get(workspace=world.workspace)
    for n in range(5):
        publish(world, f"On TikTok {n}", 1, 1, 1, 1, 1, channel=channel)
    busy = items.create(
        world.board, title="Busy", seat=world.seat("ann"), at=at(1),
        values={"channel": channel, "assignees": [world.ann]},
    )  # fmt: skip
    moves.move(busy, to=world.stages["edit"], seat=world.seat("ann"), at=at(2))

    whole, own = figures(world), figures(world, channel=channel.public_id)
    none, mine = figures(world, channel="none"), figures(world, assignee="me")

    assert [each.headline.now.n for each in (whole, own, none, mine)] == [11, 5, 6, 0]
    assert [each.ageing.n for each in (whole, own, none, mine)] == [1, 1, 0, 1]
    assert [each.wip[-1].n for each in (whole, own, none, mine)] == [1, 1, 0, 1]
    assert [each.cfd.days[-1].reached[-1] for each in (whole, own, none, mine)] == [11, 5, 6, 0]
    assert own.where.all.total.length == 25 * HOUR
    assert [each.throughput.n for each in (whole, own, none, mine)] == [11, 5, 6, 0]


def test_every_channel_and_every_person_has_figures_of_its_own(
    world: World, six: list[ContentItem]
) -> None:
    channel = Channel.objects.get(workspace=world.workspace)
    for n in range(5):
        publish(world, f"{n}", 1, 1, 1, 1, 1, channel=channel, assignees=[world.ann, world.ben])

    channels, people = figures(world).per("channel"), figures(world).per("assignee")

    assert [(each.id, each.name, each.figures.n) for each in channels] == [
        ("none", "", 6), (channel.public_id, "TikTok", 5),
    ]  # fmt: skip
    assert channels[1].figures.p85.lead == 5 * HOUR
    assert [(each.name, each.figures.n) for each in people] == [
        ("", 6), ("Ann Koski", 5), ("Ben Laine", 5),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="grouped by"):
        figures(world).per("title")


def test_several_boards_are_drawn_by_kind_and_one_by_its_stages(
    world: World, six: list[ContentItem]
) -> None:
    second = boards.add("Posts", seat=world.seat("ann"), at=at(0))

    both, one = figures(world), figures(world, board=world.board.public_id)

    assert both.bottleneck.stage == "edit"
    assert one.bottleneck.stage == world.stages["edit"].public_id
    assert both.where.all.total == one.where.all.total
    assert [day.reached for day in both.cfd.days] == [day.reached for day in one.cfd.days]
    assert figures(world, board=second.public_id).headline.now.n == 0


# Now


def test_limits_are_of_the_whole_stage_and_of_every_person(world: World) -> None:
    Stage.objects.filter(kind="edit").update(wip_limit=1, limit_mode="warn")
    Workspace.objects.filter(pk=world.workspace.pk).update(wip_limit_per_person=1)
    channel = Channel.objects.get(workspace=world.workspace)
    for values in ({"channel": channel, "assignees": [world.ben]}, {"assignees": [world.ben]}):
        card = items.create(
            world.board, title="Card", seat=world.seat("ann"), at=at(0), values=values
        )
        moves.move(card, to=world.stages["edit"], seat=world.seat("ann"), at=at(1))

    found = figures(world, channel=channel.public_id)

    edit = next(each for each in found.stage_loads if each.kind == "edit")
    assert (edit.n, edit.whole, edit.limit, edit.is_over) == (1, 2, 1, True)
    assert [(each.name, each.n, each.is_over) for each in found.person_loads] == [
        ("Ben Laine", 1, False)
    ]
    assert figures(world).person_loads[0].is_over


def test_work_is_held_against_the_bands_of_its_stage(world: World, six: list[ContentItem]) -> None:
    seat = world.seat("ann")
    bands.catch_up(world.workspace)  # left edit 8, 18, … 58 hours after commitment
    for title, hours in (("Young", 20), ("Old", 60)):
        card = items.create(world.board, title=title, seat=seat, at=NIGHT - hours * HOUR)
        moves.move(card, to=world.stages["edit"], seat=seat, at=NIGHT - hours * HOUR)
    items.block(card, reason="music rights", by=world.ann, at=NIGHT)

    ageing = figures(world).ageing

    assert [(each.title, each.past, each.age / HOUR) for each in ageing.items] == [
        ("Old", "p85", 60), ("Young", "", 20),
    ]  # fmt: skip
    assert [each.blocked_reason for each in ageing.late] == ["music rights"]


def test_the_forecast_draws_from_the_days_that_are_over(
    world: World, six: list[ContentItem]
) -> None:
    found = figures(world, items=12, by="2026-04-25")

    ahead = found.ahead
    assert len(ahead.how_many.history) == 29
    assert sum(ahead.how_many.history) == 6
    assert ahead.how_many.days == 30
    assert ahead.day(1) == date(2026, 3, 27)
    assert ahead.when.items == 12
    assert ahead == figures(world, items=12, by="2026-04-25").ahead


def test_without_a_history_there_is_no_forecast(world: World) -> None:
    ahead = figures(world).ahead

    assert (ahead.how_many, ahead.when) == (None, None)


# Cost


def test_all_figures_take_the_same_number_of_queries_however_much_there_is(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            every_figure(figures(world))
        return len(asked)

    for n in range(5):
        publish(world, f"Card {n}", 1, 1, 1, 1, 1)
    figures(world)
    few = cost()
    for n in range(10):
        publish(world, f"More {n}", 1, 2, 1, n, 1)
        items.create(world.board, title=f"Busy {n}", seat=world.seat("ann"), at=at(n))
    figures(world)

    assert cost() == few <= 25


@pytest.fixture
def remembering(settings: Any) -> None:
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "flow"}}
    cache.clear()


def test_what_is_kept_is_the_same_and_lasts_until_anything_happens(
    world: World, six: list[ContentItem], remembering: None
) -> None:
    first = every_figure(figures(world))
    with CaptureQueriesContext(connection) as asked:
        second = every_figure(figures(world))
    slow = items.create(world.board, title="Slow", seat=world.seat("ann"), at=at(0))
    publishing.i_posted_it(slow, by=world.ann, at=at(200))
    third = figures(world)
    flowsettings.change({"target_hours": 45}, waiting=None, seat=world.seat("ann"), at=at(201))

    unlike = {name for name in first if first[name] != second[name]}
    assert unlike <= {"ask", "columns"}
    assert not any("production_stay" in each["sql"] for each in asked.captured_queries)
    assert (third.headline.now.n, third.where.all.n) == (7, 7)
    assert third.cfd.days[-1].reached[-1] == 7
    assert [figures(world).headline.now.hits, third.headline.now.hits] == [3, 6]


def test_above_two_thousand_the_points_are_counted_in_fields() -> None:
    period = flow.Period(date(2026, 3, 1), date(2026, 3, 30), HELSINKI)
    out = [
        flow.Delivery(str(n), f"VID-{n}", NOON + n * timedelta(minutes=5), (n % 100 + 1) * HOUR)
        for n in range(2_001)
    ]

    scatter = published.scatter(out, period)

    assert (scatter.n, scatter.points) == (2_001, ())
    assert sum(field.n for field in scatter.fields) == 2_001
    assert max(field.high for field in scatter.fields) >= 100 * HOUR
    assert len(scatter.fields) < 800
    assert published.scatter(out[:2_000], period).points == tuple(out[:2_000])
