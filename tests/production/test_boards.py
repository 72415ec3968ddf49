from datetime import timedelta

import pytest

from production import boards, items, moves
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.events import TYPES
from production.models import Board, ContentItem, Event, Gate, GatePass, Stage
from production.replay import replay
from production.sentences import say
from tests.people import NOON, World


def names(world: World) -> list[str]:
    rows = Stage.objects.filter(board=world.board, retired_at=None).order_by("position")
    assert [stage.position for stage in rows] == list(range(len(rows)))
    return [stage.name for stage in rows]


def last(type: str) -> Event:
    assert type in TYPES
    return Event.objects.filter(type=type).latest("seq")


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


# -- boards ---------------------------------------------------------------------------------


def test_a_new_board_begins_with_a_stage_per_kind(world: World) -> None:
    board = boards.add(" Podcast ", seat=world.seat("ann"), at=NOON)

    assert (board.name, board.position, board.stages.count()) == ("Podcast", 1, 7)
    assert last("board.added").data == {"name": "Podcast"}


@pytest.mark.parametrize("name", ["", "Board"])
def test_a_board_needs_a_name_of_its_own(world: World, name: str) -> None:
    with pytest.raises(Invalid) as invalid:
        boards.add(name, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == ["name"]
    assert Board.objects.count() == 1


def test_ann_renames_and_reorders_boards(world: World) -> None:
    ann = world.seat("ann")
    podcast = boards.add("Podcast", seat=ann, at=NOON)

    boards.rename(world.board, "Video", seat=ann, at=NOON)
    boards.reorder([podcast.public_id, world.board.public_id], seat=ann, at=NOON)

    rows = Board.objects.order_by("position")
    assert [board.name for board in rows] == ["Podcast", "Video"]
    assert last("board.changed").data["changes"] == {"name": ["Board", "Video"]}
    assert last("board.reordered").data["order"][0] == podcast.public_id


def test_the_last_board_stays_and_the_others_come_back(world: World) -> None:
    ann = world.seat("ann")
    podcast = boards.add("Podcast", seat=ann, at=NOON)

    boards.archive(podcast, seat=ann, at=NOON)
    with pytest.raises(Refused) as refused:
        boards.archive(world.board, seat=ann, at=NOON)
    boards.restore(podcast, seat=ann, at=NOON)

    assert codes(refused) == ["last_board"]
    assert Board.objects.active().count() == 2
    assert last("board.restored").subject == podcast.public_id


# -- stages ---------------------------------------------------------------------------------


def test_a_stage_is_added_behind_its_kind(world: World) -> None:
    stage = boards.add_stage(
        world.board, {"name": "Captions", "kind": "edit", "wip_limit": 2},
        seat=world.seat("ann"), at=NOON,
    )  # fmt: skip

    assert names(world)[3:6] == ["Edit", "Captions", "Publish"]
    assert last("stage.added").data == {
        "stage": stage.public_id, "name": "Captions", "kind": "edit", "position": 4,
    }  # fmt: skip


def test_a_stage_is_split(world: World) -> None:
    boards.split_stage(world.stages["edit"], "Fine cut", seat=world.seat("ann"), at=NOON)

    assert names(world)[3:5] == ["Edit", "Fine cut"]
    assert Stage.objects.get(name="Fine cut").kind == "edit"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "", "kind": "edit"}, "name"),
        ({"name": "Edit", "kind": "edit"}, "name"),
        ({"name": "Cellar", "kind": "cellar"}, "kind"),
        ({"name": "Cut", "kind": "edit", "wip_limit": 0}, "wip_limit"),
        ({"name": "Cut", "kind": "edit", "limit_mode": "shout"}, "limit_mode"),
        ({"name": "Cut", "kind": "edit", "colour": "red"}, "colour"),
    ],
)
def test_a_stage_without_sense_is_refused(
    world: World, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        boards.add_stage(world.board, values, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == [field]
    assert Stage.objects.filter(board=world.board).count() == 7
    assert not Event.objects.exists()


def test_a_change_notes_both_sides_and_respects_the_version(world: World) -> None:
    edit = world.stages["edit"]

    boards.change_stage(
        edit, {"name": "Rough cut", "wip_limit": 4, "limit_mode": "block", "kind": "edit"},
        seat=world.seat("ann"), at=NOON, version=1,
    )  # fmt: skip

    assert last("stage.changed").data["changes"] == {
        "name": ["Edit", "Rough cut"], "wip_limit": [None, 4], "limit_mode": ["warn", "block"],
    }  # fmt: skip
    with pytest.raises(Stale) as stale:
        boards.change_stage(edit, {"name": "Cut"}, seat=world.seat("ann"), at=NOON, version=1)
    assert (stale.value.current, stale.value.values) == (2, {"name": "Rough cut"})


@pytest.mark.parametrize("kind", ["idea", "done"])
def test_the_only_stage_where_cards_begin_or_end_keeps_its_kind(world: World, kind: str) -> None:
    ann = world.seat("ann")

    with pytest.raises(Refused) as changed:
        boards.change_stage(world.stages[kind], {"kind": "edit"}, seat=ann, at=NOON)
    with pytest.raises(Refused) as retired:
        boards.retire_stage(world.stages[kind], seat=ann, at=NOON, to=world.stages["edit"])

    assert codes(changed) == codes(retired) == ["last_stage_of_kind"]


def test_stages_are_reordered_and_the_rest_follow(world: World) -> None:
    order = [world.stages["shoot"].public_id, world.stages["idea"].public_id]

    boards.reorder_stages(world.board, order, seat=world.seat("ann"), at=NOON)
    boards.reorder_stages(world.board, order, seat=world.seat("ann"), at=NOON)

    assert names(world) == ["Shoot", "Idea", "Script", "Edit", "Publish", "Learn", "Done"]
    assert Event.objects.filter(type="stage.reordered").count() == 1
    stages = Stage.objects.filter(board=world.board).order_by("position")
    assert boards.warnings(list(stages))


def test_a_board_as_it_was_meant_gives_no_warning(world: World) -> None:
    assert boards.warnings(list(world.board.stages.order_by("position"))) == []


def test_a_retired_stage_asks_where_its_cards_go(world: World) -> None:
    world.item(stage="edit")

    with pytest.raises(Refused) as refused:
        boards.retire_stage(world.stages["edit"], seat=world.seat("ann"), at=NOON)

    assert codes(refused) == ["stage_not_empty"]
    assert world.stages["edit"] in Stage.objects.filter(retired_at=None)


def test_an_empty_stage_goes_at_once(world: World) -> None:
    boards.retire_stage(world.stages["edit"], seat=world.seat("ann"), at=NOON)

    assert "Edit" not in names(world)
    assert last("stage.retired").data == {"stage": world.stages["edit"].public_id, "name": "Edit"}
    assert not Event.objects.filter(type="stage.migrated").exists()


def test_cards_of_a_retired_stage_migrate_and_carry_the_same_times(world: World) -> None:
    ann = world.seat("ann")
    there = items.create(world.board, title="There", seat=ann, at=NOON)
    first, second, third = (
        items.create(world.board, title=title, seat=ann, at=NOON)
        for title in ("First", "Second", "Third")
    )
    for number, item in enumerate((there, first, second, third)):
        to = world.stages["shoot" if item is there else "edit"]
        moves.move(item, to=to, seat=ann, at=NOON + timedelta(minutes=number))
    items.archive(third, seat=ann, at=NOON + timedelta(hours=1))
    before = {item.title: item for item in ContentItem.objects.all()}

    boards.retire_stage(
        world.stages["edit"], seat=ann, at=NOON + timedelta(hours=2), to=world.stages["shoot"]
    )

    shown = ContentItem.objects.in_stage(world.stages["shoot"])
    assert [item.title for item in shown] == ["There", "First", "Second"]
    for item in ContentItem.objects.exclude(title="There"):
        was = before[item.title]
        assert item.stage == world.stages["shoot"]
        assert item.version == was.version + 1
        for stamp in ("stage_entered_at", "committed_at", "published_at", "rework_count"):
            assert getattr(item, stamp) == getattr(was, stamp)
    event = last("stage.migrated")
    assert event.source == "migration"
    assert event.data["items"].keys() == {first.public_id, second.public_id, third.public_id}
    assert Event.objects.filter(type="item.moved").count() == 4


def test_the_log_replays_to_the_same_board_after_a_retirement(world: World) -> None:
    ann = world.seat("ann")
    for title in ("First", "Second"):
        item = items.create(world.board, title=title, seat=ann, at=NOON)
        moves.move(item, to=world.stages["edit"], seat=ann, at=NOON)
    boards.retire_stage(world.stages["edit"], seat=ann, at=NOON, to=world.stages["shoot"])
    moves.move(item, to=world.stages["script"], seat=ann, at=NOON + timedelta(hours=1))
    lines = Event.objects.order_by("seq").values(
        "seq", "type", "subject", "occurred_at", "data", "source"
    )

    board = replay(lines)

    for item in ContentItem.objects.select_related("stage"):
        told = board.items[item.public_id]
        assert (told.stage, told.rank) == (item.stage.public_id, item.rank)
        assert told.stage_entered_at == item.stage_entered_at
        assert told.rework_count == item.rework_count


def test_a_restored_stage_stands_where_it_stood_and_its_cards_stay_where_they_went(
    world: World,
) -> None:
    ann, edit = world.seat("ann"), world.stages["edit"]
    gate = boards.add_gate(edit, {"label": "All shots are in"}, seat=ann, at=NOON)
    item = world.item(stage="edit")
    before = names(world)
    boards.retire_stage(edit, seat=ann, at=NOON, to=world.stages["shoot"])

    boards.restore_stage(edit, seat=ann, at=NOON)
    boards.restore_stage(edit, seat=ann, at=NOON)

    item.refresh_from_db()
    assert names(world) == before
    assert item.stage == world.stages["shoot"]
    assert Event.objects.filter(type="stage.restored").count() == 1
    assert last("stage.restored").data == {
        "stage": edit.public_id, "name": "Edit", "position": before.index("Edit"),
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        moves.move(item, to=edit, seat=world.seat("ben"), at=NOON)
    assert codes(refused) == ["gate_open"]
    assert gate.label in say(refused.value.refusals[0])


def test_a_restored_stage_finds_a_place_on_a_board_that_has_become_shorter(world: World) -> None:
    ann = world.seat("ann")
    for kind in ("learn", "publish", "edit"):
        boards.retire_stage(world.stages[kind], seat=ann, at=NOON)

    boards.restore_stage(world.stages["learn"], seat=ann, at=NOON)

    assert names(world) == ["Idea", "Script", "Shoot", "Done", "Learn"]


def test_a_stage_whose_name_is_taken_is_not_restored_before_the_other_is_renamed(
    world: World,
) -> None:
    ann, edit = world.seat("ann"), world.stages["edit"]
    boards.retire_stage(edit, seat=ann, at=NOON)
    other = boards.add_stage(world.board, {"name": "Edit", "kind": "edit"}, seat=ann, at=NOON)

    with pytest.raises(Refused) as refused:
        boards.restore_stage(edit, seat=ann, at=NOON)
    boards.change_stage(other, {"name": "Cut"}, seat=ann, at=NOON)
    boards.restore_stage(edit, seat=ann, at=NOON)

    assert codes(refused) == ["stage_name_taken"]
    assert say(refused.value.refusals[0]) == (
        "Another stage is called Edit by now. Give that one a different name first."
    )
    assert {"Edit", "Cut"} < set(names(world))
    assert Event.objects.filter(type="stage.restored").count() == 1


def test_cards_go_nowhere_but_to_the_same_board(world: World, strangers: World) -> None:
    world.item(stage="edit")

    for nowhere in (strangers.stages["shoot"], world.stages["edit"]):
        with pytest.raises(Invalid) as invalid:
            boards.retire_stage(world.stages["edit"], seat=world.seat("ann"), at=NOON, to=nowhere)
        assert list(invalid.value.errors) == ["to"]


# -- gates ----------------------------------------------------------------------------------


def test_a_gate_is_added_changed_and_retired(world: World) -> None:
    ann, edit = world.seat("ann"), world.stages["edit"]

    gate = boards.add_gate(edit, {"label": " Shots are in "}, seat=ann, at=NOON)
    boards.change_gate(gate, {"label": "All shots are in"}, seat=ann, at=NOON, version=1)
    boards.retire_gate(gate, seat=ann, at=NOON)
    boards.retire_gate(gate, seat=ann, at=NOON)

    assert last("gate.added").data["label"] == "Shots are in"
    assert last("gate.changed").data["changes"] == {"label": ["Shots are in", "All shots are in"]}
    assert Event.objects.filter(type="gate.retired").count() == 1
    assert Gate.objects.get().retired_at == NOON


def test_what_a_check_does_not_look_at_is_emptied(world: World) -> None:
    gate = boards.add_gate(
        world.stages["edit"],
        {
            "label": "Two files",
            "check_kind": "count",
            "counted": "files",
            "field": "cta",
            "at_least": 2,
        },
        seat=world.seat("ann"),
        at=NOON,
    )

    assert (gate.field, gate.counted, gate.at_least) == ("", "files", 2)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x", "check_kind": "field"}, "field"),
        ({"label": "x", "check_kind": "count"}, "counted"),
        ({"label": "x", "check_kind": "openings", "at_least": 0}, "at_least"),
        ({"label": "x", "check_kind": "magic"}, "check_kind"),
    ],
)
def test_a_gate_without_sense_is_refused(
    world: World, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        boards.add_gate(world.stages["edit"], values, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == [field]
    assert not Gate.objects.exists()


def test_a_gate_of_another_workspaces_channel_is_refused(world: World, strangers: World) -> None:
    foreign = strangers.workspace.channels.get()

    with pytest.raises(Invalid):
        boards.add_gate(
            world.stages["edit"],
            {"label": "x", "channel": foreign},
            seat=world.seat("ann"),
            at=NOON,
        )


def test_a_stale_gate_is_refused_with_what_it_says_now(world: World) -> None:
    ann = world.seat("ann")
    gate = boards.add_gate(world.stages["edit"], {"label": "A"}, seat=ann, at=NOON)
    boards.change_gate(gate, {"label": "B"}, seat=ann, at=NOON)

    with pytest.raises(Stale) as stale:
        boards.change_gate(gate, {"label": "C"}, seat=ann, at=NOON, version=1)

    assert stale.value.values == {"label": "B"}


def test_gates_are_reordered_within_their_stage(world: World) -> None:
    ann, edit = world.seat("ann"), world.stages["edit"]
    first, second = (
        boards.add_gate(edit, {"label": label}, seat=ann, at=NOON) for label in ("A", "B")
    )

    boards.reorder_gates(edit, [second.public_id, first.public_id], seat=ann, at=NOON)

    labels = Gate.objects.order_by("position").values_list("label", flat=True)
    assert list(labels) == ["B", "A"]
    assert last("gate.reordered").data["stage"] == edit.public_id


def test_a_retired_gate_is_asked_for_no_longer(world: World) -> None:
    ann = world.seat("ann")
    gate = boards.add_gate(world.stages["edit"], {"label": "A"}, seat=ann, at=NOON)
    item = world.item(stage="shoot")
    boards.retire_gate(gate, seat=ann, at=NOON)

    moves.move(item, to=world.stages["edit"], seat=world.seat("ben"), at=NOON)

    assert not GatePass.objects.exists()


def test_a_restored_gate_is_asked_for_again_last_in_its_stage(world: World) -> None:
    ann, edit = world.seat("ann"), world.stages["edit"]
    first = boards.add_gate(edit, {"label": "A"}, seat=ann, at=NOON)
    boards.add_gate(edit, {"label": "B"}, seat=ann, at=NOON)
    boards.retire_gate(first, seat=ann, at=NOON)

    boards.restore_gate(first, seat=ann, at=NOON)
    boards.restore_gate(first, seat=ann, at=NOON)

    asked = Gate.objects.filter(retired_at=None).order_by("position")
    assert [(gate.label, gate.position) for gate in asked] == [("B", 0), ("A", 1)]
    assert Event.objects.filter(type="gate.restored").count() == 1
    assert last("gate.restored").data == {
        "gate": first.public_id, "stage": edit.public_id, "label": "A",
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        moves.move(world.item(stage="shoot"), to=edit, seat=world.seat("ben"), at=NOON)
    assert [refusal.params["gate"] for refusal in refused.value.refusals] == ["B", "A"]


@pytest.mark.parametrize("name", ["ben", "vera", "kim", "otto"])
def test_only_owners_arrange_boards(world: World, name: str) -> None:
    seat, edit = world.seat(name), world.stages["edit"]
    gate = Gate.objects.create(workspace=world.workspace, stage=edit, label="A")

    for ask in (
        lambda: boards.add("B", seat=seat, at=NOON),
        lambda: boards.rename(world.board, "B", seat=seat, at=NOON),
        lambda: boards.reorder([], seat=seat, at=NOON),
        lambda: boards.archive(world.board, seat=seat, at=NOON),
        lambda: boards.restore(world.board, seat=seat, at=NOON),
        lambda: boards.add_stage(world.board, {"name": "B", "kind": "edit"}, seat=seat, at=NOON),
        lambda: boards.change_stage(edit, {"name": "B"}, seat=seat, at=NOON),
        lambda: boards.split_stage(edit, "B", seat=seat, at=NOON),
        lambda: boards.reorder_stages(world.board, [], seat=seat, at=NOON),
        lambda: boards.retire_stage(edit, seat=seat, at=NOON),
        lambda: boards.restore_stage(edit, seat=seat, at=NOON),
        lambda: boards.add_gate(edit, {"label": "B"}, seat=seat, at=NOON),
        lambda: boards.change_gate(gate, {"label": "B"}, seat=seat, at=NOON),
        lambda: boards.reorder_gates(edit, [], seat=seat, at=NOON),
        lambda: boards.retire_gate(gate, seat=seat, at=NOON),
        lambda: boards.restore_gate(gate, seat=seat, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            ask()

    assert not Event.objects.exists()
