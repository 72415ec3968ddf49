"""Outcomes: read at equal age, beside comparable posts, decided once, carried on in a card."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from experiments import observations, outcomes
from experiments.models import DailyCheck, MetricDay, Outcome, PostReading
from experiments.observations import Row
from production import events
from production.errors import Invalid, Refused
from production.models import Channel, ContentItem, Event, KpiDefinition, Notice, Publication
from production.permissions import NotAllowed
from tests.people import NOON

LATER = NOON + timedelta(days=8)


@pytest.fixture
def saves(world):
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    kpi.numerator_metrics, kpi.denominator_metrics = "saves", "impressions"
    kpi.save()
    return kpi


def post(world, title, *, out=NOON, saved=None, age=7.0, **values):
    """A card that is out on the channel, and what was told of it some days later."""
    channel = Channel.objects.get(workspace=world.workspace)
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    item = world.item(title, stage="publish", channel=channel, primary_kpi=kpi, **values)
    ContentItem.objects.filter(pk=item.pk).update(published_at=out)
    publication = Publication.objects.create(
        workspace=world.workspace, item=item, channel=channel, state="published",
        published_at=out, mode="manual", created_at=out, updated_at=out,
    )  # fmt: skip
    if saved is not None:
        tell(world, publication, out + timedelta(days=age), saves=saved, impressions=1_000)
    item.refresh_from_db()
    return item, publication


def tell(world, publication, moment, **values):
    source = observations.source_of(world.workspace, "n8n", kind="api", at=NOON)
    row = Row(as_of=moment, period=moment.date(), values=values, publication=publication.pk)
    observations.apply([row], source=source, at=moment)


def test_it_is_compared_at_seven_days_with_posts_of_its_kind_that_came_before(world, saves):
    for n, saved in enumerate((4, 5, 6, 7)):
        post(world, f"Before {n}", out=NOON - timedelta(days=10 + n), saved=saved)
    post(world, "Too old", out=NOON - timedelta(days=91), saved=90)
    post(world, "Told at three days only", out=NOON - timedelta(days=20), saved=90, age=3)
    post(world, "After", out=NOON + timedelta(days=1), saved=90)
    item, publication = post(world, "This one", saved=6)
    tell(world, publication, NOON + timedelta(days=20), saves=40, impressions=1_000)

    few = outcomes.standing_of(item)
    post(world, "A fifth", out=NOON - timedelta(days=30), saved=9)
    enough = outcomes.standing_of(item)

    assert (few.value, few.median, few.others, few.percentile) == (6, 5.5, 4, None)
    assert (enough.value, enough.median, enough.others) == (6, 6, 5)
    assert enough.percentile == pytest.approx(50)  # two below, one the same of five


def test_what_nobody_told_is_not_0(world, saves):
    item, publication = post(world, "No impressions told")
    tell(world, publication, NOON + timedelta(days=7), saves=5)

    outcomes.fill_due(at=LATER)

    item.refresh_from_db()
    assert outcomes.standing_of(item).value is None
    assert item.result_value is None
    assert Outcome.objects.get(item=item).value is None


def test_the_daily_look_fills_the_result_and_asks_once(world, saves):
    young, _publication = post(world, "Five days", out=NOON + timedelta(days=3), saved=5)
    typed, _publication = post(world, "Typed", saved=8, result_value=3)
    item, publication = post(world, "Seven days", saved=8, age=6.5)

    assert outcomes.fill_due(at=LATER) == 2
    assert outcomes.fill_due(at=LATER) == 0

    for each in (young, typed, item):
        each.refresh_from_db()
    assert (young.result_value, typed.result_value, item.result_value) == (None, 3, 8)
    asked = Event.objects.filter(type="outcome.due", subject=item.public_id)
    assert [event.actor for event in asked] == [None]
    notice = Notice.objects.get(item=item)
    assert (notice.user, notice.reason) == (world.ben, "outcome")
    tell(world, publication, NOON + timedelta(days=7), saves=10, impressions=1_000)
    outcomes.fill_due(at=LATER)
    item.refresh_from_db()
    assert item.result_value == 10  # nearer to seven days; still asked once
    assert asked.count() == 1


def test_repeat_makes_one_card_and_improve_carries_the_learning(world, saves):
    ben = world.seat("ben")
    item, _publication = post(world, "Three mistakes", saved=8, promise="You will see why")
    other, _publication = post(world, "Slow start", saved=2)

    again = outcomes.decide(
        item, decision="repeat", reason="Above its target", seat=ben, at=LATER
    ).next
    twice = outcomes.decide(item, decision="repeat", reason="Above all", seat=ben, at=LATER).next
    better = outcomes.decide(
        other, decision="improve", reason="Slow", learning="Open with the end", seat=ben, at=LATER
    ).next
    dropped = outcomes.decide(item, decision="drop", reason="Tired", seat=ben, at=LATER)

    assert again == twice and again.stage.kind == "idea" and again.promise == "You will see why"
    assert better.hypothesis == "Open with the end" and better.parent is None
    assert other.outcome.next_item == better
    assert dropped.next is None and dropped.item.decision == "drop"
    told = Event.objects.filter(type="outcome.continued").order_by("seq")
    assert [event.data["key"] for event in told] == [again.key, better.key]


def test_a_decision_needs_a_reason_a_learning_and_something_that_is_out(world, saves):
    item, _publication = post(world, "Three mistakes", saved=8)
    idea = world.item("Not out", primary_kpi=saves)

    for card, words in (
        (item, {"decision": "winner", "reason": "Because"}),
        (item, {"decision": "drop", "reason": " "}),
        (item, {"decision": "improve", "reason": "Slow"}),
        (idea, {"decision": "drop", "reason": "Because"}),
    ):
        with pytest.raises(Invalid if card == item else Refused):
            outcomes.decide(card, **words, seat=world.seat("ben"), at=LATER)
    with pytest.raises(NotAllowed):
        outcomes.decide(item, decision="drop", reason="x", seat=world.seat("kim"), at=LATER)

    item.refresh_from_db()
    assert item.decision == "" and not Event.objects.filter(type="outcome.recorded").exists()


def test_the_page_ranks_it_and_takes_the_decision(world, saves, client, strangers):
    for n, saved in enumerate((4, 5, 6, 7, 9)):
        post(world, f"Before {n}", out=NOON - timedelta(days=10 + n), saved=saved)
    item, _publication = post(world, "Three mistakes", saved=8)
    page = reverse("item", args=[world.workspace.slug, item.key])
    decide = reverse("outcome-decide", args=[world.workspace.slug, item.key])
    words = {"decision": "improve", "decision_reason": "Slow", "go_on": "1"}

    client.force_login(world.kim)
    assert client.post(decide, words).status_code == 403
    client.force_login(strangers.eve)
    assert client.post(decide, words).status_code == 404
    client.force_login(world.ben)
    shown = client.get(page).content.decode()
    refused = client.post(decide, words)
    client.post(decide, words | {"learning": "Open with the end"})
    after = client.get(page).content.decode()

    assert "5 comparable posts" in shown and "It lies above 80" in shown
    assert "winner" not in shown
    assert refused.status_code == 422 and "has to do otherwise" in refused.content.decode()
    item.refresh_from_db()
    assert (item.decision, item.learning) == ("improve", "Open with the end")
    assert "Goes on in" in after


def test_today_says_two_numbers_and_what_is_to_be_decided(world, saves, client):
    channel = Channel.objects.get(workspace=world.workspace)
    channel.winning_kpi = saves
    channel.save()
    source = observations.source_of(world.workspace, "file", kind="file", at=NOON)
    today = reverse("today", args=[world.workspace.slug])
    client.force_login(world.ben)
    clock = timezone.now()  # the page reads it
    rows = [
        Row(
            as_of=clock, period=(clock - timedelta(days=back)).date(), grain=1,
            channel=channel.pk, values={"saves": 6, "impressions": 1_000, "followers": 500 - back},
        )
        for back in range(1, 22)
    ]  # fmt: skip
    observations.apply(rows, source=source, at=clock)
    item, _publication = post(world, "Undecided for days", out=clock - timedelta(days=9))

    shown = client.get(today).content.decode()
    client.post(reverse("today-well", args=[world.workspace.slug]))

    assert saves.name in shown and "Followers" in shown and "on the week before" in shown
    assert item.title in shown and "Decisions due" in shown
    assert DailyCheck.objects.get().user == world.ben
    client.force_login(world.otto)
    assert "Two numbers a channel" not in client.get(today).content.decode()


def test_another_moment_of_publication_mends_ages_and_sums(world, saves):
    item, publication = post(world, "Said too late", saved=8)
    days = MetricDay.objects.filter(metric="saves", basis=MetricDay.Basis.POST)
    assert days.get().day == (NOON - timedelta(hours=7)).date()  # counted in the channel's zone
    Publication.objects.filter(pk=publication.pk).update(published_at=NOON - timedelta(days=4))
    with transaction.atomic():
        events.record(
            "publication.published", item.public_id, workspace_id=world.workspace.pk, by=None,
            at=NOON, data={"publication": publication.public_id},
        )  # fmt: skip

    observations.follow_moments()
    observations.follow_moments()

    ages = PostReading.objects.filter(publication=publication, metric="saves")
    assert set(ages.values_list("age_hours", flat=True)) == {0}  # eleven days is none of the ages
    [day] = days
    assert (day.total, day.day) == (8, (NOON - timedelta(days=4, hours=7)).date())
