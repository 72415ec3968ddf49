"""KPIs: from sums, beside what is known, against a frozen baseline and a path."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from experiments import observations
from experiments.kpis import readings, table, tracking
from experiments.models import Baseline, Observation, TrackedKpi
from experiments.observations import Row
from production import workspaces
from production.models import Channel, KpiDefinition
from production.permissions import NotAllowed
from tests.people import NOON

TODAY = NOON.date()


@pytest.fixture
def saves(world):
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    kpi.numerator_metrics, kpi.denominator_metrics = "saves", "impressions"
    kpi.save()
    return kpi


def tell(world, channel, day, **values):
    source = observations.source_of(world.workspace, "file", kind="file", at=NOON)
    as_of = datetime.combine(day + timedelta(days=1), time(), UTC)
    row = Row(as_of=as_of, period=day, values=values, grain=1, channel=channel.pk)
    observations.apply([row], source=source, at=NOON)


def reading(world, kpi, days=14, channel=None):
    first = TODAY - timedelta(days=days)
    [found] = readings.series(world.workspace, [(kpi, channel)], first, TODAY)
    return found.between(first, TODAY)


def test_a_ratio_is_of_sums_and_channels_that_do_not_tell_do_not_thin_it(world, saves):
    tiktok = Channel.objects.get(workspace=world.workspace)
    youtube = Channel.objects.create(workspace=world.workspace, name="YT", platform="youtube")
    tell(world, tiktok, date(2026, 3, 10), saves=1, impressions=1_000)
    tell(world, tiktok, date(2026, 3, 11), saves=40, impressions=4_000)
    tell(world, youtube, date(2026, 3, 11), saves=None, impressions=90_000)

    found = reading(world, saves)

    assert found.value == pytest.approx(41 / 5)  # not the mean of 1 and 10, nor 41 of 95 000
    assert found.low < found.value < found.high
    assert reading(world, saves, channel=youtube) is None


def test_a_mean_is_weighted_by_those_who_tell_it(world, saves):
    tiktok = Channel.objects.get(workspace=world.workspace)
    saves.numerator_metrics, saves.denominator_metrics = "avg_view_pct*views", "views"
    saves.per = 100
    tell(world, tiktok, date(2026, 3, 10), avg_view_pct=50, views=100)
    tell(world, tiktok, date(2026, 3, 11), avg_view_pct=20, views=300)
    tell(world, tiktok, date(2026, 3, 12), views=9_000)

    assert reading(world, saves).value == pytest.approx(27.5)


def test_a_count_is_by_the_week_and_days_nobody_told_are_not_zero(world, saves):
    tiktok = Channel.objects.get(workspace=world.workspace)
    saves.kind, saves.numerator_metrics, saves.denominator_metrics = "count", "impressions", ""
    saves.per = 1
    for day in range(3, 10):
        tell(world, tiktok, date(2026, 3, day), impressions=1_000)

    assert reading(world, saves).value == pytest.approx(7_000)


def test_money_counts_days_without_a_lead(world, saves):
    tiktok = Channel.objects.get(workspace=world.workspace)
    saves.kind, saves.per = "money", 1
    saves.numerator_metrics, saves.denominator_metrics = "spend", "qualified_leads"
    tell(world, tiktok, date(2026, 3, 10), spend=30.0, qualified_leads=0)
    tell(world, tiktok, date(2026, 3, 11), spend=30.0, qualified_leads=2)

    assert reading(world, saves).value == pytest.approx(30)


def test_a_baseline_is_frozen_and_counted_anew_as_a_version(world, saves):
    tiktok = Channel.objects.get(workspace=world.workspace)
    for before in range(1, 29):
        tell(world, tiktok, TODAY - timedelta(days=before), saves=6, impressions=1_000)
    [line] = tracking.track_method(seat=world.seat("ann"), at=NOON)
    assert tracking.track_method(seat=world.seat("ann"), at=NOON) == []
    tell(world, tiktok, TODAY - timedelta(days=1), saves=34, impressions=1_000)

    tracking.freeze([line], seat=world.seat("ann"), at=NOON)

    first, second = Baseline.objects.order_by("number")
    assert (first.value, first.days_with_data) == (pytest.approx(6), 28)
    assert second.number == 2 and first.value != second.value
    with pytest.raises(NotAllowed):
        tracking.freeze([line], seat=world.seat("ben"), at=NOON)


def test_the_table_says_where_each_stands(world, saves):
    tiktok = Channel.objects.get(workspace=world.workspace)
    for before in range(1, 29):
        tell(world, tiktok, TODAY - timedelta(days=before), saves=6, impressions=1_000)
    tracking.track_method(seat=world.seat("ann"), at=NOON)
    later = NOON + timedelta(days=45)
    for on in range(0, 45):
        wave = 60 if on % 2 else 62
        tell(world, tiktok, TODAY + timedelta(days=on), saves=wave, impressions=10_000)

    [line] = table.read(world.workspace, later)

    assert line.standing == "behind"  # 6.1 now, 7.7 on the path
    assert line.day == 46
    assert line.overdue_days == 38
    assert "6.1" in line.now_text.replace(",", ".")


def test_the_page_teaches_first_and_then_shows(client, world, saves):
    client.force_login(world.ann)
    url = reverse("kpis", args=[world.workspace.slug])
    assert b"Take up the eight KPIs" in client.get(url).content

    client.post(reverse("kpis-track", args=[world.workspace.slug]))

    shown = client.get(url).content.decode()
    line = TrackedKpi.objects.get()
    one = reverse("kpi", args=[world.workspace.slug, line.public_id])
    assert one in shown and "Saves per 1 000" in shown
    assert client.get(one).status_code == 200
    client.post(reverse("kpi-review", args=[world.workspace.slug, line.public_id]), {"note": "low"})
    assert "low" in client.get(one).content.decode()
    client.force_login(world.otto)
    assert client.get(url).status_code == 403


def test_a_workspace_with_numbers_and_kpis_can_be_deleted(world, saves):
    tell(world, Channel.objects.get(workspace=world.workspace), TODAY, saves=1, impressions=9)
    tracking.track_method(seat=world.seat("ann"), at=NOON)

    workspaces.delete(seat=world.seat("ann"), typed_name="Studio Aalto")

    assert not Baseline.objects.exists()
    assert not Observation.objects.exists()
