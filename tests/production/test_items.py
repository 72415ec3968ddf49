from datetime import timedelta

import pytest

from production import comments, hooks, items, origin
from production.errors import Invalid, Refused, Stale
from production.items import archive, block, create, derive, edit, edit_many, restore, unblock
from production.models import (
    ContentItem,
    Event,
    Format,
    Goal,
    Hook,
    KpiDefinition,
    Label,
    Notice,
)
from production.undo import undo_request
from tests.people import NOON, World


def last_event() -> Event:
    return Event.objects.latest("seq")


def test_keys_count_up_within_a_workspace(world: World, strangers: World) -> None:
    keys = [world.item(name).key for name in ("one", "two")]

    assert keys == ["VID-1", "VID-2"]
    assert (
        items.create(strangers.board, title="x", seat=strangers.seat("eve"), at=NOON).key == "RIV-1"
    )


def test_a_goal_presets_the_kpis(world: World) -> None:
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    goal = Goal.objects.create(workspace=world.workspace, name="Community", primary_kpi=kpi)

    item = world.item(goal=goal)

    assert item.primary_kpi == kpi


def test_a_card_from_a_format_has_its_template(world: World) -> None:
    template = Format.objects.create(
        workspace=world.workspace,
        name="3 mistakes",
        b_roll=["the wrong way", "the right way"],
        cta="Save this",
        length_min_seconds=20,
        length_max_seconds=30,
        hook_pattern="Stop doing this",
        script_template="## Hook",
    )

    item = items.from_format(
        world.board, template, title="3 mistakes in light", seat=world.seat("ben"), at=NOON
    )

    assert (item.cta, item.length_max_seconds) == ("Save this", 30)
    assert [entry.text for entry in item.checklist.order_by("position")] == template.b_roll
    assert Hook.objects.get(item=item).text == "Stop doing this"
    assert item.script.text == "## Hook"


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"nonsense": 1}, "nonsense", "unknown_field"),
        ({"length_min_seconds": 30, "length_max_seconds": 20}, "length_max_seconds", "range"),
        ({"content_type": "opera"}, "content_type", "invalid_choice"),
    ],
)
def test_what_cannot_be_used_is_named(world: World, values: dict, field: str, code: str) -> None:
    with pytest.raises(Invalid) as invalid:
        create(world.board, title="x", seat=world.seat("ben"), at=NOON, values=values)

    assert invalid.value.errors[field][0][0] == code
    assert not ContentItem.objects.exists()
    assert not Event.objects.exists()


def test_an_empty_title_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as invalid:
        create(world.board, title="   ", seat=world.seat("ben"), at=NOON)

    assert "title" in invalid.value.errors


def test_nothing_of_another_workspace_gets_in(world: World, strangers: World) -> None:
    foreign = Label.objects.create(workspace=strangers.workspace, name="theirs")
    item = world.item()

    for changes in (
        {"labels": [foreign]},
        {"channel": strangers.workspace.channels.get()},
        {"assignees": [strangers.eve]},
        {"parent": strangers.item()},
    ):
        with pytest.raises(Invalid):
            edit(item, changes, by=world.ben, at=NOON)


def test_an_edit_changes_the_named_fields_only_and_is_logged(world: World) -> None:
    item = world.item(promise="You will see it at once")

    edited = edit(item, {"title": "Why hooks work"}, by=world.ben, at=NOON)

    assert edited.changes == {"title": ["Why most hooks fail", "Why hooks work"]}
    assert edited.item.promise == "You will see it at once"
    assert edited.item.version == item.version + 1
    assert last_event().type == "item.edited"


def test_an_edit_that_changes_nothing_is_no_event(world: World) -> None:
    item = world.item()
    before = Event.objects.count()

    edited = edit(item, {"title": item.title}, by=world.ben, at=NOON)

    assert edited.event is None
    assert edited.item.version == item.version
    assert Event.objects.count() == before


def test_edits_of_different_fields_merge_and_of_the_same_field_do_not(world: World) -> None:
    item = world.item()
    base = {"title": item.title, "promise": item.promise}
    edit(item, {"title": "Ann was here"}, by=world.ann, at=NOON)

    merged = edit(item, {"promise": "Ben too"}, by=world.ben, at=NOON, base=base)
    with pytest.raises(Stale) as stale:
        edit(item, {"title": "Ben was here"}, by=world.ben, at=NOON, base=base)

    assert (merged.item.title, merged.item.promise) == ("Ann was here", "Ben too")
    assert stale.value.values == {"title": "Ann was here"}


def test_who_is_assigned_is_told_but_not_of_their_own_act(world: World) -> None:
    item = world.item()

    edit(item, {"assignees": [world.ann, world.ben]}, by=world.ben, at=NOON)

    assert [notice.user for notice in Notice.objects.all()] == [world.ann]


def test_the_outcome_is_an_event_of_its_own(world: World) -> None:
    item = world.item()

    edited = edit(
        item,
        {"decision": "repeat", "decision_reason": "held 61 %", "learning": "Ask in 2 s"},
        by=world.ben,
        at=NOON,
    )

    assert last_event().type == "outcome.recorded"
    assert (edited.item.decided_by, edited.item.decided_at) == (world.ben, NOON)


def test_a_block_has_a_reason(world: World) -> None:
    item = world.item()

    blocked = block(item, reason="music rights", by=world.ben, at=NOON)
    with pytest.raises(Invalid):
        block(item, reason="  ", by=world.ben, at=NOON)
    freed = unblock(item, by=world.ann, at=NOON)

    assert (blocked.blocked_reason, blocked.blocked_at) == ("music rights", NOON)
    assert (freed.blocked_reason, freed.blocked_at) == ("", None)
    assert last_event().data == {"reason": "music rights"}


def test_an_archived_card_comes_back_last_in_its_stage(world: World) -> None:
    item, other = world.item("first"), world.item("second")
    ann = world.seat("ann")

    archive(item, seat=ann, at=NOON)
    restored = restore(item, seat=ann, at=NOON)

    assert restored.archived_at is None
    assert list(ContentItem.objects.in_stage(world.stages["idea"])) == [other, restored]


def test_a_full_stage_does_not_take_an_archived_card_back(world: World) -> None:
    item = archive(world.item(), seat=world.seat("ann"), at=NOON)
    world.item("the newcomer")
    stage = world.stages["idea"]
    stage.wip_limit, stage.limit_mode = 1, "block"
    stage.save()

    with pytest.raises(Refused):
        restore(item, seat=world.seat("ann"), at=NOON)


def test_derivatives_inherit_and_are_at_most_twelve(world: World) -> None:
    main = world.item("One shoot day", promise="Eight clips by Friday")
    pieces = [{"title": f"clip {number}", "length_max_seconds": 20} for number in range(5)]

    made = derive(main, pieces, seat=world.seat("ben"), at=NOON)

    assert {piece.promise for piece in made} == {"Eight clips by Friday"}
    assert main.derivatives.count() == 5
    with pytest.raises(Refused):
        derive(main, pieces + pieces, seat=world.seat("ben"), at=NOON)
    with pytest.raises(Refused):
        derive(made[0], pieces, seat=world.seat("ben"), at=NOON)
    assert main.derivatives.count() == 5


def test_one_refusal_in_bulk_does_not_stop_the_others(world: World) -> None:
    blocked = block(world.item("blocked"), reason="rights", by=world.ben, at=NOON)
    free = world.item("free")

    result = edit_many([blocked, free], seat=world.seat("ben"), at=NOON, to=world.stages["script"])

    assert result.done == [free]
    assert [(item, refusals[0].code) for item, refusals in result.refused] == [(blocked, "blocked")]


def test_what_is_refused_in_bulk_is_left_as_it_was(world: World) -> None:
    blocked = block(world.item("blocked"), reason="rights", by=world.ben, at=NOON)
    label = Label.objects.create(workspace=world.workspace, name="winter")

    result = edit_many(
        [blocked], seat=world.seat("ben"), at=NOON, to=world.stages["script"], add_labels=[label]
    )

    assert not result.done
    assert not blocked.labels.exists()
    assert last_event().type == "item.blocked"


def test_labels_added_in_bulk_join_those_that_came_meanwhile(world: World) -> None:
    item = world.item()
    winter, summer = (
        Label.objects.create(workspace=world.workspace, name=name) for name in ("winter", "summer")
    )
    chosen = ContentItem.objects.prefetch_related("labels").get(pk=item.pk)
    edit(item, {"labels": [summer]}, by=world.ann, at=NOON)

    edit_many([chosen], seat=world.seat("ben"), at=NOON, add_labels=[winter])

    assert set(item.labels.all()) == {summer, winter}


def test_nothing_is_undone_on_a_card_that_was_taken_from_its_contributor(world: World) -> None:
    item = world.item(stage="edit", assignees=[world.otto])
    with origin.coming_from(origin.PAGE, "req_1"):
        edit(item, {"title": "Otto's"}, by=world.otto, at=NOON)
    edit(item, {"assignees": []}, by=world.ann, at=NOON)

    with pytest.raises(Refused) as refused:
        undo_request("req_1", seat=world.seat("otto"), at=last_event().recorded_at)

    item.refresh_from_db()
    assert refused.value.refusals[0].code == "undo_overtaken"
    assert item.title == "Otto's"


def test_one_undo_takes_back_all_that_a_request_did(world: World) -> None:
    cards = [world.item(name) for name in ("one", "two")]
    label = Label.objects.create(workspace=world.workspace, name="winter")
    ben = world.seat("ben")
    with origin.coming_from(origin.PAGE, "req_1"):
        edit_many(cards, seat=ben, at=NOON, to=world.stages["script"], add_labels=[label])
        archive(cards[0], seat=ben, at=NOON)

    undo_request("req_1", seat=ben, at=last_event().recorded_at + timedelta(seconds=5))

    for card in ContentItem.objects.all():
        assert card.stage == world.stages["idea"]
        assert card.archived_at is None
        assert not card.labels.exists()


def test_a_due_date_can_be_taken_back(world: World) -> None:
    card = world.item(due_at=NOON)
    edited = edit(card, {"due_at": NOON + timedelta(microseconds=1)}, by=world.ben, at=NOON)

    items.undo_edit(edited.item, edited.event, by=world.ben, at=edited.event.recorded_at)

    card.refresh_from_db()
    assert card.due_at == NOON


def test_nobody_undoes_what_another_did(world: World) -> None:
    card = world.item()
    with origin.coming_from(origin.PAGE, "req_1"):
        edit(card, {"title": "Ben's"}, by=world.ben, at=NOON)

    with pytest.raises(Refused):
        undo_request("req_1", seat=world.seat("ann"), at=last_event().recorded_at)


def test_nobody_changes_an_archived_card(world: World) -> None:
    item = archive(world.item(), seat=world.seat("ann"), at=NOON)
    before = Event.objects.count()

    for change in (
        lambda: edit(item, {"title": "other"}, by=world.ann, at=NOON),
        lambda: block(item, reason="rights", by=world.ann, at=NOON),
        lambda: comments.add(item, "hello", by=world.ann, at=NOON),
        lambda: hooks.add(item, text="Look", by=world.ann, at=NOON),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.refusals[0].code == "archived"

    assert Event.objects.count() == before
