"""Tracked links: how they are named, what is no link, and the code to print."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from production import publishing, qrcode, utmtemplates
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import Channel, Event, Publication, TrackedLink, UtmTemplate
from tests.people import World

USUAL = {"source": "{platform}", "medium": "social"}


def add(world: World, channel: Channel | None = None, **parts: str) -> UtmTemplate:
    at = timezone.now()
    return utmtemplates.add(USUAL | parts, channel=channel, seat=world.seat("ann"), at=at)


def channel_of(world: World) -> Channel:
    return Channel.objects.get(workspace=world.workspace)


def url_of(publication: Publication) -> str:
    return TrackedLink.objects.get(publication=publication).url


def test_a_template_of_the_channel_goes_before_that_of_the_workspace(world: World) -> None:
    draft = world.publication(state="draft", link_url="https://a.fi/opas")
    add(world, campaign="all")
    assert parse_qs(urlsplit(url_of(draft)).query)["utm_campaign"] == ["all"]

    own = add(world, channel_of(world), campaign="Kevät Kampanja")
    assert parse_qs(urlsplit(url_of(draft)).query)["utm_campaign"] == ["kevat-kampanja"]

    utmtemplates.retire(own, seat=world.seat("ann"), at=timezone.now())
    assert parse_qs(urlsplit(url_of(draft)).query)["utm_campaign"] == ["all"]
    assert Event.objects.get(type="utm_template.retired").data["template"] == own.public_id


def test_a_change_names_anew_what_nobody_has_and_leaves_what_a_tool_has(world: World) -> None:
    template = add(world, campaign="first")
    mine = world.publication(state="draft", link_url="https://a.fi/1")
    theirs = world.publication(state="draft", link_url="https://a.fi/2")
    Publication.objects.filter(pk=theirs.pk).update(state="scheduled")

    utmtemplates.change(template, {"campaign": "second"}, seat=world.seat("ann"), at=timezone.now())

    assert "utm_campaign=second" in url_of(mine)
    assert "utm_campaign=first" in url_of(theirs)
    changes = Event.objects.get(type="utm_template.changed").data["changes"]
    assert changes == {"campaign": ["first", "second"]}


@pytest.mark.parametrize(
    ("parts", "field", "code"),
    [
        ({"source": " "}, "source", "blank"),
        ({"medium": ""}, "medium", "blank"),
        ({"campaign": "{colour}"}, "campaign", "unknown_slot"),
        ({"term": "x" * 101}, "term", "max_length"),
    ],
)
def test_what_cannot_name_a_link(
    world: World, parts: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        add(world, **parts)

    assert [each[0] for each in invalid.value.errors[field]] == [code]
    assert not UtmTemplate.objects.exists()


def test_one_for_each_only_by_owners_and_not_over_somebody_elses_change(
    world: World, strangers: World
) -> None:
    template, at = add(world), timezone.now()

    with pytest.raises(Invalid):
        add(world)
    with pytest.raises(Invalid):
        add(world, channel_of(strangers))
    with pytest.raises(NotAllowed):
        utmtemplates.change(template, {"medium": "x"}, seat=world.seat("ben"), at=at)
    with pytest.raises(Stale):
        utmtemplates.change(template, {"medium": "x"}, seat=world.seat("ann"), at=at, version=9)
    assert Event.objects.filter(type__startswith="utm_template").count() == 1


@pytest.mark.parametrize(
    "words",
    [
        {"caption": "Read https://a.fi/opas today"},
        {"first_comment": "Here: https://a.fi/opas."},
        {"title": "https://a.fi/opas", "caption": "x"},
    ],
)
def test_a_bare_link_is_never_ready(world: World, words: dict[str, str]) -> None:
    publication = world.publication(**words)

    assert publication.state == "in_review"
    with pytest.raises(Refused) as refused:
        publishing.mark_ready(publication, by=world.ben, at=timezone.now())
    found = [each for each in refused.value.refusals if each.code == "bare_link"]
    assert [each.params["url"] for each in found] == ["https://a.fi/opas"]


def test_a_link_whose_template_leaves_the_source_empty_is_bare(world: World) -> None:
    add(world, source="{variant}")
    publication = world.publication(link_url="https://a.fi/opas")

    assert publication.state == "in_review"
    assert "bare_link" in [each.code for each in publishing.missing(publication)]


@pytest.mark.parametrize(
    ("typed", "host", "kept", "fragment"),
    [
        ("https://a.fi/?b=%C3%A4%20c&utm_source=old", "a.fi", {"b": ["ä c"]}, ""),
        ("https://ääkkönen.fi/opas#osa 2", "xn--kknen-fraa0m.fi", {}, "osa%202"),
        ("https://a.fi/?UTM_Campaign=X&q=1;2#/path?x=1", "a.fi", {"q": ["1;2"]}, "/path?x=1"),
    ],
)
def test_the_preview_keeps_query_and_fragment_and_replaces_an_earlier_campaign(
    world: World, typed: str, host: str, kept: dict[str, Any], fragment: str
) -> None:
    made = utmtemplates.preview(
        typed, USUAL, seat=world.seat("kim"), at=timezone.now(), channel=channel_of(world)
    )

    parts = urlsplit(made.url)
    query = parse_qs(parts.query)
    assert parts.hostname == host
    assert query.pop("utm_source") == ["tiktok"] and query.pop("utm_medium") == ["social"]
    assert {name: value for name, value in query.items() if not name.startswith("utm_")} == kept
    assert parts.fragment == fragment
    assert "old" not in made.url and " " not in made.url and made.url.isascii()


def test_an_address_that_grows_too_long_is_refused_beside_its_field(world: World) -> None:
    with pytest.raises(Invalid) as invalid:
        world.publication(state="draft", link_url="https://a.fi/" + "ä" * 400)

    assert list(invalid.value.errors) == ["link_url"]


# -- pages -----------------------------------------------------------------------------------


def test_the_pages_show_try_keep_and_retire(world: World, client: Client) -> None:
    client.force_login(world.ann)
    at = "/w/studio-aalto/settings/links"
    typed = USUAL | {"channel": channel_of(world).public_id, "campaign": "Talvi 1"}

    tried = client.get(f"{at}/preview/", typed | {"url": "https://a.fi"}, HTTP_HX_REQUEST="true")
    wrong = client.get(f"{at}/preview/", typed | {"campaign": "{colour}"}, HTTP_HX_REQUEST="true")
    kept = client.post(f"{at}/add/", typed)
    again = client.post(f"{at}/add/", typed)
    listed = client.get(f"{at}/").content.decode()
    template = UtmTemplate.objects.get()
    client.post(f"{at}/{template.public_id}/retire/")

    assert "utm_source=tiktok" in tried.content.decode()
    assert "utm_campaign=talvi-1" in tried.content.decode()
    assert "{colour} is not a slot" in wrong.content.decode()
    assert (kept.status_code, again.status_code) == (302, 422)
    assert "utm_campaign=talvi-1" in listed
    template.refresh_from_db()
    assert template.retired_at is not None


def test_who_may_look_and_who_may_change(world: World, strangers: World, client: Client) -> None:
    template = add(world)
    at = "/w/studio-aalto/settings/links"

    client.force_login(world.ben)
    assert client.get(f"{at}/").status_code == 200
    assert client.post(f"{at}/{template.public_id}/retire/").status_code == 403
    client.force_login(strangers.eve)
    assert client.get(f"{at}/").status_code == 404
    assert client.get(f"/w/rival-media/settings/links/{template.public_id}/").status_code == 404


def test_the_card_shows_link_and_code_to_those_who_see_it(
    world: World, strangers: World, client: Client
) -> None:
    publication = world.publication(state="draft", link_url="https://a.fi/opas")
    key, id = publication.item.key, publication.public_id
    address = f"/w/studio-aalto/items/{key}/publications/{id}/qr.svg"
    client.force_login(world.kim)

    card = client.get(f"/w/studio-aalto/items/{key}/").content.decode()
    code = client.get(address)

    assert address in card and "utm_source=tiktok" in card
    assert code["Content-Type"] == "image/svg+xml"
    assert code.content == qrcode.svg(url_of(publication))
    assert "attachment" in client.get(f"{address}?download")["Content-Disposition"]
    client.force_login(strangers.eve)
    assert client.get(address).status_code == 404


def test_without_a_link_there_is_no_code(world: World, client: Client) -> None:
    publication = world.publication(state="draft")
    client.force_login(world.ben)

    answer = client.get(
        f"/w/studio-aalto/items/{publication.item.key}/publications/{publication.public_id}/qr.svg"
    )

    assert answer.status_code == 404
