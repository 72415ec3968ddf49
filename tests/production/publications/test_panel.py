"""The publications of a card on its page: what is missing, and one press for what may be done."""

from __future__ import annotations

import pytest
from django.test import Client

from production.models import Publication
from tests.people import World


@pytest.fixture
def ben(world: World, client: Client) -> Client:
    client.force_login(world.ben)
    return client


def page(client: Client, publication: Publication) -> str:
    return client.get(f"/w/studio-aalto/items/{publication.item.key}/").content.decode()


def act(client: Client, publication: Publication, what: str, **sent: str) -> int:
    key, id = publication.item.key, publication.public_id
    answer = client.post(f"/w/studio-aalto/items/{key}/publications/{id}/{what}/", sent)
    return answer.status_code


def state(publication: Publication) -> str:
    return Publication.objects.values_list("state", flat=True).get(pk=publication.pk)


def test_a_draft_says_what_it_lacks_and_offers_no_ready(world: World, ben: Client) -> None:
    shown = page(ben, world.publication(state="draft"))

    assert "1 thing before it may go out" in shown
    assert "A second person has to sign exactly this content (0 of 1 signed)." in shown
    assert "It is ready" not in shown


def test_pressed_all_the_same_it_is_refused_with_the_reason(world: World, ben: Client) -> None:
    draft = world.publication(state="draft")

    act(ben, draft, "ready")

    assert state(draft) == "draft"


def test_hold_and_go_on(world: World, ben: Client) -> None:
    publication = world.publication()
    assert act(ben, publication, "hold", reason="Wait for the client") in (200, 302)
    assert state(publication) == "on_hold"
    assert "Wait for the client" in page(ben, publication)

    act(ben, publication, "reopen")
    assert state(publication) == "ready"


def test_a_hold_without_a_reason_changes_nothing(world: World, ben: Client) -> None:
    publication = world.publication()

    act(ben, publication, "hold", reason="")

    assert state(publication) == "ready"


def test_cancelled_it_can_be_opened_again(world: World, ben: Client) -> None:
    publication = world.publication()
    act(ben, publication, "cancel", reason="")
    assert state(publication) == "cancelled"

    act(ben, publication, "reopen")
    assert state(publication) == "draft"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"out": "no", "evidence": "Not on the profile"}, "ready"),
        ({"out": "yes", "permalink": "https://www.tiktok.com/@a/video/1"}, "published"),
        ({"out": "yes"}, "unconfirmed"),
        ({}, "unconfirmed"),
    ],
)
def test_unconfirmed_asks_for_a_look(
    world: World, ben: Client, said: dict[str, str], expected: str
) -> None:
    publication = world.publication()
    Publication.objects.update(state="unconfirmed")
    assert "Nobody knows whether this is out." in page(ben, publication)

    act(ben, publication, "resolve", **said)

    assert state(publication) == expected


def test_a_stale_form_overwrites_nothing(world: World, ben: Client) -> None:
    publication = world.publication(state="draft")
    key, id = publication.item.key, publication.public_id
    words = {"caption": "Mine", "version": str(publication.version - 1)}

    ben.post(f"/w/studio-aalto/items/{key}/publications/{id}/", words)

    publication.refresh_from_db()
    assert publication.caption != "Mine"


@pytest.mark.parametrize("who", ["vera", "kim"])
def test_who_only_looks_has_no_buttons(world: World, client: Client, who: str) -> None:
    publication = world.publication()
    client.force_login(getattr(world, who))

    assert "Hold…" not in page(client, publication)
    assert act(client, publication, "hold", reason="x") == 403
    assert state(publication) == "ready"
