"""What went wrong on the way out: said in every place alike, gone when it is mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import alarms, attention, leases, plan, reports
from production.alarms import What
from production.channelhealth import health_of
from production.digestmail.compose import digest_for
from production.errors import NotAllowed
from production.leases import Client as Tool
from production.models import Channel, Event, Membership, Publication, Workspace
from production.publications import due
from production.punctuality import Due, punctuality
from production.reports import Said
from tests.people import NOON, World

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def publication(world: World) -> Publication:
    """Ready, for yesterday at six: long past its time."""
    made = world.publication()
    at = timezone.now() - timedelta(hours=20)
    Publication.objects.filter(pk=made.pk).update(publish_at=at)
    return Publication.objects.select_related("item__workspace", "channel").get(pk=made.pk)


def put(publication: Publication, state: str, **values: Any) -> None:
    Publication.objects.filter(pk=publication.pk).update(state=state, **values)


def the_alarms(world: World, name: str = "ann", **asked: Any) -> list[What]:
    return [each.what for each in alarms.alarms_of(world.seat(name), timezone.now(), **asked)]


def lose(world: World) -> Channel:
    channel = Channel.objects.get(workspace=world.workspace)
    Channel.objects.filter(pk=channel.pk).update(
        disconnected_at=timezone.now(), disconnected_reason="The token has expired"
    )
    return channel


# -- what is an alarm ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ready", [What.OVERDUE]),
        ("draft", [What.OVERDUE]),
        ("unconfirmed", [What.UNCONFIRMED]),
        ("failed", [What.FAILED]),
        ("needs_attention", [What.NEEDS_ATTENTION]),
        ("on_hold", []),
        ("cancelled", []),
        ("leased", []),
        ("scheduled", []),
    ],
)
def test_its_state_and_its_time_make_an_alarm(
    world: World, publication: Publication, state: str, expected: list[What]
) -> None:
    put(publication, state)

    assert the_alarms(world) == expected


def test_within_the_grace_nothing_is_overdue_and_the_sweep_agrees(
    world: World, publication: Publication
) -> None:
    at = publication.publish_at
    assert at is not None
    Workspace.objects.update(grace_minutes=30)

    for late, expected in ((29 * MINUTE, 0), (30 * MINUTE, 1)):
        seat = world.seat("ann")
        seat.workspace.refresh_from_db()
        assert len(alarms.alarms_of(seat, at + late)) == expected
        assert due.sweep(at + late)["overdue"] == expected


def test_the_gravest_first_a_lost_channel_before_all(
    world: World, publication: Publication
) -> None:
    other = world.publication(world.item("Another", channel=publication.channel))
    put(other, "unconfirmed")
    lose(world)

    assert the_alarms(world) == [What.DISCONNECTED, What.UNCONFIRMED, What.OVERDUE]
    assert the_alarms(world, "otto") == []
    assert the_alarms(world, own=True) == []


# -- where it is said ------------------------------------------------------------------------


def test_board_card_day_and_digest_say_the_same_sentence(
    world: World, publication: Publication, client: Client
) -> None:
    put(publication, "unconfirmed")
    lose(world)
    client.force_login(world.ann)

    board = client.get(reverse("board", args=["studio-aalto"]), follow=True).content.decode()
    day = client.get(reverse("today", args=["studio-aalto"])).content.decode()
    ann = Membership.objects.get(user=world.ann)
    digest = digest_for(ann, timezone.now()).today.lines

    said = "nobody knows whether it is out. Look there first."
    lost = "The token has expired"
    assert board.count(said) == 2  # the strip, and the card's mark
    assert all(sentence in day and sentence in board for sentence in (said, lost))
    assert [line.alarm.what for line in digest if line.alarm] == ["disconnected", "unconfirmed"]
    assert "I have looked…" in board and "Connected again…" in board


def test_nothing_is_shown_while_nothing_is_wrong(world: World, client: Client) -> None:
    world.publication()
    Publication.objects.update(publish_at=timezone.now() + HOUR)
    client.force_login(world.ann)

    board = client.get(reverse("board", args=["studio-aalto"]), follow=True).content.decode()

    assert 'aria-label="Alarms"></section>' in board
    assert attention.today(world.seat("ann"), timezone.now()).count == 0


def test_the_strip_answers_only_when_it_says_something_new(
    world: World, publication: Publication, client: Client
) -> None:
    url = reverse("board-alarms", args=["studio-aalto"])
    client.force_login(world.kim)
    known = attention.strip(world.seat("kim"), timezone.now()).stamp

    same = client.get(url, {"known": known})
    put(publication, "unconfirmed")
    news = client.get(url, {"known": known}).content.decode()
    client.force_login(world.otto)

    assert same.status_code == 204
    assert "unconfirmed" in news.lower()
    assert "I have looked…" not in news  # Kim only looks
    assert client.get(url).status_code == 403


def test_a_card_stands_once_with_all_that_is_the_matter(
    world: World, publication: Publication
) -> None:
    item = publication.item
    item.blocked_at, item.blocked_reason = timezone.now(), "No rights to the music"
    item.save()

    found = attention.today(world.seat("ann"), timezone.now())

    assert [line.key for line in found.lines] == [item.key]
    assert found.count == 1
    assert ["still" in found.lines[0].why[0], "No rights" in found.lines[0].why[1]] == [True, True]


def test_what_is_mended_on_the_strip_leads_back_to_the_board(
    world: World, publication: Publication, client: Client
) -> None:
    put(publication, "unconfirmed")
    client.force_login(world.ben)
    item = publication.item
    url = reverse(
        "item-publication-resolve", args=["studio-aalto", item.key, publication.public_id]
    )
    said = {"out": "yes", "evidence": "I saw it", "next": "/w/studio-aalto/boards/"}

    answer = client.post(url, said, headers={"HX-Request": "true"})
    away = client.get(url, {"next": "https://evil.example/"}).content.decode()

    assert answer["HX-Redirect"] == "/w/studio-aalto/boards/"
    assert 'name="next"' not in away.split("data-form")[1]
    assert the_alarms(world) == []


# -- a channel that is lost, and found ---------------------------------------------------------


def test_ben_says_that_the_channel_is_connected_again(world: World, client: Client) -> None:
    channel = lose(world)
    client.force_login(world.ben)
    url = reverse("settings-channel-reconnect", args=["studio-aalto", channel.public_id])

    asked = client.get(url).content.decode()
    answer = client.post(url, {"next": "/w/studio-aalto/today/"})
    client.post(url)  # once more is no news

    channel.refresh_from_db()
    assert "The token has expired" in asked
    assert answer["Location"] == "/w/studio-aalto/today/"
    assert (channel.disconnected_at, channel.disconnected_reason) == (None, "")
    assert Event.objects.filter(type="channel.reconnected").count() == 1
    with pytest.raises(NotAllowed):
        plan.reconnect(channel, seat=world.seat("vera"), at=NOON)


def test_a_tool_that_publishes_there_shows_that_it_is_connected(world: World) -> None:
    ben: dict[str, Any] = {"seat": world.seat("ben"), "at": NOON}
    first, second = world.publication(), world.publication(caption="Other words")
    Publication.objects.filter(pk=second.pk).update(allow_duplicate=True)
    lease = leases.claim(first, client=Tool("n8n"), **ben)
    expired = {"code": "token_expired", "message": "Sign in"}
    said = {"occurred_at": NOON, "report_id": "r1"}
    reports.receive(lease, fence=1, said=Said(status="failed", reason=expired, **said), **ben)
    assert Channel.objects.get().disconnected_reason == "Sign in"

    lease = leases.claim(second, client=Tool("n8n"), **ben)
    reports.receive(lease, fence=1, said=Said(status="published", published_at=NOON, **said), **ben)

    assert Channel.objects.get().disconnected_at is None
    kinds = Event.objects.filter(type__startswith="channel.").order_by("seq")
    assert list(kinds.values_list("type", flat=True)) == [
        "channel.disconnected",
        "channel.reconnected",
    ]


# -- how reliably a channel delivers -----------------------------------------------------------


def test_on_time_is_within_the_grace_and_what_is_not_due_yet_counts_nowhere() -> None:
    now = NOON
    dues = [
        Due(now - 5 * HOUR, now - 5 * HOUR + 60 * MINUTE),  # on the last minute
        Due(now - 5 * HOUR, now - 5 * HOUR + 61 * MINUTE),  # too late
        Due(now - 5 * HOUR, now - 6 * HOUR),  # early
        Due(now - 5 * HOUR, None),
        Due(now - 59 * MINUTE, None),  # may still come
        Due(now - 60 * MINUTE, None),
    ]

    found = punctuality(dues, now=now, grace=HOUR)

    assert (found.on_time, found.late, found.missing, found.n) == (2, 1, 2, 5)
    assert found.share is not None and found.share.value == 0.4
    assert punctuality(dues[:4], now=now, grace=HOUR).share is None  # four are too few


def test_a_channel_counts_what_had_a_time_in_the_period(world: World) -> None:
    now = datetime(2026, 4, 1, tzinfo=UTC)
    item = world.item(channel=Channel.objects.get())
    day = timedelta(days=1)
    for at, state, out_at in (
        (now - 2 * day, "published", now - 2 * day),
        (now - 3 * day, "removed", now - 2 * day),
        (now - 3 * day, "ready", None),
        (now - 3 * day, "cancelled", None),
        (now - 3 * day, "on_hold", None),
        (now - 29 * day, "published", now),
        (now + day, "ready", None),
        (None, "published", now - day),
    ):
        made = world.publication(item, state="draft")
        local = at.strftime("%Y-%m-%dT%H:%M") if at else ""
        put(made, state, publish_at=at, publish_local=local, published_at=out_at)

    (found,) = health_of(world.workspace, [Channel.objects.get()], now)

    delivery = found.delivery
    assert (delivery.on_time, delivery.late, delivery.missing) == (1, 1, 1)


def test_pages_say_too_few_rather_than_a_share(
    world: World, publication: Publication, client: Client
) -> None:
    lose(world)
    client.force_login(world.ann)

    for name in ("calendar", "settings-channels"):
        page = client.get(reverse(name, args=["studio-aalto"])).content.decode()
        assert "too few to tell" in page
        assert "disconnected" in page
