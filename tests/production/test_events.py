import pytest
from django.db import DatabaseError, connection, transaction

from production import events
from production.events import TYPES, Line
from production.models import Event
from tests.people import NOON, World
from tests.shared import ROOT


def test_numbers_have_no_gap_within_a_workspace(world: World, strangers: World) -> None:
    for number in range(3):
        world.item(f"card {number}")
        strangers.item(f"theirs {number}")

    for workspace in (world.workspace, strangers.workspace):
        assert list(
            Event.objects.filter(workspace=workspace).order_by("seq").values_list("seq", flat=True)
        ) == [1, 2, 3]


def test_each_subject_counts_its_own_events(world: World) -> None:
    with transaction.atomic():
        lines = [Line("item.blocked", "itm_a", NOON), Line("item.blocked", "itm_b", NOON)]
        events.record_many([*lines, lines[0]], workspace_id=world.workspace.pk)
        last = events.record(
            "item.unblocked", "itm_a", workspace_id=world.workspace.pk, by=None, at=NOON
        )

    assert last.subject_seq == 3
    assert list(
        Event.objects.filter(subject="itm_a").order_by("seq").values_list("subject_seq", flat=True)
    ) == [1, 2, 3]


def test_an_unknown_type_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="catalogue"), transaction.atomic():
        events.record("item.exploded", "itm_a", workspace_id=world.workspace.pk, by=None, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(RuntimeError):
        events.record("item.blocked", "itm_a", workspace_id=1, by=None, at=NOON)


def test_the_database_refuses_to_change_the_past(world: World) -> None:
    world.item()

    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(data={})


def test_postgresql_refuses_to_forget_the_past(world: World) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL guards the log against deletion")
    world.item()

    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()


def test_every_type_has_its_line_in_the_documentation() -> None:
    text = (ROOT / "docs" / "events.md").read_text()

    assert [type for type in TYPES if f"`{type}`" not in text] == []


def test_a_moment_keeps_its_microseconds(world: World) -> None:
    at = NOON.replace(microsecond=123_456)

    with transaction.atomic():
        event = events.record(
            "board.changed",
            world.board.public_id,
            workspace_id=world.workspace.pk,
            by=world.ann,
            at=at,
            data={"changes": {"at": [None, at]}},
        )

    event.refresh_from_db()
    assert event.data["changes"]["at"][1] == at.isoformat()
