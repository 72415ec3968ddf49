import pytest

from production import checklists, gates, hooks
from production.errors import Invalid, Refused
from production.models import ChecklistEntry, ContentItem, Event, Gate, Hook
from tests.people import NOON, World


def last_event(item: ContentItem) -> Event:
    return Event.objects.filter(subject=item.public_id).order_by("-seq")[0]


def three(world: World, item: ContentItem) -> list[Hook]:
    return [
        hooks.add(item, text=text, by=world.ben, at=NOON)
        for text in ("Which one?", "Not the camera.", "Four times more.")
    ]


def test_an_opening_is_added_below_the_others_and_logged(world: World) -> None:
    item = world.item()

    made = three(world, item)

    assert [hook.position for hook in made] == [0, 1, 2]
    event = last_event(item)
    assert event.type == "hook.added"
    assert event.data == {"hook": made[2].public_id, "text": "Four times more."}


def test_an_unchosen_opening_does_not_touch_the_content(world: World) -> None:
    item = world.item()
    first, *_ = three(world, item)
    hooks.choose(first, reason="It makes people pick a side", by=world.ben, at=NOON)
    item.refresh_from_db()
    digest = item.content_digest

    hooks.add(item, text="One more", by=world.ann, at=NOON)

    item.refresh_from_db()
    assert item.content_digest == digest
    assert item.content_edited_by == world.ben


def test_choosing_another_opening_changes_the_content_and_its_last_editor(world: World) -> None:
    item = world.item()
    first, second, _ = three(world, item)
    hooks.choose(first, reason="It makes people pick a side", by=world.ben, at=NOON)
    item.refresh_from_db()
    digest = item.content_digest

    hooks.choose(second, reason="Stays 3 s", by=world.ann, at=NOON)

    first.refresh_from_db()
    item.refresh_from_db()
    assert (first.chosen, first.chosen_reason) == (False, "")
    assert item.content_digest != digest
    assert item.content_edited_by == world.ann
    assert last_event(item).type == "hook.chosen"
    assert last_event(item).data["reason"] == "Stays 3 s"


def test_choosing_without_a_reason_is_refused_and_nothing_is_written(world: World) -> None:
    item = world.item()
    first, *_ = three(world, item)
    before = Event.objects.count()

    with pytest.raises(Invalid) as invalid:
        hooks.choose(first, reason="  ", by=world.ben, at=NOON)

    assert list(invalid.value.errors) == ["reason"]
    assert not Hook.objects.filter(chosen=True).exists()
    assert Event.objects.count() == before


def test_three_openings_and_one_chosen_open_the_gate(world: World) -> None:
    item = world.item()
    gate = Gate.objects.create(
        workspace=world.workspace,
        stage=world.stages["edit"],
        label="First two seconds",
        check_kind="openings",
        at_least=3,
    )
    first, *_ = three(world, item)
    assert not gates.lines(item, [gate])[0].state.met

    hooks.choose(first, reason="It makes people pick a side", by=world.ben, at=NOON)
    assert gates.lines(item, [gate])[0].state.met

    hooks.unchoose(first, by=world.ben, at=NOON)
    assert not gates.lines(item, [gate])[0].state.met
    assert last_event(item).type == "hook.unchosen"


def test_unchoosing_twice_is_unchoosing_once(world: World) -> None:
    item = world.item()
    first, *_ = three(world, item)
    before = Event.objects.count()

    hooks.unchoose(first, by=world.ben, at=NOON)

    assert Event.objects.count() == before


def test_an_edit_changes_only_what_is_named(world: World) -> None:
    item = world.item()
    hook = hooks.add(item, text="Which?", hook_type="question", by=world.ben, at=NOON)

    hooks.edit(hook, {"note": "2.4 s"}, by=world.ann, at=NOON)

    hook.refresh_from_db()
    assert (hook.text, hook.hook_type, hook.note) == ("Which?", "question", "2.4 s")
    assert last_event(item).data["changes"] == {"note": ["", "2.4 s"]}


@pytest.mark.parametrize(
    "changes", [{"text": ""}, {"text": "x" * 301}, {"hook_type": "joke"}, {"chosen": "yes"}]
)
def test_a_bad_edit_is_refused(world: World, changes: dict[str, str]) -> None:
    hook = hooks.add(world.item(), text="Which?", by=world.ben, at=NOON)

    with pytest.raises(Invalid) as invalid:
        hooks.edit(hook, changes, by=world.ann, at=NOON)

    assert list(invalid.value.errors) == list(changes)


def test_a_removed_opening_is_gone_and_its_words_stay_in_the_log(world: World) -> None:
    item = world.item()
    first, *_ = three(world, item)

    hooks.remove(first, by=world.ben, at=NOON)

    assert Hook.objects.filter(item=item).count() == 2
    assert last_event(item).data["text"] == "Which one?"


def test_openings_are_put_in_order_and_strangers_refused(world: World) -> None:
    item, other = world.item(), world.item("Another")
    first, second, third = three(world, item)
    foreign = hooks.add(other, text="Elsewhere", by=world.ben, at=NOON)

    arranged = hooks.reorder(item, [third.public_id, first.public_id], by=world.ben, at=NOON)

    assert arranged == [third, first, second]
    assert list(Hook.objects.filter(item=item).order_by("position")) == [third, first, second]
    with pytest.raises(Invalid):
        hooks.reorder(item, [foreign.public_id], by=world.ben, at=NOON)


def test_there_is_an_end_to_openings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "MOST", 3)
    item = world.item()
    three(world, item)

    with pytest.raises(Refused) as refused:
        hooks.add(item, text="One too many", by=world.ben, at=NOON)

    assert refused.value.refusals[0].code == "limit_reached"


def test_a_line_is_added_ticked_unticked_and_removed(world: World) -> None:
    item = world.item()
    entry = checklists.add(item, text="Counter at 4K", group="B-roll", by=world.ben, at=NOON)

    ticked = checklists.tick(entry, by=world.ben, at=NOON)
    assert ticked.done
    assert last_event(item).type == "checklist.ticked"
    before = Event.objects.count()
    checklists.tick(entry, by=world.ann, at=NOON)
    assert Event.objects.count() == before

    checklists.untick(entry, by=world.ben, at=NOON)
    assert last_event(item).type == "checklist.unticked"

    checklists.remove(entry, by=world.ben, at=NOON)
    assert not ChecklistEntry.objects.filter(item=item).exists()
    assert last_event(item).data == {"entry": entry.public_id, "text": "Counter at 4K"}


def test_an_empty_line_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        checklists.add(world.item(), text=" ", by=world.ben, at=NOON)


def test_lines_are_put_in_order(world: World) -> None:
    item = world.item()
    a, b, c = (checklists.add(item, text=text, by=world.ben, at=NOON) for text in "abc")

    assert checklists.reorder(item, [c.public_id], by=world.ben, at=NOON) == [c, a, b]
    assert last_event(item).type == "checklist.reordered"
