"""How many statements a request may cost: as many on a full board with every rule switched on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from production.models import Assignment, Channel, Gate, KpiDefinition, Publication, Stage
from tests.people import NOON, World
from tests.production.api.calls import Caller
from tests.production.api.tokens import token_of

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


@pytest.fixture
def program(world: World) -> Caller:
    """Ben's own program, which has called before."""
    caller = Caller(Client(), token_of(world.seat("ben")))
    caller.get("/me/")
    return caller


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [each["sql"] for each in captured if not each["sql"].startswith(NOT_COUNTED)]


@pytest.fixture
def strict(world: World) -> World:
    """Limits of stages and people, and a gate of every kind before *shoot*."""
    Stage.objects.update(wip_limit=20)
    world.workspace.wip_limit_per_person = 5
    world.workspace.save()
    for kind, values in (
        (Gate.Check.MANUAL, {}),
        (Gate.Check.FIELD, {"field": Gate.Field.SCRIPT}),
        (Gate.Check.FIELD, {"field": Gate.Field.PROMISE}),
        *((Gate.Check.COUNT, {"counted": counted}) for counted in Gate.Counted),
        (Gate.Check.OPENINGS, {"at_least": 3}),
        (Gate.Check.REVIEW, {}),
        (Gate.Check.OUT, {}),
    ):
        Gate.objects.create(
            workspace=world.workspace,
            stage=world.stages["shoot"],
            label=f"{kind} {values}",
            check_kind=kind,
            **values,
        )
    return world


def test_a_move_costs_at_most_eight_statements(strict: World) -> None:
    ann = Caller(Client(), token_of(strict.seat("ann")))
    ann.get("/me/")
    item, there = strict.item(), strict.item("there", stage="edit")
    Assignment.objects.create(item=item, user=strict.ben)
    wish = {"stage": strict.stages["edit"].public_id, "before": there.public_id}

    with CaptureQueriesContext(connection) as refused:
        assert ann.post(f"/items/{item.public_id}/move/", wish).status_code == 409
    with CaptureQueriesContext(connection) as captured:
        wish["override"] = "The festival is tomorrow"
        assert ann.post(f"/items/{item.public_id}/move/", wish).status_code == 200

    assert len(statements(refused)) <= 5
    assert len(statements(captured)) <= 8
    changed = [each for each in statements(captured) if each.startswith("UPDATE")]
    assert len([each for each in changed if "production_contentitem" in each]) == 1


def test_a_move_that_nothing_is_asked_of_costs_seven(world: World, program: Caller) -> None:
    item, wish = world.item(), {"stage": world.stages["script"].public_id}

    with CaptureQueriesContext(connection) as captured:
        assert program.post(f"/items/{item.public_id}/move/", wish).status_code == 200

    assert len(statements(captured)) == 7


def test_a_move_past_publication_costs_no_more(world: World, program: Caller) -> None:
    item = world.item(
        stage="publish", primary_kpi=KpiDefinition.objects.get(workspace=world.workspace)
    )
    Publication.objects.create(
        workspace=world.workspace,
        item=item,
        channel=Channel.objects.get(workspace=world.workspace),
        state=Publication.State.PUBLISHED,
        published_at=NOON,
        created_at=NOON,
        updated_at=NOON,
    )

    with CaptureQueriesContext(connection) as captured:
        wish = {"stage": world.stages["learn"].public_id}
        assert program.post(f"/items/{item.public_id}/move/", wish).status_code == 200

    assert len(statements(captured)) <= 8


def test_a_new_place_in_a_stage_costs_seven(world: World, program: Caller) -> None:
    item, other = world.item(), world.item("other")

    with CaptureQueriesContext(connection) as captured:
        wish = {"after": other.public_id}
        assert program.post(f"/items/{item.public_id}/move/", wish).status_code == 200

    assert len(statements(captured)) == 7


def test_a_create_costs_at_most_twelve_statements(world: World, program: Caller) -> None:
    channel = Channel.objects.get(workspace=world.workspace)
    body = {"title": "One", "board": world.board.public_id, "channel": channel.public_id}

    with CaptureQueriesContext(connection) as captured:
        assert program.post("/items/", body).status_code == 201

    assert len(statements(captured)) <= 12
