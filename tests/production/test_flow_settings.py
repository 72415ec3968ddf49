"""The settings of flow: clock, target, promise, calendar, and the stages that wait."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from production import boards, flowsettings, workspaces
from production.errors import Invalid, NotAllowed
from production.models import Event, Stage, Workspace
from tests.people import NOON, World

FILLED: dict[str, Any] = {
    "clock_start": "commitment", "target_hours": 48, "baseline_hours": 200, "sle_share": 90,
    "sle_hours": "", "duration_mode": "working", "working_weekdays": ["1", "2", "6"],
    "holidays": "2026-12-25\n2026-12-24, 2026-12-25",
}  # fmt: skip


def here() -> str:
    return reverse("settings-flow", args=["studio-aalto"])


def test_ann_sets_the_clock_and_the_calendar(world: World, client: Client) -> None:
    client.force_login(world.ann)
    waiting = {f"waiting-{world.board.public_id}": [world.stages["publish"].public_id]}

    answer = client.post(here(), FILLED | waiting)

    assert answer["Location"] == here()
    kept = Workspace.objects.get(pk=world.workspace.pk)
    assert (kept.clock_start, kept.target_hours, kept.baseline_hours) == ("commitment", 48, 200)
    assert (kept.sle_share, kept.sle_hours, kept.duration_mode) == (90, None, "working")
    assert kept.working_weekdays == [1, 2, 6]
    assert kept.holidays == ["2026-12-24", "2026-12-25"]
    assert list(Stage.objects.filter(waiting=True)) == [world.stages["publish"]]
    changed = Event.objects.get(type="workspace.changed")
    assert changed.data["changes"]["target_hours"] == [72, 48]
    assert changed.data["changes"]["holidays"] == [[], ["2026-12-24", "2026-12-25"]]
    assert "sle_hours" not in changed.data["changes"]
    assert Event.objects.get(type="stage.changed").data["changes"] == {"waiting": [False, True]}


def test_the_page_shows_what_is_set_and_saving_it_again_changes_nothing(
    world: World, client: Client
) -> None:
    client.force_login(world.ann)
    client.post(here(), FILLED)
    seq = Event.objects.count()

    page = client.get(here()).content.decode()
    client.post(here(), FILLED)

    assert "2026-12-24\n2026-12-25" in page
    assert Event.objects.count() == seq


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target_hours", 0),
        ("target_hours", "soon"),
        ("baseline_hours", 0),
        ("sle_share", 49),
        ("sle_share", 100),
        ("sle_hours", 0),
        ("duration_mode", "lunar"),
        ("clock_start", "never"),
        ("working_weekdays", []),
        ("working_weekdays", ["8"]),
        ("holidays", "24.12.2026"),
        ("holidays", "2026-02-30"),
        ("holidays", "\n".join(f"{year}-01-0{day}" for year in range(2000, 2050)
                               for day in range(1, 10))),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_beside_its_field(
    world: World, client: Client, field: str, value: Any
) -> None:
    client.force_login(world.ann)

    answer = client.post(here(), FILLED | {field: value})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Event.objects.exists()


def test_a_wrong_value_changes_no_stage_either(world: World) -> None:
    with pytest.raises(Invalid):
        flowsettings.change(
            {"sle_share": 3},
            waiting={world.stages["edit"].public_id},
            seat=world.seat("ann"),
            at=NOON,
        )

    assert not Stage.objects.filter(waiting=True).exists()


def test_stages_after_delivery_are_left_alone(world: World) -> None:
    boards.change_stage(world.stages["learn"], {"waiting": True}, seat=world.seat("ann"), at=NOON)

    flowsettings.change({}, waiting=set(), seat=world.seat("ann"), at=NOON)

    assert Stage.objects.get(pk=world.stages["learn"].pk).waiting


def test_a_stage_of_another_workspace_cannot_be_named(world: World, strangers: World) -> None:
    foreign = strangers.stages["edit"]

    flowsettings.change({}, waiting={foreign.public_id}, seat=world.seat("ann"), at=NOON)

    assert not Stage.objects.filter(waiting=True).exists()


@pytest.mark.parametrize("name", ["ben", "vera", "kim", "otto"])
def test_only_an_owner_sets_the_clock(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        workspaces.change({"target_hours": 24}, seat=world.seat(name), at=NOON)
    with pytest.raises(NotAllowed):
        flowsettings.change({}, waiting=set(), seat=world.seat(name), at=NOON)


def patch(client: Client, values: dict[str, Any]) -> Any:
    return client.patch(
        "/api/v1/workspace/",
        values,
        content_type="application/json",
        headers={"Putki-Workspace": "studio-aalto"},
    )


def test_a_program_sets_the_same_fields(world: World, client: Client) -> None:
    client.force_login(world.ann)
    values = {
        "duration_mode": "calendar", "sle_share": 80, "sle_hours": 96, "target_hours": 60,
        "baseline_hours": 150, "clock_start": "commitment", "working_weekdays": [5, 1, 1],
        "holidays": ["2026-12-26", "2026-12-24"],
    }  # fmt: skip

    answer = patch(client, values)

    assert answer.status_code == 200
    in_order = {"working_weekdays": [1, 5], "holidays": ["2026-12-24", "2026-12-26"]}
    assert answer.json().items() >= (values | in_order).items()


@pytest.mark.parametrize(
    "values",
    [
        {"working_weekdays": []},
        {"working_weekdays": [0]},
        {"working_weekdays": ["1"]},
        {"working_weekdays": 5},
        {"holidays": ["24.12.2026"]},
        {"holidays": [None]},
        {"holidays": "2026-12-24"},
        {"sle_share": 100},
        {"sle_hours": -1},
        {"duration_mode": "lunar"},
    ],
)
def test_a_program_is_told_what_makes_no_sense(
    world: World, client: Client, values: dict[str, Any]
) -> None:
    client.force_login(world.ann)

    answer = patch(client, values)

    assert answer.status_code == 400
    assert next(iter(values)) in answer.content.decode()
    assert not Event.objects.exists()


def test_the_words_of_a_card_name_the_target_that_is_set(world: World, client: Client) -> None:
    workspaces.change({"target_hours": 120}, seat=world.seat("ann"), at=NOON)
    item = world.item(stage="edit")
    client.force_login(world.ann)

    pages = [
        client.get(f"/w/studio-aalto/items/{item.key}/").content.decode(),
        client.get(reverse("board", args=["studio-aalto"])).content.decode(),
    ]

    for page in pages:
        assert re.search(r"\b120\b", page)
        assert not re.search(r"\b72\b", page)
