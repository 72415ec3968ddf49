"""The filters of items, as the page and the API ask them, and the words of the filter line."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import flow, items, workspaces
from production.boardview import late, medians_ahead, will_miss
from production.errors import Invalid
from production.filters import ItemFilters
from production.models import Channel, ContentItem, Format, Label, Pillar, Script, Stage
from production.views.boards import words
from tests.people import World


def titles(world: World, query: str, person: str = "ann") -> set[str]:
    filters = ItemFilters(
        QueryDict(query),
        ContentItem.objects.visible_to(world.seat(person).user),
        seat=world.seat(person),
    )
    filters.require_known()
    return {item.title for item in filters.qs}


@pytest.fixture
def cards(world: World) -> World:
    """Three cards that differ in everything one can ask for."""
    tiktok = Channel.objects.get(workspace=world.workspace)
    kpi = world.workspace.kpidefinitions.get()
    pillar = Pillar.objects.create(workspace=world.workspace, name="Mistakes", kpi=kpi)
    shape = Format.objects.create(workspace=world.workspace, name="Myth vs fact")
    series = Label.objects.create(workspace=world.workspace, name="series")
    now = timezone.now()
    world.item("Plain")
    world.item(
        "Full",
        stage="edit",
        channel=tiktok,
        pillar=pillar,
        format=shape,
        primary_kpi=kpi,
        labels=[series],
        assignees=[world.ben],
        due_at=now - timedelta(hours=1),
        description="about lighting",
    )
    hers = world.item("Hers", stage="script", assignees=[world.ann])
    items.block(hers, reason="music rights", by=world.ann, at=now)
    return world


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Plain", "Full", "Hers"}),
        ("mine=true", {"Hers"}),
        ("mine=false", {"Plain", "Full"}),
        ("blocked=true", {"Hers"}),
        ("overdue=true", {"Full"}),
        ("will_miss=true", {"Full", "Hers"}),
        ("kind=edit", {"Full"}),
        ("kind=edit&kind=script", {"Full", "Hers"}),
        ("channel=none", {"Plain", "Hers"}),
        ("assignee=me", {"Hers"}),
        ("assignee=none", {"Plain"}),
        ("label=none", {"Plain", "Hers"}),
        ("q=full", {"Full"}),
        ("q=lighting", {"Full"}),
        ("q=VID-1", {"Plain"}),
        ("q=vid-2+full", {"Full"}),
        ("q=nothing-like-it", set()),
        ("archived=true", set()),
    ],
)
def test_each_filter_lets_through_what_it_says(cards, query, expected):
    assert titles(cards, query) == expected


@pytest.mark.parametrize("name", ["channel", "pillar", "format", "kpi", "label", "assignee"])
def test_an_id_finds_what_carries_it(cards, name):
    full = ContentItem.objects.get(title="Full")
    row = {
        "kpi": full.primary_kpi,
        "label": full.labels.get(),
        "assignee": cards.ben,
    }.get(name) or getattr(full, name)

    assert titles(cards, f"{name}={row.public_id}") == {"Full"}
    assert "Full" in titles(cards, f"{name}={row.public_id},none")


def test_words_are_looked_for_in_the_script_too(cards):
    plain = ContentItem.objects.get(title="Plain")
    Script.objects.create(item=plain, text="Kahvila herää", updated_at=timezone.now())

    assert titles(cards, "q=kahvila") == {"Plain"}


def test_an_archived_card_is_seen_only_when_asked_for(cards):
    plain = ContentItem.objects.get(title="Plain")
    items.archive(plain, seat=cards.seat("ann"), at=timezone.now())

    assert "Plain" not in titles(cards, "")
    assert titles(cards, "archived=true") == {"Plain"}


def test_otto_finds_only_what_is_his(cards):
    cards.item("For Otto", stage="edit", assignees=[cards.otto])

    assert titles(cards, "q=o", "otto") == {"For Otto"}
    assert titles(cards, "", "otto") == {"For Otto"}


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "blocked=maybe",
        "kind=lunch",
        "channel=tiktok",
        "due_before=tomorrow",
        f"q={'x' * 201}",
        "q=%00",
        "assignee=itm_%00",
    ],
)
def test_what_nobody_understands_is_refused_and_not_ignored(cards, query):
    with pytest.raises(Invalid):
        titles(cards, query)

    client = Client()
    client.force_login(cards.ann)
    board = reverse("board", args=[cards.workspace.slug])
    assert client.get(f"{board}?{query}").status_code == 400


URGENT = {flow.State.TIGHT, flow.State.DOES_NOT_FIT, flow.State.PAST}
LOST = {flow.State.DOES_NOT_FIT, flow.State.PAST}


def scatter(world: World, *, seed: int, target: timedelta, now: datetime) -> None:
    """Sixty cards anywhere on the board, committed at any time, with stages that take any time."""
    rng = random.Random(seed)
    for kind in ("script", "shoot", "edit", "publish"):
        hours = rng.choice([None, 0, 4, 12, 30, 90])
        seconds = None if hours is None else hours * 3600
        Stage.objects.filter(pk=world.stages[kind].pk).update(median_seconds=seconds)
    for number in range(60):
        kind = rng.choice(["idea", "script", "shoot", "edit", "publish", "learn"])
        item = world.item(f"{kind} {number}", stage=kind)
        committed = now - target * rng.uniform(-0.05, 1.3)
        item.committed_at = rng.choice([committed] * 6 + [None, now - target])
        item.published_at = now if rng.random() < 0.1 else None
        item.save()


def said_by_chips(world: World, states: set[flow.State], target: timedelta, now: datetime):
    stages = list(Stage.objects.filter(board=world.board).order_by("position"))
    return {
        item.title
        for item in ContentItem.objects.select_related("stage")
        if flow.countdown(
            item, item.stage.kind, now, ahead=medians_ahead(item.stage, stages), target=target
        ).state
        in states
    }


@pytest.mark.parametrize("seed", range(6))
def test_late_and_will_miss_are_what_the_countdown_says_card_by_card(world, seed):
    now = timezone.now()
    target = timedelta(hours=random.Random(seed).choice([24, 72, 120]))
    scatter(world, seed=seed, target=target, now=now)
    stages = list(Stage.objects.filter(board=world.board).order_by("position"))

    for ask, states in ((late, URGENT), (will_miss, LOST)):
        found = ContentItem.objects.filter(ask(stages, target=target, now=now))

        asked = set(found.values_list("title", flat=True))
        assert asked == said_by_chips(world, states, target, now)
        assert asked


def test_will_miss_is_asked_of_board_and_api_alike(world, client):
    now = timezone.now()
    workspaces.change({"target_hours": 24}, seat=world.seat("ann"), at=now)
    scatter(world, seed=7, target=timedelta(hours=24), now=now)
    expected = said_by_chips(world, LOST, timedelta(hours=24), now)
    client.force_login(world.ann)

    board = reverse("board", args=["studio-aalto"])
    page = client.get(board, {"will_miss": "true"})
    words = client.get(board, {"q": "is:will_miss"})
    will, others = (
        {item["title"] for item in answer.json()["data"]}
        for value in ("true", "false")
        for answer in [
            client.get(
                "/api/v1/items/",
                {"will_miss": value, "limit": 100},
                headers={"Putki-Workspace": "studio-aalto"},
            )
        ]
    )

    on_page = {card.item.title for column in page.context["columns"] for card in column.cards}
    assert on_page == will == expected
    assert others == {item.title for item in ContentItem.objects.all()} - expected
    assert words.url == f"{board}?will_miss=true"
    assert "Will miss the target" in page.content.decode()


def test_the_words_of_the_line_become_plain_parameters(cards):
    tiktok = Channel.objects.get(workspace=cards.workspace)

    found = words.translate(
        QueryDict('q=channel:tiktok+@ben+label:series+is:late+kind:edit+hook+"two+words"'),
        cards.seat("ann"),
    )

    assert found["channel"] == tiktok.public_id
    assert found["assignee"] == cards.ben.public_id
    assert (found["late"], found["kind"]) == ("true", "edit")
    assert found["q"] == 'hook "two words"'


def test_the_page_leads_to_the_plain_address(cards):
    client = Client()
    client.force_login(cards.ann)
    board = reverse("board", args=[cards.workspace.slug])

    answer = client.get(board, {"q": "is:blocked rights"})

    assert answer.status_code == 302
    assert answer.url == f"{board}?blocked=true&q=rights"


def test_a_name_that_nothing_has_is_said_so(cards):
    client = Client()
    client.force_login(cards.ann)

    answer = client.get(reverse("board", args=[cards.workspace.slug]), {"q": "channel:myspace"})

    assert answer.status_code == 400
    assert "Nothing here is called channel:myspace." in answer.content.decode()


def test_a_name_of_another_workspace_is_nothing_here(cards, strangers):
    Label.objects.create(workspace=strangers.workspace, name="secret")

    with pytest.raises(Invalid):
        words.translate(QueryDict("q=label:secret"), cards.seat("ann"))


@pytest.mark.parametrize("word", ["ääni", "Ääni", "ÄÄNI"])
def test_small_and_capital_letters_are_the_same_in_finnish_too(world, word):
    world.item("Ääni, joka kantaa")
    world.item("Huono ääni")
    world.item("Valo")

    assert titles(world, f"q={word}") == {"Ääni, joka kantaa", "Huono ääni"}
