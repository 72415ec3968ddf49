"""A Trello file becomes a plan: its history in order, what is missing said, nothing invented."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.imports import trello
from production.imports.plan import BoardPlan, ImportProblem, Limits
from tests.production.imports.boards import (
    ANN,
    BEN,
    DOING,
    DONE,
    IDEAS,
    MADE,
    NEW,
    OLD,
    TOPIC,
    action,
    as_bytes,
    card,
    document,
    moved,
)
from tests.shared import shared


def plan_of(**changed) -> BoardPlan:
    return trello.parse(as_bytes(document(**changed)))


def card_of(plan: BoardPlan, ident: str):
    return next(card for card in plan.cards if card.id == ident)


def codes(plan: BoardPlan) -> set[str]:
    return {notice.code for notice in plan.notices}


def test_lists_stand_in_the_order_of_the_board_and_cards_in_theirs():
    plan = plan_of()

    assert [column.name for column in plan.lists] == [
        "Backlog/Ideas", "Landing Page", "In Progress", "Done"
    ]  # fmt: skip
    assert [card.id for card in plan.cards] == [MADE, NEW, OLD]


def test_moves_are_told_oldest_first_by_whom_and_under_the_names_of_the_time():
    move = card_of(plan_of(), NEW).moves[0]

    assert (move.from_list, move.to_list, move.by) == (IDEAS, DOING, BEN)
    assert (move.from_name, move.to_name) == ("was 0", "is 1")
    assert move.at == datetime(2019, 5, 10, 10, 0, 0, 500_000, UTC)


def test_a_card_created_in_the_file_has_its_whole_history():
    made = card_of(plan_of(), NEW)

    assert made.created_known and made.history_complete
    assert made.created_at == datetime(2019, 5, 6, tzinfo=UTC)
    assert made.first_list_id == IDEAS
    assert made.history_from is None


def test_a_card_older_than_the_file_is_marked_and_dated_by_its_id():
    old = card_of(plan_of(), OLD)

    assert not old.created_known and not old.history_complete
    assert old.created_at == datetime(2019, 3, 31, 23, 53, 36, tzinfo=UTC)
    assert old.history_from == datetime(2019, 5, 6, tzinfo=UTC)
    assert old.first_list_id == DOING


def test_a_card_made_from_a_check_item_is_created_by_that():
    assert card_of(plan_of(), MADE).created_at == datetime(2019, 5, 7, 10, tzinfo=UTC)


def test_a_copied_card_is_created_by_the_copy():
    copy = action("copyCard", "2019-05-05T00:00:00Z", MADE, list={"id": DOING})

    made = card_of(plan_of(actions=[copy]), MADE)

    assert made.created_known and made.created_at == datetime(2019, 5, 5, tzinfo=UTC)


def test_a_card_from_another_board_is_as_old_as_its_id_and_its_history_incomplete():
    came = action("moveCardToBoard", "2019-05-08T00:00:00Z", MADE, list={"id": DOING})

    plan = plan_of(actions=[came])

    made = card_of(plan, MADE)
    assert not made.history_complete
    assert made.history_from == datetime(2019, 5, 8, tzinfo=UTC)
    assert made.created_at == datetime.fromtimestamp(int(MADE[:8], 16), UTC)
    assert "card_from_another_board" in codes(plan)


def test_a_truncated_file_says_from_when_on_it_knows():
    actions = document()["actions"]
    filler = [action("addMemberToCard", "2019-05-15T00:00:00Z", NEW)] * (1000 - len(actions))

    plan = plan_of(actions=[*filler, *actions])

    said = next(notice for notice in plan.notices if notice.code == "history_truncated")
    assert said.params == {"date": "2019-05-06", "actions": 1000, "cards": 1}


def test_a_file_without_actions_says_that_it_has_no_history():
    plan = plan_of(actions=[])

    assert "no_history" in codes(plan)
    assert all(card.moves == () and not card.created_known for card in plan.cards)


def test_a_gap_in_the_moves_is_closed_marked_and_said():
    gap = [moved("2019-05-09T00:00:00Z", NEW, TOPIC, DONE), document()["actions"][-1]]

    plan = plan_of(actions=gap)

    made = card_of(plan, NEW)
    steps = [(move.from_list, move.to_list, move.inferred) for move in made.moves]
    assert steps == [(IDEAS, TOPIC, True), (TOPIC, DONE, False), (DONE, DOING, True)]
    assert not made.history_complete
    assert "history_gap" in codes(plan)
    assert plan.counts()["moves"] == 1


def test_moves_of_one_instant_keep_the_order_of_the_file():
    at = "2019-05-09T00:00:00Z"
    back_and_forth = [
        moved(at, NEW, IDEAS, DOING),
        moved(at, NEW, DONE, IDEAS),
        moved(at, NEW, IDEAS, DONE),
        document()["actions"][-1],
    ]

    made = card_of(plan_of(actions=back_and_forth), NEW)

    assert [move.to_list for move in made.moves] == [DONE, IDEAS, DOING]
    assert made.history_complete


def test_a_list_that_only_the_history_names_becomes_a_closed_list():
    gone = "5ca3d99a0378a65090e60009"
    told = [
        moved("2019-05-10T00:00:00Z", NEW, gone, DOING),
        moved("2019-05-09T00:00:00Z", NEW, IDEAS, gone),
        document()["actions"][-1],
    ]

    plan = plan_of(actions=told)

    assert plan.lists[-1].id == gone
    assert plan.lists[-1].closed and not plan.lists[-1].in_file
    assert card_of(plan, NEW).history_complete


def test_archiving_comments_checklists_labels_and_due_days_come_along():
    plan = plan_of(
        cards=[
            card(NEW, "All of it", DOING, due="2019-06-01T10:00:00.000Z", idLabels=["l1"]),
            card(OLD, "Old", DONE, closed=True),
        ]
    )

    made = card_of(plan, NEW)
    assert [comment.text for comment in made.comments] == ["Looks *good*"]
    assert [(item.text, item.done) for item in made.checklists[0].items] == [
        ("first", False), ("second", True)
    ]  # fmt: skip
    assert made.labels == ("green",)
    assert made.due == datetime(2019, 6, 1, 10, tzinfo=UTC)
    assert [entry.archived for entry in card_of(plan, OLD).archivings] == [True]


def test_only_web_addresses_become_links():
    links = [{"url": "javascript:alert(1)"}, {"url": "https://example.org/a", "name": "A"}]

    plan = plan_of(cards=[card(NEW, "Linked", DOING, attachments=links)])

    assert [link.url for link in plan.cards[0].links] == ["https://example.org/a"]
    assert "link_unusable" in codes(plan)


def test_people_who_left_are_kept_by_name():
    plan = plan_of()

    assert {(member.id, member.on_board) for member in plan.members} == {(ANN, True), (BEN, False)}


def test_control_characters_and_broken_characters_are_taken_out_and_said():
    plan = plan_of(cards=[card(NEW, "a\x00b \ud83d c", DOING)])

    assert plan.cards[0].title == "ab \ufffd c"
    assert {"control_characters_removed", "broken_characters_replaced"} <= codes(plan)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"name": "no id", "idList": DOING}, "card_without_id"),
        (card(NEW, "   ", DOING), "card_without_title"),
        (card(NEW, "lost", "nowhere"), "card_without_list"),
        (card(OLD, "twice", DOING), "duplicate_id"),
    ],
)
def test_a_card_that_cannot_be_taken_is_listed_and_the_others_are_taken(entry, code):
    plan = plan_of(cards=[card(OLD, "Fine", DONE), entry])

    assert [card.id for card in plan.cards] == [OLD]
    assert [(error.code, error.where) for error in plan.errors] == [(code, "cards[1]")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"not json", "not_json"),
        (b"[1, 2]", "not_trello"),
        (b'{"name": "x"}', "not_trello"),
        (b'{"lists": {}, "cards": []}', "not_trello"),
        (b'{"lists": [], "cards": [' + b"[" * 200 + b"]" * 200 + b"]}", "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"name": "\xff"}', "not_utf8"),
        (b"{" + b'"a": 1' * 3 + b"}", "not_json"),
    ],
)
def test_what_is_no_board_is_refused_with_a_reason(data, code):
    with pytest.raises(ImportProblem) as refused:
        trello.parse(data)

    assert refused.value.code == code


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_half_a_file_is_called_half_a_file(share):
    whole = as_bytes(document())

    with pytest.raises(ImportProblem) as refused:
        trello.parse(whole[: int(len(whole) * share)])

    assert refused.value.code in ("file_cut_off", "not_json")


def test_a_file_cut_inside_a_text_is_called_cut_off():
    with pytest.raises(ImportProblem) as refused:
        trello.parse(b'{"name": "Test Dri')

    assert refused.value.code == "file_cut_off"


def test_a_file_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(ImportProblem) as refused:
        trello.parse(b"x" * 2_000_000, Limits(bytes=1_000_000))

    assert refused.value.code == "file_too_large"


def test_a_number_of_five_thousand_digits_is_no_crash():
    whole = as_bytes(document()).replace(b'"pos": 300', b'"pos": ' + b"9" * 5000)

    assert len(trello.parse(whole).lists) == 4


def test_the_real_board_comes_out_whole():
    plan = trello.parse(shared("boards/gocd_test_drive_trello.json").read_bytes())

    counts = plan.counts()
    assert counts["cards"] == 122 and counts["lists"] == 18 and counts["closed_lists"] == 12
    assert counts["moves"] == 177 and counts["moved_cards"] == 81
    assert counts["comments"] == 93 and counts["checklists"] == 14 and counts["members"] == 11
    assert counts["archivings"] == 77 and counts["without_creation"] == 49
    assert counts["rejected"] == 0
    assert all(card.moves[-1].to_list == card.list_id for card in plan.cards if card.moves)
    assert not any(move.inferred for card in plan.cards for move in card.moves)
    said = next(notice for notice in plan.notices if notice.code == "history_truncated")
    assert said.params == {"date": "2019-04-17", "actions": 1000, "cards": 49}


def test_the_ids_of_the_real_board_tell_their_age():
    plan = trello.parse(shared("boards/gocd_test_drive_trello.json").read_bytes())

    known = [card for card in plan.cards if card.created_known]

    assert len(known) == 73
    for made in known:
        by_id = datetime.fromtimestamp(int(made.id[:8], 16), UTC)
        assert abs((made.created_at - by_id).total_seconds()) < 1.5


def test_the_five_kinds_of_custom_fields_come_along():
    plan = trello.parse(shared("boards/trello_project100_custom_fields.json").read_bytes())

    fields = {entry.kind: entry.value for card in plan.cards for entry in card.fields}

    assert len(plan.cards) == 3 and len(plan.fields) == 5
    assert fields == {
        "text": "Member01 text",
        "number": "100.32",
        "list": "Down",
        "date": "2021-01-28T10:00:00.000Z",
        "checkbox": "true",
    }


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3)
    ),
    max_leaves=8,
)
ids = st.sampled_from([OLD, NEW, IDEAS, DOING, "", "x"]) | junk
names = st.sampled_from(
    ["id", "name", "idList", "closed", "pos", "date", "type", "data", "card", "list", "old",
     "listBefore", "listAfter", "idMemberCreator", "labels", "idLabels", "checkItems",
     "attachments", "customFieldItems", "badges", "due", "value", "idCustomField", "text",
     "memberCreator"]
)  # fmt: skip
entry = st.dictionaries(names, ids, max_size=6) | junk
boards = st.fixed_dictionaries(
    {"lists": st.lists(entry, max_size=3) | junk, "cards": st.lists(entry, max_size=4) | junk},
    optional={
        name: st.lists(entry, max_size=4) | junk
        for name in ("actions", "members", "labels", "checklists", "customFields", "name", "id")
    },
)


@settings(max_examples=300, deadline=None)
@given(boards)
def test_whatever_stands_in_the_file_gives_a_plan_or_a_clear_problem(board):
    try:
        plan = trello.parse(as_bytes(board))
    except ImportProblem as problem:
        assert problem.code
    else:
        known = {column.id for column in plan.lists}
        for made in plan.cards:
            assert {made.list_id, made.first_list_id} <= known
            assert all({move.from_list, move.to_list} <= known for move in made.moves)


@settings(max_examples=300, deadline=None)
@given(entry, st.sampled_from(["cards", "lists", "actions", "members", "checklists"]), junk)
def test_one_damaged_part_never_costs_the_others(damaged, part, value):
    board = document()
    place = board[part][0]
    if isinstance(damaged, dict):
        place.update(damaged)
    else:
        board[part][0] = value

    plan = trello.parse(as_bytes(board))

    assert len(plan.cards) + plan.errors_in_all >= 2


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_plan_or_a_clear_problem(data):
    with pytest.raises(ImportProblem):
        trello.parse(data)
