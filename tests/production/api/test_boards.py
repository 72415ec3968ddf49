"""The whole board: small, quick, and not sent again while nothing has happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from production import items
from production.models import Channel, ContentItem, Label
from tests.people import NOON, World
from tests.production.api.calls import Caller
from tests.production.api.tokens import token_of

Browser = Callable[[str], Caller]


@pytest.fixture
def program(world: World) -> Caller:
    """Ben's own program, which has called before."""
    caller = Caller(Client(), token_of(world.seat("ben")))
    caller.get("/me/")
    return caller


def fill(world: World, count: int) -> None:
    """So many more cards in the first stage, all of them with people and labels."""
    channel = Channel.objects.get(workspace=world.workspace)
    label, _ = Label.objects.get_or_create(workspace=world.workspace, name="evergreen")
    values: dict[str, Any] = {
        "channel": channel, "labels": [label], "assignees": [world.ben, world.vera],
    }  # fmt: skip
    for number in range(count):
        items.create(
            world.board,
            title=f"Why most hooks fail, part {number}",
            seat=world.seat("ben"),
            at=NOON,
            values=values,
        )


def test_the_board_has_its_cards_in_order_and_names_once(world: World, program: Caller) -> None:
    fill(world, 3)
    last = ContentItem.objects.in_stage(world.stages["idea"]).last()
    first = ContentItem.objects.in_stage(world.stages["idea"]).first()
    program.post(
        f"/items/{last.public_id}/move/",
        {"stage": world.stages["idea"].public_id, "before": first.public_id},
    )

    board = program.get(f"/boards/{world.board.public_id}/").json()

    column = board["stages"][0]
    assert [stage["kind"] for stage in board["stages"]] == list(world.stages)
    assert [card["number"] for card in column["cards"]] == [3, 1, 2]
    card = column["cards"][0]
    assert {board["people"][place]["name"] for place in card["people"]} == {
        "Ben Laine",
        "Vera Salo",
    }
    assert [board["labels"][place]["name"] for place in card["labels"]] == ["evergreen"]
    assert board["channels"][card["channel"]]["name"] == "TikTok"
    assert len(board["people"]) == 2


def test_the_number_of_queries_is_that_of_an_empty_board(world: World, program: Caller) -> None:
    path = f"/boards/{world.board.public_id}/"
    fill(world, 1)
    with CaptureQueriesContext(connection) as with_one:
        program.get(path)
    fill(world, 30)

    with CaptureQueriesContext(connection) as with_many:
        program.get(path)

    assert len(with_many) == len(with_one) <= 12


def test_a_card_is_between_200_and_400_bytes(world: World, program: Caller) -> None:
    path = f"/boards/{world.board.public_id}/"
    fill(world, 1)
    with_one = len(program.get(path).content)
    fill(world, 20)

    with_many = len(program.get(path).content)

    assert 200 <= (with_many - with_one) / 20 <= 400


def test_an_unchanged_board_is_one_query_and_no_body(
    world: World, program: Caller, django_assert_num_queries: Any
) -> None:
    path = f"/boards/{world.board.public_id}/"
    tag = program.get(path)["ETag"]

    with django_assert_num_queries(1):
        again = program.get(path, If_None_Match=tag)
    world.item()
    changed = program.get(path, If_None_Match=tag)

    assert again.status_code == 304
    assert again.content == b""
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_a_tag_of_somebody_else_or_made_up_is_no_key(
    world: World, program: Caller, browser: Browser
) -> None:
    path = f"/boards/{world.board.public_id}/"
    anns = browser("ann").get(path)["ETag"]

    bens = program.get(path, If_None_Match=anns)
    nowhere = program.get("/boards/brd_01JQ8Z6T2M4N5P6Q7R8S9TAVBW/", If_None_Match=anns)

    assert bens.status_code == 200
    assert nowhere.status_code == 404


def test_the_boards_cursor_leads_on_into_the_feed(world: World, program: Caller) -> None:
    cursor = program.get(f"/boards/{world.board.public_id}/").json()["cursor"]

    quiet = program.get(f"/events/?cursor={cursor}").json()
    item = world.item()
    after = program.get(f"/events/?cursor={cursor}").json()

    assert quiet["data"] == []
    assert quiet["next_cursor"] == cursor
    assert [event["subject"] for event in after["data"]] == [item.public_id]
