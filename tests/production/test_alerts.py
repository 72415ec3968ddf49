"""Cards at risk are told of once for each card, stage and risk, to whom it concerns."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import alerts, items, moves, noticewords, tasks
from production.models import (
    ContentItem,
    Event,
    FlowAlert,
    ImportRun,
    Membership,
    Notice,
    Stage,
    User,
)
from tests.people import World, make_world

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def paced(world: World) -> World:
    """A board that knows how long its stages take: after Edit come 6 hours."""
    return pace(world)


def pace(world: World) -> World:
    for kind, hours in {"script": 4, "shoot": 8, "edit": 12, "publish": 6}.items():
        Stage.objects.filter(pk=world.stages[kind].pk).update(median_seconds=hours * 3600)
    Stage.objects.filter(pk=world.stages["script"].pk).update(p85_seconds=30 * 3600)
    return world


def put(
    world: World, stage: str, committed: datetime, *people: User, title: str = "A card",
    entered: datetime | None = None,
) -> ContentItem:  # fmt: skip
    item = world.item(title, stage=stage, assignees=list(people))
    Notice.objects.filter(reason="assigned").delete()
    item.committed_at, item.stage_entered_at = committed, entered or committed
    item.save()
    return item


def told(item: ContentItem) -> set[str]:
    return set(Notice.objects.filter(item=item).values_list("user__name", flat=True))


def test_a_card_is_told_of_when_its_moment_comes_and_not_before(
    paced: World, now: datetime
) -> None:
    item = put(paced, "edit", now - 66 * HOUR + MINUTE, paced.ben)

    assert alerts.sweep(paced.workspace, at=now) == 0
    assert alerts.sweep(paced.workspace, at=now + 2 * MINUTE) == 1

    event = Event.objects.get(type="item.will_miss")
    assert (event.subject, event.actor, event.actor_name) == (item.public_id, None, "Putki")
    assert event.source == "system"
    assert event.data["target_hours"] == 72
    assert event.data["stage"]["name"] == "Edit"
    assert told(item) == {"Ann Koski", "Ben Laine"}


def test_what_has_grown_old_in_its_stage_is_told_of(paced: World, now: datetime) -> None:
    item = put(paced, "script", now - 31 * HOUR, paced.ben)

    assert alerts.sweep(paced.workspace, at=now) == 1

    assert Event.objects.get(type="item.ageing").data["usual_hours"] == 30
    assert FlowAlert.objects.get().risk == "ageing"
    assert told(item) == {"Ann Koski", "Ben Laine"}


def test_it_is_said_once_in_each_stage(paced: World, now: datetime) -> None:
    item = put(paced, "shoot", now - 55 * HOUR)

    def after(hours: int, stage: str = "") -> int:
        if stage:
            to, seat = paced.stages[stage], paced.seat("ann")
            moves.move(item, to=to, seat=seat, at=now + hours * HOUR)
            item.refresh_from_db()
        return alerts.sweep(paced.workspace, at=now + hours * HOUR)

    assert [after(0), after(1)] == [1, 0]
    assert after(2, "edit") == 0  # fits again: 66 hours are enough there
    assert after(3, "shoot") == 0
    assert after(12, "edit") == 1
    assert after(13, "shoot") == 0
    assert after(14, "edit") == 0
    assert Notice.objects.filter(user=paced.ann).count() == 2


@pytest.mark.parametrize("change", ["archived", "published", "idea"])
def test_what_is_not_in_progress_is_nobodys_worry(paced: World, now: datetime, change: str) -> None:
    item = put(paced, "edit", now - 67 * HOUR)
    if change == "archived":
        items.archive(item, seat=paced.seat("ann"), at=now)
    elif change == "published":
        ContentItem.objects.filter(pk=item.pk).update(published_at=now)
    else:
        ContentItem.objects.filter(pk=item.pk).update(stage=paced.stages["idea"])

    assert alerts.sweep(paced.workspace, at=now) == 0


def test_otto_is_told_of_his_own_cards_alone_and_who_has_left_of_none(
    paced: World, now: datetime
) -> None:
    his = put(paced, "edit", now - 67 * HOUR, paced.otto, paced.vera, title="His")
    other = put(paced, "edit", now - 67 * HOUR, title="Other")
    Membership.objects.filter(user=paced.vera).update(removed_at=now)

    alerts.sweep(paced.workspace, at=now)

    assert told(his) == {"Ann Koski", "Otto Harju"}
    assert told(other) == {"Ann Koski"}


def test_an_import_of_old_cards_tells_nobody_until_they_move(paced: World, now: datetime) -> None:
    run = ImportRun.objects.create(
        workspace=paced.workspace, kind="trello", file_name="board.json",
        created_at=now, applied_at=now,
    )  # fmt: skip
    old = put(paced, "edit", now - 400 * HOUR, entered=now - MINUTE)
    young = put(paced, "edit", now - 65 * HOUR, title="Young")
    ContentItem.objects.update(import_run=run)

    assert alerts.sweep(paced.workspace, at=now + MINUTE) == 0
    assert alerts.sweep(paced.workspace, at=now + 2 * HOUR) == 1
    assert FlowAlert.objects.get().item == young

    ContentItem.objects.filter(pk=old.pk).update(
        stage=paced.stages["publish"], stage_entered_at=now + 3 * HOUR
    )
    assert alerts.sweep(paced.workspace, at=now + 3 * HOUR) == 1


def test_what_was_due_long_ago_is_not_news(paced: World, now: datetime) -> None:
    put(paced, "edit", now - 91 * HOUR, title="A day and an hour ago")
    put(paced, "edit", now - 89 * HOUR, title="Within the day")

    alerts.sweep(paced.workspace, at=now)

    titles = FlowAlert.objects.values_list("item__title", flat=True)
    assert list(titles) == ["Within the day"]


def test_the_task_looks_into_every_workspace(paced: World, strangers: World, now: datetime) -> None:
    put(paced, "edit", now - 67 * HOUR)
    for kind in ("script", "shoot", "edit", "publish"):
        Stage.objects.filter(pk=strangers.stages[kind].pk).update(median_seconds=3600)
    foreign = put(strangers, "edit", now - 72 * HOUR)

    tasks.raise_alerts()

    assert FlowAlert.objects.count() == 2
    assert told(foreign) == {"Eve Virta"}


def test_a_sweep_asks_the_same_questions_for_one_card_and_for_many(
    paced: World, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        put(paced, "edit", now - 67 * HOUR, paced.ben, title=f"Card {number}")

    with django_assert_max_num_queries(70):
        assert alerts.sweep(paced.workspace, at=now) == 40
    with django_assert_max_num_queries(3):
        assert alerts.sweep(paced.workspace, at=now) == 0


def test_the_inbox_says_it_in_words_and_nobody_seems_to_have_done_it(
    paced: World, now: datetime, client: Client
) -> None:
    item = put(paced, "edit", now - 67 * HOUR, title="Three rooms")
    old = put(paced, "script", now - 31 * HOUR, title="One lamp")
    seq = Event.objects.latest("seq").seq
    alerts.sweep(paced.workspace, at=now)
    client.force_login(paced.ann)

    inbox = client.get(reverse("inbox", args=["studio-aalto"])).content.decode()
    history = client.get(f"/w/studio-aalto/items/{item.key}/history/").content.decode()
    activity = client.get(reverse("activity", args=["studio-aalto"])).content.decode()
    news = client.get(
        f"/w/studio-aalto/items/{item.key}/news/", {"since": seq}, headers={"HX-Request": "true"}
    )

    assert "“Three rooms” will miss 72\u00a0h by 1\u00a0h" in inbox
    assert (
        "“One lamp” is older than usual in Script: 85 % of cards had left it by 30\u00a0h" in inbox
    )
    for page in (history, activity):
        assert "<b>Putki</b> sees that it does not fit into 72 h any more" in page
    assert "HX-Trigger" not in news.headers
    notice = Notice.objects.get(item=old)
    opened = client.post(reverse("inbox-open", args=["studio-aalto", notice.public_id]))
    assert opened["Location"] == f"/w/studio-aalto/items/{old.key}/"


def test_a_notice_reads_well_at_the_very_moment(paced: World, now: datetime) -> None:
    put(paced, "edit", now - 66 * HOUR - MINUTE, title="Three rooms")
    alerts.sweep(paced.workspace, at=now)

    said = noticewords.say(Notice.objects.select_related("item", "event").get())

    assert said == "“Three rooms” does not fit into 72\u00a0h any more"


@pytest.fixture
def shared(transactional_db: None) -> Iterator[World]:
    yield pace(make_world())


def test_two_workers_at_once_tell_it_once(shared: World, now: datetime) -> None:
    for number in range(12):
        put(shared, "edit", now - 67 * HOUR, shared.ben, title=f"Card {number}")
    counts: list[int] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            counts.append(alerts.sweep(shared.workspace, at=now))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    alerts.sweep(shared.workspace, at=now)

    assert len(counts) == 4
    assert FlowAlert.objects.count() == 12
    assert Event.objects.filter(type="item.will_miss").count() == 12
    assert Notice.objects.filter(reason="will_miss").count() == 24
