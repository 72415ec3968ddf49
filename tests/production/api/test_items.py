from __future__ import annotations

from collections.abc import Callable

from production.models import Channel, ContentItem, Event, Gate, KpiDefinition
from tests.people import World
from tests.production.api.calls import GUARDED, Caller

Browser = Callable[[str], Caller]


def test_ben_writes_down_an_item_and_reads_it_back(world: World, browser: Browser) -> None:
    ben = browser("ben")
    channel = Channel.objects.get(workspace=world.workspace)

    made = ben.post("/items/", {"title": "Why most hooks fail 🎬", "channel": channel.public_id})
    read = ben.client.get(made["Location"], headers=ben.headers)

    assert made.status_code == 201
    assert read.status_code == 200
    assert read.json() == made.json()
    assert read.json()["title"] == "Why most hooks fail 🎬"
    assert read.json()["channel"] == channel.public_id
    assert read["ETag"] == '"1"'
    assert Event.objects.get(type="item.created").source == "api"


def test_a_patch_changes_what_is_sent_and_nothing_else(world: World, browser: Browser) -> None:
    item = world.item(promise="three mistakes", cta="save it")
    before = browser("ben").get(f"/items/{item.public_id}/").json()

    answer = browser("ben").patch(f"/items/{item.public_id}/", {"promise": "two mistakes"})

    changed = {name for name, value in answer.json().items() if before[name] != value}
    assert answer.status_code == 200
    assert changed == {"promise", "version", "updated_at"}


def test_if_match_of_another_version_is_a_412_with_both_values(
    world: World, browser: Browser
) -> None:
    item, ben = world.item(promise="first"), browser("ben")
    ben.patch(f"/items/{item.public_id}/", {"promise": "second"}, If_Match='"1"')

    answer = ben.patch(f"/items/{item.public_id}/", {"promise": "third"}, If_Match='"1"')

    problem = answer.json()
    assert answer.status_code == 412
    assert answer["Content-Type"] == GUARDED
    assert problem["code"] == "version_conflict"
    assert problem["current_version"] == 2
    assert problem["current"] == {"promise": "second"}
    assert problem["yours"] == {"promise": "third"}
    assert ContentItem.objects.get(pk=item.pk).promise == "second"


def test_an_unchanged_item_is_not_sent_again(world: World, browser: Browser) -> None:
    item, ben = world.item(), browser("ben")
    first = ben.get(f"/items/{item.public_id}/")

    again = ben.get(f"/items/{item.public_id}/", If_None_Match=first["ETag"])

    assert again.status_code == 304
    assert again.content == b""


def test_a_list_comes_in_pages_that_miss_nothing(world: World, browser: Browser) -> None:
    titles = {world.item(f"item {number}").title for number in range(7)}
    ben, seen, cursor = browser("ben"), [], ""

    while cursor is not None:
        page = ben.get(f"/items/?limit=3&cursor={cursor}").json()
        seen += [row["title"] for row in page["data"]]
        cursor = page["next_cursor"]

    assert len(seen) == 7
    assert set(seen) == titles


def test_a_move_takes_stage_and_place_in_one_call(world: World, browser: Browser) -> None:
    first, item = world.item("first", stage="script"), world.item("second")

    answer = browser("ben").post(
        f"/items/{item.public_id}/move/",
        {"stage": world.stages["script"].public_id, "before": first.public_id, "version": 1},
    )

    assert answer.status_code == 200
    assert answer.json()["stage_kind"] == "script"
    assert answer.json()["version"] == 2
    assert answer.json()["event"].startswith("evt_")
    there = ContentItem.objects.in_stage(world.stages["script"])
    assert [row.title for row in there] == ["second", "first"]


def test_a_refusal_lists_every_reason_in_words(world: World, browser: Browser) -> None:
    item = world.item(stage="script")
    Gate.objects.create(workspace=world.workspace, stage=world.stages["edit"], label="Shots are in")

    answer = browser("ben").post(
        f"/items/{item.public_id}/move/", {"stage": world.stages["learn"].public_id}
    )

    problem = answer.json()
    assert answer.status_code == 409
    assert problem["code"] == "refused"
    assert [each["code"] for each in problem["refusals"]] == [
        "gate_open",
        "primary_kpi_missing",
        "not_published",
    ]
    assert problem["refusals"][0]["detail"] == "Edit still needs: Shots are in."
    assert problem["refusals"][0]["overridable"] is True
    assert ContentItem.objects.get(pk=item.pk).stage == world.stages["script"]


def test_only_ann_overrides_and_the_log_has_her_reason(world: World, browser: Browser) -> None:
    item = world.item(stage="script")
    Gate.objects.create(workspace=world.workspace, stage=world.stages["edit"], label="Shots are in")
    wish = {"stage": world.stages["edit"].public_id, "override": "the client waits"}

    refused = browser("ben").post(f"/items/{item.public_id}/move/", wish)
    allowed = browser("ann").post(f"/items/{item.public_id}/move/", wish)

    assert refused.status_code == 403
    assert allowed.status_code == 200
    moved = Event.objects.get(type="item.moved")
    assert moved.data["override"]["reason"] == "the client waits"


def test_a_move_is_taken_back(world: World, browser: Browser) -> None:
    item, ben = world.item(), browser("ben")
    ben.post(f"/items/{item.public_id}/move/", {"stage": world.stages["script"].public_id})

    undone = ben.post(f"/items/{item.public_id}/undo/")
    again = ben.post(f"/items/{item.public_id}/undo/")

    assert undone.status_code == 200
    assert undone.json()["stage_kind"] == "idea"
    assert again.json()["refusals"][0]["code"] == "undo_overtaken"


def test_options_say_what_a_move_would_be_told(world: World, browser: Browser) -> None:
    item, ben = world.item(), browser("ben")

    options = ben.get(f"/items/{item.public_id}/options/").json()["data"]

    for option in options:
        moved = ben.post(f"/items/{item.public_id}/move/", {"stage": option["stage"]["id"]})
        assert (moved.status_code == 200) == option["allowed"]
        if not option["allowed"]:
            assert moved.json()["refusals"] == option["refusals"]
    assert {option["allowed"] for option in options} == {True, False}


def test_a_stage_comes_back_unless_its_name_is_taken(world: World, browser: Browser) -> None:
    ann, edit = browser("ann"), world.stages["edit"].public_id
    ann.post(f"/stages/{edit}/retire/", {})

    other = ann.post(
        "/stages/", {"board": world.board.public_id, "name": "Edit", "kind": "edit"}
    ).json()["id"]
    refused = ann.post(f"/stages/{edit}/restore/")
    ann.patch(f"/stages/{other}/", {"name": "Cut"})
    restored = ann.post(f"/stages/{edit}/restore/")

    assert refused.status_code == 409
    assert refused.json()["refusals"][0]["code"] == "stage_name_taken"
    assert restored.status_code == 200
    assert restored.json()["retired_at"] is None


def test_a_gate_comes_back(world: World, browser: Browser) -> None:
    ann = browser("ann")
    gate = ann.post(
        "/gates/", {"stage": world.stages["edit"].public_id, "label": "All shots are in"}
    ).json()["id"]
    retired = ann.post(f"/gates/{gate}/retire/").json()

    restored = ann.post(f"/gates/{gate}/restore/").json()

    assert retired["retired_at"] and restored["retired_at"] is None
    assert restored["version"] == retired["version"] + 1


def test_a_retired_stage_takes_nothing_in(world: World, browser: Browser) -> None:
    item, stage = world.item(), world.stages["script"]
    stage.retired_at = item.created_at
    stage.save()

    answer = browser("ben").post(f"/items/{item.public_id}/move/", {"stage": stage.public_id})

    assert answer.json()["refusals"][0]["code"] == "stage_retired"


def test_blocking_asks_for_a_reason_and_stops_moves(world: World, browser: Browser) -> None:
    item, ben = world.item(), browser("ben")

    empty = ben.post(f"/items/{item.public_id}/block/", {"reason": ""})
    blocked = ben.post(f"/items/{item.public_id}/block/", {"reason": "no rights to the music"})
    move = ben.post(f"/items/{item.public_id}/move/", {"stage": world.stages["script"].public_id})
    ben.post(f"/items/{item.public_id}/unblock/")
    later = ben.post(f"/items/{item.public_id}/move/", {"stage": world.stages["script"].public_id})

    assert empty.status_code == 400
    assert blocked.status_code == 200
    assert move.json()["refusals"][0]["code"] == "blocked"
    assert later.status_code == 200


def test_archived_items_leave_the_board_and_come_back(world: World, browser: Browser) -> None:
    item, ben = world.item(), browser("ben")

    ben.post(f"/items/{item.public_id}/archive/")
    away = ContentItem.objects.get(pk=item.pk)
    ben.post(f"/items/{item.public_id}/restore/")

    assert away.archived_at is not None
    assert ContentItem.objects.get(pk=item.pk).archived_at is None


def test_a_goal_presets_the_kpis(world: World, browser: Browser) -> None:
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    goal = world.workspace.goals.create(name="Leads", primary_kpi=kpi)

    made = browser("ben").post("/items/", {"title": "Guide", "goal": goal.public_id})

    assert made.json()["primary_kpi"] == kpi.public_id
