"""Every page of the settings, the front door and the account, as each of the cast."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from production.models import User, Workspace
from tests.people import World

CAST = ("ann", "ben", "vera", "kim", "otto", "eve")
OWNER = {"ann": 200, "ben": 403, "vera": 403, "kim": 403, "otto": 403, "eve": 404}
TEAM = {"ann": 200, "ben": 200, "vera": 200, "kim": 200, "otto": 403, "eve": 404}
MAKERS = {"ann": 200, "ben": 200, "vera": 403, "kim": 403, "otto": 403, "eve": 404}

LISTS = ("channels", "pillars", "formats", "kpis", "goals", "partners", "labels")
PAGES = [
    ("settings", TEAM),
    ("settings-workspace", OWNER),
    ("settings-flow", OWNER),
    ("settings-delete", OWNER),
    ("settings-people", TEAM),
    ("settings-leave", dict.fromkeys(("ann", "ben", "vera", "kim", "otto"), 200) | {"eve": 404}),
    ("settings-tokens", MAKERS),
    ("settings-webhooks", OWNER),
    ("settings-boards", TEAM),
    ("settings-board-add", OWNER),
    ("settings-gates", TEAM),
    *((f"settings-{plural}", TEAM) for plural in LISTS),
    *((f"settings-{plural}-add", OWNER) for plural in LISTS),
]


def person(world: World, strangers: World, name: str) -> User:
    return strangers.eve if name == "eve" else getattr(world, name)


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize(("page", "expected"), PAGES)
def test_each_page_opens_for_whom_it_is_meant(
    world: World, strangers: World, client: Client, page: str, expected: dict[str, int], name: str
) -> None:
    client.force_login(person(world, strangers, name))

    answer = client.get(reverse(page, args=["studio-aalto"]))

    assert answer.status_code == expected[name]


@pytest.mark.parametrize(("page", "expected"), PAGES)
def test_nobody_is_sent_to_the_sign_in(
    world: World, client: Client, page: str, expected: dict[str, int]
) -> None:
    answer = client.get(reverse(page, args=["studio-aalto"]))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_visitors_read_what_putki_is_for(db: None, client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
    assert "72 hours" in answer.content.decode()


def test_ann_goes_on_in_her_last_workspace(world: World, strangers: World, client: Client) -> None:
    client.force_login(world.ann)

    assert client.get("/")["Location"] == reverse("workspace", args=["studio-aalto"])


def test_whoever_has_no_workspace_begins_one(world: World, client: Client) -> None:
    newcomer = User.objects.create_user("nea@example.org", "horse staple", name="Nea")
    client.force_login(newcomer)

    assert client.get("/")["Location"] == reverse("new-workspace")
    values = {
        "name": "Nea & co",
        "language": "fi",
        "time_zone": "Europe/Helsinki",
        "preset": "board",
    }
    answer = client.post(reverse("new-workspace"), values)

    assert answer["Location"] == reverse("workspace", args=["nea-co"])
    assert Workspace.objects.get(slug="nea-co").memberships.get().user == newcomer


def test_a_workspace_without_a_name_is_asked_for_one(world: World, client: Client) -> None:
    client.force_login(world.ann)

    answer = client.post(reverse("new-workspace"), {"name": " ", "preset": "board"})

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"name", "language", "time_zone"}


def test_a_person_sets_their_own_language_and_look(world: World, client: Client) -> None:
    client.force_login(world.ben)
    values = {"name": "Ben L", "language": "fi", "time_zone": "", "theme": "dark", "dense": "on"}

    answer = client.post(reverse("account"), values)

    ben = User.objects.get(pk=world.ben.pk)
    assert (ben.name, ben.language, ben.theme, ben.single_key_shortcuts) == (
        "Ben L", "fi", "dark", False,
    )  # fmt: skip
    assert answer.cookies["putki_theme"].value == "dark"
    assert answer.cookies["putki_keys"].value == "off"
    page = client.get(reverse("account"))
    assert page["Content-Language"] == "fi"
    assert '<html lang="fi" data-theme="dark"' in page.content.decode()


def test_the_language_button_changes_the_person_and_stays_on_the_page(
    world: World, client: Client
) -> None:
    client.force_login(world.ben)

    answer = client.post(reverse("set_language"), {"language": "fi", "next": "/account/"})
    away = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"})

    assert (answer["Location"], away["Location"]) == ("/account/", "/")
    assert User.objects.get(pk=world.ben.pk).language == "en"


def test_a_visitors_language_is_kept_in_the_browser(db: None, client: Client) -> None:
    client.post(reverse("set_language"), {"language": "fi", "next": "/"})

    assert client.get("/")["Content-Language"] == "fi"


def test_ann_says_how_long_silence_is_no_alarm(world: World, client: Client) -> None:
    client.force_login(world.ann)
    here = reverse("settings-publishing", args=["studio-aalto"])

    saved = client.post(here, {"min_reviewers": 2, "grace_minutes": 30})
    refused = client.post(here, {"min_reviewers": 2, "grace_minutes": 2})
    client.force_login(world.ben)

    assert saved["Location"] == here
    workspace = Workspace.objects.get(pk=world.workspace.pk)
    assert (workspace.min_reviewers, workspace.grace_minutes) == (2, 30)
    assert "From 5 minutes to a day." in refused.content.decode()
    assert client.get(here).status_code == 403


def test_ann_renames_the_workspace_and_moves_it(world: World, client: Client) -> None:
    client.force_login(world.ann)
    here = reverse("settings-workspace", args=["studio-aalto"])
    values = {
        "name": "Aalto Films", "language": "fi", "time_zone": "Europe/Oslo",
    }  # fmt: skip

    answer = client.post(here, values)
    moved = client.post(reverse("settings-address", args=["studio-aalto"]), {"slug": "aalto"})

    assert answer["Location"] == here
    workspace = Workspace.objects.get(pk=world.workspace.pk)
    assert (workspace.name, workspace.slug) == ("Aalto Films", "aalto")
    assert moved["Location"] == reverse("settings-workspace", args=["aalto"])
    assert client.get(here)["Location"] == reverse("settings-workspace", args=["aalto"])


def test_a_wrong_address_is_explained_on_the_page(world: World, client: Client) -> None:
    client.force_login(world.ann)

    answer = client.post(reverse("settings-address", args=["studio-aalto"]), {"slug": "a b"})

    assert answer.status_code == 200
    assert "slug" in answer.context["address_form"].errors


def test_ann_deletes_the_workspace_by_typing_its_name(world: World, client: Client) -> None:
    client.force_login(world.ann)
    here = reverse("settings-delete", args=["studio-aalto"])

    refused = client.post(here, {"typed_name": "studio"})
    done = client.post(here, {"typed_name": "Studio Aalto"})

    assert (refused.status_code, done.status_code) == (200, 302)
    assert not Workspace.objects.exists()
