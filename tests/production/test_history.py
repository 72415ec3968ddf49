from datetime import timedelta

import pytest
from django.utils import translation

from production import checklists, comments, hooks, items, moves, publishing
from production.events import TYPES
from production.eventwords import predicate
from production.history import Past
from production.models import ContentItem, Event, Stage
from tests.people import NOON, World

HOUR = timedelta(hours=1)


def go(world: World, item: ContentItem, kind: str, at: timedelta) -> None:
    moves.move(item, to=world.stages[kind], seat=world.seat("ben"), at=NOON + at)


def test_time_in_the_stages_adds_up_from_creation_to_now(world: World) -> None:
    item = world.item()
    go(world, item, "script", 4 * HOUR)
    go(world, item, "edit", 10 * HOUR)
    go(world, item, "script", 12 * HOUR)
    now = NOON + 15 * HOUR

    times = Past(item, now).stage_times()

    assert [(t.name, t.duration / HOUR, t.visits) for t in times] == [
        ("Idea", 4, 1),
        ("Script", 9, 2),
        ("Edit", 2, 1),
    ]
    assert sum((t.duration for t in times), timedelta(0)) == now - item.created_at


def test_an_undone_move_is_no_visit_and_is_marked_as_taken_back(world: World) -> None:
    item = world.item()
    go(world, item, "script", HOUR)
    moved = Event.objects.get(type="item.moved")
    moves.undo(item, seat=world.seat("ben"), at=moved.recorded_at)

    past = Past(ContentItem.objects.get(pk=item.pk), NOON + 5 * HOUR)

    assert [visit.name for visit in past.visits] == ["Idea"]
    undone = Event.objects.get(type="item.move_undone")
    assert past.voided == {moved.seq, undone.seq}


def test_the_bar_parts_work_waiting_and_blocks_and_ends_at_publication(world: World) -> None:
    Stage.objects.filter(pk=world.stages["idea"].pk).update(waiting=True)
    item = world.item()
    go(world, item, "edit", 4 * HOUR)
    items.block(item, reason="Music rights", by=world.ben, at=NOON + 6 * HOUR)
    items.unblock(item, by=world.ben, at=NOON + 9 * HOUR)
    publishing.i_posted_it(item, by=world.ben, at=NOON + 10 * HOUR)

    past = Past(ContentItem.objects.get(pk=item.pk), NOON + 50 * HOUR)

    assert [(each.name, each.kind, each.duration / HOUR) for each in past.bar()] == [
        ("Idea", "waiting", 4),
        ("Edit", "active", 2),
        ("Edit", "blocked", 3),
        ("Edit", "active", 1),
    ]
    assert past.total("blocked") == 3 * HOUR
    assert past.until - past.since == 10 * HOUR


def test_a_card_whose_beginning_nobody_knows_starts_where_the_log_does(world: World) -> None:
    item = world.item()
    item.history_from = NOON + 2 * HOUR
    item.save()

    past = Past(item, NOON + 5 * HOUR)

    assert past.starts_late == NOON + 2 * HOUR
    assert past.bar()[0].since == NOON + 2 * HOUR


def test_a_card_that_the_log_never_created_has_no_visits(world: World) -> None:
    item = world.item()
    item.public_id = "itm_unknown"

    assert Past(item, NOON).visits == []
    assert Past(item, NOON).bar() == []


def test_events_are_told_in_words(world: World) -> None:
    item = world.item()
    go(world, item, "script", HOUR)
    items.edit(item, {"promise": "Better", "cta": "Turn"}, by=world.ben, at=NOON)
    hook = hooks.add(item, text="Which one?", by=world.ben, at=NOON)
    hooks.choose(hook, reason="It holds", by=world.ben, at=NOON)
    checklists.add(item, text="Counter", by=world.ben, at=NOON)
    comments.add(item, "Hi", by=world.ben, at=NOON)

    said = [predicate(event) for event in Past(item, NOON).events]

    assert said == [
        "wrote it down in Idea",
        "moved it from Idea to Script",
        "changed Promise and Call to action",
        "added the opening “Which one?”",
        "chose the opening “Which one?”: It holds",
        "added “Counter” to the list",
        "commented",
    ]


@pytest.mark.parametrize("type", TYPES)
def test_every_type_of_event_has_words(type: str) -> None:
    with translation.override("en"):
        said = predicate(Event(type=type, data={}))

    assert said
    assert "." not in said
