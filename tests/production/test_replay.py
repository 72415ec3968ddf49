"""The log alone gives the board: a fold that shares nothing with the verbs and the stamps."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import flow, replay
from production.flow import KINDS

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
ITEM = "itm_1"
STAMPS = (
    "idea_at",
    "stage_entered_at",
    "history_from",
    "committed_at",
    "published_at",
    "last_published_at",
    "learned_at",
    "done_at",
    "reopened_count",
    "rework_count",
)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def stage(kind: str) -> dict[str, str]:
    return {"id": f"stg_{kind}", "name": kind.title(), "kind": kind}


class Log:
    """The events of one board, as the verbs would record them."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, type: str, hours: float, subject: str = ITEM, source: str = "page", **data: Any):
        self.events.append(
            {
                "seq": len(self.events) + 1,
                "type": type,
                "subject": subject,
                "occurred_at": at(hours),
                "source": source,
                "data": data,
            }
        )
        return len(self.events)

    def create(self, kind: str = "idea", hours: float = 0, id: str = ITEM, **data: Any) -> int:
        known = {"key": f"VID-{id[4:]}", "title": "3 myths", "board": "brd_1", "rank": 0}
        return self.add("item.created", hours, id, **known | {"stage": stage(kind)} | data)

    def move(self, left: str, entered: str, hours: float, id: str = ITEM, **data: Any) -> int:
        ends = {"from": stage(left), "to": stage(entered), "rank": 0}
        return self.add("item.moved", hours, id, **ends | data)

    def undo(self, seq: int, hours: float, id: str = ITEM, **data: Any) -> int:
        undone = self.events[seq - 1]["data"]
        ends = {"from": undone["to"], "to": undone["from"], "rank": 0}
        return self.add("item.move_undone", hours, id, voids=seq, **ends | data)

    def publish(self, hours: float, since: float, publication: str = "pub_1") -> int:
        return self.add(
            "publication.published",
            hours,
            publication=publication,
            published_at=at(since).isoformat(),
        )

    @property
    def replayed(self) -> replay.Replayed:
        return replay.replay(self.events)

    @property
    def item(self) -> replay.Item:
        return self.replayed.items[ITEM]


@pytest.fixture
def log() -> Log:
    return Log()


# Place


def test_the_order_in_a_stage_follows_from_creations_moves_and_reorderings(log):
    for n, rank in ((1, 10), (2, 20), (3, 30)):
        log.create(id=f"itm_{n}", rank=rank)
    log.add("item.reordered", 1, "itm_1", stage=stage("idea"), rank=25)
    log.move("idea", "script", 2, "itm_3", rank=5)

    board = log.replayed

    assert board.order("stg_idea") == ["itm_2", "itm_1"]
    assert board.order("stg_script") == ["itm_3"]
    assert board.order("stg_edit") == []
    assert board.ties() == []


def test_a_respread_gives_everyone_a_new_rank(log):
    log.create(id="itm_1", rank=1)
    log.create(id="itm_2", rank=2)
    log.create(id="itm_3", rank=110, ranks={"itm_1": 100, "itm_2": 120})

    assert log.replayed.order("stg_idea") == ["itm_1", "itm_3", "itm_2"]


def test_two_cards_on_one_rank_are_found(log):
    log.create(id="itm_1", rank=1)
    log.create(id="itm_2", rank=1)

    assert log.replayed.ties() == [("stg_idea", 1)]


def test_an_archived_card_leaves_its_place_and_a_restored_one_takes_another(log):
    log.create(id="itm_1", rank=1)
    log.add("item.archived", 1, "itm_1", stage=stage("idea"))
    log.create(id="itm_2", rank=1)
    assert log.replayed.order("stg_idea") == ["itm_2"]
    assert log.replayed.ties() == []

    log.add("item.restored", 2, "itm_1", stage=stage("script"), rank=7)

    assert log.replayed.order("stg_script") == ["itm_1"]
    assert not log.replayed.items["itm_1"].archived


def test_a_deleted_card_is_gone(log):
    log.create(id="itm_1")
    log.create(id="itm_2", rank=1)
    log.add("item.deleted", 1, "itm_1", key="VID-1", title="3 myths", import_run="imp_1")

    assert set(log.replayed.items) == {"itm_2"}


def test_title_and_blocked_reason_are_the_last_ones_said(log):
    log.create()
    log.add("item.edited", 1, changes={"title": ["3 myths", "5 myths"], "cta": ["", "Call"]})
    log.add("item.blocked", 2, reason="music rights")
    assert (log.item.title, log.item.blocked_reason) == ("5 myths", "music rights")

    log.add("item.unblocked", 3, reason="music rights")

    assert log.item.blocked_reason == ""


# Stamps, each said outright and not by comparison


def test_the_whole_way_from_idea_to_done(log):
    log.create(idea_at=at(-3).isoformat())
    log.move("idea", "script", 4)
    log.move("script", "publish", 9)
    log.publish(57, since=56)
    log.move("publish", "learn", 58)
    log.move("learn", "done", 200)

    item = log.item

    assert (item.stage, item.stage_entered_at) == ("stg_done", at(200))
    assert (item.idea_at, item.committed_at) == (at(-3), at(4))
    assert (item.published_at, item.last_published_at) == (at(56), at(56))
    assert (item.learned_at, item.done_at) == (at(58), at(200))
    assert (item.reopened_count, item.rework_count) == (0, 0)


def test_without_a_record_the_entries_into_learning_are_the_deliveries(log):
    log.create("script")
    for left, entered, hours in (
        ("script", "learn", 5),
        ("learn", "edit", 6),
        ("edit", "script", 7),
        ("script", "done", 8),
    ):
        log.move(left, entered, hours)

    item = log.item

    assert item.committed_at == at(0)
    assert (item.published_at, item.last_published_at) == (at(5), at(8))
    assert (item.reopened_count, item.rework_count) == (1, 2)


def test_an_undone_move_leaves_no_trace_but_a_publication_in_between_stays(log):
    log.create("edit")
    slip = log.move("edit", "script", 1)
    log.publish(1.001, since=1)
    log.undo(slip, 1.002, rank=42)

    item = log.item

    assert (item.stage, item.rank, item.stage_entered_at) == ("stg_edit", 42, at(0))
    assert (item.rework_count, item.published_at) == (0, at(1))


def test_a_step_back_between_stages_of_one_kind_is_rework_when_the_log_says_their_places(log):
    first, second = (
        {"id": f"stg_{name}", "name": name, "kind": "edit", "position": position}
        for name, position in (("rough", 3), ("fine", 4))
    )
    log.create(stage=second)
    log.add("item.moved", 1, **{"from": second, "to": first, "rank": 0})

    assert log.item.rework_count == 1


@pytest.mark.parametrize("in_data", [True, False])
def test_a_migration_moves_the_card_and_no_stamp(log, in_data):
    log.create("script")
    log.move("script", "done", 5)
    bearer = log.events[-1]["data"] if in_data else log.events[-1]
    bearer["source"] = "migration"

    item = log.item

    assert (item.stage, item.stage_entered_at) == ("stg_done", at(0))
    assert (item.published_at, item.done_at) == (None, None)


def test_a_retired_stage_hands_its_cards_on_and_no_stamp_knows(log):
    log.create("edit", id="itm_1", rank=1)
    log.create("edit", id="itm_2", rank=2)
    log.add(
        "stage.migrated",
        5,
        "stg_edit",
        items={"itm_1": 71, "itm_2": 72},
        **{"from": stage("edit"), "to": stage("done")},
    )

    board = log.replayed

    assert board.order("stg_done") == ["itm_1", "itm_2"]
    assert board.items["itm_1"].done_at is None


def test_created_already_published_is_no_delivery(log):
    log.create("learn")

    item = log.item

    assert (item.history_from, item.committed_at, item.published_at) == (at(0), None, None)


def test_an_import_that_knows_no_beginning_starts_where_it_knows(log):
    log.create("edit", history_from=at(40).isoformat())

    item = log.item

    assert (item.idea_at, item.history_from) == (at(0), at(40))
    assert (item.committed_at, item.stage_entered_at) == (at(40), at(40))


def test_a_removed_publication_never_was_out(log):
    log.create("edit")
    log.publish(2, since=1)
    log.add("publication.removed", 3, publication="pub_1")

    assert log.item.published_at is None


# A log that contradicts itself


def test_an_event_of_an_item_that_was_never_created_is_an_error(log):
    log.add("item.blocked", 1, reason="music rights")

    with pytest.raises(ValueError, match=r"item.blocked of itm_1, which was never created"):
        log.replayed  # noqa: B018


def test_a_second_creation_is_an_error(log):
    log.create()
    log.create()

    with pytest.raises(ValueError, match="created twice"):
        log.replayed  # noqa: B018


def test_a_move_from_where_the_card_is_not_is_an_error(log):
    log.create("idea")
    log.move("script", "edit", 1)

    with pytest.raises(ValueError, match="leaves stg_script but stands in stg_idea"):
        log.replayed  # noqa: B018


def test_an_undo_of_a_move_that_never_was_is_an_error(log):
    first = log.create("idea")
    log.events[0]["data"] |= {"from": stage("idea"), "to": stage("idea")}
    log.undo(first, 1)

    with pytest.raises(ValueError, match="which are no moves of the item"):
        log.replayed  # noqa: B018


# Two folds, written apart


def test_the_replay_knows_neither_the_stamps_nor_the_flow():
    files = list(Path(replay.__file__).parent.glob("*.py"))
    imported = {
        name
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
    }

    assert len(files) == 3
    foreign = {name for name in imported if name and name.startswith(("production", "django"))}
    assert {name for name in foreign if not name.startswith("production.replay.")} == set()


happenings = st.lists(
    st.tuples(
        st.sampled_from(["move", "move", "move", "undo", "publish", "migrate", "remove"]),
        st.sampled_from(KINDS),
        st.integers(0, 100),
    ),
    max_size=25,
)


def written(born: str, known: dict[str, str], walk: list[tuple[str, str, int]]) -> Log:
    log, here, now, last_move, out = Log(), born, 0.0, None, []
    log.create(born, **known)
    for what, kind, wait in walk:
        now += wait / 10
        if what == "move":
            last_move, came_from = log.move(here, kind, now), here
            here = kind
        elif what == "undo" and last_move:
            log.undo(last_move, now)
            here, last_move = came_from, None
        elif what == "publish":
            out.append(f"pub_{len(log.events)}")
            log.publish(now, since=now - wait, publication=out[-1])
        elif what == "migrate":
            log.move(here, kind, now)
            log.events[-1]["source"] = "migration"
            here, last_move = kind, None
        elif what == "remove" and out:
            log.add("publication.removed", now, publication=out.pop(wait % len(out)))
    return log


@given(
    st.sampled_from(KINDS),
    st.sampled_from([{}, {"idea_at": at(-5).isoformat()}, {"history_from": at(0.05).isoformat()}]),
    happenings,
)
def test_the_replay_and_the_stamps_agree_on_whatever_happens(born, known, walk):
    log = written(born, known, walk)

    replayed = log.item
    folded = flow.history(log.events).stamps

    assert {name: getattr(replayed, name) for name in STAMPS} == {
        name: getattr(folded, name) for name in STAMPS
    }


@pytest.mark.parametrize("name", [name for name in STAMPS if name.endswith("_at")])
def test_one_second_off_in_any_stamp_is_a_difference(log, name):
    log.create("script")
    log.move("script", "learn", 5)
    log.move("learn", "done", 6)
    item = log.item

    corrupted = replace(item, **{name: getattr(item, name) + timedelta(seconds=1)})

    assert corrupted != item
