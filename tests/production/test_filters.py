"""The filters of items, as the page and the API ask them, and the words of the filter line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import flow, items
from production.boardview import late, medians_ahead
from production.errors import Invalid
from production.filters import ItemFilters
from production.models import Channel, ContentItem, Format, Label, Pillar, Script, Stage
from production.views.boards import words
from tests.people import World

TARGET = timedelta(hours=72)


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


def test_late_or_tight_is_what_the_countdown_says_card_by_card(world):
    now = timezone.now()
    for kind, hours in (("script", 10), ("shoot", 20), ("edit", None), ("publish", 6)):
        seconds = hours * 3600 if hours else None
        Stage.objects.filter(pk=world.stages[kind].pk).update(median_seconds=seconds)
    for kind in ("idea", "script", "shoot", "edit", "publish", "learn"):
        for hours in (1, 30, 50, 56, 61, 67, 71, 73, 90):
            item = world.item(f"{kind} {hours}", stage=kind)
            item.committed_at = None if kind == "idea" else now - timedelta(hours=hours)
            item.published_at = now if kind == "learn" else None
            item.save()
    stages = list(Stage.objects.filter(board=world.board).order_by("position"))

    asked = set(
        ContentItem.objects.filter(late(stages, target=TARGET, now=now)).values_list(
            "title", flat=True
        )
    )

    urgent = {flow.State.TIGHT, flow.State.DOES_NOT_FIT, flow.State.PAST}
    said = {
        item.title
        for item in ContentItem.objects.select_related("stage")
        if flow.countdown(
            item, item.stage.kind, now, ahead=medians_ahead(item.stage, stages), target=TARGET
        ).state
        in urgent
    }
    assert asked == said
    assert 10 < len(asked) < 40


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
