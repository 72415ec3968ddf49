"""The figures of flow over the API are those of the page, with the items behind each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from production import flow, flowview, items, moves, publishing, stays
from production.models import ContentItem, KpiDefinition, Stage, Workspace
from tests.people import NOON, World, make_strangers, make_world
from tests.production.api.calls import Caller
from tests.production.api.test_description import operations

SPRING = "from=2026-03-10&to=2026-04-20"  # NOON of the cast is in it
FIGURES = tuple(
    path.removeprefix("/api/v1/flow/").strip("/")
    for _, path, _ in operations()
    if path.startswith("/api/v1/flow/")
)


def work(world: World) -> None:
    """Six weeks of cards: each moves on for some hours, some wait, some stop, some go back."""
    ann, kpi = world.seat("ann"), KpiDefinition.objects.get(workspace=world.workspace)
    Stage.objects.filter(pk=world.stages["publish"].pk).update(waiting=True)
    for number in range(14):
        at = NOON + timedelta(hours=37 * number)
        item = items.create(
            world.board, title=f"Card {number}", seat=ann, at=at, values={"primary_kpi": kpi}
        )
        way = ["script", "shoot", "edit", "publish", "learn"][: 5 if number < 11 else number - 9]
        if number % 4 == 1:
            way.insert(3, "script")
            way.insert(4, "edit")
        for step, kind in enumerate(way):
            at += timedelta(hours=3 + (number * 7 + step * 11) % 29)
            if kind == "learn":
                publishing.i_posted_it(item, by=ann.user, at=at, published_at=at)
                item = ContentItem.objects.select_related("stage", "board").get(pk=item.pk)
                continue
            item = moves.move(item, to=world.stages[kind], seat=ann, at=at).item
            if kind == "shoot" and number % 3 == 0:
                items.block(item, reason="music rights", by=ann.user, at=at)
                items.unblock(item, by=ann.user, at=at + timedelta(hours=2))
        if number == 10:
            moves.move(item, to=world.stages["edit"], seat=ann, at=at + timedelta(hours=5))
    old = items.create(world.board, title="Old", seat=ann, at=NOON, stage=world.stages["edit"])
    publishing.i_posted_it(old, by=ann.user, at=NOON + timedelta(days=1))
    ContentItem.objects.filter(pk=old.pk).update(history_from=NOON)
    left = items.create(world.board, title="Left", seat=ann, at=NOON, stage=world.stages["edit"])
    items.archive(left, seat=ann, at=NOON + timedelta(days=9))


@pytest.fixture(scope="module")
def _busy(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        work(world)
        stays.catch_up(world.workspace)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def busy(_busy: World, db: None, settings: Any) -> World:
    """The same work for all tests; what one does to it is taken back."""
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 0
    return _busy


@pytest.fixture
def ann(busy: World) -> Caller:
    return signed_in(busy, "ann")


def signed_in(world: World, name: str) -> Caller:
    client = Client()
    client.force_login(getattr(world, name))
    return Caller(client, {"Putki-Workspace": world.workspace.slug})


def said(caller: Caller, name: str, query: str = SPRING) -> dict[str, Any]:
    answer = caller.get(f"/flow/{name}/?{query}")
    assert answer.status_code == 200, answer.content[:500]
    return answer.json()


def found(workspace: Workspace, **query: str) -> flowview.Flow:
    return flowview.of_workspace(
        workspace, timezone.now(), **({"from": "2026-03-10", "to": "2026-04-20"} | query)
    )


def all_rows(caller: Caller, name: str, query: str) -> list[dict[str, Any]]:
    rows, cursor = [], ""
    while True:
        page = said(caller, name, f"{query}{cursor}")
        rows += page["data"]
        if page["next_cursor"] is None:
            return rows
        cursor = f"&cursor={page['next_cursor']}"


# The same as the page


def test_the_headline_is_that_of_the_page_and_names_real_items(ann: Caller, busy: World) -> None:
    answer, figures = said(ann, "headline"), found(busy.workspace).headline.now

    assert figures.n >= flow.FEWEST
    assert (answer["n"], answer["no_history"]) == (figures.n, figures.no_history)
    assert answer["p85"]["id"] == figures.p85.id
    assert answer["p85"]["lead_seconds"] == figures.p85.lead.total_seconds()
    assert answer["share_within_target"]["value"] == figures.within.value
    assert answer["target_seconds"] == 72 * 3600
    assert answer["period"] == {
        "start": "2026-03-10", "end": "2026-04-20", "days": 42, "time_zone": "Europe/Helsinki",
    }  # fmt: skip
    assert answer["ends"] == {"start": "idea", "end": "publication"}
    assert answer["before"]["period"]["end"] == "2026-03-09"


def test_a_workspace_that_starts_its_clock_at_commitment_says_so(ann: Caller, busy: World) -> None:
    Workspace.objects.filter(pk=busy.workspace.pk).update(clock_start="commitment")

    answer = said(ann, "headline")

    assert answer["ends"]["start"] == "commitment"
    assert answer["p50"]["lead_seconds"] == answer["p50"]["cycle_seconds"]
    assert answer["p50"]["id"] == found(Workspace.objects.get()).headline.now.p50.id


def test_the_weeks_are_those_of_the_page_and_list_their_items(ann: Caller, busy: World) -> None:
    weeks, trend = said(ann, "trend")["weeks"], found(busy.workspace).trend

    assert [(w["monday"], w["n"]) for w in weeks] == [
        (w.monday.isoformat(), w.figures.n) for w in trend
    ]
    assert len(weeks) >= 12
    full = max(weeks, key=lambda week: week["n"] + week["no_history"])
    listed = ann.get(full["items"]["all"].removeprefix("/api/v1")).json()["data"]
    assert [row["id"] for row in listed] == full["items"]["ids"]
    assert len(listed) == full["n"] + full["no_history"] > 0


def test_the_items_are_the_points_of_the_page_also_in_pages_of_two(
    ann: Caller, busy: World
) -> None:
    rows = all_rows(ann, "items", f"{SPRING}&limit=2")
    deliveries = found(busy.workspace).deliveries

    assert len(rows) > 4
    assert [(row["id"], row["key"]) for row in rows] == [(d.id, d.key) for d in deliveries]
    assert [row["lead_seconds"] for row in rows] == [
        None if d.lead is None else d.lead.total_seconds() for d in deliveries
    ]
    assert all_rows(ann, "items", f"{SPRING}&order=-published") == rows[::-1]


def test_the_time_by_stage_adds_up_to_the_lead_time(ann: Caller, busy: World) -> None:
    answer, where = said(ann, "stages"), found(busy.workspace).where

    median = answer["median"]
    parts = ("active_seconds", "waiting_seconds", "blocked_seconds")
    spent = sum(stage[part] for stage in median["stages"] for part in parts)
    assert spent == pytest.approx(median["item"]["lead_seconds"])
    assert median["item"]["id"] == where.median.id
    assert answer["slow_fifth"]["items"]["ids"] == [each.id for each in where.slow]
    assert sum(stage["share"] for stage in answer["all"]["stages"]) == pytest.approx(1)
    assert answer["bottleneck"]["id"] == where.bottleneck.stage
    assert answer["bottleneck"]["share"] == max(s["share"] for s in answer["all"]["stages"])
    assert len(answer["bottleneck"]["traffic"]) == 7
    assert any(stage["waiting"] for stage in answer["all"]["stages"])


def test_cumulative_flow_and_progress_are_those_of_the_page_and_of_the_items_behind(
    ann: Caller, busy: World
) -> None:
    cfd, wip, page = said(ann, "cfd"), said(ann, "wip"), found(busy.workspace)

    assert [tuple(day["reached"]) for day in cfd["days"]] == [d.reached for d in page.cfd.days]
    assert [day["n"] for day in wip["days"]] == [day.n for day in page.wip]
    for number in (5, 8, 20, 41):
        day = cfd["days"][number]
        standing = all_rows(ann, "standing", f"{SPRING}&on={day['day']}&limit=7")
        assert len({row["id"] for row in standing}) == len(standing) == day["reached"][0]
        assert sum(row["out"] for row in standing) == day["reached"][-1]
        assert sum(row["in_progress"] for row in standing) == wip["days"][number]["n"]
    assert cfd["days"][20]["reached"][0] > 10 > cfd["days"][20]["reached"][-1] > 5


def test_what_is_in_progress_now_is_listed_oldest_first(ann: Caller, busy: World) -> None:
    answer, wip = said(ann, "ageing"), said(ann, "wip")

    ages = [each["age_seconds"] for each in answer["items"]]
    assert answer["n"] == len(ages) == wip["n"] > 0
    assert ages == sorted(ages, reverse=True)
    assert {each["id"] for each in answer["items"]} == set(wip["items"]["ids"])
    in_rows = ContentItem.objects.in_progress().filter(workspace=busy.workspace)
    assert {each["id"] for each in answer["items"]} == {row.public_id for row in in_rows}


def test_throughput_counts_every_day_and_every_item(ann: Caller, busy: World) -> None:
    answer = said(ann, "throughput")

    assert len(answer["days"]) == 42
    assert answer["n"] == sum(day["n"] for day in answer["days"]) == len(answer["items"]["ids"])
    assert answer["zero_days"] == sum(day["n"] == 0 for day in answer["days"]) > 0
    assert answer["per_day"] == pytest.approx(answer["n"] / 42)


def test_rework_promise_and_efficiency_are_those_of_the_page(ann: Caller, busy: World) -> None:
    rework, sle, share = (said(ann, name) for name in ("rework", "sle", "efficiency"))
    page = found(busy.workspace)

    assert (rework["n"], rework["moves_back"]) == (page.rework.n, page.rework.moves_back)
    assert rework["reworked_ids"] == list(page.rework.reworked)
    assert rework["reworked"] > 0
    assert (sle["within_seconds"], sle["hits"]) == (
        page.sle.within.total_seconds(),
        page.sle.hit.hits,
    )
    assert sle["kept"] is True
    assert share["share"] == page.efficiency
    assert share["missing"] is None
    assert 0 < share["share"] < 1


def test_the_promise_may_be_the_teams_own(ann: Caller, busy: World) -> None:
    Workspace.objects.filter(pk=busy.workspace.pk).update(sle_hours=1, sle_share=90)

    answer = said(ann, "sle")

    assert (answer["own"], answer["within_seconds"], answer["promised_share"]) == (True, 3600, 0.9)
    assert answer["kept"] is False
    assert len(answer["missed_ids"]) == answer["n"] - answer["hits"]


def test_the_forecast_can_be_drawn_again(ann: Caller, busy: World) -> None:
    by = (timezone.now() + timedelta(days=20)).date().isoformat()
    query = f"{SPRING}&by={by}&items=12"

    answer, again = said(ann, "forecast", query), said(ann, "forecast", query)

    page = found(busy.workspace, by=by, items="12").ahead
    many = {row["chance"]: row["items"] for row in answer["how_many"]["chances"]}
    assert many == {c: page.how_many.with_chance(c) for c in (0.5, 0.85, 0.95)}
    assert answer["when"]["items"] == 12
    days = [date.fromisoformat(row["day"]) for row in answer["when"]["chances"]]
    assert days == sorted(days)
    assert answer["runs"] == 10_000
    assert {**again, "server_time": ""} == {**answer, "server_time": ""}


def test_each_channel_and_person_has_its_own_figures(ann: Caller, busy: World) -> None:
    some = list(ContentItem.objects.filter(published_at__isnull=False).order_by("pk")[:6])
    for item in some:
        items.edit(item, {"assignees": [busy.ben]}, by=busy.ann, at=timezone.now())

    answer = said(ann, "groups", f"{SPRING}&per=assignee")

    groups = {each["id"]: each for each in answer["groups"]}
    assert set(groups) == {busy.ben.public_id, "none"}
    assert sum(each["n"] + each["no_history"] for each in groups.values()) == 12
    own = groups[busy.ben.public_id]
    assert own["name"] == busy.ben.name
    listed = ann.get(own["all"].removeprefix("/api/v1")).json()["data"]
    assert {row["id"] for row in listed} == {item.public_id for item in some}


def test_the_page_shows_what_the_api_says(ann: Caller, busy: World) -> None:
    headline = said(ann, "headline")
    page = ann.client.get(f"/w/{busy.workspace.slug}/flow/?{SPRING}").content.decode()

    per_cent = round(headline["share_within_target"]["value"] * 100)
    assert f"{per_cent}\u00a0%" in page
    assert f"{headline['within_target']} of {headline['n']} items" in page
    assert headline["p85"]["key"] in page
    drawn = [row["key"] for row in all_rows(ann, "items", SPRING) if row["lead_seconds"]]
    assert len(drawn) == headline["n"]
    assert all(f"/items/{key}/" in page for key in drawn)
    aged = said(ann, "ageing")["items"]
    assert all(f"/items/{each['key']}/" in page for each in aged)


# What nobody can know


def test_without_a_stage_that_waits_efficiency_says_why_there_is_none(
    ann: Caller, busy: World
) -> None:
    Stage.objects.filter(pk=busy.stages["publish"].pk).update(waiting=False)

    answer = said(ann, "efficiency")

    assert (answer["share"], answer["missing"]) == (None, "no_waiting_stage")


# Filters


def test_a_filter_narrows_every_figure(ann: Caller, busy: World) -> None:
    one = found(busy.workspace).deliveries[0]
    item = ContentItem.objects.get(public_id=one.id)
    items.edit(item, {"channel": busy.workspace.channels.get()}, by=busy.ann, at=timezone.now())
    channel = busy.workspace.channels.get().public_id

    narrowed = said(ann, "throughput", f"{SPRING}&channel={channel}")
    others = said(ann, "throughput", f"{SPRING}&channel=none")

    assert narrowed["items"]["ids"] == [one.id]
    assert one.id not in others["items"]["ids"]
    assert narrowed["n"] + others["n"] == said(ann, "throughput")["n"]
    listed = ann.get(narrowed["items"]["all"].removeprefix("/api/v1")).json()["data"]
    assert [row["id"] for row in listed] == [one.id]


def test_the_work_of_strangers_is_in_no_figure(ann: Caller, busy: World) -> None:
    strangers = make_strangers()
    before = said(ann, "throughput")["n"]
    made = items.create(strangers.board, title="Rival", seat=strangers.seat("eve"), at=NOON)
    publishing.i_posted_it(made, by=strangers.eve, at=NOON, published_at=NOON)

    assert said(ann, "throughput")["n"] == before
    assert made.public_id not in {row["id"] for row in said(ann, "standing")["data"]}
