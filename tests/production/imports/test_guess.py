"""What a list's name says about its stage, in English and Finnish."""

import pytest

from production.imports import trello
from production.imports.guess import guess_kind, guess_lists, guess_members
from production.imports.plan import BoardPlan, SourceList, SourceMember
from tests.shared import shared


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Backlog/Future Work/Ideas", "idea"), ("To Do", "idea"), ("TODO", "idea"),
        ("Ideat", "idea"), ("Tulossa", "idea"), ("Up Next", "idea"),
        ("Script", "script"), ("Käsikirjoitus", "script"), ("In Progress", "script"),
        ("Työn alla", "script"), ("Drafts", "script"),
        ("Shooting", "shoot"), ("Kuvaus", "shoot"), ("Ready to film", "shoot"),
        ("Editing", "edit"), ("Leikkaus", "edit"), ("Ready for QA", "edit"), ("Rough cut", "edit"),
        ("Ready to merge", "edit"), ("In review", "edit"), ("Tarkistettavana", "edit"),
        ("Ready", "publish"), ("Ready to publish", "publish"), ("Scheduled", "publish"),
        ("Valmis julkaistavaksi", "publish"), ("Julkaisu", "publish"), ("Ajastettu", "publish"),
        ("Published", "learn"), ("Julkaistu", "learn"), ("Learn", "learn"), ("Oppiminen", "learn"),
        ("Done ✅", "done"), ("Valmis", "done"), ("Tehty", "done"), ("Arkisto", "done"),
        ("Landing Page", None), ("🎬", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_says_its_kind_or_nothing(name, kind):
    assert guess_kind(name) == kind


def test_a_list_that_says_nothing_takes_the_kind_on_its_left_and_is_unsure():
    lists = [SourceList("a", "Script"), SourceList("b", "Landing Page"), SourceList("c", "Done")]

    guesses = guess_lists([*lists, SourceList("d", "Sprint 12")])

    assert [(guess.kind, guess.sure) for guess in guesses] == [
        ("script", True), ("script", False), ("done", True), ("edit", False)
    ]  # fmt: skip


def test_closed_lists_are_merged_into_open_ones():
    lists = [SourceList("old", "Backlog", closed=True), SourceList("now", "Ideas")]

    assert [guess.merge_into for guess in guess_lists(lists)] == ["now", "now"]


def test_lists_where_work_waits_are_proposed_as_waiting():
    lists = [SourceList("a", "Ready to publish"), SourceList("b", "Editing")]

    assert [guess.waiting for guess in guess_lists(lists)] == [True, False]


def test_people_are_matched_only_when_there_is_no_doubt():
    plan = BoardPlan(
        kind="trello",
        name="Test",
        members=(
            SourceMember("1", "VERA  Virtanen"),
            SourceMember("2", "Ben"),
            SourceMember("3", "Otto", email="otto@example.org"),
            SourceMember("4", "Nobody"),
        ),
    )
    people = [
        ("per_v", "Vera Virtanen", "vera@example.org"),
        ("per_b", "Ben", "ben@example.org"),
        ("per_c", "Bén", "ben2@example.org"),
        ("per_o", "O. Otto", "OTTO@example.org"),
    ]

    assert guess_members(plan, people) == {"1": "per_v", "3": "per_o"}


def test_the_real_board_gets_a_guess_for_each_of_its_18_lists():
    plan = trello.parse(shared("boards/gocd_test_drive_trello.json").read_bytes())
    names = {column.id: column.name for column in plan.lists}

    kinds = {names[guess.list_id]: guess.kind for guess in guess_lists(plan.lists)}

    assert len(kinds) == 18
    assert kinds["Done"] == "done"
    assert kinds["In Progress"] == "script"
    assert kinds["Ready for QA"] == "edit"
    assert kinds["Add Pipeline Page"] == "idea"
