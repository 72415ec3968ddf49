"""A board comes in as one unit, once, with its past; and goes again as one unit."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from production import flow, imports, rebuild
from production.errors import Invalid, NotAllowed, Refused
from production.imports.plan import ImportProblem
from production.models import (
    Asset,
    Assignment,
    Board,
    ChecklistEntry,
    Comment,
    ContentItem,
    Event,
    Gate,
    ImportRun,
    Label,
    Publication,
    Stage,
)
from tests.people import NOON, make_strangers
from tests.production.imports.boards import (
    ANN,
    DOING,
    DONE,
    IDEAS,
    NEW,
    OLD,
    TOPIC,
    as_bytes,
    card,
    document,
)
from tests.shared import shared

SMALL = as_bytes(document())


def bring_in(world, data=SMALL, name="board.json", *, who="ann", said=None, board=None, **more):
    seat = world.seat(who)
    run = imports.receive(data, name, seat=seat, at=NOON, board=board).run
    if said is not None:
        run = imports.settle(run, said, seat=seat, at=NOON)
    return imports.apply(imports.begin(run, seat=seat, at=NOON, **more))


def item_of(world, ident, kind="trello"):
    return ContentItem.objects.select_related("stage", "workspace").get(
        workspace=world.workspace, source_ref=f"{kind}:{ident}"
    )


def lines_of(item):
    return list(Event.objects.filter(subject=item.public_id).order_by("seq"))


def snapshot(world):
    """Everything of the workspace but the log, the counters and the imports themselves."""
    found = {}
    for model in (Board, Stage, ContentItem, Label, Comment, Asset, ChecklistEntry, Assignment,
                  Publication):  # fmt: skip
        found[model.__name__] = sorted(map(str, model.objects.values_list()))
    return found


def test_receiving_makes_nothing_but_a_preview(world):
    before = snapshot(world)

    run = imports.receive(SMALL, "board.json", seat=world.seat("ann"), at=NOON).run

    assert snapshot(world) == before
    assert run.state == ImportRun.State.PREVIEWED
    assert run.report["will_make"]["items"] == 3
    assert run.report["will_make"]["stages"] == 4
    assert not Event.objects.exists()


def test_every_card_ends_where_the_file_has_it(world):
    run = bring_in(world)

    assert run.state == ImportRun.State.APPLIED
    stages = {stage.source_ref: stage for stage in Stage.objects.filter(board=run.board)}
    assert item_of(world, NEW).stage == stages[DOING]
    assert item_of(world, OLD).stage == stages[DONE]
    order = ContentItem.objects.in_stage(stages[DOING]).values_list("title", flat=True)
    assert list(order) == ["Made from a check item", "Made in the file"]


def test_stages_stand_in_the_order_of_the_lists_and_closed_ones_are_retired(world):
    run = bring_in(world)

    found = Stage.objects.filter(board=run.board).order_by("position")
    assert [(stage.name, stage.kind, bool(stage.retired_at)) for stage in found] == [
        ("Backlog/Ideas", "idea", False),
        ("Landing Page", "idea", True),
        ("In Progress", "script", False),
        ("Done", "done", False),
    ]


def test_the_past_is_in_the_log_with_its_own_times(world):
    bring_in(world)

    made = item_of(world, NEW)
    assert [(line.type, line.occurred_at.isoformat()[:19]) for line in lines_of(made)] == [
        ("item.created", "2019-05-06T00:00:00"),
        ("comment.added", "2019-05-09T10:00:00"),
        ("item.moved", "2019-05-10T10:00:00"),
    ]
    assert {line.source for line in Event.objects.all()} == {"import"}
    assert Event.objects.latest("seq").type == "import.committed"


def test_a_replay_of_the_log_gives_the_same_board(world):
    bring_in(world)

    assert ContentItem.objects.count() == 3
    assert rebuild.differences(world.workspace) == []


def test_no_lead_time_is_invented_for_a_card_older_than_the_file(world):
    bring_in(world)

    old = item_of(world, OLD)
    assert old.published_at == datetime(2019, 5, 8, 10, tzinfo=UTC)
    assert old.history_from == datetime(2019, 5, 6, tzinfo=UTC)
    assert flow.lead_time(old) is None


def test_archived_cards_are_archived_since_when_they_were(world):
    bring_in(world)

    assert item_of(world, OLD).archived_at == datetime(2019, 5, 20, 10, tzinfo=UTC)


def test_people_found_are_assigned_and_the_others_kept_by_name(world):
    people = [{"id": ANN, "fullName": "Ann Koski"}, {"id": "m2", "fullName": "Somebody Else"}]
    cards = [card(NEW, "Ours", DOING, idMembers=[ANN, "m2"])]

    bring_in(world, as_bytes(document(members=people, cards=cards)))

    made = item_of(world, NEW)
    assert list(made.assignees.all()) == [world.ann]
    assert made.custom["People in the source"] == "Somebody Else"


def test_comments_checklists_labels_links_and_due_days_come_along(world):
    cards = [
        card(NEW, "All of it", DOING, idLabels=["l1"], due="2019-06-01T10:00:00.000Z",
             attachments=[{"name": "A", "url": "https://example.org/a"}]),
    ]  # fmt: skip

    bring_in(world, as_bytes(document(cards=cards)))

    made = item_of(world, NEW)
    assert [(comment.author, comment.author_name) for comment in made.comments.all()] == [
        (None, "Ann Aalto")
    ]
    entries = made.checklist.order_by("position")
    assert [(entry.group, entry.text, entry.done) for entry in entries] == [
        ("Steps", "first", False), ("Steps", "second", True)
    ]  # fmt: skip
    assert [label.name for label in made.labels.all()] == ["green"]
    assert made.assets.get().url == "https://example.org/a"
    assert made.due_at == datetime(2019, 6, 1, 10, tzinfo=UTC)


def test_a_title_that_is_too_long_is_shortened_and_kept_in_the_description(world):
    bring_in(world, as_bytes(document(cards=[card(NEW, "long " * 60, DOING, desc="Text")])))

    made = item_of(world, NEW)
    assert len(made.title) <= 200 and made.title.endswith("…")
    assert made.description == ("long " * 60).strip() + "\n\nText"


def test_fields_without_room_go_into_the_description(world):
    header = ",".join(["Title", *(f"Extra {n}" for n in range(60))])
    row = ",".join(["A", "x" * 3000, *("y" for _ in range(59))])

    bring_in(world, f"{header}\n{row}\n".encode(), "wide.csv")

    made = ContentItem.objects.get()
    assert len(made.custom) == 40
    assert made.description.startswith("Extra 0: xxx") and "Extra 59: y" in made.description


def test_merged_lists_give_fewer_moves_and_the_report_says_so(world):
    said = {"lists": {DOING: {"how": "merge", "into": IDEAS}}}

    run = bring_in(world, said=said)

    assert run.report["moves_merged"] == 1
    assert Event.objects.filter(type="item.moved").count() == 1
    assert item_of(world, NEW).stage.source_ref == IDEAS


def test_a_closed_list_that_takes_in_an_open_one_stays_in_use(world):
    run = bring_in(world, said={"lists": {DOING: {"how": "merge", "into": TOPIC}}})

    stage = Stage.objects.get(board=run.board, source_ref=TOPIC)
    assert stage.retired_at is None
    assert ContentItem.objects.in_stage(stage).count() == 2


def test_one_stage_per_kind_can_be_asked_for(world):
    run = bring_in(world, said={"by_kind": True})

    assert [stage.kind for stage in run.board.stages.order_by("position")] == [
        "idea", "script", "done"
    ]  # fmt: skip


def test_cards_of_a_list_that_stays_away_stay_away(world):
    run = bring_in(world, said={"lists": {DOING: {"how": "skip"}}})

    assert run.report["cards_skipped"] == 2
    assert [item.title for item in run.items.all()] == ["Older than the file"]
    assert item_of(world, OLD).history_from == datetime(2019, 5, 8, 10, tzinfo=UTC)


def test_the_same_file_again_changes_nothing(world):
    first = bring_in(world)
    before = snapshot(world), Event.objects.count()

    again = imports.receive(SMALL, "copy.json", seat=world.seat("ann"), at=NOON)

    assert again.unchanged and again.run == first
    assert (snapshot(world), Event.objects.count()) == before


def test_a_newer_file_of_the_same_board_brings_only_what_is_new(world):
    run = bring_in(world)
    later = document()
    later["cards"].append(card("5ccf780000000000000000ff", "Brand new", IDEAS))

    second = bring_in(world, as_bytes(later))

    assert second.board == run.board
    assert second.report["cards_already_here"] == 3
    assert [item.title for item in second.items.all()] == ["Brand new"]
    assert second.items.get().stage.source_ref == IDEAS
    assert Stage.objects.filter(board=run.board).count() == 4


def test_undo_leaves_the_workspace_as_it_was_and_the_log_says_both(world):
    world.item("Our own card")
    before = snapshot(world)
    run = bring_in(world)
    assert snapshot(world) != before

    imports.undo(run, seat=world.seat("ann"), at=NOON + timedelta(hours=1))

    assert snapshot(world) == before
    types = list(Event.objects.order_by("seq").values_list("type", flat=True))
    assert types.count("import.committed") == 1 and types[-1] == "import.undone"
    assert types.count("item.deleted") == 3


def test_after_an_undo_the_file_may_come_in_again(world):
    imports.undo(bring_in(world), seat=world.seat("ann"), at=NOON)

    again = bring_in(world)

    assert again.state == ImportRun.State.APPLIED
    assert again.items.count() == 3


def test_undo_takes_only_what_the_import_brought(world):
    bring_in(world, said={"board": world.board.public_id}, override=True)
    mine = world.item("Our own card")
    run = ImportRun.objects.get()

    imports.undo(run, seat=world.seat("ann"), at=NOON)

    assert list(ContentItem.objects.all()) == [mine]
    assert Board.objects.get() == world.board


def test_undo_is_refused_while_others_stand_on_its_stages(world):
    run = bring_in(world)
    mine = world.item("Our own card")
    stage = run.board.stages.first()
    ContentItem.objects.filter(pk=mine.pk).update(board=run.board, stage=stage)

    with pytest.raises(Refused) as refused:
        imports.undo(run, seat=world.seat("ann"), at=NOON)

    assert [each.code for each in refused.value.refusals] == ["import_in_use"]
    assert run.items.count() == 3


def test_a_blocking_limit_refuses_until_the_owner_overrides_and_the_log_says_so(world):
    Stage.objects.filter(pk=world.stages["script"].pk).update(wip_limit=1, limit_mode="block")
    run = imports.receive(SMALL, "b.json", seat=world.seat("ann"), at=NOON, board=world.board).run

    assert [each["code"] for each in run.report["refusals"]] == ["wip_limit"]
    with pytest.raises(Refused) as refused:
        imports.begin(run, seat=world.seat("ann"), at=NOON)
    assert refused.value.refusals[0].params["count"] == 2
    run = imports.apply(imports.begin(run, seat=world.seat("ann"), at=NOON, override=True))

    said = Event.objects.get(type="import.committed").data["override"]
    assert said["reason"] == "import"
    assert [each["code"] for each in said["refusals"]] == ["wip_limit"]
    assert run.items.count() == 3


def test_gates_of_existing_stages_need_the_override_of_an_owner(world):
    Gate.objects.create(workspace=world.workspace, stage=world.stages["script"], label="Brief read")
    run = imports.receive(SMALL, "b.json", seat=world.seat("ben"), at=NOON, board=world.board).run

    assert [each["code"] for each in run.report["refusals"]] == ["gate_open"]
    with pytest.raises(NotAllowed):
        imports.begin(run, seat=world.seat("ben"), at=NOON, override=True)
    assert not ContentItem.objects.exists()


def test_a_limit_that_fills_up_after_the_preview_still_refuses(world):
    run = imports.receive(SMALL, "b.json", seat=world.seat("ann"), at=NOON, board=world.board).run
    run = imports.begin(run, seat=world.seat("ann"), at=NOON)
    Stage.objects.filter(pk=world.stages["script"].pk).update(wip_limit=1, limit_mode="block")

    with pytest.raises(Refused):
        imports.apply(run)

    run.refresh_from_db()
    assert run.state == ImportRun.State.PREVIEWED
    assert [each["code"] for each in run.report["refusals"]] == ["wip_limit"]
    assert not ContentItem.objects.exists() and not Event.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing_behind(world, monkeypatch):
    run = imports.begin(
        imports.receive(SMALL, "b.json", seat=world.seat("ann"), at=NOON).run,
        seat=world.seat("ann"), at=NOON,
    )  # fmt: skip
    before = snapshot(world)
    monkeypatch.setattr("production.imports.parts.Parts.save", lambda self: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        imports.apply(run)

    run.refresh_from_db()
    assert run.state == ImportRun.State.REFUSED
    assert run.report["problem"]["code"] == "import_failed"
    assert snapshot(world) == before


def test_two_people_with_the_same_file_bring_it_in_once(world):
    anns = imports.receive(SMALL, "b.json", seat=world.seat("ann"), at=NOON).run
    bens = imports.receive(SMALL, "b.json", seat=world.seat("ben"), at=NOON).run
    assert anns != bens
    imports.begin(anns, seat=world.seat("ann"), at=NOON)

    with pytest.raises(Refused) as refused:
        imports.begin(bens, seat=world.seat("ben"), at=NOON)

    assert refused.value.refusals[0].code == "import_same_file"


def test_a_newer_file_without_news_has_nothing_to_bring(world):
    bring_in(world)
    again = as_bytes(document(name="Renamed since"))
    before = Event.objects.count()
    run = imports.receive(again, "b.json", seat=world.seat("ann"), at=NOON).run

    with pytest.raises(Refused) as refused:
        imports.begin(run, seat=world.seat("ann"), at=NOON)

    assert refused.value.refusals[0].code == "import_nothing"
    assert Event.objects.count() == before


def test_applying_twice_is_applying_once(world):
    run = bring_in(world)

    again = imports.apply(run)

    assert again.items.count() == 3
    assert Event.objects.filter(type="import.committed").count() == 1


def test_waiting_imports_are_applied_by_whoever_looks(world):
    imports.begin(
        imports.receive(SMALL, "b.json", seat=world.seat("ann"), at=NOON).run,
        seat=world.seat("ann"), at=NOON,
    )  # fmt: skip

    assert imports.apply_waiting() == 1
    assert imports.apply_waiting() == 0
    assert ContentItem.objects.count() == 3


@pytest.mark.parametrize("who", ["vera", "kim", "otto"])
def test_only_makers_bring_files_in(world, who):
    with pytest.raises(NotAllowed):
        imports.receive(SMALL, "b.json", seat=world.seat(who), at=NOON)

    assert not ImportRun.objects.exists()


def test_a_creator_brings_in_but_does_not_undo(world):
    run = bring_in(world, who="ben")

    with pytest.raises(NotAllowed):
        imports.undo(run, seat=world.seat("ben"), at=NOON)

    assert run.items.count() == 3


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"lists": {"nowhere": {"how": "skip"}}}, "lists.nowhere"),
        ({"lists": {DOING: {"how": "fly"}}}, f"lists.{DOING}"),
        ({"lists": {DOING: {"how": "new", "kind": "party"}}}, f"lists.{DOING}"),
        ({"lists": {DOING: {"how": "stage", "stage": "stg_x"}}}, f"lists.{DOING}"),
        ({"lists": {DOING: {"how": "merge", "into": DOING}}}, f"lists.{DOING}"),
        ({"lists": {DOING: 3}}, f"lists.{DOING}"),
        ({"lists": [1]}, "lists"),
        ({"members": {ANN: "usr_nobody"}}, f"members.{ANN}"),
        ({"members": {ANN: 5}}, f"members.{ANN}"),
        ({"board": "brd_nowhere"}, "board"),
        ({"board_name": "x" * 500}, "board_name"),
        ({"day_first": "yes"}, "day_first"),
        ({"columns": {"title": "one"}}, "columns"),
    ],
)
def test_choices_that_fit_nothing_are_refused_by_name(world, said, field):
    run = imports.receive(SMALL, "b.json", seat=world.seat("ann"), at=NOON).run

    with pytest.raises(Invalid) as invalid:
        imports.settle(run, said, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == [field]


def test_a_board_of_strangers_is_no_target(world):
    theirs = make_strangers()
    run = imports.receive(SMALL, "b.json", seat=world.seat("ann"), at=NOON).run

    with pytest.raises(Invalid):
        imports.settle(run, {"board": theirs.board.public_id}, seat=world.seat("ann"), at=NOON)


def test_a_file_that_cannot_be_read_leaves_no_trace(world):
    with pytest.raises(ImportProblem):
        imports.receive(SMALL[:200], "b.json", seat=world.seat("ann"), at=NOON)

    assert not ImportRun.objects.exists()


CALENDAR = b"""Date,Title,Tags,Status,Channel
2026-01-05,Five tips,"tips, editing",Published,TikTok
2026-12-24,Christmas cut,,Published,Radio
2026-12-31,New year,year,Draft,
"""


def test_a_calendar_keeps_planned_and_published_apart(world):
    run = bring_in(world, CALENDAR, "calendar.csv")

    out = ContentItem.objects.get(title="Five tips")
    ahead = ContentItem.objects.get(title="Christmas cut")
    assert run.board.name == "calendar"
    assert out.published_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert out.publications.get().state == "published" and out.stage.kind == "learn"
    assert flow.lead_time(out) is None
    assert out.channel.name == "TikTok"
    assert ahead.published_at is None and ahead.stage.kind == "publish"
    assert ahead.due_at == datetime(2026, 12, 24, 21, 59, tzinfo=UTC)
    assert ahead.custom["Channel"] == "Radio"
    assert not ahead.publications.exists()


def test_columns_chosen_by_a_person_make_another_preview(world):
    data = b"Name,Headline,Status\nx,The title,Draft\ny,Another,Done\n"
    run = imports.receive(data, "c.csv", seat=world.seat("ann"), at=NOON).run

    run = imports.settle(run, {"columns": {"title": 1}}, seat=world.seat("ann"), at=NOON)

    assert run.report["counts"]["lists"] == 1
    run = imports.apply(imports.begin(run, seat=world.seat("ann"), at=NOON))
    assert {item.title for item in run.items.all()} == {"The title", "Another"}


def test_an_open_question_is_answered_before_the_import(world):
    data = b"Title,Date\nA,03/04/2026\n"
    run = imports.receive(data, "c.csv", seat=world.seat("ann"), at=NOON).run

    with pytest.raises(Refused) as refused:
        imports.begin(run, seat=world.seat("ann"), at=NOON)
    assert refused.value.refusals[0].code == "import_question_open"
    run = imports.settle(run, {"day_first": True}, seat=world.seat("ann"), at=NOON)
    imports.apply(imports.begin(run, seat=world.seat("ann"), at=NOON))

    assert ContentItem.objects.get().due_at.date().isoformat() == "2026-04-03"


def test_the_real_board_comes_in_once_and_goes_again(world):
    data = shared("boards/gocd_test_drive_trello.json").read_bytes()
    world.item("Our own card")
    before = snapshot(world)

    run = bring_in(world, data)

    assert run.items.count() == 122
    assert Stage.objects.filter(board=run.board).count() == 18
    moved = Event.objects.filter(type="item.moved")
    assert moved.count() == 177
    assert moved.values("subject").distinct().count() == 81
    homes = {entry["id"]: entry["idList"] for entry in json.loads(data)["cards"]}
    for item in run.items.select_related("stage"):
        assert item.stage.source_ref == homes[item.source_ref.removeprefix("trello:")]
    assert run.items.filter(archived_at=None).count() == 44
    assert run.items.exclude(history_from=None).count() == 49
    assert Comment.objects.count() == 93 and Asset.objects.count() == 59
    assert rebuild.differences(world.workspace) == []
    assert imports.receive(data, "again.json", seat=world.seat("ann"), at=NOON).unchanged
    imports.undo(run, seat=world.seat("ann"), at=NOON)
    assert snapshot(world) == before
    assert rebuild.differences(world.workspace) == []


def test_the_real_board_merged_by_kind_says_how_many_moves_are_gone(world):
    data = shared("boards/gocd_test_drive_trello.json").read_bytes()

    run = bring_in(world, data, said={"by_kind": True})

    moves = Event.objects.filter(type="item.moved").count()
    assert 0 < moves < 177
    assert rebuild.differences(world.workspace) == []
    assert moves + run.report["moves_merged"] == 177


def test_the_real_calendar_comes_in(world):
    data = shared("boards/editorial_calendar_157_posts.csv").read_bytes()

    run = bring_in(world, data, "editorial_calendar.csv")

    assert run.items.count() == 157
    assert rebuild.differences(world.workspace) == []
    assert "stray_quote" in {notice["code"] for notice in run.report["notices"]}
