"""Thresholds: one crossing opens one action, and only an outcome ends it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from experiments import actions, observations, thresholds
from experiments.kpis import tracking
from experiments.models import Action, Crossing
from experiments.observations import Row
from production.errors import Invalid
from production.models import Channel, ContentItem, Event, KpiDefinition
from production.permissions import NotAllowed
from tests.people import NOON

TODAY = NOON.date()


def tell(world, rates, first=TODAY):
    """Saves per 1 000 on so many days, with a little noise that is the same every time."""
    channel = Channel.objects.get(workspace=world.workspace)
    source = observations.source_of(world.workspace, "file", kind="file", at=NOON)
    rows = []
    for on, rate in enumerate(rates):
        day = first + timedelta(days=on)
        as_of = datetime.combine(day + timedelta(days=1), time(), UTC)
        values = {"saves": round(rate * 100) + 4 * (-1) ** on, "impressions": 100_000}
        rows.append(Row(as_of=as_of, period=day, values=values, grain=1, channel=channel.pk))
    observations.apply(rows, source=source, at=NOON)


@pytest.fixture
def watched(world):
    """Saves per 1 000 with a baseline of 6, watched by the method's rules without fewest posts."""
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    kpi.numerator_metrics, kpi.denominator_metrics = "saves", "impressions"
    kpi.save()
    tell(world, [6.0] * 28, TODAY - timedelta(days=28))
    tracking.track_method(seat=world.seat("ann"), at=NOON)
    for rule in thresholds.take_up(seat=world.seat("ann"), at=NOON):
        rule.min_posts = 0
        rule.save()
    return world


def judged(world, day):
    return thresholds.evaluate(world.workspace, at=NOON + timedelta(days=day))


def kinds(world):
    rows = Event.objects.filter(workspace=world.workspace).order_by("seq")
    return [t for t in rows.values_list("type", flat=True) if "threshold" in t or "action" in t]


def test_worse_than_the_baseline_opens_one_action_and_clears_only_above_it(watched):
    watched.workspace.threshold_rules.filter(step="sequels").update(retired_at=NOON)
    tell(watched, [5.0] * 14 + [5.98] * 7 + [6.3] * 7)
    assert judged(watched, 0) == []

    [action] = judged(watched, 14)

    assert (action.owner, action.due_on) == (watched.ann, TODAY + timedelta(days=21))
    assert action.value_when_opened == pytest.approx(5.0, rel=0.01)
    assert judged(watched, 14) == []  # nothing more, however often one looks
    assert judged(watched, 21) == [] and not Crossing.objects.exclude(cleared_at=None).exists()
    assert judged(watched, 28) == []
    assert Crossing.objects.exclude(cleared_at=None).count() == 1
    assert kinds(watched) == ["kpi.threshold_crossed", "action.opened", "kpi.threshold_cleared"]
    assert Action.objects.get().closed_at is None  # the KPI is well; the outcome is still owed


def test_too_few_publications_say_nothing(watched):
    tell(watched, [5.0] * 14)
    watched.workspace.threshold_rules.update(min_posts=8)

    assert judged(watched, 14) == []


def test_an_action_closes_only_with_an_outcome_and_a_note(watched):
    tell(watched, [5.0] * 14)
    [action] = judged(watched, 14)
    ann, at = watched.seat("ann"), NOON + timedelta(days=14)

    for outcome, note in (("", "better"), ("done", " "), ("won", "better")):
        with pytest.raises(Invalid):
            actions.close(action, outcome=outcome, note=note, seat=ann, at=at)
    with pytest.raises(NotAllowed):
        actions.close(action, outcome="done", note="ok", seat=watched.seat("kim"), at=at)
    closed = actions.close(action, outcome="done", note="New hook.", seat=ann, at=at)

    assert (closed.closed_by, closed.outcome_note) == (watched.ann, "New hook.")
    assert closed.value_when_closed == pytest.approx(5.0, rel=0.01)
    with pytest.raises(Invalid):
        actions.close(action, outcome="done", note="Again", seat=ann, at=at)


def test_rising_saves_make_three_sequels_once(watched, client):
    source = watched.item("Light a face for 40 euros")
    tell(watched, [6.0 + on / 10 for on in range(28)])
    [action] = judged(watched, 28)
    client.force_login(watched.ben)
    url = reverse("action-apply", args=[watched.workspace.slug, action.public_id])

    client.post(url, {"source": source.key})
    client.post(url, {"source": source.key})

    action.refresh_from_db()
    made = list(action.made.order_by("due_at"))
    assert ContentItem.objects.count() == 4 and len(made) == 3
    assert made[0].title == "Light a face for 40 euros, part 2"
    assert made[-1].due_at - action.applied_at == timedelta(days=7)
    assert (action.step, action.item) == ("sequels", source)
    assert [each.assignments.get().user for each in made] == [watched.ann] * 3


def test_numbers_that_come_in_are_judged_without_waiting_for_the_day(watched):
    later = NOON + timedelta(days=14)
    thresholds.follow_news(at=later)
    tell(watched, [5.0] * 14)
    thresholds.follow_news(at=later)
    assert not Action.objects.exists()  # the log tells of nothing yet

    ann = watched.seat("ann")
    done = observations.apply([], source=observations.source_of(
        watched.workspace, "file", kind="file", at=NOON), at=later)  # fmt: skip
    with transaction.atomic():
        observations.record_imported(ann, "file", done, later)
    thresholds.follow_news(at=later)

    assert Action.objects.count() == 1


def test_the_page_says_why_and_what_next_and_takes_the_outcome(watched, client, strangers):
    tell(watched, [5.0] * 14)
    [action] = judged(watched, 14)
    page = reverse("actions", args=[watched.workspace.slug])
    close = reverse("action-close", args=[watched.workspace.slug, action.public_id])
    client.force_login(watched.kim)
    assert "worse than its baseline of 6.0" in client.get(page).content.decode()
    assert client.post(close, {"outcome": "done", "note": "Ok"}).status_code == 403
    client.force_login(strangers.eve)
    assert client.get(page).status_code == client.post(close).status_code == 404

    client.force_login(watched.ben)
    client.post(close, {"outcome": "no_help", "note": "The hook was not it."})

    assert "The hook was not it." in client.get(page).content.decode()
    assert Action.objects.get().outcome == "no_help"
