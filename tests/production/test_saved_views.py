"""Saved views: kept, shared, forgotten."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from production import savedviews
from production.errors import Invalid, NotAllowed
from production.models import SavedView
from tests.people import World


def keep(world: World, person: str = "ben", **values: object) -> SavedView:
    wish: dict[str, object] = {"name": "Late", "query": "late=true"} | values
    return savedviews.save(world.board, seat=world.seat(person), **wish)  # type: ignore[arg-type]


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def test_the_same_name_again_replaces_the_filters(world):
    keep(world)

    again = keep(world, query="mine=true&lanes=channel")

    assert SavedView.objects.get() == again
    assert again.query == "mine=true&lanes=channel"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 61},
        {"query": "colour=red"},
        {"query": "blocked=maybe"},
        {"query": "q=" + "x" * 1000},
    ],
)
def test_what_means_nothing_is_not_kept(world, wrong):
    with pytest.raises(Invalid):
        keep(world, **wrong)

    assert not SavedView.objects.exists()


def test_there_are_only_so_many(world):
    for number in range(savedviews.MOST):
        keep(world, name=f"View {number}")

    with pytest.raises(Invalid):
        keep(world, name="One too many")
    keep(world, name="View 3", query="mine=true")

    assert SavedView.objects.count() == savedviews.MOST


def test_a_shared_view_is_everybodys_and_the_others_are_ones_own(world):
    shared, own = keep(world, shared=True, name="Ours"), keep(world, name="Mine alone")

    assert set(savedviews.views_for(world.seat("ben"), world.board)) == {shared, own}
    assert set(savedviews.views_for(world.seat("vera"), world.board)) == {shared}
    assert set(savedviews.views_for(world.seat("otto"), world.board)) == set()


def test_a_reviewer_keeps_views_but_shares_none(world):
    own = keep(world, "vera")

    with pytest.raises(NotAllowed):
        keep(world, "vera", name="For all", shared=True)
    with pytest.raises(NotAllowed):
        savedviews.share(own, seat=world.seat("vera"))

    assert SavedView.objects.get().shared is False


def test_only_its_owner_or_an_owner_of_the_workspace_forgets_a_view(world):
    shared, own = keep(world, shared=True, name="Ours"), keep(world, name="Mine alone")

    with pytest.raises(NotAllowed):
        savedviews.delete(shared, seat=world.seat("vera"))
    with pytest.raises(NotAllowed):
        savedviews.delete(own, seat=world.seat("ann"))
    savedviews.delete(shared, seat=world.seat("ann"))
    savedviews.delete(own, seat=world.seat("ben"))

    assert not SavedView.objects.exists()


def test_the_page_keeps_the_filters_and_leads_to_them(world):
    url = reverse("board-views", args=[world.workspace.slug, world.board.public_id])
    ben = signed_in(world.ben)

    saved = ben.post(url, {"name": "Blocked", "query": "blocked=true"})
    page = ben.get(reverse("board", args=[world.workspace.slug]), {"blocked": "true"})
    nameless = ben.post(url, {"name": "", "query": "blocked=true"})

    assert saved.status_code == 302 and saved.url.endswith("?blocked=true")
    assert 'href="' + saved.url + '" aria-current="true">Blocked' in page.content.decode()
    assert nameless.status_code == 422


def test_a_view_is_shared_and_forgotten_on_the_page_by_its_owner(world):
    view = keep(world)
    url = reverse("board-view", args=[world.workspace.slug, world.board.public_id, view.public_id])

    foreign = signed_in(world.vera).post(url, {"do": "delete"})
    shared = signed_in(world.ben).post(url, {"do": "share"})
    view.refresh_from_db()
    was_shared = view.shared
    signed_in(world.ben).post(url, {"do": "delete"})

    assert (foreign.status_code, shared.status_code) == (404, 302)
    assert was_shared is True
    assert not SavedView.objects.exists()
