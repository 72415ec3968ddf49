"""Numbers come in: once, with their history, and what is summed from them follows."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from experiments import observations
from experiments.models import (
    MetricDay,
    MetricImport,
    Observation,
    ObservationChange,
    PostReading,
    RetentionCurve,
)
from experiments.observations import Curve, Row, UnknownPost, rebuild
from production.models import Channel, Publication
from tests.people import NOON

PUBLISHED = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
DAY = date(2026, 3, 11)


@pytest.fixture
def post(world):
    made = world.publication()
    Publication.objects.filter(pk=made.pk).update(state="published", published_at=PUBLISHED)
    made.refresh_from_db()
    return made


@pytest.fixture
def source(world):
    return observations.source_of(world.workspace, "n8n", at=NOON)


def lifetime(post, hours, **values):
    moment = PUBLISHED + timedelta(hours=hours)
    return Row(as_of=moment, period=moment.date(), values=values, publication=post.pk)


def of_day(day=DAY, **more):
    subject = {name: more.pop(name) for name in ("publication", "channel") if name in more}
    moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=1)
    return Row(as_of=moment, period=day, values=more, grain=1, **subject)


def undo(run, *, at):
    """Take back all that the run told, in as many portions as it takes; how many numbers."""
    MetricImport.objects.filter(pk=run.pk).update(state="undoing")
    run.refresh_from_db()
    return sum(iter(lambda: observations.undo_some(run, at=at), 0))


def total(metric, **more):
    found = MetricDay.objects.filter(metric=metric, **more).values_list("total", flat=True)
    return sum(found) if found else None


def run_of(world):
    return MetricImport.objects.create(
        workspace=world.workspace, file_name="a.csv", file="x", digest="1", created_at=NOON
    )


def state():
    days = MetricDay.objects.values_list("channel", "basis", "traffic", "metric", "day", "posts")
    sums = dict(zip(days, MetricDay.objects.values_list("total", flat=True), strict=True))
    fields = ("publication", "age_hours", "traffic", "metric", "value", "as_of")
    return sums, set(PostReading.objects.values_list(*fields))


def test_the_same_twice_changes_nothing_and_missing_is_not_zero(world, post, source):
    row = lifetime(post, 24, impressions=1_000, saves=None, avg_view_pct=40.0, views=500)

    first = observations.apply([row], source=source, at=NOON)
    before = list(Observation.objects.values_list())
    again = observations.apply([row], source=source, at=NOON + timedelta(hours=1))

    assert (first.created, again.created, again.updated, again.unchanged) == (3, 0, 0, 3)
    assert list(Observation.objects.values_list()) == before
    assert not ObservationChange.objects.exists()
    assert total("saves") is None
    assert total("impressions") == 1_000
    assert total("avg_view_pct*views") == pytest.approx(200)
    assert total("views|avg_view_pct") == 500


def test_a_later_telling_replaces_and_keeps_what_was(post, source):
    observations.apply([lifetime(post, 24, impressions=1_000)], source=source, at=NOON)

    later = observations.apply([lifetime(post, 26, impressions=1_200)], source=source, at=NOON)
    earlier = observations.apply([lifetime(post, 25, impressions=9)], source=source, at=NOON)

    assert (later.updated, earlier.unchanged) == (1, 1)
    assert Observation.objects.get().value == 1_200
    assert ObservationChange.objects.get().value == 1_000
    assert total("impressions") == 1_200


def test_posts_are_read_at_equal_age(post, source):
    told = [lifetime(post, hours, saves=hours) for hours in (20, 23, 70, 80, 170, 900)]

    observations.apply(told, source=source, at=NOON)

    readings = dict(PostReading.objects.values_list("age_hours", "value"))
    assert readings == {24: 23, 72: 70, 168: 170, 0: 900}


def test_a_day_of_a_channel_and_of_its_posts_are_summed_apart(world, post, source):
    channel = Channel.objects.get(workspace=world.workspace)
    rows = [of_day(channel=channel.pk, follows=4), of_day(publication=post.pk, impressions=10),
            of_day(publication=post.pk, impressions=7, day=DAY + timedelta(days=1))]  # fmt: skip

    observations.apply(rows, source=source, at=NOON)
    observations.apply([of_day(publication=post.pk, views=4, hold_3s_pct=50)], source=source,
                       at=NOON)  # fmt: skip
    observations.apply([of_day(publication=post.pk, views=10)], source=source, at=NOON)

    sums = MetricDay.objects.values_list("metric", "basis", "day", "total")
    assert set(sums) == {
        ("follows", 0, DAY, 4.0),
        ("impressions", 1, DAY, 10.0),
        ("impressions", 1, DAY + timedelta(days=1), 7.0),
        ("views", 1, DAY, 10.0),
        ("hold_3s_pct*views", 1, DAY, 5.0),
        ("views|hold_3s_pct", 1, DAY, 10.0),
    }


def test_two_sources_of_one_number_are_not_added_up(world, post, source):
    other = observations.source_of(world.workspace, "Studio file", kind="file", at=NOON)

    observations.apply([lifetime(post, 24, views=100)], source=source, at=NOON)
    observations.apply([lifetime(post, 25, views=130)], source=other, at=NOON)

    assert total("views") == 130
    assert Observation.objects.count() == 2


def test_an_undone_run_leaves_everything_as_it_was(world, post, source):
    before = [lifetime(post, 24, views=100, saves=3), of_day(publication=post.pk, views=5)]
    observations.apply(before, source=source, at=NOON)
    rows, sums = sorted(Observation.objects.values_list()), state()
    run = run_of(world)
    unknown = Row(as_of=NOON, period=NOON.date(), values={"views": 1},
                  unknown=UnknownPost("tiktok", "77"))  # fmt: skip
    observations.apply(
        [lifetime(post, 26, views=120, likes=2), lifetime(post, 72, saves=9), unknown,
         of_day(publication=post.pk, views=8, avg_view_pct=50)],
        source=source, run=run, at=NOON,
    )  # fmt: skip
    assert state() != sums

    undone = undo(run, at=NOON)

    assert undone == 6
    assert sorted(Observation.objects.values_list()) == rows
    assert state() == sums


def test_a_post_nobody_knows_is_kept_and_counts_nowhere(world, source):
    unknown = UnknownPost("tiktok", "7567", title="Hook")
    row = Row(as_of=NOON, period=NOON.date(), values={"views": 50}, unknown=unknown)

    done = observations.apply([row, row], source=source, at=NOON)

    assert (done.created, done.unmatched) == (1, 2)
    assert Observation.objects.get().subject.external_id == "7567"
    assert not MetricDay.objects.exists()


def test_a_curve_is_kept_once_a_day(post, source):
    row = lifetime(post, 24, views=100)
    for share in (0.5, 0.6):
        curve = Curve("fraction", [(0, 1), (0.5, share), (1, 0.2)])
        with_curve = Row(**{name: getattr(row, name) for name in
                            ("as_of", "period", "values", "publication")}, curve=curve)  # fmt: skip
        observations.apply([with_curve], source=source, at=NOON)

    assert RetentionCurve.objects.get().points == [[0, 1], [0.5, 0.6], [1, 0.2]]


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"avg_view_pct": 117.3, "saves": None, "views": 3}, []),
        ({"avg_view_pct": -1}, [("avg_view_pct", "out_of_range")]),
        ({"views": 1.5}, [("views", "not_whole")]),
        ({"views": float("nan")}, [("views", "out_of_range")]),
        ({"ctr": 1}, [("ctr", "unknown_metric")]),
        ({"net_follows": -4}, []),
    ],
)
def test_what_cannot_be_is_named(values, faults):
    row = Row(as_of=NOON, period=NOON.date(), values=values)

    assert observations.faults(row) == faults


def test_however_numbers_come_the_sums_are_those_counted_anew(world, post, source):
    chance = random.Random(7)
    other = observations.source_of(world.workspace, "file", kind="file", at=NOON)
    channel = Channel.objects.get(workspace=world.workspace)
    codes = ("views", "avg_view_pct", "saves", "hold_3s_pct", "impressions")
    for step in range(40):
        rows = []
        for _ in range(chance.randint(1, 6)):
            values = {code: chance.randint(1, 99) for code in chance.sample(codes, 2)}
            day = DAY + timedelta(days=chance.randint(0, 6))
            rows.append(
                chance.choice([
                    lifetime(post, chance.randint(1, 800), **values),
                    of_day(day=day, publication=post.pk, **values),
                    of_day(day=day, channel=channel.pk, **values),
                ])
            )  # fmt: skip
        run = run_of(world) if chance.random() < 0.3 else None
        where = chance.choice([source, other])
        at = NOON + timedelta(minutes=step)
        observations.apply(rows, source=where, run=run, at=at)
        if run is not None:
            undo(run, at=at)
            MetricImport.objects.filter(pk=run.pk).update(state="undone")
    kept = state()

    rebuild(world.workspace)

    assert kept[1] == state()[1]
    assert kept[0] == pytest.approx(state()[0])
