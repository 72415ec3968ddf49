"""The strategy on one page: versions, gaps, the copy that a cycle keeps, who is responsible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from playbook import strategies
from playbook.models import Responsibility, Strategy, StrategyVersion
from production import cycles
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import Channel, Cycle, Event
from tests.people import NOON, World

WORDS = {
    "goals": "300 leads",
    "audience": "Owners of small shops",
    "channels": "Reels and TikTok",
    "rhythm": "Five a week",
    "kpis": "41 % viewed",
}


@pytest.fixture
def home(world: World) -> str:
    return f"/w/{world.workspace.slug}/cycle/strategy/"


def begin(world: World, *, name: str = "Winter") -> Cycle:
    channel = Channel.objects.get(workspace=world.workspace)
    day = cycles.today_in(world.workspace, NOON)
    values = {"name": name, "starts_on": day, "template": "b2c"}
    roles = {channel: "primary"}
    return strategies.begin_cycle(values, channels=roles, seat=world.seat("ann"), at=NOON)


def test_the_page_says_what_is_missing_and_keeps_every_version(
    world: World, client: Client, home: str
) -> None:
    client.force_login(world.ann)
    assert "Not said yet: Goals, Audience" in client.get(home).content.decode()

    client.post(f"{home}edit/", WORDS | {"rhythm": "", "version": 0})
    page = client.get(home).content.decode()
    assert "Not said yet: Weekly rhythm." in page
    client.post(f"{home}edit/", WORDS | {"version": 1})

    page = client.get(home).content.decode()
    assert "Not said yet" not in page
    assert "Five a week" in page
    first = client.get(f"{home}versions/1/").content.decode()
    assert "300 leads" in first
    assert "Five a week" not in first
    assert client.get(f"{home}versions/3/").status_code == 404
    saved = Event.objects.filter(type="strategy.saved").latest("seq")
    assert saved.data == {"version": 2, "words": {"rhythm": [0, 3]}}


def test_who_was_slower_sees_both_and_then_decides(world: World, client: Client, home: str) -> None:
    seat = world.seat("ann")
    strategies.save(WORDS, version=0, seat=seat, at=NOON)
    strategies.save(WORDS | {"goals": "500 leads"}, version=1, seat=seat, at=NOON)
    with pytest.raises(Stale):
        strategies.save(WORDS, version=0, seat=seat, at=NOON)
    client.force_login(world.ann)
    mine = WORDS | {"goals": "400 leads", "version": 1}

    page = client.post(f"{home}edit/", mine).content.decode()

    assert "500 leads" in page
    assert "400 leads" in page
    assert 'name="version" value="2"' in page
    assert Strategy.objects.get().goals == "500 leads"
    assert client.post(f"{home}edit/", mine | {"version": 2}).status_code == 302
    assert Strategy.objects.get().goals == "400 leads"
    strategies.save({"goals": "400 leads"}, version=3, seat=seat, at=NOON)
    assert StrategyVersion.objects.count() == 3


def test_a_cycle_begins_without_gaps_and_keeps_its_copy(
    world: World, client: Client, home: str
) -> None:
    seat = world.seat("ann")
    strategies.save(WORDS | {"kpis": "  "}, version=0, seat=seat, at=NOON)
    with pytest.raises(Refused, match="strategy_gaps"):
        begin(world)
    assert not Cycle.objects.exists()
    strategies.save(WORDS, version=1, seat=seat, at=NOON)

    winter = begin(world)

    assert winter.strategy.content == WORDS
    strategies.save({"goals": "900 leads"}, version=2, seat=seat, at=NOON)
    winter.strategy.refresh_from_db()
    assert winter.strategy.content["goals"] == "300 leads"
    client.force_login(world.kim)
    assert "runs on version 2" in client.get(home).content.decode()
    cycles.end(winter, seat=seat, at=NOON + timedelta(days=90))
    spring = begin(world, name="Spring")
    assert spring.strategy.number == 3
    cycles.end(spring, seat=seat, at=NOON + timedelta(days=90))
    summer = begin(world, name="Summer")
    assert (summer.strategy.number, summer.strategy.content["goals"]) == (4, "900 leads")


def test_three_areas_have_a_person_and_a_deputy(world: World, client: Client, home: str) -> None:
    client.force_login(world.ann)
    sent = {"data_person": world.ben.pk, "data_deputy": world.ann.pk}

    assert client.post(f"{home}people/", sent).status_code == 302

    row = Responsibility.objects.get(area="data")
    assert (row.person, row.deputy) == (world.ben, world.ann)
    page = client.get(home).content.decode()
    assert "deputy Ann Koski" in page
    assert page.count("nobody") == 2
    both = client.post(f"{home}people/", {"data_person": world.ben.pk, "data_deputy": world.ben.pk})
    assert "Nobody stands in for themselves" in both.content.decode()
    outside = client.post(f"{home}people/", {"production_person": world.otto.pk})
    assert outside.status_code == 200
    assert Event.objects.filter(type="responsibility.changed").count() == 1


def test_others_read_or_see_nothing(
    world: World, strangers: World, client: Client, home: str
) -> None:
    at = timezone.now()
    strategies.save(WORDS, version=0, seat=world.seat("ann"), at=at)
    with pytest.raises(NotAllowed):
        strategies.save(WORDS, version=1, seat=world.seat("ben"), at=at)
    with pytest.raises(Invalid):
        strategies.entrust({"data": (strangers.eve, None)}, seat=world.seat("ann"), at=at)
    for person, look, change in (
        (world.kim, 200, 403),
        (world.otto, 403, 403),
        (strangers.eve, 404, 404),
    ):
        client.force_login(person)
        assert client.get(home).status_code == look
        assert client.get(f"{home}versions/1/").status_code == look
        assert client.get(f"{home}people/").status_code == change
        assert client.post(f"{home}edit/", WORDS | {"version": 1}).status_code == change
    assert StrategyVersion.objects.count() == 1
