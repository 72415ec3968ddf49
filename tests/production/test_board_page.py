"""The board as a page: who sees what, in how many queries, and moving by its forms."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import items
from production.boardview import COLUMN
from production.models import Assignment, ContentItem, Event, Gate, Stage
from tests.people import World

CARD_QUERIES = 15


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def board_url(world: World) -> str:
    return reverse("board-page", args=[world.workspace.slug, world.board.public_id])


def move_url(item: ContentItem) -> str:
    return reverse("item-move", args=[item.workspace.slug, item.key])


@pytest.fixture
def gate(world: World) -> Gate:
    return Gate.objects.create(
        workspace=world.workspace,
        stage=world.stages["script"],
        label="One sentence of promise",
        check_kind=Gate.Check.FIELD,
        field=Gate.Field.PROMISE,
    )


def test_the_workspaces_board_shows_every_stage_and_card(world):
    world.item("Why most hooks fail", stage="edit")

    page = signed_in(world.ann).get(reverse("board", args=[world.workspace.slug]))

    assert page.status_code == 200
    for stage in world.stages.values():
        assert page.content.count(f'id="{stage.public_id}"'.encode()) == 1
    assert b"Why most hooks fail" in page.content
    assert b"VID-1" in page.content


def test_eve_finds_no_such_board(world, strangers):
    eve = signed_in(strangers.eve)

    assert eve.get(board_url(world)).status_code == 404
    assert eve.get(board_url(strangers)).status_code == 200


def test_a_board_of_another_workspace_is_not_shown_under_ours(world, strangers):
    foreign = reverse("board-page", args=[world.workspace.slug, strangers.board.public_id])

    assert signed_in(world.ann).get(foreign).status_code == 404


def test_kim_sees_the_cards_and_no_control(world):
    world.item("Why most hooks fail", stage="edit")

    page = signed_in(world.kim).get(board_url(world)).content.decode()

    assert "Why most hooks fail" in page
    assert "/move/" not in page
    assert "data-add" not in page
    assert 'class="pick"' not in page


def test_otto_sees_his_own_cards_and_no_count_of_the_others(world):
    theirs = world.item("Not for Otto", stage="edit")
    his = world.item("For Otto", stage="edit", assignees=[world.otto])
    Stage.objects.filter(pk=theirs.stage_id).update(wip_limit=3)

    page = signed_in(world.otto).get(board_url(world)).content.decode()

    assert "For Otto" in page
    assert "Not for Otto" not in page
    assert "of 3" not in page
    assert "data-wip" not in page
    assert "make it" not in page and "too few" not in page
    assert his.key in page


def test_the_number_of_queries_does_not_grow_with_the_cards(
    world, gate, django_assert_max_num_queries
):
    client = signed_in(world.ann)
    for kind in (Gate.Check.MANUAL, Gate.Check.OPENINGS, Gate.Check.REVIEW, Gate.Check.OUT):
        Gate.objects.create(
            workspace=world.workspace, stage=world.stages["edit"], label=kind, check_kind=kind
        )
    for number in range(3):
        world.item(f"Idea {number}", assignees=[world.ben])
    client.get(board_url(world))

    with django_assert_max_num_queries(CARD_QUERIES) as few:
        client.get(board_url(world))
    for number in range(40):
        stage = ["idea", "script", "shoot", "edit"][number % 4]
        world.item(f"More {number}", stage=stage, assignees=[world.ann, world.ben])
    with django_assert_max_num_queries(CARD_QUERIES) as many:
        client.get(board_url(world))

    assert len(few) == len(many)


def test_a_long_column_comes_in_parts_and_none_is_lost(world):
    for number in range(30):
        world.item(f"Idea number {number}")
    client = signed_in(world.ann)

    page = client.get(board_url(world))
    first = page.content.decode().count('class="card"')
    last = ContentItem.objects.order_by("rank")[COLUMN - 1]
    rest = reverse(
        "board-column",
        args=[world.workspace.slug, world.board.public_id, world.stages["idea"].public_id],
    )
    fragment = client.get(rest, {"after": last.rank}, headers={"HX-Request": "true"})
    whole = client.get(rest, {"after": last.rank})

    assert first == COLUMN
    assert f"after={last.rank}" in page.content.decode()
    assert fragment.content.decode().count('class="card"') == 30 - COLUMN
    assert b"<html" not in fragment.content and b"<html" in whole.content


def test_the_form_shows_the_refusing_stage_with_the_sentence(world, gate):
    item = world.item()

    page = signed_in(world.ben).get(move_url(item)).content.decode()

    assert "Script still needs: One sentence of promise." in page
    assert f'value="{world.stages["script"].public_id}" disabled' in page


def test_a_refused_move_lists_what_is_missing_and_where_to_mend_it(world, gate):
    item = world.item()

    answer = signed_in(world.ben).post(move_url(item), {"stage": world.stages["script"].public_id})

    item.refresh_from_db()
    assert answer.status_code == 409
    assert "One sentence of promise" in answer.content.decode()
    assert f"/items/{item.key}/#gates" in answer.content.decode()
    assert item.stage_id == world.stages["idea"].pk


def test_without_script_a_move_leads_back_with_a_way_to_undo(world):
    item = world.item()
    client = signed_in(world.ben)

    answer = client.post(
        move_url(item), {"stage": world.stages["script"].public_id, "version": item.version}
    )
    page = client.get(answer.url).content.decode()
    request_id = Event.objects.get(type="item.moved").request_id
    undo = reverse("undo", args=[world.workspace.slug, request_id])
    back = client.post(undo)

    item.refresh_from_db()
    assert answer.status_code == 302
    assert f"{item.key} moved to Script." in page
    assert f'action="{undo}"' in page
    assert back.status_code == 302
    assert item.stage_id == world.stages["idea"].pk


def test_for_script_the_answer_is_the_card_and_the_counts(world):
    item = world.item()
    script = world.stages["script"]

    answer = signed_in(world.ben).post(
        move_url(item), {"stage": script.public_id}, headers={"HX-Request": "true"}
    )

    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'data-item="{item.public_id}"' in text and f'data-stage="{script.public_id}"' in text
    assert "data-undo=" in text and "data-counts" in text
    assert answer.headers["X-Request-Id"] in text


def test_a_stale_tab_cannot_overwrite(world):
    item = world.item()
    client = signed_in(world.ben)
    client.post(move_url(item), {"stage": world.stages["script"].public_id})

    late = client.post(
        move_url(item), {"stage": world.stages["edit"].public_id, "version": item.version}
    )

    item.refresh_from_db()
    assert late.status_code == 409
    assert "has changed meanwhile" in late.content.decode()
    assert item.stage_id == world.stages["script"].pk


def test_a_card_is_put_between_two_others(world):
    first, second, third = (world.item(title) for title in ("First", "Second", "Third"))

    signed_in(world.ben).post(
        move_url(third),
        {
            "stage": third.stage.public_id,
            "after": first.public_id,
            "before": second.public_id,
        },
    )

    order = ContentItem.objects.in_stage(world.stages["idea"]).values_list("title", flat=True)
    assert list(order) == ["First", "Third", "Second"]


def test_an_owner_moves_it_with_a_reason_and_nobody_else(world, gate):
    item = world.item()
    wish = {"stage": world.stages["script"].public_id, "override": "The client waits"}

    refused = signed_in(world.ben).post(move_url(item), wish)
    moved = signed_in(world.ann).post(move_url(item), wish)

    item.refresh_from_db()
    assert refused.status_code == 403
    assert moved.status_code == 302
    assert item.stage_id == world.stages["script"].pk


def test_kim_and_eve_cannot_move_it_and_ben_can(world, strangers):
    item = world.item()
    wish = {"stage": world.stages["script"].public_id}

    assert signed_in(world.kim).post(move_url(item), wish).status_code == 403
    assert signed_in(strangers.eve).post(move_url(item), wish).status_code == 404
    assert signed_in(world.ben).post(move_url(item), wish).status_code == 302


def test_otto_moves_his_own_card_within_his_stages_only(world):
    item = world.item(stage="script", assignees=[world.otto])
    other = world.item(stage="script")
    otto = signed_in(world.otto)

    onward = otto.post(move_url(item), {"stage": world.stages["shoot"].public_id})
    beyond = otto.post(move_url(item), {"stage": world.stages["publish"].public_id})
    theirs = otto.post(move_url(other), {"stage": world.stages["shoot"].public_id})

    assert (onward.status_code, beyond.status_code, theirs.status_code) == (302, 409, 404)


def test_options_say_the_same_as_the_move(world, gate):
    item = world.item()

    answer = signed_in(world.ben).get(
        reverse("item-options", args=[world.workspace.slug, item.key])
    )

    text = answer.content.decode()
    assert text.count("data-refuses") == 6
    assert "Script still needs: One sentence of promise." in text


def test_a_title_and_enter_is_a_new_card(world):
    client = signed_in(world.ben)
    url = reverse("board-add", args=[world.workspace.slug, world.board.public_id])

    added = client.post(url, {"title": "A new idea"})
    empty = client.post(url, {"title": "  "})

    item = ContentItem.objects.get()
    assert added.status_code == 302
    assert (item.title, item.stage) == ("A new idea", world.stages["idea"])
    assert empty.status_code == 422


def test_the_archive_lists_what_left_and_brings_it_back(world):
    item = items.archive(world.item("Gone"), seat=world.seat("ben"), at=timezone.now())
    url = reverse("board-archive", args=[world.workspace.slug, world.board.public_id])
    ben, kim = signed_in(world.ben), signed_in(world.kim)

    listed = ben.get(url).content.decode()
    refused = kim.post(url, {"key": item.key})
    ben.post(url, {"key": item.key})

    item.refresh_from_db()
    assert "Gone" in listed and "Gone" not in ben.get(url).content.decode()
    assert refused.status_code == 403
    assert item.archived_at is None


def test_one_refusal_in_a_bulk_does_not_stop_the_others(world, gate):
    ready = world.item("Ready", promise="You will see")
    not_ready = world.item("Not ready")
    url = reverse("board-bulk", args=[world.workspace.slug, world.board.public_id])

    answer = signed_in(world.ben).post(
        url,
        {
            "key": [ready.key, not_ready.key],
            "do": "move",
            "stage": world.stages["script"].public_id,
        },
    )

    ready.refresh_from_db()
    not_ready.refresh_from_db()
    assert answer.status_code == 409
    assert not_ready.key in answer.content.decode()
    assert ready.stage_id == world.stages["script"].pk
    assert not_ready.stage_id == world.stages["idea"].pk


def test_a_bulk_touches_no_card_of_another_workspace(world, strangers):
    theirs = strangers.item("Theirs")
    url = reverse("board-bulk", args=[world.workspace.slug, world.board.public_id])

    answer = signed_in(world.ben).post(url, {"key": [theirs.key, "VID-1"], "do": "archive"})

    theirs.refresh_from_db()
    assert answer.status_code == 422
    assert theirs.archived_at is None


def test_a_bulk_assigns_and_is_undone_as_one(world):
    cards = [world.item(f"Card {number}") for number in range(3)]
    client = signed_in(world.ben)
    url = reverse("board-bulk", args=[world.workspace.slug, world.board.public_id])

    answer = client.post(
        url,
        {
            "key": [card.key for card in cards],
            "do": "assign",
            "assignee": world.vera.public_id,
        },
    )
    assigned = Assignment.objects.filter(user=world.vera).count()
    client.post(reverse("undo", args=[world.workspace.slug, answer.headers["X-Request-Id"]]))

    assert assigned == 3
    assert Assignment.objects.filter(user=world.vera).count() == 0


@pytest.mark.parametrize("by", ["channel", "pillar", "assignee"])
def test_lanes_show_every_card_once(world, by):
    world.item("With nothing")
    world.item("With somebody", assignees=[world.ben, world.vera])

    page = signed_in(world.ann).get(board_url(world), {"lanes": by}).content.decode()

    assert page.count('class="card"') == 2
    assert 'class="lane"' in page


def test_what_a_form_left_open_is_not_in_the_address(world):
    board = board_url(world)

    answer = signed_in(world.ann).get(board, {"channel": "", "blocked": "true", "q": ""})

    assert answer.status_code == 302
    assert answer.url == f"{board}?blocked=true"


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("archive/", {"colour": "red"}, 400),
        ("", {"lanes": "mood"}, 400),
        ("cards/", {"id": "\x00"}, 200),
        ("cards/", {"id": "itm_nothing"}, 200),
        ("cards/", {"colour": "red"}, 400),
        ("columns/{stage}/", {"after": "first"}, 400),
        ("columns/{stage}/", {"after": "9" * 30}, 400),
        ("columns/{stage}/", {"after": str(2**63)}, 400),
        ("columns/{stage}/", {"after": str(-(2**63) + 1)}, 200),
        ("columns/stg_nothing/", {}, 404),
    ],
)
def test_nonsense_in_an_address_is_said_so(world, path, query, status):
    url = board_url(world) + path.format(stage=world.stages["idea"].public_id)

    assert signed_in(world.ann).get(url, query).status_code == status


@pytest.mark.parametrize(
    "wish",
    [
        {"stage": ""},
        {"stage": "stg_nothing"},
        {"stage": "{script}", "version": "latest"},
        {"stage": "{script}", "version": "9" * 30},
        {"stage": "{script}", "place": "itm_nothing"},
        {"stage": "{script}", "place": "\x00"},
    ],
)
def test_nonsense_in_the_form_moves_nothing(world, wish):
    item = world.item()
    sent = {
        name: text.format(script=world.stages["script"].public_id) for name, text in wish.items()
    }

    answer = signed_in(world.ben).post(move_url(item), sent)

    item.refresh_from_db()
    assert answer.status_code == 422
    assert item.stage_id == world.stages["idea"].pk


def test_an_undo_of_nothing_is_refused_or_unknown(world):
    ben = signed_in(world.ben)
    nothing = reverse("undo", args=[world.workspace.slug, "abc123"])

    said = ben.post(nothing, headers={"Accept": "application/json"})

    assert said.status_code == 409
    assert said.json()["detail"] == "Undo works for 30 seconds. Move the card back instead."
    assert ben.post(nothing.replace("abc123", "a%00b")).status_code == 404
