"""My work, reviews, activity, inbox, search and the palette."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import items, moves, reviews
from production.models import Gate, Notice
from tests.people import World


def page(world: World, person: object, name: str, /, **query: object) -> str:
    return answer(world, person, name, **query).content.decode()


def answer(world: World, person: object, name: str, /, **query: object):
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client.get(reverse(name, args=[world.workspace.slug]), query)


def test_my_work_is_mine_the_most_urgent_first_with_what_is_missing(world):
    Gate.objects.create(
        workspace=world.workspace,
        stage=world.stages["shoot"],
        label="Shot list is ready",
        check_kind=Gate.Check.MANUAL,
    )
    now = timezone.now()
    for title, hours in (("Plenty of time", 2), ("Nearly over", 70), ("Long past", 100)):
        item = world.item(title, stage="script", assignees=[world.ben])
        item.committed_at = now - timedelta(hours=hours)
        item.save()
    world.item("Somebody else's", stage="script", assignees=[world.vera])

    text = page(world, world.ben, "my-work")

    order = [text.index(title) for title in ("Long past", "Nearly over", "Plenty of time")]
    assert order == sorted(order)
    assert "Shot list is ready" in text
    assert "Somebody else" not in text


def test_my_work_asks_the_same_questions_however_much_it_is(world, django_assert_max_num_queries):
    client = Client()
    client.force_login(world.ben)
    url = reverse("my-work", args=[world.workspace.slug])
    for number in range(3):
        world.item(f"Card {number}", stage="script", assignees=[world.ben])
    with django_assert_max_num_queries(18) as few:
        client.get(url)
    for number in range(20):
        world.item(f"More {number}", stage="edit", assignees=[world.ben])
    with django_assert_max_num_queries(18) as many:
        client.get(url)

    assert len(few) == len(many)


def test_reviews_stand_with_whoever_can_answer_them(world):
    item = world.item("Sign me", stage="edit")
    reviews.request(item, reviewer=world.vera, by=world.ben, at=timezone.now())

    veras, anns = page(world, world.vera, "reviews"), page(world, world.ann, "reviews")

    assert "Waiting for you" in veras and "Sign me" in veras
    assert "Waiting for you" not in anns and "Waiting for others" in anns
    assert f"/items/{item.key}/#review" in veras


def test_the_activity_says_who_did_what_and_narrows(world):
    item = world.item("A story")
    moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=timezone.now())
    items.block(item, reason="music rights", by=world.ann, at=timezone.now())

    everything = page(world, world.kim, "activity")
    anns = page(world, world.kim, "activity", person=world.ann.public_id)
    moved = page(world, world.kim, "activity", kind="moves", item=item.key)

    assert "moved it from Idea to Script" in everything and "music rights" in everything
    assert "music rights" in anns and "moved it" not in anns
    assert "moved it" in moved and "music rights" not in moved


def test_the_activity_comes_in_pages_and_loses_nothing(world):
    item = world.item("A story")
    for number in range(60):
        items.block(item, reason=f"reason {number:03d}", by=world.ann, at=timezone.now())

    first = answer(world, world.ann, "activity")
    onward = first.context["next_url"]
    client = Client()
    client.force_login(world.ann)
    second = client.get(f"{reverse('activity', args=[world.workspace.slug])}{onward}")

    both = first.content.decode() + second.content.decode()
    assert all(both.count(f"reason {number:03d}") == 1 for number in range(60))
    assert second.context["next_url"] == ""


@pytest.mark.parametrize("query", [{"colour": "red"}, {"kind": "lunch"}])
def test_an_unknown_filter_of_the_activity_is_refused(world, query):
    assert answer(world, world.ann, "activity", **query).status_code == 400


def test_otto_sees_no_activity_no_reviews_and_no_search(world):
    for name in ("activity", "reviews", "search"):
        assert answer(world, world.otto, name).status_code == 403
    for name in ("my-work", "inbox", "palette"):
        assert answer(world, world.otto, name).status_code == 200


@pytest.mark.parametrize(
    "name", ["my-work", "reviews", "activity", "inbox", "search", "palette", "board"]
)
def test_eve_finds_none_of_it(world, strangers, name):
    assert answer(world, strangers.eve, name).status_code == 404
    assert answer(world, world.ann, name).status_code == 200


def test_the_inbox_opens_where_it_points_and_is_then_read(world):
    item = world.item("For Vera")
    items.edit(item, {"assignees": [world.vera]}, by=world.ben, at=timezone.now())
    notice = Notice.objects.get(user=world.vera)
    client, ben = Client(), Client()
    client.force_login(world.vera)
    ben.force_login(world.ben)
    url = reverse("inbox-open", args=[world.workspace.slug, notice.public_id])

    listed = page(world, world.vera, "inbox")
    foreign = ben.post(url)
    opened = client.post(url)

    notice.refresh_from_db()
    assert "For Vera" in listed and "data-new" in listed
    assert foreign.status_code == 404
    assert opened.url == f"/w/{world.workspace.slug}/items/{item.key}/"
    assert notice.read_at is not None


def test_everything_in_the_inbox_is_read_at_once(world):
    for number in range(3):
        world.item(f"Card {number}", assignees=[world.vera])
    client = Client()
    client.force_login(world.vera)

    client.post(reverse("inbox-read", args=[world.workspace.slug]))

    assert not Notice.objects.filter(user=world.vera, read_at=None).exists()


def test_the_palette_finds_a_card_by_its_key_first(world):
    for number in range(1, 13):
        world.item(f"Lesson {13 - number}")

    text = page(world, world.ann, "palette", q="VID-2")

    results = [line for line in text.split("<a ") if 'role="option"' in line]
    assert "VID-2<" in results[0] and "Lesson 11" in results[0]


def test_the_palette_shows_otto_only_his_own(world):
    world.item("Secret plan")
    world.item("Plan for Otto", stage="edit", assignees=[world.otto])

    text = page(world, world.otto, "palette", q="plan")

    assert "Plan for Otto" in text and "Secret plan" not in text


def test_search_finds_archived_cards_too(world):
    gone = world.item("Once upon a time")
    items.archive(gone, seat=world.seat("ann"), at=timezone.now())

    text = page(world, world.kim, "search", q="upon")

    assert "Once upon a time" in text and "Archive" in text
    assert answer(world, world.kim, "search", q="\x00").status_code == 200
