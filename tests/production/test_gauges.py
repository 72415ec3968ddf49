"""What a collector of metrics is told of every workspace's flow."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from production import flowview, gauges
from production.models import ContentItem
from tests.people import NOON, World

LATER = NOON + timedelta(days=5)


def publish(world: World, *hours: int) -> None:
    """Cards that came out two days after NOON, so many hours after they were ideas."""
    for number, lead in enumerate(hours):
        item = world.item(f"Card {number}", stage="learn")
        out = NOON + timedelta(days=2)
        ContentItem.objects.filter(pk=item.pk).update(
            idea_at=out - timedelta(hours=lead), published_at=out
        )


def lines(told: bytes, name: str) -> list[str]:
    return [line for line in told.decode().splitlines() if line.startswith(f"{name}{{")]


def test_the_gauges_are_the_headline_of_the_page(world: World) -> None:
    publish(world, 20, 40, 60, 80, 100)
    world.item("In work", stage="edit")

    told = gauges.Gauges().text(LATER)

    headline = flowview.of_workspace(world.workspace, LATER).headline.now
    assert lines(told, "putki_flow_lead_time_seconds") == [
        'putki_flow_lead_time_seconds{quantile="0.5",workspace="studio-aalto"} 216000.0',
        'putki_flow_lead_time_seconds{quantile="0.85",workspace="studio-aalto"} 360000.0',
    ]
    assert headline.p85.lead.total_seconds() == 360_000
    for name, value in (
        ("putki_flow_within_target_ratio", "0.6"),
        ("putki_flow_promise_kept_ratio", "1.0"),
        ("putki_flow_published_items", "5.0"),
        ("putki_flow_in_progress_items", "1.0"),
        ("putki_flow_lead_time_target_seconds", "259200.0"),
        ("putki_flow_figures_age_seconds", "0.0"),
    ):
        assert lines(told, name) == [f'{name}{{workspace="studio-aalto"}} {value}']


def test_of_too_few_items_there_is_no_line_instead_of_a_figure(world: World) -> None:
    publish(world, 20, 40)

    told = gauges.Gauges().text(LATER)

    assert lines(told, "putki_flow_lead_time_seconds") == []
    assert lines(told, "putki_flow_within_target_ratio") == []
    assert lines(told, "putki_flow_published_items")[0].endswith(" 2.0")


def test_figures_are_kept_for_a_minute_and_say_their_age(
    world: World, django_assert_num_queries: object
) -> None:
    kept = gauges.Gauges()
    kept.text(LATER)
    publish(world, 20)

    with django_assert_num_queries(1):  # who the workspaces are
        told = kept.text(LATER + timedelta(seconds=30))
    fresh = kept.text(LATER + timedelta(seconds=60))

    assert lines(told, "putki_flow_published_items")[0].endswith(" 0.0")
    assert lines(told, "putki_flow_figures_age_seconds")[0].endswith(" 30.0")
    assert lines(fresh, "putki_flow_published_items")[0].endswith(" 1.0")


def test_a_scrape_takes_only_what_fits_into_its_time_and_the_oldest_first(
    world: World, strangers: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    real = gauges.take

    def take(workspace: object, now: datetime) -> gauges.Taken:
        taken.append(workspace.slug)
        return real(workspace, now)

    monkeypatch.setattr(gauges, "take", take)
    monkeypatch.setattr(gauges, "AT_MOST", 0)
    # When each scrape began, and what the clock says before each workspace.
    clock = iter([0, 0, 1, *[0, 0], *[0, 0, 1]])
    monkeypatch.setattr(gauges, "perf_counter", lambda: next(clock))
    kept = gauges.Gauges()

    kept.text(LATER)
    kept.text(LATER)
    kept.text(LATER + timedelta(minutes=2))

    assert taken == [world.workspace.slug, strangers.workspace.slug, world.workspace.slug]


def test_a_workspace_that_is_gone_is_told_no_more(world: World, strangers: World) -> None:
    kept = gauges.Gauges()
    kept.text(LATER)
    strangers.workspace.delete()

    told = kept.text(LATER).decode()

    assert world.workspace.slug in told
    assert strangers.workspace.slug not in told


def test_the_gauges_stand_among_the_metrics_for_operators_alone(
    world: World, client: Client
) -> None:
    gauges.GAUGES_OF_THIS_PROCESS.kept.clear()

    told = client.get("/metrics")
    outside = client.get("/metrics", REMOTE_ADDR="192.0.2.7")

    assert b'putki_flow_published_items{workspace="studio-aalto"}' in told.content
    assert told["Content-Type"].startswith("text/plain")
    assert outside.status_code == 404
